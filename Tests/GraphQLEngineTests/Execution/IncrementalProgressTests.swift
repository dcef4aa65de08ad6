import GraphQLEngine
import Synchronization
import Testing

/// Tickets that a test fulfils itself, by field.
private final class Counter: RequestContext {
  private let tickets = Mutex<[String: Ticket]>([:])
  let cancelled = Mutex<[String]>([])
  private let arrivals: AsyncStream<String>
  private let continuation: AsyncStream<String>.Continuation

  init() { (arrivals, continuation) = AsyncStream.makeStream() }

  func ticket(_ name: String) -> Ticket {
    let ticket = Ticket { [weak self] in self?.cancelled.withLock { $0.append(name) } }
    tickets.withLock { $0[name] = ticket }
    continuation.yield(name)
    return ticket
  }

  func take(_ name: String) throws -> Ticket { try #require(tickets.withLock { $0[name] }) }

  func has(_ name: String) -> Bool { tickets.withLock { $0[name] != nil } }

  /// Returns when a ticket was handed out for a field.
  func wait(for name: String) async {
    if has(name) { return }
    for await arrival in arrivals where arrival == name { break }
  }
}

@Suite("Incremental delivery: progress, batches, bounds")
struct IncrementalProgressTests {
  private static func engine(_ limits: EngineLimits = EngineLimits()) throws -> IncrementalEngine {
    let names = (0..<20).map { "f\($0)" }
    let sdl =
      "type Query { node: Node } type Node { id: ID, \(names.map { "\($0): Int" }.joined(separator: " ")) }"
    return try IncrementalEngine(sdl, limits: limits) { wiring, _ in
      for name in names {
        wiring.bind("Node", name, .batch { .pending(try $0.context(as: Counter.self).ticket(name)) })
      }
    }
  }

  private static let root: InputValue = ["node": ["id": 1]]

  @Test func `a fragment that is ready does not wait for another one`() async throws {
    let counter = Counter()
    let response = try await Self.engine().respond(
      "{ node { id ... @defer { f0 } ... @defer { f1 } } }", root: Self.root, context: counter)
    var payloads = try #require(response.payloads).makeAsyncIterator()
    #expect(!counter.has("f0") && !counter.has("f1"), "nothing deferred is begun early")
    async let first = payloads.next()
    await counter.wait(for: "f1")
    try counter.take("f1").fulfill(.leaves([1]))
    #expect(
      await first?.text
        == #"{"incremental":[{"id":"1","data":{"f1":1}}],"completed":[{"id":"1"}],"hasNext":true}"#)
    try counter.take("f0").fulfill(.leaves([0]))
    #expect(
      await payloads.next()?.text
        == #"{"incremental":[{"id":"0","data":{"f0":0}}],"completed":[{"id":"0"}],"hasNext":false}"#)
  }

  @Test func `only so many batches are executed at a time`() async throws {
    var limits = EngineLimits()
    limits.concurrentDeliveries = 2
    let counter = Counter()
    let fragments = (0..<4).map { "... @defer { f\($0) }" }.joined(separator: " ")
    let response = try await Self.engine(limits).respond(
      "{ node { \(fragments) } }", root: Self.root, context: counter)
    var payloads = try #require(response.payloads).makeAsyncIterator()
    for number in 0..<4 {
      async let payload = payloads.next()
      // Two are under way until there are no more.
      await counter.wait(for: "f\(min(number + 1, 3))")
      #expect(!counter.has("f\(number + 2)"))
      try counter.take("f\(number)").fulfill(.leaves([number]))
      #expect(await payload?.text.contains("{\"f\(number)\":\(number)}") == true)
    }
    #expect(await payloads.next() == nil)
  }

