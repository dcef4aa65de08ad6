import GraphQLEngine
import Synchronization
import Testing

/// A sequence that a test feeds itself.
private final class Feed: RequestContext {
  private let source: Mutex<AsyncThrowingStream<Column, any Error>?>
  private let continuation: AsyncThrowingStream<Column, any Error>.Continuation
  private let endings: AsyncStream<Void>

  init() {
    let (endings, ending) = AsyncStream<Void>.makeStream()
    self.endings = endings
    let stream: AsyncThrowingStream<Column, any Error>
    (stream, continuation) = AsyncThrowingStream<Column, any Error>.makeStream()
    source = Mutex(stream)
    continuation.onTermination = { _ in ending.finish() }
  }

  /// Given away, so that it ends when its reader lets go of it.
  func takeStream() throws -> FieldBinding.ItemStream {
    try #require(
      source.withLock { source in
        defer { source = nil }
        return source
      })
  }

  func send(_ ids: Int...) {
    continuation.yield(.objects(.dynamic(ids.map { ["id": .int($0), "name": .string("n\($0)")] })))
  }

  func send(_ column: Column) { continuation.yield(column) }

  func end(_ error: (any Error)? = nil) { continuation.finish(throwing: error) }

  /// Returns when nobody reads any more, or the feed has ended.
  func waitForEnd() async { for await _ in endings {} }
}

@Suite("§ 6.4.3 Lists from asynchronous sequences")
struct IncrementalSequenceTests {
  static let sdl = """
    type Query { friends: [Friend], strict: [Friend!], must: [Friend!]!, numbers: [Int], nest: Nest, nests: [Nest] }
    type Nest { name: String, must: String!, friends: [Friend] }
    type Friend { id: ID, name: String, must: String! }
    """

  private static func engine(_ limits: EngineLimits = EngineLimits()) throws -> IncrementalEngine {
    try IncrementalEngine(sdl, limits: limits) { wiring, _ in
      let feed = FieldBinding.items { call in
        let feed = try call.context(as: Feed.self)
        return try (0..<call.parents.count).map { _ in try feed.takeStream() }
      }
      for (type, field) in [
        ("Query", "friends"), ("Query", "strict"), ("Query", "must"), ("Query", "numbers"),
        ("Nest", "friends"),
      ] {
        wiring.bind(type, field, feed)
      }
    }
  }

