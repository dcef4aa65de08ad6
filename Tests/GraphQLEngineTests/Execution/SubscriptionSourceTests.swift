import GraphQLEngine
import Synchronization
import Testing

/// What a subscription's source and resolvers were asked.
private final class Observer: RequestContext {
  private let continuation: AsyncStream<String>.Continuation
  private let log = Mutex<[String]>([])
  private let events: AsyncStream<String>

  init() { (events, continuation) = AsyncStream.makeStream() }

  func note(_ text: String) {
    log.withLock { $0.append(text) }
    continuation.yield(text)
  }

  var noted: [String] { log.withLock { $0 } }

  /// Waits until something was noted.
  func wait(for text: String) async {
    if noted.contains(text) { return }
    for await event in events where event == text { return }
  }
}

private struct Tick: Sendable { var number: Int }

private enum Tick_n: LeafField {
  static func write(_ row: UnsafePointer<Tick>, _ out: inout JSONWriter) { out.write(row.pointee.number) }
}

@Suite("§ 6.2.3.1 Sources of subscriptions, § 6.2.3.3 their end")
struct SubscriptionSourceTests {
  private static let sdl = """
    type Query { a: Int }
    type Subscription { tick(from: Int = 1): Tick, parked: Tick, roots(times: Int = 1): Tick }
    type Tick { n: Int!, slow: Int }
    """

  private static func engine() throws -> Engine {
    try TestEngine(sdl) { wiring, _ in
      wiring.bind(
        "Subscription", "tick",
        .stream { call in
          (call.context as? Observer)?.note("source begins")
          let first = call.arguments.int("from") ?? 0
          return AsyncThrowingStream { continuation in
            continuation.onTermination = { _ in (call.context as? Observer)?.note("source ended") }
            continuation.yield(.object(.dynamic([["n": .int(first)]])))
            if first < 0 { continuation.finish(throwing: GraphQLError("lost")) }
          }
        })
      wiring.bind(
        "Subscription", "parked",
        .stream { call in
          let observer = try call.context(as: Observer.self)
          let (forever, end) = AsyncStream<Void>.makeStream()
          await withTaskCancellationHandler {
            observer.note("parked")
            for await _ in forever {}
          } onCancel: {
            end.finish()
          }
          observer.note("start cancelled")
          return AsyncThrowingStream { $0.yield(.object(.dynamic([["n": 1]]))) }
        })
      wiring.bind(
        "Subscription", "roots",
        .stream(
          ofRoots: { call in
            AsyncThrowingStream { continuation in
              for number in 1...3 { continuation.yield(Rows.swift([Tick(number: number)])) }
              continuation.finish()
            }
          },
          resolve: { call in
            let tick = try call.parents.rows(of: Tick.self)[0]
            (call.context as? Observer)?.note("resolve \(tick.number) of \(call.parents.count)")
            if tick.number == 2 { throw GraphQLError("odd only") }
            return .ready(.object(.dynamic([["n": .int(tick.number * (call.arguments.int("times") ?? 0))]])))
          }))
      wiring.bind(
        "Tick", "slow",
        .batch { call in
          let observer = try call.context(as: Observer.self)
          observer.note("slow begins")
          return .pending(Ticket { observer.note("slow cancelled") })
        })
    }.engine
  }

  private static func texts(
    _ query: String, _ request: ExecutionRequest = ExecutionRequest(), isValidated: Bool = true
  ) async throws -> [String] {
    let engine = try engine()
    let operation = try engine.prepare(query, isValidated: isValidated)
    var texts: [String] = []
    for await response in try await engine.subscribe(operation, request) { texts.append(response.text) }
    return texts
  }

