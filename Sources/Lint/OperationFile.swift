import GraphQLEngine

/// A file of operations and fragments, parsed, with what its definitions refer to.
struct OperationFile: Sendable {
  /// An operation or a fragment.
  struct Definition: Sendable {
    /// A fragment's name; nil for an operation.
    var fragment: String?
    /// Its bytes and what stands behind it, up to the next definition.
    var range: Range<Int>
    var start: SourceLocation
    /// The fragments that it spreads, each once.
    var spreads: [String]
  }

  let file: TextFile
  /// Nil where the text does not parse.
  let document: Document?
  let syntaxError: GraphQLError?
  private(set) var definitions: [Definition] = []
  /// The first fragment of each name.
  private(set) var fragments: [String: Int] = [:]

  init(_ file: TextFile) {
    self.file = file
    do throws(GraphQLError) {
      // Whoever lints a file knows it: only its size is bounded, and its nesting.
      document = try Document.parse(file.source, limits: .schema)
      syntaxError = nil
    } catch {
      document = nil
      syntaxError = error
    }
    if let document { collectDefinitions(document) }
  }

  private mutating func collectDefinitions(_ document: Document) {
    for definition in document.definitions {
      let start = Int(definition.node.start)
      if let last = definitions.indices.last {
        definitions[last].range = definitions[last].range.lowerBound..<start
      }
      var entry = Definition(
        range: start..<file.source.count, start: file.lines.location(at: start, in: file.source), spreads: [])
      switch definition.kind {
      case .operationDefinition:
        entry.spreads = OperationFile.spreads(in: OperationNode(definition.node).selectionSet)
      case .fragmentDefinition:
        let fragment = FragmentDefinitionNode(definition.node)
        let name = fragment.name.description
        entry.fragment = name
        entry.spreads = OperationFile.spreads(in: fragment.selectionSet)
        if fragments[name] == nil { fragments[name] = definitions.count }
      default: break
      }
      definitions.append(entry)
    }
  }

  private static func spreads(in set: SelectionSetNode) -> [String] {
    var names: [String] = []
    var known: Set<String> = []
    var open = [set]
    while let set = open.popLast() {
      for selection in set.selections {
        switch selection.kind {
        case .field: if let inner = selection.asField.selectionSet { open.append(inner) }
        case .inlineFragment: open.append(selection.asInlineFragment.selectionSet)
        default:
          let name = selection.asFragmentSpread.name.description
          if known.insert(name).inserted { names.append(name) }
        }
      }
    }
    return names
  }
}

/// All files of operations of a command: where fragments are, and which are used.
struct OperationFiles {
  /// A definition of one of the files.
  struct Reference: Hashable {
    var file: Int
    var definition: Int
  }

  let files: [OperationFile]
  /// The files' fragments by name; where files have several, one for each file.
  private let fragments: [String: [Reference]]

  init(_ files: [OperationFile]) {
    self.files = files
    var fragments: [String: [Reference]] = [:]
    for (index, file) in files.enumerated() {
      for (name, definition) in file.fragments {
        fragments[name, default: []].append(Reference(file: index, definition: definition))
      }
    }
    self.fragments = fragments
  }

  subscript(reference: Reference) -> OperationFile.Definition {
    files[reference.file].definitions[reference.definition]
  }

  /// What the name of a fragment means in a file: its own fragment, else those of other files.
  func fragments(named name: String, in file: Int) -> [Reference] {
    if let own = files[file].fragments[name] { return [Reference(file: file, definition: own)] }
    return fragments[name] ?? []
  }

  /// The fragments of other files that a file refers to, directly or not, and the names that mean several.
  func imports(of file: Int) -> (fragments: [Reference], ambiguous: [[Reference]]) {
    var found: [Reference] = []
    var ambiguous: [[Reference]] = []
    // A file's own names come first, then one meaning for each name, as the checked document has one.
    var known = Set(files[file].fragments.keys)
    var open = files[file].definitions.indices.map { Reference(file: file, definition: $0) }
    while let next = open.popLast() {
      for name in self[next].spreads where known.insert(name).inserted {
        let meanings = fragments(named: name, in: next.file)
        guard let first = meanings.first else { continue }
        if meanings.count > 1 { ambiguous.append(meanings) }
        found.append(first)
        open.append(first)
      }
    }
    return (found, ambiguous)
  }

  /// Fragments that no operation of any file reaches.
  func unusedFragments() -> [Reference] {
    var reached: Set<Reference> = []
    var open: [Reference] = []
    for (index, file) in files.enumerated() {
      for (number, definition) in file.definitions.enumerated() where definition.fragment == nil {
        open.append(Reference(file: index, definition: number))
      }
    }
    while let next = open.popLast() {
      for name in self[next].spreads {
        for meaning in fragments(named: name, in: next.file) where reached.insert(meaning).inserted {
          open.append(meaning)
        }
      }
    }
    return files.indices.flatMap { file in
      files[file].definitions.indices.map { Reference(file: file, definition: $0) }
        .filter { reference in
          guard let name = self[reference].fragment else { return false }
          // Of two with a name in one file, the first stands for both; validation reports the other.
          let first = files[file].fragments[name].map { Reference(file: file, definition: $0) }
          return first.map { !reached.contains($0) } ?? false
        }
    }
  }
}
