import Synchronization

/// One execution of a plan: a synchronous state machine (§ 6.3).
///
/// `step` calls every batch that can be called, so that all fields of a level are on their way together, and
/// says whether something is awaited. Breadth-first over the plan: no recursion over data. Used by one task
/// at a time; only `cancellation` is shared.
final class Execution {
  enum Step {
    /// Tickets are outstanding; `gate` opens when all are settled.
    case waiting(LevelGate)
    case done
    case cancelled
  }

  let plan: OperationPlan
  let request: ExecutionRequest
  let variables: VariableValues
  let cancellation: Cancellation
  let cells = CellStore()
  let derivedRows = DerivedRowOwner()
  /// JSON values that were read from cells.
  private var readValues: [RowList<InputValue>] = []

  /// Frames whose fields are not called yet.
  private var worklist: [Frame] = []
  private var pending: [PendingBatch] = []
  private var loaders: [LoaderState] = []
  private var loaderKeys: [LoaderKey: Int] = [:]
  private var argumentCache: [Int: ArgumentsBox] = [:]
  /// The guarded fields that may be read, and why others may not.
  private var accessibleFields = FieldNumbers()
  private var accessErrors: [Int: any Error] = [:]
  /// Whether an error has ended the execution (`ErrorBehavior.halt`). Nothing more is called then; the output
  /// pass finds the error at its place.
  private(set) var isHalted = false

  /// A batch that gave a ticket.
  private struct PendingBatch {
    enum Target {
      case field(Frame, PlanField)
      case loader(LoaderState)
    }

    var ticket: Ticket
    var target: Target
  }

  init(plan: OperationPlan, request: ExecutionRequest, variables: VariableValues, cancellation: Cancellation)
  {
    self.plan = plan
    self.request = request
    self.variables = variables
    self.cancellation = cancellation
  }

  var schema: Schema { plan.context.schema }

  private var isCancelled: Bool { cancellation.isCancelled || request.isCancelled?() == true }

  /// The frame of the root object, with one parent. A root that was not given is an empty JSON object, or an
  /// empty row where no field reads it.
  func makeRoot() throws -> Frame {
    let wanted = plan.root.rowType ?? plan.root.parts.lazy.compactMap(\.object.rowType).first
    let isDynamic = wanted == ObjectIdentifier(InputValue.self)
    let root = request.root ?? (isDynamic ? Rows.dynamic([.object(InputObject())]) : .swift([EmptyRow()]))
    guard root.count == 1, let base = root.pointer(0), let rowType = root.rowType else {
      throw RowMismatch(expected: "one Swift row as the root")
    }
    // The output pass reads rows as the type that the wiring names.
    if let wanted, wanted != rowType { throw RowMismatch(expected: "the root's rows that its fields read") }
    return Frame(
      object: plan.root, rows: .contiguous(base: base, stride: 0), rowType: rowType, count: 1,
      owners: root.owner.map { [$0] } ?? [])
  }

  /// Keeps a value for as long as the response is written; gives its address.
  func keep(_ value: InputValue) -> UnsafeRawPointer {
    let kept = RowList([value])
    readValues.append(kept)
    return UnsafeRawPointer(kept.base)
  }

  /// Calls the fetched fields of the root, all or (in a mutation) one; none when nobody waits any more.
  func start(_ root: Frame, fields: Range<Int>) {
    if isCancelled { return }
    for field in root.object.fields[fields] {
      if field.isFetched { call(field, of: root) } else { attachDerived(field, of: root) }
    }
  }

  /// Goes on as far as possible without waiting.
  func step() -> Step {
    while true {
      if isHalted {
        release()
        return .done
      }
      if isCancelled {
        release()
        return .cancelled
      }
      while !worklist.isEmpty {
        let frames = worklist
        worklist = []
        for frame in frames { dispatch(frame) }
      }
      // Loaders wait until everybody of the level has given their keys.
      dispatchLoaders()
      if !worklist.isEmpty { continue }
      if pending.isEmpty { return .done }
      let gate = LevelGate()
      var openTickets = 0
      for batch in pending where batch.ticket.wait(for: gate) { openTickets += 1 }
      if openTickets > 0 {
        cancellation.watch(gate)
        return .waiting(gate)
      }
      settle()
    }
  }

  /// Takes in what the tickets of a level brought.
  func settle() {
    let settled = pending
    pending = []
    for batch in settled {
      guard let result = batch.ticket.result else { continue }
      switch batch.target {
      case .field(let frame, let field):
        switch result {
        case .success(let column): attach(column, to: field, of: frame)
        case .failure(let error): fail(field, of: frame, error)
        }
      case .loader(let state):
        state.accept(result)
        attachLoaded(state)
      }
    }
  }

