/// § 5.3.1 Field Selections (graphql-js: FieldsOnCorrectTypeRule).
///
/// A selected field is one of the type that the selection set selects from.
enum FieldsOnCorrectTypeRule {
  /// Reports a field that `parent` does not have.
  @inline(never)
  static func report(_ field: FieldNode, on parent: TypeID, in context: inout ValidationContext) {
    guard context.rules.contains(.fieldsOnCorrectType) else { return }
    let schema = context.schema
    var suggestion = ""
    if !context.hidesSuggestions {
      suggestion = didYouMean(
        suggestedTypes(for: field.name, on: parent, in: &context), "to use an inline fragment on")
      if suggestion.isEmpty, schema[parent].kind != .union {
        let fields = schema[parent].fields.indices.lazy.map { schema.fields[$0].name }
        suggestion = didYouMean(context.suggestions(for: field.name, among: fields))
      }
    }
    context.report(
      .fieldsOnCorrectType,
      "Cannot query field \"\(field.name)\" on type \"\(schema.name(parent))\".\(suggestion)",
      at: field.node)
  }

  /// Possible types of an abstract type, and their interfaces, that have the field; the most common first.
  private static func suggestedTypes(
    for name: SyntaxName, on parent: TypeID, in context: inout ValidationContext
  ) -> [String] {
    let schema = context.schema
    guard schema[parent].kind.isAbstract else { return [] }
    var found: [TypeID] = []
    var counts: [TypeID: Int] = [:]
    for type in schema.possibleTypes(of: parent) where schema.field(named: name, in: type) != nil {
      guard context.suggestionCellsLeft > 0 else { return [] }
      for candidate in [type] + schema.interfaces(of: type) {
        context.suggestionCellsLeft -= 1
        guard schema.field(named: name, in: candidate) != nil else { continue }
        if counts[candidate] == nil { found.append(candidate) }
        counts[candidate, default: 0] += 1
      }
    }
    return found.sorted { left, right in
      let leftCount = counts[left] ?? 0
      let rightCount = counts[right] ?? 0
      if leftCount != rightCount { return leftCount > rightCount }
      if isSuper(left, of: right, in: schema) { return true }
      if isSuper(right, of: left, in: schema) { return false }
      return precedesNaturally(schema.name(left), schema.name(right))
    }.map { schema.name($0) }
  }

  private static func isSuper(_ type: TypeID, of other: TypeID, in schema: Schema) -> Bool {
    schema[type].kind == .interface && type != other && schema.interfaces(of: other).contains(type)
  }
}
