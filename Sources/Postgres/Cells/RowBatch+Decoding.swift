/// Typed cells: fixed-width numbers are big-endian; each accessor gives nil for NULL or a foreign width.
extension RowBatch {
  public func uuid(_ row: Int, _ column: Int) -> UUIDValue? {
    bytes(row, column).flatMap(UUIDValue.init(bytes:))
  }

  public func int2(_ row: Int, _ column: Int) -> Int16? { integer(row, column) }
  public func int4(_ row: Int, _ column: Int) -> Int32? { integer(row, column) }
  public func int8(_ row: Int, _ column: Int) -> Int64? { integer(row, column) }

  /// An int2, int4 or int8, by its width.
  public func int(_ row: Int, _ column: Int) -> Int? {
    guard let cell = bytes(row, column) else { return nil }
    switch cell.count {
    case 2: return Int(Int16(bigEndian: cell.loadUnaligned(as: Int16.self)))
    case 4: return Int(Int32(bigEndian: cell.loadUnaligned(as: Int32.self)))
    case 8: return Int(Int64(bigEndian: cell.loadUnaligned(as: Int64.self)))
    default: return nil
    }
  }

  /// A `float8`, or a `float4` widened.
  public func double(_ row: Int, _ column: Int) -> Double? {
    guard let cell = bytes(row, column) else { return nil }
    switch cell.count {
    case 4: return Double(Float(bitPattern: UInt32(bigEndian: cell.loadUnaligned(as: UInt32.self))))
    case 8: return Double(bitPattern: UInt64(bigEndian: cell.loadUnaligned(as: UInt64.self)))
    default: return nil
    }
  }

  public func bool(_ row: Int, _ column: Int) -> Bool? {
    guard let cell = bytes(row, column), cell.count == 1 else { return nil }
    return cell[0] != 0
  }

  /// A `text`, `varchar`, `name` or enum label.
  public func string(_ row: Int, _ column: Int) -> String? {
    bytes(row, column).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A `timestamptz` in microseconds since 1970-01-01 00:00 UTC; `infinity` stays at the ends of Int64.
  public func microseconds(_ row: Int, _ column: Int) -> Int64? {
    guard let value = int8(row, column) else { return nil }
    if value == .max || value == .min { return value }
    return value &+ unixEpochInPostgresMicroseconds
  }

  /// The text of a `jsonb` (its version byte stripped) or `json`. Valid as long as the batch lives.
  public func jsonBytes(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer? {
    guard let cell = bytes(row, column) else { return nil }
    return cell.first == 1 ? UnsafeRawBufferPointer(rebasing: cell.dropFirst()) : cell
  }

  /// The text of a `jsonb` or `json` as a String.
  public func jsonText(_ row: Int, _ column: Int) -> String? {
    jsonBytes(row, column).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A `bytea`, copied.
  public func byteArray(_ row: Int, _ column: Int) -> [UInt8]? {
    bytes(row, column).map(Array.init)
  }

  /// A `uuid[]` of one dimension; NULL elements are left out.
  public func uuidArray(_ row: Int, _ column: Int) -> [UUIDValue]? {
    elements(row, column, UUIDValue.init(bytes:))
  }

  /// A `text[]` of one dimension; NULL elements are left out.
  public func stringArray(_ row: Int, _ column: Int) -> [String]? {
    elements(row, column) { String(decoding: $0, as: UTF8.self) }
  }

  /// An `int8[]` of one dimension; NULL elements are left out.
  public func int8Array(_ row: Int, _ column: Int) -> [Int64]? {
    elements(row, column) { $0.count == 8 ? Int64(bigEndian: $0.loadUnaligned(as: Int64.self)) : nil }
  }

  /// An `int4[]` of one dimension; NULL elements are left out.
  public func int4Array(_ row: Int, _ column: Int) -> [Int32]? {
    elements(row, column) { $0.count == 4 ? Int32(bigEndian: $0.loadUnaligned(as: Int32.self)) : nil }
  }

  private func integer<Number: FixedWidthInteger>(_ row: Int, _ column: Int) -> Number? {
    guard let cell = bytes(row, column), cell.count == MemoryLayout<Number>.size else { return nil }
    return Number(bigEndian: cell.loadUnaligned(as: Number.self))
  }

  /// Walks the binary layout of an array (see `Parameters+Arrays.swift`); nil where it is not one of one
  /// dimension.
  private func elements<Element>(
    _ row: Int, _ column: Int, _ decode: (UnsafeRawBufferPointer) -> Element?
  ) -> [Element]? {
    guard let cell = bytes(row, column), let dimensions = cell.int32(at: 0) else { return nil }
    if dimensions == 0 { return [] }
    guard dimensions == 1, let count = cell.int32(at: 12) else { return nil }
    var elements: [Element] = []
    var offset = 20
    for _ in 0..<max(0, count) {
      guard let length = cell.int32(at: offset) else { return nil }
      offset += 4
      if length < 0 { continue }
      guard offset + Int(length) <= cell.count else { return nil }
      let bytes = UnsafeRawBufferPointer(rebasing: cell[offset..<offset + Int(length)])
      guard let element = decode(bytes) else { return nil }
      elements.append(element)
      offset += Int(length)
    }
    return elements
  }
}

extension UnsafeRawBufferPointer {
  /// A big-endian Int32, or nil past the end.
  fileprivate func int32(at offset: Int) -> Int32? {
    guard offset + 4 <= count else { return nil }
    return Int32(bigEndian: loadUnaligned(fromByteOffset: offset, as: Int32.self))
  }
}
