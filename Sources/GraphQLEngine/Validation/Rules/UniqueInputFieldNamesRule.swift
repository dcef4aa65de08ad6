/// § 5.6.3 Input Object Field Uniqueness (graphql-js: UniqueInputFieldNamesRule).
enum UniqueInputFieldNamesRule {
  static func check(_ fields: SyntaxList<ObjectFieldNode>, in context: inout ValidationContext) {
    guard fields.hasSeveral, context.rules.contains(.uniqueInputFieldNames),
      !fields.hasFewDifferentNames
    else { return }
    context.names.removeAll()
    for field in fields {
      guard let first = context.names.insert(field.name, value: field.name.start) else { continue }
      context.report(
        .uniqueInputFieldNames, "There can be only one input field named \"\(field.name)\".",
        atOffsets: [first, field.name.start])
    }
  }
}
