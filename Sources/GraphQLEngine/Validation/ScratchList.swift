/// The memory of one validation: its lists grow here and are freed together, so that a validation makes two
/// allocations, not one for each list and growth.
///
/// Owned by a `ValidationContext`; used by one thread. Grown twofold, a list leaves at most its own size
/// behind, so the memory stays within a few times what the lists hold.
final class ScratchArena {
  /// The chunk that is being filled; its first word points to the chunk before it.
  private var chunk: UnsafeMutableRawPointer
  private var capacity: Int
  private var used = ScratchArena.headerSize

  private static let headerSize = 16

  /// An arena whose first chunk serves documents of a few kilobytes.
  init(capacity: Int = 12 << 10) {
    self.capacity = capacity
    chunk = ScratchArena.makeChunk(capacity, behind: nil)
  }

  deinit {
    var next: UnsafeMutableRawPointer? = chunk
    while let chunk = next {
      next = chunk.load(as: UnsafeMutableRawPointer?.self)
      chunk.deallocate()
    }
  }

  /// Memory for so many bytes, aligned to 16, valid as long as the arena.
  func allocate(_ count: Int) -> UnsafeMutableRawPointer {
    let size = (count &+ 15) & ~15
    if size > capacity &- used { grow(for: size) }
    defer { used &+= size }
    return chunk + used
  }

  @inline(never)
  private func grow(for size: Int) {
    capacity = max(capacity * 2, size + ScratchArena.headerSize)
    chunk = ScratchArena.makeChunk(capacity, behind: chunk)
    used = ScratchArena.headerSize
  }

  private static func makeChunk(
    _ capacity: Int, behind last: UnsafeMutableRawPointer?
  ) -> UnsafeMutableRawPointer {
    let chunk = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    chunk.storeBytes(of: last, as: UnsafeMutableRawPointer?.self)
    return chunk
  }
}

/// A range of a `ScratchList`, itself trivial.
struct ScratchRange {
  var lowerBound = 0
  var upperBound = 0

  var count: Int { upperBound - lowerBound }
  var indices: Range<Int> { lowerBound..<upperBound }
}

/// A growing list of trivial records in a `ScratchArena`.
///
/// Hot path of validation: appending needs neither a reference count nor a check for uniqueness. In return a
/// copy shares its memory with the original: lists are not copied, but passed `inout` or read in place. Valid
/// as long as the arena; every index is checked.
struct ScratchList<Element: BitwiseCopyable> {
  private var base: UnsafeMutablePointer<Element>
  private(set) var count = 0
  private var capacity: Int
  /// Not retained: the arena outlives its lists, see `ValidationContext.arena`.
  private let arena: Unmanaged<ScratchArena>

  init(in arena: ScratchArena, capacity: Int = 8) {
    self.arena = Unmanaged.passUnretained(arena)
    self.capacity = capacity
    base = ScratchList.allocate(capacity, in: arena)
  }

  init(repeating element: Element, count: Int, in arena: ScratchArena) {
    self.init(in: arena, capacity: count)
    base.initialize(repeating: element, count: count)
    self.count = count
  }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count == capacity { grow() }
    (base + count).initialize(to: element)
    count &+= 1
  }

  @inline(__always)
  mutating func popLast() -> Element? {
    guard count > 0 else { return nil }
    count &-= 1
    return base[count]
  }

  @inline(__always)
  mutating func removeLast() {
    precondition(count > 0)
    count &-= 1
  }

  @inline(__always)
  mutating func removeAll() { count = 0 }

  /// Leaves the first `count` elements.
  mutating func truncate(to count: Int) {
    precondition(count >= 0 && count <= self.count)
    self.count = count
  }

  @inline(never)
  private mutating func grow() {
    let room = Swift.max(8, capacity * 2)
    let larger: UnsafeMutablePointer<Element> = arena._withUnsafeGuaranteedRef {
      ScratchList.allocate(room, in: $0)
    }
    larger.initialize(from: base, count: count)
    base = larger
    capacity = room
  }

  /// Trivial elements need no destruction, so the arena frees the memory as raw bytes.
  private static func allocate(_ count: Int, in arena: ScratchArena) -> UnsafeMutablePointer<Element> {
    arena.allocate(count * MemoryLayout<Element>.stride).bindMemory(to: Element.self, capacity: count)
  }
}

extension ScratchList: RandomAccessCollection, MutableCollection {
  var startIndex: Int { 0 }
  var endIndex: Int { count }

  @inline(__always)
  subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count)
      return base[index]
    }
    nonmutating _modify {
      precondition(index >= 0 && index < count)
      yield &base[index]
    }
  }
}
