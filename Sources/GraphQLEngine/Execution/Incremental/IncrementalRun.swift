import Synchronization

/// Executes and delivers what an initial result has left for later.
///
/// Driven by `next`: it goes on as far as possible without waiting, and hands out what is complete as one
/// payload. One task at a time is inside.
final class IncrementalRun: @unchecked Sendable {
  // @unchecked: `isBusy` lets one call of `next` in; only `cancellation` and `signal`, which are safe to
  // share, are touched from elsewhere.

  let plan: OperationPlan
  let request: ExecutionRequest
  let variables: VariableValues
  let cancellation = Cancellation()
  let signal = DeliverySignal()
  private let isBusy = Mutex(false)
  var graph = DeliveryGraph()
  /// Batches in the order of their release; as many as allowed are executed at a time.
  private var queue: [Delivery] = []
  private var running: [Delivery] = []
  /// Streams that sequences feed, by id, with the task that waits for the next items.
  private var reading: [Int: (list: StreamedList, task: Task<Void, Never>)] = [:]
  /// Its number among those who follow the request's cancellation.
  private var follower: Int?
  private var payloadCount = 0
  private var isEnded = false

  /// A payload is sent when it has so many bytes, although more could be said at once.
  private static let payloadBytes = 256 << 10

  init(plan: OperationPlan, request: ExecutionRequest, variables: VariableValues) {
    self.plan = plan
    self.request = request
    self.variables = variables
    follower = request.cancellation?.follow { [weak self] in self?.cancel() }
  }

  deinit { end() }

  var limits: EngineLimits { plan.context.limits }

  var tooMany: GraphQLError {
    GraphQLError("The operation has more than \(limits.openDeliveries) deferred fragments and streams open.")
  }

  func makeExecution() -> Execution {
    Execution(plan: plan, request: request, variables: variables, cancellation: cancellation)
  }

  /// From any thread: nobody waits any more.
  func cancel() {
    cancellation.cancel()
    signal.ring()
  }

  /// Takes in what the initial result leaves; gives what it is to announce.
  func admit(_ items: [DeferredWork.Item]) -> [PendingNotice] {
    graph.admit(items)
    defer { graph.payload = PayloadContent() }
    return graph.payload.pending
  }

  /// The next payload; nil at the end.
  func next() async -> IncrementalPayload? {
    let isFirst = isBusy.withLock { isBusy in
      defer { isBusy = true }
      return !isBusy
    }
    guard isFirst else { return nil }
    defer { isBusy.withLock { $0 = false } }
    return await withTaskCancellationHandler {
      await nextPayload()
    } onCancel: {
      cancel()
    }
  }

  private func nextPayload() async -> IncrementalPayload? {
    while !isEnded {
      if cancellation.isCancelled {
        // Who reads no more is told nothing; a client whose request was ended is.
        if Task.isCancelled || graph.openCount == 0 { break }
        abort(.cancelled)
        return takePayload()
      }
      advance()
      if !graph.payload.isEmpty { return takePayload() }
      if graph.openCount == 0 { break }
      await signal.wait()
    }
    end()
    return nil
  }

  private func takePayload() -> IncrementalPayload {
    payloadCount += 1
    if payloadCount >= limits.payloads, graph.openCount > 0 {
      abort(GraphQLError("The response has more than \(limits.payloads) payloads."))
    }
    let hasNext = graph.openCount > 0
    let payload = graph.payload.payload(hasNext: hasNext)
    graph.payload = PayloadContent()
    if !hasNext { end() }
    return payload
  }

  /// Gives up everything that is under way.
  private func end() {
    isEnded = true
    if let follower { request.cancellation?.forget(follower) }
    release()
    graph.dissolve()
  }
}

// MARK: - Progress

extension IncrementalRun {
  /// Executes as far as possible without waiting.
  private func advance() {
    var hasProgressed = true
    while hasProgressed && !isEnded && graph.payload.byteCount < Self.payloadBytes {
      line(up: graph.takeStarted())
      line(up: graph.takeReleased())
      hasProgressed = false
      for arrival in signal.takeArrivals() {
        take(arrival)
        hasProgressed = true
      }
      while running.count < limits.concurrentDeliveries, !queue.isEmpty {
        running.append(queue.removeFirst())
      }
      // Stepping may end others, even all.
      for delivery in running where running.contains(where: { $0 === delivery }) && step(delivery) {
        hasProgressed = true
      }
    }
  }

