/// Bounds of parsing, and the option that a newer edition brought.
public struct ParseLimits: Hashable, Sendable {
  /// The most lexical tokens of a document; nil for no bound.
  public var tokens: Int?

  /// How deep selection sets, values and list types may nest, all counted together.
  ///
  /// The parser and everything behind it that recurses over a document rely on it: 200 levels fit on a stack
  /// of 512 KiB. Raise it only together with the stack.
  public var nestingDepth: Int

  /// Whether `{ }` is a selection set, as in the edition of September 2026 (§ 2.5).
  public var allowsEmptySelectionSets: Bool

  public init(tokens: Int? = 15_000, nestingDepth: Int = 200, allowsEmptySelectionSets: Bool = true) {
    self.tokens = tokens
    self.nestingDepth = nestingDepth
    self.allowsEmptySelectionSets = allowsEmptySelectionSets
  }

  /// For documents that clients send: at most 15,000 tokens.
  public static let request = ParseLimits()

  /// For schemas of the operator's own: any number of tokens.
  public static let schema = ParseLimits(tokens: nil)
}

extension Document {
  /// Parses an executable document, a schema, or both mixed (§ 2.3).
  public static func parse(
    _ source: Source, limits: ParseLimits = .init()
  ) throws(GraphQLError) -> Document {
    try Parser.run(source, limits: limits) { (parser: inout Parser) throws(SyntaxFailure) in
      try parser.parseDefinitions()
    }
  }

  /// Parses a text.
  public static func parse(
    _ text: String, limits: ParseLimits = .init()
  ) throws(GraphQLError) -> Document {
    try parse(Source(text), limits: limits)
  }

  /// Parses UTF-8 bytes; bytes that are not UTF-8 are a syntax error.
  public static func parse(
    _ bytes: [UInt8], limits: ParseLimits = .init()
  ) throws(GraphQLError) -> Document {
    try parse(Source(bytes), limits: limits)
  }

  /// Parses a single value; `rootValue` is the result.
  public static func parseValue(
    _ source: Source, limits: ParseLimits = .init()
  ) throws(GraphQLError) -> Document {
    try Parser.run(source, limits: limits) { (parser: inout Parser) throws(SyntaxFailure) in
      try parser.parseValue(isConstant: false)
    }
  }

  /// Parses a single type reference; `rootType` is the result.
  public static func parseType(
    _ source: Source, limits: ParseLimits = .init()
  ) throws(GraphQLError) -> Document {
    try Parser.run(source, limits: limits) { (parser: inout Parser) throws(SyntaxFailure) in
      try parser.parseTypeReference()
    }
  }

  /// The value of a document that `parseValue` made.
  public var rootValue: ValueNode { ValueNode(SyntaxNode(tree: tree, index: tree[3])) }

  /// The type of a document that `parseType` made.
  public var rootType: TypeNode { TypeNode(SyntaxNode(tree: tree, index: tree[3])) }

  /// Line and column of a node's first character.
  public func location(of node: SyntaxNode) -> SourceLocation { source.location(at: Int(node.start)) }

  /// Line and column of a node's first character.
  public func location(of view: some SyntaxView) -> SourceLocation { location(of: view.node) }

  /// Line and column of a name.
  public func location(of name: SyntaxName) -> SourceLocation { source.location(at: Int(name.start)) }
}

/// Recursive descent over the lexer's tokens (§ 2, Appendix C). Lives on the stack of one call of
/// `Document.parse`.
///
/// `mutating` means "consumes"; `isAt` never moves. Every loop parses an item that consumes at least one
/// token or throws, so each ends with the source. Nesting is bounded by `descend`.
struct Parser {
  var lexer: Lexer
  var slab: Slab
  let limits: ParseLimits
  private var depth = 0

  private init(_ source: Source, limits: ParseLimits) {
    lexer = Lexer(source, tokenLimit: limits.tokens)
    // A word for each byte of source holds most documents; a request's rarely needs a second allocation. What
    // a schema with descriptions leaves, four fifths, is never written and so never resident.
    slab = Slab(capacity: source.count + 64)
    self.limits = limits
  }

