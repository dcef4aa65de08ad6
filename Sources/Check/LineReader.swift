import Glibc

/// Reads the lines of a descriptor as bytes, without their ends; a last line may lack its end.
///
/// Blank lines are left out, and so is the text of lines beyond a bound. Owned by `main`.
struct LineReader {
  enum Line: Equatable {
    case text([UInt8])
    /// Longer than the bound.
    case tooLong
  }

  static let defaultLimit = 256 << 20

  private let descriptor: Int32
  /// Bytes of one line.
  private let limit: Int
  private var buffer: [UInt8] = []
  private var start = 0
  private var hasEnded = false
  /// The line's beginning is thrown away already.
  private var isTooLong = false

  init(descriptor: Int32 = 0, limit: Int = defaultLimit) {
    self.descriptor = descriptor
    self.limit = limit
  }

  mutating func next() -> Line? {
    var searched = start
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0A) {
        let line = take(start..<end)
        start = end + 1
        searched = start
        if let line { return line }
        continue
      }
      if buffer.count - start > limit {
        isTooLong = true
        start = buffer.count
      }
      searched = buffer.count - start
      guard !hasEnded else {
        defer { start = buffer.count }
        return take(start..<buffer.count)
      }
      fill()
    }
  }

  /// The line that ends here; nil for a blank one.
  private mutating func take(_ range: Range<Int>) -> Line? {
    if isTooLong || range.count > limit {
      isTooLong = false
      return .tooLong
    }
    let text = trimmed(range)
    return text.isEmpty ? nil : .text(text)
  }

  private func trimmed(_ range: Range<Int>) -> [UInt8] {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    guard let first = buffer[range].firstIndex(where: { !isBlank($0) }),
      let last = buffer[range].lastIndex(where: { !isBlank($0) })
    else { return [] }
    return Array(buffer[first...last])
  }

  /// Reads some more bytes, and drops those that were handed out.
  private mutating func fill() {
    buffer.removeSubrange(..<start)
    start = 0
    let chunk = [UInt8](unsafeUninitializedCapacity: 65_536) { target, count in
      var result = read(descriptor, target.baseAddress, target.count)
      while result < 0, errno == EINTR { result = read(descriptor, target.baseAddress, target.count) }
      count = max(0, result)
    }
    hasEnded = chunk.isEmpty
    buffer.append(contentsOf: chunk)
  }
}

/// Writes all bytes at once, so that each answer is out before the next request is read; false when nobody
/// listens.
func writeToStandardOutput(_ bytes: [UInt8]) -> Bool {
  bytes.withUnsafeBytes { buffer in
    var written = 0
    while written < buffer.count {
      let result = write(1, buffer.baseAddress.map { $0 + written }, buffer.count - written)
      if result < 0, errno == EINTR { continue }
      if result <= 0 { return false }
      written += result
    }
    return true
  }
}
