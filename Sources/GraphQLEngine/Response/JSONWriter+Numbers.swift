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
  @inlinable
  public mutating func write(integer value: Int) {
    reserve(20)
    var magnitude = value.magnitude
    if value < 0 {
      end.pointee = 0x2D
      end += 1
    }
    let digits = JSONWriter.digitCount(magnitude)
    var position = digits
    while magnitude >= 10 {
      let quotient = magnitude / 10
      position &-= 1
      end[position] = 0x30 &+ UInt8(truncatingIfNeeded: magnitude &- quotient &* 10)
      magnitude = quotient
    }
    end[0] = 0x30 &+ UInt8(truncatingIfNeeded: magnitude)
    end += digits
  }

  /// An integer as a string, as `ID` is always written (§ 3.5.5).
  @inlinable
  public mutating func write(id value: Int) {
    put(0x22)
    write(integer: value)
    put(0x22)
  }

  @inlinable
  static func digitCount(_ value: UInt) -> Int {
    var digits = 1
    var bound: UInt = 10
    while digits < 20, value >= bound {
      digits &+= 1
      if digits == 20 { break }
      bound = bound &* 10
    }
    return digits
  }

  /// GraphQL's `Float`, formatted as JavaScript's `Number::toString` does; fails when it is not finite (§
  /// 3.5.2).
  @inlinable
  public mutating func write(_ value: Double) {
    // Up to 15 significant digits: n / 10^k with exact n and 10^k is correctly rounded, and the smallest k is
    // shortest.
    if value.magnitude < 1e15 {
      let whole = value.rounded(.towardZero)
      if whole == value { return write(integer: Int(whole)) }
      var power = 10.0
      var decimals = 1
      while decimals <= 6 {
        let scaled = (value * power).rounded(.toNearestOrEven)
        if scaled.magnitude >= 1e15 { break }
        if scaled / power == value { return write(scaled: Int(scaled), decimals: decimals) }
        power *= 10
        decimals &+= 1
      }
    }
    writeSlowly(value)
  }

  /// `scaled / 10^decimals`, where the value is not whole.
  @usableFromInline
  mutating func write(scaled: Int, decimals: Int) {
    reserve(24)
    var magnitude = scaled.magnitude
    if scaled < 0 {
      end.pointee = 0x2D
      end += 1
    }
    let digits = max(JSONWriter.digitCount(magnitude), decimals + 1)
    let point = digits - decimals
    var position = digits
    while position > point {
      end[position] = 0x30 &+ UInt8(truncatingIfNeeded: magnitude % 10)
      magnitude /= 10
      position &-= 1
    }
    end[point] = 0x2E
    while position > 0 {
      position &-= 1
      end[position] = 0x30 &+ UInt8(truncatingIfNeeded: magnitude % 10)
      magnitude /= 10
    }
    end += digits + 1
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
