import GraphQLEngine

/// The files of `rest/`: operations, one a file, and the fragments that they share.
struct RouteFiles {
  struct File {
    var name: String
    var document: Document
    var text: [UInt8]
  }

  /// A definition's text in its file.
  struct Piece {
    var file: Int
    var range: Range<Int>
    /// From 1.
    var line: Int
    /// The fragments that it spreads.
    var spreads: Set<String>
  }

  /// An operation with all the fragments that it needs, as one document.
  struct Joined {
    /// The operation's file.
    var name: String
    var text: [UInt8]
    /// Where the parts begin in the text, and where they come from; lines from 1.
    var parts: [(line: Int, file: String, fileLine: Int)]

    /// `file:line` of a line of the text.
    func place(_ line: Int) -> String {
      let part = parts.last { $0.line <= line } ?? (1, name, 1)
      return "rest/\(part.file):\(line - part.line + part.fileLine)"
    }
  }

  /// Bytes of all files together.
  static let maximumBytes = 4 << 20

  private let files: [File]
  let operations: [Piece]
  private let fragments: [String: Piece]

  init(_ files: [(name: String, text: String)]) throws(RestFault) {
    guard files.reduce(0, { $0 + $1.text.utf8.count }) <= RouteFiles.maximumBytes else {
      throw RestFault("The files of rest/ are larger than \(RouteFiles.maximumBytes) bytes together.")
    }
    var parsed: [File] = []
    var operations: [Piece] = []
    var fragments: [String: Piece] = [:]
    for (index, file) in files.enumerated() {
      let entry = try RouteFiles.parse(file)
      parsed.append(entry)
      let scan = FileScan(entry, index)
      guard scan.operations.count <= 1, scan.isExecutable else {
        throw RestFault("rest/\(file.name): a file has one operation, or fragments alone.")
      }
      operations += scan.operations
      for (name, piece) in scan.fragments {
        guard fragments[name] == nil else {
          throw RestFault("rest/\(file.name):\(piece.line): the fragment \(name) is defined twice.")
        }
        fragments[name] = piece
      }
    }
    self.files = parsed
    self.operations = operations
    self.fragments = fragments
  }

  private static func parse(_ file: (name: String, text: String)) throws(RestFault) -> File {
    do {
      let document = try Document.parse(Source(file.text), limits: .request)
      return File(name: file.name, document: document, text: Array(file.text.utf8))
    } catch {
      let line = error.locations.first?.line ?? 1
      throw RestFault("rest/\(file.name):\(line): \(error.message)")
    }
  }

  /// The document of an operation.
  func joined(_ place: Int) -> Joined {
    let operation = operations[place]
    var joined = Joined(name: files[operation.file].name, text: [], parts: [])
    var line = 1
    for piece in [operation] + needed(by: operation) {
      let text = files[piece.file].text[piece.range]
      joined.parts.append((line, files[piece.file].name, piece.line))
      joined.text += text + [UInt8(ascii: "\n")]
      line += text.count { $0 == UInt8(ascii: "\n") } + 1
    }
    return joined
  }

  /// The fragments that a piece needs, each once, in the order of their names: the same every time.
  private func needed(by piece: Piece) -> [Piece] {
    neededNames(by: piece).sorted().compactMap { fragments[$0] }
  }

  private func neededNames(by piece: Piece) -> Set<String> {
    var found: Set<String> = []
    var open = piece.spreads
    while let name = open.popFirst() {
      guard let fragment = fragments[name], found.insert(name).inserted else { continue }
      open.formUnion(fragment.spreads)
    }
    return found
  }

  /// A fragment that no operation reaches.
  func unusedFragment() -> RestFault? {
    let reached = operations.reduce(into: Set<String>()) { $0.formUnion(neededNames(by: $1)) }
    guard let (name, piece) = fragments.filter({ !reached.contains($0.key) }).min(by: { $0.key < $1.key })
    else { return nil }
    return RestFault("rest/\(files[piece.file].name):\(piece.line): the fragment \(name) is never used.")
  }
}

/// Finds the definitions of a file and what they spread.
private struct FileScan {
  private(set) var operations: [RouteFiles.Piece] = []
  private(set) var fragments: [(name: String, piece: RouteFiles.Piece)] = []
  private(set) var isExecutable = true

  init(_ file: RouteFiles.File, _ index: Int) {
    let definitions = Array(file.document.definitions)
    for (place, definition) in definitions.enumerated() {
      // What stands before the first definition, comments, belongs to it.
      let start = place == 0 ? 0 : Int(definition.node.start)
      let end = place + 1 < definitions.count ? Int(definitions[place + 1].node.start) : file.text.count
      var piece = RouteFiles.Piece(
        file: index, range: start..<end, line: file.document.source.location(at: start).line, spreads: [])
      switch definition.kind {
      case .operationDefinition:
        FileScan.collect(OperationNode(definition.node).selectionSet, &piece.spreads)
        operations.append(piece)
      case .fragmentDefinition:
        let fragment = FragmentDefinitionNode(definition.node)
        FileScan.collect(fragment.selectionSet, &piece.spreads)
        fragments.append((fragment.name.description, piece))
      default: isExecutable = false
      }
    }
  }

  /// The parser has bounded the nesting.
  private static func collect(_ set: SelectionSetNode, _ spreads: inout Set<String>) {
    for selection in set.selections {
      switch selection.kind {
      case .field: if let inner = selection.asField.selectionSet { collect(inner, &spreads) }
      case .fragmentSpread: spreads.insert(selection.asFragmentSpread.name.description)
      case .inlineFragment: collect(selection.asInlineFragment.selectionSet, &spreads)
      default: break
      }
    }
  }
}
