/// What a schema coordinate names, with the element that contains it (§ 2.14, "schema element").
///
/// Meta-fields and introspection types are none by the specification; here they are found like all others.
public enum SchemaElement: Hashable, Sendable {
  case type(TypeID)
  /// A field of an object or interface type.
  case field(FieldID, of: TypeID)
  case inputField(InputValueID, of: TypeID)
  case enumValue(EnumValueID, of: TypeID)
  /// An argument of a field of an object or interface type.
  case argument(InputValueID, of: FieldID, in: TypeID)
  case directive(DirectiveID)
  case directiveArgument(InputValueID, of: DirectiveID)
}

extension Schema {
  /// The element that a coordinate names; nil when there is none (§ 2.14, "Resolving a Schema Coordinate").
  ///
  /// Throws, worded as in graphql-js 17, when the element that should contain it is missing or of a kind
  /// that has no such members. A member of a union has no coordinate.
  public func resolve(_ coordinate: SchemaCoordinate) throws(GraphQLError) -> SchemaElement? {
    switch coordinate {
    case .type(let name): return type(named: name).map(SchemaElement.type)
    case .member(let typeName, let name): return try member(name, of: typeName)
    case .argument(let typeName, let fieldName, let name):
      let type = try container(typeName)
      guard self[type].kind == .object || self[type].kind == .interface else {
        throw GraphQLError("Expected \"\(typeName)\" to be an object type or interface type.")
      }
      guard let field = field(named: fieldName, in: type) else {
        throw GraphQLError(
          "Expected \"\(fieldName)\" to exist as a field of type \"\(typeName)\" in the schema.")
      }
      return inputValue(named: name, in: self[field].arguments).map { .argument($0, of: field, in: type) }
    case .directive(let name): return directive(named: name).map(SchemaElement.directive)
    case .directiveArgument(let directiveName, let name):
      guard let directive = directive(named: directiveName) else {
        throw GraphQLError("Expected \"\(directiveName)\" to be defined as a directive in the schema.")
      }
      return inputValue(named: name, in: self[directive].arguments)
        .map { .directiveArgument($0, of: directive) }
    }
  }

  /// As above, for a text. Throws the syntax error of one that is no coordinate.
  public func resolve(coordinate text: String) throws(GraphQLError) -> SchemaElement? {
    try resolve(SchemaCoordinate.parse(text))
  }

  private func member(_ name: String, of typeName: String) throws(GraphQLError) -> SchemaElement? {
    let type = try container(typeName)
    switch self[type].kind {
    case .enum: return enumValue(named: name, in: type).map { .enumValue($0, of: type) }
    case .inputObject:
      return inputValue(named: name, in: self[type].inputFields).map { .inputField($0, of: type) }
    case .object, .interface: return field(named: name, in: type).map { .field($0, of: type) }
    case .scalar, .union:
      throw GraphQLError(
        "Expected \"\(typeName)\" to be an Enum, Input Object, Object or Interface type.")
    }
  }

  private func container(_ name: String) throws(GraphQLError) -> TypeID {
    if let type = type(named: name) { return type }
    throw GraphQLError("Expected \"\(name)\" to be defined as a type in the schema.")
  }
}

extension SchemaCoordinate {
  /// The one coordinate that names an element of a schema; `schema.resolve` gives the element back.
  public init(of element: SchemaElement, in schema: Schema) {
    switch element {
    case .type(let type): self = .type(schema.name(type))
    case .field(let field, let type):
      self = .member(type: schema.name(type), name: schema.name(schema[field].name))
    case .inputField(let field, let type):
      self = .member(type: schema.name(type), name: schema.name(schema[field].name))
    case .enumValue(let value, let type):
      self = .member(type: schema.name(type), name: schema.name(schema[value].name))
    case .argument(let argument, let field, let type):
      self = .argument(
        type: schema.name(type), field: schema.name(schema[field].name),
        name: schema.name(schema[argument].name))
    case .directive(let directive): self = .directive(schema.name(schema[directive].name))
    case .directiveArgument(let argument, let directive):
      self = .directiveArgument(
        directive: schema.name(schema[directive].name), name: schema.name(schema[argument].name))
    }
  }
}
