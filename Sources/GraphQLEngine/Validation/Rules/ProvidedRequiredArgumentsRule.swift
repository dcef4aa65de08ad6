/// § 5.4.3 Required Arguments (graphql-js: ProvidedRequiredArgumentsRule).
enum ProvidedRequiredArgumentsRule {
  /// Checks the arguments that a field or directive, `node`, is given.
  ///
  /// `given` has a bit for each of the first 64 of the `defined` arguments.
  static func check(
    _ arguments: SyntaxList<ArgumentNode>, given: UInt64, defined: TableRange, owner: ArgumentOwner,
    node: SyntaxNode, in context: inout ValidationContext
  ) {
    for index in defined.indices {
      guard context.schema.inputValues[index].isRequired else { continue }
      let offset = index - Int(defined.start)
      guard offset < 64 else {
        let name = context.schema.name(context.schema.inputValues[index].name)
        if !arguments.contains(where: { $0.name.description == name }) {
          report(index, owner: owner, node: node, in: &context)
        }
        continue
      }
      if given & (1 << UInt64(offset)) == 0 { report(index, owner: owner, node: node, in: &context) }
    }
  }

  @inline(never)
  private static func report(
    _ index: Int, owner: ArgumentOwner, node: SyntaxNode, in context: inout ValidationContext
  ) {
    guard context.rules.contains(.providedRequiredArguments) else { return }
    let schema = context.schema
    let argument = schema.inputValues[index]
    let place: String
    switch owner {
    case .unknown: return
    case .field(let id, _): place = "Field \"\(schema.name(schema[id].name))\""
    case .directive(let id): place = "Directive \"@\(schema.name(schema[id].name))\""
    }
    context.report(
      "\(place) argument \"\(schema.name(argument.name))\" of type \"\(schema.string(of: argument.type))\" "
        + "is required, but it was not provided.",
      at: node)
  }
}
