import Flows
import GraphQLEngine
import Resolvers
import Schema
import Synchronization

/// Subscriptions of this process that are equal: one operation, equal variables, one viewer. What one of them
/// answers to an event, all of them send; those that have all that there is follow one line (`EventLine`).
///
/// Shared by all connections; the lock protects the groups, each of which lives as long as its members.
final class SharedSubscriptions: Sendable {
  fileprivate struct Key: Hashable {
    var operation: ObjectIdentifier
    var organization: Identifier
    /// Nil where the answers are the same for everybody in the organization.
    var user: Identifier?
    var role: Role
    var apiKey: Identifier?
    /// Of the API key, which may have others when it is used the next time.
    var scopes: Set<ApiKeyScope>?
    var request: [UInt8]
  }

  private struct Entry {
    var group: EventGroup
    var members: Int
  }

  private let groups = Mutex<[Key: Entry]>([:])

  /// The membership of a subscription, for its execution request; nil for somebody who has not signed in.
  ///
  /// Fields of an event alone are the same for everybody who may see it; what lies below may depend on who
  /// asks.
  func join(
    _ operation: PreparedOperation, _ request: GraphQLRequest, _ viewer: Viewer?, depth: Int
  ) -> SharedMembership? {
    guard let viewer else { return nil }
    let given: [InputValue] = [
      .object(request.variables), .object(request.extensions), request.onError ?? .null,
    ]
    let key = Key(
      operation: ObjectIdentifier(operation), organization: viewer.organizationID,
      user: depth > 2 ? viewer.userID : nil, role: viewer.role,
      apiKey: viewer.apiKey?.id, scopes: viewer.apiKey?.scopes, request: JSONText.bytes(.list(given)))
    let group = groups.withLock { groups in
      var entry = groups[key] ?? Entry(group: EventGroup(operation), members: 0)
      entry.members += 1
      groups[key] = entry
      entry.group.setShared(entry.members > 1)
      return entry.group
    }
    return SharedMembership(group) { [weak self] in self?.leave(key) }
  }

  private func leave(_ key: Key) {
    groups.withLock { groups in
      guard var entry = groups[key] else { return }
      entry.members -= 1
      groups[key] = entry.members == 0 ? nil : entry
      entry.group.setShared(entry.members > 1)
    }
  }
}

/// A subscription's place among those that are equal to it, which it leaves with its end.
final class SharedMembership: EventResponses {
  private let group: EventGroup
  private let leave: @Sendable () -> Void

  fileprivate init(_ group: EventGroup, leave: @escaping @Sendable () -> Void) {
    self.group = group
    self.leave = leave
  }

  deinit { leave() }

  /// Whether there are others.
  var isShared: Bool { group.isShared }

  func response(
    toEvent name: String, _ respond: () async -> GraphQLEngine.Response
  ) async -> GraphQLEngine.Response {
    await group.response(toEvent: name, respond)
  }

  /// Lets the group's line hand out the rest of a subscription that has everything up to an event; false when
  /// the line is further on already. On the follower's event loop.
  func follow(_ stream: ResponseStream, behind number: Int, _ follower: any ResultFollower) -> Bool {
    guard let roster = group.line(for: stream, behind: number)?.roster(of: follower.eventLoop) else {
      return false
    }
    return roster.add(Following(roster, follower, self, behind: number))
  }
}

/// The answers of equal subscriptions to the newest events.
private final class EventGroup: EventResponses {
  /// Events whose answers are kept.
  static let maximumEvents = 8
  /// A response holds what was true when it was made; a subscriber that comes later than this makes his own.
  static let lifetime: Duration = .seconds(2)

  typealias Waiter = CheckedContinuation<GraphQLEngine.Response?, Never>

  fileprivate enum Step {
    case take(GraphQLEngine.Response)
    case wait
    case make
  }

  fileprivate struct State {
    var isShared = false
    var line: EventLine?
    var made: [(name: String, response: GraphQLEngine.Response, at: ContinuousClock.Instant)] = []
    /// Those who wait for an answer that is being made, by the event.
    var waiting: [String: [Waiter]] = [:]
  }

  /// Kept so that no other operation gets its identity.
  private let operation: PreparedOperation
  private let state = Mutex(State())

  init(_ operation: PreparedOperation) { self.operation = operation }

  var isShared: Bool { state.withLock { $0.isShared } }

  /// The line, or a new one that begins behind an event.
  func line(for stream: ResponseStream, behind number: Int) -> EventLine? {
    if let line = state.withLock({ $0.currentLine }) { return line }
    guard let rest = stream.resumed(behind: number, sharing: self) else { return nil }
    let new = EventLine(rest, behind: number) { [weak self] line in self?.forget(line) }
    return state.withLock { state in
      if let line = state.currentLine { return line }
      state.line = new
      new.start()
      return new
    }
  }

  /// The line is over: the next one who has everything begins another.
  private func forget(_ line: EventLine) {
    state.withLock { state in
      if state.line === line { state.line = nil }
    }
  }

  func setShared(_ isShared: Bool) {
    state.withLock { state in
      state.isShared = isShared
      if !isShared { state.made.removeAll() }
    }
  }

  func response(
    toEvent name: String, _ respond: () async -> GraphQLEngine.Response
  ) async -> GraphQLEngine.Response {
    guard isShared else { return await respond() }
    let known: GraphQLEngine.Response? = await withCheckedContinuation { waiter in
      switch state.withLock({ $0.step(name, waiter) }) {
      case .take(let response): waiter.resume(returning: response)
      case .make: waiter.resume(returning: nil)
      case .wait: break
      }
    }
    if let known { return known }
    let response = await respond()
    // Who has gone away while he made it has nothing to give: the others make their own.
    let good = response.hasData && !response.isCancelled ? response : nil
    let waiters = state.withLock { $0.keep(name, good) }
    for waiter in waiters { waiter.resume(returning: good) }
    return response
  }
}

extension EventGroup.State {
  fileprivate var currentLine: EventLine? {
    guard let line, !line.isOver else { return nil }
    return line
  }

  fileprivate mutating func step(_ name: String, _ waiter: EventGroup.Waiter) -> EventGroup.Step {
    if let answer = made.last(where: { $0.name == name }),
      ContinuousClock.now - answer.at < EventGroup.lifetime
    {
      return .take(answer.response)
    }
    guard waiting[name] == nil else {
      waiting[name]?.append(waiter)
      return .wait
    }
    waiting[name] = []
    return .make
  }

  /// Those who wait for it.
  fileprivate mutating func keep(_ name: String, _ response: GraphQLEngine.Response?) -> [EventGroup.Waiter] {
    guard let waiters = waiting.removeValue(forKey: name) else { return [] }
    if let response, isShared {
      made.removeAll { $0.name == name }
      made.append((name, response, .now))
      if made.count > EventGroup.maximumEvents { made.removeFirst() }
    }
    return waiters
  }
}
