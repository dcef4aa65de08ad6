/// A path with places for values: `/api/v1/flows/{id}`.
public struct PathPattern: Hashable, Sendable, CustomStringConvertible {
  enum Segment: Hashable, Sendable {
    case literal(String)
    case parameter(String)
  }

  let segments: [Segment]

  /// The names in it, from left to right.
  public var names: [String] {
    segments.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
  }

  public var description: String {
    segments.map { segment in
      switch segment {
      case .literal(let text): "/" + text
      case .parameter(let name): "/{\(name)}"
      }
    }.joined()
  }

  /// Nil for what is no path, has an empty segment, or a name only in a part of a segment.
  init?(_ text: String) {
    guard text.hasPrefix("/") else { return nil }
    var segments: [Segment] = []
    for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      if part.hasPrefix("{"), part.hasSuffix("}"), PathPattern.isName(part.dropFirst().dropLast()) {
        segments.append(.parameter(String(part.dropFirst().dropLast())))
      } else if !part.isEmpty, part.utf8.allSatisfy(PercentCoding.isUnreserved) {
        segments.append(.literal(String(part)))
      } else {
        return nil
      }
    }
    self.segments = segments
  }

  private static func isName(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return text.utf8.allSatisfy { byte in
      PercentCoding.isUnreserved(byte) && byte != UInt8(ascii: "-") && byte != UInt8(ascii: "~")
    }
  }

  /// The values of a path's segments, percent signs undone; nil when the path is another one.
  func values(of path: [Substring]) -> [String: String]? {
    guard path.count == segments.count else { return nil }
    var values: [String: String] = [:]
    for (segment, part) in zip(segments, path) {
      guard let text = PercentCoding.decode(part), !text.isEmpty else { return nil }
      switch segment {
      case .literal(let literal): if text != literal { return nil }
      case .parameter(let name): values[name] = text
      }
    }
    return values
  }

  /// The path with values in it; nil when one is missing.
  func filled(_ value: (String) -> String?) -> String? {
    var path = ""
    for segment in segments {
      switch segment {
      case .literal(let text): path += "/" + text
      case .parameter(let name):
        guard let text = value(name) else { return nil }
        path += "/" + PercentCoding.encode(text)
      }
    }
    return path
  }

  /// Whether a request could mean either: the same literals where both have some.
  func isIndistinguishable(from other: PathPattern) -> Bool {
    guard segments.count == other.segments.count else { return false }
    return zip(segments, other.segments).allSatisfy { pair in
      switch pair {
      case (.literal(let left), .literal(let right)): left == right
      case (.parameter, .parameter): true
      default: false
      }
    }
  }

  /// How many literals it has: the pattern with more of them is meant.
  var precision: Int { segments.count - names.count }
}

/// Percent-encoding of URLs (RFC 3986 § 2.1).
enum PercentCoding {
  /// RFC 3986 § 2.3.
  static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "~"):
      true
    default: false
    }
  }

  static func encode(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if isUnreserved(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Nil for a percent sign without two digits, or what is no UTF-8 then.
  ///
  /// - Parameter isForm: whether a plus is a blank.
  static func decode(_ text: Substring, isForm: Bool = false) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        guard let high = rest.popFirst().flatMap(value), let low = rest.popFirst().flatMap(value) else {
          return nil
        }
        bytes.append(high << 4 | low)
      } else {
        bytes.append(isForm && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