  /// Gives up all open tickets.
  func release() {
    for batch in pending { batch.ticket.cancel() }
    pending = []
    worklist = []
  }
}

// MARK: - Calls

extension Execution {
  private func dispatch(_ frame: Frame) {
    for field in frame.object.framedFields { attachDerived(field, of: frame) }
    for field in frame.object.fetchedFields { call(field, of: frame) }
  }

  private func call(_ field: PlanField, of frame: Frame) {
    guard let binding = field.binding, frame.count > 0, !isHalted else { return }
    do {
      try checkAccess(field)
      let call = FieldCall(
        schema: schema, field: field.id, arguments: try arguments(of: field).value, parents: frame.parents,
        selection: FieldSelection(selections: field.child.map { [$0] } ?? []), context: request.context,
        extensions: request.extensions, directives: directives(of: field),
        memoSlot: field.memoSlot ?? MemoSlot())
      switch binding.kind {
      case .batch(let resolve), .roots(_, let resolve):
        let resolution = try traced([field], count: frame.count) { try resolve(call) }
        take(resolution, for: .field(frame, field))
      case .loader(let loader):
        if let rows = try loader.known?(call) {
          attach(.objects(rows), to: field, of: frame, owners: frame.owners)
        } else {
          try loaderState(loader, call).collect(call, loader, frame, field)
        }
      case .items(let start): take(try readItems(start, call, field), for: .field(frame, field))
      default: throw ColumnMismatch(problem: "a stream outside of a subscription")
      }
    } catch {
      fail(field, of: frame, error)
    }
  }

  /// Makes a call, and tells a tracer of it where there is one.
  private func traced(
    _ fields: @autoclosure () -> [PlanField], count: @autoclosure () -> Int, _ call: () throws -> Resolution
  ) throws -> Resolution {
    guard let tracer = request.tracer else { return try call() }
    tracer.willCall(TracedCall(fields: fields().map(\.number), count: count()))
    defer { tracer.didCall() }
    return try call()
  }

  private func take(_ resolution: Resolution, for target: PendingBatch.Target) {
    switch (resolution, target) {
    case (.pending(let ticket), _): pending.append(PendingBatch(ticket: ticket, target: target))
    case (.ready(let column), .field(let frame, let field)): attach(column, to: field, of: frame)
    case (.ready(let column), .loader(let state)):
      state.accept(.success(column))
      attachLoaded(state)
    }
  }

  private func dispatchLoaders() {
    for state in loaders where state.isWaiting && !state.isLoading {
      guard state.hasNewKeys else {
        attachLoaded(state)
        continue
      }
      do {
        let resolution = try traced(state.waitingFields, count: state.newKeyCount) { try state.load() }
        take(resolution, for: .loader(state))
      } catch {
        state.accept(.failure(error))
        attachLoaded(state)
      }
    }
  }

  /// Nothing that was loaded before is used again: a root field of a mutation sees what the ones before it
  /// changed (§ 6.2.2).
  func forgetLoaded() {
    loaders = []
    loaderKeys = [:]
  }

  private func attachLoaded(_ state: LoaderState) {
    for (frame, field, column) in state.takeColumns() { attach(column, to: field, of: frame) }
  }

  private func loaderState(_ loader: LoaderBinding, _ call: FieldCall) -> LoaderState {
    // Loads are shared where the same fields are selected: otherwise the loaded rows would lack columns.
    let key = LoaderKey(loader: loader.identity, fields: call.selection.types.map(call.selection.fields))
    if let known = loaderKeys[key] { return loaders[known] }
    loaderKeys[key] = loaders.count
    let made = loader.makeState(call)
    loaders.append(made)
    return made
  }
}

/// Which loads may share their keys.
private struct LoaderKey: Hashable {
  var loader: ObjectIdentifier
  var fields: [[FieldID]]
}

// MARK: - Results

extension Execution {
  func fail(_ field: PlanField, of frame: Frame, _ error: any Error) {
    noteErrors(true)
    frame.attach(AttachedColumn(failure: error), at: field.slot)
  }

  /// Puts a column at its place and lines up the frames of its objects.
  func attach(_ column: Column, to field: PlanField, of frame: Frame, owners: [RowOwner] = []) {
    do {
      var column = try fitted(column, to: field, count: frame.count)
      var later: StreamedLists?
      if field.stream != nil { (column, later) = try split(column, field) }
      let attached = try attached(column, field, owners: owners)
      attached.streamed = later
      frame.attach(attached, at: field.slot)
    } catch {
      fail(field, of: frame, error)
    }
  }

