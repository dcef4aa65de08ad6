import Flows
import GraphQLEngine
import Resolvers
import Schema
import Synchronization

/// Subscriptions of this process that are equal: one operation, equal variables, one viewer. What one of them
/// answers to an event, all of them send.
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
  ) -> (any EventResponses)? {
    guard let viewer else { return nil }
    let given: [InputValue] = [
      .object(request.variables), .object(request.extensions), request.onError ?? .null,
    ]
    let key = Key(
      operation: ObjectIdentifier(operation), organization: viewer.organizationID,
      user: depth > 2 ? viewer.userID : nil, role: viewer.role,
      apiKey: viewer.apiKey?.id, request: JSONText.bytes(.list(given)))
    let group = groups.withLock { groups in
      var entry = groups[key] ?? Entry(group: EventGroup(operation), members: 0)
      entry.members += 1
      groups[key] = entry
      entry.group.setShared(entry.members > 1)
      return entry.group
    }
    return Membership(group: group, subscriptions: self, key: key)
  }

  private func leave(_ key: Key) {
    groups.withLock { groups in
      guard var entry = groups[key] else { return }
      entry.members -= 1
      groups[key] = entry.members == 0 ? nil : entry
      entry.group.setShared(entry.members > 1)
    }
  }

  /// Leaves its group with the subscription.
  private final class Membership: EventResponses {
    private let group: EventGroup
    private let subscriptions: SharedSubscriptions
    private let key: Key

    init(group: EventGroup, subscriptions: SharedSubscriptions, key: Key) {
      self.group = group
      self.subscriptions = subscriptions
      self.key = key
    }

    deinit { subscriptions.leave(key) }

    func response(
      toEvent name: String, _ respond: () async -> GraphQLEngine.Response
    ) async -> GraphQLEngine.Response {
      await group.response(toEvent: name, respond)
    }
  }
}

/// The answers of equal subscriptions to the newest events.
private final class EventGroup: Sendable {
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
    var made: [(name: String, response: GraphQLEngine.Response, at: ContinuousClock.Instant)] = []
    /// Those who wait for an answer that is being made, by the event.
    var waiting: [String: [Waiter]] = [:]
  }

  /// Kept so that no other operation gets its identity.
  private let operation: PreparedOperation
  private let state = Mutex(State())

  init(_ operation: PreparedOperation) { self.operation = operation }

  func setShared(_ isShared: Bool) {
    state.withLock { state in
      state.isShared = isShared
      if !isShared { state.made.removeAll() }
    }
  }

  func response(
    toEvent name: String, _ respond: () async -> GraphQLEngine.Response
  ) async -> GraphQLEngine.Response {
    guard state.withLock({ $0.isShared }) else { return await respond() }
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
