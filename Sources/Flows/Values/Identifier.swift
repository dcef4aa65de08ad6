/// The 16 bytes of a UUIDv7 (RFC 9562 § 5.7), the key of every noun.
///
/// Ordered as its bytes are, which is the order of creation to the millisecond. It knows nothing of the
/// noun it belongs to; on the wire `TypeID` adds that as a prefix.
public struct Identifier: Hashable, Comparable, Sendable {
  /// Bytes 0 to 7, the first byte in the highest bits.
  public let high: UInt64
  /// Bytes 8 to 15.
  public let low: UInt64

  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The 16 bytes of a UUID in network order, as Postgres's binary format has them; nil when there are not
  /// 16.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for (position, byte) in bytes.enumerated() {
      if position < 8 {
        high = high << 8 | UInt64(byte)
      } else {
        low = low << 8 | UInt64(byte)
      }
    }
    self.init(high: high, low: low)
  }

  /// A UUIDv7 made of an instant and 74 random bits; the other bits of `random` are not used.
  public init(at instant: Instant, random: (high: UInt64, low: UInt64)) {
    let milliseconds = UInt64(clamping: instant.microseconds / 1000)
    // § 5.7: 48 bits of Unix milliseconds, version 7, 12 random bits; variant 10, 62 random bits.
    high = milliseconds << 16 | 0x7000 | random.high & 0x0FFF
    low = 0x8000_0000_0000_0000 | random.low & 0x3FFF_FFFF_FFFF_FFFF
  }

  /// A new identifier for something that is made at `instant`.
  public static func make(
    at instant: Instant, using generator: inout some RandomNumberGenerator
  ) -> Identifier {
    Identifier(at: instant, random: (generator.next(), generator.next()))
  }

  /// A new identifier with the system's random numbers.
  public static func make(at instant: Instant) -> Identifier {
    var generator = SystemRandomNumberGenerator()
    return make(at: instant, using: &generator)
  }

  /// The 16 bytes in network order.
  public var bytes: [UInt8] {
    var result = [UInt8]()
    result.reserveCapacity(16)
    for word in [high, low] {
      for shift in stride(from: 56, through: 0, by: -8) {
        result.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
    return result
  }

  @inlinable
  public static func < (left: Identifier, right: Identifier) -> Bool {
    left.high == right.high ? left.low < right.low : left.high < right.high
  }
}

extension Identifier: CustomStringConvertible {
  /// The hexadecimal form of RFC 9562 § 4, `01890a5d-ac96-774b-bcce-b302099a8057`.
  public var description: String {
    let digits = Array("0123456789abcdef".utf8)
    var text = [UInt8]()
    text.reserveCapacity(36)
    for (position, byte) in bytes.enumerated() {
      if position == 4 || position == 6 || position == 8 || position == 10 { text.append(UInt8(ascii: "-")) }
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension Identifier {
  /// An identifier that follows from others: the same parents, salt and instant always give the same one.
  ///
  /// The run machine names its node logs with it, so that it needs no source of random numbers.
  static func derived(from parents: [Identifier], salt: UInt64, at instant: Instant) -> Identifier {
    var first: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ salt
    var second: UInt64 = 0xD1B5_4A32_D192_ED03 &+ salt
    for parent in parents {
      for word in [parent.high, parent.low] {
        first = mixed(first ^ word)
        second = mixed(second &+ word &* 0x9E37_79B9_7F4A_7C15)
      }
    }
    return Identifier(at: instant, random: (mixed(first &+ second), mixed(second ^ first >> 7)))
  }

  /// The finalizer of SplitMix64: every input bit changes about half of the output bits.
  private static func mixed(_ word: UInt64) -> UInt64 {
    var z = word &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
