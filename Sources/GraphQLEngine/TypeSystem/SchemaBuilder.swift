/// Fills the tables of a schema from parsed documents (§ 3), tolerating all that the SDL rules report.
///
/// Passes: names of the definitions get ids; extensions are joined to them; members are filled type by
/// type, resolving references at once; possible types are linked. Each name occurrence is interned once.
/// Lives for one build.
struct SchemaBuilder {
  let documents: [Document]
  let trees: [SyntaxTree]
  /// Facts are collected from here on; see `SchemaDefinitions.firstDocument`.
  let firstDocument: Int
  /// Ids of types below are the prelude's.
  let builtInTypeCount: Int
  let builtInDirectiveCount: Int

  var tables: SchemaTables
  var unknownTypes: [SyntaxPosition] = []
  var overwrappedTypes: [SyntaxPosition] = []
  var directiveSites: [DirectiveSite] = []
  /// The same of the schema that is extended, where extensions may add to them.
  var earlierDirectiveSites: [DirectiveSite] = []
  /// Operations and fragments in the documents that are being checked.
  var executableDefinitions: [SyntaxPosition] = []
  var stray = StrayFacts()
  var lastGroup: UInt32 = 0
  /// Types from here on are extended, but defined nowhere.
  var definedTypeCount = 0
  /// Whether a built-in type has its place in `typeOrder` already.
  var isPlaced: [Bool]
  /// Built-in types that the SDL defines too, and the user type that follows: they take their places there.
  var declaredBuiltIns: [(type: TypeID, next: Int)] = []

  /// Fills the tables from `documents`, behind those of the schema that they extend.
  static func build(
    documents: [Document], existing: Schema?, options: Schema.Options
  ) -> SchemaDefinitions {
    let prelude = Prelude.matching(options)
    let inherited = existing.map { Array($0.documents.dropFirst()) } ?? []
    var builder = SchemaBuilder(
      documents: prelude.tables.documents + inherited + documents,
      firstDocument: 1 + inherited.count, tables: prelude.tables)
    builder.reserveCapacity()
    builder.tables.documents = builder.documents
    builder.tables.builtInTypeCount = prelude.typeCount
    let extensions = builder.registerDefinitions(from: 1)
    let directiveCount = builder.tables.directives.count
    builder.registerExtensions(extensions)
    builder.fillMembers()
    builder.linkPossibleTypes()
    builder.chooseRootTypes(existing: existing)
    builder.noteExecutableDefinitions(existing: existing)
    builder.removeUnusedScalars()
    return SchemaDefinitions(
      schema: Schema(builder.tables), existing: existing, firstDocument: builder.firstDocument,
      definedTypeCount: builder.definedTypeCount, definedDirectiveCount: directiveCount,
      unknownTypes: builder.unknownTypes, overwrappedTypes: builder.overwrappedTypes,
      directiveSites: builder.directiveSites, earlierDirectiveSites: builder.earlierDirectiveSites,
      stray: builder.stray)
  }

  /// Fills the tables that every schema starts from.
  static func buildPrelude(_ sdl: String) -> SchemaTables {
    let empty = SchemaTables(wellKnown: .builtIn(firstMetaField: 0), symbols: SymbolTable())
    // The text is a constant of the engine, read by every test; a process in which it does not parse has no
    // types.
    guard let document = try? Document.parse(sdl) else { return empty }
    var builder = SchemaBuilder(documents: [document], firstDocument: 1, tables: empty)
    builder.tables.documents = [document]
    _ = builder.registerDefinitions(from: 0)
    builder.registerExtensions([])
    builder.fillMembers()
    builder.removeMetaType()
    for index in builder.tables.types.indices { builder.tables.types[index].isBuiltIn = true }
    for index in builder.tables.directives.indices { builder.tables.directives[index].isBuiltIn = true }
    builder.linkPossibleTypes()
    builder.tables.typeOrder = []
    builder.tables.directiveOrder = []
    return builder.tables
  }

  private init(documents: [Document], firstDocument: Int, tables: SchemaTables) {
    self.documents = documents
    trees = documents.map(\.tree)
    self.firstDocument = firstDocument
    builtInTypeCount = tables.types.count
    builtInDirectiveCount = tables.directives.count
    isPlaced = [Bool](repeating: false, count: tables.types.count)
    self.tables = tables
  }

  /// Sizes by the length of the source: GitHub's schema has a field or argument every 75 bytes.
  private mutating func reserveCapacity() {
    let bytes = documents.dropFirst().reduce(0) { $0 + $1.source.count }
    tables.fields.reserveCapacity(tables.fields.count + bytes / 150)
    tables.inputValues.reserveCapacity(tables.inputValues.count + bytes / 150)
    tables.types.reserveCapacity(tables.types.count + bytes / 600)
    tables.symbols.reserveCapacity(tables.symbols.count + bytes / 150)
  }

  /// The meta fields stay in `fields`; the type that carried them goes.
  private mutating func removeMetaType() {
    guard let meta = tables.types.popLast() else { return }
    tables.wellKnown = .builtIn(firstMetaField: Int(meta.fields.start))
    tables.symbols.removeType(meta.name)
  }

  /// Turns syntax into a node.
  func node(_ position: SyntaxPosition) -> SyntaxNode {
    SyntaxNode(tree: trees[Int(position.document)], index: position.index)
  }

  /// The position of a node of the document that is being read.
  func position(_ node: SyntaxNode, in document: Int) -> SyntaxPosition {
    SyntaxPosition(document: UInt32(document), index: node.index)
  }
}

extension SchemaTables {
  init(wellKnown: WellKnown, symbols: SymbolTable) {
    self.wellKnown = wellKnown
    self.symbols = symbols
  }
}
