// Finding the ends of string literals (§ 2.10.4). Nothing is decoded here; `StringNode+Value.swift` does that
// when asked.

extension Lexer {
  /// The offset behind the closing quote. `start` is behind the opening one.
  func endOfString(from start: Int, hasEscapes: inout Bool) throws(SyntaxFailure) -> Int {
    var position = start
    while position < count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        return position &+ 1
      case UInt8(ascii: "\\"):
        hasEscapes = true
        position &+= try lengthOfEscape(at: position)
      case 0x0A, 0x0D:
        throw SyntaxFailure(position, "Unterminated string.")
      default:
        position &+= byte < 0x80 ? 1 : try lengthOfScalar(at: position)
      }
    }
    throw SyntaxFailure(count, "Unterminated string.")
  }

  /// The offset behind the closing quotes. `start` is behind the opening ones.
  func endOfBlockString(from start: Int) throws(SyntaxFailure) -> Int {
    let quote = UInt8(ascii: "\"")
    var position = start
    while position < count {
      position = skipPlain(from: position)
      let byte = bytes[position]
      if byte == quote {
        if bytes[position &+ 1] == quote && bytes[position &+ 2] == quote { return position &+ 3 }
        position &+= 1
      } else if byte == UInt8(ascii: "\\") {
        let isEscapedQuotes =
          bytes[position &+ 1] == quote && bytes[position &+ 2] == quote && bytes[position &+ 3] == quote
        position &+= isEscapedQuotes ? 4 : 1
      } else {
        position &+= byte < 0x80 ? 1 : try lengthOfScalar(at: position)
      }
    }
    throw SyntaxFailure(count, "Unterminated string.")
  }

  /// Skips eight bytes at a time while none is a quote, a backslash or part of a non-ASCII character.
  ///
  /// A word without hits may end in the padding; the caller compares with `count` again.
  @inline(__always)
  private func skipPlain(from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highBits: UInt64 = 0x8080_8080_8080_8080
    var position = start
    while position < count {
      let word = UInt64(
        littleEndian: UnsafeRawPointer(bytes + position).loadUnaligned(as: UInt64.self))
      let quotes = word ^ (ones &* 0x22)
      let backslashes = word ^ (ones &* 0x5C)
      // A byte is zero where subtracting one borrows into its high bit. Bytes above 0x80 keep that bit, but
      // they are hits themselves; so the lowest hit is always exact.
      let hits = ((quotes &- ones) | (backslashes &- ones) | word) & highBits
      if hits != 0 { return position &+ (hits.trailingZeroBitCount >> 3) }
      position &+= 8
    }
    return position
  }

  // MARK: Escape sequences

  /// The number of bytes of the escape sequence at `position`, which holds a backslash.
  private func lengthOfEscape(at position: Int) throws(SyntaxFailure) -> Int {
    switch bytes[position &+ 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return 2
    case UInt8(ascii: "u"):
      return bytes[position &+ 2] == UInt8(ascii: "{")
        ? try lengthOfBracedEscape(at: position) : try lengthOfFixedEscape(at: position)
    default:
      throw invalidEscape(at: position, units: 2, "character escape")
    }
  }

  /// `\u{…}` with one to eight digits that name a Unicode scalar value.
  private func lengthOfBracedEscape(at position: Int) throws(SyntaxFailure) -> Int {
    var point: UInt32 = 0
    var length = 3
    while length < 12 {
      let byte = bytes[position &+ length]
      length &+= 1
      if byte == UInt8(ascii: "}") {
        if length >= 5, Unicode.Scalar(point) != nil { return length }
        break
      }
      guard let digit = hexadecimalValue(byte) else { break }
      point = point << 4 | digit
      if point > 0x7FFF_FFFF { break }
    }
    throw invalidEscape(at: position, units: length, "Unicode escape")
  }

  /// `\u` and four digits, or two of them that form a surrogate pair.
  private func lengthOfFixedEscape(at position: Int) throws(SyntaxFailure) -> Int {
    if let unit = hexadecimalUnit(at: position &+ 2) {
      if unit & 0xF800 != 0xD800 { return 6 }
      if unit < 0xDC00, bytes[position &+ 6] == UInt8(ascii: "\\"), bytes[position &+ 7] == UInt8(ascii: "u"),
        let trailing = hexadecimalUnit(at: position &+ 8), trailing & 0xFC00 == 0xDC00
      {
        return 12
      }
    }
    throw invalidEscape(at: position, units: 6, "Unicode escape")
  }

  private func hexadecimalUnit(at position: Int) -> UInt32? {
    var value: UInt32 = 0
    for index in 0..<4 {
      guard let digit = hexadecimalValue(bytes[position &+ index]) else { return nil }
      value = value << 4 | digit
    }
    return value
  }

  // MARK: UTF-8

  /// The number of bytes of the character at `position`, whose first byte is not ASCII.
  func lengthOfScalar(at position: Int) throws(SyntaxFailure) -> Int {
    guard let scalar = decodeScalar(bytes + position, limit: count &- position) else {
      throw SyntaxFailure(
        position, "Invalid character within String: \(describeCharacter(at: position)).")
    }
    return scalar.length
  }
}

/// The value of a hexadecimal digit.
func hexadecimalValue(_ byte: UInt8) -> UInt32? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte &- UInt8(ascii: "0"))
  case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte &- UInt8(ascii: "A") &+ 10)
  case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte &- UInt8(ascii: "a") &+ 10)
  default: nil
  }
}

/// Decodes one well-formed UTF-8 character (Unicode 3.9, table 3-7); nil for anything else.
func decodeScalar(_ bytes: UnsafePointer<UInt8>, limit: Int) -> (scalar: Unicode.Scalar, length: Int)? {
  guard limit > 0 else { return nil }
  let first = UInt32(bytes[0])
  let (length, smallest, bits): (Int, UInt32, UInt32) =
    switch first {
    case 0..<0x80: (1, 0, first)
    case 0xC2..<0xE0: (2, 0x80, first & 0x1F)
    case 0xE0..<0xF0: (3, 0x800, first & 0x0F)
    case 0xF0..<0xF5: (4, 0x1_0000, first & 0x07)
    default: (0, 0, 0)
    }
  guard length > 0, length <= limit else { return nil }
  var value = bits
  for index in 1..<max(length, 1) {
    guard bytes[index] & 0xC0 == 0x80 else { return nil }
    value = value << 6 | UInt32(bytes[index] & 0x3F)
  }
  guard value >= smallest, let scalar = Unicode.Scalar(value) else { return nil }
  return (scalar, length)
}
