/// Why bytes are not JSON, and where.
public struct JSONError: Error, Equatable, Sendable {
  /// What is wrong, for people; holds no part of the input.
  public let message: String
  /// Offset of the byte at which it was noticed.
  public let offset: Int
}

extension JSONValue {
  /// The value that UTF-8 bytes hold. At most `JSONParser.maximumDepth` levels; of a repeated key the last
  /// value counts; an escaped lone surrogate and invalid UTF-8 become U+FFFD.
  public init(parsing bytes: some Sequence<UInt8>) throws(JSONError) {
    // A copy makes one kind of buffer of all sources; parsing costs several times as much.
    self = try JSONParser.parse(Array(bytes))
  }

  /// The same of what a person wrote or changed: a repeated key, half of a surrogate pair and bytes that are
  /// no UTF-8 are refused, since whoever sent them would get something else back. A byte order mark before
  /// the value, as editors write it, is ignored (RFC 8259 § 8.1).
  public init(parsingExactly bytes: [UInt8]) throws(JSONError) {
    self = try JSONParser.parse(bytes, isExact: true)
  }

  /// The value that a text holds.
  public init(parsing text: String) throws(JSONError) {
    try self.init(parsing: text.utf8)
  }
}

/// A parser of RFC 8259 that recurses at most `maximumDepth` levels. `mutating` means that it consumes.
struct JSONParser {
  /// Arrays and objects inside each other.
  static let maximumDepth = 128

  private let bytes: [UInt8]
  /// Whether what cannot be kept as it stands is refused.
  private let isExact: Bool
  private var position = 0

  static func parse(_ bytes: [UInt8], isExact: Bool = false) throws(JSONError) -> JSONValue {
    var parser = JSONParser(bytes: bytes, isExact: isExact)
    if isExact, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
    parser.skipWhiteSpace()
    let value = try parser.parseValue(depth: 0)
    parser.skipWhiteSpace()
    guard parser.position == bytes.count else { throw parser.error("Unexpected text after the value") }
    return value
  }

  private init(bytes: [UInt8], isExact: Bool) {
    self.bytes = bytes
    self.isExact = isExact
  }

  private var peek: UInt8 { position < bytes.count ? bytes[position] : 0 }

  private func error(_ message: String) -> JSONError {
    JSONError(message: position < bytes.count ? message : "Unexpected end of the text", offset: position)
  }

