/// Builds one frame.
struct FrameWriter {
  private var bytes: [UInt8] = [0, 0, 0, 0]

  mutating func integer<Value: FixedWidthInteger>(_ value: Value) {
    var value = value
    for _ in 0..<(Value.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: value))
      if Value.bitWidth > 8 { value >>= 8 }
    }
  }

  mutating func text(_ text: [UInt8]) {
    integer(UInt32(text.count))
    bytes.append(contentsOf: text)
  }

  mutating func outcome(_ outcome: SandboxOutcome) {
    switch outcome {
    case .value(let text): tagged(0, text)
    case .syntaxError(let message, let line, let column): tagged(1, [UInt8](message.utf8), line, column)
    case .thrown(let message, let line, let column): tagged(2, [UInt8](message.utf8), line, column)
    case .timedOut: tagged(3, [])
    case .resultTooLarge: tagged(4, [])
    case .notSerializable(let message): tagged(5, [UInt8](message.utf8))
    case .invalidScope(let name): tagged(6, [UInt8](name.utf8))
    }
  }

  private mutating func tagged(_ tag: UInt8, _ text: [UInt8], _ line: UInt32 = 0, _ column: UInt32 = 0) {
    integer(tag)
    integer(line)
    integer(column)
    self.text(text)
  }

  /// The frame with its length in front.
  func frame() -> [UInt8] {
    var frame = bytes
    let length = UInt32(bytes.count - 4)
    for index in 0..<4 { frame[index] = UInt8(truncatingIfNeeded: length >> UInt32(8 * index)) }
    return frame
  }
}

/// Reads one frame's payload; every read answers nil past the end. The studio does not trust the child's
/// bytes.
struct FrameReader {
  private var rest: ArraySlice<UInt8>

  init(_ payload: ArraySlice<UInt8>) { rest = payload }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type) -> Value? {
    let size = Value.bitWidth / 8
    guard rest.count >= size else { return nil }
    var value: Value = 0
    for (index, byte) in rest.prefix(size).enumerated() {
      value |= Value(truncatingIfNeeded: UInt64(byte) << UInt64(8 * index))
    }
    rest = rest.dropFirst(size)
    return value
  }

  mutating func text() -> [UInt8]? {
    guard let length = integer(UInt32.self), rest.count >= Int(length) else { return nil }
    defer { rest = rest.dropFirst(Int(length)) }
    return [UInt8](rest.prefix(Int(length)))
  }

  mutating func outcome() -> SandboxOutcome? {
    guard let tag = integer(UInt8.self), let line = integer(UInt32.self), let column = integer(UInt32.self),
      let text = text()
    else { return nil }
    let message = String(decoding: text, as: UTF8.self)
    return switch tag {
    case 0: .value(text)
    case 1: .syntaxError(message: message, line: line, column: column)
    case 2: .thrown(message: message, line: line, column: column)
    case 3: .timedOut
    case 4: .resultTooLarge
    case 5: .notSerializable(message: message)
    case 6: .invalidScope(name: message)
    default: nil
    }
  }
}

/// Cuts a stream of bytes into frames.
public struct FrameSplitter: Sendable {
  private var buffer: [UInt8] = []
  private var start = 0

  public init() {}

  /// Adds bytes that were read.
  public mutating func append(_ bytes: some Collection<UInt8>) {
    if start > 0 && start == buffer.count {
      buffer.removeAll(keepingCapacity: buffer.capacity <= 1 << 20)
      start = 0
    } else if start > 1 << 16 {
      buffer.removeFirst(start)
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  public enum Next: Sendable, Equatable {
    case payload(ArraySlice<UInt8>)
    case incomplete
    /// The length is beyond `SandboxWire.maximumFrameBytes`: give the stream up.
    case tooLong
  }

  /// Takes the next frame's payload.
  public mutating func next() -> Next {
    guard buffer.count - start >= 4 else { return .incomplete }
    let length = (0..<4).reduce(0) { $0 | Int(buffer[start + $1]) << (8 * $1) }
    guard length <= SandboxWire.maximumFrameBytes else { return .tooLong }
    guard buffer.count - start - 4 >= length else { return .incomplete }
    defer { start += 4 + length }
    return .payload(buffer[(start + 4)..<(start + 4 + length)])
  }
}
