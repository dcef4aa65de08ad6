/// § 5.4.3 Required Arguments (graphql-js: ProvidedRequiredArgumentsRule).
enum ProvidedRequiredArgumentsRule {
  /// Checks the arguments that a field or directive is given; `defined` are those of its definition.
  static func check(
    _ given: GivenArguments, defined: TableRange, owner: ArgumentOwner,
    in context: inout ValidationContext
  ) {
    var others: Set<Symbol>?
    for index in defined.indices where context.schema.inputValues[index].isRequired {
      if context.errors.isFull { return }
      let offset = index - Int(defined.start)
      let isGiven: Bool
      if offset < 64 {
        isGiven = given.mask & (1 << UInt64(offset)) != 0
      } else {
        let names = others ?? Set(given.list.compactMap { context.schema.symbols.symbol($0.name) })
        others = names
        isGiven = names.contains(context.schema.inputValues[index].name)
      }
      if !isGiven { report(index, owner: owner, node: given.node, in: &context) }
    }
  }

  /// Reports an argument that is missing on a directive which the document itself defines.
  @inline(never)
  static func report(
    _ argument: InputValueDefinitionNode, of directive: DirectiveNode,
    in context: inout ValidationContext
  ) {
    guard context.rules.contains(.providedRequiredArguments) else { return }
    context.report(
      .providedRequiredArguments,
      "Directive \"@\(directive.name)\" argument \"\(argument.name)\" of type "
        + "\"\(argument.type.print())\" is required, but it was not provided.",
      at: directive.node)
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
      .providedRequiredArguments,
      "\(place) argument \"\(schema.name(argument.name))\" of type \"\(schema.string(of: argument.type))\" "
        + "is required, but it was not provided.",
      at: node)
  }
}

/// The arguments that a field or directive is given.
struct GivenArguments {
  let list: SyntaxList<ArgumentNode>
  /// The field or directive.
  let node: SyntaxNode
  /// One bit a given argument, for the first 64 that are defined.
  var mask: UInt64 = 0
}
