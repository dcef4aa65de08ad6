import Glibc

/// Reads the lines of standard input as bytes, without their ends; a last line may lack its end.
///
/// Blank lines are left out. Owned by `main`.
struct LineReader {
  private var buffer: [UInt8] = []
  private var start = 0
  private var hasEnded = false

  mutating func next() -> [UInt8]? {
    var searched = start
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0A) {
        let line = trimmed(start..<end)
        start = end + 1
        searched = start
        if !line.isEmpty { return line }
        continue
      }
      searched = buffer.count
      guard !hasEnded else { return takeRest() }
      searched -= start
      fill()
    }
  }

  private mutating func takeRest() -> [UInt8]? {
    let line = trimmed(start..<buffer.count)
    start = buffer.count
    return line.isEmpty ? nil : line
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
      var result = read(0, target.baseAddress, target.count)
      while result < 0, errno == EINTR { result = read(0, target.baseAddress, target.count) }
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
