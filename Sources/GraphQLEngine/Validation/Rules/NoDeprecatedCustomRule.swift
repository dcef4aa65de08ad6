/// Reports what the schema marks `@deprecated` (§ 3.13.3; graphql-js: NoDeprecatedCustomRule); not specified.
enum NoDeprecatedCustomRule {
  @inline(__always)
  static func check(
    _ field: FieldNode, id: FieldID, parent: TypeID, in context: inout ValidationContext
  ) {
    guard context.rules.contains(.noDeprecatedCustom) else { return }
    let schema = context.schema
    let record = schema[id]
    guard record.isDeprecated else { return }
    let directives = FieldDefinitionNode(schema.syntax(at: record.syntax)).directives
    context.report(
      "The field \(schema.name(parent)).\(schema.name(record.name)) is deprecated. "
        + deprecationReason(in: directives),
      at: field.node)
  }

  @inline(__always)
  static func check(
    _ argument: ArgumentNode, id: InputValueID, of owner: ArgumentOwner,
    in context: inout ValidationContext
  ) {
    guard context.rules.contains(.noDeprecatedCustom), context.schema[id].isDeprecated else { return }
    let schema = context.schema
    let place: String
    switch owner {
    case .unknown: return
    case .field(let field, let parent):
      place = "Field \"\(schema.name(parent)).\(schema.name(schema[field].name))\""
    case .directive(let directive): place = "Directive \"@\(schema.name(schema[directive].name))\""
    }
    context.report(
      "\(place) argument \"\(argument.name)\" is deprecated. \(reason(of: id, in: schema))",
      at: argument.node)
  }

  /// Checks a field of an input object.
  static func check(
    _ field: ObjectFieldNode, id: InputValueID, in type: TypeID, in context: inout ValidationContext
  ) {
    guard context.rules.contains(.noDeprecatedCustom), context.schema[id].isDeprecated else { return }
    context.report(
      "The input field \(context.schema.name(type)).\(field.name) is deprecated. "
        + reason(of: id, in: context.schema),
      at: field.node)
  }

  /// Checks an enum value.
  static func check(
    _ value: ValueNode, id: EnumValueID, of type: TypeID, in context: inout ValidationContext
  ) {
    guard context.rules.contains(.noDeprecatedCustom), context.schema[id].isDeprecated else { return }
    let syntax = context.schema.syntax(at: context.schema[id].syntax)
    context.report(
      "The enum value \"\(context.schema.name(type)).\(value.text)\" is deprecated. "
        + deprecationReason(in: EnumValueDefinitionNode(syntax).directives),
      at: value.node)
  }

  private static func reason(of id: InputValueID, in schema: Schema) -> String {
    deprecationReason(in: InputValueDefinitionNode(schema.syntax(at: schema[id].syntax)).directives)
  }

  /// The reason that `@deprecated` gives, or its default (§ 3.13.3).
  private static func deprecationReason(in directives: SyntaxList<DirectiveNode>) -> String {
    let directive = directives.first { $0.name == "deprecated" }
    let reason = directive?.arguments.first { $0.name == "reason" }?.value
    guard let reason, reason.kind == .stringValue else { return "No longer supported" }
    return reason.asString.value
  }
}

extension Schema {
  /// The record of a definition.
  fileprivate func syntax(at position: SyntaxPosition) -> SyntaxNode {
    SyntaxNode(tree: documents[Int(position.document)].tree, index: position.index)
  }
}
