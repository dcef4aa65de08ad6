extension SDLValidation {
  /// § 3.3.1: each operation has at most one root type, over the definition and all extensions.
  mutating func checkUniqueOperationTypes() {
    var first: [OperationType: SDLPlace] = [:]
    for position in schema.schemaSites where isNew(position) {
      for definition in SchemaDefinitionNode(node(position)).operationTypes {
        let operation = definition.operation
        let place = SDLPlace(position.document, node: definition.node)
        if definitions.existing?.rootType(operation) != nil {
          report.add(
            "Type for \(operation) already defined in the schema. It cannot be redefined.", [place])
        } else if let known = first[operation] {
          report.add("There can be only one \(operation) type in schema.", [known, place])
        } else {
          first[operation] = place
        }
      }
    }
  }
}
