/// The sixteen bytes of a `uuid`, as two big-endian words: its order is the order of Postgres.
public struct UUIDValue: Hashable, Sendable, Comparable {
  /// Bytes 0 to 7.
  public var high: UInt64
  /// Bytes 8 to 15.
  public var low: UInt64

  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Reads sixteen bytes in the order of the wire; nil for any other count.
  @inlinable
  public init?(bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 16 else { return nil }
    high = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
    low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
  }

  @inlinable
  public static func < (left: UUIDValue, right: UUIDValue) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}
