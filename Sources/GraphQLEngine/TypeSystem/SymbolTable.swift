/// The names of a schema, interned: each name once, with a dense symbol.
///
/// Open addressing over the bytes of the names. A symbol also leads to the type and the directive of that
/// name.
public struct SymbolTable: Sendable {
  /// Each name's range in `bytes`.
  private var ranges: [Range<UInt32>] = []
  private var bytes: [UInt8] = []
  /// Symbol + 1 by hash; 0 is empty. The count is a power of two, at most half full.
  private var slots: [UInt32]
  /// Type + 1 and directive + 1 by symbol; 0 is none.
  private var typeBySymbol: [UInt32] = []
  private var directiveBySymbol: [UInt32] = []

  /// A table with room for `capacity` names before it grows.
  public init(capacity: Int = 64) {
    var count = 128
    while count < capacity * 2 { count *= 2 }
    slots = [UInt32](repeating: 0, count: count)
  }

  /// The number of names.
  public var count: Int { ranges.count }

  /// The symbol of a name, or nil when the schema does not have it.
  public func symbol(_ name: SyntaxName) -> Symbol? { find(name.bytes) }

  /// The symbol of a name, or nil when the schema does not have it.
  public func symbol(_ name: String) -> Symbol? {
    var name = name
    return name.withUTF8 { find($0) }
  }

  /// The text of a name.
  public func string(_ symbol: Symbol) -> String {
    withBytes(symbol) { String(decoding: $0, as: UTF8.self) }
  }

  /// Calls `body` with the UTF-8 bytes of a name.
  public func withBytes<Result>(_ symbol: Symbol, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let range = ranges[Int(symbol.rawValue)]
    return bytes.withUnsafeBufferPointer { all in
      body(UnsafeBufferPointer(rebasing: all[Int(range.lowerBound)..<Int(range.upperBound)]))
    }
  }

  /// The type with this name.
  public func type(_ symbol: Symbol) -> TypeID? {
    let entry = typeBySymbol[Int(symbol.rawValue)]
    return entry == 0 ? nil : TypeID(rawValue: entry - 1)
  }

  /// The directive with this name.
  public func directive(_ symbol: Symbol) -> DirectiveID? {
    let entry = directiveBySymbol[Int(symbol.rawValue)]
    return entry == 0 ? nil : DirectiveID(rawValue: entry - 1)
  }

  /// The symbol of a name, made when it is new.
  public mutating func intern(_ name: UnsafeBufferPointer<UInt8>) -> Symbol {
    if let known = find(name) { return known }
    if (ranges.count + 1) * 2 > slots.count { grow() }
    let symbol = UInt32(ranges.count)
    let start = UInt32(bytes.count)
    bytes.append(contentsOf: name)
    ranges.append(start..<UInt32(bytes.count))
    typeBySymbol.append(0)
    directiveBySymbol.append(0)
    insert(symbol, hash: SymbolTable.hash(name))
    return Symbol(rawValue: symbol)
  }

  mutating func setType(_ type: TypeID, for symbol: Symbol) {
    typeBySymbol[Int(symbol.rawValue)] = type.rawValue + 1
  }

  mutating func removeType(_ symbol: Symbol) {
    typeBySymbol[Int(symbol.rawValue)] = 0
  }

  mutating func setDirective(_ directive: DirectiveID, for symbol: Symbol) {
    directiveBySymbol[Int(symbol.rawValue)] = directive.rawValue + 1
  }

  private func find(_ name: UnsafeBufferPointer<UInt8>) -> Symbol? {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: SymbolTable.hash(name)) & mask
    while slots[slot] != 0 {
      let candidate = slots[slot] - 1
      let range = ranges[Int(candidate)]
      if range.count == name.count, matches(range, name) { return Symbol(rawValue: candidate) }
      slot = (slot + 1) & mask
    }
    return nil
  }

  private func matches(_ range: Range<UInt32>, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
    var position = Int(range.lowerBound)
    for byte in name {
      if bytes[position] != byte { return false }
      position += 1
    }
    return true
  }

  private mutating func insert(_ symbol: UInt32, hash: UInt64) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = symbol + 1
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    for symbol in 0..<UInt32(ranges.count) {
      let hash = withBytes(Symbol(rawValue: symbol)) { SymbolTable.hash($0) }
      insert(symbol, hash: hash)
    }
  }

  /// FNV-1a, 64 bits, with a final mix so that the low bits depend on every byte.
  private static func hash(_ name: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return hash ^ (hash >> 32)
  }
}
