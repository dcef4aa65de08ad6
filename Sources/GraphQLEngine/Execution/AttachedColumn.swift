/// A column at its place: the frames of its objects are made, and the output pass can read it without
/// counting references.
///
/// Owned by its parents' frame.
final class AttachedColumn {
  enum Kind: UInt8 {
    case leaves, cells, objects, dynamic
    /// Every value is an error.
    case failed
  }

  let kind: Kind
  let column: Column
  /// The error of all values.
  let failure: (any Error)?
  /// Errors of single parents, and of single entries below lists.
  let parentErrors: [Int: any Error]
  private(set) var entryErrors: [Int: any Error] = [:]
  let hasErrors: Bool
  let isList: Bool
  let writer: Unmanaged<ColumnWriter>?
  let cells: UnsafePointer<Cell>?
  let cellWriter: CellWriter?
  let cellIndexes: [Int]?
  /// Objects by entry: which frame, which of its rows. nil where entry n is row n of the only frame.
  private(set) var positions: [FramePosition]?
  private(set) var frames: [Frame] = []
  /// What `@stream` leaves for later.
  var streamed: StreamedLists?

  /// A column that failed as a whole.
  init(failure: any Error) {
    kind = .failed
    column = .nulls(0)
    self.failure = failure
    parentErrors = [:]
    hasErrors = true
    isList = false
    writer = nil
    cells = nil
    cellWriter = nil
    cellIndexes = nil
  }

  /// The column of `field` for the parents of a frame.
  init(_ column: Column, store: CellStore) {
    self.column = column
    failure = nil
    parentErrors = column.errors
    isList = !column.lists.isEmpty
    var writer: Unmanaged<ColumnWriter>?
    var cells: UnsafePointer<Cell>?
    var cellWriter: CellWriter?
    var cellIndexes: [Int]?
    switch column.content {
    case .leaves(let leaves):
      kind = .leaves
      writer = .passUnretained(leaves)
    case .cells(let source, let entry, let indexes):
      kind = .cells
      cells = store.cells(of: source, column: entry.column)
      cellWriter = CellWriter(entry.format)
      cellIndexes = indexes
    case .objects: kind = .objects
    case .dynamic: kind = .dynamic
    }
    self.writer = writer
    self.cells = cells
    self.cellWriter = cellWriter
    self.cellIndexes = cellIndexes
    hasErrors = !column.errors.isEmpty
  }

  /// Says which row each entry is.
  func setObjects(_ frames: [Frame], _ positions: [FramePosition]?, errors: [Int: any Error]) {
    self.frames = frames
    self.positions = positions
    entryErrors = errors
  }
}

/// The row of one object; a negative frame is null.
struct FramePosition {
  var frame: Int32
  var row: Int32

  static let null = FramePosition(frame: -1, row: -1)
}

/// Makes the frames of a column's objects: one for each group of rows and concrete type, with the rows that
/// are used, each once.
struct FrameMaker {
  let field: PlanField
  let selection: PlanSelection
  let typeResolver: RowTypeResolver
  private(set) var frames: [Frame] = []
  private(set) var errors: [Int: any Error] = [:]

  init(field: PlanField, selection: PlanSelection) {
    self.field = field
    self.selection = selection
    typeResolver = RowTypeResolver(field: field, selection: selection)
  }

  /// A frame being collected.
  private struct Draft {
    var object: PlanObject
    var group: Int
    var rows: [Int] = []
  }

  /// The positions by entry; nil where entry n is row n of the only frame.
  mutating func make(
    groups: [Rows], positions: [RowPosition]?, owners: [RowOwner]
  ) throws -> [FramePosition]? {
    if positions == nil, groups.count == 1, let object = try singleObject(groups[0]) {
      frames = [try frame(object, groups[0], indexes: nil, owners)]
      return nil
    }
    let entries = positions ?? groups[0].allPositions
    var drafts: [Draft] = []
    var result: [FramePosition] = []
    result.reserveCapacity(entries.count)
    var placed = groups.map { [FramePosition](repeating: .null, count: $0.count) }
    for (entry, position) in entries.enumerated() {
      guard position.row >= 0 else {
        result.append(.null)
        continue
      }
      guard position.group < groups.count, position.row < groups[position.group].count else {
        throw ColumnMismatch(problem: "a position outside of its rows")
      }
      if placed[position.group][position.row].frame < 0 {
        do {
          placed[position.group][position.row] = try place(position, groups, &drafts)
        } catch {
          errors[entry] = error
        }
      }
      result.append(placed[position.group][position.row])
    }
    frames = try drafts.map { try frame($0.object, groups[$0.group], indexes: $0.rows, owners) }
    return result
  }

  private func place(_ position: RowPosition, _ groups: [Rows], _ drafts: inout [Draft]) throws
    -> FramePosition
  {
    let object = try typeResolver.object(groups[position.group], position.row)
    var index = drafts.firstIndex { $0.group == position.group && $0.object === object }
    if index == nil {
      index = drafts.count
      drafts.append(Draft(object: object, group: position.group))
    }
    let draft = index ?? 0
    drafts[draft].rows.append(position.row)
    return FramePosition(frame: Int32(draft), row: Int32(drafts[draft].rows.count - 1))
  }

