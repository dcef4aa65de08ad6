extension JSONWriter {
  /// A string with quotes and escapes (RFC 8259 § 7).
  @inlinable
  public mutating func write(_ value: borrowing String) {
    let words = JSONWriter.words(of: value)
    if words.high & JSONWriter.smallStringBit != 0 {
      write(smallString: words.low, words.high)
    } else {
      write(largeString: value)
    }
  }

  /// The two words that a `String` is.
  ///
  /// The standard library keeps up to 15 bytes of text in them (`_SmallString` of SmallString.swift): the
  /// bytes in the order of memory, zeros behind them, and in the last byte the count and a bit that says so.
  /// Reading them there instead of through a closure halves what a short string costs. A test holds the
  /// layout.
  @inlinable @inline(__always)
  static func words(of value: borrowing String) -> (low: UInt64, high: UInt64) {
    unsafeBitCast(value, to: (UInt64, UInt64).self)
  }

  @inlinable static var smallStringBit: UInt64 { 0x2000_0000_0000_0000 }

  /// A text of up to 15 bytes, without a branch on its length.
  @usableFromInline
  mutating func write(smallString low: UInt64, _ high: UInt64) {
    // Growing comes back here, so that this function calls nothing and saves no registers.
    guard UInt(bitPattern: limit) &- UInt(bitPattern: end) >= 24 else { return grow(andWrite: low, high) }
    let count = Int(truncatingIfNeeded: high >> 56) & 15
    // What is beyond the text reads as zero, a control character, so spaces stand in.
    let spaces: UInt64 = 0x2020_2020_2020_2020
    let first = low | spaces << UInt64(truncatingIfNeeded: count &* 8)
    let second = (high & ~(0xFF << 56)) | spaces &<< UInt64(truncatingIfNeeded: max(count &- 8, 0) &* 8)
    if (JSONWriter.escapes(first) | JSONWriter.escapes(second)) & JSONWriter.highBits != 0 {
      return writeEscaped(smallString: low, high, count)
    }
    let target = UnsafeMutableRawPointer(end)
    target.storeBytes(of: 0x22, as: UInt8.self)
    target.storeBytes(of: low, toByteOffset: 1, as: UInt64.self)
    target.storeBytes(of: high, toByteOffset: 9, as: UInt64.self)
    target.storeBytes(of: 0x22, toByteOffset: count &+ 1, as: UInt8.self)
    end += count &+ 2
  }

  @inline(never)
  private mutating func grow(andWrite low: UInt64, _ high: UInt64) {
    grow(24)
    write(smallString: low, high)
  }

  @inline(never)
  private mutating func writeEscaped(smallString low: UInt64, _ high: UInt64, _ count: Int) {
    withUnsafeBytes(of: (low.littleEndian, high.littleEndian)) { bytes in
      let text = UnsafeRawBufferPointer(rebasing: bytes[0..<count]).assumingMemoryBound(to: UInt8.self)
      write(text: text)
    }
  }

  @usableFromInline
  mutating func write(largeString value: borrowing String) {
    // Native strings are contiguous; reading them in place takes no reference.
    if value.utf8.withContiguousStorageIfAvailable({ write(text: $0) }) == nil {
      var copy = copy value
      copy.withUTF8 { write(text: $0) }
    }
  }

  /// UTF-8 text with quotes and escapes.
  @inlinable
  public mutating func write(text: UnsafeBufferPointer<UInt8>) {
    guard let source = text.baseAddress else { return put("\"\"") }
    write(text: source, text.count)
  }

  @usableFromInline
  mutating func write(text source: UnsafePointer<UInt8>, _ count: Int) {
    // Some bytes more than needed, so that the copy below may store whole words.
    reserve(count + 10)
    end.pointee = 0x22
    end += 1
    let raw = UnsafeRawPointer(source)
    let target = UnsafeMutableRawPointer(end)
    if count < 8 {
      guard count > 0 else { return close(0) }
      let word = JSONWriter.loadShort(source, count)
      let filler: UInt64 = 0x2020_2020_2020_2020 &<< UInt64(truncatingIfNeeded: count &* 8)
      if JSONWriter.needsEscape(word | filler) { return writeEscaped(source, 0, count) }
      target.storeBytes(of: word, as: UInt64.self)
      return close(count)
    }
    var index = 0
    while index &+ 16 <= count {
      let first = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let second = raw.loadUnaligned(fromByteOffset: index &+ 8, as: UInt64.self)
      if (JSONWriter.escapes(first) | JSONWriter.escapes(second)) & JSONWriter.highBits != 0 {
        return writeEscaped(source, index, count)
      }
      target.storeBytes(of: first, toByteOffset: index, as: UInt64.self)
      target.storeBytes(of: second, toByteOffset: index &+ 8, as: UInt64.self)
      index &+= 16
    }
    if index &+ 8 <= count {
      let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      if JSONWriter.needsEscape(word) { return writeEscaped(source, index, count) }
      target.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
      index &+= 8
    }
    if index < count {
      // The last bytes: one word that overlaps what is written.
      let word = raw.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
      if JSONWriter.needsEscape(word) { return writeEscaped(source, index, count) }
      target.storeBytes(of: word, toByteOffset: count &- 8, as: UInt64.self)
    }
    close(count)
  }

  /// The closing quote behind `count` bytes.
  @inline(__always)
  private mutating func close(_ count: Int) {
    end[count] = 0x22
    end += count &+ 1
  }

  /// Fewer than eight bytes as a little-endian word; zeros behind them. `count` is at least 1.
  private static func loadShort(_ source: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
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

  @inline(__always) private static var highBits: UInt64 { 0x8080_8080_8080_8080 }

  /// Whether one of eight bytes is a control character, a quote or a backslash.
  @inline(__always)
  static func needsEscape(_ word: UInt64) -> Bool { escapes(word) & highBits != 0 }

  /// A word whose bytes' high bits say whether there is a byte to escape; which one is only known of the
  /// first.
  ///
  /// The classic test by subtraction. Exclusive or with 2 puts the quote, 0x22, right behind the control
  /// characters, so that one difference finds both. Bytes of 0x80 and above never match.
  @inline(__always)
  private static func escapes(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let controlsAndQuote = (word ^ (ones &* 0x02)) &- ones &* 0x21
    let backslash = (word ^ (ones &* 0x5C)) &- ones
    return (controlsAndQuote | backslash) & ~word
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
