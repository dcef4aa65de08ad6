import Flows
import GraphQLEngine
import Postgres
import Storage
import Synchronization

/// Sends a read and turns its rows into a column, without a task: the answer fulfills the ticket on the
/// loop's thread.
///
/// `transform` runs there too and must not block.
func read(
  _ statement: Statement, _ parameters: Parameters, in context: StudioContext, noun: String,
  _ transform: @escaping @Sendable (RowTable) throws -> Column
) -> Resolution {
  let ended = context.trace?.sent(statement, parameters)
  let cancellation = Cancellation()
  let ticket = Ticket { cancellation.cancel() }
  let handle = context.services.database.read(statement, parameters, group: context.readGroup) { result in
    ended?(result)
    do {
      ticket.fulfill(try transform(RowTable(try result.get())))
    } catch {
      ticket.fail(ServiceError.showing(error, noun: noun) ?? error)
    }
  }
  cancellation.add(handle)
  return .pending(ticket)
}

/// Reads rows by their keys and turns them into a column.
///
/// - Parameter transform: gets the rows, and of each key its row, or -1.
func read(
  _ planned: PlannedRead, of owner: Identifier, keys: [Identifier], in context: StudioContext, noun: String,
  _ transform: @escaping @Sendable (_ rows: Rows, _ places: [Int]) -> Column
) -> Resolution {
  let cancellation = Cancellation()
  let ticket = Ticket { cancellation.cancel() }
  let handle = context.send(planned, of: owner, keys: keys) { result in
    switch result {
    case .success(let batch):
      let rows = Rows.table(RowTable(batch), layout: planned.layout)
      ticket.fulfill(transform(rows, planned.places(of: keys, in: batch)))
    case .failure(let error): ticket.fail(ServiceError.showing(error, noun: noun) ?? error)
    }
  }
  cancellation.add(handle)
  return .pending(ticket)
}

extension StudioContext {
  /// Sends a read of rows by their keys. It may share its statement with those of other requests, so the rows
  /// may be more than were asked for; whose execution is looked at has it alone.
  func send(
    _ planned: PlannedRead, of owner: Identifier, keys: [Identifier],
    completion: @escaping @Sendable (Result<RowBatch, PostgresError>) -> Void
  ) -> StatementHandle {
    guard let trace else {
      return services.database.read(
        planned.statement, of: owner.uuid, keys: keys.map(\.uuid), completion: completion)
    }
    let parameters = keyParameters(owner, keys)
    let ended = trace.sent(planned.statement, parameters)
    return services.database.read(planned.statement, parameters, group: readGroup) { result in
      ended(result)
      completion(result)
    }
  }
}

/// Holds the handles of statements that may be cancelled before the handles are known; the lock protects
/// them.
final class Cancellation: Sendable {
  private struct State {
    var handles: [StatementHandle] = []
    var isCancelled = false
  }

  private let state = Mutex(State())

  func add(_ handle: StatementHandle) {
    let isCancelled = state.withLock { state in
      state.handles.append(handle)
      return state.isCancelled
    }
    if isCancelled { handle.cancel() }
  }

  func cancel() {
    let handles = state.withLock { state in
      state.isCancelled = true
      return state.handles
    }
    for handle in handles { handle.cancel() }
  }
}

/// A statement with the layout of its rows; what resolvers keep in a plan's memo.
struct PlannedRead: Sendable {
  var statement: Statement
  var layout: TableLayout
  /// The column that holds the key: the row's id, or its parent's.
  var keyColumn: Int
  /// Whether nothing but the key is selected.
  var isKeyAlone: Bool

  /// The row of each key, or -1.
  func places(of keys: [Identifier], in batch: RowBatch) -> [Int] {
    if keys.count == 1, let key = keys.first {
      return [(0..<batch.rowCount).first { batch.uuid($0, keyColumn)?.identifier == key } ?? -1]
    }
    var rowByID: [Identifier: Int] = [:]
    rowByID.reserveCapacity(batch.rowCount)
    for row in 0..<batch.rowCount {
      if let id = batch.uuid(row, keyColumn) { rowByID[id.identifier] = row }
    }
    return keys.map { rowByID[$0] ?? -1 }
  }
}

extension TableType {
  /// A read of what is selected, whose rows carry a key beside that.
  func plannedRead(
    _ selection: FieldSelection, key: Column, schema: GraphQLEngine.Schema,
    _ statement: ([Column]) -> Statement
  ) -> PlannedRead {
    let plan = plan([selection], schema: schema)
    return PlannedRead(
      statement: statement(plan.columns), layout: plan.layout,
      keyColumn: TableReads.keyColumn(key, plan.columns), isKeyAlone: plan.columns.allSatisfy { $0 == key })
  }

