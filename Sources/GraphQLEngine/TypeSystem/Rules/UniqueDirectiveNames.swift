extension SDLValidation {
  /// § 3.3: "All directives within a GraphQL schema must have unique names."
  mutating func checkUniqueDirectiveNames() {
    for index in schema.directives.indices where schema.directives[index].sites.count > 0 {
      let directive = schema.directives[index]
      let name = schema.name(directive.name)
      let isKnown = definitions.existing?.directive(named: name) != nil
      var first: SDLPlace?
      for site in directive.sites.indices {
        let position = schema.sites[site]
        guard isNew(position), node(position).kind == .directiveDefinition else { continue }
        let place = namePlace(of: position)
        if isKnown {
          report.add("Directive \"@\(name)\" already exists in the schema. It cannot be redefined.", [place])
        } else if let first {
          report.add("There can be only one directive named \"@\(name)\".", [first, place])
        } else {
          first = place
        }
      }
    }
  }
}
