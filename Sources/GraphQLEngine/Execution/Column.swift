/// What a batch or loader gives back: one value for each parent, in their order.
///
///     .leaves(counts)                                  a leaf for each parent
///     .objects(.swift(rows))                           an object for each parent
///     .objects(.table(batch, layout: layout)).lists(counts: perParent)
///     .objects(rows, at: [0, 0, -1, 3])                shared rows; a negative index is null
public struct Column: Sendable {
  enum Content: Sendable {
    case leaves(ColumnWriter)
    case cells(any CellSource, TableLayout.Entry, indexes: [Int]?)
    /// Row `positions[entry]` of a group; without positions entry n is row n of the only group.
    case objects(groups: [Rows], positions: [RowPosition]?)
    /// JSON values that are completed by the field's type, lists and objects included.
    case dynamic(RowList<InputValue>)
  }

  let content: Content
  /// The number of values below the innermost list.
  let entryCount: Int
  /// Offsets of nested lists, the outermost first; without any there is one value for each parent.
  var lists: [ListOffsets] = []
  /// Errors of single parents; their values are ignored.
  var errors: [Int: any Error] = [:]
  /// Of lists whose further items are still to come.
  var sources: ItemSources?
  /// Errors of null objects, and of null lists within lists.
  var placeErrors: [ErrorPlace: any Error] = [:]
  /// Of an event of a subscription's source: what names it.
  var eventID: String?
  /// Of an event of `ResumableEvents`: its place among them.
  var eventNumber: Int?

  /// Leaves: integers, strings, booleans, doubles, `RawJSON`, optionals of these.
  @inlinable
  public static func leaves<Value: LeafValue>(_ values: [Value]) -> Column {
    Column(writer: ColumnWriter { index, out in values[index].write(to: &out) }, count: values.count)
  }

  @usableFromInline
  init(writer: ColumnWriter, count: Int) {
    self.init(content: .leaves(writer), entryCount: count)
  }

  init(content: Content, entryCount: Int) {
    self.content = content
    self.entryCount = entryCount
  }

  /// Leaves that lie in a column of a table; `rows` tells the source's row of each value, without it all in
  /// order.
  public static func cells(
    of source: any CellSource, column: Int, format: CellFormat, rows: [Int]? = nil
  ) -> Column {
    Column(
      content: .cells(source, TableLayout.Entry(column: column, format: format), indexes: rows),
      entryCount: rows?.count ?? source.rowCount)
  }

  /// Objects, a row for each.
  public static func objects(_ rows: Rows) -> Column {
    Column(content: .objects(groups: [rows], positions: nil), entryCount: rows.count)
  }

  /// Objects that share rows: the row of each, negative for null.
  public static func objects(_ rows: Rows, at indexes: [Int]) -> Column {
    let positions = indexes.map { RowPosition(group: 0, row: $0) }
    return Column(content: .objects(groups: [rows], positions: positions), entryCount: indexes.count)
  }

  /// Objects of several kinds of rows.
  public static func objects(_ groups: [Rows], at positions: [RowPosition]) -> Column {
    Column(content: .objects(groups: groups, positions: positions), entryCount: positions.count)
  }

  /// JSON values of any shape, completed by the field's type: lists, objects whose fields are bound with
  /// `.member`, leaves.
  public static func dynamic(_ values: [InputValue]) -> Column {
    Column(content: .dynamic(RowList(values)), entryCount: values.count)
  }

  /// The value of a field with one parent, such as a root field: one object.
  public static func object(_ rows: Rows) -> Column { objects(rows) }

  /// The value of a field with one parent: a list of objects.
  public static func list(_ rows: Rows) -> Column { objects(rows).lists(counts: [rows.count]) }

  /// Null for each of `count` parents.
  public static func nulls(_ count: Int) -> Column { leaves([Bool?](repeating: nil, count: count)) }

  /// The values as lists: `counts[n]` consecutive values are the list of parent n; -1 is a null list.
  ///
  /// Applied again it makes lists of lists: the counts then speak of the lists made before.
  public func lists(counts: [Int]) -> Column {
    var result = self
    result.lists.insert(ListOffsets(counts: counts), at: 0)
    return result
  }

  /// The same column where single parents failed.
  public func failing(_ errors: [Int: any Error]) -> Column {
    var result = self
    result.errors.merge(errors) { _, new in new }
    return result
  }

  /// The value of an event of a subscription's source, with a name that no other event of the source has. The
  /// response to it carries the name (`Response.eventID`).
  ///
  /// - Parameter number: its place among the events of the source, where they grow (`ResumableEvents`).
  public func identified(as eventID: String, number: Int? = nil) -> Column {
    var result = self
    result.eventID = eventID
    result.eventNumber = number
    return result
  }

  /// The number of parents that it has values for.
  var parentCount: Int { lists.first.map { $0.counts.count } ?? entryCount }
}

/// A list or entry of a column: how many lists are around it, and its position among all on that level.
struct ErrorPlace: Hashable, Sendable {
  var level: Int
  var index: Int
}

/// One row of one of several groups of rows; a negative row is null.
public struct RowPosition: Sendable, Hashable {
  /// The number of the group of rows.
  public var group: Int
  /// The number of the row in its group; negative for null.
  public var row: Int

  public init(group: Int, row: Int) {
    self.group = group
    self.row = row
  }

  /// The position of a null.
  public static let null = RowPosition(group: 0, row: -1)
}

/// Where the list of each parent starts and how long it is.
struct ListOffsets: Sendable {
  /// -1 is null.
  let counts: [Int]
  let starts: [Int]
  /// The sum of the counts.
  let total: Int

  init(counts: [Int]) {
    var next = 0
    var starts: [Int] = []
    starts.reserveCapacity(counts.count)
    for count in counts {
      starts.append(next)
      next += max(count, 0)
    }
    self.counts = counts
    self.starts = starts
    total = next
  }
}

/// A column of leaves without its type: a stored function, specialised where the column is made.
@usableFromInline
final class ColumnWriter: Sendable {
  @usableFromInline typealias Function = @Sendable (Int, inout JSONWriter) -> Void

  @usableFromInline let write: Function

  @usableFromInline init(_ write: @escaping Function) { self.write = write }
}
