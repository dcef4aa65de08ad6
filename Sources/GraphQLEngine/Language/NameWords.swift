/// How names are hashed and compared: eight bytes at a time, as little-endian words, the last one filled with
/// zeros. Hot path of building a schema and of validation.
enum NameWords {
  /// Different in every process, so that nobody can prepare names that collide.
  static let seed = UInt64.random(in: .min ... .max)

  private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// The hash of a name. All of its bits depend on all bytes; tables use the upper half.
  @inline(__always)
  static func hash(_ name: SyntaxName, seed: UInt64) -> UInt64 {
    let bytes = UnsafeRawPointer(name.source + Int(name.start))
    var remaining = Int(name.length)
    var hash = seed ^ UInt64(name.length)
    var offset = 0
    while remaining >= 8 {
      hash = mix(hash ^ load(bytes, offset))
      offset &+= 8
      remaining &-= 8
    }
    return mix(hash ^ lastWord(bytes, offset, count: remaining))
  }

  /// The word at a byte offset of a name or behind it.
  ///
  /// Safe because a source is followed by 64 zero bytes (`Source.padding`): a word that begins in a name ends
  /// in the source or in its padding.
  @inline(__always)
  static func load(_ bytes: UnsafeRawPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// The word at a byte offset, of which the first `count` bytes belong to the name: 0 to 7.
  @inline(__always)
  static func lastWord(_ bytes: UnsafeRawPointer, _ offset: Int, count: Int) -> UInt64 {
    load(bytes, offset) & ((1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1)
  }

  /// Multiplies to 128 bits and folds both halves, so that every bit reaches every other.
  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: factor)
    return product.high ^ product.low
  }
}

extension SyntaxName {
  /// Whether two names are equal, by words. The same as `==`, which serves names of any memory.
  @inline(__always)
  func equals(_ other: SyntaxName) -> Bool {
    guard length == other.length else { return false }
    let left = UnsafeRawPointer(source + Int(start))
    let right = UnsafeRawPointer(other.source + Int(other.start))
    var remaining = Int(length)
    var offset = 0
    while remaining >= 8 {
      if NameWords.load(left, offset) != NameWords.load(right, offset) { return false }
      offset &+= 8
      remaining &-= 8
    }
    return NameWords.lastWord(left, offset, count: remaining)
      == NameWords.lastWord(right, offset, count: remaining)
  }
}
