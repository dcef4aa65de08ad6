import Flows
import GraphQLEngine
import Postgres

/// One result of Postgres as rows for the engine: the cells are read where they lie.
final class RowTable: CellSource {
  let batch: RowBatch

  init(_ batch: RowBatch) { self.batch = batch }

  var rowCount: Int { batch.rowCount }

  func fill(column: Int, cells: UnsafeMutableBufferPointer<Cell>) {
    for row in 0..<batch.rowCount {
      if let bytes = batch.bytes(row, column) {
        // An empty value has no address of its own in a buffer, but it is not null.
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? RowTable.empty
        cells[row] = Cell(bytes: start, count: bytes.count)
      } else {
        cells[row] = .null
      }
    }
  }

  private nonisolated(unsafe) static let empty: UnsafePointer<UInt8> = {
    // One byte for the life of the process: an address for values without bytes.
    let byte = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
    byte.initialize(to: 0)
    return UnsafePointer(byte)
  }()
}

extension Parents {
  /// The ids in a key column of parents that are rows of a table; nil where the column is null.
  func identifiers(_ key: String) throws -> [Identifier?] {
    let (source, column, table) = try keyColumn(key)
    var found: [Identifier?] = []
    found.reserveCapacity(count)
    for parent in 0..<count { found.append(source.batch.uuid(table.row(parent), column)?.identifier) }
    return found
  }

  /// The texts in a key column of parents that are rows of a table; nil where the column is null.
  func texts(_ key: String) throws -> [String?] {
    let (source, column, table) = try keyColumn(key)
    return (0..<count).map { source.batch.string(table.row($0), column) }
  }

  /// The instants in a column of parents that are rows of a table, in microseconds since 1970; nil where the
  /// column is null.
  func instants(_ key: String) throws -> [Int64?] {
    let (source, column, table) = try keyColumn(key)
    return (0..<count).map { source.batch.microseconds(table.row($0), column) }
  }

  /// The numbers in a column of parents that are rows of a table; nil where the column is null.
  func integers(_ key: String) throws -> [Int?] {
    let (source, column, table) = try keyColumn(key)
    return (0..<count).map { source.batch.int(table.row($0), column) }
  }

  /// The bytes in a column of parents that are rows of a table; nil where the column is null.
  func byteArrays(_ key: String) throws -> [[UInt8]?] {
    let (source, column, table) = try keyColumn(key)
    return (0..<count).map { source.batch.byteArray(table.row($0), column) }
  }

  /// The cells of a JSON column of parents that are rows of a table; nil where the column is null.
  func json(_ key: String) throws -> [JSONValue?] {
    let (source, column, table) = try keyColumn(key)
    return try (0..<count).map { parent in
      try source.batch.jsonBytes(table.row(parent), column).map { try JSONValue(parsing: $0) }
    }
  }

  private func keyColumn(_ key: String) throws -> (RowTable, Int, ParentTable) {
    guard let table, let source = table.source as? RowTable, let column = table.layout.column(key: key) else {
      throw WiringFault(description: "The parents have no column \(key).")
    }
    return (source, column, table)
  }
}
