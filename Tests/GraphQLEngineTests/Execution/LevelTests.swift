import GraphQLEngine
import Synchronization
import Testing

/// Tickets that a test fulfils itself.
private final class Desk: RequestContext {
  private let state = Mutex<[String: Ticket]>([:])
  private let continuation: AsyncStream<String>.Continuation
  let arrivals: AsyncStream<String>
  let cancelled = Mutex<[String]>([])

  init() { (arrivals, continuation) = AsyncStream.makeStream() }

  func ticket(_ name: String) -> Ticket {
    let ticket = Ticket { [weak self] in self?.cancelled.withLock { $0.append(name) } }
    state.withLock { $0[name] = ticket }
    continuation.yield(name)
    return ticket
  }

  func take(_ name: String) throws -> Ticket { try #require(state.withLock { $0[name] }) }

  func has(_ name: String) -> Bool { state.withLock { $0[name] != nil } }

  /// Waits until `count` tickets were handed out.
  func wait(for count: Int) async -> [String] {
    var names: [String] = []
    for await name in arrivals {
      names.append(name)
      if names.count == count { break }
    }
    return names
  }
}

@Suite("§ 6.3 Levels, tickets, cancellation")
struct LevelTests {
  static let sdl = """
    type Query { a: Node, b: Node, c: Int }
    type Mutation { first(n: Int): Node, second: Node, must: Node! }
    type Node { x: Int, y: Int, next: Node }
    """

  private static func engine() throws -> TestEngine {
    try TestEngine(sdl, isDynamic: false) { wiring, _ in
      for (type, field) in [
        ("Query", "a"), ("Query", "b"), ("Query", "c"), ("Node", "x"), ("Node", "y"), ("Node", "next"),
        ("Mutation", "first"),
        ("Mutation", "second"), ("Mutation", "must"),
      ] {
        wiring.bind(type, field, .batch { call in .pending(try call.context(as: Desk.self).ticket(field)) })
      }
    }
  }

  private static let node = Column.object(.dynamic([[:]]))

  @Test func `a level is called as a whole and goes on when its last ticket arrives, in any order`()
    async throws
  {
    let engine = try Self.engine()
    let desk = Desk()
    async let text = engine.run("{ a { next { x } } b { y } c }", context: desk)
    #expect(await desk.wait(for: 3) == ["a", "b", "c"])
    for name in ["c", "b", "a"] {
      let ticket = try desk.take(name)
      await Task.detached { ticket.fulfill(name == "c" ? .leaves([3]) : Self.node) }.value
    }
    #expect(await desk.wait(for: 2) == ["next", "y"])
    try desk.take("next").fulfill(Self.node)
    try desk.take("y").fulfill(.leaves([2]))
    #expect(await desk.wait(for: 1) == ["x"])
    try desk.take("x").fulfill(.leaves([1]))
    #expect(await text == #"{"data":{"a":{"next":{"x":1}},"b":{"y":2},"c":3}}"#)
  }

  @Test func `a mutation's root fields run one after the other with all below them`() async throws {
    let engine = try Self.engine()
    let desk = Desk()
    async let text = engine.run("mutation { first(n: 1) { x } second { next { x } } }", context: desk)
    for (name, column) in [
      ("first", Self.node), ("x", Column.leaves([1])), ("second", Self.node), ("next", Self.node),
      ("x", Column.leaves([2])),
    ] {
      #expect(await desk.wait(for: 1) == [name])
      try desk.take(name).fulfill(column)
    }
    #expect(await text == #"{"data":{"first":{"x":1},"second":{"next":{"x":2}}}}"#)
  }

  @Test func `a failed non-null mutation ends those behind it`() async throws {
    let engine = try Self.engine()
    let desk = Desk()
    async let text = engine.run("mutation { must { x } second { x } }", context: desk)
    _ = await desk.wait(for: 1)
    try desk.take("must").fail(GraphQLError("no"))
    #expect(
      await text
        == #"{"data":null,"errors":[{"message":"no","locations":[{"line":1,"column":12}],"path":["must"]}]}"#)
    #expect(!desk.has("second"))
  }

  @Test func `cancelling the task gives up all tickets`() async throws {
    let engine = try Self.engine()
    let desk = Desk()
    let task = Task { await engine.run("{ a { x } c }", context: desk) }
    _ = await desk.wait(for: 2)
    task.cancel()
    #expect(await task.value == #"{"data":null,"errors":[{"message":"The execution was cancelled."}]}"#)
    #expect(desk.cancelled.withLock { $0.sorted() } == ["a", "c"])
    try desk.take("a").fulfill(Self.node)
  }

  @Test func `the caller's check ends the execution between levels`() async throws {
    let engine = try Self.engine()
    let desk = Desk()
    let prepared = try engine.engine.prepare("{ a { x } }")
    let isOver = Mutex(false)
    let check: @Sendable () -> Bool = { isOver.withLock { $0 } }
    async let response = engine.engine.execute(prepared, ExecutionRequest(context: desk, isCancelled: check))
    _ = await desk.wait(for: 1)
    isOver.withLock { $0 = true }
    try desk.take("a").fulfill(Self.node)
    #expect(await response.text == #"{"data":null,"errors":[{"message":"The execution was cancelled."}]}"#)
  }

  @Test func `a ticket counts its first result only`() async throws {
    let engine = try Self.engine()
    let desk = Desk()
    async let text = engine.run("{ c }", context: desk)
    _ = await desk.wait(for: 1)
    let ticket = try desk.take("c")
    ticket.fulfill(.leaves([1]))
    ticket.fulfill(.leaves([2]))
    ticket.fail(GraphQLError("late"))
    #expect(await text == #"{"data":{"c":1}}"#)
  }

  @Test func `many tickets may arrive at once from many threads`() async throws {
    let fields = (0..<50).map { "f\($0): Int" }.joined(separator: " ")
    let engine = try TestEngine("type Query { \(fields) }", isDynamic: false) { wiring, _ in
      for index in 0..<50 {
        wiring.bind(
          "Query", "f\(index)",
          .asyncBatch { _ in
            await Task.yield()
            return .leaves([index])
          })
      }
    }
    let query = "{ " + (0..<50).map { "f\($0)" }.joined(separator: " ") + " }"
    let expected = "{\"data\":{" + (0..<50).map { "\"f\($0)\":\($0)" }.joined(separator: ",") + "}}"
    for _ in 0..<50 { #expect(await engine.run(query) == expected) }
  }
}
