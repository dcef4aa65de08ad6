/// § 5.5.1.2 Fragment Spread Type Existence (graphql-js: KnownTypeNamesRule).
///
/// The types that fragments and variables name exist.
enum KnownTypeNamesRule {
  /// Checks a type condition, or the named type of a variable.
  static func check(_ condition: NamedTypeNode, in context: inout ValidationContext) {
    guard context.schema.type(named: condition.name) == nil else { return }
    report(condition, isInTypeSystem: false, in: &context)
  }

  /// Checks a name in a type system definition of the document, where all built-in types are known.
  static func checkReference(_ name: NamedTypeNode, in context: inout ValidationContext) {
    guard context.schema.type(named: name.name) == nil,
      !Prelude.typeNames.contains(name.name.description)
    else { return }
    report(name, isInTypeSystem: true, in: &context)
  }

  @inline(never)
  private static func report(
    _ type: NamedTypeNode, isInTypeSystem: Bool, in context: inout ValidationContext
  ) {
    guard context.rules.contains(.knownTypeNames), context.own?.types.contains(type.name) != true
    else { return }
    let schema = context.schema
    var suggestions: [String]
    if let own = context.own {
      var names = Set(schema.typeOrder.map { schema.name($0) }).union(own.types.map(\.description))
      if isInTypeSystem { names.formUnion(Prelude.typeNames) }
      suggestions = context.suggestions(for: type.name, amongNames: Array(names))
    } else {
      suggestions = context.suggestions(for: type.name, among: schema.typeOrder.lazy.map { schema[$0].name })
    }
    context.report(.knownTypeNames, "Unknown type \"\(type.name)\".\(didYouMean(suggestions))", at: type.node)
  }
}