  @Test func `letting go of the payloads gives up the tickets`() async throws {
    let counter = Counter()
    let response = try await Self.engine().respond(
      "{ node { id ... @defer { f0 } ... @defer { f1 } } }", root: Self.root, context: counter)
    let reader = Task { [payloads = try #require(response.payloads)] in
      for await _ in payloads { Issue.record("nothing is ready") }
    }
    await counter.wait(for: "f1")
    reader.cancel()
    await reader.value
    #expect(counter.cancelled.withLock { $0.sorted() } == ["f0", "f1"])
  }

  @Test func `the caller's check ends what is open with an error`() async throws {
    let counter = Counter()
    let isOver = Mutex(false)
    let engine = try Self.engine().engine
    let prepared = try engine.prepare("{ node { id ... @defer { f0 } } }")
    var request = ExecutionRequest(context: counter, root: .dynamic([Self.root]))
    let check: @Sendable () -> Bool = { isOver.withLock { $0 } }
    request.isCancelled = check
    let response = await engine.executeIncrementally(prepared, request)
    var payloads = try #require(response.payloads).makeAsyncIterator()
    async let payload = payloads.next()
    await counter.wait(for: "f0")
    isOver.withLock { $0 = true }
    try counter.take("f0").fulfill(.leaves([0]))
    #expect(
      await payload?.text
        == #"{"completed":[{"id":"0","errors":[{"message":"The execution was cancelled."}]}],"hasNext":false}"#
    )
  }

  @Test func `more open fragments than allowed are an error instead of data`() async throws {
    var limits = EngineLimits()
    limits.openDeliveries = 3
    let engine = try IncrementalEngine(
      "type Query { list: [Node] } type Node { id: ID, list: [Node] }", limits: limits)
    let four: InputValue = .list([InputValue](repeating: ["id": 1], count: 4))
    let message =
      #"{"message":"The operation has more than 3 deferred fragments and streams open."}"#
    #expect(
      try await engine.run("{ list { ... @defer { id } } }", root: ["list": four]) == [
        #"{"data":null,"errors":[\#(message)]}"#
      ])
    let nested = try await engine.run(
      "{ ... @defer { list { ... @defer { id } } } }", root: ["list": four])
    #expect(
      nested == [
        #"{"data":{},"pending":[{"id":"0","path":[]}],"hasNext":true}"#,
        #"{"completed":[{"id":"0","errors":[\#(message)]}],"hasNext":false}"#,
      ])
  }

  @Test func `fragments may nest as deep as selections`() async throws {
    let engine = try IncrementalEngine("type Query { n: Int, q: Query }")
    func query(_ depth: Int) -> String {
      let spreads = (0..<depth).map { "fragment F\($0) on Query { a\($0): n ...F\($0 + 1) @defer }" }
      return "{ ...F0 } \(spreads.joined(separator: " ")) fragment F\(depth) on Query { n }"
    }
    let root = Rows.dynamic([["n": 1]])
    let known = try engine.engine.prepare(query(200), isValidated: false)
    let response = await engine.engine.executeIncrementally(known, ExecutionRequest(root: root))
    var texts = [response.initial.text]
    for await payload in try #require(response.payloads) { texts.append(payload.text) }
    let data = try #require(try PayloadMerger(texts).data.object)
    #expect(data.fields.count == 201)
    let deeper = try engine.engine.prepare(query(201), isValidated: false)
    #expect(
      await engine.engine.executeIncrementally(deeper, ExecutionRequest(root: root)).initial.text
        == #"{"errors":[{"message":"The operation nests @defer deeper than 200 levels."}]}"#)
  }

  @Test func `spreading deferred fragments again and again is bounded`() async throws {
    var limits = EngineLimits()
    limits.validation.fragmentVisits = 1 << 30
    limits.validation.fieldsAfterFragments = 1 << 30
    let engine = try IncrementalEngine("type Query { n: Int }", limits: limits)
    let fragments = (0..<40).map { "fragment F\($0) on Query { ...F\($0 + 1) @defer ...F\($0 + 1) @defer }" }
    let query = "{ ...F0 } \(fragments.joined(separator: " ")) fragment F40 on Query { n }"
    let prepared = try engine.engine.prepare(query, isValidated: false)
    let response = await engine.engine.executeIncrementally(prepared)
    #expect(
      response.initial.text
        == #"{"errors":[{"message":"The operation spreads more than 100000 selections."}]}"#)
  }
}

@Suite("Incremental delivery over rows, tables and mutations")
struct IncrementalRowsTests {
  private func library() throws -> IncrementalEngine {
    try IncrementalEngine(Library.sdl, isDynamic: false, Library.bind)
  }

