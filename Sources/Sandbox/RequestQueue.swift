import SandboxWire
import Synchronization

/// One caller's request on its way: waiting, with a child, or finished. Finished exactly once, by whoever is
/// first of the child's thread, the caller's cancellation and the queue.
final class Ticket: Sendable {
  typealias Answer = Result<[SandboxOutcome], SandboxError>

  private enum State {
    case created
    case waiting(CheckedContinuation<Answer, Never>)
    /// Finished before the caller began to wait.
    case finishedEarly(Answer)
    case finished
  }

  let request: SandboxRequest
  /// Of all expressions together.
  let processorTime: Duration
  /// Whose turn it uses where turns are taken: the flow's.
  let owner: String
  /// How long it may wait, each time that it waits.
  private let patience: Duration
  private let waitingSince: Mutex<ContinuousClock.Instant>
  private let state = Mutex(State.created)
  /// How many children died while this was running in them without being killed for it.
  let deaths = Atomic<Int>(0)

  init(request: SandboxRequest, processorTime: Duration, owner: String = "", patience: Duration) {
    self.request = request
    self.processorTime = processorTime
    self.owner = owner
    self.patience = patience
    waitingSince = Mutex(.now)
  }

  /// It waited too long for a child.
  var isLate: Bool { waitingSince.withLock { $0.duration(to: .now) } > patience }

  /// It begins to wait for another child.
  func waitAnew() { waitingSince.withLock { $0 = .now } }

  func wait(with continuation: CheckedContinuation<Answer, Never>) {
    let early = state.withLock { state -> Answer? in
      if case .finishedEarly(let answer) = state {
        state = .finished
        return answer
      }
      state = .waiting(continuation)
      return nil
    }
    if let early { continuation.resume(returning: early) }
  }

  func finish(_ answer: Answer) {
    let continuation = state.withLock { state -> CheckedContinuation<Answer, Never>? in
      switch state {
      case .created:
        state = .finishedEarly(answer)
        return nil
      case .waiting(let continuation):
        state = .finished
        return continuation
      case .finishedEarly, .finished: return nil
      }
    }
    continuation?.resume(returning: answer)
  }

  var isFinished: Bool {
    state.withLock { state in
      switch state {
      case .created, .waiting: false
      case .finishedEarly, .finished: true
      }
    }
  }
}

/// The bounded queue between callers and the supervisors' threads, and the register of those threads.
final class RequestQueue: Sendable {
  private struct State {
    var waiting: [Ticket] = []
    var head = 0
    var isClosed = false
    /// Why no child can be started, and from when it may be tried again.
    var outage: (reason: String, until: ContinuousClock.Instant)?
    var supervisors: [Supervisor] = []
    /// When each owner had a turn last, where they take turns; those of long ago are forgotten.
    var turns: [String: Int] = [:]
    var turn = 0
    var running = 0
    var drainWaiters: [CheckedContinuation<Void, Never>] = []

    var count: Int { waiting.count - head }

    mutating func removeFirst() -> Ticket? {
      guard head < waiting.count else { return nil }
      let ticket = waiting[head]
      head += 1
      if head > 1024 || head == waiting.count {
        waiting.removeFirst(head)
        head = 0
      }
      return ticket
    }

    /// The first of the owner whose turn is longest ago.
    mutating func removeNextInTurn() -> Ticket? {
      let next = waiting.indices.dropFirst(head).min {
        turns[waiting[$0].owner, default: 0] < turns[waiting[$1].owner, default: 0]
      }
      guard let next else { return nil }
      if turns.count >= RequestQueue.maximumOwners { turns.removeAll() }
      let ticket = waiting.remove(at: next)
      turn += 1
      turns[ticket.owner] = turn
      return ticket
    }

    mutating func removeWaiting() -> [Ticket] {
      defer {
        waiting = []
        head = 0
      }
      return Array(waiting[head...])
    }
  }

  private static let maximumOwners = 1024
  private let capacity: Int
  /// Whether the owners of the tickets take turns; otherwise first come, first served.
  private let takesTurns: Bool
  private let state = Mutex(State())

