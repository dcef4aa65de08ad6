import GraphQLEngine

/// The text that a client sends for each operation: the operation and the fragments it reaches, with
/// `__typename` in every selection of an abstract type, so that an answer tells its variants apart.
struct SentText {
  /// A definition of the document with what it spreads.
  private struct Part {
    var text: String
    var spreads: [String]
  }

  private var operations: [String: Part] = [:]
  private var fragments: [String: Part] = [:]

  init(schema: Schema, document: Document) {
    for definition in document.definitions {
      switch definition.kind {
      case .operationDefinition:
        let node = OperationNode(definition.node)
        guard let root = schema.rootType(node.operation) else { continue }
        operations[node.name.description] = Self.part(definition, node.selectionSet, root, schema, document)
      case .fragmentDefinition:
        let node = FragmentDefinitionNode(definition.node)
        guard let type = schema.type(named: node.typeCondition.name) else { continue }
        fragments[node.name.description] = Self.part(definition, node.selectionSet, type, schema, document)
      default: continue
      }
    }
  }

  /// Fragments follow in the order in which they are first met.
  func text(ofOperation name: String) -> String {
    guard let operation = operations[name] else { return "" }
    var texts = [operation.text]
    var known: Set<String> = []
    var open = operation.spreads[...]
    while let next = open.popFirst() {
      guard known.insert(next).inserted, let fragment = fragments[next] else { continue }
      texts.append(fragment.text)
      open += fragment.spreads
    }
    return texts.joined(separator: "\n\n")
  }

  // MARK: One definition

  private static func part(
    _ definition: DefinitionNode, _ set: SelectionSetNode, _ type: TypeID, _ schema: Schema,
    _ document: Document
  ) -> Part {
    var insertions: [Int] = []
    var spreads: [String] = []
    visit(set, type, schema, &insertions, &spreads)
    return Part(text: printed(definition, insertions, document), spreads: spreads)
  }

  /// Finds the opening braces behind which `__typename` goes.
  private static func visit(
    _ set: SelectionSetNode, _ type: TypeID, _ schema: Schema, _ insertions: inout [Int],
    _ spreads: inout [String]
  ) {
    var hasTypename = false
    for selection in set.selections {
      switch selection.kind {
      case .field:
        let field = selection.asField
        // One that a directive may leave out tells no variants apart.
        if field.responseKey == "__typename", field.directives.isEmpty { hasTypename = true }
        guard let inner = field.selectionSet, let id = schema.field(named: field.name, in: type) else {
          continue
        }
        visit(inner, schema[id].type.namedType, schema, &insertions, &spreads)
      case .inlineFragment:
        let inline = selection.asInlineFragment
        let target = inline.typeCondition.flatMap { schema.type(named: $0.name) } ?? type
        visit(inline.selectionSet, target, schema, &insertions, &spreads)
      default: spreads.append(selection.asFragmentSpread.name.description)
      }
    }
    if schema[type].kind.isAbstract, !hasTypename { insertions.append(Int(set.node.start)) }
  }

  /// The definition's canonical text with the insertions.
  private static func printed(
    _ definition: DefinitionNode, _ insertions: [Int], _ document: Document
  ) -> String {
    let start = Int(definition.node.start)
    let following = document.definitions.first { $0.node.start > definition.node.start }
    let end = following.map { Int($0.node.start) } ?? document.source.count
    var bytes: [UInt8] = []
    let braces = Set(insertions)
    for offset in start..<end {
      bytes.append(document.source.bytes[offset])
      if braces.contains(offset) { bytes += Array(" __typename ".utf8) }
    }
    // What parsed before parses with a field more; its own text would do as well.
    guard let again = try? Document.parse(Source(bytes), limits: .schema) else {
      return String(decoding: bytes, as: UTF8.self)
    }
    return again.print()
  }
}
