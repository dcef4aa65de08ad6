import Flows
import GraphQLEngine
import NIOCore
import NIOPosix
import Resolvers
import Schema
import Synchronization
import Testing

@testable import Server

/// Equal subscriptions that have all there is are answered together, and only those.
@Suite("Lines of equal subscriptions", .timeLimit(.minutes(1)))
struct EventLineTests {
  private static let text = "subscription ($after: Int) { ticks(after: $after) { number who } }"

  private let ticks = Ticks()
  private let engine: Engine
  private let operation: PreparedOperation
  private let shared = SharedSubscriptions()
  private let loops = [
    MultiThreadedEventLoopGroup.singleton.next(), MultiThreadedEventLoopGroup.singleton.next(),
  ]

  init() throws {
    engine = try ticks.engine()
    operation = try engine.prepare(Self.text)
  }

  /// Subscriptions that follow a line already, and who takes its results.
  private func follow(
    _ people: [(viewer: Viewer, variables: String)], depth: Int = 2, ids: [String] = ["1"], room: Int = .max
  ) async throws -> [Listener] {
    var runs: [(SubscriptionRun, Listener)] = []
    for (index, person) in people.enumerated() {
      let request = try GraphQLRequest(.json(#"{"query":"\#(Self.text)","variables":\#(person.variables)}"#))
      var execution = ExecutionRequest(
        variables: request.variables, context: Asking(name: person.viewer.userID.lastDigit))
      let membership = shared.join(operation, request, person.viewer, depth: depth)
      execution.eventResponses = membership
      let responses = try await engine.subscribe(operation, execution)
      runs.append(
        (
          SubscriptionRun(responses: responses, membership: membership),
          Listener(loops[index % 2], id: ids[index % ids.count], room: room)
        ))
    }
    for (run, listener) in runs {
      let client = OperationClient(follower: listener)
      #expect(await run.run(for: client) { listener.hear($0) } == .followed)
    }
    return runs.map(\.1)
  }

  private static func viewer(
    _ user: UInt64 = 1, organization: UInt64 = 1, role: Role = .owner, key: UInt64? = nil,
    scopes: Set<ApiKeyScope> = [.read]
  ) -> Viewer {
    Viewer(
      userID: Identifier(high: 0, low: user), organizationID: Identifier(high: 1, low: organization),
      role: role,
      apiKey: key.map { .init(id: Identifier(high: 2, low: $0), scopes: scopes) })
  }

  @Test func `an event is answered once, and each hears it under its own id`() async throws {
    let people = Array(repeating: (Self.viewer(), #"{"after":0}"#), count: 8)
    let listeners = try await follow(people, ids: ["a", "a", "b", "b"])
    ticks.tick()
    ticks.tick()
    ticks.finish()
    for listener in listeners { await listener.end() }
    for listener in listeners {
      let expected = (1...2).map { "\(listener.id) \(Ticks.text($0, "1"))" }
      #expect(listener.texts == expected + ["complete"])
    }
    #expect(ticks.answers == 2)
  }

  @Test func `equal ids on one event loop share their bytes`() async throws {
    let people = Array(repeating: (Self.viewer(), #"{"after":0}"#), count: 6)
    let listeners = try await follow(people, ids: ["a", "b", "a", "b", "a", "c"])
    ticks.tick()
    ticks.finish()
    for listener in listeners { await listener.end() }
    let places = listeners.map(\.places)
    #expect(places[0].count == 1)
    #expect(places[0] == places[2] && places[0] == places[4])
    #expect(places[1] == places[3] && places[1] != places[5] && places[0] != places[1])
  }

  /// Beside somebody who may see everything: who differs in what an answer can depend on.
  private static let others: [(Viewer, String, Int)] = [
    (viewer(2), #"{"after":0}"#, 3), (viewer(organization: 2), #"{"after":0}"#, 2),
    (viewer(role: .viewer), #"{"after":0}"#, 2), (viewer(key: 1), #"{"after":0}"#, 2),
    (viewer(), #"{"after":-1}"#, 2), (viewer(), #"{"after":0,"more":1}"#, 2),
  ]

  @Test(arguments: others.indices)
  func `another access or other variables make another line`(index: Int) async throws {
    let (other, variables, depth) = Self.others[index]
    let one = (Self.viewer(), #"{"after":0}"#)
    let listeners = try await follow([one, (other, variables), one, (other, variables)], depth: depth)
    ticks.tick()
    ticks.finish()
    for listener in listeners { await listener.end() }
    // One answer for each pair, whoever asks in it.
    #expect(ticks.answers == 2)
    let names = ["1", other.userID.lastDigit, "1", other.userID.lastDigit]
    for (listener, name) in zip(listeners, names) {
      #expect(listener.texts == ["1 \(Ticks.text(1, name))", "complete"])
    }
  }

  @Test func `API keys whose scopes have changed make another line`() async throws {
    let people = [
      (Self.viewer(key: 1), "{}"), (Self.viewer(key: 1, scopes: [.read, .flowsWrite]), "{}"),
    ]
    let listeners = try await follow(people + people)
    ticks.tick()
    ticks.finish()
    for listener in listeners { await listener.end() }
    #expect(ticks.answers == 2)
  }

  @Test func `who has no room goes on alone, without a gap or a repeat, and comes back`() async throws {
    let people = Array(repeating: (Self.viewer(), #"{"after":0}"#), count: 3)
    let listeners = try await follow(people)
    listeners[0].setRoom(2)
    for _ in 0..<5 { ticks.tick() }
    let following = try #require(await listeners[0].returned())
    let heard = listeners[0].texts.count
    let rest = try #require(await listeners[0].rest(of: following))
    listeners[0].setRoom(.max)
    let end = await rest.run(for: OperationClient(follower: listeners[0])) { listeners[0].hear($0) }
    #expect(heard == 2 && end == .followed)
    ticks.tick()
    ticks.finish()
    for listener in listeners { await listener.end() }
    for listener in listeners {
      #expect(listener.texts == (1...6).map { "1 \(Ticks.text($0, "1"))" } + ["complete"])
    }
  }

  @Test func `who leaves hears no more, and with the last one the line stops reading`() async throws {
    let people = Array(repeating: (Self.viewer(), #"{"after":0}"#), count: 3)
    let listeners = try await follow(people)
    ticks.tick()
    for listener in listeners { await listener.heard(1) }
    await listeners[1].leave()
    ticks.tick()
    await listeners[0].heard(2)
    await listeners[2].heard(2)
    #expect(listeners[1].texts.count == 1)
    await listeners[0].leave()
    await listeners[2].leave()
    await ticks.isAlone()
    ticks.tick()
    #expect(ticks.answers == 2)
  }

  @Test func `a source that fails is told to all`() async throws {
    let listeners = try await follow(Array(repeating: (Self.viewer(), #"{"after":0}"#), count: 3))
    ticks.tick()
    ticks.fail()
    for listener in listeners { await listener.end() }
    for listener in listeners {
      #expect(listener.texts.count == 2 && listener.texts[1].hasPrefix(#"failed {"data":null"#))
    }
  }

  @Test func `who comes later has what was there before, and then follows too`() async throws {
    let first = try await follow(Array(repeating: (Self.viewer(), #"{"after":0}"#), count: 2))
    ticks.tick()
    for listener in first { await listener.heard(1) }
    let late = try await follow([(Self.viewer(), #"{"after":0}"#)])
    #expect(late[0].texts == ["1 \(Ticks.text(1, "1"))"])
    ticks.tick()
    ticks.finish()
    for listener in first + late { await listener.end() }
    #expect(late[0].texts == first[0].texts)
  }
}

/// Takes what a line hands out, as a socket does.
private final class Listener: ResultFollower {
  let eventLoop: any EventLoop
  let id: String
  private let state: Mutex<State>

  private struct State {
    var room: Int
    var texts: [String] = []
    var flushed = 0
    var places: [UInt] = []
    var following: Following?
    var returned: Following?
    var isOver = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  init(_ eventLoop: any EventLoop, id: String, room: Int) {
    self.eventLoop = eventLoop
    self.id = id
    state = Mutex(State(room: room))
  }

  var texts: [String] { state.withLock { $0.texts } }
  var places: [UInt] { state.withLock { $0.places } }
  func setRoom(_ room: Int) { state.withLock { $0.room = room } }

  /// A result that it is given by itself.
  func hear(_ result: OperationResult) {
    guard case .next(let bytes, _) = result else { return }
    change { $0.texts.append("\(id) \(text(bytes))") }
  }

  func began(_ following: Following) -> Bool {
    eventLoop.assertInEventLoop()
    change { $0.following = following }
    return true
  }

  func take(_ result: LineResult) -> Bool {
    eventLoop.assertInEventLoop()
    let bytes = result.text("next", of: id) { ByteBuffer(string: "\(id) \($0.text)") }
    let place = bytes.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
    return state.withLock { state in
      state.texts.append(String(buffer: bytes))
      state.places.append(place)
      return state.texts.count < state.room
    }
  }

  func flush() { change { $0.flushed = $0.texts.count } }

  func returned(_ following: Following) { change { $0.returned = following } }

  func ended(_ end: EventLine.End) {
    change { state in
      switch end {
      case .complete: state.texts.append("complete")
      case .failed(let response): state.texts.append("failed \(response.text)")
      }
      state.isOver = true
    }
  }

  func end() async { await wait { $0.isOver } }
  func heard(_ count: Int) async { await wait { $0.texts.count >= count && $0.flushed >= count } }

  func returned() async -> Following? {
    await wait { $0.returned != nil }
    return state.withLock { $0.returned }
  }

  func rest(of following: Following) async -> SubscriptionRun? {
    try? await eventLoop.submit { following.rest }.get()
  }

  func leave() async {
    let following = state.withLock { $0.following }
    try? await eventLoop.submit { following?.leave() }.get()
  }

  private func change(_ body: (inout State) -> Void) {
    let waiters = state.withLock { state in
      body(&state)
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  private func wait(until isThere: (State) -> Bool) async {
    while !state.withLock({ isThere($0) }) {
      await withCheckedContinuation { continuation in
        let isNow = state.withLock { state in
          if isThere(state) { return true }
          state.waiters.append(continuation)
          return false
        }
        if isNow { continuation.resume() }
      }
    }
  }
}

/// Who asks, for an answer that depends on it.
private final class Asking: RequestContext {
  let name: String
  init(name: String) { self.name = name }
}

/// A source of numbers that a test gives out.
private final class Ticks: Sendable {
  private struct State {
    var count = 0
    var isOver = false
    var hasFailed = false
    var readers = 0
    var answers = 0
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    var nextID = 0
    var alone: CheckedContinuation<Void, Never>?
  }

  struct Failure: Error {}

  private let state = Mutex(State())

  /// How often an event was answered.
  var answers: Int { state.withLock { $0.answers } }

  static func text(_ number: Int, _ who: String) -> String {
    #"{"data":{"ticks":{"number":\#(number),"who":"\#(who)"}}}"#
  }

  func tick() { change { $0.count += 1 } }
  func finish() { change { $0.isOver = true } }
  func fail() { change { $0.hasFailed = true } }

  /// Returns when nobody reads.
  func isAlone() async {
    await withCheckedContinuation { continuation in
      let isNow = state.withLock { state in
        if state.readers == 0 { return true }
        state.alone = continuation
        return false
      }
      if isNow { continuation.resume() }
    }
  }

  func engine() throws -> Engine {
    let schema = try GraphQLEngine.Schema.build(
      """
      type Query { a: Int } type Subscription { ticks(after: Int): Tick }
      type Tick { number: Int who: String }
      """)
    var wiring = Wiring()
    wiring.defaultBinding = .member
    wiring.bind("Subscription", "ticks", .stream { _ in Events(ticks: self, start: 0) })
    wiring.bind(
      "Tick", "number",
      .batch { call in
        self.state.withLock { $0.answers += 1 }
        return .ready(.leaves(Array(try call.parents.rows(of: Int.self))))
      })
    wiring.bind(
      "Tick", "who", .batch { call in .ready(.leaves([try call.context(as: Asking.self).name])) })
    return Engine(try ExecutableSchema(schema, wiring))
  }

  private func change(_ body: (inout State) -> Void) {
    let waiters = state.withLock { state in
      body(&state)
      defer { state.waiters = [:] }
      return state.waiters.values
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Counts a reader as long as it lives.
  private final class Reader: Sendable {
    let ticks: Ticks
    init(_ ticks: Ticks) {
      self.ticks = ticks
      ticks.state.withLock { $0.readers += 1 }
    }
    deinit {
      let alone = ticks.state.withLock { state -> CheckedContinuation<Void, Never>? in
        state.readers -= 1
        guard state.readers == 0 else { return nil }
        defer { state.alone = nil }
        return state.alone
      }
      alone?.resume()
    }
  }

  private struct Events: ResumableEvents {
    typealias Element = Column
    typealias Failure = any Error

    let ticks: Ticks
    let start: Int

    func isCurrent(behind number: Int) -> Bool {
      ticks.state.withLock { !$0.isOver && !$0.hasFailed && $0.count <= number }
    }

    func resumed(behind number: Int) -> FieldBinding.EventStream { Events(ticks: ticks, start: number) }

    func makeAsyncIterator() -> Iterator { Iterator(ticks: ticks, reader: Reader(ticks), last: start) }

    struct Iterator: AsyncIteratorProtocol {
      let ticks: Ticks
      let reader: Reader
      var last: Int

      mutating func next() async throws -> Column? {
        while true {
          try Task.checkCancellation()
          let (isThere, isOver, hasFailed) = ticks.state.withLock {
            ($0.count > last, $0.isOver, $0.hasFailed)
          }
          if isThere {
            last += 1
            return .object(.swift([last])).identified(as: "tick_\(last)", number: last)
          }
          if hasFailed { throw Ticks.Failure() }
          if isOver { return nil }
          await ticks.wait(behind: last)
        }
      }
    }
  }

  private func wait(behind last: Int) async {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isNow = state.withLock { state in
          if state.count > last || state.isOver || state.hasFailed || Task.isCancelled { return true }
          state.waiters[id] = continuation
          return false
        }
        if isNow { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
    }
  }
}

extension Identifier {
  fileprivate var lastDigit: String { "\(low)" }
}