  /// Parses `production` up to the end of the file, as the content of a new document.
  static func run(
    _ source: Source, limits: ParseLimits, _ production: (inout Parser) throws(SyntaxFailure) -> UInt32
  ) throws(GraphQLError) -> Document {
    // Lengths are kept in 32 bits, with and without a sign.
    guard source.count <= Int(Int32.max) - Source.padding else {
      throw GraphQLError("Syntax Error: Document is longer than 2 GiB.")
    }
    var parser = Parser(source, limits: limits)
    do throws(SyntaxFailure) {
      let root = try parser.open(.document, at: 0, slots: 1)
      try parser.lexer.advance()
      parser.slab[root, 0] = try production(&parser)
      guard parser.isAt(.endOfFile) else { throw parser.lexer.expected(.endOfFile) }
    } catch {
      parser.slab.deallocate()
      throw error.error(in: source)
    }
    return Document(
      source: source, slab: parser.slab, tokenCount: parser.lexer.tokenCount)
  }

  // MARK: Definitions (§ 2.3)

  /// Returns the first definition.
  mutating func parseDefinitions() throws(SyntaxFailure) -> UInt32 {
    var definitions = ListBuilder()
    repeat {
      definitions.append(try parseDefinition(), in: slab)
    } while !isAt(.endOfFile)
    return definitions.first
  }

  private mutating func parseDefinition() throws(SyntaxFailure) -> UInt32 {
    let start = lexer.start
    if isAt(.openBrace) { return try parseShorthandQuery() }
    let description = try parseDescription()
    guard isAt(.name) else {
      if description != 0, isAt(.openBrace) {
        throw SyntaxFailure(
          start, "Unexpected description, descriptions are not supported on shorthand queries.")
      }
      throw lexer.unexpectedToken()
    }
    if let definition = try parseTypeSystemDefinition(start: start, description: description) {
      return definition
    }
    if let definition = try parseExecutableDefinition(start: start, description: description) {
      return definition
    }
    guard description == 0 else {
      throw SyntaxFailure(
        start, "Unexpected description, only GraphQL definitions support descriptions.")
    }
    guard isAt(keyword: "extend") else { throw lexer.unexpectedToken() }
    return try parseExtension(start: start)
  }

  // MARK: Tokens

  @inline(__always)
  func isAt(_ kind: TokenKind) -> Bool { lexer.kind == kind }

  @inline(__always)
  func isAt(keyword: StaticString) -> Bool { lexer.isAt(keyword: keyword) }

  /// Consumes a token of this kind, if it is the next.
  @inline(__always)
  mutating func eat(_ kind: TokenKind) throws(SyntaxFailure) -> Bool {
    guard lexer.kind == kind else { return false }
    try lexer.advance()
    return true
  }

  @inline(__always)
  mutating func expect(_ kind: TokenKind) throws(SyntaxFailure) {
    guard lexer.kind == kind else { throw lexer.expected(kind) }
    try lexer.advance()
  }

  mutating func eat(keyword: StaticString) throws(SyntaxFailure) -> Bool {
    guard isAt(keyword: keyword) else { return false }
    try lexer.advance()
    return true
  }

  mutating func expect(keyword: StaticString) throws(SyntaxFailure) {
    guard isAt(keyword: keyword) else { throw lexer.expected(keyword: keyword) }
    try lexer.advance()
  }

  // MARK: Nodes

  /// Appends a record whose slots are all absent.
  @inline(__always)
  mutating func open(_ kind: SyntaxKind, at start: Int, slots: Int) throws(SyntaxFailure) -> UInt32 {
    guard let node = slab.append(kind, start: start, slots: slots) else {
      throw SyntaxFailure(start, "Document has more nodes than fit in 32-bit indexes.")
    }
    return node
  }

  /// Consumes a name and keeps its range in two slots.
  @inline(__always)
  mutating func parseName(into node: UInt32, slot: Int) throws(SyntaxFailure) {
    guard lexer.kind == .name else { throw lexer.expected(.name) }
    setText(of: node, slot: slot, start: lexer.start, length: lexer.length)
    try lexer.advance()
  }

  @inline(__always)
  mutating func setText(of node: UInt32, slot: Int, start: Int, length: Int) {
    slab[node, slot] = UInt32(truncatingIfNeeded: start)
    slab[node, slot &+ 1] = UInt32(truncatingIfNeeded: length)
  }

  // MARK: Nesting

  @inline(__always)
  mutating func descend() throws(SyntaxFailure) {
    depth &+= 1
    if depth > limits.nestingDepth {
      throw SyntaxFailure(
        lexer.start, "Document nests deeper than \(limits.nestingDepth) levels. Parsing aborted.")
    }
  }

  @inline(__always)
  mutating func ascend() { depth &-= 1 }
}
