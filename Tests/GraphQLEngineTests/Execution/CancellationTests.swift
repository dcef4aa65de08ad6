import GraphQLEngine
import Synchronization
import Testing

/// What happened in resolvers, as events that a test can await.
private final class Bench: RequestContext {
  private let continuation: AsyncStream<String>.Continuation
  private let log = Mutex<[String]>([])
  let events: AsyncStream<String>

  init() {
    (events, continuation) = AsyncStream.makeStream()
  }

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

  /// Returns when the task is cancelled, and notes it.
  func park(_ name: String) async throws {
    note("\(name) begins")
    let (forever, end) = AsyncStream<Void>.makeStream()
    await withTaskCancellationHandler {
      for await _ in forever {}
    } onCancel: {
      end.finish()
    }
    note("\(name) \(Task.isCancelled ? "cancelled" : "ended")")
    try Task.checkCancellation()
  }
}

@Suite("§ 6.3 Cancellation reaches resolvers")
struct CancellationTests {
  private static let cancelled = #"{"data":null,"errors":[{"message":"The execution was cancelled."}]}"#

  private static func engine() throws -> TestEngine {
    let loader = Loader<Int> { call in
      guard let bench = call.context as? Bench else { throw GraphQLError("no bench") }
      bench.note("load begins")
      return .pending(Ticket { bench.note("load cancelled") })
    }
    return try TestEngine(
      """
      type Query { a: Node, slow: Int, ticket: Int, loaded: Node }
      type Mutation { one: Int, two: Int }
      type Subscription { tick: Node }
      type Node { slow: Int }
      """, isDynamic: false
    ) { wiring, _ in
      for type in ["Query", "Node"] {
        wiring.bind(
          type, "slow",
          .asyncBatch { call in
            try await call.context(as: Bench.self).park("slow")
            return .nulls(call.parents.count)
          })
      }
      wiring.bind("Query", "a", .batch { _ in .ready(.object(.dynamic([[:]]))) })
      wiring.bind("Query", "loaded", .loader(loader) { _ in [1] })
      wiring.bind(
        "Query", "ticket",
        .batch { call in
          let bench = try call.context(as: Bench.self)
          bench.note("ticket begins")
          return .pending(Ticket { bench.note("ticket cancelled") })
        })
      for name in ["one", "two"] {
        wiring.bind(
          "Mutation", name,
          .batch { call in
            try call.context(as: Bench.self).note(name)
            return .ready(.leaves([1]))
          })
      }
      bindSource(&wiring)
    }
  }

  /// A source with one event, which says when it ends.
  private static func bindSource(_ wiring: inout Wiring) {
    wiring.bind(
      "Subscription", "tick",
      .stream { call in
        let bench = try call.context(as: Bench.self)
        return AsyncThrowingStream { continuation in
          continuation.onTermination = { _ in bench.note("source ended") }
          continuation.yield(.object(.dynamic([[:]])))
        }
      })
  }

  @Test func `tasks of batches are cancelled, at the root and below`() async throws {
    let engine = try Self.engine()
    for query in ["{ slow }", "{ a { slow } }"] {
      let bench = Bench()
      let task = Task { await engine.run(query, context: bench) }
      await bench.wait(for: "slow begins")
      task.cancel()
      #expect(await task.value == Self.cancelled)
      await bench.wait(for: "slow cancelled")
    }
  }

  @Test func `tickets of batches and loaders are told`() async throws {
    let engine = try Self.engine()
    let bench = Bench()
    let task = Task { await engine.run("{ ticket loaded { slow } }", context: bench) }
    await bench.wait(for: "load begins")
    task.cancel()
    #expect(await task.value == Self.cancelled)
    #expect(bench.noted.sorted() == ["load begins", "load cancelled", "ticket begins", "ticket cancelled"])
  }

  @Test func `a ticket that was fulfilled is not told`() async throws {
    let calls = Mutex(0)
    let ticket = Ticket { calls.withLock { $0 += 1 } }
    ticket.fulfill(.leaves([1]))
    let (given, handOver) = AsyncStream<Void>.makeStream()
    let engine = try TestEngine("type Query { a: Int, b: Int }", isDynamic: false) { wiring, _ in
      wiring.bind("Query", "a", .batch { _ in .pending(ticket) })
      wiring.bind(
        "Query", "b",
        .batch { _ in
          handOver.yield()
          return .pending(Ticket())
        })
    }
    let task = Task { await engine.run("{ a b }") }
    for await _ in given { break }
    task.cancel()
    #expect(await task.value == Self.cancelled)
    #expect(calls.withLock { $0 } == 0)
  }

