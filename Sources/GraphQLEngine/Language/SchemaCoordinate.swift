/// Names one element of a schema: `Type`, `Type.member`, `Type.field(argument:)`, `@directive` or
/// `@directive(argument:)` (§ 2.14).
///
/// The grammar is one of its own: nothing is ignored, not even a space.
public enum SchemaCoordinate: Hashable, Sendable, CustomStringConvertible {
  case type(String)
  /// A field, an input field or an enum value.
  case member(type: String, name: String)
  case argument(type: String, field: String, name: String)
  case directive(String)
  case directiveArgument(directive: String, name: String)

  /// Parses a text that is one coordinate. Errors are worded and placed as graphql-js does.
  public static func parse(_ text: String) throws(GraphQLError) -> SchemaCoordinate {
    let source = Source(text)
    do throws(SyntaxFailure) {
      var parser = SchemaCoordinateParser(source)
      return try parser.parse()
    } catch {
      throw error.error(in: source)
    }
  }

  public var description: String {
    switch self {
    case .type(let name): name
    case .member(let type, let name): "\(type).\(name)"
    case .argument(let type, let field, let name): "\(type).\(field)(\(name):)"
    case .directive(let name): "@\(name)"
    case .directiveArgument(let directive, let name): "@\(directive)(\(name):)"
    }
  }
}

/// Reads the tokens of a coordinate with a lexer that ignores nothing. Lives for one call of `parse`.
private struct SchemaCoordinateParser {
  private var lexer: SchemaCoordinateLexer

  init(_ source: Source) { lexer = SchemaCoordinateLexer(source) }

  mutating func parse() throws(SyntaxFailure) -> SchemaCoordinate {
    try lexer.advance()
    let isDirective = try eat("@")
    let name = try parseName()
    var member: String?
    if !isDirective, try eat(".") { member = try parseName() }
    var argument: String?
    if isDirective || member != nil { argument = try parseArgument() }
    guard lexer.character == nil, lexer.end == lexer.start else {
      throw lexer.expected("<EOF>")
    }
    switch (isDirective, member, argument) {
    case (true, _, let argument?): return .directiveArgument(directive: name, name: argument)
    case (true, _, nil): return .directive(name)
    case (false, let member?, let argument?): return .argument(type: name, field: member, name: argument)
    case (false, let member?, nil): return .member(type: name, name: member)
    case (false, nil, _): return .type(name)
    }
  }

  /// `(name:)`, if there is one.
  private mutating func parseArgument() throws(SyntaxFailure) -> String? {
    guard try eat("(") else { return nil }
    let name = try parseName()
    try expect(":")
    try expect(")")
    return name
  }

  private mutating func parseName() throws(SyntaxFailure) -> String {
    guard lexer.isName else { throw lexer.expected("Name") }
    let name = lexer.text
    try lexer.advance()
    return name
  }

  private mutating func eat(_ character: Unicode.Scalar) throws(SyntaxFailure) -> Bool {
    guard lexer.character == UInt8(ascii: character) else { return false }
    try lexer.advance()
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(SyntaxFailure) {
    guard try eat(character) else { throw lexer.expected("\"\(character)\"") }
  }
}

/// Tokens of a coordinate: names, and the punctuators `.` `(` `)` `:` `@`.
private struct SchemaCoordinateLexer {
  private let source: Source
  private(set) var start = 0
  private(set) var end = 0

  init(_ source: Source) { self.source = source }

  /// The current token's character, when it is a punctuator.
  var character: UInt8? { end > start && !isName ? source.bytes[start] : nil }

  var isName: Bool { end > start && classOfByte(at: start) == ByteClass.letter }

  var text: String {
    String(decoding: UnsafeBufferPointer(start: source.bytes + start, count: end - start), as: UTF8.self)
  }

  mutating func advance() throws(SyntaxFailure) {
    start = end
    guard start < source.count else { return }
    switch source.bytes[start] {
    case UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ":"), UInt8(ascii: "@"):
      end = start + 1
    default:
      guard classOfByte(at: start) == ByteClass.letter else {
        let described = Lexer(source, tokenLimit: nil).describeCharacter(at: start)
        throw SyntaxFailure(start, "Invalid character: \(described).")
      }
      end = start + 1
      while ByteClass.continuesName(classOfByte(at: end)) { end += 1 }
    }
  }

  private func classOfByte(at position: Int) -> UInt8 {
    ByteClass.table.utf8Start[Int(source.bytes[position])]
  }

  func expected(_ what: String) -> SyntaxFailure {
    let found = isName ? "Name \"\(text)\"" : end > start ? "\"\(text)\"" : "<EOF>"
    return SyntaxFailure(start, "Expected \(what), found \(found).")
  }
}
