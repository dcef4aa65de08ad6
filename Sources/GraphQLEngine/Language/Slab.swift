/// The growing arena of a document that is being parsed. Owned by one `Parser`, handed to a `Document` at the
/// end.
///
/// Indexes stay valid when the memory moves, so nodes are only ever addressed through this type.
struct Slab {
  private(set) var words: UnsafeMutablePointer<UInt32>
  private(set) var count = 0
  private(set) var capacity: Int

  /// Words of a header: kind and flags, offset, next sibling.
  static let headerCount = 3

  init(capacity: Int) {
    self.capacity = capacity
    words = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
  }

  /// Appends a record with its header and `slots` zeroed words; nil when indexes no longer fit in 32 bits.
  @inline(__always)
  mutating func append(_ kind: SyntaxKind, flags: UInt32 = 0, start: Int, slots: Int) -> UInt32? {
    let index = count
    let end = index &+ Slab.headerCount &+ slots
    if end > capacity {
      guard grow(to: end) else { return nil }
    }
    let record = words + index
    record[0] = UInt32(kind.rawValue) | flags << 8
    record[1] = UInt32(truncatingIfNeeded: start)
    record[2] = 0
    var slot = 0
    while slot < slots {
      record[Slab.headerCount &+ slot] = 0
      slot &+= 1
    }
    count = end
    return UInt32(truncatingIfNeeded: index)
  }

  /// Word `slot` behind the header of the record at `node`.
  @inline(__always)
  subscript(node: UInt32, slot: Int) -> UInt32 {
    get { words[Int(node) &+ Slab.headerCount &+ slot] }
    set { words[Int(node) &+ Slab.headerCount &+ slot] = newValue }
  }

  /// The kind of the record at `node`.
  @inline(__always)
  func kind(of node: UInt32) -> SyntaxKind {
    SyntaxKind(rawValue: UInt8(truncatingIfNeeded: words[Int(node)])) ?? .document
  }

  @inline(__always)
  func setNext(of node: UInt32, to sibling: UInt32) { words[Int(node) &+ 2] = sibling }

  @inline(__always)
  func setFlags(of node: UInt32, to flags: UInt32) {
    words[Int(node)] = words[Int(node)] & 0xFF | flags << 8
  }

  @inline(never)
  private mutating func grow(to needed: Int) -> Bool {
    guard needed <= Int(UInt32.max) else { return false }
    let newCapacity = max(needed, capacity + capacity / 2 + 64)
    let copy = UnsafeMutablePointer<UInt32>.allocate(capacity: newCapacity)
    copy.update(from: words, count: count)
    words.deallocate()
    words = copy
    capacity = newCapacity
    return true
  }

  func deallocate() { words.deallocate() }
}

/// Links the nodes of one list, in the order in which they are added.
struct ListBuilder {
  /// The first node, or 0.
  private(set) var first: UInt32 = 0
  private var last: UInt32 = 0

  @inline(__always)
  mutating func append(_ node: UInt32, in slab: Slab) {
    if last == 0 { first = node } else { slab.setNext(of: last, to: node) }
    last = node
  }
}
