/// Where the lines of a source begin, for whoever asks for many locations: `Source.location` counts from the
/// start each time.
public struct LineIndex: Sendable {
  /// Byte offsets, ascending; the first is 0.
  private let starts: [UInt32]

  /// Reads the source once.
  public init(_ source: Source) {
    var starts: [UInt32] = [0]
    var offset = 0
    while offset < source.count {
      let byte = source.bytes[offset]
      offset += 1
      // § 2.1.2: LF, CR and CRLF end a line. The padding keeps the look ahead inside.
      if byte == 0x0A || (byte == 0x0D && source.bytes[offset] != 0x0A) { starts.append(UInt32(offset)) }
    }
    self.starts = starts
  }

  /// The same as `source.location(at: offset)`.
  public func location(at offset: Int, in source: Source) -> SourceLocation {
    let offset = min(offset, source.count)
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    var column = 1
    for position in Int(starts[low])..<offset {
      let byte = source.bytes[position]
      if byte & 0xC0 != 0x80 { column += byte >= 0xF0 ? 2 : 1 }
    }
    return SourceLocation(line: low + 1, column: column)
  }

  /// The bytes of a line, counted from 1, without its end; empty for a line that the source does not have.
  public func bytes(ofLine line: Int, in source: Source) -> UnsafeBufferPointer<UInt8> {
    guard line >= 1, line <= starts.count else { return UnsafeBufferPointer(start: nil, count: 0) }
    let start = Int(starts[line - 1])
    var end = line < starts.count ? Int(starts[line]) : source.count
    while end > start, source.bytes[end - 1] == 0x0A || source.bytes[end - 1] == 0x0D { end -= 1 }
    return UnsafeBufferPointer(start: source.bytes + start, count: end - start)
  }
}
