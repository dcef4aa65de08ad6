/// § 5.5.1.1 Fragment Name Uniqueness (graphql-js: UniqueFragmentNamesRule).
enum UniqueFragmentNamesRule {
  static func check(in context: inout ValidationContext) {
    guard context.fragments.count > 1 else { return }
    let isAsked = context.rules.contains(.uniqueFragmentNames)
    context.names.removeAll()
    for fragment in context.fragments {
      let name = fragment.name
      guard let first = context.names.insert(name, value: name.start) else { continue }
      context.hasRepeatedFragment = true
      guard isAsked else { continue }
      context.report(
        .uniqueFragmentNames, "There can be only one fragment named \"\(name)\".",
        atOffsets: [first, name.start])
    }
  }
}
