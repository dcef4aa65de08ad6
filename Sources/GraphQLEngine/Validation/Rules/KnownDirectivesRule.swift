/// § 5.7.1 Directives Are Defined, § 5.7.2 Directives Are in Valid Locations (graphql-js:
/// KnownDirectivesRule).
enum KnownDirectivesRule {
  /// Reports a directive that the schema does not define.
  static func report(_ directive: DirectiveNode, in context: inout ValidationContext) {
    guard context.rules.contains(.knownDirectives) else { return }
    context.report(.knownDirectives, "Unknown directive \"@\(directive.name)\".", at: directive.node)
  }

  static func check(
    _ directive: DirectiveNode, id: DirectiveID, at location: DirectiveLocation,
    in context: inout ValidationContext
  ) {
    guard context.schema[id].locations & (1 << UInt32(location.rawValue)) == 0,
      context.rules.contains(.knownDirectives)
    else { return }
    reportLocation(of: directive, location, in: &context)
  }

  /// Reports a directive where it may not stand.
  @inline(never)
  static func reportLocation(
    of directive: DirectiveNode, _ location: DirectiveLocation, in context: inout ValidationContext
  ) {
    guard context.rules.contains(.knownDirectives) else { return }
    context.report(
      .knownDirectives, "Directive \"@\(directive.name)\" may not be used on \(location.name).",
      at: directive.node)
  }
}
