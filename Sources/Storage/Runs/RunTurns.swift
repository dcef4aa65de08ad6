import Flows
import Synchronization

/// What a process knows of the queue: the organizations that have something due, in turn, and how far each
/// of their priorities has been claimed. A hint that can be lost at any time: a sweep of the queue makes it
/// anew. The mutex protects it.
final class RunTurns: Sendable {
  /// A priority of an organization.
  struct Lane: Hashable, Sendable {
    let organization: Identifier
    let priority: Int16
  }

  /// Whose turn it is, and from where their lanes are to be read.
  struct Turn: Sendable {
    /// For each organization, and for each of its priorities.
    var organizations: [Identifier] = []
    var since: [[Instant]] = []
    /// Runs of one organization at most.
    var share = 0
  }

  /// How far a lane has been claimed.
  private struct Reach {
    /// From where it is to be read.
    var until: Instant
    /// The last run of this process's claims; nil where only a sweep has been there.
    var last: Instant?

    /// Goes on behind the last of a lane's runs of a claim: where a lane was not claimed to its end, nothing
    /// before is left but what is committed late.
    ///
    /// Between two claims of this process the other ones have claimed as well, and what they have is still
    /// to be walked until Postgres may forget it. So the next claim begins where three quarters of as much
    /// as they had this time lie behind it, but not among what may be committed late. What nobody had there
    /// after all the next sweep finds.
    mutating func pass(from first: Instant, to end: Instant, settled: Instant) {
      let others = last.map { first.microseconds - $0.microseconds } ?? 0
      let own = end.microseconds - first.microseconds
      let leap = max(0, min(others, own * Reach.maximumOthers)) / 4 * 3
      last = end
      until = max(until, end, min(Instant(microseconds: end.microseconds + leap), settled))
    }

    /// Processes beside this one that are reckoned with: a lane may have nothing for a day and then go on.
    private static let maximumOthers: Int64 = 15
  }

  private struct State {
    /// With something due, as far as is known; the next first.
    var ready: [Identifier] = []
    /// Those that had something lately, though it is claimed; the last at the end.
    var recent: [Identifier] = []
    var reached: [Lane: Reach] = [:]
    var sweptAt: ContinuousClock.Instant?
    var reapedAt: ContinuousClock.Instant?
    var sweepDuration: Duration = .zero
    /// Whether the last claim brought runs that may be over with their first turn.
    var expectsEnds = false
    /// Claims that nobody here drives, with when they were first seen.
    var strays: [RunClaim: ContinuousClock.Instant] = [:]
  }

  /// Organizations of one claim at most.
  private static let maximumOrganizations = 64
  /// Organizations that are asked for though nothing is known of them.
  private static let maximumRecent = 8
  /// Lanes that are remembered; all are forgotten beyond, and the next sweep finds where they begin.
  private static let maximumLanes = 20_000
  /// What was accepted at an instant may be committed so much later.
  private static let commitMicroseconds: Int64 = 1_000_000
  /// After a sweep that took longer there is a pause of twenty times as long, also when there is nothing to
  /// do.
  private static let shortSweep: Duration = .milliseconds(250)

  private static let reapPause: Duration = .milliseconds(500)

  private let state = Mutex(State())

  /// The organizations whose turn it is, for a claim of so many runs.
  func next(limit: Int) -> Turn {
    state.withLock { state in
      var turn = Turn()
      let count = min(RunTurns.maximumOrganizations, limit)
      if state.ready.isEmpty {
        turn.organizations = state.recent.suffix(count)
      } else {
        turn.organizations = Array(state.ready.prefix(count))
        state.ready.removeFirst(turn.organizations.count)
        state.ready += turn.organizations
      }
      turn.since = turn.organizations.map { organization in
        RunPriority.allCases.map {
          state.reached[Lane(organization: organization, priority: $0.rawValue)]?.until ?? .beginning
        }
      }
      let organizations = max(1, turn.organizations.count)
      turn.share = (limit + organizations - 1) / organizations
      return turn
    }
  }

