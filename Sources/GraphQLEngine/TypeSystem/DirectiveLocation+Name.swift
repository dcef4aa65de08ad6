extension DirectiveLocation {
  /// The name in SDL, such as `FIELD_DEFINITION` (§ 3.13).
  public var name: StaticString {
    switch self {
    case .query: "QUERY"
    case .mutation: "MUTATION"
    case .subscription: "SUBSCRIPTION"
    case .field: "FIELD"
    case .fragmentDefinition: "FRAGMENT_DEFINITION"
    case .fragmentSpread: "FRAGMENT_SPREAD"
    case .inlineFragment: "INLINE_FRAGMENT"
    case .variableDefinition: "VARIABLE_DEFINITION"
    case .schema: "SCHEMA"
    case .scalar: "SCALAR"
    case .object: "OBJECT"
    case .fieldDefinition: "FIELD_DEFINITION"
    case .argumentDefinition: "ARGUMENT_DEFINITION"
    case .interface: "INTERFACE"
    case .union: "UNION"
    case .enum: "ENUM"
    case .enumValue: "ENUM_VALUE"
    case .inputObject: "INPUT_OBJECT"
    case .inputFieldDefinition: "INPUT_FIELD_DEFINITION"
    case .directiveDefinition: "DIRECTIVE_DEFINITION"
    }
  }

  /// The location with a name; nil for other names, which the parser refuses.
  public init?(name: SyntaxName) {
    guard let location = Self.allCases.first(where: { name == $0.name }) else { return nil }
    self = location
  }
}
