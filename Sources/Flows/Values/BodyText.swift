/// The text of a body in the encoding that it says it has: by its byte order mark, else by the `charset` of
/// its media type (Encoding Standard § 6.1). What names no encoding, or another than these, is UTF-8.
public enum BodyText {
  /// Encodings besides UTF-8 that senders still use.
  enum Encoding: Equatable, Sendable {
    case utf8
    case utf16(isBigEndian: Bool)
    /// What `iso-8859-1` means on the web (Encoding Standard § 4.2).
    case windows1252
  }

  /// The text as UTF-8, without a byte order mark. Bytes that are no text of the encoding stay as they are
  /// when it is UTF-8 and become U+FFFD otherwise.
  public static func utf8(_ body: [UInt8], contentType: String?) -> [UInt8] {
    if let first = body.first, first >= 0xEF,
      let (mark, encoding) = marks.first(where: { body.starts(with: $0.0) })
    {
      return utf8(body[mark.count...], encoding)
    }
    let told = encoding(contentType)
    return told == .utf8 ? body : utf8(body[...], told)
  }

  /// All begin with 0xEF or more, which few bodies do.
  private static let marks: [([UInt8], Encoding)] = [
    ([0xEF, 0xBB, 0xBF], .utf8), ([0xFE, 0xFF], .utf16(isBigEndian: true)),
    ([0xFF, 0xFE], .utf16(isBigEndian: false)),
  ]

  /// The value of one escaped field of a form: never UTF-16, and without a mark.
  public static func field(_ bytes: [UInt8], contentType: String?) -> String {
    let isOneByte = encoding(contentType) == .windows1252
    return String(decoding: isOneByte ? utf8(bytes[...], .windows1252) : bytes, as: UTF8.self)
  }

  /// By the labels of the Encoding Standard § 4.2.
  static func encoding(_ contentType: String?) -> Encoding {
    // Most have no parameter.
    guard let contentType, contentType.utf8.contains(UInt8(ascii: ";")) else { return .utf8 }
    for parameter in contentType.lowercased().split(separator: ";").dropFirst() {
      let parts = parameter.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " && $0 != "\"" } }
      guard parts.count == 2, parts[0] == "charset" else { continue }
      switch parts[1] {
      case "utf-16", "utf-16le": return .utf16(isBigEndian: false)
      case "utf-16be": return .utf16(isBigEndian: true)
      case "iso-8859-1", "iso8859-1", "latin1", "windows-1252", "cp1252": return .windows1252
      default: return .utf8
      }
    }
    return .utf8
  }

  private static func utf8(_ body: ArraySlice<UInt8>, _ encoding: Encoding) -> [UInt8] {
    switch encoding {
    case .utf8: return Array(body)
    case .utf16(let isBigEndian):
      let bytes = Array(body)
      var units = stride(from: 0, to: bytes.count - 1, by: 2).map { place -> UInt16 in
        let (first, second) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
        return isBigEndian ? first << 8 | second : second << 8 | first
      }
      if bytes.count % 2 == 1 { units.append(0xFFFD) }
      return Array(String(decoding: units, as: UTF16.self).utf8)
    case .windows1252:
      let units = body.map { (0x80...0x9F).contains($0) ? upper[Int($0) - 0x80] : UInt16($0) }
      return Array(String(decoding: units, as: UTF16.self).utf8)
    }
  }

  /// What windows-1252 has where ISO-8859-1 has control characters, from 0x80.
  private static let upper: [UInt16] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
    0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
  ]
}