  /// Loads objects by id for any number of fields, each id once per request. The owner is the statement's
  /// `$1`, the keys are `$2`.
  func loader(
    by id: Column, _ statement: @escaping @Sendable ([Column]) -> Statement
  ) -> Loader<Identifier> {
    Loader { call in
      guard let context = call.context as? StudioContext else {
        throw WiringFault(description: "The context is not the Studio's.")
      }
      let viewer = try context.requireViewer()
      let planned = call.memo { plannedRead(call.selection, key: id, schema: call.schema, statement) }
      return read(planned, of: Self.owner(viewer), keys: call.keys, in: context, noun: Self.noun) {
        .objects($0, at: $1)
      }
    }
  }

  /// Loads objects of a tenant table by id.
  func tenantLoader(by id: Column) -> Loader<Identifier> {
    loader(by: id) { TableReads.rows(by: id, $0, label: "\(Self.noun)_by_id") }
  }

  /// Resolves a field with the row that a column of the parent names and a foreign key keeps: where only its
  /// id is selected, nothing is read.
  func reference(_ loader: Loader<Identifier>, by column: some TableColumn, id: Column) -> FieldBinding {
    let key = column.rawValue
    return .loader(
      loader,
      known: { call in
        let planned = call.memo {
          plannedRead(call.selection, key: id, schema: call.schema) {
            TableReads.rows(by: id, $0, label: "\(Self.noun)_by_id")
          }
        }
        guard planned.isKeyAlone, let parents = call.parents.table,
          let column = parents.layout.column(key: key)
        else { return nil }
        return parents.rows(layout: planned.layout.reading(column: column))
      }, keys: { call in try call.parents.identifiers(key) })
  }

  /// Resolves a field with all children of each parent, in one statement.
  /// - Parameter isFailing: of triggers: whether only those are meant whose polls fail.
  func children(of parent: Column, order: Column, isFailing: Bool = false) -> FieldBinding {
    .batch { call in
      let context = try call.studio
      let viewer = try context.requireViewer()
      let planned = call.memo {
        plannedRead(call.selection, key: parent, schema: call.schema) {
          TableReads.children(
            of: parent, $0, order: order, label: "\(Self.noun)_children", isFailing: isFailing)
        }
      }
      let parents = try call.parents.identifiers("id")
      let parameters = keyParameters(viewer.organizationID, parents.compactMap { $0 })
      return read(planned.statement, parameters, in: context, noun: Self.noun) { table in
        let ranges = table.ranges(byParentIn: planned.keyColumn)
        let found = parents.map { parent in parent.flatMap { ranges[$0] } ?? 0..<0 }
        return GraphQLEngine.Column.lists(of: .table(table, layout: planned.layout), found)
      }
    }
  }
}

extension RowTable {
  /// The consecutive rows of each parent, for rows that are ordered by it.
  func ranges(byParentIn column: Int) -> [Identifier: Range<Int>] {
    var ranges: [Identifier: Range<Int>] = [:]
    var start = 0
    for row in 0..<rowCount {
      guard let parent = batch.uuid(row, column) else { continue }
      let isLast = row + 1 == rowCount || batch.uuid(row + 1, column) != parent
      if isLast {
        ranges[parent.identifier] = start..<row + 1
        start = row + 1
      }
    }
    return ranges
  }
}

extension GraphQLEngine.Column {
  /// A list of rows for each parent.
  static func lists(of rows: Rows, _ ranges: [Range<Int>]) -> GraphQLEngine.Column {
    var next = 0
    let isInOrder = ranges.allSatisfy { range in
      defer { if !range.isEmpty { next = range.upperBound } }
      return range.lowerBound == next || range.isEmpty
    }
    let counts = ranges.map(\.count)
    // All rows, one after the other: most lists are, since their statements read them so.
    if isInOrder, counts.reduce(0, +) == rows.count { return objects(rows).lists(counts: counts) }
    return objects(rows, at: ranges.flatMap { Array($0) }).lists(counts: counts)
  }

  /// An object of its own for each parent, or null.
  static func optionals<Row: Sendable>(_ rows: [Row?]) -> GraphQLEngine.Column {
    var next = 0
    let indexes = rows.map { row in
      guard row != nil else { return -1 }
      defer { next += 1 }
      return next
    }
    return objects(.swift(rows.compactMap { $0 }), at: indexes)
  }
}
