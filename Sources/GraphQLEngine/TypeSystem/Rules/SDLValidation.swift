/// What the SDL rules share: the filled tables, the report, and marks by name. Lives for one check.
struct SDLValidation {
  let definitions: SchemaDefinitions
  let schema: Schema
  var report: SchemaErrorReport
  /// What was seen under a name, within one owner.
  var marks: SymbolMarks

  private let trees: [SyntaxTree]

  init(_ definitions: SchemaDefinitions, maximumErrors: Int) {
    self.definitions = definitions
    schema = definitions.schema
    report = SchemaErrorReport(maximumErrors: maximumErrors)
    marks = SymbolMarks(count: definitions.schema.symbols.count)
    trees = definitions.schema.documents.map(\.tree)
  }

  func node(_ position: SyntaxPosition) -> SyntaxNode {
    SyntaxNode(tree: trees[Int(position.document)], index: position.index)
  }

  /// Whether a definition belongs to the documents that are being checked.
  func isNew(_ position: SyntaxPosition) -> Bool { Int(position.document) >= definitions.firstDocument }

  /// Where a definition begins, its description included.
  func place(of position: SyntaxPosition) -> SDLPlace {
    SDLPlace(position.document, node: node(position))
  }

  /// Where the name of a type, member or directive stands.
  func namePlace(of position: SyntaxPosition) -> SDLPlace {
    SDLPlace(position.document, name: node(position).name(0))
  }

  /// The types of the caller's documents, those included that are extended only.
  var callersTypes: Range<Int> { schema.builtInTypeCount..<schema.types.count }

  /// A directive that is defined somewhere.
  func directive(named name: SyntaxName) -> DirectiveID? {
    guard let id = schema.directive(named: name), Int(id.rawValue) < definitions.definedDirectiveCount
    else { return nil }
    return id
  }

  /// Calls `body` with every directive that the documents apply.
  mutating func forEachDirective(_ body: (inout SDLValidation, AppliedDirective) -> Void) {
    for site in definitions.directiveSites {
      guard !report.isFull else { return }
      let tree = trees[Int(site.first.document)]
      for directive in SyntaxList<DirectiveNode>(tree: tree, first: site.first.index) {
        body(&self, AppliedDirective(node: directive, document: site.first.document, site: site))
      }
    }
  }
}

/// One directive at one place.
struct AppliedDirective {
  let node: DirectiveNode
  let document: UInt32
  let site: DirectiveSite

  var place: SDLPlace { SDLPlace(document, node: node.node) }
}

/// A set of names with a number each, emptied in constant time.
struct SymbolMarks {
  /// By symbol: the number below the epoch in which it was entered; another epoch means absent.
  private var marks: [UInt64]
  private var epoch: UInt64 = 1

  init(count: Int) { marks = [UInt64](repeating: 0, count: count) }

  mutating func removeAll() { epoch += 1 }

  @inline(__always)
  func value(_ symbol: Symbol) -> Int? {
    let mark = marks[Int(symbol.rawValue)]
    return mark >> 32 == epoch ? Int(truncatingIfNeeded: mark & 0xFFFF_FFFF) : nil
  }

  /// Marks a name; returns what it was marked with before.
  @inline(__always)
  mutating func insert(_ symbol: Symbol, _ value: Int) -> Int? {
    if let known = self.value(symbol) { return known }
    marks[Int(symbol.rawValue)] = epoch << 32 | UInt64(UInt32(value))
    return nil
  }
}
