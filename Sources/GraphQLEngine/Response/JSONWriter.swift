/// The one buffer of a response: JSON bytes written from left to right, with truncation for null propagation.
///
/// Owned by one execution and used on one thread at a time. Leaf bindings write exactly one value.
public struct JSONWriter: ~Copyable {
  @usableFromInline var base: UnsafeMutablePointer<UInt8>
  /// The next free byte.
  @usableFromInline var end: UnsafeMutablePointer<UInt8>
  /// The end of the buffer.
  @usableFromInline var limit: UnsafeMutablePointer<UInt8>
  /// What the last value was, beside an ordinary one; the executor reads and clears it.
  @usableFromInline var outcome: Outcome = .value
  /// The message that belongs to `.failure`.
  @usableFromInline var failureMessage: String = ""
  /// The items that belong to `.items`.
  @usableFromInline var unusualItems: [UnusualItem] = []

  /// What became of a leaf.
  @usableFromInline
  enum Outcome: UInt8 {
    case value, null, failure
    /// A list that was written as a whole, with items that are null or failed.
    case items
  }

  /// A writer with room for `capacity` bytes; it grows as needed.
  public init(capacity: Int = 1024) {
    let room = max(capacity, 64)
    base = .allocate(capacity: room)
    end = base
    limit = base + room
  }

  deinit { base.deallocate() }

  /// The number of bytes written.
  @inlinable public var count: Int { end - base }

  /// The bytes written so far.
  public var bytes: [UInt8] { [UInt8](UnsafeBufferPointer(start: base, count: count)) }

  /// The bytes written so far, as text.
  public var text: String { String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self) }

  /// Calls `body` with the bytes written so far.
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    body(UnsafeBufferPointer(start: base, count: count))
  }

  /// Forgets everything behind the first `count` bytes.
  @inlinable
  mutating func truncate(to count: Int) { end = base + count }

  /// Makes room for `extra` bytes; all writes go through it.
  @inlinable
  mutating func reserve(_ extra: Int) {
    if UInt(bitPattern: limit) &- UInt(bitPattern: end) < UInt(bitPattern: extra) { grow(extra) }
  }

  @inline(never)
  @usableFromInline
  mutating func grow(_ extra: Int) {
    let count = self.count
    let capacity = max((limit - base) * 2, count + extra)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
    end = larger + count
    limit = larger + capacity
  }

  /// Hands the buffer over; the writer starts again with a small one.
  mutating func take() -> ResponseBuffer {
    let buffer = ResponseBuffer(base: base, count: count)
    base = .allocate(capacity: 64)
    end = base
    limit = base + 64
    return buffer
  }
}

extension JSONWriter {
  /// One byte as it is.
  @inlinable
  mutating func put(_ byte: UInt8) {
    reserve(1)
    end.pointee = byte
    end += 1
  }

