// The wording and the places of syntax errors; graphql-js's, so that clients and suites recognise them.

/// Why parsing stopped, before line and column are known: those are computed once, at the border.
struct SyntaxFailure: Error {
  /// Byte offset in the source.
  let offset: Int

  /// Without the prefix "Syntax Error: ".
  let message: String

  init(_ offset: Int, _ message: String) {
    self.offset = offset
    self.message = message
  }

  /// The error that a client sees.
  func error(in source: Source) -> GraphQLError {
    GraphQLError("Syntax Error: \(message)", locations: [source.location(at: offset)])
  }
}

extension Lexer {
  @inline(never)
  func unexpectedCharacter(at position: Int) -> SyntaxFailure {
    if bytes[position] == UInt8(ascii: "'") {
      return SyntaxFailure(
        position,
        "Unexpected single quote character ('), did you mean to use a double quote (\")?")
    }
    guard decodeScalar(bytes + position, limit: count &- position) != nil else {
      return SyntaxFailure(position, "Invalid character: \(describeCharacter(at: position)).")
    }
    return SyntaxFailure(position, "Unexpected character: \(describeCharacter(at: position)).")
  }

  @inline(never)
  func digitAfterZero(at position: Int) -> SyntaxFailure {
    SyntaxFailure(
      position, "Invalid number, unexpected digit after 0: \(describeCharacter(at: position)).")
  }

  @inline(never)
  func noDigit(at position: Int) -> SyntaxFailure {
    SyntaxFailure(
      position, "Invalid number, expected digit but got: \(describeCharacter(at: position)).")
  }

  /// `units` counts UTF-16 units, as the quoted part of graphql-js's message does.
  @inline(never)
  func invalidEscape(at position: Int, units: Int, _ what: String) -> SyntaxFailure {
    var end = position
    var seen = 0
    while seen < units, let (scalar, length) = decodeScalar(bytes + end, limit: count &- end) {
      seen += scalar.value > 0xFFFF ? 2 : 1
      end += length
    }
    return SyntaxFailure(position, "Invalid \(what) sequence: \"\(text(from: position, to: end))\".")
  }

  @inline(never)
  func tooManyTokens(_ limit: Int) -> SyntaxFailure {
    SyntaxFailure(start, "Document contains more that \(limit) tokens. Parsing aborted.")
  }

  /// `Expected Name, found "}".`
  @inline(never)
  func expected(_ kind: TokenKind) -> SyntaxFailure {
    SyntaxFailure(start, "Expected \(describe(kind)), found \(describeToken()).")
  }

  @inline(never)
  func expected(keyword: StaticString) -> SyntaxFailure {
    SyntaxFailure(start, "Expected \"\(keyword)\", found \(describeToken()).")
  }

  /// `Unexpected Name "x".`
  @inline(never)
  func unexpectedToken() -> SyntaxFailure {
    SyntaxFailure(start, "Unexpected \(describeToken()).")
  }

  @inline(never)
  func reservedEnumValue() -> SyntaxFailure {
    SyntaxFailure(start, "\(describeToken()) is reserved and cannot be used for an enum value.")
  }

  /// The current token with its value, as it stands in messages.
  func describeToken() -> String {
    switch kind {
    case .name, .int, .float:
      return "\(describe(kind)) \"\(text(from: start, to: end))\""
    case .string, .blockString:
      var value: [UInt8] = []
      let quotes = kind == .blockString ? 3 : 1
      let raw = UnsafeBufferPointer(start: bytes + start + quotes, count: length - 2 * quotes)
      if kind == .blockString {
        appendBlockStringValue(of: raw, to: &value)
      } else {
        appendStringValue(of: raw, to: &value)
      }
      return "\(describe(kind)) \"\(String(decoding: value, as: UTF8.self))\""
    default:
      return describe(kind)
    }
  }

  func text(from start: Int, to end: Int) -> String {
    String(decoding: UnsafeBufferPointer(start: bytes + start, count: end - start), as: UTF8.self)
  }

  private func describe(_ kind: TokenKind) -> String {
    switch kind {
    case .endOfFile: "<EOF>"
    case .name: "Name"
    case .int: "Int"
    case .float: "Float"
    case .string: "String"
    case .blockString: "BlockString"
    case .spread: "\"...\""
    default: "\"\(Unicode.Scalar(kind.rawValue))\""
    }
  }

  /// The character at `position` as it stands in messages; bytes that form none in hexadecimal.
  func describeCharacter(at position: Int) -> String {
    if position >= count { return "<EOF>" }
    guard let (scalar, _) = decodeScalar(bytes + position, limit: count &- position) else {
      return loneSurrogate(at: position).map(describeCodePoint)
        ?? "0x\(String(bytes[position], radix: 16, uppercase: true))"
    }
    switch scalar.value {
    case 0x22: return "'\"'"
    case 0x20...0x7E: return "\"\(scalar)\""
    default: return describeCodePoint(scalar.value)
    }
  }

  private func describeCodePoint(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// A surrogate that someone encoded as if it were a character: ED A0..BF 80..BF, never valid UTF-8.
  private func loneSurrogate(at position: Int) -> UInt32? {
    guard count &- position >= 3, bytes[position] == 0xED, bytes[position &+ 1] >= 0xA0 else { return nil }
    return 0xD000 | UInt32(bytes[position &+ 1] & 0x3F) << 6 | UInt32(bytes[position &+ 2] & 0x3F)
  }
}
