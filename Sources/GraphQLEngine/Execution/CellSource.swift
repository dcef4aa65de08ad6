/// One cell of a database's result: bytes that lie in the source, or SQL's null.
public struct Cell: @unchecked Sendable {
  // @unchecked: the source keeps the bytes alive and unchanged.

  /// The first byte; nil is null.
  public var bytes: UnsafePointer<UInt8>?
  /// The number of bytes.
  public var count: Int

  @inlinable
  public init(bytes: UnsafePointer<UInt8>?, count: Int) {
    self.bytes = bytes
    self.count = count
  }

  /// The cell of a null.
  @inlinable public static var null: Cell { Cell(bytes: nil, count: 0) }
}

/// A table of binary cells, most often one result of Postgres. The execution holds it until the response's
/// bytes are written; it may be read from any thread.
public protocol CellSource: AnyObject, Sendable {
  var rowCount: Int { get }

  /// Stores all `rowCount` cells of one column. Called at most once per column and execution.
  func fill(column: Int, cells: UnsafeMutableBufferPointer<Cell>)
}

/// How a cell's bytes become JSON. The binary layouts are those of Postgres.
public enum CellFormat: Sendable, Hashable {
  /// UTF-8 text as a JSON string.
  case text
  /// Stored text that names an enum value under another name.
  case enumName(EnumNames)
  /// 16 bytes as the usual 36 characters.
  case uuid
  /// 16 bytes as `prefix_` and 26 characters of Crockford's base 32.
  case typeID(prefix: String)
  /// Int64 microseconds since 2000-01-01 as RFC 3339 in UTC with milliseconds.
  case timestamptz
  /// A version byte 1, then JSON text. Of a custom scalar it is copied as it is; of lists, enums and
  /// built-in scalars the value is completed by the field's type (§ 6.4.3).
  case jsonb
  /// JSON text, written like that of `jsonb`.
  case json
  case bool
  /// Big-endian integers as JSON numbers for the type `Int`, which must fit 32 bits.
  case int2, int4, int8
  /// A big-endian integer of 8 bytes as a JSON number of any size, for custom scalars.
  case int8Number
  /// An integer of 8 bytes as a JSON string, for an `ID`.
  case int8String
  case float4, float8
}

/// Stored texts and the names of the enum values that they stand for.
public final class EnumNames: Sendable, Hashable {
  let stored: [[UInt8]]
  /// Each with its quotes.
  let names: [[UInt8]]

  /// What is stored, and the name of the enum value that it stands for.
  public init(_ pairs: [(stored: String, name: String)]) {
    stored = pairs.map { [UInt8]($0.stored.utf8) }
    names = pairs.map { [0x22] + [UInt8]($0.name.utf8) + [0x22] }
  }

  public static func == (left: EnumNames, right: EnumNames) -> Bool { left === right }

  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// Which column of a `CellSource` holds which field, and in which format. Built once per cached plan and kept
/// in `FieldCall.memo`.
public final class TableLayout: Sendable {
  /// The place of one field.
  public struct Entry: Sendable, Hashable {
    /// The position of the column in the row.
    public var column: Int
    /// How its bytes are written.
    public var format: CellFormat

    public init(column: Int, format: CellFormat) {
      self.column = column
      self.format = format
    }
  }

  let entries: [FieldID: Entry]
  let writers: [FieldID: CellWriter]
  let keys: [String: Int]

  /// `entries` are the selected fields, of all types that the rows serve (an edge and its node, say). `keys`
  /// are further columns that resolvers of deeper levels ask for by name.
  public init(entries: [FieldID: Entry], keys: [String: Int] = [:]) {
    self.entries = entries
    writers = entries.mapValues { CellWriter($0.format) }
    self.keys = keys
  }

  /// The place of a field, or nil when it was not selected.
  public func entry(of field: FieldID) -> Entry? { entries[field] }

  /// The same fields, all read from one column: the rows of another table that name theirs there.
  public func reading(column: Int) -> TableLayout {
    TableLayout(entries: entries.mapValues { Entry(column: column, format: $0.format) })
  }

  /// A key column.
  public func column(key: String) -> Int? { keys[key] }
}