  @Test func `the caller's own check gives tickets up too`() async throws {
    let engine = try Self.engine().engine
    let bench = Bench()
    let operation = try engine.prepare("{ ticket }")
    let answers = Mutex([false])
    let request = ExecutionRequest(
      context: bench, isCancelled: { answers.withLock { $0.popLast() ?? true } })
    #expect(await engine.execute(operation, request).text == Self.cancelled)
    #expect(bench.noted == ["ticket begins", "ticket cancelled"])
  }

  @Test func `who is cancelled before it begins calls nobody`() async throws {
    let engine = try Self.engine()
    let bench = Bench()
    let (start, begin) = AsyncStream<Void>.makeStream()
    let task = Task {
      for await _ in start { break }
      return await engine.run("{ ticket slow }", context: bench)
    }
    task.cancel()
    begin.yield()
    #expect(await task.value == Self.cancelled)
    #expect(bench.noted.isEmpty)
  }

  @Test func `a mutation that is cancelled between its root fields does no more`() async throws {
    let engine = try Self.engine().engine
    let bench = Bench()
    let operation = try engine.prepare("mutation { one two }")
    let request = ExecutionRequest(context: bench, isCancelled: { bench.noted.count == 1 })
    #expect(await engine.execute(operation, request).text == Self.cancelled)
    #expect(bench.noted == ["one"])
  }

  @Test func `an error that halts gives up what is open`() async throws {
    let bench = Bench()
    let engine = try TestEngine("type Query { a: Int, b: Int }", isDynamic: false) { wiring, _ in
      wiring.bind("Query", "a", .batch { _ in .pending(Ticket { bench.note("a cancelled") }) })
      wiring.bind("Query", "b", .batch { _ in throw GraphQLError("no") })
    }
    var request = ExecutionRequest(context: bench)
    request.onError = .halt
    let response = await engine.engine.execute(try engine.engine.prepare("{ a b }"), request)
    #expect(response.text.hasPrefix(#"{"data":null,"errors":[{"message":"no""#))
    #expect(bench.noted == ["a cancelled"])
  }

  @Test func `cancelling a subscription's reader ends the event under way and the source`() async throws {
    let engine = try Self.engine().engine
    let bench = Bench()
    let operation = try engine.prepare("subscription { tick { slow } }")
    let reader = Task {
      var count = 0
      for await _ in try await engine.subscribe(operation, ExecutionRequest(context: bench)) { count += 1 }
      return count
    }
    await bench.wait(for: "slow begins")
    reader.cancel()
    #expect(try await reader.value == 0)
    await bench.wait(for: "slow cancelled")
    await bench.wait(for: "source ended")
  }

  @Test func `who stops reading ends the source`() async throws {
    let engine = try Self.engine().engine
    let bench = Bench()
    let operation = try engine.prepare("subscription { tick { __typename } }")
    func readOne() async throws -> String? {
      for await event in try await engine.subscribe(operation, ExecutionRequest(context: bench)) {
        return event.text
      }
      return nil
    }
    #expect(try await readOne() == #"{"data":{"tick":{"__typename":"Node"}}}"#)
    await bench.wait(for: "source ended")
  }

  @Test func `a subscription that is cancelled while it starts is a request error`() async throws {
    let bench = Bench()
    let engine = try TestEngine("type Query { a: Int } type Subscription { tick: Int }") { wiring, _ in
      wiring.bind(
        "Subscription", "tick",
        .stream { _ in
          try await bench.park("start")
          return AsyncThrowingStream { $0.finish() }
        })
    }
    let operation = try engine.engine.prepare("subscription { tick }")
    let start = Task { try await engine.engine.subscribe(operation, ExecutionRequest(context: bench)) }
    await bench.wait(for: "start begins")
    start.cancel()
    await #expect(throws: RequestErrors([GraphQLError("The execution was cancelled.")])) {
      _ = try await start.value
    }
  }
}
