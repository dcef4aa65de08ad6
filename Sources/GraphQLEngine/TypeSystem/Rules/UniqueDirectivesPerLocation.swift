extension SDLValidation {
  /// § 5.7.3: a directive that is not repeatable stands at most once at a place; the definition of a type
  /// and its extensions are one place.
  mutating func checkUniqueDirectivesPerLocation() {
    let earlier = Dictionary(grouping: definitions.earlierDirectiveSites, by: \.group)
    var group: UInt32 = 0
    var seen: [SDLPlace] = []
    forEachDirective { validation, directive in
      if directive.site.group != group {
        group = directive.site.group
        seen.removeAll(keepingCapacity: true)
        validation.marks.removeAll()
        if !earlier.isEmpty { validation.markDirectives(of: earlier[group] ?? []) }
      }
      guard let id = validation.directive(named: directive.node.name) else { return }
      let record = validation.schema[id]
      guard !record.isRepeatable else { return }
      if let known = validation.marks.insert(record.name, seen.count) {
        let first = known == validation.isEarlier ? [] : [seen[known]]
        validation.report.add(
          "The directive \"@\(directive.node.name)\" can only be used once at this location.",
          first + [directive.place])
      } else {
        seen.append(directive.place)
      }
    }
  }

  /// The mark of a directive that the schema that is extended has at the place.
  private var isEarlier: Int { Int(UInt32.max) }

  /// § 3.4.3 and its like: "Any non-repeatable directives provided must not already apply to the previous"
  /// type.
  private mutating func markDirectives(of sites: [DirectiveSite]) {
    for site in sites {
      let tree = node(site.first).tree
      for directive in SyntaxList<DirectiveNode>(tree: tree, first: site.first.index) {
        guard let id = self.directive(named: directive.name) else { continue }
        _ = marks.insert(schema[id].name, isEarlier)
      }
    }
  }
}
