/// What values keep of the heap, for the bound of the plan cache: counted from their sizes, as the allocator
/// rounds them.
enum HeapBytes {
  /// One allocation of so many bytes: the allocator adds a word and rounds up to two.
  static func allocation(_ count: Int) -> Int { (count + 8 + 15) & ~15 }

  /// An object whose stored properties take so many bytes; its header is two words.
  static func object(_ properties: Int) -> Int { allocation(16 + properties) }

  /// An array's buffer, whose header is four words; an empty one has none.
  static func array<Element>(_ array: [Element]) -> Int {
    array.capacity == 0 ? 0 : allocation(32 + array.capacity * MemoryLayout<Element>.stride)
  }

  /// A dictionary's buffer: keys, values and a bit for each.
  static func dictionary<Key, Value>(_ dictionary: [Key: Value]) -> Int {
    guard dictionary.capacity > 0 else { return 0 }
    let entry = MemoryLayout<Key>.stride + MemoryLayout<Value>.stride
    return allocation(64 + dictionary.capacity * 4 / 3 * entry + dictionary.capacity / 8)
  }

  /// A text's bytes; up to 15 lie in the value.
  static func string(_ text: String) -> Int {
    text.utf8.count <= 15 ? 0 : allocation(33 + text.utf8.count)
  }
}
