/// Who gets which connection, and who waits. A value without sockets or clocks; `PoolCore` acts on it.
///
/// Statements share connections, the least loaded first; a transaction leases one for itself. Both wait in
/// bounded queues, each until its deadline.
struct PoolStateMachine {
  struct Limits {
    var connections: Int
    /// Statements under way on one connection.
    var depth: Int
    /// Statements and transactions waiting.
    var queue: Int
    /// Transactions at once; below `connections`, so that reads always find a way.
    var leases: Int
    var acquireMilliseconds: UInt64
  }

  enum Placement: Equatable {
    case slot(Int)
    case queued
    case refused(PostgresError)
  }

  private struct Slot {
    var isReady = false
    /// A cancel request is under way there; nothing new is sent.
    var isQuarantined = false
    var count = 0
    var weight = 0
    /// Drains for a transaction that waits.
    var isReserved = false
    var lease: UInt64?

    var takesStatements: Bool { isReady && !isQuarantined && !isReserved && lease == nil }
  }

  private struct Waiter {
    let request: Request
    let expiresAt: UInt64
  }

  private let limits: Limits
  private var slots: [Slot]
  private var statements = FIFO<Waiter>()
  private var transactions = FIFO<Waiter>()
  private var lastGroup: (group: ReadGroup, slot: Int)?
  /// Transactions that do not know yet that their connection is gone; each is forgotten when released.
  private var lostLeases: Set<UInt64> = []
  private(set) var isClosing = false

  init(_ limits: Limits) {
    self.limits = limits
    slots = Array(repeating: Slot(), count: max(1, limits.connections))
  }

  /// How many wait for a connection.
  var waitingCount: Int { statements.count + transactions.count }
  /// How many are under way.
  var inFlightCount: Int { slots.reduce(0) { $0 + $1.count } }
  /// Nothing waits, nothing is under way, no transaction is open.
  var isIdle: Bool { waitingCount == 0 && slots.allSatisfy { $0.count == 0 && $0.lease == nil } }
  private var heldCount: Int { slots.count { $0.lease != nil } }
  private var reservedCount: Int { slots.count { $0.isReserved } }
}

// MARK: - Requests

extension PoolStateMachine {
  mutating func submit(_ request: Request, now: UInt64) -> Placement {
    if request.kind != .begin, let lease = request.lease {
      guard let slot = slots.firstIndex(where: { $0.lease == lease }) else {
        // The server has rolled the transaction back with its connection; nothing was sent of this.
        let isLost = lostLeases.contains(lease)
        return .refused(PostgresError(isLost ? .connectionLost : .closed, message: "the transaction is over"))
      }
      take(slot, request)
      return .slot(slot)
    }
    if isClosing { return .refused(PostgresError(.closed)) }
    if request.kind == .begin {
      if transactions.isEmpty, let slot = lease(for: request) { return .slot(slot) }
    } else if statements.isEmpty, let slot = chooseSlot(for: request) {
      take(slot, request)
      return .slot(slot)
    }
    return enqueue(request, now: now)
  }

  /// The next waiting request that can go now.
  mutating func next() -> (request: Request, slot: Int)? {
    if let waiter = transactions.first {
      if let slot = lease(for: waiter.request) {
        transactions.popFirst()
        cancelReservations()
        return (waiter.request, slot)
      }
      reserve()
    }
    if let waiter = statements.first, let slot = chooseSlot(for: waiter.request) {
      statements.popFirst()
      take(slot, waiter.request)
      return (waiter.request, slot)
    }
    return nil
  }

  /// A request is over and no longer occupies its connection.
  mutating func finished(_ request: Request, slot: Int) {
    guard slots[slot].count > 0 else { return }
    slots[slot].count -= 1
    slots[slot].weight -= request.weight
  }

  /// A transaction is over.
  /// - Returns: its connection, if it still had one.
  mutating func release(_ lease: UInt64) -> Int? {
    lostLeases.remove(lease)
    guard let slot = slots.firstIndex(where: { $0.lease == lease }) else { return nil }
    slots[slot].lease = nil
    return slot
  }

  /// Takes a waiting request out of its queue.
  mutating func withdraw(_ id: UInt64) -> Request? {
    let fits: (Waiter) -> Bool = { $0.request.id == id }
    let removed = statements.removeAll(where: fits) + transactions.removeAll(where: fits)
    cancelReservations()
    return removed.first?.request
  }

