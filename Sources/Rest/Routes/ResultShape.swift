import GraphQLEngine

/// A part of an operation's answer.
struct ResultShape {
  /// Nil for a leaf.
  var selection: SelectionSetNode?
  var type: TypeReference
  /// Response keys of its own fields without selections.
  var leaves: Set<String>
  /// Whether `pageInfo` with its cursors is among them.
  var isPage: Bool
}

/// Finds parts of answers by response keys.
struct ShapeFinder {
  let schema: Schema
  let fragments: [String: FragmentDefinitionNode]

  static func fragments(of document: Document) -> [String: FragmentDefinitionNode] {
    var fragments: [String: FragmentDefinitionNode] = [:]
    for definition in document.definitions where definition.kind == .fragmentDefinition {
      let fragment = FragmentDefinitionNode(definition.node)
      fragments[fragment.name.description] = fragment
    }
    return fragments
  }

  /// The part at response keys from the root; nil when it is not selected, or lies within a list.
  func shape(of operation: OperationNode, at keys: [String]) -> ResultShape? {
    guard var type = schema.rootType(operation.operation) else { return nil }
    var selection: SelectionSetNode? = operation.selectionSet
    var found: TypeReference?
    for key in keys {
      if found?.nullable.isList == true { return nil }
      guard let set = selection,
        let node = fields(of: set).first(where: { $0.responseKey.description == key }),
        let field = schema.field(named: node.name, in: type)
      else { return nil }
      found = schema[field].type
      type = schema[field].type.namedType
      selection = node.selectionSet
    }
    guard let found else { return nil }
    var shape = ResultShape(selection: selection, type: found, leaves: [], isPage: false)
    for node in selection.map(fields) ?? [] {
      if node.selectionSet == nil {
        shape.leaves.insert(node.responseKey.description)
      } else if node.responseKey == "pageInfo" {
        shape.isPage = true
      }
    }
    return shape
  }

  /// The fields of a selection, fragments replaced. Validation has refused those that form cycles.
  func fields(of set: SelectionSetNode) -> [FieldNode] {
    set.selections.flatMap { selection -> [FieldNode] in
      switch selection.kind {
      case .field: return [selection.asField]
      case .inlineFragment: return fields(of: selection.asInlineFragment.selectionSet)
      case .fragmentSpread:
        let fragment = fragments[selection.asFragmentSpread.name.description]
        return fragment.map { fields(of: $0.selectionSet) } ?? []
      default: return []
      }
    }
  }
}