  /// A fitted column whose objects have frames, which are lined up.
  func attached(_ column: Column, _ field: PlanField, owners: [RowOwner]) throws -> AttachedColumn {
    let count = column.parentCount
    noteErrors(!column.placeErrors.isEmpty || column.errors.keys.contains { $0 >= 0 && $0 < count })
    let attached = AttachedColumn(column, store: cells)
    if case .objects(let groups, let positions) = column.content, let selection = field.child {
      var maker = FrameMaker(field: field, selection: selection)
      let placed = try maker.make(groups: groups, positions: positions, owners: owners)
      attached.setObjects(maker.frames, placed, errors: maker.errors)
      noteErrors(!maker.errors.isEmpty)
      lineUp(maker.frames)
    }
    return attached
  }

  /// Ends the execution at its first error, where the request asks for that.
  private func noteErrors(_ areThere: @autoclosure () -> Bool) {
    if request.onError == .halt && areThere() { isHalted = true }
  }

  /// Lines up frames whose fields are all to be called.
  func start(_ frames: [Frame]) { worklist += frames }

  private func lineUp(_ frames: [Frame]) {
    for frame in frames where frame.count > 0 && (frame.object.needsFrame || frame.isTable) {
      worklist.append(frame)
    }
  }

  /// Checks a column against its field, so that the output pass may trust it.
  func fitted(_ column: Column, to field: PlanField, count: Int) throws -> Column {
    var column = column
    if case .dynamic(let values) = column.content, field.child?.needsFrames == true {
      let pointers = (0..<values.count).map { UnsafeRawPointer(values[$0]) }
      var made = DynamicObjects(field: field, schema: schema, owner: values.storage).column(pointers)
      made.errors.merge(column.errors) { _, error in error }
      column = made
    }
    guard column.parentCount == count else {
      throw ColumnMismatch(problem: "\(column.parentCount) values for \(count) parents")
    }
    var entries = column.entryCount
    for offsets in column.lists.reversed() {
      guard offsets.total == entries else {
        throw ColumnMismatch(problem: "lists of \(offsets.total) of \(entries)")
      }
      entries = offsets.counts.count
    }
    var depth = 0
    var type = field.type.nullable
    while type.isList {
      depth += 1
      type = type.wrapped.nullable
    }
    switch column.content {
    case .objects where field.child == nil: throw ColumnMismatch(problem: "objects for a leaf")
    case .leaves where field.child != nil:
      // Only nulls may stand for objects; the output pass writes them.
      break
    case .cells where field.child != nil: throw ColumnMismatch(problem: "cells for an object")
    case .dynamic where !column.lists.isEmpty: throw ColumnMismatch(problem: "lists of JSON values")
    case .objects where column.lists.count != depth:
      throw ColumnMismatch(problem: "\(column.lists.count) levels of lists for \(depth)")
    default:
      if column.lists.count > depth { throw ColumnMismatch(problem: "a list for a single value") }
    }
    return column
  }

  /// Computes the resident children of a whole frame, because something below them is fetched.
  private func attachDerived(_ field: PlanField, of frame: Frame) {
    guard field.slot >= 0, let binding = field.binding, let selection = field.child, !field.isBroken else {
      return
    }
    do {
      switch binding.kind {
      case .same: try attachSame(field, selection, frame)
      case .child(let reader): try attachChildren(field, reader, frame)
      case .member:
        let values = (0..<frame.count).map { parent in
          frame.pointer(parent).flatMap { InputValue.member(field.name, of: $0) }
        }
        let objects = DynamicObjects(field: field, schema: schema, owner: frame.owners.first)
        attach(objects.column(values), to: field, of: frame)
      default: break
      }
    } catch {
      fail(field, of: frame, error)
    }
  }

  /// The parents' rows as objects of another type.
  private func attachSame(_ field: PlanField, _ selection: PlanSelection, _ frame: Frame) throws {
    guard frame.isTable || selection.needsFrames || selection.concrete?.hasParts == true else { return }
    var rows = Rows(frame)
    if let name = field.binding?.sameType, let type = schema.type(named: name) { rows = rows.typed(type) }
    var maker = FrameMaker(field: field, selection: selection)
    let placed = try maker.make(groups: [rows], positions: nil, owners: frame.owners)
    let attached = AttachedColumn(.objects(rows), store: cells)
    attached.setObjects(maker.frames, placed, errors: maker.errors)
    noteErrors(!maker.errors.isEmpty)
    frame.attach(attached, at: field.slot)
    lineUp(maker.frames)
  }

