extension Parameters {
  /// Each parameter as people read it, for a statement's types: `7`, `'text'`, `NULL`, `[17 values]`.
  ///
  /// Without `values` only what is no secret: the types, and how long lists are.
  public func descriptions(types: [PostgresType], values: Bool) -> [String] {
    withCells { cells, ends in
      var start = 0
      return ends.enumerated().map { place, mark in
        let end = Int(mark & ~Parameters.nullBit)
        defer { start = end }
        let type = place < types.count ? types[place] : .text
        if mark & Parameters.nullBit != 0 { return values ? "NULL" : type.name }
        let cell = UnsafeRawBufferPointer(rebasing: cells[start..<end])
        if let item = type.item { return "\(item)[\(Parameters.length(ofArray: cell))]" }
        return values ? Parameters.text(of: cell, type) : type.name
      }
    }
  }

  /// The layout is that of `Parameters+Arrays.swift`: an empty array has no dimensions.
  private static func length(ofArray cell: UnsafeRawBufferPointer) -> Int {
    guard cell.count >= 20 else { return 0 }
    return Int(integer(UnsafeRawBufferPointer(rebasing: cell[12..<16])))
  }

  private static func integer(_ cell: UnsafeRawBufferPointer) -> Int64 {
    let isNegative = (cell.first ?? 0) & 0x80 != 0
    return cell.reduce(isNegative ? -1 : 0) { $0 << 8 | Int64($1) }
  }

  private static func text(of cell: UnsafeRawBufferPointer, _ type: PostgresType) -> String {
    switch type {
    case .bool: return cell.first == 0 ? "false" : "true"
    case .int2, .int4, .int8: return "\(integer(cell))"
    case .float8: return "\(Double(bitPattern: UInt64(bitPattern: integer(cell))))"
    case .uuid:
      let digits = Array("0123456789abcdef".utf8)
      let text = cell.enumerated().flatMap { place, byte -> [UInt8] in
        let dash: [UInt8] = [4, 6, 8, 10].contains(place) ? [UInt8(ascii: "-")] : []
        return dash + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
      return String(decoding: text, as: UTF8.self)
    case .timestamptz: return "\(integer(cell)) µs since 2000"
    case .bytea: return "\(cell.count) bytes"
    default:
      let text = String(decoding: cell.prefix(200), as: UTF8.self).replacing("'", with: "''")
      return "'\(text)\(cell.count > 200 ? "…" : "")'"
    }
  }
}

extension PostgresType {
  /// As SQL names it.
  public var name: String {
    switch self {
    case .bool: "boolean"
    case .bytea: "bytea"
    case .int2: "smallint"
    case .int4: "integer"
    case .int8: "bigint"
    case .text: "text"
    case .float8: "double precision"
    case .timestamptz: "timestamptz"
    case .uuid: "uuid"
    case .jsonb: "jsonb"
    default: item.map { "\($0)[]" } ?? "type \(rawValue)"
    }
  }

  /// What an array's items are; nil for what is no array.
  fileprivate var item: String? {
    switch self {
    case .boolArray: "boolean"
    case .int2Array: "smallint"
    case .int4Array: "integer"
    case .int8Array: "bigint"
    case .textArray: "text"
    case .float8Array: "double precision"
    case .timestamptzArray: "timestamptz"
    case .uuidArray: "uuid"
    case .jsonbArray: "jsonb"
    default: nil
    }
  }
}
