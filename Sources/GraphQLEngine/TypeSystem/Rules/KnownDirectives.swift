extension SDLValidation {
  /// § 5.7.1, § 5.7.2: a directive is defined, and allowed where it stands.
  mutating func checkKnownDirectives() {
    forEachDirective { validation, directive in
      let name = directive.node.name
      guard let id = validation.directive(named: name) else {
        validation.report.add("Unknown directive \"@\(name)\".", [directive.place])
        return
      }
      let location = directive.site.location
      guard validation.schema[id].locations & (1 << UInt32(location.rawValue)) == 0 else { return }
      validation.report.add(
        "Directive \"@\(name)\" may not be used on \(location.name).", [directive.place])
    }
  }
}
