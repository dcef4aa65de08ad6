/// Finds fields, input values and enum values of one owner by name in constant time.
///
/// Owners with few members are searched linearly, so only large ones are entered: most schemas need no
/// table at all. Open addressing; an entry is a position + 1 in one of the schema's tables, 0 is empty.
struct MemberIndex: Sendable {
  private var fields: [UInt32]
  private var inputValues: [UInt32]
  private var enumValues: [UInt32]

  /// Owners with at most so many members are searched.
  private static let linearLimit = 8

  init(_ tables: borrowing SchemaTables) {
    var ranges: (fields: [TableRange], inputValues: [TableRange], enumValues: [TableRange]) = ([], [], [])
    for type in tables.types {
      if type.fields.count > Self.linearLimit { ranges.fields.append(type.fields) }
      if type.inputFields.count > Self.linearLimit { ranges.inputValues.append(type.inputFields) }
      if type.enumValues.count > Self.linearLimit { ranges.enumValues.append(type.enumValues) }
    }
    for field in tables.fields where field.arguments.count > Self.linearLimit {
      ranges.inputValues.append(field.arguments)
    }
    for directive in tables.directives where directive.arguments.count > Self.linearLimit {
      ranges.inputValues.append(directive.arguments)
    }
    fields = Self.table(ranges.fields) { tables.fields[$0].name }
    inputValues = Self.table(ranges.inputValues) { tables.inputValues[$0].name }
    enumValues = Self.table(ranges.enumValues) { tables.enumValues[$0].name }
  }

  func field(_ name: Symbol, in range: TableRange, of records: [FieldRecord]) -> Int? {
    Self.find(name, in: range, table: fields) { records[$0].name }
  }

  func inputValue(_ name: Symbol, in range: TableRange, of records: [InputValueRecord]) -> Int? {
    Self.find(name, in: range, table: inputValues) { records[$0].name }
  }

  func enumValue(_ name: Symbol, in range: TableRange, of records: [EnumValueRecord]) -> Int? {
    Self.find(name, in: range, table: enumValues) { records[$0].name }
  }

  private static func table(_ ranges: [TableRange], name: (Int) -> Symbol) -> [UInt32] {
    let count = ranges.reduce(0) { $0 + Int($1.count) }
    guard count > 0 else { return [] }
    var capacity = 16
    while capacity < count * 2 { capacity *= 2 }
    var slots = [UInt32](repeating: 0, count: capacity)
    for range in ranges {
      for index in range.indices {
        var slot = hash(name(index), range) & (capacity - 1)
        // A second member of the same name is left out, so that thousands of them do not pile up.
        while slots[slot] != 0, !isMember(Int(slots[slot]) - 1, named: name(index), of: range, name) {
          slot = (slot + 1) & (capacity - 1)
        }
        if slots[slot] == 0 { slots[slot] = UInt32(index) + 1 }
      }
    }
    return slots
  }

  @inline(__always)
  private static func isMember(
    _ index: Int, named symbol: Symbol, of range: TableRange, _ name: (Int) -> Symbol
  ) -> Bool {
    range.indices.contains(index) && name(index) == symbol
  }

  @inline(__always)
  private static func find(
    _ symbol: Symbol, in range: TableRange, table: [UInt32], name: (Int) -> Symbol
  ) -> Int? {
    guard range.count > linearLimit else { return range.indices.first { name($0) == symbol } }
    let mask = table.count - 1
    var slot = hash(symbol, range) & mask
    while table[slot] != 0 {
      let index = Int(table[slot]) - 1
      if isMember(index, named: symbol, of: range, name) { return index }
      slot = (slot + 1) & mask
    }
    return nil
  }

  private static func hash(_ name: Symbol, _ range: TableRange) -> Int {
    let key = UInt64(name.rawValue) << 32 | UInt64(range.start)
    let mixed = key &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: (mixed ^ (mixed >> 29)) >> 3)
  }
}
