/// Rows of objects, as a resolver hands them over: Swift structs, rows of a table, or JSON objects.
///
/// They are kept alive until the response's bytes are written.
public struct Rows: @unchecked Sendable {
  // @unchecked: the pointers lie in memory that `owner` keeps alive and nobody changes.

  enum Storage {
    case swift(base: UnsafeRawPointer, stride: Int, rowType: ObjectIdentifier)
    case scattered(RowPointers, rowType: ObjectIdentifier)
    case table(any CellSource, TableLayout, indexes: [Int]?)
  }

  /// The concrete object types of rows.
  enum Types {
    /// The field's own type, or what the type resolver or `__typename` says.
    case declared
    case all(TypeID)
    case each([TypeID])
  }

  /// The number of rows.
  public let count: Int
  let storage: Storage
  let types: Types
  let owner: RowOwner?

  /// Swift rows; without a copy.
  public static func swift<Row>(_ rows: RowList<Row>) -> Rows {
    Rows(
      count: rows.count,
      storage: .swift(
        base: UnsafeRawPointer(rows.base), stride: MemoryLayout<Row>.stride,
        rowType: ObjectIdentifier(Row.self)),
      types: .declared, owner: rows.storage)
  }

  /// Swift rows, copied into storage of their own.
  public static func swift<Row: Sendable>(_ rows: [Row]) -> Rows { swift(RowList(rows)) }

  /// All rows of a table.
  public static func table(_ source: any CellSource, layout: TableLayout) -> Rows {
    Rows(count: source.rowCount, storage: .table(source, layout, indexes: nil), types: .declared, owner: nil)
  }

  /// Some rows of a table.
  public static func table(_ source: any CellSource, layout: TableLayout, rows: [Int]) -> Rows {
    precondition(rows.allSatisfy { $0 >= 0 && $0 < source.rowCount }, "rows of the source")
    return Rows(
      count: rows.count, storage: .table(source, layout, indexes: rows), types: .declared, owner: nil)
  }

  /// JSON objects, whose fields are bound with `.member`.
  public static func dynamic(_ values: [InputValue]) -> Rows { swift(RowList(values)) }

  /// The address of a Swift row.
  func pointer(_ row: Int) -> UnsafeRawPointer? {
    switch storage {
    case .swift(let base, let stride, _): base + row * stride
    case .scattered(let pointers, _): pointers.values[row]
    case .table: nil
    }
  }

  var rowType: ObjectIdentifier? {
    switch storage {
    case .swift(_, _, let rowType), .scattered(_, let rowType): rowType
    case .table: nil
    }
  }

  /// Says that all rows have this object type; needed where the field's type is abstract.
  public func typed(_ type: TypeID) -> Rows {
    Rows(count: count, storage: storage, types: .all(type), owner: owner)
  }

  /// The object type of each row.
  public func typed(_ types: [TypeID]) -> Rows {
    precondition(types.count == count, "one type per row")
    return Rows(count: count, storage: storage, types: .each(types), owner: owner)
  }
}

/// The objects that a field is resolved for, all at once: one batch has one set of parents.
///
/// Results are given in the order of the parents.
public struct Parents: @unchecked Sendable {
  // @unchecked: as for Rows; `owners` keep the memory alive.

  enum Storage {
    case swift(base: UnsafeRawPointer, stride: Int, rowType: ObjectIdentifier)
    case scattered(RowPointers, rowType: ObjectIdentifier)
    case table(any CellSource, TableLayout, indexes: [Int]?)
  }

  /// The number of rows.
  public let count: Int
  let storage: Storage
  let owners: [RowOwner]

  /// The parents as Swift rows. Throws when they are rows of another type.
  public func rows<Row: Sendable>(of type: Row.Type) throws -> ParentRows<Row> {
    switch storage {
    case .swift(let base, let stride, let rowType) where rowType == ObjectIdentifier(type):
      return ParentRows(place: .strided(base, stride), count: count, owners: owners)
    case .scattered(let pointers, let rowType) where rowType == ObjectIdentifier(type):
      return ParentRows(place: .scattered(pointers), count: count, owners: owners)
    default:
      throw RowMismatch(expected: String(describing: type))
    }
  }

  /// The parents as rows of a table; nil when they are Swift rows.
  public var table: ParentTable? {
    guard case .table(let source, let layout, let indexes) = storage else { return nil }
    return ParentTable(source: source, layout: layout, count: count, indexes: indexes)
  }
}

/// A resolver was given rows of another Swift type than it is written for; a fault of the wiring.
public struct RowMismatch: Error, Sendable {
  /// The name of the Swift type that was asked for.
  public var expected: String
}

/// Addresses of rows that do not lie at equal strides.
final class RowPointers: @unchecked Sendable {
  // @unchecked: filled before it is shared.
  var values: [UnsafeRawPointer]

  init(_ values: [UnsafeRawPointer]) { self.values = values }
}

/// Parents as Swift rows.
public struct ParentRows<Row: Sendable>: @unchecked Sendable, RandomAccessCollection {
  // @unchecked: see Parents.
  enum Place {
    case strided(UnsafeRawPointer, Int)
    case scattered(RowPointers)
  }

  let place: Place
  /// The number of rows.
  public let count: Int
  let owners: [RowOwner]

  public var startIndex: Int { 0 }
  public var endIndex: Int { count }

  /// A copy of one row.
  public subscript(index: Int) -> Row { pointer(index).pointee }

  /// The address of one row, valid while this value lives.
  public func pointer(_ index: Int) -> UnsafePointer<Row> {
    precondition(index >= 0 && index < count)
    switch place {
    case .strided(let base, let stride): return (base + index * stride).assumingMemoryBound(to: Row.self)
    case .scattered(let pointers): return pointers.values[index].assumingMemoryBound(to: Row.self)
    }
  }
}

/// Parents as rows of a table.
public struct ParentTable: Sendable {
  /// Whose cells they are.
  public let source: any CellSource
  /// Where the columns of the fields are.
  public let layout: TableLayout
  /// The number of rows.
  public let count: Int
  let indexes: [Int]?

  /// The parents' rows seen through another layout: as objects of another type.
  public func rows(layout: TableLayout) -> Rows {
    Rows(count: count, storage: .table(source, layout, indexes: indexes), types: .declared, owner: nil)
  }

  /// The row of `source` that a parent is.
  public func row(_ parent: Int) -> Int { indexes.map { $0[parent] } ?? parent }
}
