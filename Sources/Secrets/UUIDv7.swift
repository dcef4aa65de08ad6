import Glibc
import Synchronization

/// A UUID of version 7 (RFC 9562 § 5.7): 48 bits of Unix milliseconds, 12 of a counter, 62 of chance. As two
/// words in network order: `high` holds bytes 0-7, `low` bytes 8-15; comparing them compares the bytes.
public struct UUIDv7: Sendable, Hashable, Comparable, CustomStringConvertible {
  public let high: UInt64
  public let low: UInt64

  /// Any 128 bits; the version is not checked, so that ids of other makers can be carried too.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Sixteen bytes in network order; nil for another length.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    let high = bytes.prefix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    let low = bytes.dropFirst(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    self.init(high: high, low: low)
  }

  /// The 36 characters of RFC 9562 § 4, either case; nil for anything else.
  public init?(_ text: some StringProtocol) {
    var words: (UInt64, UInt64) = (0, 0)
    var position = 0
    for byte in text.utf8 {
      if position == 8 || position == 13 || position == 18 || position == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
      } else {
        guard position < 36, let digit = hexadecimalValue(byte) else { return nil }
        if position < 18 {
          words.0 = words.0 << 4 | UInt64(digit)
        } else {
          words.1 = words.1 << 4 | UInt64(digit)
        }
      }
      position += 1
    }
    guard position == 36 else { return nil }
    self.init(high: words.0, low: words.1)
  }

  /// Sixteen bytes in network order, as Postgres's binary `uuid` wants them.
  public var bytes: [UInt8] {
    [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) } }
  }

  /// Unix milliseconds in the first 48 bits.
  public var unixMilliseconds: UInt64 { high >> 16 }

  /// The canonical lower-case text.
  public var description: String {
    String(unsafeUninitializedCapacity: 36) { buffer in
      var position = 0
      for index in 0..<32 {
        if index == 8 || index == 12 || index == 16 || index == 20 {
          buffer[position] = UInt8(ascii: "-")
          position += 1
        }
        let word = index < 16 ? high : low
        let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (index % 16))) & 15
        buffer[position] = digit < 10 ? digit + UInt8(ascii: "0") : digit - 10 + UInt8(ascii: "a")
        position += 1
      }
      return position
    }
  }

  public static func < (left: Self, right: Self) -> Bool {
    left.high == right.high ? left.low < right.low : left.high < right.high
  }
}

/// Makes strictly increasing UUIDv7s within a process. Share one instance; any thread.
///
/// RFC 9562 § 6.2, method 1: `rand_a` is a 12-bit counter, seeded anew with 11 random bits for each
/// millisecond. When it overflows, or the clock steps back, the last millisecond is kept or advanced by one,
/// so the order never breaks.
public final class UUIDv7Generator: Sendable {
  private struct State {
    var milliseconds: UInt64 = 0
    var counter: UInt64 = 0
  }

  private let state = Mutex(State())
  private let clock: @Sendable () -> UInt64

  /// - Parameter clock: Unix milliseconds; the system's clock unless a test gives another.
  public init(clock: @escaping @Sendable () -> UInt64 = SystemClock.unixMilliseconds) {
    self.clock = clock
  }

  /// The next id, greater than all before it.
  public func next() -> UUIDv7 {
    let low = RandomNumbers.next() >> 2 | 1 << 63  // variant 10
    let now = clock() & 0xFFFF_FFFF_FFFF
    let high = state.withLock { state -> UInt64 in
      // Only the first id of a millisecond has a counter of chance.
      if now > state.milliseconds {
        state.milliseconds = now
        state.counter = RandomNumbers.next() & 0x7FF
      } else if state.counter < 0xFFF {
        state.counter += 1
      } else {
        state.milliseconds += 1
        state.counter = RandomNumbers.next() & 0x7FF
      }
      return state.milliseconds << 16 | 0x7000 | state.counter
    }
    return UUIDv7(high: high, low: low)
  }
}

/// The system's wall clock.
public enum SystemClock {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  @Sendable public static func unixMilliseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UInt64(max(0, time.tv_sec)) * 1000 + UInt64(time.tv_nsec) / 1_000_000
  }

  /// Seconds since 1970-01-01T00:00:00Z.
  @Sendable public static func unixSeconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec)
  }
}

/// The value of a hexadecimal digit of either case.
func hexadecimalValue(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
