extension JSONWriter {
  /// A string with quotes and escapes (RFC 8259 § 7).
  @inlinable
  public mutating func write(_ value: String) {
    // Native strings are contiguous; reading them in place takes no reference.
    if value.utf8.withContiguousStorageIfAvailable({ write(text: $0) }) == nil {
      var copy = value
      copy.withUTF8 { write(text: $0) }
    }
  }

  /// UTF-8 text with quotes and escapes.
  @inlinable
  public mutating func write(text: UnsafeBufferPointer<UInt8>) {
    let count = text.count
    // Eight bytes more than needed, so that the copy below may store whole words.
    reserve(count + 10)
    end.pointee = 0x22
    end += 1
    guard let source = text.baseAddress else {
      end.pointee = 0x22
      end += 1
      return
    }
    var index = 0
    while index &+ 8 <= count {
      let word = UnsafeRawPointer(source + index).loadUnaligned(as: UInt64.self)
      if JSONWriter.needsEscape(word) { return writeEscaped(source, index, count) }
      UnsafeMutableRawPointer(end + index).storeBytes(of: word, as: UInt64.self)
      index &+= 8
    }
    if index < count {
      // The last bytes: one word that overlaps what is written, or the bytes of a short text in one register.
      if count >= 8 {
        let word = UnsafeRawPointer(source + (count &- 8)).loadUnaligned(as: UInt64.self)
        if JSONWriter.needsEscape(word) { return writeEscaped(source, index, count) }
        UnsafeMutableRawPointer(end + (count &- 8)).storeBytes(of: word, as: UInt64.self)
      } else {
        let word = JSONWriter.loadShort(source, count)
        // What is beyond the text reads as zero, a control character, so spaces stand in.
        let filler: UInt64 = 0x2020_2020_2020_2020 &<< UInt64(truncatingIfNeeded: count &* 8)
        if JSONWriter.needsEscape(word | filler) { return writeEscaped(source, index, count) }
        UnsafeMutableRawPointer(end).storeBytes(of: word, as: UInt64.self)
      }
    }
    end[count] = 0x22
    end += count &+ 1
  }

  /// Fewer than eight bytes as a little-endian word; zeros behind them. `count` is at least 1.
  @inlinable
  static func loadShort(_ source: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
    let raw = UnsafeRawPointer(source)
    if count >= 4 {
      let low = UInt64(raw.loadUnaligned(as: UInt32.self))
      let high = UInt64(raw.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
      return low | high &<< UInt64(truncatingIfNeeded: (count &- 4) &* 8)
    }
    let first = UInt64(source[0])
    let middle = UInt64(source[count &>> 1]) &<< UInt64(truncatingIfNeeded: (count &>> 1) &* 8)
    let last = UInt64(source[count &- 1]) &<< UInt64(truncatingIfNeeded: (count &- 1) &* 8)
    return first | middle | last
  }

  /// Whether one of eight bytes is a control character, a quote or a backslash.
  ///
  /// The classic zero-byte test on three differences; bytes of 0x80 and above never match.
  @inlinable
  static func needsEscape(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    let quote = word ^ (ones &* 0x22)
    let backslash = word ^ (ones &* 0x5C)
    let control = (word &- ones &* 0x20) & ~word
    let quotes = (quote &- ones) & ~quote
    let backslashes = (backslash &- ones) & ~backslash
    return (control | quotes | backslashes) & highs != 0
  }

  /// Goes on behind the opening quote and `done` plain bytes, with escapes.
  @usableFromInline
  mutating func writeEscaped(_ source: UnsafePointer<UInt8>, _ done: Int, _ count: Int) {
    end += done
    reserve((count - done) * 6 + 1)
    var out = end
    for index in done..<count {
      let byte = source[index]
      if byte >= 0x20, byte != 0x22, byte != 0x5C {
        out.pointee = byte
        out += 1
        continue
      }
      out[0] = 0x5C
      switch byte {
      case 0x22, 0x5C: out[1] = byte
      case 0x08: out[1] = 0x62
      case 0x09: out[1] = 0x74
      case 0x0A: out[1] = 0x6E
      case 0x0C: out[1] = 0x66
      case 0x0D: out[1] = 0x72
      default:
        out[1] = 0x75
        out[2] = 0x30
        out[3] = 0x30
        out[4] = 0x30 + (byte >> 4)
        out[5] = JSONWriter.hexDigit(byte & 0xF)
        out += 4
      }
      out += 2
    }
    out.pointee = 0x22
    end = out + 1
  }

  @inlinable
  static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
