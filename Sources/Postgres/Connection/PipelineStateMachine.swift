/// What is under way on one connection in pipeline mode, and what each result means. A value without sockets
/// or clocks: events in, reactions out; `Connection` does the sending.
///
/// libpq answers in the order of sending (manual § 34.5), so the items form a queue: results belong to its
/// head. `Rows` is the result's type: `RowBatch` in earnest, anything in tests.
struct PipelineStateMachine<Rows> {
  typealias Outcome = Result<Rows, PostgresError>

  /// What `Connection` has to send for one request, in this order.
  struct Transmission: Equatable {
    /// Close the segment of a read group that this request does not belong to.
    var syncsFirst = false
    /// Names to remove, followed by a sync of their own: a failure must touch nothing else.
    var deallocations: [String] = []
    var prepares = false
    var serverName = ""
    /// Close the segment after the request; not so within a read group.
    var syncs = true
  }

  /// What libpq reported.
  enum Event {
    case rows(Rows)
    case failure(PostgresError)
    /// PGRES_PIPELINE_ABORTED: skipped because of an error before it in the same segment.
    case aborted
    /// The null pointer that ends one item's results.
    case terminator
    /// PGRES_PIPELINE_SYNC.
    case sync
  }

  enum Reaction {
    case none
    /// The request is over; without an outcome its caller has been answered before.
    case finish(Request, Outcome?)
    /// It had no effect through no fault of its own: send it again.
    case resend(Request, attempt: Int)
    /// The caller is answered now; the request stays under way until its result comes.
    case abandon(Request, PostgresError)
    /// Ask the server to stop the statement at the head.
    case startCancel
    /// Close the connection: it ended, fell silent or answers out of turn.
    case giveUp(PostgresError)
  }

  /// How often a request is sent at most.
  static var attemptLimit: Int { 3 }

  private var items = FIFO<Item>()
  private var cache: StatementCache
  private var openGroup: ReadGroup?
  /// A write whose result came; only its sync is the commit.
  private var held: (request: Request, outcome: Outcome)?
  private var headSeenByTick: UInt64 = 0
  private let limits: Limits

  /// All in milliseconds of the loop's clock.
  struct Limits {
    var preparedStatements: Int
    var statementMilliseconds: UInt64
    var silenceMilliseconds: UInt64
  }

  private struct Item {
    enum Kind { case prepare, execute, script, deallocate, sync }

    let kind: Kind
    var request: Request?
    var serverName = ""
    var attempt = 0
    var sentAt: UInt64 = 0
    /// Why its caller or its deadline wants it stopped.
    var stopReason: PostgresError.Code?
    /// When the server was first and last asked to stop it.
    var firstCancelAt: UInt64?
    var lastCancelAt: UInt64 = 0
    var isAbandoned = false
    /// Under way while a cancel request was: if the cancel hits it, it is sent again.
    var isExposed = false
    var preparationError: PostgresError?
    var scriptOutcome: Outcome?

    var deadline: UInt64 { sentAt + (request?.deadlineMilliseconds ?? 0) }
  }

  init(_ limits: Limits) {
    self.limits = limits
    cache = StatementCache(limit: limits.preparedStatements)
  }

  /// Nothing is under way, syncs included.
  var isEmpty: Bool { items.isEmpty }
  /// A script is under way: nothing else may be sent.
  var isScripting: Bool { items.first?.kind == .script }
  /// A cancel request is under way: what would be sent now could be hit by it, so it waits.
  private(set) var isQuarantined = false
}

// MARK: - Sending

extension PipelineStateMachine {
  /// Puts a request at the end and says what to send.
  mutating func submit(_ request: Request, attempt: Int, now: UInt64) -> Transmission {
    var transmission = Transmission()
    if let openGroup, openGroup != request.group || attempt > 0 {
      transmission.syncsFirst = closeSegment()
    }
    let use = cache.use(request.statement)
    if request.lease == nil && openGroup == nil && !cache.discardedNames.isEmpty {
      // Not inside a transaction: had it failed, DEALLOCATE would be refused and the name lost.
      transmission.deallocations = cache.takeDiscardedNames()
      for _ in transmission.deallocations { items.append(Item(kind: .deallocate)) }
      items.append(Item(kind: .sync))
    }
    switch use {
    case .prepared(let name):
      transmission.serverName = name
    case .unprepared(let name):
      transmission.serverName = name
      transmission.prepares = true
      items.append(Item(kind: .prepare, request: request, serverName: name))
    }
    items.append(
      Item(
        kind: .execute, request: request, serverName: transmission.serverName, attempt: attempt, sentAt: now))
    if request.kind == .read && request.group != nil && attempt == 0 {
      openGroup = request.group
      transmission.syncs = false
    } else {
      openGroup = nil
      items.append(Item(kind: .sync))
    }
    return transmission
  }

