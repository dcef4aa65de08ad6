import GraphQLEngine

/// Reads a client's model out of a valid document: every operation is named, every name is known.
public struct ClientReader {
  let schema: Schema
  private let document: Document
  private let fragments: [String: FragmentDefinitionNode]
  private var reachedTypes: Set<TypeID> = []
  private var types: [TypeID] = []

  public init(schema: Schema, document: Document) {
    self.schema = schema
    self.document = document
    var fragments: [String: FragmentDefinitionNode] = [:]
    for definition in document.definitions where definition.kind == .fragmentDefinition {
      let fragment = FragmentDefinitionNode(definition.node)
      fragments[fragment.name.description] = fragment
    }
    self.fragments = fragments
  }

  /// Operations and fragments in the order of the document, types in the schema's.
  public static func read(schema: Schema, document: Document) -> ClientModel {
    var reader = ClientReader(schema: schema, document: document)
    return withExtendedLifetime(document) { reader.model() }
  }

  private mutating func model() -> ClientModel {
    let sent = SentText(schema: schema, document: document)
    let shapes = ShapeBuilder(schema: schema, fragments: fragments)
    var operations: [ClientOperation] = []
    var found: [ClientFragment] = []
    for definition in document.definitions {
      if definition.kind == .operationDefinition {
        let node = OperationNode(definition.node)
        guard let root = schema.rootType(node.operation) else { continue }
        let name = node.name.description
        operations.append(
          ClientOperation(
            name: name, kind: node.operation, description: node.descriptionNode?.value,
            variables: variables(node), result: shapes.shape(of: root, node.selectionSet),
            text: sent.text(ofOperation: name)))
      } else if definition.kind == .fragmentDefinition {
        let node = FragmentDefinitionNode(definition.node)
        guard let type = schema.type(named: node.typeCondition.name) else { continue }
        found.append(
          ClientFragment(
            name: node.name.description, description: node.descriptionNode?.value,
            shape: shapes.shape(of: type, node.selectionSet)))
      }
    }
    for shape in operations.map(\.result) + found.map(\.shape) { reach(shape) }
    return ClientModel(
      operations: operations, fragments: found, enums: reached(.enum).map(enumeration),
      inputs: reached(.inputObject).map(input), scalars: reached(.scalar).map(scalar),
      canRenewTokens: schema.rootType(.mutation).map { schema.field(named: "refreshToken", in: $0) != nil }
        ?? false)
  }

  // MARK: Inputs

  private mutating func variables(_ node: OperationNode) -> [ClientField] {
    node.variables.compactMap { variable in
      guard let reference = schema.typeReference(from: variable.type) else { return nil }
      reach(reference.namedType)
      return ClientField(
        name: variable.name.description, description: variable.descriptionNode?.value,
        type: schema.clientType(reference), isRequired: reference.isNonNull && variable.defaultValue == nil)
    }
  }

  private func input(_ type: TypeID) -> ClientInput {
    ClientInput(
      name: schema.name(type), description: schema.description(of: type), isOneOf: schema[type].isOneOf,
      fields: schema.inputFieldIDs(of: type).map { field in
        ClientField(
          name: schema.name(schema[field].name), description: schema.description(of: field),
          type: schema.clientType(schema[field].type), isRequired: schema[field].isRequired)
      })
  }

  private func enumeration(_ type: TypeID) -> ClientEnum {
    ClientEnum(
      name: schema.name(type), description: schema.description(of: type),
      values: schema.enumValueIDs(of: type).map {
        (schema.name(schema[$0].name), schema.description(of: $0), schema.deprecationReason(of: $0))
      })
  }

  private func scalar(_ type: TypeID) -> ClientScalar {
    ClientScalar(name: schema.name(type), description: schema.description(of: type))
  }

  // MARK: Reaching types

  private func reached(_ kind: TypeKind) -> [TypeID] {
    schema.typeOrder.filter {
      reachedTypes.contains($0) && schema[$0].kind == kind && !schema[$0].isBuiltIn
    }
  }

  /// A type of variables and all that its fields need.
  private mutating func reach(_ type: TypeID) {
    var open = [type]
    while let next = open.popLast() {
      guard reachedTypes.insert(next).inserted else { continue }
      open += schema.inputFieldIDs(of: next).map { schema[$0].type.namedType }
    }
  }

  /// The enums and scalars of an answer.
  private mutating func reach(_ shape: Shape) {
    var open = [shape]
    while let next = open.popLast() {
      for field in next.fields + next.variants.flatMap(\.fields) {
        if let inner = field.shape {
          open.append(inner)
        } else if let type = schema.type(named: field.type.name) {
          reachedTypes.insert(type)
        }
      }
    }
  }
}

extension Schema {
  /// A type reference by name.
  func clientType(_ type: TypeReference) -> ClientType {
    if type.isNonNull { return .nonNull(clientType(type.wrapped)) }
    return type.isList ? .list(clientType(type.wrapped)) : .named(name(type.namedType))
  }
}