  /// True when the delivery is done, and what follows from it can be looked at.
  private func step(_ delivery: Delivery) -> Bool {
    if let gate = delivery.gate, !gate.isPassable { return false }
    switch delivery.execution.step() {
    case .waiting(let gate):
      delivery.gate = gate
      gate.whenPassable { [signal] in signal.ring() }
      return false
    case .cancelled:
      abort(.cancelled)
      return true
    case .done:
      running.removeAll { $0 === delivery }
      finish(delivery)
      return true
    }
  }

  /// Completes everything with an error.
  private func abort(_ error: GraphQLError) {
    graph.abort(error)
    release()
  }

  private func release() {
    for delivery in running { delivery.execution.release() }
    for (_, task) in reading.values { task.cancel() }
    running = []
    queue = []
    reading = [:]
  }

  private func line(up groups: [DeferredGroup]) {
    var batches: [(object: PlanObject, groups: [DeferredGroup])] = []
    var indexes: [ObjectIdentifier: Int] = [:]
    for group in groups where group.fragments.contains(where: { $0.state != .failed }) {
      let object = group.part.object
      if let index = indexes[ObjectIdentifier(object)] {
        batches[index].groups.append(group)
      } else {
        indexes[ObjectIdentifier(object)] = batches.count
        batches.append((object, [group]))
      }
    }
    for (object, groups) in batches {
      do {
        queue.append(try Delivery(groups, object, makeExecution()))
      } catch {
        let field = object.fields.first
        for group in groups { graph.fail(group, [shown(error, at: field, group.path)]) }
      }
    }
  }

  /// An error of a whole delivery.
  private func shown(_ error: any Error, at field: PlanField?, _ path: [PathSegment]) -> GraphQLError {
    var shown = GraphQLError(shown: error, at: field?.id, request.context)
    if let field, shown.locations.isEmpty {
      let document = plan.context.document
      let limit = limits.validation.locationsPerError
      shown.locations = field.nodes.prefix(limit).map { document.location(of: $0) }
    }
    shown.path = path
    return shown
  }
}

// MARK: - Streams

extension IncrementalRun {
  private func line(up lists: [StreamedList]) {
    var batches: [(key: ObjectIdentifier, lists: [StreamedList])] = []
    var indexes: [ObjectIdentifier: Int] = [:]
    for list in lists {
      let key: ObjectIdentifier
      switch list.source {
      case .sequence(let source):
        read(source, for: list)
        continue
      case .lists(let streamed, _): key = ObjectIdentifier(streamed)
      case .items: key = ObjectIdentifier(list.field)
      }
      if let index = indexes[key] {
        batches[index].lists.append(list)
      } else {
        indexes[key] = batches.count
        batches.append((key, [list]))
      }
    }
    for (_, lists) in batches { line(up: lists, Column(restsOf: lists)) }
  }

  /// Items of streams of one field.
  private func line(up lists: [StreamedList], _ column: Column) {
    do {
      queue.append(try Delivery(lists, column, makeExecution()))
    } catch {
      for list in lists { fail(list, [shown(error, at: list.field, list.path)]) }
    }
  }

  /// Waits for the next items of a sequence, in a task.
  private func read(_ source: ItemSource, for list: StreamedList) {
    guard let id = list.id else { return }
    let task = Task { [signal] in
      do {
        signal.post(DeliverySignal.Arrival(stream: id, result: .success(try await source.next())))
      } catch {
        signal.post(DeliverySignal.Arrival(stream: id, result: .failure(error)))
      }
    }
    reading[id] = (list, task)
  }

  private func take(_ arrival: DeliverySignal.Arrival) {
    guard let list = reading.removeValue(forKey: arrival.stream)?.list else { return }
    switch arrival.result {
    case .success(let items?):
      line(up: [list], items.itemsAsLists(counts: [items.parentCount]))
    case .success(nil): graph.end(list)
    case .failure(let error): graph.end(list, [shown(error, at: list.field, list.path)])
    }
  }

  private func fail(_ list: StreamedList, _ errors: [GraphQLError]) { graph.end(list, errors) }

  /// Behind items that were delivered: the end, or the next ones.
  private func goOn(_ list: StreamedList) {
    if case .sequence(let source) = list.source {
      read(source, for: list)
    } else {
      graph.end(list)
    }
  }
}

