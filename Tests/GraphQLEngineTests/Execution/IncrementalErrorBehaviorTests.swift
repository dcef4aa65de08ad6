import GraphQLEngine
import Synchronization
import Testing

/// Tickets that a test sees and settles.
private final class Tickets: RequestContext {
  private let arrivals: AsyncStream<String>
  private let continuation: AsyncStream<String>.Continuation
  private let open = Mutex<[String: Ticket]>([:])
  private let log = Mutex<[String]>([])

  init() { (arrivals, continuation) = AsyncStream.makeStream() }

  func make(_ name: String) -> Ticket {
    let ticket = Ticket { [weak self] in self?.log.withLock { $0.append("\(name) cancelled") } }
    open.withLock { $0[name] = ticket }
    log.withLock { $0.append(name) }
    continuation.yield(name)
    return ticket
  }

  var noted: [String] { log.withLock { $0 } }

  func take(_ name: String) throws -> Ticket { try #require(open.withLock { $0[name] }) }

  func wait(for name: String) async {
    if noted.contains(name) { return }
    for await arrival in arrivals where arrival == name { return }
  }
}

@Suite("Incremental delivery: onError, cancellation, bounds of errors and bytes")
struct IncrementalErrorBehaviorTests {
  private static let sdl = """
    type Query { hero: Hero, strict: [Int!], loose: [Int], friends: [Friend!], maybe: [Friend] }
    type Hero { id: ID, name: String!, age: Int, friend: Friend, best: Friend!, strict: [Int!] }
    type Friend { id: ID, name: String!, age: Int }
    """