  init(capacity: Int, takesTurns: Bool = false) {
    self.capacity = capacity
    self.takesTurns = takesTurns
  }

  /// Adds a supervisor and starts its thread.
  func register(_ supervisor: Supervisor) {
    state.withLock {
      $0.supervisors.append(supervisor)
      $0.running += 1
    }
    if !supervisor.start() {
      state.withLock { $0.supervisors.removeAll { $0 === supervisor } }
      supervisorEnded()
    }
  }

  /// Queues `ticket` and wakes the supervisor with the least to do (where turns are taken, each: who has no
  /// child yet starts one); the reason when it is refused.
  func offer(_ ticket: Ticket) -> SandboxError? {
    let (refusal, supervisors) = state.withLock { state -> (SandboxError?, [Supervisor]) in
      if state.isClosed { return (.closed, []) }
      if state.supervisors.isEmpty { return (.unavailable(reason: "no thread could be started"), []) }
      if let outage = state.outage, ContinuousClock.now < outage.until {
        return (.unavailable(reason: outage.reason), [])
      }
      guard state.count < capacity else { return (.overloaded, []) }
      state.waiting.append(ticket)
      if takesTurns { return (nil, state.supervisors) }
      return (nil, state.supervisors.min { $0.load < $1.load }.map { [$0] } ?? [])
    }
    for supervisor in supervisors { supervisor.wake() }
    return refusal
  }

  var isEmpty: Bool { state.withLock { $0.count == 0 } }

  /// The running children, for tests and metrics.
  var processIDs: [Int32] { state.withLock { $0.supervisors.map(\.processID).filter { $0 > 0 } } }

  /// The next ticket that somebody still waits for; what waited too long is failed on the way.
  func take() -> Ticket? {
    while true {
      let ticket = state.withLock { takesTurns ? $0.removeNextInTurn() : $0.removeFirst() }
      guard let ticket else { return nil }
      if ticket.isLate { ticket.finish(.failure(.overloaded)) }
      if !ticket.isFinished { return ticket }
    }
  }

  /// Puts innocent requests of a dead child back to the front, in order. They were admitted, so the bound
  /// does not count.
  func takeBack(_ tickets: [Ticket]) {
    guard !tickets.isEmpty else { return }
    let isClosed = state.withLock { state in
      if !state.isClosed {
        state.waiting.replaceSubrange(0..<state.head, with: tickets)
        state.head = 0
      }
      return state.isClosed
    }
    if isClosed { for ticket in tickets { ticket.finish(.failure(.closed)) } }
  }

  /// Fails what waits, and new requests until `until`, because no child can be started; unless another
  /// supervisor has one.
  func reportOutage(_ reason: String, until: ContinuousClock.Instant) {
    let waiting = state.withLock { state -> [Ticket] in
      guard state.supervisors.allSatisfy({ $0.load == .max }) else { return [] }
      state.outage = (reason, until)
      return state.removeWaiting()
    }
    for ticket in waiting { ticket.finish(.failure(.unavailable(reason: reason))) }
  }

  /// A child is ready again.
  func reportRecovery() { state.withLock { $0.outage = nil } }

  var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Fails what waits and tells the supervisors to end after what they run.
  func close() {
    let (waiting, supervisors) = state.withLock { state in
      state.isClosed = true
      return (state.removeWaiting(), state.supervisors)
    }
    for ticket in waiting { ticket.finish(.failure(.closed)) }
    for supervisor in supervisors { supervisor.wake() }
  }

  /// Called by a supervisor's thread as its last act.
  func supervisorEnded() {
    let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      state.running -= 1
      guard state.running == 0 else { return [] }
      state.supervisors = []  // breaks the cycle with the queue
      defer { state.drainWaiters = [] }
      return state.drainWaiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns when all supervisors have ended.
  func drained() async {
    await withCheckedContinuation { continuation in
      let isDone = state.withLock { state in
        if state.running > 0 { state.drainWaiters.append(continuation) }
        return state.running == 0
      }
      if isDone { continuation.resume() }
    }
  }
}
