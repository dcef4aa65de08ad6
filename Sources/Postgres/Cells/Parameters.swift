/// The parameters of one execution in Postgres's binary format, in one flat buffer. A value; build it
/// anywhere.
///
/// Append in the order of `$1`, `$2`, …; nil is NULL. The caller matches the statement's types: the server
/// refuses what has the wrong width, and reads what happens to fit.
public struct Parameters: Sendable {
  /// Manual § 34.3 and the protocol's Bind message: the number of parameters is an Int16 on the wire.
  public static let limit = 65_535

  @usableFromInline var bytes: [UInt8] = []
  /// Where each parameter ends in `bytes`; the top bit marks NULL.
  @usableFromInline var ends: [UInt32] = []

  static let nullBit: UInt32 = 1 << 31

  @inlinable
  public init() {}

  /// Fills in one expression: `Parameters { $0.uuid(organization); $0.uuids(ids) }`.
  @inlinable
  public init(_ fill: (inout Parameters) -> Void) {
    fill(&self)
  }

  /// No parameters.
  public static let none = Parameters()

  /// The number of parameters.
  public var count: Int { ends.count }

  public mutating func null() {
    ends.append(UInt32(bytes.count) | Parameters.nullBit)
  }

  public mutating func bool(_ value: Bool?) {
    guard let value else { return null() }
    bytes.append(value ? 1 : 0)
    close()
  }

  public mutating func int2(_ value: Int16?) { integer(value) }
  public mutating func int4(_ value: Int32?) { integer(value) }
  public mutating func int8(_ value: Int64?) { integer(value) }
  public mutating func float8(_ value: Double?) { integer(value?.bitPattern) }

  public mutating func uuid(_ value: UUIDValue?) {
    guard let value else { return null() }
    write(value)
    close()
  }

  public mutating func text(_ value: String?) {
    guard let value else { return null() }
    bytes.append(contentsOf: value.utf8)
    close()
  }

  public mutating func bytea(_ value: [UInt8]?) {
    guard let value else { return null() }
    bytes.append(contentsOf: value)
    close()
  }

  /// A `timestamptz`, in microseconds since 1970-01-01 00:00 UTC.
  public mutating func timestamptz(microseconds value: Int64?) {
    integer(value.map { $0 &- unixEpochInPostgresMicroseconds })
  }

  /// A `jsonb` from JSON text; on the wire a version byte 1, then the text.
  public mutating func jsonb(_ json: String?) {
    guard let json else { return null() }
    bytes.append(1)
    bytes.append(contentsOf: json.utf8)
    close()
  }

  /// A `jsonb` from the bytes of a JSON text.
  public mutating func jsonb(bytes json: some Sequence<UInt8>) {
    bytes.append(1)
    bytes.append(contentsOf: json)
    close()
  }

  private mutating func integer(_ value: (some FixedWidthInteger)?) {
    guard let value else { return null() }
    write(value)
    close()
  }
}

// MARK: - The buffer

extension Parameters {
  /// A number for these values in this order, the same in every process (FNV-1a).
  public var digest: UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    for end in ends { hash = (hash ^ UInt64(end)) &* 0x100_0000_01b3 }
    return hash
  }

  /// Ends the parameter whose bytes were appended last.
  mutating func close() { ends.append(UInt32(truncatingIfNeeded: bytes.count)) }

  /// Appends a number in network order.
  mutating func write(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func write(_ value: UUIDValue) {
    write(value.high)
    write(value.low)
  }

  /// Gives each parameter's bytes in order, nil for NULL. The pointers end with the call.
  func withCells<Answer>(_ body: (UnsafeRawBufferPointer, [UInt32]) -> Answer) -> Answer {
    bytes.withUnsafeBytes { body($0, ends) }
  }
}

/// 2000-01-01 00:00 UTC, where Postgres counts from, in microseconds since 1970.
@usableFromInline let unixEpochInPostgresMicroseconds: Int64 = 946_684_800_000_000