  /// The concrete type of all rows of a group, where it is known without looking at them.
  private func singleObject(_ rows: Rows) throws -> PlanObject? {
    if let concrete = selection.concrete { return concrete }
    if case .all(let type) = rows.types, selection.failure(for: type) == nil {
      return try typeResolver.object(of: type)
    }
    return nil
  }

  private func frame(
    _ object: PlanObject, _ rows: Rows, indexes: [Int]?, _ owners: [RowOwner]
  ) throws -> Frame {
    let count = indexes?.count ?? rows.count
    let owners = owners + (rows.owner.map { [$0] } ?? [])
    switch rows.storage {
    case .swift(let base, let stride, let rowType):
      if let wanted = object.rowType, wanted != rowType {
        throw RowMismatch(expected: "the rows of its fields")
      }
      guard let indexes else {
        return Frame(
          object: object, rows: .contiguous(base: base, stride: stride), rowType: rowType, count: count,
          owners: owners)
      }
      let pointers = RowPointers(indexes.map { base + $0 * stride })
      return Frame(
        object: object, rows: .scattered(pointers), rowType: rowType, count: count, owners: owners)
    case .scattered(let pointers, let rowType):
      if let wanted = object.rowType, wanted != rowType {
        throw RowMismatch(expected: "the rows of its fields")
      }
      let used = indexes.map { RowPointers($0.map { pointers.values[$0] }) } ?? pointers
      return Frame(object: object, rows: .scattered(used), rowType: rowType, count: count, owners: owners)
    case .table(let source, let layout, let all):
      let used = all.map { all in indexes.map { $0.map { all[$0] } } ?? all } ?? indexes
      return Frame(
        object: object, rows: .table(source, layout, indexes: used), rowType: nil, count: count,
        owners: owners)
    }
  }
}

/// A column does not fit its field: a fault of a resolver.
struct ColumnMismatch: Error {
  var problem: String
}

extension Rows {
  fileprivate var allPositions: [RowPosition] { (0..<count).map { RowPosition(group: 0, row: $0) } }
}

/// Finds the concrete type of rows (§ 6.4.3, ResolveAbstractType).
struct RowTypeResolver {
  let field: PlanField
  let selection: PlanSelection

  /// The plan for one row.
  func object(_ rows: Rows, _ row: Int) throws -> PlanObject {
    switch rows.types {
    case .all(let type): return try object(of: type)
    case .each(let types): return try object(of: types[row])
    case .declared: break
    }
    if let concrete = selection.concrete { return concrete }
    if let failure { throw failure }
    guard let pointer = rows.pointer(row), let rowType = rows.rowType else { throw unresolved }
    return try object(at: pointer, rowType: rowType)
  }

  /// The plan for a Swift row.
  func object(at pointer: UnsafeRawPointer, rowType: ObjectIdentifier) throws -> PlanObject {
    if let concrete = selection.concrete { return concrete }
    if let failure { throw failure }
    let schema = selection.schema
    var name: String?
    for resolver in selection.context.executable.typeResolvers[selection.type] ?? []
    where resolver.rowType == rowType {
      name = resolver.resolve(pointer)
    }
    if name == nil, rowType == ObjectIdentifier(InputValue.self) {
      name = pointer.assumingMemoryBound(to: InputValue.self).pointee["__typename"]?.string
    }
    guard let name else { throw unresolved }
    guard let type = schema.type(named: name) else {
      throw GraphQLError(
        "Abstract type \"\(schema.name(selection.type))\" was resolved to a type \"\(name)\" "
          + "that does not exist inside the schema.")
    }
    return try object(of: type)
  }

  func object(of type: TypeID) throws -> PlanObject {
    if let failure = selection.failure(for: type) { throw failure }
    if let object = selection.object(for: type) { return object }
    let schema = selection.schema
    let abstract = schema.name(selection.type)
    if schema[type].kind != .object {
      throw GraphQLError(
        "Abstract type \"\(abstract)\" was resolved to a non-object type \"\(schema.name(type))\".")
    }
    if schema.isPossibleType(type, of: selection.type), selection.type != type {
      throw GraphQLError("The operation has more than \(selection.context.limits.fields) fields.")
    }
    throw GraphQLError(
      "Runtime Object type \"\(schema.name(type))\" is not a possible type for \"\(abstract)\".")
  }

  /// Why objects of the declared type, an object type, have no plan.
  private var failure: GraphQLError? {
    selection.schema[selection.type].kind == .object ? selection.failure(for: selection.type) : nil
  }

  private var unresolved: GraphQLError {
    let schema = selection.schema
    let abstract = schema.name(selection.type)
    let place = "\(schema.name(field.parentType)).\(schema.name(schema[field.id].name))"
    return GraphQLError(
      "Abstract type \"\(abstract)\" must resolve to an Object type at runtime for field \"\(place)\". "
        + "Either the \"\(abstract)\" type should provide a \"resolveType\" function "
        + "or each possible type should provide an \"isTypeOf\" function.")
  }
}
