/// A scratch table from names of one document to numbers: open addressing, emptied in constant time.
///
/// One table serves every rule that looks for repeated names, one after the other. Owned by a
/// `ValidationContext`.
struct NameTable {
  private struct Slot {
    /// The generation that filled the slot; another one means empty.
    var generation: UInt32
    var start: UInt32
    var length: UInt32
    var value: UInt32
  }

  private var slots: [Slot] = []
  private var generation: UInt32 = 0
  private var count = 0
  private let seed = NameWords.seed

  /// Empties the table.
  mutating func removeAll() {
    count = 0
    if generation == .max || slots.isEmpty {
      let size = max(slots.count, 64)
      slots = [Slot](repeating: Slot(generation: 0, start: 0, length: 0, value: 0), count: size)
      generation = 0
    }
    generation += 1
  }

  /// The number of a name, or nil.
  func value(of name: SyntaxName) -> UInt32? {
    guard !slots.isEmpty else { return nil }
    let slot = slots[position(of: name)]
    return slot.generation == generation ? slot.value : nil
  }

  /// Enters a name unless it is there. Returns the number that was there, or nil for a new name.
  mutating func insert(_ name: SyntaxName, value: UInt32) -> UInt32? {
    if (count + 1) * 2 > slots.count { grow(source: name.source) }
    let position = position(of: name)
    if slots[position].generation == generation { return slots[position].value }
    slots[position] = Slot(
      generation: generation, start: name.start, length: name.length, value: value)
    count += 1
    return nil
  }

  /// Enters a name, in place of its earlier number.
  mutating func set(_ name: SyntaxName, value: UInt32) {
    guard insert(name, value: value) != nil else { return }
    slots[position(of: name)].value = value
  }

  /// The slot that holds the name, or the empty one where it belongs.
  private func position(of name: SyntaxName) -> Int {
    let mask = slots.count - 1
    var position = Int(truncatingIfNeeded: NameWords.hash(name, seed: seed) >> 32) & mask
    while true {
      let slot = slots[position]
      if slot.generation != generation { return position }
      if slot.length == name.length,
        SyntaxName(source: name.source, start: slot.start, length: slot.length).equals(name)
      {
        return position
      }
      position = (position + 1) & mask
    }
  }

  private mutating func grow(source: UnsafePointer<UInt8>) {
    let old = slots
    let empty = Slot(generation: 0, start: 0, length: 0, value: 0)
    slots = [Slot](repeating: empty, count: max(64, old.count * 2))
    let live = max(generation, 1)
    generation = live
    for slot in old where slot.generation == live {
      let name = SyntaxName(source: source, start: slot.start, length: slot.length)
      slots[position(of: name)] = slot
    }
  }
}
