/// § 5.5.2.3 Fragment Spread Is Possible (graphql-js: PossibleFragmentSpreadsRule).
///
/// The types of a fragment and of the place where it is spread have a possible object type in common.
enum PossibleFragmentSpreadsRule {
  static func check(
    _ fragment: InlineFragmentNode, type: TypeID?, parent: TypeID?, in context: inout ValidationContext
  ) {
    guard let type, let parent, isImpossible(type, in: parent, context) else { return }
    context.report(
      .possibleFragmentSpreads,
      "Fragment cannot be spread here as objects of type \"\(context.schema.name(parent))\" "
        + "can never be of type \"\(context.schema.name(type))\".",
      at: fragment.node)
  }

  static func check(
    _ spread: FragmentSpreadNode, type: TypeID?, parent: TypeID?, in context: inout ValidationContext
  ) {
    guard let type, let parent, isImpossible(type, in: parent, context) else { return }
    context.report(
      .possibleFragmentSpreads,
      "Fragment \"\(spread.name)\" cannot be spread here as objects of type "
        + "\"\(context.schema.name(parent))\" can never be of type \"\(context.schema.name(type))\".",
      at: spread.node)
  }

  private static func isImpossible(
    _ type: TypeID, in parent: TypeID, _ context: ValidationContext
  ) -> Bool {
    type != parent && context.rules.contains(.possibleFragmentSpreads)
      && !context.schema.doTypesOverlap(type, parent)
  }
}
