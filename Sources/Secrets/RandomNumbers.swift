import Glibc
import Synchronization

/// Random numbers for ids, from the system's cryptographic generator: many at a time, for each question to it
/// is a system call. Each is given out once and not kept. Any thread; the mutex protects what is left.
public enum RandomNumbers {
  /// Those of one system call: 2 KiB.
  private static let supply = 256
  private static let left = Mutex<[UInt64]>([])

  /// The next one.
  public static func next() -> UInt64 {
    left.withLock { left in
      if left.isEmpty { left = fetch() }
      return left.removeLast()
    }
  }

  private static func fetch() -> [UInt64] {
    [UInt64](unsafeUninitializedCapacity: supply) { buffer, count in
      // Manual page arc4random(3): it never fails.
      if let start = buffer.baseAddress { arc4random_buf(start, supply * MemoryLayout<UInt64>.size) }
      count = supply
    }
  }
}
