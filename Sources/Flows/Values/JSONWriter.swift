extension JSONValue {
  /// The UTF-8 text of the value without white space.
  public func encoded() -> [UInt8] {
    var writer = JSONWriter()
    writer.write(self)
    return writer.bytes
  }

  /// The text of the value without white space.
  public func text() -> String { String(decoding: encoded(), as: UTF8.self) }
}

/// Writes JSON (RFC 8259) as UTF-8 bytes without white space.
///
/// U+0000 is written as U+FFFD: Postgres's `jsonb` "rejects \u0000", and a node's output must always be
/// storable. Numbers that JSON does not have (NaN, infinities) are written as null, as `JSON.stringify`
/// does.
public struct JSONWriter {
  public private(set) var bytes: [UInt8] = []
  /// Whether what comes next in a list or object stands behind something.
  private var isBehind = false

  public init() {}

  // MARK: Lists and objects of which there is no value

  /// Begins a list; its elements follow until `endList`.
  public mutating func beginList() { begin(UInt8(ascii: "[")) }

  public mutating func endList() { end(UInt8(ascii: "]")) }

  /// Begins an object; its members follow until `endObject`.
  public mutating func beginObject() { begin(UInt8(ascii: "{")) }

  public mutating func endObject() { end(UInt8(ascii: "}")) }

  /// A member of an object that was begun.
  public mutating func member(_ key: String, _ value: JSONValue) {
    separate()
    write(key)
    bytes.append(UInt8(ascii: ":"))
    write(value)
  }

  /// An element of a list that was begun.
  public mutating func element(_ value: JSONValue) {
    separate()
    write(value)
  }

  private mutating func begin(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    isBehind = false
  }

  private mutating func end(_ bracket: UInt8) {
    bytes.append(bracket)
    isBehind = true
  }

  private mutating func separate() {
    if isBehind { bytes.append(UInt8(ascii: ",")) }
    isBehind = true
  }

  // MARK: Values

  public mutating func write(_ value: JSONValue) {
    switch value {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
    case .integer(let value): bytes.append(contentsOf: String(value).utf8)
    case .number(let value): bytes.append(contentsOf: (value.isFinite ? value.description : "null").utf8)
    case .string(let value): write(value)
    case .array(let elements): write(elements)
    case .object(let object): write(object)
    }
  }

  private mutating func write(_ elements: [JSONValue]) {
    bytes.append(UInt8(ascii: "["))
    var isFirst = true
    for element in elements {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      write(element)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  private mutating func write(_ object: JSONObject) {
    bytes.append(UInt8(ascii: "{"))
    var isFirst = true
    for member in object.members {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      write(member.key)
      bytes.append(UInt8(ascii: ":"))
      write(member.value)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func write(_ text: String) {
    var text = text
    bytes.append(UInt8(ascii: "\""))
    text.withUTF8 { buffer in
      var start = 0
      for position in buffer.indices where JSONWriter.needsEscape(buffer[position]) {
        bytes.append(contentsOf: buffer[start..<position])
        escape(buffer[position])
        start = position + 1
      }
      bytes.append(contentsOf: buffer[start...])
    }
    bytes.append(UInt8(ascii: "\""))
  }

  @inline(__always)
  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): bytes.append(contentsOf: #"\""#.utf8)
    case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
    case 0x08: bytes.append(contentsOf: #"\b"#.utf8)
    case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
    case 0x0A: bytes.append(contentsOf: #"\n"#.utf8)
    case 0x0C: bytes.append(contentsOf: #"\f"#.utf8)
    case 0x0D: bytes.append(contentsOf: #"\r"#.utf8)
    case 0x00: bytes.append(contentsOf: "\u{FFFD}".utf8)
    default:
      let digits = Array("0123456789abcdef".utf8)
      bytes.append(contentsOf: #"\u00"#.utf8)
      bytes.append(digits[Int(byte >> 4)])
      bytes.append(digits[Int(byte & 15)])
    }
  }
}
