/// Reads one token at a time from UTF-8 bytes (§ 2.1). Owned by one `Parser`; holds no memory of its own.
///
/// The source is followed by zero bytes, which begin no token, so the end is looked for only there.
struct Lexer {
  let bytes: UnsafePointer<UInt8>

  /// The number of bytes without the padding.
  let count: Int

  /// The current token.
  private(set) var kind = TokenKind.endOfFile
  private(set) var start = 0
  private(set) var end = 0

  /// Whether the current token, a string, has escape sequences.
  private(set) var hasEscapes = false

  /// Tokens read so far, the end of the file not counted.
  private(set) var tokenCount = 0

  private let tokenLimit: Int
  private let classes: UnsafePointer<UInt8>

  init(_ source: Source, tokenLimit: Int?) {
    bytes = source.bytes
    count = source.count
    classes = ByteClass.table.utf8Start
    self.tokenLimit = tokenLimit ?? Int.max
  }

  /// The number of bytes of the current token.
  var length: Int { end &- start }

  /// Moves to the next token that is not ignored.
  mutating func advance() throws(SyntaxFailure) {
    var position = end
    while true {
      let byteClass = classes[Int(bytes[position])]
      switch byteClass {
      case ByteClass.blank:
        position = bytes[position] == 0x0A ? endOfIndentation(after: position) : position &+ 1
        continue
      case ByteClass.letter:
        finish(.name, from: position, to: endOfName(after: position))
      case UInt8(ascii: "#"):
        position = try endOfComment(from: position)
        continue
      case UInt8(ascii: "\""):
        try readString(from: position)
      case ByteClass.digit, UInt8(ascii: "-"):
        try readNumber(from: position)
      case UInt8(ascii: "."):
        guard bytes[position &+ 1] == byteClass, bytes[position &+ 2] == byteClass else {
          throw unexpectedCharacter(at: position)
        }
        finish(.spread, from: position, to: position &+ 3)
      case UInt8(ascii: "?"):
        if position >= count {
          finish(.endOfFile, from: count, to: count)
          return
        }
        guard isByteOrderMark(at: position) else { throw unexpectedCharacter(at: position) }
        position &+= 3
        continue
      default:
        finish(TokenKind(byteClass), from: position, to: position &+ 1)
      }
      tokenCount &+= 1
      if tokenCount > tokenLimit { throw tooManyTokens(tokenLimit) }
      return
    }
  }

  @inline(__always)
  private mutating func finish(_ kind: TokenKind, from start: Int, to end: Int) {
    self.kind = kind
    self.start = start
    self.end = end
  }

  /// Whether the current token is this name.
  @inline(__always)
  func isAt(keyword: StaticString) -> Bool {
    guard kind == .name, length == keyword.utf8CodeUnitCount else { return false }
    return begins(with: keyword)
  }

  private func begins(with keyword: StaticString) -> Bool {
    var index = 0
    while index < keyword.utf8CodeUnitCount {
      if bytes[start &+ index] != keyword.utf8Start[index] { return false }
      index &+= 1
    }
    return true
  }

  @inline(__always)
  private func endOfName(after start: Int) -> Int {
    // Eight bytes at a time. A word may end in the padding, whose zeros end the name.
    var position = start &+ 1
    while true {
      let word = UInt64(
        littleEndian: UnsafeRawPointer(bytes + position).loadUnaligned(as: UInt64.self))
      let ends = ByteClass.endsOfName(in: word)
      if ends != 0 { return position &+ ends.trailingZeroBitCount >> 3 }
      position &+= 8
    }
  }

  /// Skips the spaces that begin a line, up to eight; the caller goes on where there are more.
  @inline(__always)
  private func endOfIndentation(after lineFeed: Int) -> Int {
    // The word may end in the padding.
    let word = UInt64(
      littleEndian: UnsafeRawPointer(bytes + lineFeed).loadUnaligned(fromByteOffset: 1, as: UInt64.self))
    // The lowest byte that is not a space; none gives 64 bits, eight bytes.
    return lineFeed &+ 1 &+ (word ^ 0x2020_2020_2020_2020).trailingZeroBitCount >> 3
  }

  /// U+FEFF is ignored wherever it stands (§ 2.1.2).
  private func isByteOrderMark(at position: Int) -> Bool {
    bytes[position] == 0xEF && bytes[position &+ 1] == 0xBB && bytes[position &+ 2] == 0xBF
  }

  private func endOfComment(from start: Int) throws(SyntaxFailure) -> Int {
    var position = start &+ 1
    while position < count {
      let byte = bytes[position]
      if byte == 0x0A || byte == 0x0D { break }
      guard byte >= 0x80 else {
        position &+= 1
        continue
      }
      guard let scalar = decodeScalar(bytes + position, limit: count &- position) else {
        throw unexpectedCharacter(at: position)
      }
      position &+= scalar.length
    }
    return position
  }

  // MARK: Numbers (§ 2.10.1, § 2.10.2)

  private mutating func readNumber(from start: Int) throws(SyntaxFailure) {
    var position = start
    var isFloat = false
    if bytes[position] == UInt8(ascii: "-") { position &+= 1 }
    if bytes[position] == UInt8(ascii: "0") {
      position &+= 1
      if isDigit(at: position) { throw digitAfterZero(at: position) }
    } else {
      position = try endOfDigits(from: position)
    }
    if bytes[position] == UInt8(ascii: ".") {
      isFloat = true
      position = try endOfDigits(from: position &+ 1)
    }
    if bytes[position] | 0x20 == UInt8(ascii: "e") {
      isFloat = true
      position &+= 1
      if bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position &+= 1 }
      position = try endOfDigits(from: position)
    }
    // § 2.10.1: a number is not followed by "." or the start of a name.
    let following = classes[Int(bytes[position])]
    if following == UInt8(ascii: ".") || following == ByteClass.letter { throw noDigit(at: position) }
    finish(isFloat ? .float : .int, from: start, to: position)
  }

  private func isDigit(at position: Int) -> Bool { classes[Int(bytes[position])] == ByteClass.digit }

  private func endOfDigits(from start: Int) throws(SyntaxFailure) -> Int {
    guard isDigit(at: start) else { throw noDigit(at: start) }
    var position = start &+ 1
    while isDigit(at: position) { position &+= 1 }
    return position
  }

  // MARK: Strings; the scanning is in Lexer+Strings.swift

  private mutating func readString(from start: Int) throws(SyntaxFailure) {
    hasEscapes = false
    if bytes[start &+ 1] == UInt8(ascii: "\""), bytes[start &+ 2] == UInt8(ascii: "\"") {
      finish(.blockString, from: start, to: try endOfBlockString(from: start &+ 3))
    } else {
      finish(.string, from: start, to: try endOfString(from: start &+ 1, hasEscapes: &hasEscapes))
    }
  }
}
