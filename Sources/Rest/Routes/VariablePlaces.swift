import GraphQLEngine

/// Where an operation uses its variables: the arguments and input fields that they are given to, whose words
/// and errors concern them.
struct VariablePlaces {
  /// The first place of each variable.
  private(set) var definitions: [String: InputValueID] = [:]
  private(set) var fields = InputFieldNames()
  private let schema: Schema

  init(schema: Schema) { self.schema = schema }

  /// Looks at the operation itself: fragments use no variables of requests.
  mutating func visit(_ operation: OperationNode) {
    guard let root = schema.rootType(operation.operation) else { return }
    visit(operation.selectionSet, of: root)
  }

  private mutating func visit(_ set: SelectionSetNode, of type: TypeID) {
    for selection in set.selections where selection.kind == .field {
      let node = selection.asField
      guard let field = schema.field(named: node.name, in: type) else { continue }
      for argument in node.arguments {
        guard let id = schema.argument(named: argument.name, of: field) else { continue }
        let isInput = schema[schema[id].type.namedType].kind == .inputObject
        // A mutation's errors leave its one argument out of their paths.
        visit(argument.value, id, path: isInput ? [] : [argument.name.description])
      }
      if let inner = node.selectionSet { visit(inner, of: schema[field].type.namedType) }
    }
  }

  private mutating func visit(_ value: ValueNode, _ id: InputValueID, path: [String]) {
    switch value.kind {
    case .variable:
      let name = value.text.description
      if definitions[name] == nil { definitions[name] = id }
      fields.add(path, name)
    case .objectValue:
      for field in value.fields {
        guard let inner = schema.inputField(named: field.name, in: schema[id].type.namedType) else {
          continue
        }
        visit(field.value, inner, path: path + [field.name.description])
      }
    default: break
    }
  }
}
