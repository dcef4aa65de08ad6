/// Reads JSON (RFC 8259) from the bytes of one line. Nesting is bounded, so that no input exhausts the stack.
struct JSONParser {
  /// What is wrong with the text, and where.
  struct Failure: Error {
    let offset: Int
    let message: String
    /// The member `id` of the outermost object, where it was read before: it tells whom to answer.
    let id: JSONValue?
  }

  /// Twice the depth of a document's selections, for lists of objects, and some more; in a release build it
  /// and what is done with the value fit on a stack of 512 KiB.
  static let maximumDepth = 420

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  private var id: JSONValue?

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Parses a text that holds exactly one value.
  static func parse(_ bytes: [UInt8]) throws(Failure) -> JSONValue {
    var parser = JSONParser(bytes)
    let value = try parser.parseValue()
    parser.skipWhiteSpace()
    guard parser.position == bytes.count else { throw parser.failure("text behind the value") }
    return value
  }

  private func failure(_ message: String) -> Failure {
    Failure(offset: position, message: message, id: id)
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipWhiteSpace() {
    while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
  }

  private mutating func eat(_ character: Unicode.Scalar) -> Bool {
    skipWhiteSpace()
    guard current == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func parseValue() throws(Failure) -> JSONValue {
    skipWhiteSpace()
    guard let byte = current else { throw failure("a value is missing") }
    switch byte {
    case UInt8(ascii: "{"): return try parseObject()
    case UInt8(ascii: "["): return try parseArray()
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
    case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
    case UInt8(ascii: "n"): return try parseWord("null", .null)
    default: return .number(try parseNumber())
    }
  }

  private mutating func parseWord(_ word: String, _ value: JSONValue) throws(Failure) -> JSONValue {
    guard bytes[position...].starts(with: word.utf8) else { throw failure("unknown word") }
    position += word.utf8.count
    return value
  }

  private mutating func descend() throws(Failure) {
    depth += 1
    if depth > JSONParser.maximumDepth {
      throw failure("nested deeper than \(JSONParser.maximumDepth) levels")
    }
    position += 1
  }

  private mutating func parseArray() throws(Failure) -> JSONValue {
    try descend()
    defer { depth -= 1 }
    var items: [JSONValue] = []
    if eat("]") { return .array(items) }
    repeat { items.append(try parseValue()) } while eat(",")
    guard eat("]") else { throw failure("expected \",\" or \"]\"") }
    return .array(items)
  }

  private mutating func parseObject() throws(Failure) -> JSONValue {
    try descend()
    defer { depth -= 1 }
    var members: [(name: String, value: JSONValue)] = []
    if eat("}") { return .object(members) }
    repeat {
      skipWhiteSpace()
      guard current == UInt8(ascii: "\"") else { throw failure("expected a member's name") }
      let name = String(decoding: try parseString(), as: UTF8.self)
      guard eat(":") else { throw failure("expected \":\"") }
      let value = try parseValue()
      if depth == 1, name == "id" { id = value }
      members.append((name, value))
    } while eat(",")
    guard eat("}") else { throw failure("expected \",\" or \"}\"") }
    return .object(members)
  }

  private mutating func parseNumber() throws(Failure) -> String {
    let start = position
    if current == UInt8(ascii: "-") { position += 1 }
    let isZero = current == UInt8(ascii: "0")
    let integerDigits = eatDigits()
    guard integerDigits > 0, !(isZero && integerDigits > 1) else { throw failure("not a value") }
    if current == UInt8(ascii: ".") {
      position += 1
      guard eatDigits() > 0 else { throw failure("a digit is missing") }
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      guard eatDigits() > 0 else { throw failure("a digit is missing") }
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func eatDigits() -> Int {
    let start = position
    while let byte = current, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    return position - start
  }

  // MARK: Strings

  private mutating func parseString() throws(Failure) -> [UInt8] {
    position += 1
    var value: [UInt8] = []
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return value
      case UInt8(ascii: "\\"):
        position += 1
        try parseEscape(into: &value)
      case 0..<0x20: throw failure("control character in a string")
      default:
        let start = position
        while let byte = current, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
          position += 1
        }
        value.append(contentsOf: bytes[start..<position])
      }
    }
    throw failure("unterminated string")
  }

  private mutating func parseEscape(into value: inout [UInt8]) throws(Failure) {
    guard let byte = current else { throw failure("unterminated string") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): value.append(byte)
    case UInt8(ascii: "b"): value.append(0x08)
    case UInt8(ascii: "f"): value.append(0x0C)
    case UInt8(ascii: "n"): value.append(0x0A)
    case UInt8(ascii: "r"): value.append(0x0D)
    case UInt8(ascii: "t"): value.append(0x09)
    case UInt8(ascii: "u"): append(try parseCodePoint(), to: &value)
    default: throw failure("unknown escape sequence")
    }
  }

  /// Four digits, and four more when they are the first half of a surrogate pair.
  private mutating func parseCodePoint() throws(Failure) -> UInt32 {
    let first = try parseFourDigits()
    guard first & 0xFC00 == 0xD800, bytes[position...].starts(with: "\\u".utf8) else { return first }
    let start = position
    position += 2
    let second = try parseFourDigits()
    guard second & 0xFC00 == 0xDC00 else {
      position = start
      return first
    }
    return 0x1_0000 + ((first & 0x3FF) << 10) + (second & 0x3FF)
  }

  private mutating func parseFourDigits() throws(Failure) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      // Not `UInt32(_:radix:)`, which takes a sign too.
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure("expected four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private func append(_ point: UInt32, to value: inout [UInt8]) {
    if let scalar = Unicode.Scalar(point) {
      value.append(contentsOf: Character(scalar).utf8)
    } else {
      value.append(contentsOf: [
        0xE0 | UInt8(point >> 12), 0x80 | UInt8(point >> 6 & 0x3F), 0x80 | UInt8(point & 0x3F),
      ])
    }
  }
}
