/// Arrays as one parameter: `= ANY($2)` and `unnest($1, $2)` take any number of keys or rows with one
/// statement text.
///
/// The layout (`array_recv` in the server's source): dimensions, a flag for NULLs, the element type, then per
/// dimension its length and lower bound, then each element as a length (-1 for NULL) and its bytes.
extension Parameters {
  /// Keys of a read: written without a call for each.
  public mutating func uuids(_ values: [UUIDValue]) {
    guard !values.isEmpty else { return array(.uuid, values.lazy.map(Optional.some)) { $0.element($1) } }
    bytes.reserveCapacity(bytes.count + 20 + values.count * 20)
    for number in [1, 0, Int32(bitPattern: PostgresType.uuid.rawValue), Int32(values.count), 1] as [Int32] {
      write(number)
    }
    for value in values { element(value) }
    close()
  }

  public mutating func uuids(_ values: some Sequence<UUIDValue>) {
    array(.uuid, values.lazy.map(Optional.some)) { $0.element($1) }
  }
  public mutating func uuids(_ values: some Sequence<UUIDValue?>) {
    array(.uuid, values) { $0.element($1) }
  }

  public mutating func texts(_ values: some Sequence<String>) {
    array(.text, values.lazy.map(Optional.some)) { $0.element($1.utf8) }
  }
  public mutating func texts(_ values: some Sequence<String?>) {
    array(.text, values) { $0.element($1.utf8) }
  }

  /// Each element is a JSON text.
  public mutating func jsonbs(_ values: some Sequence<String?>) {
    array(.jsonb, values) { parameters, json in
      parameters.write(Int32(truncatingIfNeeded: json.utf8.count + 1))
      parameters.bytes.append(1)
      parameters.bytes.append(contentsOf: json.utf8)
    }
  }

  public mutating func bools(_ values: some Sequence<Bool>) { bools(values.lazy.map(Optional.some)) }
  public mutating func bools(_ values: some Sequence<Bool?>) {
    array(.bool, values) { $0.element(integer: UInt8($1 ? 1 : 0)) }
  }

  public mutating func int2s(_ values: some Sequence<Int16>) { int2s(values.lazy.map(Optional.some)) }
  public mutating func int2s(_ values: some Sequence<Int16?>) {
    array(.int2, values) { $0.element(integer: $1) }
  }

  public mutating func int4s(_ values: some Sequence<Int32>) { int4s(values.lazy.map(Optional.some)) }
  public mutating func int4s(_ values: some Sequence<Int32?>) {
    array(.int4, values) { $0.element(integer: $1) }
  }

  public mutating func int8s(_ values: some Sequence<Int64>) { int8s(values.lazy.map(Optional.some)) }
  public mutating func int8s(_ values: some Sequence<Int64?>) {
    array(.int8, values) { $0.element(integer: $1) }
  }

  public mutating func float8s(_ values: some Sequence<Double>) { float8s(values.lazy.map(Optional.some)) }
  public mutating func float8s(_ values: some Sequence<Double?>) {
    array(.float8, values) { $0.element(integer: $1.bitPattern) }
  }

  /// Instants in microseconds since 1970-01-01 00:00 UTC.
  public mutating func timestamptzs(microseconds values: some Sequence<Int64?>) {
    array(.timestamptz, values) { $0.element(integer: $1 &- unixEpochInPostgresMicroseconds) }
  }

  /// Writes the header with room for what is known at the end only: the flag for NULLs and the length.
  private mutating func array<Element>(
    _ type: PostgresType, _ values: some Sequence<Element?>, _ write: (inout Parameters, Element) -> Void
  ) {
    let start = bytes.count
    // One dimension, no NULL, the type, no element yet, counted from 1.
    let header = (
      Int32(1).bigEndian, Int32(0), type.rawValue.bigEndian, Int32(0), Int32(1).bigEndian
    )
    withUnsafeBytes(of: header) { bytes.append(contentsOf: $0) }
    var count: Int32 = 0
    var hasNull = false
    for value in values {
      count += 1
      if let value {
        write(&self, value)
      } else {
        hasNull = true
        self.write(Int32(-1))
      }
    }
    if count == 0 {
      // An empty array has no dimensions.
      bytes.removeLast(8)
      patch(at: start, 0)
    } else {
      if hasNull { patch(at: start + 4, 1) }
      patch(at: start + 12, count)
    }
    close()
  }

  private mutating func element(_ value: UUIDValue) {
    write(Int32(16))
    write(value)
  }

  private mutating func element(integer value: some FixedWidthInteger) {
    write(Int32(value.bitWidth / 8))
    write(value)
  }

  private mutating func element(_ text: String.UTF8View) {
    write(Int32(truncatingIfNeeded: text.count))
    bytes.append(contentsOf: text)
  }

  private mutating func patch(at offset: Int, _ value: Int32) {
    bytes.withUnsafeMutableBytes { $0.storeBytes(of: value.bigEndian, toByteOffset: offset, as: Int32.self) }
  }
}

/// The same for arrays, which most callers have: compiled for these types in this module. A caller elsewhere
/// would go through a generic sequence, element by element.
extension Parameters {
  public mutating func uuids(_ values: [UUIDValue?]) { array(.uuid, values) { $0.element($1) } }

  public mutating func texts(_ values: [String?]) { array(.text, values) { $0.element($1.utf8) } }

  public mutating func jsonbs(_ values: [String?]) {
    array(.jsonb, values) { parameters, json in
      parameters.write(Int32(truncatingIfNeeded: json.utf8.count + 1))
      parameters.bytes.append(1)
      parameters.bytes.append(contentsOf: json.utf8)
    }
  }

  public mutating func bools(_ values: [Bool]) {
    array(.bool, values.lazy.map(Optional.some)) { $0.element(integer: UInt8($1 ? 1 : 0)) }
  }

  public mutating func int4s(_ values: [Int32]) {
    array(.int4, values.lazy.map(Optional.some)) { $0.element(integer: $1) }
  }

  public mutating func int4s(_ values: [Int32?]) { array(.int4, values) { $0.element(integer: $1) } }

  public mutating func int8s(_ values: [Int64]) {
    array(.int8, values.lazy.map(Optional.some)) { $0.element(integer: $1) }
  }

  public mutating func timestamptzs(microseconds values: [Int64?]) {
    array(.timestamptz, values) { $0.element(integer: $1 &- unixEpochInPostgresMicroseconds) }
  }

  public mutating func texts(_ values: [String]) {
    array(.text, values.lazy.map(Optional.some)) { $0.element($1.utf8) }
  }
}
