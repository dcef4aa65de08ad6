/// § 5.2.2.1 Operation Name Uniqueness (graphql-js: UniqueOperationNamesRule).
enum UniqueOperationNamesRule {
  static func check(in context: inout ValidationContext) {
    guard context.operationCount > 1, context.rules.contains(.uniqueOperationNames) else { return }
    context.names.removeAll()
    for definition in context.definitions where definition.fragment == nil {
      let name = definition.operation.name
      guard !name.isEmpty, let first = context.names.insert(name, value: name.start) else { continue }
      context.report(
        .uniqueOperationNames, "There can be only one operation named \"\(name)\".",
        atOffsets: [first, name.start])
    }
  }
}
