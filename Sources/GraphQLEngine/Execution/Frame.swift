/// The objects of one concrete type at one response position of one execution, with the columns fetched for
/// them.
///
/// Owned by the execution, used on one thread at a time.
final class Frame {
  enum FrameRows {
    case contiguous(base: UnsafeRawPointer, stride: Int)
    case scattered(RowPointers)
    case table(any CellSource, TableLayout, indexes: [Int]?)
  }

  let object: PlanObject
  let rows: FrameRows
  let rowType: ObjectIdentifier?
  let count: Int
  let isTable: Bool
  /// The source's row by index; only in a table, and nil there where all rows stand in their order.
  private let tableRows: [Int]?
  /// What keeps the rows alive.
  let owners: [RowOwner]
  /// By slot; each holds an owning reference.
  private let columns: UnsafeMutablePointer<Unmanaged<AttachedColumn>?>
  /// By step, of rows of a table; made when the output pass comes.
  private(set) var cells: UnsafeMutablePointer<CellStep>?

  init(
    object: PlanObject, rows: FrameRows, rowType: ObjectIdentifier?, count: Int, owners: [RowOwner]
  ) {
    self.object = object
    self.rows = rows
    self.rowType = rowType
    self.count = count
    self.owners = owners
    if case .table(_, _, let indexes) = rows {
      isTable = true
      tableRows = indexes
    } else {
      isTable = false
      tableRows = nil
    }
    columns = .allocate(capacity: max(object.slotCount, 1))
    columns.initialize(repeating: nil, count: object.slotCount)
  }

  deinit {
    for slot in 0..<object.slotCount { columns[slot]?.release() }
    columns.deallocate()
    cells?.deallocate()
  }

  /// The column of a slot, unretained: the frame keeps it.
  func column(_ slot: Int32) -> Unmanaged<AttachedColumn>? { columns[Int(slot)] }

  func attach(_ column: AttachedColumn, at slot: Int) {
    columns[slot]?.release()
    columns[slot] = .passRetained(column)
  }

  /// The address of a Swift row; nil in a table.
  func pointer(_ index: Int) -> UnsafeRawPointer? {
    // Asked for each object: a table's case would be copied, with what it refers to.
    if isTable { return nil }
    return switch rows {
    case .contiguous(let base, let stride): base + index * stride
    case .scattered(let pointers): pointers.values[index]
    case .table: nil
    }
  }

  /// The source's row; only in a table.
  func tableRow(_ index: Int) -> Int {
    guard let tableRows else { return index }
    return tableRows[index]
  }

  var parents: Parents {
    switch rows {
    case .contiguous(let base, let stride):
      Parents(
        count: count,
        storage: .swift(base: base, stride: stride, rowType: rowType ?? ObjectIdentifier(Void.self)),
        owners: owners)
    case .scattered(let pointers):
      Parents(
        count: count,
        storage: .scattered(pointers, rowType: rowType ?? ObjectIdentifier(Void.self)), owners: owners)
    case .table(let source, let layout, let indexes):
      Parents(count: count, storage: .table(source, layout, indexes: indexes), owners: owners)
    }
  }

  /// Fills the selected columns of a table, once.
  func prepareCells(_ store: CellStore) -> UnsafeMutablePointer<CellStep> {
    if let cells { return cells }
    let made = UnsafeMutablePointer<CellStep>.allocate(capacity: max(object.stepCount, 1))
    for (position, field) in object.fields.enumerated() {
      var step = CellStep(cells: nil, writer: nil)
      if case .table(let source, let layout, _) = rows, let entry = layout.entries[field.id],
        let writer = layout.writers[field.id]
      {
        step.cells = store.cells(of: source, column: entry.column)
        if writer.isJSON && object.context.schema.completesJSON(field.type) {
          step.reader = .passUnretained(writer)
        } else {
          step.writer = .passUnretained(writer)
        }
      }
      (made + position).initialize(to: step)
    }
    cells = made
    return made
  }
}

/// One field of a frame over a table: its column's cells, by the source's row. Without cells it was not
/// selected.
struct CellStep {
  var cells: UnsafePointer<Cell>?
  var writer: Unmanaged<CellWriter>?
  /// Instead of `writer`, of JSON that is completed by the field's type.
  var reader: Unmanaged<CellWriter>?
}

/// The cells of all sources of one execution; each column is filled once.
final class CellStore {
  /// The columns of one source that are filled.
  private struct Table {
    let source: any CellSource
    var columns: [UnsafeMutableBufferPointer<Cell>?] = []
  }

  /// A handful: one for each statement.
  private var tables: [Table] = []

  deinit {
    for table in tables {
      for buffer in table.columns { buffer?.deallocate() }
    }
  }

  func cells(of source: any CellSource, column: Int) -> UnsafePointer<Cell>? {
    var place = tables.count - 1
    while place >= 0, tables[place].source !== source { place -= 1 }
    if place < 0 {
      place = tables.count
      tables.append(Table(source: source))
    }
    if column < tables[place].columns.count, let known = tables[place].columns[column] {
      return UnsafePointer(known.baseAddress)
    }
    let buffer = UnsafeMutableBufferPointer<Cell>.allocate(capacity: max(source.rowCount, 1))
    buffer.initialize(repeating: .null)
    source.fill(column: column, cells: UnsafeMutableBufferPointer(rebasing: buffer[0..<source.rowCount]))
    while tables[place].columns.count <= column { tables[place].columns.append(nil) }
    tables[place].columns[column] = buffer
    return UnsafePointer(buffer.baseAddress)
  }
}