  /// Puts a script on an empty connection.
  mutating func submitScript(_ request: Request, now: UInt64) {
    items.append(Item(kind: .script, request: request, sentAt: now))
  }

  /// Ends the open segment of a read group, if there is one.
  /// - Returns: whether a sync has to be sent.
  mutating func closeSegment() -> Bool {
    guard openGroup != nil else { return false }
    openGroup = nil
    items.append(Item(kind: .sync))
    return true
  }
}

// MARK: - Results

extension PipelineStateMachine {
  mutating func receive(_ event: Event, now: UInt64) -> Reaction {
    if case .failure(let error) = event, error.endsConnection { return .giveUp(error) }
    guard let head = items.first else {
      if case .terminator = event { return .none }
      return .giveUp(PostgresError(.connectionLost, message: "a result that nobody asked for"))
    }
    switch head.kind {
    case .prepare: return receive(event, prepare: head)
    case .execute:
      let reaction = receive(event, execute: head, now: now)
      switch reaction {
      // The item stays until its terminator, but nobody waits for it any more.
      case .finish, .resend: items[0]?.isAbandoned = true
      case .none, .abandon, .startCancel, .giveUp: break
      }
      return reaction
    case .script: return receive(event, script: head, now: now)
    case .deallocate:
      if case .terminator = event { items.popFirst() }
      return .none
    case .sync: return receiveAtSync(event)
    }
  }

  private mutating func receive(_ event: Event, prepare head: Item) -> Reaction {
    guard let request = head.request else { return .none }
    switch event {
    case .terminator:
      items.popFirst()
    case .failure(let error):
      cache.forget(request.statement, named: head.serverName, isOnServer: false)
      // Its execution is next and is skipped by the server; this is the reason.
      items[1]?.preparationError = error
    case .aborted:
      cache.forget(request.statement, named: head.serverName, isOnServer: false)
    case .rows: break
    case .sync: return .giveUp(PostgresError(.connectionLost, message: "a sync out of turn"))
    }
    return .none
  }

  private mutating func receive(_ event: Event, execute head: Item, now: UInt64) -> Reaction {
    guard let request = head.request else { return .none }
    switch event {
    case .rows(let rows):
      if request.isOverAtSync {
        held = (request, .success(rows))
        return .none
      }
      return .finish(request, head.isAbandoned ? nil : .success(rows))
    case .failure(let error):
      return fail(head, request, error, now: now)
    case .aborted:
      if let error = head.preparationError { return fail(head, request, error, now: now) }
      if head.isAbandoned { return .finish(request, nil) }
      // A neighbour of the same read group failed. Alone it has a segment of its own.
      return .resend(request, attempt: head.attempt + 1)
    case .terminator:
      items.popFirst()
      headSeenByTick = 0
      return .none
    case .sync:
      return .giveUp(PostgresError(.connectionLost, message: "a sync out of turn"))
    }
  }

  private mutating func receive(_ event: Event, script head: Item, now: UInt64) -> Reaction {
    guard let request = head.request else { return .none }
    switch event {
    case .rows(let rows):
      if case .failure = head.scriptOutcome { return .none }
      items[0]?.scriptOutcome = .success(rows)
    case .failure(let error):
      let failure = outcome(of: error, head, now: now)
      items[0]?.scriptOutcome = .failure(failure)
    case .terminator:
      items.popFirst()
      return .finish(
        request, head.scriptOutcome ?? .failure(PostgresError(.invalidUse, message: "empty script")))
    case .aborted, .sync:
      return .giveUp(PostgresError(.connectionLost, message: "a sync out of turn"))
    }
    return .none
  }

  private mutating func receiveAtSync(_ event: Event) -> Reaction {
    switch event {
    case .sync:
      items.popFirst()
      guard let held else { return .none }
      self.held = nil
      return .finish(held.request, held.outcome)
    case .failure(let error):
      // The implicit transaction could not be committed, a deferred constraint for instance.
      if let held { self.held = (held.request, .failure(error)) }
      return .none
    case .terminator: return .none
    case .rows, .aborted:
      return .giveUp(PostgresError(.connectionLost, message: "a result in place of a sync"))
    }
  }

  /// An error of a statement: its own, or one that calls for another try.
  private mutating func fail(
    _ item: Item, _ request: Request, _ error: PostgresError, now: UInt64
  ) -> Reaction {
    let isPreparationGone = error.sqlState == "26000"
    let isPlanOutdated = error.sqlState == "0A000" && error.sourceFunction == "RevalidateCachedQuery"
    if isPreparationGone || isPlanOutdated {
      // Both are found at Bind, before anything is done: 26000 after a preparation that failed or was
      // skipped, 0A000 "cached plan must not change result type" after a migration.
      cache.forget(request.statement, named: item.serverName, isOnServer: isPlanOutdated)
    }
    if item.isAbandoned { return .finish(request, nil) }
    let wasHitByStrangersCancel = error.isQueryCanceled && item.isExposed && item.stopReason == nil
    let mayRepeat = request.lease == nil || request.kind == .begin || request.kind == .rollback
    if (isPreparationGone || isPlanOutdated || wasHitByStrangersCancel) && mayRepeat
      && item.attempt + 1 < Self.attemptLimit
    {
      return .resend(request, attempt: item.attempt + 1)
    }
    let failure = Outcome.failure(outcome(of: error, item, now: now))
    if request.isOverAtSync {
      held = (request, failure)
      return .none
    }
    return .finish(request, failure)
  }

