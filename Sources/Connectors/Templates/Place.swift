import Base64Text
import Flows

/// A place in a template's text: `{input.labels:comma|none}` is a path, how its value is written, and what
/// stands there when it is missing.
public struct Place: Sendable, Equatable {
  public enum Format: String, Sendable, CaseIterable {
    /// A list's values with commas between them.
    case comma
    /// A list's values with spaces between them.
    case space
    /// The value as JSON, ASCII only, so that it may stand in a header.
    case json
    /// The text's UTF-8 in base64.
    case base64
    /// The same with the alphabet for URLs and without padding.
    case base64url
    /// In a URL: slashes are kept.
    case path
  }

  let path: ValuePath
  var format: Format?
  var fallback: String?

  /// The place of what stands between the braces; nil for what is none.
  init?(_ text: Substring) {
    var head = text
    if let bar = text.firstIndex(of: "|") {
      fallback = String(text[text.index(after: bar)...])
      head = text[..<bar]
    }
    if let colon = head.lastIndex(of: ":") {
      guard let format = Format(rawValue: String(head[head.index(after: colon)...])) else { return nil }
      self.format = format
      head = head[..<colon]
    }
    guard let path = ValuePath(head) else { return nil }
    self.path = path
  }

  /// The value as it stands, for a text that is nothing but this place.
  func value(in scope: ValueScope) -> JSONValue? {
    guard let value = scope.value(at: path) else { return fallback.map { .string($0) } }
    switch format {
    case nil, .path: return value
    default: return Place.text(of: value, format).map { .string($0) }
    }
  }

  /// The value as text; nil when there is none, or when it is no value that can be written so.
  func text(in scope: ValueScope) -> String? {
    guard let value = scope.value(at: path) else { return fallback }
    return Place.text(of: value, format) ?? fallback
  }

  static func text(of value: JSONValue, _ format: Format?) -> String? {
    switch format {
    case .json: return asciiJSON(value)
    case .comma, .space:
      let separator = format == .comma ? "," : " "
      guard let elements = value.array else { return plainText(value) }
      return elements.compactMap(plainText).joined(separator: separator)
    case .base64: return plainText(value).map { Base64.encode(Array($0.utf8)) }
    case .base64url: return plainText(value).map { Base64URL.encode(Array($0.utf8)) }
    case nil, .path: return plainText(value)
    }
  }

  /// A scalar's text; objects and lists are written as JSON, null is none.
  static func plainText(_ value: JSONValue) -> String? {
    switch value {
    case .null: nil
    case .string(let text): text
    case .bool, .integer, .number, .array, .object: value.text()
    }
  }

  /// JSON whose other characters than ASCII are escaped (RFC 8259 § 7).
  static func asciiJSON(_ value: JSONValue) -> String {
    var output = ""
    for unit in value.text().utf16 {
      if unit < 0x80 {
        output.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
      } else {
        let digits = String(unit, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return output
  }
}
