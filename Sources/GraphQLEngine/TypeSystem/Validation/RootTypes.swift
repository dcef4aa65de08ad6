extension TypeSystemValidation {
  /// § 3.3.1: there is a query root type; root types are object types and differ from each other.
  mutating func checkRootTypes() {
    if schema.queryType == nil {
      let definition = schema.schemaSites.first { node($0).kind == .schemaDefinition }
      report.add("Query root type must be provided.", definition.map { [place(of: $0)] } ?? [])
    }
    var operations: [(type: TypeID, operations: [OperationType])] = []
    for operation in [OperationType.query, .mutation, .subscription] {
      guard let type = schema.rootType(operation) else { continue }
      if schema[type].kind != .object {
        reportKind(of: type, operation)
      } else if let index = operations.firstIndex(where: { $0.type == type }) {
        operations[index].operations.append(operation)
      } else {
        operations.append((type: type, operations: [operation]))
      }
    }
    for (type, shared) in operations where shared.count > 1 {
      let names = shared.map { "\($0)" }
      let list = names.count == 2 ? names.joined(separator: " and ") : "query, mutation, and subscription"
      report.add(
        "All root types must be different, \"\(schema.name(type))\" type is used as \(list) root types.",
        shared.compactMap(place))
    }
  }

  private mutating func reportKind(of type: TypeID, _ operation: OperationType) {
    let name = "\(operation)"
    let title = name.prefix(1).uppercased() + name.dropFirst()
    let condition = operation == .query ? "" : " if provided"
    report.add(
      "\(title) root type must be Object type\(condition), it cannot be \(schema.name(type)).",
      [place(of: operation) ?? place(of: schema[type].syntax)])
  }

  /// Where the schema names the root type of an operation.
  private func place(of operation: OperationType) -> SDLPlace? {
    for position in schema.schemaSites {
      let types = SchemaDefinitionNode(node(position)).operationTypes
      if let found = types.first(where: { $0.operation == operation }) {
        return SDLPlace(position.document, node: found.type.node)
      }
    }
    return nil
  }
}