  private func attachChildren(_ field: PlanField, _ reader: ChildReader, _ frame: Frame) throws {
    let arguments = try arguments(of: field).value
    var pointers: [UnsafeRawPointer] = []
    var counts: [Int] = []
    var positions: [RowPosition] = []
    let isList = field.type.nullable.isList
    for parent in 0..<frame.count {
      guard let row = frame.pointer(parent) else { throw RowMismatch(expected: "Swift rows") }
      let segment = derivedRows.children(reader, row, arguments)
      if isList {
        counts.append(segment.count)
      } else {
        positions.append(segment.count > 0 ? RowPosition(group: 0, row: pointers.count) : .null)
      }
      guard let base = segment.base else { continue }
      for index in 0..<(isList ? max(segment.count, 0) : min(segment.count, 1)) {
        pointers.append(base + index * reader.stride)
      }
    }
    var rows = Rows(
      count: pointers.count, storage: .scattered(RowPointers(pointers), rowType: reader.childType),
      types: .declared, owner: derivedRows)
    if let concrete = field.child?.concrete { rows = rows.typed(concrete.type) }
    let column =
      isList ? Column.objects(rows).lists(counts: counts) : Column.objects([rows], at: positions)
    if field.stream != nil { return attach(column, to: field, of: frame, owners: frame.owners) }
    var maker = FrameMaker(field: field, selection: try unwrapped(field.child))
    let placed = try maker.make(
      groups: [rows], positions: isList ? nil : positions, owners: frame.owners)
    let attached = AttachedColumn(column, store: cells)
    attached.setObjects(maker.frames, placed, errors: maker.errors)
    noteErrors(!maker.errors.isEmpty)
    frame.attach(attached, at: field.slot)
    lineUp(maker.frames)
  }

  private func unwrapped(_ selection: PlanSelection?) throws -> PlanSelection {
    guard let selection else { throw ColumnMismatch(problem: "objects for a leaf") }
    return selection
  }
}

// MARK: - Arguments and access

extension Execution {
  /// A field's arguments, coerced once per execution.
  func arguments(of field: PlanField) throws -> ArgumentsBox {
    if let constant = field.constantArguments { return constant }
    if let known = argumentCache[field.number] { return known }
    let made = ArgumentsBox(
      try field.arguments.coerce(field.node, context: plan.context, values: variables))
    argumentCache[field.number] = made
    return made
  }

  func directives(of field: PlanField) -> AppliedDirectives {
    AppliedDirectives(field: field, context: plan.context, variables: variables)
  }

  /// Coerces a field's arguments and asks its access check and those of its directives, once per execution.
  func checkAccess(_ field: PlanField) throws {
    guard field.isGuarded else { return }
    if accessibleFields.contains(field.number) { return }
    if let known = accessErrors[field.number] { throw known }
    do {
      _ = try arguments(of: field)
      try field.binding?.accessCheck?(request.context)
      for (name, check) in field.directiveChecks {
        for arguments in try directives(of: field).atField(name) { try check(arguments, request.context) }
      }
      accessibleFields.insert(field.number)
    } catch {
      accessErrors[field.number] = error
      throw error
    }
  }
}

/// The row of a root that was given none.
struct EmptyRow {}

/// Numbers of a plan's fields: a word holds those of most operations, without memory of its own.
struct FieldNumbers {
  private var first: UInt64 = 0
  private var others: Set<Int> = []

  func contains(_ number: Int) -> Bool {
    number < UInt64.bitWidth ? first & (1 << UInt64(number)) != 0 : others.contains(number)
  }

  mutating func insert(_ number: Int) {
    if number < UInt64.bitWidth { first |= 1 << UInt64(number) } else { others.insert(number) }
  }
}

/// Arguments behind a reference, so that passing them on copies nothing.
final class ArgumentsBox: Sendable {
  let value: Arguments
  init(_ value: Arguments) { self.value = value }

  /// For fields without arguments.
  static let empty = ArgumentsBox(Arguments())
}

/// The memory of rows that were derived for frames; it lives as long as a frame needs it.
final class DerivedRowOwner: RowOwner, @unchecked Sendable {
  // @unchecked: only the execution writes, and what is written never moves.
  private var arena = RowArena()

  func children(
    _ reader: ChildReader, _ row: UnsafeRawPointer, _ arguments: borrowing Arguments
  ) -> ChildSegment {
    withUnsafeMutablePointer(to: &arena) { reader.children(row, arguments, $0) }
  }
}

extension Rows {
  /// The rows of a frame as rows of another type.
  fileprivate init(_ frame: Frame) {
    switch frame.rows {
    case .contiguous(let base, let stride):
      self.init(
        count: frame.count,
        storage: .swift(
          base: base, stride: stride, rowType: frame.rowType ?? ObjectIdentifier(EmptyRow.self)),
        types: .declared, owner: nil)
    case .scattered(let pointers):
      self.init(
        count: frame.count,
        storage: .scattered(pointers, rowType: frame.rowType ?? ObjectIdentifier(EmptyRow.self)),
        types: .declared, owner: nil)
    case .table(let source, let layout, let indexes):
      self.init(
        count: frame.count, storage: .table(source, layout, indexes: indexes), types: .declared, owner: nil)
    }
  }
}
