import GraphQLEngine

/// A JSON value as it came in: numbers keep their text, strings their bytes, members their order.
enum JSONValue {
  case null
  case bool(Bool)
  case number(String)
  /// UTF-8, except that `\uD83D` without its partner stays an encoded surrogate: no valid UTF-8, but it can
  /// be reported.
  case string([UInt8])
  case array([JSONValue])
  case object([(name: String, value: JSONValue)])
  /// JSON text that is written as it is; nothing reads it.
  case raw([UInt8])

  /// The member of an object; the last one wins, as in JavaScript.
  subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name == name }?.value
  }

  var text: String? {
    guard case .string(let bytes) = self else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  var bool: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  var array: [JSONValue]? {
    guard case .array(let items) = self else { return nil }
    return items
  }
}

// MARK: Writing

extension JSONValue {
  /// Appends the value as JSON text on one line.
  func write(to output: inout [UInt8]) {
    switch self {
    case .null: output.append(contentsOf: "null".utf8)
    case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
    case .number(let text): output.append(contentsOf: text.utf8)
    case .string(let bytes): JSONValue.writeString(bytes, to: &output)
    case .raw(let text): output.append(contentsOf: text)
    case .array(let items):
      output.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        item.write(to: &output)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let members):
      output.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        JSONValue.writeString(Array(member.name.utf8), to: &output)
        output.append(UInt8(ascii: ":"))
        member.value.write(to: &output)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  /// Appends a string literal. Half a surrogate pair is escaped as it came; other bytes that are not UTF-8
  /// become U+FFFD.
  static func writeString(_ bytes: [UInt8], to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    var start = 0
    // U+D800 to U+DFFF are ED A0 80 to ED BF BF; UTF-8 proper has no such bytes.
    for index in bytes.indices
    where bytes[index] == 0xED && index + 2 < bytes.count && bytes[index + 1] >= 0xA0 {
      writeText(bytes[start..<index], to: &output)
      let code = 0xD000 | UInt16(bytes[index + 1] & 0x3F) << 6 | UInt16(bytes[index + 2] & 0x3F)
      output.append(contentsOf: "\\u\(String(code, radix: 16))".utf8)
      start = index + 3
    }
    writeText(bytes[start...], to: &output)
    output.append(UInt8(ascii: "\""))
  }

  private static func writeText(_ bytes: ArraySlice<UInt8>, to output: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    for byte in String(decoding: bytes, as: UTF8.self).utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        output.append(contentsOf: [UInt8(ascii: "\\"), byte])
      case 0x0A: output.append(contentsOf: "\\n".utf8)
      case 0..<0x20:
        output.append(contentsOf: "\\u00".utf8)
        output.append(contentsOf: [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
      default: output.append(byte)
      }
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
  ExpressibleByIntegerLiteral
{
  init(stringLiteral value: String) { self = .string(Array(value.utf8)) }
  init(booleanLiteral value: Bool) { self = .bool(value) }
  init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  init(integerLiteral value: Int) { self = .number(String(value)) }

  /// The bytes of a response.
  init(_ response: Response) { self = .raw(response.bytes) }

  init(_ text: String) { self = .string(Array(text.utf8)) }
  init(_ value: Int) { self = .number(String(value)) }
}
