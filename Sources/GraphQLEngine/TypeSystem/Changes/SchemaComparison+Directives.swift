// Directive definitions (§ 3.13).

extension SchemaComparison {
  mutating func compareDirectives() {
    var pairs: [(DirectiveID, DirectiveID)] = []
    for directive in old.directiveOrder {
      if let other = names.inNew(old[directive].name).flatMap(new.symbols.directive) {
        pairs.append((directive, other))
        continue
      }
      let name = old.name(old[directive].name)
      add(
        .directiveRemoved, Element(coordinate: .directive(name), old: old[directive].syntax),
        "\(name) was removed.")
    }
    for directive in new.directiveOrder
    where names.inOld(new[directive].name).flatMap(old.symbols.directive) == nil {
      let name = new.name(new[directive].name)
      add(
        .directiveAdded, Element(coordinate: .directive(name), new: new[directive].syntax),
        "Directive @\(name) was added.")
    }
    for (oldID, newID) in pairs { compare(oldID, newID) }
  }

  private mutating func compare(_ oldID: DirectiveID, _ newID: DirectiveID) {
    guard !(old[oldID].isBuiltIn && new[newID].isBuiltIn) else { return }
    let name = old.name(old[oldID].name)
    let element = Element(
      coordinate: .directive(name), old: old[oldID].syntax, new: new[newID].syntax)
    compareArguments(old[oldID].arguments, new[newID].arguments, of: .directive(name))
    switch (old[oldID].isRepeatable, new[newID].isRepeatable) {
    case (true, false):
      add(.directiveRepeatableRemoved, element, "Repeatable flag was removed from \(name).")
    case (false, true):
      add(.directiveRepeatableAdded, element, "Repeatable flag was added to @\(name).")
    default: break
    }
    compareDescriptions(
      old.description(of: oldID), new.description(of: newID), of: "@\(name)", element)
    let oldLocations = locations(of: oldID, in: old)
    let newLocations = locations(of: newID, in: new)
    for location in oldLocations where !newLocations.contains(location) {
      add(.directiveLocationRemoved, element, "\(location.name) was removed from \(name).")
    }
    for location in newLocations where !oldLocations.contains(location) {
      add(.directiveLocationAdded, element, "\(location.name) was added to @\(name).")
    }
    compareDeprecations(old.deprecationReason(of: oldID), new.deprecationReason(of: newID), of: element)
    compareApplied(old.appliedDirectives(of: oldID), new.appliedDirectives(of: newID), to: element)
  }

  /// In the order of the source, each once.
  private func locations(of directive: DirectiveID, in schema: Schema) -> [DirectiveLocation] {
    var locations: [DirectiveLocation] = []
    for node in schema.definition(of: directive).locations {
      guard let location = DirectiveLocation(name: node.name), !locations.contains(location) else { continue }
      locations.append(location)
    }
    return locations
  }
}