  private mutating func skipWhiteSpace() {
    while position < bytes.count {
      let byte = bytes[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      position += 1
    }
  }

  private mutating func parseValue(depth: Int) throws(JSONError) -> JSONValue {
    switch peek {
    case UInt8(ascii: "{"): return .object(try parseObject(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try parseArray(depth: depth + 1))
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
    case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
    case UInt8(ascii: "n"): return try parseWord("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
    default: throw error("Expected a value")
    }
  }

  private mutating func parseWord(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    for offset in 0..<word.utf8CodeUnitCount {
      guard peek == word.utf8Start[offset] else { throw error("Expected a value") }
      position += 1
    }
    return value
  }

  private mutating func parseArray(depth: Int) throws(JSONError) -> [JSONValue] {
    guard depth <= JSONParser.maximumDepth else { throw error("Nested too deeply") }
    position += 1
    var elements: [JSONValue] = []
    skipWhiteSpace()
    if eat(UInt8(ascii: "]")) { return elements }
    repeat {
      skipWhiteSpace()
      elements.append(try parseValue(depth: depth))
      skipWhiteSpace()
    } while eat(UInt8(ascii: ","))
    guard eat(UInt8(ascii: "]")) else { throw error("Expected ',' or ']'") }
    return elements
  }

  private mutating func parseObject(depth: Int) throws(JSONError) -> JSONObject {
    guard depth <= JSONParser.maximumDepth else { throw error("Nested too deeply") }
    let start = position
    position += 1
    var members: [JSONObject.Member] = []
    skipWhiteSpace()
    if eat(UInt8(ascii: "}")) { return JSONObject() }
    repeat {
      skipWhiteSpace()
      guard peek == UInt8(ascii: "\"") else { throw error("Expected a key in quotes") }
      let key = try parseString()
      skipWhiteSpace()
      guard eat(UInt8(ascii: ":")) else { throw error("Expected ':'") }
      skipWhiteSpace()
      members.append(JSONObject.Member(key: key, value: try parseValue(depth: depth)))
      skipWhiteSpace()
    } while eat(UInt8(ascii: ","))
    guard eat(UInt8(ascii: "}")) else { throw error("Expected ',' or '}'") }
    let object = JSONObject(members)
    guard !isExact || object.count == members.count else {
      throw JSONError(message: "A key stands twice in the object that begins here", offset: start)
    }
    return object
  }

  private mutating func eat(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func parseNumber() throws(JSONError) -> JSONValue {
    let start = position
    _ = eat(UInt8(ascii: "-"))
    if !eat(UInt8(ascii: "0")) { try parseDigits() }
    var isInteger = true
    if eat(UInt8(ascii: ".")) {
      isInteger = false
      try parseDigits()
    }
    if peek | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      position += 1
      if !eat(UInt8(ascii: "+")) { _ = eat(UInt8(ascii: "-")) }
      try parseDigits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let value = Int64(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      throw JSONError(message: "A number out of range", offset: start)
    }
    return .number(value)
  }

  private mutating func parseDigits() throws(JSONError) {
    let start = position
    while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(peek) { position += 1 }
    guard position > start else { throw error("Expected a digit") }
  }

  private mutating func parseString() throws(JSONError) -> String {
    position += 1
    let start = position
    while position < bytes.count, !JSONParser.endsPlainText(bytes[position]) { position += 1 }
    if peek == UInt8(ascii: "\""), position < bytes.count {
      defer { position += 1 }
      return try decoded(bytes[start..<position], from: start)
    }
    return try parseStringWithEscapes(from: start)
  }

  private func decoded(_ text: ArraySlice<UInt8>, from start: Int) throws(JSONError) -> String {
    guard isExact else { return String(decoding: text, as: UTF8.self) }
    guard let valid = String(validating: text, as: UTF8.self) else {
      throw JSONError(message: "A string is not valid UTF-8", offset: start)
    }
    return valid
  }

  private static func endsPlainText(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20
  }

  private mutating func parseStringWithEscapes(from start: Int) throws(JSONError) -> String {
    var text = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return try decoded(text[...], from: start)
      case UInt8(ascii: "\\"):
        position += 1
        try parseEscape(into: &text)
      case 0..<0x20:
        throw error("A control character in a string must be escaped")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw error("Unexpected end of the text")
  }

  private mutating func parseEscape(into text: inout [UInt8]) throws(JSONError) {
    let byte = peek
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      position += 1
      text.append(contentsOf: String(Character(try parseScalar())).utf8)
      return
    default: throw error("An unknown escape in a string")
    }
    position += 1
  }

  /// The scalar of one `\u` escape, or of two that make a surrogate pair; a lone surrogate becomes U+FFFD,
  /// or is refused.
  private mutating func parseScalar() throws(JSONError) -> Unicode.Scalar {
    let start = position
    let first = try parseHexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    let isPairPossible =
      first < 0xDC00 && position + 1 < bytes.count && bytes[position] == UInt8(ascii: "\\")
      && bytes[position + 1] == UInt8(ascii: "u")
    guard isPairPossible else { return try half(at: start) }
    let mark = position
    position += 2
    let second = try parseHexadecimal()
    guard (0xDC00...0xDFFF).contains(second) else {
      position = mark
      return try half(at: start)
    }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
  }

  private func half(at offset: Int) throws(JSONError) -> Unicode.Scalar {
    guard !isExact else {
      throw JSONError(message: "Half of a surrogate pair in a string", offset: offset)
    }
    return "\u{FFFD}"
  }

  private mutating func parseHexadecimal() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(peek)).hexDigitValue, peek < 0x80 else {
        throw error("Expected four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
