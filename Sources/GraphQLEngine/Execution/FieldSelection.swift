/// What an operation selects below a field, merged over aliases and fragments; resolvers choose columns by
/// it.
///
/// Fields that `@skip` or `@include` leave out are not in it. Those that `@defer` postpones are: they read
/// the same rows.
public struct FieldSelection: Sendable {
  /// The same field may stand at several response keys, each with a selection of its own.
  let selections: [PlanSelection]

  /// Whether the field is a leaf.
  public var isEmpty: Bool { selections.isEmpty }

  /// The fields that are selected of objects of a concrete type, each once, in the order of the query.
  /// `__typename` is not among them.
  public func fields(of type: TypeID) -> [FieldID] {
    var known: Set<FieldID> = []
    return planFields(of: type).filter { !$0.isTypename && known.insert($0.id).inserted }.map(\.id)
  }

  /// The types that objects below the field may have: one, or all possible types of an abstract type.
  public var types: [TypeID] {
    guard let first = selections.first else { return [] }
    return Array(first.schema.possibleTypes(of: first.type))
  }

  /// Whether a field of this name is selected, of any concrete type.
  public func contains(_ name: String) -> Bool { !planFields(named: name).isEmpty }

  /// The selection below a field of this name; empty when the field is not selected or is a leaf.
  public subscript(name: String) -> FieldSelection {
    FieldSelection(selections: planFields(named: name).compactMap(\.child))
  }

  /// The selection below one field.
  public subscript(field: FieldID) -> FieldSelection {
    guard let first = selections.first else { return self }
    let parent = first.schema[field].parent
    return FieldSelection(selections: planFields(of: parent).filter { $0.id == field }.compactMap(\.child))
  }

  private func planFields(of type: TypeID) -> [PlanField] {
    selections.flatMap { $0.object(for: type)?.allFields ?? [] }
  }

  private func planFields(named name: String) -> [PlanField] {
    guard let schema = selections.first?.schema, let symbol = schema.symbols.symbol(name) else { return [] }
    return types.flatMap { type in planFields(of: type).filter { schema[$0.id].name == symbol } }
  }
}
