extension JSONWriter {
  /// GraphQL's `Int`: fails outside of 32 bits (§ 3.5.1).
  @inlinable
  public mutating func write(_ value: Int) {
    if value > 2_147_483_647 || value < -2_147_483_648 { return failInteger(value) }
    write(integer: value)
  }

  @usableFromInline
  mutating func failInteger(_ value: Int) {
    fail("Int cannot represent non 32-bit signed integer value: \(value)")
  }

  /// Any integer as a JSON number, for custom scalars and the like.
  @usableFromInline
  mutating func writeInteger(_ value: Int) {
    reserve(24)
    var magnitude = UInt64(value.magnitude)
    if value < 0 {
      end.pointee = 0x2D
      end += 1
    }
    if magnitude >= 100_000_000 {
      let high = magnitude / 100_000_000
      magnitude &-= high &* 100_000_000
      if high >= 100_000_000 {
        put(leading: high / 100_000_000)
        put(eightDigits: high % 100_000_000)
      } else {
        put(leading: high)
      }
      put(eightDigits: magnitude)
    } else {
      put(leading: magnitude)
    }
  }

  /// Any integer as a JSON number, for custom scalars and the like.
  @inlinable
  public mutating func write(integer value: Int) { writeInteger(value) }

  /// A number below 10^8 without leading zeros. There is room for 8 bytes.
  @inline(__always)
  private mutating func put(leading value: UInt64) {
    let digits = JSONWriter.decimalDigits(value)
    let zeros = min(digits.trailingZeroBitCount &>> 3, 7)
    let text = (digits | 0x3030_3030_3030_3030) &>> UInt64(truncatingIfNeeded: zeros &* 8)
    UnsafeMutableRawPointer(end).storeBytes(of: text, as: UInt64.self)
    end += 8 &- zeros
  }

  /// A number below 10^8 as 8 digits. There is room for 8 bytes.
  @inline(__always)
  private mutating func put(eightDigits value: UInt64) {
    let text = JSONWriter.decimalDigits(value) | 0x3030_3030_3030_3030
    UnsafeMutableRawPointer(end).storeBytes(of: text, as: UInt64.self)
    end += 8
  }

  /// The 8 decimal digits of a number below 10^8, a byte each, the first in the lowest byte.
  ///
  /// Halves of 4, 2 and 1 digits are divided side by side in one word, by multiplying with the reciprocal
  /// (after Paul Khuong, "How to print integers really fast", 2017).
  @inline(__always)
  private static func decimalDigits(_ value: UInt64) -> UInt64 {
    let high = value / 10_000
    let fours = high | (value &- high &* 10_000) &<< 32
    let hundreds = (fours &* 10_486) &>> 20 & 0x0000_007F_0000_007F
    let twos = hundreds | (fours &- hundreds &* 100) &<< 16
    let tens = (twos &* 103) &>> 10 & 0x000F_000F_000F_000F
    return tens | (twos &- tens &* 10) &<< 8
  }

  /// An integer as a string, as `ID` is always written (§ 3.5.5).
  @inlinable
  public mutating func write(id value: Int) {
    put(0x22)
    write(integer: value)
    put(0x22)
  }

  /// GraphQL's `Float`, formatted as JavaScript's `Number::toString` does; fails when it is not finite (§
  /// 3.5.2).
  @inlinable
  public mutating func write(_ value: Double) { writeDouble(value) }

  @usableFromInline
  mutating func writeDouble(_ value: Double) {
    // Up to 15 significant digits: n / 10^k with exact n and 10^k is correctly rounded, and the smallest k is
    // shortest. Conversion cuts off; half a unit is added first, and where that rounds wrongly the division
    // shows it.
    if value.magnitude < 1e15 {
      let whole = Int(value)
      if Double(whole) == value { return writeInteger(whole) }
      let half = value < 0 ? -0.5 : 0.5
      var power = 10.0
      var decimals = 1
      while decimals <= 6 {
        let scaled = value * power + half
        if scaled.magnitude >= 1e15 { break }
        let digits = Int(scaled)
        if Double(digits) / power == value { return write(scaled: digits, decimals: decimals) }
        power *= 10
        decimals &+= 1
      }
    }
    writeSlowly(value)
  }

  /// `scaled / 10^decimals`, where the value is not whole and `decimals` is at most 6.
  private mutating func write(scaled: Int, decimals: Int) {
    reserve(32)
    var power: UInt64 = 1
    for _ in 0..<decimals { power &*= 10 }
    let magnitude = UInt64(scaled.magnitude)
    let whole = magnitude / power
    if scaled < 0 {
      end.pointee = 0x2D
      end += 1
    }
    if whole < 100_000_000 { put(leading: whole) } else { writeInteger(Int(whole)) }
    end.pointee = 0x2E
    let fraction = JSONWriter.decimalDigits(magnitude &- whole &* power) | 0x3030_3030_3030_3030
    let text = fraction &>> UInt64(truncatingIfNeeded: (8 &- decimals) &* 8)
    UnsafeMutableRawPointer(end + 1).storeBytes(of: text, as: UInt64.self)
    end += decimals &+ 1
  }

  /// The shortest digits from Swift's `description`, laid out as ECMA-262 § 6.1.6.1.20 has them.
  @usableFromInline
  mutating func writeSlowly(_ value: Double) {
    guard value.isFinite else {
      let shown = value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity"
      return fail("Float cannot represent non numeric value: \(shown)")
    }
    if value < 0 { put(0x2D) }
    let decimal = ShortestDecimal(value.magnitude)
    let digits = decimal.digits
    let exponent = decimal.exponent
    reserve(digits.count + 32)
    if exponent > 21 || exponent <= -6 {
      put(digits[0])
      if digits.count > 1 {
        put(0x2E)
        for digit in digits.dropFirst() { put(digit) }
      }
      put(exponent > 0 ? "e+" : "e-")
      write(integer: abs(exponent - 1))
    } else if exponent <= 0 {
      put("0.")
      for _ in 0..<(-exponent) { put(0x30) }
      for digit in digits { put(digit) }
    } else {
      for position in 0..<max(exponent, digits.count) {
        if position == exponent { put(0x2E) }
        put(position < digits.count ? digits[position] : 0x30)
      }
    }
  }
}

/// The shortest decimal digits that round-trip: `0.digits × 10^exponent`.
private struct ShortestDecimal {
  var digits: [UInt8] = []
  var exponent = 0

  /// `value` is finite and not negative.
  init(_ value: Double) {
    var pointAt: Int?
    var text = value.description.utf8[...]
    if let e = text.firstIndex(where: { $0 == 0x65 || $0 == 0x45 }) {
      exponent = Int(String(decoding: text[text.index(after: e)...], as: UTF8.self)) ?? 0
      text = text[..<e]
    }
    for byte in text {
      if byte == 0x2E { pointAt = digits.count } else { digits.append(byte) }
    }
    exponent += pointAt ?? digits.count
    let leading = digits.prefix { $0 == 0x30 }.count
    digits.removeFirst(leading)
    exponent -= leading
    while digits.last == 0x30 { digits.removeLast() }
    if digits.isEmpty { digits = [0x30]; exponent = 1 }
  }
}
