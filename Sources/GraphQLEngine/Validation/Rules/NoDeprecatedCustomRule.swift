/// Reports what the schema marks `@deprecated` (§ 3.13.3; graphql-js: NoDeprecatedCustomRule); not specified.
enum NoDeprecatedCustomRule {
  @inline(__always)
  static func check(
    _ field: FieldNode, id: FieldID, parent: TypeID, in context: inout ValidationContext
  ) {
    guard context.rules.contains(.noDeprecatedCustom),
      let reason = context.schema.deprecationReason(of: id)
    else { return }
    context.report(
      .noDeprecatedCustom, "The field \(context.schema.name(parent)).\(field.name) is deprecated. \(reason)",
      at: field.node)
  }

  @inline(__always)
  static func check(
    _ argument: ArgumentNode, id: InputValueID, of owner: ArgumentOwner,
    in context: inout ValidationContext
  ) {
    guard context.rules.contains(.noDeprecatedCustom),
      let reason = context.schema.deprecationReason(of: id)
    else { return }
    let schema = context.schema
    let place: String
    switch owner {
    case .unknown: return
    case .field(let field, let parent):
      place = "Field \"\(schema.name(parent)).\(schema.name(schema[field].name))\""
    case .directive(let directive): place = "Directive \"@\(schema.name(schema[directive].name))\""
    }
    context.report(
      .noDeprecatedCustom, "\(place) argument \"\(argument.name)\" is deprecated. \(reason)",
      at: argument.node)
  }

  /// Checks a field of an input object.
  static func check(
    _ field: ObjectFieldNode, id: InputValueID, in type: TypeID, in context: inout ValidationContext
  ) {
    guard context.rules.contains(.noDeprecatedCustom),
      let reason = context.schema.deprecationReason(of: id)
    else { return }
    context.report(
      .noDeprecatedCustom,
      "The input field \(context.schema.name(type)).\(field.name) is deprecated. \(reason)",
      at: field.node)
  }

  /// Checks an enum value.
  static func check(
    _ value: ValueNode, id: EnumValueID, of type: TypeID, in context: inout ValidationContext
  ) {
    guard context.rules.contains(.noDeprecatedCustom),
      let reason = context.schema.deprecationReason(of: id)
    else { return }
    context.report(
      .noDeprecatedCustom,
      "The enum value \"\(context.schema.name(type)).\(value.text)\" is deprecated. \(reason)",
      at: value.node)
  }
}