  /// Bytes as they are.
  @inlinable
  mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    reserve(bytes.count)
    end.update(from: source, count: bytes.count)
    end += bytes.count
  }

  /// Bytes as they are.
  @inlinable
  mutating func put(_ source: UnsafePointer<UInt8>, _ count: Int) {
    reserve(count)
    end.update(from: source, count: count)
    end += count
  }

  /// Bytes behind `put(padded:)` that may be read, and room behind the output that may be written.
  @usableFromInline static var padding: Int { 32 }

  /// Bytes as they are, with at least `padding` bytes behind them, so that short ones are copied as whole
  /// registers: keys, names and descriptions.
  @inline(__always)
  mutating func put(padded source: UnsafePointer<UInt8>, _ count: Int) {
    reserve(count &+ JSONWriter.padding)
    let source = UnsafeRawPointer(source)
    let target = UnsafeMutableRawPointer(end)
    if count > 32 {
      target.copyMemory(from: source, byteCount: count)
    } else {
      let first = source.loadUnaligned(as: SIMD2<UInt64>.self)
      let second = source.loadUnaligned(fromByteOffset: 16, as: SIMD2<UInt64>.self)
      target.storeBytes(of: first, as: SIMD2<UInt64>.self)
      target.storeBytes(of: second, toByteOffset: 16, as: SIMD2<UInt64>.self)
    }
    end += count
  }

  /// Text as it is: punctuation and JSON that needs no escaping.
  @inlinable
  mutating func put(_ text: StaticString) {
    put(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// `null`, where the engine itself knows that it may stand.
  @inlinable
  mutating func putNull() {
    reserve(4)
    UnsafeMutableRawPointer(end).storeBytes(of: UInt32(littleEndian: 0x6C6C_756E), as: UInt32.self)
    end += 4
  }

  /// Null. In a non-null position the executor turns it into an error (§ 6.4.4).
  @inlinable
  public mutating func writeNull() {
    putNull()
    outcome = .null
  }

  /// Says that the value cannot be written; the executor makes an error of it (§ 6.4.3).
  public mutating func fail(_ message: String) {
    outcome = .failure
    failureMessage = message
  }

  /// A boolean.
  @inlinable
  public mutating func write(_ value: Bool) {
    reserve(8)
    // "true", or "fals" and "e", in one register.
    let text: UInt64 = value ? 0x6575_7274 : 0x65_736C_6166
    UnsafeMutableRawPointer(end).storeBytes(of: UInt64(littleEndian: text), as: UInt64.self)
    end += value ? 4 : 5
  }

  /// JSON text as it is; the caller answers for its being one valid value.
  @inlinable
  public mutating func write(json bytes: UnsafeBufferPointer<UInt8>) {
    put(bytes)
    if let first = bytes.first, first == 0x6E || first <= 0x20 { noteNull(in: bytes) }
  }

  /// A JSON value as it is: custom scalars.
  public mutating func write(json value: InputValue) {
    if value.isNull { writeNull() } else { put(json: value) }
  }

  /// Recursion follows the value's nesting, which the reader bounds.
  private mutating func put(json value: InputValue) {
    switch value {
    case .null: putNull()
    case .bool(let flag): write(flag)
    case .int(let number): write(integer: number)
    case .float(let number): write(number)
    case .string(let text), .enumValue(let text): write(text)
    case .list(let items):
      put(0x5B)
      for (index, item) in items.enumerated() {
        if index > 0 { put(0x2C) }
        put(json: item)
      }
      put(0x5D)
    case .object(let object):
      put(0x7B)
      for (index, field) in object.fields.enumerated() {
        if index > 0 { put(0x2C) }
        write(field.name)
        put(0x3A)
        put(json: field.value)
      }
      put(0x7D)
    }
  }

  /// The name of an enum value, which needs no escaping.
  @inlinable
  public mutating func write(enumName name: StaticString) {
    let count = name.utf8CodeUnitCount
    reserve(count + 2)
    end.pointee = 0x22
    (end + 1).update(from: name.utf8Start, count: count)
    end[count + 1] = 0x22
    end += count + 2
  }

  /// Any value with a JSON form, or null.
  @inlinable
  public mutating func write<Value: LeafValue>(_ value: Value?) {
    if let value { value.write(to: &self) } else { writeNull() }
  }
}

/// A value that a leaf field can have: written as exactly one JSON value.
public protocol LeafValue: Sendable {
  func write(to out: inout JSONWriter)
}

extension Bool: LeafValue {
  @inlinable public func write(to out: inout JSONWriter) { out.write(self) }
}

/// Written as GraphQL's `Int`: 32 bits, else the leaf fails (§ 3.5.1).
extension Int: LeafValue {
  @inlinable public func write(to out: inout JSONWriter) { out.write(self) }
}

extension Int32: LeafValue {
  @inlinable public func write(to out: inout JSONWriter) { out.write(Int(self)) }
}

extension Double: LeafValue {
  @inlinable public func write(to out: inout JSONWriter) { out.write(self) }
}

extension String: LeafValue {
  @inlinable public func write(to out: inout JSONWriter) { out.write(self) }
}

extension Optional: LeafValue where Wrapped: LeafValue {
  @inlinable
  public func write(to out: inout JSONWriter) {
    if let self { self.write(to: &out) } else { out.writeNull() }
  }
}

/// JSON text as the value of a leaf, copied as it is: the `JSON` scalar. JSON's `null` is a null.
public struct RawJSON: LeafValue, Hashable {
  /// The text as it is written.
  public var bytes: [UInt8]

  /// The caller answers for the bytes being one valid JSON value.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  public func write(to out: inout JSONWriter) { bytes.withUnsafeBufferPointer { out.write(json: $0) } }
}
