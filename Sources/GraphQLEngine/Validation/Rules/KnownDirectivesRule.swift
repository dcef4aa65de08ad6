/// § 5.7.1 Directives Are Defined, § 5.7.2 Directives Are in Valid Locations (graphql-js: KnownDirectivesRule).
enum KnownDirectivesRule {
  /// Reports a directive that the schema does not define.
  static func report(_ directive: DirectiveNode, in context: inout ValidationContext) {
    guard context.rules.contains(.knownDirectives) else { return }
    context.report("Unknown directive \"@\(directive.name)\".", at: directive.node)
  }

  static func check(
    _ directive: DirectiveNode, id: DirectiveID, at location: DirectiveLocation,
    in context: inout ValidationContext
  ) {
    guard context.schema[id].locations & (1 << UInt32(location.rawValue)) == 0,
      context.rules.contains(.knownDirectives)
    else { return }
    context.report(
      "Directive \"@\(directive.name)\" may not be used on \(name(of: location)).", at: directive.node)
  }

  /// The grammar's name of a location (§ 3.13), such as `FRAGMENT_SPREAD`.
  private static func name(of location: DirectiveLocation) -> String {
    var name = ""
    for character in String(describing: location) {
      if character.isUppercase { name.append("_") }
      name += character.uppercased()
    }
    return name
  }
}