  @Test func `deferred fields of all objects of a level are one batch`() async throws {
    let log = CallLog()
    let texts = try await library().run(
      "{ authors { id ... @defer { bookCount editor { name } } } }", context: log)
    #expect(texts.count == 2)
    #expect(log.calls == ["Query.authors 1", "Author.bookCount 3", "editors [7]"])
    #expect(texts[1].contains(#"{"id":"2","data":{"bookCount":0,"editor":{"id":"7"#) == false)
    #expect(texts[1].contains(#"{"id":"0","data":{"bookCount":2,"editor":{"name":"E7"}}}"#))
  }

  @Test func `the later items of all lists of a level are one batch`() async throws {
    let log = CallLog()
    let texts = try await library().run(
      "{ authors { friends @stream(initialCount: 1) { name bookCount } } }", context: log)
    #expect(texts.count == 2)
    // Every author has the same two friends: the first one at once, the second one later.
    #expect(
      log.calls == ["Query.authors 1", "Author.friends 3", "Author.bookCount 1", "Author.bookCount 1"])
    #expect(texts[1].contains(#"{"id":"2","items":[{"name":"Bob","bookCount":0}]}"#))
  }

  @Test func `resident and derived lists are streamed`() async throws {
    let texts = try await library().run(
      "{ authors { books @stream(initialCount: 1) { title } numbers @stream(initialCount: 1) { value ... @defer { next { value } } } } }"
    )
    #expect(texts.count == 2)
    #expect(
      texts[0].hasPrefix(
        #"{"data":{"authors":[{"books":[{"title":"A \"quoted\" one"}],"numbers":[{"value":0}]},{"books":[],"numbers":[{"value":0}]},{"books":null,"numbers":null}]},"pending":["#
      ))
    #expect(texts[1].contains(#""items":[{"title":"Two"}]"#) && texts[1].contains(#""items":[{"value":1}]"#))
    #expect(texts[1].contains(#""data":{"next":{"value":2}}"#))
  }

  @Test func `the columns of deferred fields are selected with the row`() async throws {
    let selected = Mutex<[String]>([])
    let sdl = "type Query { flow: Flow } type Flow { id: ID, name: String, note: String }"
    let table = MemoryTable([[[UInt8]("1".utf8)], [[UInt8]("one".utf8)], [[UInt8]("n".utf8)]])
    let engine = try IncrementalEngine(sdl, isDynamic: false) { wiring, schema in
      for name in ["id", "name", "note"] { wiring.bind("Flow", name, .cell) }
      wiring.bind(
        "Query", "flow",
        .batch { call in
          var layout: [FieldID: TableLayout.Entry] = [:]
          for field in call.selection.types.flatMap(call.selection.fields) {
            let name = call.schema.name(call.schema[field].name)
            selected.withLock { $0.append(name) }
            let column = ["id": 0, "name": 1, "note": 2][name] ?? 0
            layout[field] = TableLayout.Entry(column: column, format: .text)
          }
          return .ready(.object(.table(table, layout: TableLayout(entries: layout))))
        })
    }
    let texts = try await engine.run("{ flow { id ... @defer { name } } }")
    #expect(selected.withLock { $0 } == ["id", "name"])
    #expect(
      texts == [
        #"{"data":{"flow":{"id":"1"}},"pending":[{"id":"0","path":["flow"]}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","data":{"name":"one"}}],"completed":[{"id":"0"}],"hasNext":false}"#,
      ])
  }

  @Test func `a list of a table's rows is streamed, with deferred columns`() async throws {
    let sdl = "type Query { flows: [Flow!]! } type Flow { id: ID, name: String, names: [String] }"
    let names = ["a", "b", "c"].map { [UInt8]($0.utf8) }
    let table = MemoryTable([(1...3).map { [UInt8](String($0).utf8) }, names])
    let engine = try IncrementalEngine(sdl, isDynamic: false) { wiring, schema in
      wiring.bind("Flow", "id", .cell)
      wiring.bind("Flow", "name", .cell)
      wiring.bind(
        "Flow", "names",
        .batch { call in
          let counts = [Int](repeating: 2, count: call.parents.count)
          let rows = (0..<call.parents.count).flatMap { [$0, $0] }
          return .ready(Column.cells(of: table, column: 1, format: .text, rows: rows).lists(counts: counts))
        })
      let type = schema.type(named: "Flow")
      var entries: [FieldID: TableLayout.Entry] = [:]
      for (column, name) in ["id", "name"].enumerated() {
        guard let field = type.flatMap({ schema.field(named: name, in: $0) }) else { continue }
        entries[field] = TableLayout.Entry(column: column, format: .text)
      }
      let layout = TableLayout(entries: entries)
      wiring.bind("Query", "flows", .batch { _ in .ready(.list(.table(table, layout: layout))) })
    }
    let texts = try await engine.run(
      "{ flows @stream(initialCount: 1) { id ... @defer { name names @stream(initialCount: 1) } } }")
    let merged = try PayloadMerger(texts)
    #expect(merged.errors == [])
    let first: [InputValue] = ["a", "b", "c"]
    let expected = first.enumerated().map { index, name -> InputValue in
      // `names` is called for the initial row and for the later ones, each time from the table's first row.
      let own = index == 0 ? first[0] : first[index - 1]
      return ["id": .string(String(index + 1)), "name": name, "names": [own, own]]
    }
    #expect(merged.data == ["flows": .list(expected)])
    #expect(texts[0].hasPrefix(#"{"data":{"flows":[{"id":"1"}]},"pending":["#))
  }

  @Test func `introspection can be deferred and streamed`() async throws {
    let engine = try IncrementalEngine("type Query { n: Int }")
    let texts = try await engine.run(
      "{ n ... @defer { __schema { queryType { name ... @defer { fields @stream { name } } } } } }",
      root: ["n": 1])
    let merged = try PayloadMerger(texts)
    #expect(merged.errors == [])
    #expect(
      merged.data == ["n": 1, "__schema": ["queryType": ["name": "Query", "fields": [["name": "n"]]]]])
  }

  @Test func `what a mutation defers is executed behind all its fields`() async throws {
    let log = CallLog()
    let engine = try IncrementalEngine(
      "type Query { x: Int } type Mutation { first: Result, second: Result } type Result { n: Int, late: Int }"
    ) { wiring, _ in
      for name in ["first", "second"] {
        wiring.bind(
          "Mutation", name,
          .batch { call in
            log.note(name)
            return .ready(.object(.dynamic([["n": 1]])))
          })
      }
      wiring.bind(
        "Result", "late",
        .batch { call in
          log.note("late \(call.parents.count)")
          return .ready(.leaves([2]))
        })
    }
    let texts = try await engine.run("mutation { first { n ... @defer { late } } second { n } }", root: [:])
    #expect(log.calls == ["first", "second", "late 1"])
    #expect(
      texts == [
        #"{"data":{"first":{"n":1},"second":{"n":1}},"pending":[{"id":"0","path":["first"]}],"hasNext":true}"#,
        #"{"incremental":[{"id":"0","data":{"late":2}}],"completed":[{"id":"0"}],"hasNext":false}"#,
      ])
  }

  @Test func `a subscription is not executed incrementally`() async throws {
    let engine = try IncrementalEngine("type Query { x: Int } type Subscription { tick: Int }")
    let prepared = try engine.engine.prepare("subscription { tick }")
    let response = await engine.engine.executeIncrementally(prepared)
    #expect(!response.hasNext && !response.initial.hasData)
  }

  @Test func `a document is planned once for each way of executing it`() async throws {
    let engine = try IncrementalEngine("type Query { n: Int, m: Int }")
    let query = "query($if: Boolean!) { n ... @defer(if: $if) { m } }"
    let root: InputValue = ["n": 1, "m": 2]
    for _ in 0..<2 {
      #expect(try await engine.run(query, root: root, variables: try object(#"{"if":true}"#)).count == 2)
      #expect(
        try await engine.run(query, root: root, variables: try object(#"{"if":false}"#)) == [
          #"{"data":{"n":1,"m":2}}"#
        ])
    }
  }
}
