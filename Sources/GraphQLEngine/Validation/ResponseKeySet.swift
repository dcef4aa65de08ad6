/// The response keys of one selection set by their hashes, emptied in constant time.
///
/// Hot path: most sets repeat no key, and to know that needs no comparison of names. Two different keys with
/// the same hash count as repeated; whoever asks compares the names then.
struct ResponseKeySet {
  /// The upper half of a key's hash above the generation that entered it; another generation means empty.
  /// The lower half of the hash gives the slot.
  private var slots: ScratchList<UInt64>
  private var generation: UInt64 = 0
  private var count = 0
  private let seed = NameWords.seed

  private static let slotCount = 256

  init(in arena: ScratchArena) {
    slots = ScratchList(repeating: 0, count: ResponseKeySet.slotCount, in: arena)
  }

  mutating func removeAll() {
    // A document of 32-bit size has fewer selection sets than there are generations.
    generation &+= 1
    count = 0
  }

  /// Enters a key; false when it may be there already, or when the set is full.
  @inline(__always)
  mutating func insert(_ key: SyntaxName) -> Bool {
    let hash = NameWords.hash(key, seed: seed)
    let entry = hash & 0xFFFF_FFFF_0000_0000 | generation
    var position = Int(truncatingIfNeeded: hash) & (ResponseKeySet.slotCount - 1)
    while true {
      let slot = slots[position]
      if slot == entry { return false }
      if slot & 0xFFFF_FFFF != generation { break }
      position = (position &+ 1) & (ResponseKeySet.slotCount - 1)
    }
    slots[position] = entry
    count &+= 1
    return count <= ResponseKeySet.slotCount / 2
  }
}
