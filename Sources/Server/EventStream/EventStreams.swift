import Resolvers
import Synchronization

/// The event streams of a process: how many there are, for whom, and those that were reserved.
///
/// One task keeps all of them alive while there are some. The lock protects the state.
final class EventStreams: Sendable {
  struct Settings: Sendable {
    /// The time between comments on a stream.
    var keepAlive: Duration
    /// Streams and reservations at once.
    var maximumStreams: Int
    /// Of one user, or of one address without signing in.
    var maximumPerClient: Int
    /// Operations at once on one stream.
    var maximumOperations: Int
    var queue: SendQueue.Limits
  }

  /// How long a reservation waits for its connection.
  static let reservationTime: Duration = .seconds(60)
  /// How long a stream that is over may take to be read to its end.
  static let lingering: Duration = .seconds(10)

  /// A stream and who it is for. It counts as long as somebody holds it.
  final class Place: Sendable {
    let stream: EventStream
    /// Who may run operations on it: who reserved it; nil for anybody who has its token.
    let owner: RateLimiter.Subject?
    private let streams: EventStreams
    fileprivate let id: UInt64

    fileprivate init(_ streams: EventStreams, id: UInt64, owner: RateLimiter.Subject?, _ format: StreamFormat)
    {
      self.streams = streams
      self.id = id
      self.owner = owner
      stream = EventStream(streams.settings, format)
    }

    deinit { streams.remove(id) }
  }

  private struct Entry {
    weak var place: Place?
    var subject: RateLimiter.Subject?
    var connection: ConnectionEnd?
    var endedAt: ContinuousClock.Instant?
  }

  private struct Reservation {
    var place: Place
    var until: ContinuousClock.Instant?
  }

  private struct State {
    var entries: [UInt64: Entry] = [:]
    var counts: [RateLimiter.Subject: Int] = [:]
    var reservations: [String: Reservation] = [:]
    var nextID: UInt64 = 0
    var isTicking = false
  }

  let settings: Settings
  private let state = Mutex(State())

  init(_ settings: Settings) { self.settings = settings }

  /// The number of streams and reservations.
  var count: Int { state.withLock { $0.entries.count } }

  /// Whom a stream belongs to: a user or an API key.
  static func owner(_ viewer: Viewer?) -> RateLimiter.Subject? { .of(viewer, nil) }

  /// A place for a stream; nil when there are too many, for this client or at all.
  func admit(_ viewer: Viewer?, _ subject: RateLimiter.Subject?, _ format: StreamFormat) -> Place? {
    let (id, mustTick) = state.withLock { state -> (UInt64?, Bool) in
      guard state.entries.count < settings.maximumStreams else { return (nil, false) }
      if let subject {
        guard state.counts[subject, default: 0] < settings.maximumPerClient else { return (nil, false) }
        state.counts[subject, default: 0] += 1
      }
      state.nextID += 1
      state.entries[state.nextID] = Entry(subject: subject)
      defer { state.isTicking = true }
      return (state.nextID, !state.isTicking)
    }
    guard let id else { return nil }
    let place = Place(self, id: id, owner: EventStreams.owner(viewer), format)
    state.withLock { $0.entries[id]?.place = place }
    if mustTick { startTicking() }
    return place
  }

  /// Keeps a place for a connection that comes later; its token.
  func reserve(_ place: Place) -> String {
    var generator = SystemRandomNumberGenerator()
    let words = (0..<4).map { _ in String(UInt64.random(in: .min ... .max, using: &generator), radix: 16) }
    let token = words.map { String(repeating: "0", count: 16 - $0.count) + $0 }.joined()
    let until = ContinuousClock.now + EventStreams.reservationTime
    state.withLock { $0.reservations[token] = Reservation(place: place, until: until) }
    return token
  }

  func place(for token: String) -> Place? { state.withLock { $0.reservations[token]?.place } }

  /// The connection of a stream has come: it is looked after from now on.
  func connected(_ place: Place, token: String?, _ connection: ConnectionEnd?) {
    state.withLock { state in
      state.entries[place.id]?.connection = connection
      if let token { state.reservations[token]?.until = nil }
    }
  }

  /// The connection of a reserved stream has gone, and the reservation with it.
  func release(token: String) {
    // What is let go of here must not go while the lock is held.
    let reservation = state.withLock { $0.reservations.removeValue(forKey: token) }
    reservation?.place.stream.end()
  }

  fileprivate func remove(_ id: UInt64) {
    state.withLock { state in
      guard let subject = state.entries.removeValue(forKey: id)?.subject else { return }
      let count = state.counts[subject, default: 0] - 1
      state.counts[subject] = count > 0 ? count : nil
    }
  }

  private func startTicking() {
    Task { [weak self, interval = settings.keepAlive] in
      while true {
        try? await Task.sleep(for: interval)
        guard let self, lookAfter() else { return }
      }
    }
  }

  /// Keeps streams alive, forgets reservations that nobody came for, and cuts off who does not read the end
  /// of his stream. False when there is nothing to look after.
  private func lookAfter() -> Bool {
    let now = ContinuousClock.now
    let work: (alive: [Place], stale: [Reservation], stuck: [ConnectionEnd])? = state.withLock { state in
      guard !state.entries.isEmpty else {
        state.isTicking = false
        return nil
      }
      let stale = state.reservations.filter { $0.value.until.map { $0 < now } ?? false }
      for token in stale.keys { state.reservations[token] = nil }
      var alive: [Place] = []
      var stuck: [ConnectionEnd] = []
      for (id, entry) in state.entries {
        guard let place = entry.place else { continue }
        alive.append(place)
        guard place.stream.isEnded, let connection = entry.connection else { continue }
        state.entries[id]?.endedAt = entry.endedAt ?? now
        if let endedAt = entry.endedAt, now - endedAt > EventStreams.lingering { stuck.append(connection) }
      }
      return (alive, Array(stale.values), stuck)
    }
    guard let work else { return false }
    for reservation in work.stale { reservation.place.stream.end() }
    for place in work.alive { place.stream.keepAlive() }
    for connection in work.stuck { connection.close() }
    return true
  }
}