  @Test(arguments: [
    ("subscription { a: tick { n } b: tick { n } }", "Anonymous Subscription", [30]),
    ("subscription S { tick { n } ...F } fragment F on Subscription { more }", "Subscription \"S\"", [65]),
    (
      "subscription S { ... { tick { n } } ... on Subscription { x: tick { n } x: tick { n } parked { n } } }",
      "Subscription \"S\"", [59, 73, 87]
    ),
  ])
  func `several root fields are a request error, whatever was validated`(
    _ query: String, _ subject: String, _ columns: [Int]
  ) async throws {
    let observer = Observer()
    await #expect(
      throws: RequestErrors([
        GraphQLError(
          "\(subject) must select only one top level field.",
          locations: columns.map { SourceLocation(line: 1, column: $0) })
      ])
    ) {
      _ = try await Self.texts(query, ExecutionRequest(context: observer), isValidated: false)
    }
    #expect(observer.noted.isEmpty)
  }

  @Test func `no root field, or one without a source, is a request error`() async throws {
    for query in [
      "subscription { tick @skip(if: true) { n } }", "subscription { __typename }", "subscription { x }",
    ] {
      await #expect(throws: RequestErrors.self) { _ = try await Self.texts(query, isValidated: false) }
    }
  }

  @Test func `one root field may be selected twice`() async throws {
    let query =
      "subscription { tick(from: -5) { n } ...F } fragment F on Subscription { tick(from: -5) { m: n } }"
    #expect(
      try await Self.texts(query, isValidated: false) == [
        #"{"data":{"tick":{"n":-5,"m":-5}}}"#,
        #"{"data":null,"errors":[{"message":"lost","locations":[{"line":1,"column":16},{"line":1,"column":73}],"path":["tick"]}]}"#,
      ])
  }

  @Test func `a source of root values has its field resolved for each`() async throws {
    let observer = Observer()
    #expect(
      try await Self.texts("subscription { r: roots(times: 10) { n } }", ExecutionRequest(context: observer))
        == [
          #"{"data":{"r":{"n":10}}}"#,
          #"{"data":{"r":null},"errors":[{"message":"odd only","locations":[{"line":1,"column":16}],"path":["r"]}]}"#,
          #"{"data":{"r":{"n":30}}}"#,
        ])
    #expect(observer.noted == ["resolve 1 of 1", "resolve 2 of 1", "resolve 3 of 1"])
  }

  @Test func `the request's cancellation ends a source that waits`() async throws {
    let observer = Observer()
    var request = ExecutionRequest(context: observer)
    let cancellation = Cancellation()
    request.cancellation = cancellation
    let engine = try Self.engine()
    var responses = try await engine.subscribe(engine.prepare("subscription { tick { n } }"), request)
      .makeAsyncIterator()
    #expect(await responses.next()?.text == #"{"data":{"tick":{"n":1}}}"#)
    async let next = responses.next()
    cancellation.cancel()
    #expect(await next == nil)
    await observer.wait(for: "source ended")
    #expect(await responses.next() == nil)
  }

  @Test func `it ends the event under way, with its tickets`() async throws {
    let observer = Observer()
    var request = ExecutionRequest(context: observer)
    let cancellation = Cancellation()
    request.cancellation = cancellation
    let engine = try Self.engine()
    var responses = try await engine.subscribe(engine.prepare("subscription { tick { slow } }"), request)
      .makeAsyncIterator()
    async let next = responses.next()
    await observer.wait(for: "slow begins")
    cancellation.cancel()
    #expect(await next == nil)
    await observer.wait(for: "source ended")
    #expect(observer.noted == ["source begins", "slow begins", "slow cancelled", "source ended"])
  }

  @Test func `it ends a subscription that is starting`() async throws {
    let observer = Observer()
    var request = ExecutionRequest(context: observer)
    let cancellation = Cancellation()
    request.cancellation = cancellation
    let engine = try Self.engine()
    let operation = try engine.prepare("subscription { parked { n } }")
    let start = Task { [request] in try await engine.subscribe(operation, request) }
    await observer.wait(for: "parked")
    cancellation.cancel()
    await #expect(throws: RequestErrors([GraphQLError(Engine.cancelledMessage)])) {
      _ = try await start.value
    }
    #expect(observer.noted == ["parked", "start cancelled"])
  }

  @Test func `requests may share a cancellation`() async throws {
    let engine = try TestEngine("type Query { a: Int }", isDynamic: false) { wiring, _ in
      wiring.bind(
        "Query", "a",
        .batch { call in
          let observer = try call.context(as: Observer.self)
          observer.note("a begins")
          return .pending(Ticket())
        })
    }.engine
    let cancellation = Cancellation()
    let operation = try engine.prepare("{ a }")
    let observers = [Observer(), Observer()]
    let tasks = observers.map { observer in
      Task {
        var request = ExecutionRequest(context: observer)
        request.cancellation = cancellation
        return await engine.execute(operation, request)
      }
    }
    for observer in observers { await observer.wait(for: "a begins") }
    cancellation.cancel()
    for task in tasks { #expect(await task.value.isCancelled) }
  }
}
