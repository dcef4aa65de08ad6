/// The names of a schema, interned: each name once, with a dense symbol.
///
/// Open addressing over the words of the names (see `NameWords`). A symbol also leads to the type and the
/// directive of that name.
public struct SymbolTable: Sendable {
  private struct Entry {
    /// The first of the name's words in `words`.
    var start: UInt32
    /// Bytes of the name.
    var length: UInt32
    /// Type + 1 and directive + 1; 0 is none.
    var type: UInt32 = 0
    var directive: UInt32 = 0
  }

  /// By symbol.
  private var entries: [Entry] = []
  /// The names' bytes, each name filled up with zeros to a whole word.
  private var words: [UInt64] = []
  /// The upper half of a name's hash above symbol + 1; 0 is empty. That half also gives the slot. The count
  /// is a power of two, at most half full.
  private var slots: [UInt64]
  private let seed = NameWords.seed

  /// A table with room for `capacity` names before it grows.
  public init(capacity: Int = 64) {
    slots = [UInt64](repeating: 0, count: SymbolTable.slotCount(capacity))
  }

  /// Makes room for `capacity` names.
  mutating func reserveCapacity(_ capacity: Int) {
    entries.reserveCapacity(capacity)
    words.reserveCapacity(capacity * 2)
    let count = SymbolTable.slotCount(capacity)
    if count > slots.count { resize(to: count) }
  }

  /// The number of names.
  public var count: Int { entries.count }

  /// The symbol of a name, or nil when the schema does not have it.
  public func symbol(_ name: SyntaxName) -> Symbol? { find(name, hash: NameWords.hash(name, seed: seed)) }

  /// The symbol of a name, or nil when the schema does not have it.
  public func symbol(_ name: String) -> Symbol? {
    SymbolTable.withName(name) { symbol($0) }
  }

  /// The text of a name.
  public func string(_ symbol: Symbol) -> String {
    withBytes(symbol) { String(decoding: $0, as: UTF8.self) }
  }

  /// Calls `body` with the UTF-8 bytes of a name.
  public func withBytes<Result>(_ symbol: Symbol, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let entry = entries[Int(symbol.rawValue)]
    return words.withUnsafeBytes { all in
      let start = Int(entry.start) * 8
      return all[start..<start + Int(entry.length)].withMemoryRebound(to: UInt8.self, body)
    }
  }

  /// Whether a name begins with two underscores (§ 2.1.9).
  @inline(__always)
  func isReserved(_ symbol: Symbol) -> Bool {
    // No name is empty, and a shorter one is followed by zeros.
    words[Int(entries[Int(symbol.rawValue)].start)] & 0xFFFF == 0x5F5F
  }

  /// The type with this name.
  public func type(_ symbol: Symbol) -> TypeID? {
    let type = entries[Int(symbol.rawValue)].type
    return type == 0 ? nil : TypeID(rawValue: type - 1)
  }

  /// The directive with this name.
  public func directive(_ symbol: Symbol) -> DirectiveID? {
    let directive = entries[Int(symbol.rawValue)].directive
    return directive == 0 ? nil : DirectiveID(rawValue: directive - 1)
  }

  /// The symbol of a name, made when it is new.
  public mutating func intern(_ name: SyntaxName) -> Symbol {
    let hash = NameWords.hash(name, seed: seed)
    if let known = find(name, hash: hash) { return known }
    let symbol = UInt32(entries.count)
    if (entries.count + 1) * 2 > slots.count { resize(to: slots.count * 2) }
    entries.append(Entry(start: UInt32(words.count), length: name.length))
    appendWords(of: name)
    insert(hash & SymbolTable.upperHalf | UInt64(symbol + 1))
    return Symbol(rawValue: symbol)
  }

  mutating func setType(_ type: TypeID, for symbol: Symbol) {
    entries[Int(symbol.rawValue)].type = type.rawValue + 1
  }

  mutating func removeType(_ symbol: Symbol) {
    entries[Int(symbol.rawValue)].type = 0
  }

  mutating func setDirective(_ directive: DirectiveID, for symbol: Symbol) {
    entries[Int(symbol.rawValue)].directive = directive.rawValue + 1
  }

  // MARK: Slots

  private static let upperHalf: UInt64 = 0xFFFF_FFFF_0000_0000

  private static func slotCount(_ capacity: Int) -> Int {
    var count = 128
    while count < capacity * 2 { count *= 2 }
    return count
  }

  /// Reads without checks of bounds: the mask keeps positions within the slots, which are never all in use,
  /// and what stands in a slot is the number of an entry.
  @inline(__always)
  private func find(_ name: SyntaxName, hash: UInt64) -> Symbol? {
    slots.withUnsafeBufferPointer { slots in
      let mask = slots.count &- 1
      var position = Int(truncatingIfNeeded: hash >> 32) & mask
      while slots[position] != 0 {
        let slot = slots[position]
        if (slot ^ hash) & SymbolTable.upperHalf == 0 {
          let symbol = UInt32(truncatingIfNeeded: slot) &- 1
          if matches(symbol, name) { return Symbol(rawValue: symbol) }
        }
        position = (position &+ 1) & mask
      }
      return nil
    }
  }

  /// Reads without checks of bounds: an entry's words were appended with it.
  @inline(__always)
  private func matches(_ symbol: UInt32, _ name: SyntaxName) -> Bool {
    let entry = entries.withUnsafeBufferPointer { $0[Int(symbol)] }
    guard entry.length == name.length else { return false }
    return words.withUnsafeBufferPointer { words in
      let bytes = UnsafeRawPointer(name.source + Int(name.start))
      var remaining = Int(name.length)
      var index = Int(entry.start)
      var offset = 0
      while remaining >= 8 {
        if words[index] != NameWords.load(bytes, offset) { return false }
        index &+= 1
        offset &+= 8
        remaining &-= 8
      }
      return remaining == 0 || words[index] == NameWords.lastWord(bytes, offset, count: remaining)
    }
  }

  private mutating func appendWords(of name: SyntaxName) {
    let bytes = UnsafeRawPointer(name.source + Int(name.start))
    var offset = 0
    var remaining = Int(name.length)
    while remaining > 0 {
      let word =
        remaining >= 8
        ? NameWords.load(bytes, offset) : NameWords.lastWord(bytes, offset, count: remaining)
      words.append(word)
      offset += 8
      remaining -= 8
    }
  }

  private mutating func insert(_ slot: UInt64) {
    let mask = slots.count - 1
    var position = Int(truncatingIfNeeded: slot >> 32) & mask
    while slots[position] != 0 { position = (position + 1) & mask }
    slots[position] = slot
  }

  private mutating func resize(to count: Int) {
    let old = slots
    slots = [UInt64](repeating: 0, count: count)
    for slot in old where slot != 0 { insert(slot) }
  }

  /// Calls `body` with a text as a name: copied, and followed by the zeros that a source has.
  private static func withName<Result>(_ text: String, _ body: (SyntaxName) -> Result) -> Result {
    var text = text
    return text.withUTF8 { text in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count + 8) { buffer in
        let end = buffer.initialize(fromContentsOf: text)
        buffer[end...].initialize(repeating: 0)
        guard let base = buffer.baseAddress else { preconditionFailure("eight bytes at least") }
        return body(SyntaxName(source: UnsafePointer(base), start: 0, length: UInt32(text.count)))
      }
    }
  }
}