  /// Takes out what has waited too long.
  mutating func expire(now: UInt64) -> [(Request, PostgresError)] {
    guard waitingCount > 0 else { return [] }
    let isOver: (Waiter) -> Bool = { now >= $0.expiresAt }
    let removed = statements.removeAll(where: isOver) + transactions.removeAll(where: isOver)
    cancelReservations()
    let isReachable = slots.contains { $0.isReady }
    let error =
      isReachable
      ? PostgresError(.timeout, message: "no connection came free in time")
      : PostgresError(.unavailable, message: "the database cannot be reached")
    return removed.map { ($0.request, error) }
  }

  /// A batch of submissions is over: the next read of a group starts a segment of its own.
  mutating func endBatch() { lastGroup = nil }

  /// Refuses new work from now on; what was accepted goes on.
  mutating func close() { isClosing = true }

  /// Gives up what still waits.
  mutating func takeWaiting() -> [Request] {
    let removed = statements.removeAll { _ in true } + transactions.removeAll { _ in true }
    return removed.map(\.request)
  }
}

// MARK: - Connections

extension PoolStateMachine {
  mutating func becameReady(_ slot: Int) {
    slots[slot] = Slot(isReady: true)
  }

  /// Its requests were failed by their connection; a lease on it is over.
  mutating func lost(_ slot: Int) {
    if let lease = slots[slot].lease { lostLeases.insert(lease) }
    slots[slot] = Slot()
    if lastGroup?.slot == slot { lastGroup = nil }
  }

  mutating func setQuarantined(_ slot: Int, _ isQuarantined: Bool) {
    slots[slot].isQuarantined = isQuarantined
  }
}

// MARK: - Choosing

extension PoolStateMachine {
  private mutating func enqueue(_ request: Request, now: UInt64) -> Placement {
    guard waitingCount < limits.queue else {
      return .refused(PostgresError(.queueFull, message: "too many statements wait for a connection"))
    }
    let wait = min(limits.acquireMilliseconds, request.deadlineMilliseconds)
    let waiter = Waiter(request: request, expiresAt: now + wait)
    if request.kind == .begin {
      transactions.append(waiter)
      reserve()
    } else {
      statements.append(waiter)
    }
    return .queued
  }

  /// The least loaded connection with room; a group's reads stay together, to share a sync.
  private mutating func chooseSlot(for request: Request) -> Int? {
    if let group = request.group, let lastGroup, lastGroup.group == group,
      slots[lastGroup.slot].takesStatements, slots[lastGroup.slot].count < limits.depth
    {
      return lastGroup.slot
    }
    var best: Int?
    for index in slots.indices where slots[index].takesStatements && slots[index].count < limits.depth {
      if best.map({ slots[index].weight < slots[$0].weight }) ?? true { best = index }
    }
    if let best, let group = request.group { lastGroup = (group, best) }
    return best
  }

  /// A connection with nothing under way, from the far end, where statements come last.
  private mutating func lease(for request: Request) -> Int? {
    let free = slots.indices.last { index in
      let slot = slots[index]
      return slot.isReady && !slot.isQuarantined && slot.lease == nil && slot.count == 0
        && (slot.isReserved || heldCount < limits.leases)
    }
    guard let free else { return nil }
    slots[free].isReserved = false
    slots[free].lease = request.lease
    take(free, request)
    return free
  }

  /// Lets connections drain for the transactions that wait, as far as leases go.
  private mutating func reserve() {
    while reservedCount < transactions.count, heldCount + reservedCount < limits.leases {
      let candidates = slots.indices.filter { slots[$0].takesStatements }
      guard let least = candidates.min(by: { slots[$0].weight < slots[$1].weight }) else { return }
      slots[least].isReserved = true
    }
  }

  /// A transaction was withdrawn, or found a free connection before the reserved one had drained.
  private mutating func cancelReservations() {
    var surplus = max(reservedCount - transactions.count, heldCount + reservedCount - limits.leases)
    for index in slots.indices where surplus > 0 && slots[index].isReserved {
      slots[index].isReserved = false
      surplus -= 1
    }
  }

  private mutating func take(_ slot: Int, _ request: Request) {
    slots[slot].count += 1
    slots[slot].weight += request.weight
  }
}

extension Request {
  /// How much it holds up what is sent behind it: a write waits for the disk and perhaps for locks.
  fileprivate var weight: Int { kind == .write ? 8 : 1 }
}
