import GraphQLEngine

/// Makes shapes of selection sets: fragments are folded in, fields of one response key merged, as execution
/// does (§ 6.3.2).
struct ShapeBuilder {
  let schema: Schema
  let fragments: [String: FragmentDefinitionNode]

  /// A response key with all selections that merge into it.
  private struct Entry {
    var key: String
    var name: SyntaxName
    var field: FieldID
    var isConditional: Bool
    var sets: [Selected]

    /// Where the field is selected once, the object is there with all of its set or not at all.
    var merged: [Selected] { sets.count == 1 ? [Selected(set: sets[0].set)] : sets }
  }

  /// A selection set, and whether a directive may leave it out of an object that is there all the same,
  /// because the field is asked for elsewhere, too.
  struct Selected {
    var set: SelectionSetNode
    var isConditional = false
  }

  /// Fields in the order in which a key was first met.
  private struct Entries {
    var list: [Entry] = []
    private var places: [String: Int] = [:]

    mutating func add(_ entry: Entry) {
      if let place = places[entry.key] {
        list[place].isConditional = list[place].isConditional && entry.isConditional
        list[place].sets += entry.sets
      } else {
        places[entry.key] = list.count
        list.append(entry)
      }
    }
  }

  /// The shape of what a selection set asks of a type.
  func shape(of type: TypeID, _ set: SelectionSetNode) -> Shape { shape(of: type, [Selected(set: set)]) }

  /// The same of several, which merged fields have.
  private func shape(of type: TypeID, _ sets: [Selected]) -> Shape {
    if let fragment = onlySpread(type, sets) {
      return Shape(typeName: schema.name(type), fragment: fragment, fields: [], variants: [])
    }
    let common = entries(sets, of: type)
    let isNarrowed = schema[type].kind.isAbstract && narrows(sets, type)
    let variants =
      !isNarrowed
      ? []
      : schema.possibleTypes(of: type).compactMap { object -> ShapeVariant? in
        let own = entries(sets, of: object)
        guard adds(own, to: common) else { return nil }
        return ShapeVariant(typeName: schema.name(object), fields: fields(own))
      }
    return Shape(typeName: schema.name(type), fragment: nil, fields: fields(common), variants: variants)
  }

  private func adds(_ own: Entries, to common: Entries) -> Bool {
    own.list.count != common.list.count
      || zip(own.list, common.list).contains { $0.key != $1.key || $0.sets.count != $1.sets.count }
  }

  private func fields(_ entries: Entries) -> [ShapeField] {
    entries.list.map { entry in
      let record = schema[entry.field]
      let type = record.type.namedType
      let isTypename = entry.name == "__typename"
      return ShapeField(
        key: entry.key, description: isTypename ? nil : schema.description(of: entry.field),
        deprecation: isTypename ? nil : schema.deprecationReason(of: entry.field),
        type: schema.clientType(record.type), isConditional: entry.isConditional,
        shape: schema[type].kind.isComposite ? shape(of: type, entry.merged) : nil)
    }
  }

  // MARK: Collecting

  /// What every object of a type answers: for an object type all that applies to it, for an abstract one what
  /// applies to all its objects.
  private func entries(_ sets: [Selected], of type: TypeID) -> Entries {
    var entries = Entries()
    for selected in sets {
      collect(selected.set, of: type, isConditional: selected.isConditional, into: &entries)
    }
    return entries
  }

  private func collect(
    _ set: SelectionSetNode, of type: TypeID, isConditional: Bool, into entries: inout Entries
  ) {
    for selection in set.selections {
      switch selection.kind {
      case .field: add(selection.asField, of: type, isConditional: isConditional, to: &entries)
      case .inlineFragment:
        let inline = selection.asInlineFragment
        guard applies(inline.typeCondition, to: type) else { continue }
        let may = isConditional || mayBeLeftOut(inline.directives)
        collect(inline.selectionSet, of: type, isConditional: may, into: &entries)
      default:
        let spread = selection.asFragmentSpread
        guard let fragment = fragments[spread.name.description], applies(fragment.typeCondition, to: type)
        else { continue }
        let may = isConditional || mayBeLeftOut(spread.directives)
        collect(fragment.selectionSet, of: type, isConditional: may, into: &entries)
      }
    }
  }

  private func add(_ field: FieldNode, of type: TypeID, isConditional: Bool, to entries: inout Entries) {
    guard let id = schema.field(named: field.name, in: type) else { return }
    let may = isConditional || mayBeLeftOut(field.directives)
    entries.add(
      Entry(
        key: field.responseKey.description, name: field.name, field: id, isConditional: may,
        sets: field.selectionSet.map { [Selected(set: $0, isConditional: may)] } ?? []))
  }

  private func applies(_ condition: NamedTypeNode?, to type: TypeID) -> Bool {
    guard let condition, let target = schema.type(named: condition.name) else { return true }
    return target == type || schema.isSubtype(type, of: target) || covers(target, type)
  }

  /// Whether each object of an abstract type is one of `target`'s.
  private func covers(_ target: TypeID, _ type: TypeID) -> Bool {
    guard schema[type].kind.isAbstract else { return schema.isPossibleType(type, of: target) }
    return schema.possibleTypes(of: type).allSatisfy { $0 == target || schema.isPossibleType($0, of: target) }
  }

  private func mayBeLeftOut(_ directives: SyntaxList<DirectiveNode>) -> Bool {
    directives.contains { $0.name == "skip" || $0.name == "include" || $0.name == "defer" }
  }

  // MARK: Fragments and variants

  /// The fragment that is all of a selection, for the very same type.
  private func onlySpread(_ type: TypeID, _ sets: [Selected]) -> String? {
    guard sets.count == 1 else { return nil }
    var name: String?
    for selection in sets[0].set.selections {
      guard name == nil, selection.kind == .fragmentSpread else { return nil }
      let spread = selection.asFragmentSpread
      guard spread.directives.isEmpty, let fragment = fragments[spread.name.description],
        schema.type(named: fragment.typeCondition.name) == type
      else { return nil }
      name = spread.name.description
    }
    return name
  }

  /// Whether some objects of an abstract type answer more than others.
  private func narrows(_ sets: [Selected], _ type: TypeID) -> Bool {
    var open = sets.map(\.set)
    while let set = open.popLast() {
      for selection in set.selections {
        let condition: NamedTypeNode?
        let inner: SelectionSetNode
        switch selection.kind {
        case .field: continue
        case .inlineFragment:
          condition = selection.asInlineFragment.typeCondition
          inner = selection.asInlineFragment.selectionSet
        default:
          guard let fragment = fragments[selection.asFragmentSpread.name.description] else { continue }
          condition = fragment.typeCondition
          inner = fragment.selectionSet
        }
        if !applies(condition, to: type) { return true }
        open.append(inner)
      }
    }
    return false
  }
}
