/// A JSON text that cannot be read: why, and where.
public struct JSONError: Error, Hashable, Sendable {
  /// What is wrong, for people.
  public var message: String
  /// The byte offset, from 0.
  public var offset: Int
}

/// Reads one JSON value from bytes (RFC 8259): request bodies, variables. Nesting is bounded, so is the
/// machine's stack. Duplicate keys are refused, for two readers could take different ones; a byte order mark
/// before the value is ignored (§ 8.1).
public struct JSONReader {
  /// How deep lists and objects may nest.
  public static let defaultDepth = 128

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var depth: Int

  /// Reads the one value that the bytes are.
  public static func read(_ bytes: [UInt8], depth: Int = defaultDepth) throws(JSONError) -> InputValue {
    let result: Result<InputValue, JSONError> = bytes.withUnsafeBufferPointer { buffer in
      do throws(JSONError) {
        return .success(try read(buffer, depth: depth))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Reads the one value that the bytes are.
  public static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, depth: Int = defaultDepth
  ) throws(JSONError) -> InputValue {
    var reader = JSONReader(bytes: bytes, depth: depth)
    if bytes.first == 0xEF { reader.skipByteOrderMark() }
    reader.skipSpace()
    let value = try reader.value()
    reader.skipSpace()
    guard reader.position == bytes.count else { throw reader.failure("Unexpected text behind the value") }
    return value
  }

  /// Reads the one value that the text is.
  public static func read(_ text: String, depth: Int = defaultDepth) throws(JSONError) -> InputValue {
    try read([UInt8](text.utf8), depth: depth)
  }

  private init(bytes: UnsafeBufferPointer<UInt8>, depth: Int) {
    self.bytes = bytes
    self.depth = depth
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func failure(_ message: String) -> JSONError { JSONError(message: message, offset: position) }

  private func unexpected() -> JSONError {
    current == nil ? failure("Unexpected end of JSON") : failure("Unexpected character in JSON")
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func skipByteOrderMark() {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  private mutating func expect(_ byte: UInt8) throws(JSONError) {
    guard current == byte else { throw unexpected() }
    position += 1
  }

  private mutating func value() throws(JSONError) -> InputValue {
    switch current {
    case 0x7B: return try nested { (reader: inout JSONReader) throws(JSONError) in try reader.object() }
    case 0x5B: return try nested { (reader: inout JSONReader) throws(JSONError) in try reader.list() }
    case 0x22: return .string(try string())
    case 0x74: return try keyword("true", .bool(true))
    case 0x66: return try keyword("false", .bool(false))
    case 0x6E: return try keyword("null", .null)
    default: return try number()
    }
  }

  private mutating func nested(
    _ body: (inout JSONReader) throws(JSONError) -> InputValue
  ) throws(JSONError) -> InputValue {
    guard depth > 0 else { throw failure("JSON is nested too deep") }
    depth -= 1
    let value = try body(&self)
    depth += 1
    return value
  }

  private mutating func keyword(_ word: StaticString, _ value: InputValue) throws(JSONError) -> InputValue {
    for index in 0..<word.utf8CodeUnitCount { try expect(word.utf8Start[index]) }
    return value
  }

  private mutating func list() throws(JSONError) -> InputValue {
    position += 1
    var items: [InputValue] = []
    skipSpace()
    if current == 0x5D {
      position += 1
      return .list(items)
    }
    while true {
      skipSpace()
      items.append(try value())
      skipSpace()
      if current == 0x5D { break }
      try expect(0x2C)
    }
    position += 1
    return .list(items)
  }

  private mutating func object() throws(JSONError) -> InputValue {
    position += 1
    var fields: [InputObject.Field] = []
    var names = Names()
    skipSpace()
    if current == 0x7D {
      position += 1
      return .object(InputObject(fields))
    }
    while true {
      skipSpace()
      let start = position
      let name = try string()
      guard names.insert(name, behind: fields) else {
        throw JSONError(message: "The key \"\(name)\" stands twice in one object", offset: start)
      }
      skipSpace()
      try expect(0x3A)
      skipSpace()
      fields.append(InputObject.Field(name: name, value: try value()))
      skipSpace()
      if current == 0x7D { break }
      try expect(0x2C)
    }
    position += 1
    return .object(InputObject(fields))
  }
}

/// Finds out whether a name stands twice in an object, by its bytes: a text and its normal form, which Swift
/// holds equal, are two. A few are looked through, which takes less than to hash them.
private struct Names {
  private struct Name: Hashable {
    let text: String

    /// Equal bytes have equal hashes.
    func hash(into hasher: inout Hasher) { text.hash(into: &hasher) }

    static func == (left: Name, right: Name) -> Bool {
      left.text == right.text && left.text.utf8.elementsEqual(right.text.utf8)
    }
  }

  private var hashed: Set<Name> = []

  /// Whether it is none of the fields'.
  mutating func insert(_ name: String, behind fields: [InputObject.Field]) -> Bool {
    let name = Name(text: name)
    if fields.count < 8 { return !fields.contains { Name(text: $0.name) == name } }
    if hashed.isEmpty { hashed = Set(fields.lazy.map { Name(text: $0.name) }) }
    return hashed.insert(name).inserted
  }
}

// MARK: - Numbers and strings

extension JSONReader {
  private mutating func digits() throws(JSONError) {
    guard let first = current, first >= 0x30, first <= 0x39 else { throw unexpected() }
    while let byte = current, byte >= 0x30, byte <= 0x39 { position += 1 }
  }

  private mutating func number() throws(JSONError) -> InputValue {
    let start = position
    var isInteger = true
    if current == 0x2D { position += 1 }
    if current == 0x30 { position += 1 } else { try digits() }
    if let byte = current, byte >= 0x30, byte <= 0x39 { throw failure("A number must not start with 0") }
    if current == 0x2E {
      isInteger = false
      position += 1
      try digits()
    }
    if current == 0x65 || current == 0x45 {
      isInteger = false
      position += 1
      if current == 0x2B || current == 0x2D { position += 1 }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let integer = Int(text) { return .int(integer) }
    guard let double = Double(text), double.isFinite else {
      throw JSONError(message: "The number is too large", offset: start)
    }
    return .float(double)
  }

  private mutating func string() throws(JSONError) -> String {
    try expect(0x22)
    let start = position
    skipPlain()
    if current == 0x22 {
      let text = try decoded(UnsafeBufferPointer(rebasing: bytes[start..<position]), at: start)
      position += 1
      return text
    }
    var buffer = [UInt8](bytes[start..<position])
    while let byte = current, byte != 0x22 {
      guard byte == 0x5C else { throw failure("A control character in a string") }
      try escape(into: &buffer)
      let plain = position
      skipPlain()
      buffer.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[plain..<position]))
    }
    try expect(0x22)
    let text = buffer.withUnsafeBufferPointer { buffer in
      Result { () throws(JSONError) in try decoded(buffer, at: start) }
    }
    return try text.get()
  }

  /// To the next quote, backslash or control character.
  private mutating func skipPlain() {
    while let byte = current, byte != 0x22, byte != 0x5C, byte >= 0x20 { position += 1 }
  }

  private func decoded(_ text: UnsafeBufferPointer<UInt8>, at offset: Int) throws(JSONError) -> String {
    // ASCII needs no proof; without a branch the loop looks at many bytes at once.
    var all: UInt8 = 0
    for byte in text { all |= byte }
    if all < 0x80 { return String(decoding: text, as: UTF8.self) }
    guard let valid = String(validating: text, as: UTF8.self) else {
      throw JSONError(message: "A string is not valid UTF-8", offset: offset)
    }
    return valid
  }

  private mutating func escape(into buffer: inout [UInt8]) throws(JSONError) {
    position += 1
    let byte = current
    position += 1
    switch byte {
    case 0x22, 0x5C, 0x2F: buffer.append(byte ?? 0)
    case 0x62: buffer.append(0x08)
    case 0x66: buffer.append(0x0C)
    case 0x6E: buffer.append(0x0A)
    case 0x72: buffer.append(0x0D)
    case 0x74: buffer.append(0x09)
    case 0x75: try unicodeEscape(into: &buffer)
    default:
      position -= 1
      throw unexpected()
    }
  }

  private mutating func unicodeEscape(into buffer: inout [UInt8]) throws(JSONError) {
    var code = try hexadecimal()
    if code >= 0xD800, code < 0xDC00 {
      // A surrogate pair (RFC 8259 § 7).
      try expect(0x5C)
      try expect(0x75)
      let low = try hexadecimal()
      guard low >= 0xDC00, low < 0xE000 else { throw failure("Half of a surrogate pair in a string") }
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw failure("Half of a surrogate pair in a string") }
    buffer.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw unexpected()
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }
}