  private func iterator(
    _ query: String, _ feed: Feed, root: InputValue = [:]
  ) async throws -> (String, IncrementalPayloads.Iterator) {
    let response = try await Self.engine().respond(query, root: root, context: feed)
    return (response.initial.text, try #require(response.payloads).makeAsyncIterator())
  }

  @Test func `without @stream the items are collected`() async throws {
    let feed = Feed()
    feed.send(1, 2)
    feed.send(3)
    feed.end()
    let texts = try await Self.engine().run("{ friends { id } }", root: [:], context: feed)
    #expect(texts == [#"{"data":{"friends":[{"id":"1"},{"id":"2"},{"id":"3"}]}}"#])
  }

  @Test func `plain execution collects too, up to a bound`() async throws {
    var limits = EngineLimits()
    limits.sequenceItems = 2
    for (count, expected) in [
      (2, #"{"data":{"numbers":[0,1]}}"#),
      (
        3,
        #"{"data":{"numbers":null},"errors":[{"message":"The list has more than 2 items.","locations":[{"line":1,"column":3}],"path":["numbers"]}]}"#
      ),
    ] {
      let feed = Feed()
      for number in 0..<count { feed.send(.leaves([number])) }
      feed.end()
      let engine = try Self.engine(limits).engine
      let prepared = try engine.prepare("{ numbers @stream }")
      let request = ExecutionRequest(context: feed, root: .dynamic([[:]]))
      #expect(await engine.execute(prepared, request).text == expected)
    }
  }

  @Test func `streamed items are delivered as they arrive`() async throws {
    let feed = Feed()
    feed.send(1)
    feed.send(2, 3)
    var (initial, payloads) = try await iterator("{ friends @stream(initialCount: 2) { id } }", feed)
    #expect(
      initial
        == #"{"data":{"friends":[{"id":"1"},{"id":"2"}]},"pending":[{"id":"0","path":["friends"]}],"hasNext":true}"#
    )
    #expect(
      await payloads.next()?.text == #"{"incremental":[{"id":"0","items":[{"id":"3"}]}],"hasNext":true}"#)
    feed.send(4)
    #expect(
      await payloads.next()?.text == #"{"incremental":[{"id":"0","items":[{"id":"4"}]}],"hasNext":true}"#)
    feed.end()
    #expect(await payloads.next()?.text == #"{"completed":[{"id":"0"}],"hasNext":false}"#)
    #expect(await payloads.next() == nil)
  }

  @Test func `an error of an item is the item's, wherever its column is cut`() async throws {
    func numbers() -> Column {
      Column.leaves([0, 1, 2, 3]).failing([1: GraphQLError("one"), 3: GraphQLError("three")])
    }
    func error(_ name: String, _ index: Int) -> String {
      #"{"message":"\#(name)","locations":[{"line":1,"column":3}],"path":["numbers",\#(index)]}"#
    }
    for count in 0...4 {
      let feed = Feed()
      feed.send(numbers())
      feed.end()
      let texts = try await Self.engine().run(
        "{ numbers @stream(initialCount: \(count)) }", root: [:], context: feed)
      let merged = try PayloadMerger(texts)
      #expect(merged.data == ["numbers": [0, nil, 2, nil]])
      #expect(
        merged.errors == [try JSONReader.read(error("one", 1)), try JSONReader.read(error("three", 3))])
    }
    let feed = Feed()
    feed.send(.objects(.dynamic([["id": 1], ["id": 2]])).failing([0: GraphQLError("gone")]))
    feed.end()
    #expect(
      try await Self.engine().run("{ friends { id } }", root: [:], context: feed) == [
        #"{"data":{"friends":[null,{"id":"2"}]},"errors":[{"message":"gone","locations":[{"line":1,"column":3}],"path":["friends",0]}]}"#
      ])
  }

  @Test func `a sequence that ends within the initial items is not streamed`() async throws {
    let feed = Feed()
    feed.send(1)
    feed.end()
    let texts = try await Self.engine().run(
      "{ friends @stream(initialCount: 2) { id } }", root: [:], context: feed)
    #expect(texts == [#"{"data":{"friends":[{"id":"1"}]}}"#])
  }

  @Test func `an error before the initial items is the field's`() async throws {
    let feed = Feed()
    feed.send(1)
    feed.end(GraphQLError("bad"))
    let texts = try await Self.engine().run(
      "{ friends @stream(initialCount: 2) { id } }", root: [:], context: feed)
    #expect(
      texts == [
        #"{"data":{"friends":null},"errors":[{"message":"bad","locations":[{"line":1,"column":3}],"path":["friends"]}]}"#
      ])
  }

  @Test func `an error behind them ends the stream`() async throws {
    let feed = Feed()
    feed.send(1)
    feed.end(GraphQLError("bad"))
    let texts = try await Self.engine().run(
      "{ friends @stream(initialCount: 1) { id } }", root: [:], context: feed)
    #expect(
      texts == [
        #"{"data":{"friends":[{"id":"1"}]},"pending":[{"id":"0","path":["friends"]}],"hasNext":true}"#,
        #"{"completed":[{"id":"0","errors":[{"message":"bad","locations":[{"line":1,"column":3}],"path":["friends"]}]}],"hasNext":false}"#,
      ])
  }

  @Test func `a failed item that may be null does not end the stream`() async throws {
    let feed = Feed()
    feed.send(1)
    var (_, payloads) = try await iterator("{ friends @stream { must } }", feed)
    let error =
      #"{"message":"Cannot return null for non-nullable field Friend.must.","locations":[{"line":1,"column":21}],"path":["friends",0,"must"]}"#
    #expect(
      await payloads.next()?.text
        == #"{"incremental":[{"id":"0","items":[null],"errors":[\#(error)]}],"hasNext":true}"#)
    feed.send(.objects(.dynamic([["must": "m"]])))
    #expect(
      await payloads.next()?.text == #"{"incremental":[{"id":"0","items":[{"must":"m"}]}],"hasNext":true}"#)
    feed.end()
    #expect(await payloads.next()?.hasNext == false)
  }

  @Test func `one that may not be null ends the stream and its source`() async throws {
    let feed = Feed()
    feed.send(.objects(.dynamic([["must": "m"]])))
    var (_, payloads) = try await iterator("{ must @stream { must } }", feed)
    #expect(
      await payloads.next()?.text == #"{"incremental":[{"id":"0","items":[{"must":"m"}]}],"hasNext":true}"#)
    feed.send(2)
    let last = await payloads.next()
    #expect(
      last?.text.hasPrefix(#"{"completed":[{"id":"0","errors":[{"message":"Cannot return null"#) == true)
    #expect(last?.hasNext == false)
    await feed.waitForEnd()
  }

  @Test func `fragments of items are delivered while the sequence goes on`() async throws {
    let feed = Feed()
    feed.send(1)
    var (initial, payloads) = try await iterator(
      "{ friends @stream(initialCount: 1) { id ... @defer { name } } }", feed)
    #expect(
      initial
        == #"{"data":{"friends":[{"id":"1"}]},"pending":[{"id":"0","path":["friends",0]},{"id":"1","path":["friends"]}],"hasNext":true}"#
    )
    #expect(
      await payloads.next()?.text
        == #"{"incremental":[{"id":"0","data":{"name":"n1"}}],"completed":[{"id":"0"}],"hasNext":true}"#)
    feed.send(2)
    #expect(
      await payloads.next()?.text
        == #"{"pending":[{"id":"2","path":["friends",1]}],"incremental":[{"id":"1","items":[{"id":"2"}]},{"id":"2","data":{"name":"n2"}}],"completed":[{"id":"2"}],"hasNext":true}"#
    )
    feed.end()
    #expect(await payloads.next()?.text == #"{"completed":[{"id":"1"}],"hasNext":false}"#)
  }

  @Test func `a stream whose parent became null ends its source`() async throws {
    let feed = Feed()
    let texts = try await Self.engine().run(
      "{ nest { friends @stream { id } must } }", root: ["nest": [:]], context: feed)
    #expect(texts.count == 1 && texts[0].hasPrefix(#"{"data":{"nest":null}"#))
    await feed.waitForEnd()
  }

  @Test func `letting go of the payloads ends the source`() async throws {
    let feed = Feed()
    feed.send(1)
    do {
      var (_, payloads) = try await iterator("{ friends @stream { id } }", feed)
      #expect(await payloads.next()?.hasNext == true)
    }
    await feed.waitForEnd()
  }

  @Test func `cancelling the reader ends the source`() async throws {
    let feed = Feed()
    let (_, payloads) = try await iterator("{ friends @stream { id } }", feed)
    let (started, start) = AsyncStream<Void>.makeStream()
    let reader = Task {
      var payloads = payloads
      start.finish()
      return await payloads.next()?.text
    }
    for await _ in started {}
    reader.cancel()
    #expect(await reader.value == nil)
    await feed.waitForEnd()
  }

  @Test func `so many payloads are enough`() async throws {
    var limits = EngineLimits()
    limits.payloads = 2
    let feed = Feed()
    let response = try await Self.engine(limits).respond(
      "{ friends @stream { id } }", root: [:], context: feed)
    var payloads = try #require(response.payloads).makeAsyncIterator()
    feed.send(1)
    #expect(await payloads.next()?.hasNext == true)
    feed.send(2)
    #expect(
      await payloads.next()?.text
        == #"{"incremental":[{"id":"0","items":[{"id":"2"}]}],"completed":[{"id":"0","errors":[{"message":"The response has more than 2 payloads."}]}],"hasNext":false}"#
    )
    #expect(await payloads.next() == nil)
    await feed.waitForEnd()
  }
}