extension Column {
  /// What streams of one column, or of JSON values, have left.
  fileprivate init(restsOf lists: [StreamedList]) {
    var pieces: [ColumnPiece] = []
    var values: [InputValue] = []
    var whole: Column?
    for list in lists {
      switch list.source {
      case .lists(let streamed, let parent):
        whole = streamed.whole
        let count = whole?.itemCount(parent) ?? 0
        pieces.append(ColumnPiece(parent: parent, items: streamed.initialCount..<count))
      case .items(let items): values.append(.list(items))
      case .sequence: break
      }
    }
    self = whole?.slicing(pieces) ?? .dynamic(values)
  }
}

// MARK: - Output

extension IncrementalRun {
  private func finish(_ delivery: Delivery) {
    var pass = OutputPass(execution: delivery.execution)
    switch delivery.work {
    case .groups(let frames):
      for (frame, groups) in frames {
        let later = DeferredWork(owner: PassOwner([frame]), limit: limits.openDeliveries)
        pass.later = later
        for (index, group) in groups.enumerated() {
          later.base = group.path
          write(group, frame, index, &pass, later)
          if pass.isHalted { return }
        }
      }
    case .items(let column, let lists):
      let later = DeferredWork(
        owner: PassOwner([], column, owners: lists.map(\.owner)), limit: limits.openDeliveries)
      pass.later = later
      for (position, list) in lists.enumerated() {
        write(list, position, .passUnretained(column), &pass, later)
        if pass.isHalted { return }
      }
    }
  }

  private func write(
    _ group: DeferredGroup, _ frame: Frame, _ index: Int, _ pass: inout OutputPass, _ later: DeferredWork
  ) {
    let isWritten = pass.writePart(frame, index)
    let errors = pass.takeErrors(below: group.path)
    let items = later.take()
    if !isWritten {
      graph.fail(group, errors)
    } else if exceeds(items, later) {
      graph.fail(group, [tooMany])
    } else {
      group.data = pass.out.bytes
      group.errors = errors
      graph.finish(group, items)
    }
    settle(&pass, errors)
  }

  /// The items of one stream, each a value of its own. One that fails ends the stream behind those before it.
  private func write(
    _ list: StreamedList, _ position: Int, _ column: Unmanaged<AttachedColumn>, _ pass: inout OutputPass,
    _ later: DeferredWork
  ) {
    let count = column.takeUnretainedValue().streamLength(position)
    var bytes: [UInt8] = [0x5B]
    var itemErrors: [GraphQLError] = []
    var items: [DeferredWork.Item] = []
    var failure: [GraphQLError]?
    for item in 0..<count {
      let path = list.path + [.index(list.nextIndex)]
      later.base = path
      let isWritten = pass.writeItem(item, ofList: position, in: column, list.field)
      let errors = pass.takeErrors(below: path)
      let below = later.take()
      failure = isWritten ? (exceeds(items + below, later) ? [tooMany] : nil) : errors
      defer { settle(&pass, errors) }
      if failure != nil { break }
      if bytes.count > 1 { bytes.append(0x2C) }
      bytes += pass.out.bytes
      itemErrors += errors
      items += below
      list.nextIndex += 1
    }
    bytes.append(0x5D)
    if bytes.count > 2 { graph.deliver(list, bytes, itemErrors, items) }
    if let failure { fail(list, failure) } else { goOn(list) }
  }

  private func exceeds(_ items: [DeferredWork.Item], _ later: DeferredWork) -> Bool {
    later.isOverfull || items.count + graph.openCount > limits.openDeliveries
  }

  /// Makes the pass ready for the next value. An error that halts ends the response.
  private func settle(_ pass: inout OutputPass, _ errors: [GraphQLError]) {
    pass.out.truncate(to: 0)
    if pass.isHalted, let error = errors.first { abort(error) }
  }
}

extension AttachedColumn {
  /// The number of items of one list of streamed items.
  fileprivate func streamLength(_ list: Int) -> Int {
    if case .dynamic(let values) = column.content {
      guard case .list(let items) = values[list].pointee else { return 0 }
      return items.count
    }
    return max(column.lists.first?.counts[list] ?? 0, 0)
  }
}

extension OutputPass {
  /// The errors of the value that was just written, with whole paths.
  fileprivate mutating func takeErrors(below base: [PathSegment]) -> [GraphQLError] {
    var taken = errors
    errors = []
    isTooLarge = false
    for index in taken.indices { taken[index].path = taken[index].path.map { base + $0 } }
    return taken
  }
}