  private static let root = #"""
    {"hero":{"id":1,"name":{"$error":"no name"},"age":30,"friend":{"id":2,"age":4},"strict":[1,null,3]},
    "strict":[1,2,null,4],"loose":[1,"x",3],
    "friends":[{"id":1,"name":"a"},{"id":2},{"id":3,"name":"c"}],
    "maybe":[{"id":1,"name":"a"},{"id":2},{"id":3,"name":"c"}]}
    """#

  private func check(_ query: String, _ behavior: ErrorBehavior, _ expected: [String]) async throws {
    let texts = try await IncrementalEngine(Self.sdl).run(
      query, root: try JSONReader.read(Self.root), onError: behavior)
    #expect(texts == expected, "\(behavior)")
    if texts.count > 1 { _ = try PayloadMerger(texts) }
  }

  private func error(_ message: String, _ column: Int, _ path: String) -> String {
    #"{"message":"\#(message)","locations":[{"line":1,"column":\#(column)}],"path":\#(path)}"#
  }

  @Test func `an error in the outer of two fragments`() async throws {
    let query = "{ hero { id ... @defer { name ... @defer { age } } } }"
    let initial = #"{"data":{"hero":{"id":"1"}},"pending":[{"id":"0","path":["hero"]}],"hasNext":true}"#
    let error = error("no name", 26, #"["hero","name"]"#)
    let failed = #"{"completed":[{"id":"0","errors":[\#(error)]}],"hasNext":false}"#
    // What is inside of a fragment that failed is not announced.
    try await check(query, .propagate, [initial, failed])
    try await check(query, .halt, [initial, failed])
    try await check(
      query, .null,
      [
        initial,
        #"{"pending":[{"id":"1","path":["hero"]}],"incremental":[{"id":"0","data":{"name":null},"errors":[\#(error)]},{"id":"1","data":{"age":30}}],"completed":[{"id":"0"},{"id":"1"}],"hasNext":false}"#,
      ])
  }

  @Test func `an error in the inner of two fragments`() async throws {
    let query = "{ hero { id ... @defer { age ... @defer { name } } } }"
    let initial = #"{"data":{"hero":{"id":"1"}},"pending":[{"id":"0","path":["hero"]}],"hasNext":true}"#
    let error = error("no name", 43, #"["hero","name"]"#)
    let outer =
      #"{"pending":[{"id":"1","path":["hero"]}],"incremental":[{"id":"0","data":{"age":30}}],"completed":[{"id":"0"},{"id":"1","errors":[\#(error)]}],"hasNext":false}"#
    try await check(query, .propagate, [initial, outer])
    try await check(query, .halt, [initial, outer])
    try await check(
      query, .null,
      [
        initial,
        #"{"pending":[{"id":"1","path":["hero"]}],"incremental":[{"id":"0","data":{"age":30}},{"id":"1","data":{"name":null},"errors":[\#(error)]}],"completed":[{"id":"0"},{"id":"1"}],"hasNext":false}"#,
      ])
  }

  @Test func `an error below a position of the fragment that may be null`() async throws {
    let query = "{ hero { id ... @defer { friend { name age } } } }"
    let initial = #"{"data":{"hero":{"id":"1"}},"pending":[{"id":"0","path":["hero"]}],"hasNext":true}"#
    let error = error(
      "Cannot return null for non-nullable field Friend.name.", 35, #"["hero","friend","name"]"#)
    for (behavior, friend) in [(ErrorBehavior.propagate, "null"), (.null, #"{"name":null,"age":4}"#)] {
      try await check(
        query, behavior,
        [
          initial,
          #"{"incremental":[{"id":"0","data":{"friend":\#(friend)},"errors":[\#(error)]}],"completed":[{"id":"0"}],"hasNext":false}"#,
        ])
    }
    try await check(
      query, .halt, [initial, #"{"completed":[{"id":"0","errors":[\#(error)]}],"hasNext":false}"#])
  }

  @Test func `an item of a stream that must not be null`() async throws {
    let query = "{ strict @stream(initialCount: 1) }"
    let initial = #"{"data":{"strict":[1]},"pending":[{"id":"0","path":["strict"]}],"hasNext":true}"#
    let error = error("Cannot return null for non-nullable field Query.strict.", 3, #"["strict",2]"#)
    try await check(
      query, .propagate,
      [
        initial,
        #"{"incremental":[{"id":"0","items":[2]}],"completed":[{"id":"0","errors":[\#(error)]}],"hasNext":false}"#,
      ])
    try await check(
      query, .null,
      [
        initial,
        #"{"incremental":[{"id":"0","items":[2,null,4],"errors":[\#(error)]}],"completed":[{"id":"0"}],"hasNext":false}"#,
      ])
    try await check(
      query, .halt, [initial, #"{"completed":[{"id":"0","errors":[\#(error)]}],"hasNext":false}"#])
  }

  @Test func `an item of a stream that may be null`() async throws {
    let query = "{ maybe @stream { id name } }"
    let initial = #"{"data":{"maybe":[]},"pending":[{"id":"0","path":["maybe"]}],"hasNext":true}"#
    let error = error("Cannot return null for non-nullable field Friend.name.", 22, #"["maybe",1,"name"]"#)
    for (behavior, item) in [(ErrorBehavior.propagate, "null"), (.null, #"{"id":"2","name":null}"#)] {
      try await check(
        query, behavior,
        [
          initial,
          #"{"incremental":[{"id":"0","items":[{"id":"1","name":"a"},\#(item),{"id":"3","name":"c"}],"errors":[\#(error)]}],"completed":[{"id":"0"}],"hasNext":false}"#,
        ])
    }
    try await check(
      query, .halt, [initial, #"{"completed":[{"id":"0","errors":[\#(error)]}],"hasNext":false}"#])
  }

  @Test func `HALT in a fragment ends fragments and streams beside it`() async throws {
    let query = "{ hero { ... @defer { name } ... @defer { age } } loose @stream friends @stream { id } }"
    let error = error("no name", 23, #"["hero","name"]"#)
    let notices = (0..<4).map { #"{"id":"\#($0)","errors":[\#(error)]}"# }.joined(separator: ",")
    try await check(
      query, .halt,
      [
        #"{"data":{"hero":{},"loose":[],"friends":[]},"pending":[{"id":"0","path":["hero"]},{"id":"1","path":["hero"]},{"id":"2","path":["loose"]},{"id":"3","path":["friends"]}],"hasNext":true}"#,
        #"{"completed":[\#(notices)],"hasNext":false}"#,
      ])
  }

  @Test func `HALT in the initial result announces nothing`() async throws {
    let query = "{ hero { name ... @defer { age } } loose @stream }"
    let error = error("no name", 10, #"["hero","name"]"#)
    try await check(query, .halt, [#"{"data":null,"errors":[\#(error)]}"#])
    let pending = #""pending":[{"id":"0","path":["hero"]},{"id":"1","path":["loose"]}],"hasNext":true}"#
    let late =
      #"{"message":"Int cannot represent non-integer value: \"x\"","locations":[{"line":1,"column":36}],"path":["loose",1]}"#
    try await check(
      query, .null,
      [
        #"{"data":{"hero":{"name":null},"loose":[]},"errors":[\#(error)],\#(pending)"#,
        #"{"incremental":[{"id":"0","data":{"age":30}},{"id":"1","items":[1,null,3],"errors":[\#(late)]}],"completed":[{"id":"0"},{"id":"1"}],"hasNext":false}"#,
      ])
  }

  @Test func `a stream inside of a fragment fails alone, or with HALT everything`() async throws {
    let query = "{ hero { id ... @defer { strict @stream(initialCount: 1) age } } }"
    let initial = #"{"data":{"hero":{"id":"1"}},"pending":[{"id":"0","path":["hero"]}],"hasNext":true}"#
    let error = error("Cannot return null for non-nullable field Hero.strict.", 26, #"["hero","strict",1]"#)
    let failed =
      #"{"pending":[{"id":"1","path":["hero","strict"]}],"incremental":[{"id":"0","data":{"strict":[1],"age":30}}],"completed":[{"id":"0"},{"id":"1","errors":[\#(error)]}],"hasNext":false}"#
    try await check(query, .propagate, [initial, failed])
    try await check(query, .halt, [initial, failed])
    try await check(
      query, .null,
      [
        initial,
        #"{"pending":[{"id":"1","path":["hero","strict"]}],"incremental":[{"id":"0","data":{"strict":[1],"age":30}},{"id":"1","items":[null,3],"errors":[\#(error)]}],"completed":[{"id":"0"},{"id":"1"}],"hasNext":false}"#,
      ])
  }

  private static func ticketed() throws -> IncrementalEngine {
    try IncrementalEngine("type Query { id: ID, a: Int!, b: Int, c: Int }") { wiring, _ in
      for name in ["a", "b", "c"] {
        wiring.bind("Query", name, .batch { .pending(try $0.context(as: Tickets.self).make(name)) })
      }
    }
  }

  private static let three = "{ id ... @defer { a } ... @defer { b } ... @defer { c } }"

  @Test(arguments: [ErrorBehavior.propagate, .null, .halt])
  func `a resolver that fails cancels the others only with HALT`(_ behavior: ErrorBehavior) async throws {
    let tickets = Tickets()
    let response = try await Self.ticketed().respond(
      Self.three, root: ["id": 1], context: tickets, onError: behavior)
    var payloads = try #require(response.payloads).makeAsyncIterator()
    async let first = payloads.next()
    await tickets.wait(for: "c")
    try tickets.take("b").fulfill(.leaves([2]))
    #expect(await first?.hasNext == true)
    async let second = payloads.next()
    try tickets.take("a").fail(GraphQLError("no"))
    let error = #"{"message":"no","locations":[{"line":1,"column":19}],"path":["a"]}"#
    let text = await second?.text
    switch behavior {
    case .propagate: #expect(text == #"{"completed":[{"id":"0","errors":[\#(error)]}],"hasNext":true}"#)
    case .null:
      #expect(
        text
          == #"{"incremental":[{"id":"0","data":{"a":null},"errors":[\#(error)]}],"completed":[{"id":"0"}],"hasNext":true}"#
      )
    case .halt:
      #expect(
        text
          == #"{"completed":[{"id":"0","errors":[\#(error)]},{"id":"2","errors":[\#(error)]}],"hasNext":false}"#
      )
      #expect(tickets.noted.suffix(1) == ["c cancelled"])
      #expect(await payloads.next() == nil)
      return
    }
    try tickets.take("c").fulfill(.leaves([3]))
    #expect(
      await payloads.next()?.text
        == #"{"incremental":[{"id":"2","data":{"c":3}}],"completed":[{"id":"2"}],"hasNext":false}"#
    )
  }

  @Test func `the request's cancellation ends what is delivered, and says so`() async throws {
    let tickets = Tickets()
    let engine = try Self.ticketed().engine
    var request = ExecutionRequest(context: tickets, root: .dynamic([["id": 1]]))
    let cancellation = Cancellation()
    request.cancellation = cancellation
    let response = await engine.executeIncrementally(try engine.prepare(Self.three), request)
    var payloads = try #require(response.payloads).makeAsyncIterator()
    async let payload = payloads.next()
    await tickets.wait(for: "c")
    cancellation.cancel()
    let notices = (0..<3).map { #"{"id":"\#($0)","errors":[{"message":"The execution was cancelled."}]}"# }
    #expect(await payload?.text == #"{"completed":[\#(notices.joined(separator: ","))],"hasNext":false}"#)
    #expect(await payloads.next() == nil)
    #expect(tickets.noted.suffix(3).sorted() == ["a cancelled", "b cancelled", "c cancelled"])
  }

  @Test func `it ends the initial result too`() async throws {
    let tickets = Tickets()
    let engine = try Self.ticketed().engine
    var request = ExecutionRequest(context: tickets, root: .dynamic([["id": 1]]))
    let cancellation = Cancellation()
    request.cancellation = cancellation
    let operation = try engine.prepare("{ b ... @defer { a } }")
    let task = Task { [request] in await engine.executeIncrementally(operation, request) }
    await tickets.wait(for: "b")
    cancellation.cancel()
    let response = await task.value
    #expect(response.initial.text == #"{"data":null,"errors":[{"message":"The execution was cancelled."}]}"#)
    #expect(response.initial.isCancelled && !response.hasNext)
    #expect(tickets.noted == ["b", "b cancelled"])
  }

  @Test func `a fragment that is too large fails alone, at the position where it outgrew its bound`()
    async throws
  {
    var limits = EngineLimits()
    limits.responseBytes = 200
    let engine = try IncrementalEngine(
      "type Query { nodes: [Node] } type Node { id: ID, l: [Int] }", limits: limits)
    let long = InputValue.list([InputValue](repeating: 1_000_000, count: 40))
    let texts = try await engine.run(
      "{ nodes { id ... @defer { l } } }",
      root: ["nodes": [["id": 1, "l": long], ["id": 2, "l": [7]]]])
    let head =
      #"{"incremental":[{"id":"1","data":{"l":[7]}}],"completed":[{"id":"0","errors":[{"message":"The response is larger than 200 bytes.","locations":[{"line":1,"column":27}],"path":["nodes",0,"l","#
    #expect(texts.count == 2 && texts[1].hasPrefix(head))
  }
}
