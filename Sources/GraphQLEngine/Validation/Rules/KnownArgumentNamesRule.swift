/// § 5.4.1 Argument Names (graphql-js: KnownArgumentNamesRule).
///
/// Every argument of a field or directive is defined.
enum KnownArgumentNamesRule {
  /// Reports an argument that its owner does not define.
  @inline(never)
  static func report(
    _ argument: ArgumentNode, of owner: ArgumentOwner, in context: inout ValidationContext
  ) {
    guard context.rules.contains(.knownArgumentNames) else { return }
    let schema = context.schema
    let place: String
    let defined: TableRange
    switch owner {
    case .unknown: return
    case .field(let id, let parent):
      place = "field \"\(schema.name(parent)).\(schema.name(schema[id].name))\""
      defined = schema[id].arguments
    case .directive(let id):
      place = "directive \"@\(schema.name(schema[id].name))\""
      defined = schema[id].arguments
    }
    let names = defined.indices.lazy.map { schema.inputValues[$0].name }
    let suggestion = didYouMean(context.suggestions(for: argument.name, among: names))
    context.report(
      .knownArgumentNames, "Unknown argument \"\(argument.name)\" on \(place).\(suggestion)",
      at: argument.node)
  }

  /// Reports an argument of a directive that the document itself defines, without that argument.
  @inline(never)
  static func report(
    _ argument: ArgumentNode, of directive: SyntaxName, definedNames: [String],
    in context: inout ValidationContext
  ) {
    guard context.rules.contains(.knownArgumentNames) else { return }
    let suggestion = didYouMean(context.suggestions(for: argument.name, amongNames: definedNames))
    context.report(
      .knownArgumentNames,
      "Unknown argument \"\(argument.name)\" on directive \"@\(directive)\".\(suggestion)",
      at: argument.node)
  }
}
