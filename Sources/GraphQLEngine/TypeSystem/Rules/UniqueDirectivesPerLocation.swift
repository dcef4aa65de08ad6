extension SDLValidation {
  /// § 5.7.3: a directive that is not repeatable stands at most once at a place; the definition of a type
  /// and its extensions are one place.
  mutating func checkUniqueDirectivesPerLocation() {
    var group: UInt32 = 0
    var seen: [SDLPlace] = []
    forEachDirective { validation, directive in
      if directive.site.group != group {
        group = directive.site.group
        validation.marks.removeAll()
        seen.removeAll(keepingCapacity: true)
      }
      guard let id = validation.directive(named: directive.node.name) else { return }
      let record = validation.schema[id]
      guard !record.isRepeatable else { return }
      if let known = validation.marks.insert(record.name, seen.count) {
        validation.report.add(
          "The directive \"@\(directive.node.name)\" can only be used once at this location.",
          [seen[known], directive.place])
      } else {
        seen.append(directive.place)
      }
    }
  }
}
