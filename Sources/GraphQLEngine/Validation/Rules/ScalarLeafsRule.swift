/// § 5.3.3 Leaf Field Selections (graphql-js: ScalarLeafsRule).
///
/// Scalars and enums have no selection set; all other types have one. It may be empty (September 2026).
enum ScalarLeafsRule {
  @inline(__always)
  static func check(
    _ field: FieldNode, of type: TypeReference, in context: inout ValidationContext
  ) {
    let isLeaf = context.schema[type.namedType].kind.isLeaf
    guard isLeaf != (field.selectionSet == nil) else { return }
    report(field, of: type, isLeaf: isLeaf, in: &context)
  }

  @inline(never)
  private static func report(
    _ field: FieldNode, of type: TypeReference, isLeaf: Bool, in context: inout ValidationContext
  ) {
    guard context.rules.contains(.scalarLeafs) else { return }
    let typeText = context.schema.string(of: type)
    if isLeaf, let set = field.selectionSet {
      context.report(
        .scalarLeafs,
        "Field \"\(field.name)\" must not have a selection since type \"\(typeText)\" has no subfields.",
        at: set.node)
    } else {
      context.report(
        .scalarLeafs,
        "Field \"\(field.name)\" of type \"\(typeText)\" must have a selection of subfields. "
          + "Did you mean \"\(field.name) { ... }\"?",
        at: field.node)
    }
  }
}