  /// 57014 is a cancel by us, by someone else, or the server's `statement_timeout`; its words are translated,
  /// so the time decides.
  private func outcome(of error: PostgresError, _ item: Item, now: UInt64) -> PostgresError {
    guard error.isQueryCanceled else { return error }
    if let reason = item.stopReason { return error.recoded(reason) }
    let hasRunLong = (now - min(now, item.sentAt)) + 20 >= limits.statementMilliseconds
    return error.recoded(hasRunLong ? .timeout : .cancelled)
  }
}

// MARK: - Stopping

extension PipelineStateMachine {
  /// Its caller does not want it any more. A read is answered at once; what may have an effect waits for the
  /// truth. The server is asked by `tick`, and only while the statement is at the head: a cancel request hits
  /// whatever the connection is working on (manual § 34.7).
  mutating func stop(_ id: UInt64, reason: PostgresError.Code) -> Reaction {
    for index in 0..<items.count {
      guard let item = items[index], item.request?.id == id, item.kind != .prepare, !item.isAbandoned
      else { continue }
      return stop(at: index, item, reason)
    }
    return .none
  }

  private mutating func stop(at index: Int, _ item: Item, _ reason: PostgresError.Code) -> Reaction {
    guard item.stopReason == nil, let request = item.request else { return .none }
    items[index]?.stopReason = reason
    guard request.kind == .read else { return .none }
    items[index]?.isAbandoned = true
    return .abandon(request, PostgresError(reason))
  }

  /// Called every few milliseconds while something is under way: deadlines, and cancel requests for a
  /// statement that was at the head one tick ago and still is. So a storm of clients that leave does not
  /// become a storm of cancel requests, each of which costs the server a process.
  mutating func tick(now: UInt64) -> [Reaction] {
    var reactions: [Reaction] = []
    for index in 0..<items.count {
      guard let item = items[index], item.kind == .execute || item.kind == .script else { continue }
      if item.stopReason == nil && !item.isAbandoned && now >= item.deadline {
        reactions.append(stop(at: index, item, .timeout))
      }
    }
    if let reaction = tickHead(now: now) { reactions.append(reaction) }
    return reactions
  }

  private mutating func tickHead(now: UInt64) -> Reaction? {
    // The server keeps its answers until a sync, so that of the preparation comes with that of the execution.
    let index = items.first?.kind == .prepare ? 1 : 0
    guard let head = items[index], let request = head.request else { return nil }
    defer { headSeenByTick = request.id }
    guard head.stopReason != nil, headSeenByTick == request.id else { return nil }
    let askedAt = head.firstCancelAt ?? now
    if now >= askedAt + limits.silenceMilliseconds {
      return .giveUp(PostgresError(.connectionLost, message: "no answer after a cancel request"))
    }
    // A request can come too early and miss the statement, so it is repeated, once a second.
    if isQuarantined || (head.firstCancelAt != nil && now < head.lastCancelAt + 1000) { return nil }
    items[index]?.firstCancelAt = askedAt
    items[index]?.lastCancelAt = now
    for follower in index + 1..<max(index + 1, items.count) { items[follower]?.isExposed = true }
    isQuarantined = true
    return .startCancel
  }

  /// The cancel request has been delivered (`PQcancel` returned): what is sent from now on cannot be hit.
  mutating func cancelEnded() { isQuarantined = false }

  /// The connection is gone: what its requests' callers are told.
  mutating func connectionLost(_ error: PostgresError) -> [(Request, PostgresError)] {
    var failures: [(Request, PostgresError)] = []
    if let held { failures.append((held.request, error.recoded(held.request.errorWhenLost))) }
    while let item = items.popFirst() {
      guard let request = item.request, item.kind != .prepare, !item.isAbandoned else { continue }
      if request.id == held?.request.id { continue }
      failures.append((request, error.recoded(request.errorWhenLost)))
    }
    self = PipelineStateMachine(limits)
    return failures
  }
}

extension Request {
  /// Its result is not the end: what the sync commits may still fail, and a transaction begins and ends only
  /// when the server is ready again.
  fileprivate var isOverAtSync: Bool {
    switch kind {
    case .write, .begin, .commit, .rollback: true
    case .read, .leased, .script: false
    }
  }
}
