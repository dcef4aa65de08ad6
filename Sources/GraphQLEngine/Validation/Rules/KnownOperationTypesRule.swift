/// § 5.2.1.1 Operation Type Existence (graphql-js: KnownOperationTypesRule).
///
/// The schema has a root type for each operation.
enum KnownOperationTypesRule {
  static func check(_ operation: OperationNode, in context: inout ValidationContext) {
    guard context.schema.rootType(operation.operation) == nil,
      context.rules.contains(.knownOperationTypes)
    else { return }
    let name =
      switch operation.operation {
      case .query: "query"
      case .mutation: "mutation"
      case .subscription: "subscription"
      }
    context.report(
      .knownOperationTypes, "The \(name) operation is not supported by the schema.", at: operation.node)
  }
}
