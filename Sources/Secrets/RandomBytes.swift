import Glibc

/// Bytes from the system's cryptographic generator (`arc4random_buf`, which asks `getrandom` on Linux). Any
/// thread.
public enum RandomBytes {
  /// `count` fresh random bytes.
  public static func generate(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      // One call for all: Swift's generator makes one for every eight bytes.
      if let start = buffer.baseAddress { arc4random_buf(start, count) }
      initialized = count
    }
  }
}

/// Comparison whose time depends on the lengths only, never on where the first difference lies.
public enum ConstantTime {
  /// Whether both hold the same bytes. A difference in length is not hidden.
  public static func equal(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for (leftByte, rightByte) in zip(left, right) { difference |= leftByte ^ rightByte }
    return difference == 0
  }
}
