/// An IPv4 or IPv6 address as numbers, so that ranges can be compared.
public enum IPAddress: Sendable, Hashable, CustomStringConvertible {
  case v4(UInt32)
  /// The first and the last eight bytes.
  case v6(high: UInt64, low: UInt64)

  /// The four numbers of a dotted address.
  public static func v4(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) -> IPAddress {
    .v4([first, second, third, fourth].reduce(0) { $0 << 8 | UInt32($1) })
  }

  /// Reads the strict spellings only: four decimal numbers without leading zeros, or RFC 4291 § 2.2 without a
  /// zone.
  public init?(_ text: some StringProtocol) {
    if text.utf8.contains(UInt8(ascii: ":")) {
      guard let groups = Self.groups(String(text)) else { return nil }
      let words = [groups[0..<4], groups[4..<8]].map { $0.reduce(0 as UInt64) { $0 << 16 | UInt64($1) } }
      self = .v6(high: words[0], low: words[1])
    } else {
      guard let value = Self.dotted(String(text)) else { return nil }
      self = .v4(value)
    }
  }

  /// The text in the form that `init` reads and that may stand in a URL (IPv6 in brackets there).
  public var description: String {
    switch self {
    case .v4(let value): (0..<4).map { "\(value >> (24 - 8 * UInt32($0)) & 255)" }.joined(separator: ".")
    case .v6(let high, let low):
      [high, low].flatMap { word in
        (0..<4).map { String(word >> (48 - 16 * UInt64($0)) & 0xFFFF, radix: 16) }
      }.joined(separator: ":")
    }
  }

  /// As a URL's host.
  public var urlHost: String {
    switch self {
    case .v4: description
    case .v6: "[\(description)]"
    }
  }

  private static func dotted(_ text: String) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        part == "0" || part.first != "0", let number = UInt8(part)
      else { return nil }
      value = value << 8 | UInt32(number)
    }
    return value
  }

  /// Eight groups; `::` stands for the missing ones, and the last two may be a dotted IPv4 address.
  private static func groups(_ text: String) -> [UInt16]? {
    var text = text
    if let dot = text.firstIndex(of: "."), let colon = text[..<dot].lastIndex(of: ":") {
      guard let value = dotted(String(text[text.index(after: colon)...])) else { return nil }
      text = text[...colon] + String(value >> 16, radix: 16) + ":" + String(value & 0xFFFF, radix: 16)
    }
    let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
    guard halves.count <= 2 else { return nil }
    var parsed: [[UInt16]] = []
    for half in halves {
      var groups: [UInt16] = []
      let parts = half.isEmpty ? [] : half.split(separator: ":", omittingEmptySubsequences: false)
      for part in parts {
        guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHexadecimal),
          let group = UInt16(part, radix: 16)
        else { return nil }
        groups.append(group)
      }
      parsed.append(groups)
    }
    if parsed.count == 1 { return parsed[0].count == 8 ? parsed[0] : nil }
    let missing = 8 - parsed[0].count - parsed[1].count
    guard missing >= 1 else { return nil }
    return parsed[0] + [UInt16](repeating: 0, count: missing) + parsed[1]
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}

/// A range of addresses, such as `10.0.0.0/8` or `fd00::/8`.
public struct AddressRange: Sendable, Hashable, CustomStringConvertible {
  public let base: IPAddress
  public let prefixLength: Int

  /// Reads CIDR notation; a single address is a range of one. Bits of the base beyond the prefix are ignored.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let base = IPAddress(first) else { return nil }
    let width = if case .v4 = base { 32 } else { 128 }
    var length = width
    if parts.count == 2 {
      guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(parts[1]) else {
        return nil
      }
      length = number
    }
    guard (0...width).contains(length) else { return nil }
    self.base = base
    prefixLength = length
  }

  /// Whether `address`, of the same family, lies in the range.
  public func contains(_ address: IPAddress) -> Bool {
    switch (base, address) {
    case (.v4(let base), .v4(let other)):
      return prefixLength == 0 || (base ^ other) >> UInt32(32 - prefixLength) == 0
    case (.v6(let baseHigh, let baseLow), .v6(let high, let low)):
      if prefixLength == 0 { return true }
      if prefixLength <= 64 { return (baseHigh ^ high) >> UInt64(64 - prefixLength) == 0 }
      return baseHigh == high && (baseLow ^ low) >> UInt64(128 - prefixLength) == 0
    default: return false
    }
  }

  public var description: String { "\(base)/\(prefixLength)" }
}
