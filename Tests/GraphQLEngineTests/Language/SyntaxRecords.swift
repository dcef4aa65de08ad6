@testable import GraphQLEngine

/// The records of a document's slab without their places in the source: what two documents share that mean
/// the same.
///
/// The parser appends records in an order that depends on the grammar alone, so equal trees give equal lists.
func syntaxRecords(of document: Document) -> [String] {
  var records: [String] = []
  var index: UInt32 = 0
  while Int(index) < document.wordCount {
    let node = SyntaxNode(tree: document.tree, index: index)
    let shape = SyntaxShape.of(node.kind)
    let isString = node.kind == .stringValue
    let text =
      isString ? StringNode(node).value : shape.names.map { node.name($0).description }.joined(separator: ":")
    let children = (0..<shape.slots).filter { slot in !shape.names.contains { $0 == slot || $0 + 1 == slot } }
      .map { String(node.word($0)) }
    let flags = isString ? node.flags & 1 : node.flags
    records.append("\(node.kind) \(flags) \(node.next) \(text) \(children.joined(separator: ","))")
    index += 3 + shape.slots
  }
  return records
}

/// How many words a record has behind its header, and where its names are.
private struct SyntaxShape {
  let slots: UInt32
  let names: [UInt32]

  static func of(_ kind: SyntaxKind) -> SyntaxShape {
    switch kind {
    case .document, .selectionSet, .listValue, .objectValue, .listType, .nonNullType,
      .operationTypeDefinition:
      SyntaxShape(slots: 1, names: [])
    case .variable, .intValue, .floatValue, .stringValue, .booleanValue, .nullValue, .enumValue, .namedType,
      .directiveLocation:
      SyntaxShape(slots: 2, names: [0])
    case .argument, .fragmentSpread, .objectField, .directive: SyntaxShape(slots: 3, names: [0])
    case .inlineFragment, .schemaDefinition, .schemaExtension: SyntaxShape(slots: 3, names: [])
    case .enumValueDefinition: SyntaxShape(slots: 4, names: [0])
    case .field: SyntaxShape(slots: 7, names: [0, 2])
    default: SyntaxShape(slots: 6, names: [0])
    }
  }
}
