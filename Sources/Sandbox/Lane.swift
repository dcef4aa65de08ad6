import SandboxWire
import Synchronization

/// What a request may use in a lane, and how many of them a child holds.
struct LaneBounds: Sendable {
  /// Processor time of one request; nil gives it all that it has.
  var allowance: Duration?
  /// How much longer than its limit the thread of the scripts may compute: the child looks at its clock every
  /// 10 ms, and begins with the request before ours.
  var grace: Duration
  /// Requests that may be in a child at the same time: enough to keep it busy, few enough to send again.
  var window: Int

  /// The quick lane's, where nobody waits long for a neighbour.
  static let quick = LaneBounds(allowance: .milliseconds(25), grace: .milliseconds(100), window: 16)
  /// The patient lane's, where each is alone with its child.
  static let patient = LaneBounds(allowance: nil, grace: .milliseconds(300), window: 1)

  /// What `ticket` may compute here.
  func limit(of ticket: Ticket) -> Duration { min(allowance ?? ticket.processorTime, ticket.processorTime) }
}

/// One of the two places where requests are evaluated: a queue and the children that serve it.
///
/// A request begins in the quick lane, where it has a few milliseconds. What needs more begins anew in the
/// patient lane, where it has all of its time and the flows take turns: so code that runs away costs its
/// neighbours those few milliseconds, and only once, for its text is known from then on. Expressions have no
/// effects, so that nobody sees that one began twice.
final class Lane: Sendable {
  let bounds: LaneBounds
  let queue: RequestQueue
  /// Takes what needs more time than this lane gives; nil for the last.
  private let slower: Lane?
  private let known: SlowExpressions

  /// The patient lane.
  convenience init(capacity: Int) {
    self.init(
      bounds: .patient, queue: RequestQueue(capacity: capacity, takesTurns: true), slower: nil,
      known: SlowExpressions())
  }

  /// The quick lane before `slower`.
  convenience init(capacity: Int, before slower: Lane) {
    self.init(
      bounds: .quick, queue: RequestQueue(capacity: capacity), slower: slower, known: slower.known)
  }

  private init(bounds: LaneBounds, queue: RequestQueue, slower: Lane?, known: SlowExpressions) {
    (self.bounds, self.queue, self.slower, self.known) = (bounds, queue, slower, known)
  }

  /// Whether its children start when there is something to do, not before.
  var startsWhenNeeded: Bool { slower == nil }

  /// Queues `ticket`, here or in the slower lane if that is where it will end; the reason when it is refused.
  func offer(_ ticket: Ticket) -> SandboxError? {
    if let slower, known.contains(ticket) { return slower.offer(ticket) }
    return queue.offer(ticket)
  }

  /// The child has answered, after `time` of its thread.
  func answered(_ ticket: Ticket, with outcomes: [SandboxOutcome], after time: Duration?) {
    if outcomes.contains(.timedOut), passOn(ticket) { return }
    if slower == nil, let time, let quick = LaneBounds.quick.allowance, time < quick { known.remove(ticket) }
    ticket.finish(.success(outcomes))
  }

  /// The child was killed for what it ran.
  func failed(_ ticket: Ticket, because cause: SandboxError) {
    if cause == .timedOut, passOn(ticket) { return }
    ticket.finish(.failure(cause))
  }

  /// Lets `ticket`, whose time here is used up, begin anew where it has more; false when it has no more.
  private func passOn(_ ticket: Ticket) -> Bool {
    guard let slower, bounds.limit(of: ticket) < ticket.processorTime else { return false }
    known.insert(ticket)
    ticket.waitAnew()
    if let refusal = slower.queue.offer(ticket) { ticket.finish(.failure(refusal)) }
    return true
  }
}

extension SandboxRequest {
  /// The same with another time limit.
  func limited(to time: Duration) -> SandboxRequest {
    guard case .evaluate(_, let maximumResultBytes) = work else { return self }
    var request = self
    request.work = .evaluate(
      timeLimitMicroseconds: UInt64(time.microseconds), maximumResultBytes: maximumResultBytes)
    return request
  }
}

/// Texts that needed more time than the quick lane gives when they were evaluated last.
private final class SlowExpressions: Sendable {
  /// When there are more, all are forgotten: then each costs the quick lane its allowance again.
  private static let maximumEntries = 1024
  /// Hashes: who shares one with another is only evaluated in the other lane.
  private let hashes = Mutex(Set<Int>())

  func contains(_ ticket: Ticket) -> Bool {
    if hashes.withLock({ $0.isEmpty }) { return false }
    let hash = ticket.request.expressions.hashValue
    return hashes.withLock { $0.contains(hash) }
  }

  func insert(_ ticket: Ticket) {
    let hash = ticket.request.expressions.hashValue
    hashes.withLock { hashes in
      if hashes.count >= Self.maximumEntries { hashes.removeAll() }
      hashes.insert(hash)
    }
  }

  func remove(_ ticket: Ticket) {
    let hash = ticket.request.expressions.hashValue
    hashes.withLock { _ = $0.remove(hash) }
  }
}