  /// What a claim brought: for each run its lane and instant. `now` is the store's.
  func claimed(_ runs: [(lane: Lane, dueAt: Instant)], in turn: Turn, limit: Int, now: Instant?) {
    state.withLock { state in
      let counts = Dictionary(runs.map { ($0.lane.organization, 1) }, uniquingKeysWith: +)
      for organization in turn.organizations {
        let count = counts[organization] ?? 0
        // Beyond the limit of all an organization may have more than it got.
        let isEmpty = count < turn.share && runs.count < limit
        if isEmpty { state.ready.removeAll { $0 == organization } }
        guard count > 0 else { continue }
        state.recent.removeAll { $0 == organization }
        state.recent.append(organization)
      }
      if state.recent.count > RunTurns.maximumRecent {
        state.recent.removeFirst(state.recent.count - RunTurns.maximumRecent)
      }
      let isFull = runs.count >= limit
      for (lane, span) in RunTurns.spans(runs) {
        var reach = state.reached[lane] ?? Reach(until: .beginning)
        if isFull {
          reach.pass(from: span.lowerBound, to: span.upperBound, settled: RunTurns.settled(now))
        } else {
          reach.last = nil
          reach.until = max(reach.until, min(span.upperBound, RunTurns.settled(now)))
        }
        state.reached[lane] = reach
      }
      if state.reached.count > RunTurns.maximumLanes { state.reached = [:] }
    }
  }

  /// The first and the last instant of each lane.
  private static func spans(_ runs: [(lane: Lane, dueAt: Instant)]) -> [Lane: ClosedRange<Instant>] {
    Dictionary(
      runs.map { ($0.lane, $0.dueAt...$0.dueAt) },
      uniquingKeysWith: {
        min($0.lowerBound, $1.lowerBound)...max($0.upperBound, $1.upperBound)
      })
  }

  /// What was accepted before has been committed.
  private static func settled(_ now: Instant?) -> Instant {
    now.map { Instant(microseconds: $0.microseconds - commitMicroseconds) } ?? .beginning
  }

  /// Whether something more is known to be due.
  var hasReady: Bool { state.withLock { !$0.ready.isEmpty } }

  /// Whether the next claim may bring runs that are over with their first turn.
  var expectsEnds: Bool { state.withLock { $0.expectsEnds } }

  func expectEnds(_ isExpected: Bool) { state.withLock { $0.expectsEnds = isExpected } }

  /// Whether the queue should be swept now: `isIdle` when nothing else is known to be due.
  func isSweepDue(isIdle: Bool) -> Bool {
    state.withLock { state in
      guard let sweptAt = state.sweptAt else { return true }
      if isIdle, state.sweepDuration < RunTurns.shortSweep { return true }
      let pause = max(.milliseconds(100), min(.seconds(5), state.sweepDuration * 20))
      return sweptAt.duration(to: .now) >= pause
    }
  }

  /// Whether what dead owners left is to be looked for with this sweep.
  func isReapDue() -> Bool {
    state.withLock { state in
      let now = ContinuousClock.now
      let isDue = state.reapedAt.map { $0.duration(to: now) >= RunTurns.reapPause } ?? true
      if isDue { state.reapedAt = now }
      return isDue
    }
  }

  /// What a sweep has found: lanes with something due, and their first instants.
  func swept(_ lanes: [(lane: Lane, dueAt: Instant)], duration: Duration) {
    state.withLock { state in
      state.sweptAt = .now
      state.sweepDuration = duration
      let known = Set(state.ready)
      var added: Set<Identifier> = []
      // The one that has waited longest comes first.
      for found in lanes.sorted(by: { $0.dueAt < $1.dueAt }) {
        let organization = found.lane.organization
        if !known.contains(organization), added.insert(organization).inserted {
          state.ready.append(organization)
        }
        if let until = state.reached[found.lane]?.until, found.dueAt < until {
          state.reached[found.lane]?.until = found.dueAt
        }
      }
    }
  }

  /// Of the claims that the store has for this process those that it has had for so long though nobody here
  /// drives them: their answers were lost.
  func strays(_ claims: [RunClaim], after pause: Duration) -> [RunClaim] {
    state.withLock { state in
      let now = ContinuousClock.now
      state.strays = Dictionary(
        claims.map { ($0, state.strays[$0] ?? now) }, uniquingKeysWith: { first, _ in first })
      return claims.filter { state.strays[$0].map { $0.duration(to: now) >= pause } ?? false }
    }
  }
}

extension Instant {
  /// Before every run.
  fileprivate static let beginning = Instant(microseconds: 0)
}
