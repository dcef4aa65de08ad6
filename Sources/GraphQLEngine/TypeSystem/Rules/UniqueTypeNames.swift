extension SDLValidation {
  /// § 3.3: "All types within a GraphQL schema must have unique names."
  mutating func checkUniqueTypeNames() {
    let existing = Set(definitions.existing?.typeOrder ?? [])
    for index in schema.types.indices {
      let type = schema.types[index]
      guard type.sites.count > 1 || !existing.isEmpty else { continue }
      let isKnown = existing.contains(TypeID(rawValue: UInt32(index)))
      var first: SDLPlace?
      for site in type.sites.indices {
        let position = schema.sites[site]
        guard isNew(position), TypeKind(definedBy: node(position).kind) != nil else { continue }
        report(definitionOf: type, at: namePlace(of: position), isKnown: isKnown, &first)
      }
    }
  }

  private mutating func report(
    definitionOf type: TypeRecord, at place: SDLPlace, isKnown: Bool, _ first: inout SDLPlace?
  ) {
    let name = schema.name(type.name)
    if isKnown {
      report.add(
        "Type \"\(name)\" already exists in the schema. It cannot also be defined in this type definition.",
        [place])
    } else if let first {
      report.add("There can be only one type named \"\(name)\".", [first, place])
    } else {
      first = place
    }
  }
}
