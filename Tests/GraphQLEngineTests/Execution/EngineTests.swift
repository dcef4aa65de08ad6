@testable import GraphQLEngine
import Foundation
import Synchronization
import Testing

private final class Viewer: RequestContext {
  let isAdmin: Bool
  let checks = Mutex(0)
  init(isAdmin: Bool) { self.isAdmin = isAdmin }
}

private struct Forbidden: ClientVisibleError {
  var graphQLError: GraphQLError {
    GraphQLError("Not for you", extensions: [ErrorExtension(key: "code", json: "\"FORBIDDEN\"")])
  }
}

private struct ShapeRow: Sendable {
  var isRound: Bool
  var size: Int
}

private enum ShapeSize: LeafField {
  static func write(_ row: UnsafePointer<ShapeRow>, _ out: inout JSONWriter) { out.write(row.pointee.size) }
}

private struct BoxRow: Sendable {
  var shapes: RowList<ShapeRow>
}

private enum BoxShapes: ListField {
  static func rows(_ row: UnsafePointer<BoxRow>) -> RowSlice<ShapeRow>? { row.pointee.shapes.slice }
}

@Suite("Engine: the pipeline, its cache and its limits")
struct EngineTests {
  static let sdl =
    "type Query { a: Int, q: Query, list: [Query] } type Subscription { tick: Int, other: Int } type Mutation { m: Int }"

  @Test func `the operation is chosen by name`() async throws {
    let engine = try TestEngine(Self.sdl)
    let query = "query A { a } query B { b: a }"
    #expect(await engine.run(query, root: ["a": 1], operationName: "B") == #"{"data":{"b":1}}"#)
    #expect(
      await engine.run(query)
        == #"{"errors":[{"message":"Must provide operation name if query contains multiple operations."}]}"#)
    #expect(
      await engine.run(query, operationName: "C")
        == #"{"errors":[{"message":"Unknown operation named \"C\"."}]}"#)
    #expect(
      await engine.run("{ a }", operationName: "")
        == #"{"errors":[{"message":"Unknown operation named \"\"."}]}"#)
    #expect(
      await engine.run("fragment F on Query { a }")
        == #"{"errors":[{"message":"Must provide an operation."}]}"#)
  }

  @Test func `syntax and validation errors have no data`() async throws {
    let engine = try TestEngine(Self.sdl)
    let syntax = await engine.response("{ a ")
    #expect(!syntax.hasData)
    #expect(syntax.errors.map(\.message) == ["Syntax Error: Expected Name, found <EOF>."])
    let invalid = await engine.response("{ b }", isValidated: true)
    #expect(
      invalid.text
        == #"{"errors":[{"message":"Cannot query field \"b\" on type \"Query\". Did you mean \"a\" or \"q\"?","locations":[{"line":1,"column":3}]}]}"#
    )
  }

  @Test func `a prepared operation is found again by the document's bytes and the name`() throws {
    let engine = try TestEngine(Self.sdl).engine
    let first = try engine.prepare("query A { a } query B { a }", operationName: "A")
    #expect(try engine.prepare("query A { a } query B { a }", operationName: "A") === first)
    #expect(try engine.prepare("query A { a } query B { a }", operationName: "B") !== first)
    #expect(try engine.prepare("query A { a } query B { a } ", operationName: "A") !== first)
    #expect(engine.cache.count == 3)
  }

  @Test func `the cache is bounded in bytes and forgets what was not used`() throws {
    var limits = EngineLimits()
    limits.planCacheBytes = 25_000
    let engine = try TestEngine(Self.sdl, limits: limits).engine
    let kept = try engine.prepare("{ kept: a }")
    for index in 0..<200 {
      _ = try engine.prepare("{ f\(index): a }")
      #expect(try engine.prepare("{ kept: a }") === kept)
    }
    #expect((5..<50).contains(engine.cache.count))
    #expect(engine.cache.byteCount <= 25_000)
  }

  private static let pets = "{ pets { name ... on Dog { barks } ... on Cat { lives } } }"

  @Test func `the cache counts plans, those of abstract types as they are met`() async throws {
    let engine = try TestEngine(DynamicExecutionTests.sdl)
    _ = try engine.engine.prepare(Self.pets)
    var sizes = [engine.engine.cache.byteCount]
    for pets in ["[]", #"[{"__typename": "Dog"}]"#, #"[{"__typename": "Cat"}]"#, "[]"] {
      _ = await engine.run(Self.pets, root: try JSONReader.read("{\"pets\": \(pets)}"), isValidated: true)
      sizes.append(engine.engine.cache.byteCount)
    }
    #expect(sizes[0] < sizes[1] && sizes[1] < sizes[2] && sizes[2] < sizes[3] && sizes[3] == sizes[4])
    #expect(engine.engine.cache.count == 1)
  }

  @Test func `an operation whose plans outgrow the cache leaves it`() async throws {
    var limits = EngineLimits()
    let roomy = try TestEngine(DynamicExecutionTests.sdl).engine
    _ = try roomy.prepare(Self.pets)
    // Room for the document, not for its plan.
    limits.planCacheBytes = roomy.cache.byteCount + 200
    let engine = try TestEngine(DynamicExecutionTests.sdl, limits: limits)
    let prepared = try engine.engine.prepare(Self.pets)
    #expect(try engine.engine.prepare(Self.pets) === prepared)
    let root = try JSONReader.read(#"{"pets": [{"__typename": "Dog", "name": "Rex"}]}"#)
    let text = await engine.run(Self.pets, root: root, isValidated: true)
    #expect(text.hasPrefix(#"{"data":{"pets":[{"#))
    #expect(engine.engine.cache.count == 0 && engine.engine.cache.byteCount == 0)
    #expect(try engine.engine.prepare(Self.pets) !== prepared)
  }

  @Test func `limits are on and are named`() async throws {
    var limits = EngineLimits()
    limits.fields = 20
    limits.tokens = 1000
    limits.depth = 12
    let engine = try TestEngine(Self.sdl, limits: limits)
    let wide = "{ " + (0..<30).map { "f\($0): a" }.joined(separator: " ") + " }"
    #expect(await engine.run(wide) == #"{"errors":[{"message":"The operation has more than 20 fields."}]}"#)
    let doubling =
      "{ ...A } fragment A on Query { q { ...B } r: q { ...B } } fragment B on Query { q { ...C } r: q { ...C } } fragment C on Query { q { ...D } r: q { ...D } } fragment D on Query { a b: a }"
    #expect(await engine.run(doubling).contains("more than 20 fields"))
    let deep =
      "{ " + (0..<20).map { "q { ...F\($0) }" }.first! + " }"
      + (0..<20).map { " fragment F\($0) on Query { q { ...F\($0 + 1) } }" }.joined()
      + " fragment F20 on Query { a }"
    #expect(
      await engine.run(deep) == #"{"errors":[{"message":"The operation is nested deeper than 12 levels."}]}"#)
    let tokens = await engine.run("{ " + String(repeating: "a ", count: 2000) + "}")
    #expect(tokens.contains("1000"))
  }

  @Test func `an access check is asked once and fails at its fields`() async throws {
    let sdl = "type Query { open: Int, secret: Int, secrets: [Item!]! } type Item { n: Int, hidden: Int }"
    let engine = try TestEngine(sdl) { wiring, _ in
      let check: FieldBinding.AccessCheck = { context in
        guard let viewer = context as? Viewer else { throw Forbidden() }
        viewer.checks.withLock { $0 += 1 }
        if !viewer.isAdmin { throw Forbidden() }
      }
      wiring.bind("Query", "secret", FieldBinding.batch { _ in .ready(.leaves([1])) }.access(check))
      wiring.bind("Item", "hidden", FieldBinding.member.access(check).access { _ in })
    }
    let root = try JSONReader.read(#"{"open":1,"secrets":[{"n":1,"hidden":2},{"n":3,"hidden":4}]}"#)
    let query = "{ open secret secrets { n hidden } }"
    let admin = Viewer(isAdmin: true)
    #expect(
      await engine.run(query, root: root, context: admin)
        == #"{"data":{"open":1,"secret":1,"secrets":[{"n":1,"hidden":2},{"n":3,"hidden":4}]}}"#)
    #expect(admin.checks.withLock { $0 } == 2)
    let guest = Viewer(isAdmin: false)
    let response = await engine.response(query, root: root, context: guest)
    #expect(
      response.text.hasPrefix(
        #"{"data":{"open":1,"secret":null,"secrets":[{"n":1,"hidden":null},{"n":3,"hidden":null}]}"#))
    #expect(response.errors.count == 3)
    #expect(
      response.errors.allSatisfy { $0.message == "Not for you" && $0.extensions[0].json == "\"FORBIDDEN\"" })
    #expect(guest.checks.withLock { $0 } == 2)
  }

  @Test func `a type resolver tells the types of Swift rows, resident or fetched`() async throws {
    let sdl =
      "type Query { box: Box } type Box { shapes: [Shape!]!, again: [Shape!]! } interface Shape { size: Int! } type Circle implements Shape { size: Int!, area: Int } type Square implements Shape { size: Int!, side: Int }"
    let engine = try TestEngine(sdl, isDynamic: false) { wiring, _ in
      let rows = RowList([
        ShapeRow(isRound: true, size: 1), ShapeRow(isRound: false, size: 2), ShapeRow(isRound: true, size: 3),
      ])
      wiring.bind("Query", "box", .batch { _ in .ready(.objects(.swift([BoxRow(shapes: rows)]))) })
      wiring.bind("Box", "shapes", .list(BoxShapes.self))
      wiring.bind("Box", "again", .batch { _ in .ready(.list(.swift(rows))) })
      for type in ["Circle", "Square"] { wiring.bind(type, "size", .leaf(ShapeSize.self)) }
      wiring.bind(
        "Circle", "area",
        .batch { call in .ready(.leaves(try call.parents.rows(of: ShapeRow.self).map { $0.size * 10 })) })
      wiring.bind("Square", "side", .leaf(ShapeSize.self))
      wiring.resolveType("Shape", of: ShapeRow.self) { $0.pointee.isRound ? "Circle" : "Square" }
    }
    let items =
      #"[{"__typename":"Circle","size":1,"area":10},{"__typename":"Square","size":2,"side":2},{"__typename":"Circle","size":3,"area":30}]"#
    let text = await engine.run(
      "{ box { shapes { ...S } again { ...S } } } fragment S on Shape { __typename size ... on Circle { area } ... on Square { side } }",
      isValidated: true)
    #expect(text == #"{"data":{"box":{"shapes":\#(items),"again":\#(items)}}}"#)
  }

  @Test func `JSON objects may have batches below them`() async throws {
    let engine = try TestEngine("type Query { a: A, l: [[A]] } type A { n: Int, count: Int!, a: A }") {
      wiring, _ in
      wiring.bind(
        "A", "count",
        .batch { call in
          .ready(.leaves(try call.parents.rows(of: InputValue.self).map { $0["n"]?.int ?? 0 }))
        })
    }
    let root = try JSONReader.read(#"{"a":{"n":1,"a":{"n":2,"a":null}},"l":[[{"n":3},null],null,[]]}"#)
    #expect(
      await engine.run("{ a { count a { count a { count } } } l { n count } }", root: root)
        == #"{"data":{"a":{"count":1,"a":{"count":2,"a":null}},"l":[[{"n":3,"count":3},null],null,[]]}}"#)
  }

  @Test func `introspection answers through the same executor`() async throws {
    let engine = try TestEngine(Self.sdl)
    let text = await engine.run(
      #"{ __schema { queryType { name } } __type(name: "Query") { kind fields { name type { kind name ofType { name } } } } none: __type(name: "X") { name } a }"#,
      root: ["a": 1], isValidated: true)
    #expect(
      text
        == #"{"data":{"__schema":{"queryType":{"name":"Query"}},"__type":{"kind":"OBJECT","fields":[{"name":"a","type":{"kind":"SCALAR","name":"Int","ofType":null}},{"name":"q","type":{"kind":"OBJECT","name":"Query","ofType":null}},{"name":"list","type":{"kind":"LIST","name":null,"ofType":{"name":"Query"}}}]},"none":null,"a":1}}"#
    )
  }

  @Test func `the deepest allowed operation runs on a stack of 512 KiB`() async throws {
    let nesting = 190
    let query = String(repeating: "{ q ", count: nesting) + "{ a }" + String(repeating: "}", count: nesting)
    let levels = #"{"q":"#
    // The data nests deeper than the reader allows, so it is made here.
    var root: InputValue = ["a": 1]
    for _ in 0..<nesting { root = ["q": root] }
    let finalRoot = root
    let expected =
      "{\"data\":" + String(repeating: levels, count: nesting) + #"{"a":1}"#
      + String(repeating: "}", count: nesting) + "}"
    let engine = try TestEngine(Self.sdl).engine
    let text = await onSmallStack { runSynchronously(engine, query, root: finalRoot) }
    #expect(text == expected)
  }
}

@Suite("§ 6.2.3 Subscription")
struct SubscriptionTests {
  private static func engine(_ source: @escaping FieldBinding.StreamFunction) throws -> TestEngine {
    try TestEngine(
      "type Query { a: Int } type Subscription { tick(from: Int): Tick!, plain: Int } type Tick { n: Int! }"
    ) { wiring, _ in
      wiring.bind("Subscription", "tick", .stream(source))
    }
  }

  private func responses(
    _ engine: TestEngine, _ query: String, _ context: any RequestContext = EmptyContext()
  ) async throws -> [String] {
    let prepared = try engine.engine.prepare(query)
    var texts: [String] = []
    for await response in try await engine.engine.subscribe(prepared, ExecutionRequest(context: context)) {
      texts.append(response.text)
    }
    return texts
  }

  @Test func `each event is one response`() async throws {
    let engine = try Self.engine { call in
      let first = call.arguments.int("from") ?? 0
      return AsyncThrowingStream { continuation in
        for n in first..<first + 3 { continuation.yield(.objects(.dynamic([["n": .int(n)]]))) }
        continuation.yield(.objects(.dynamic([[:]])))
        continuation.finish()
      }
    }
    let texts = try await responses(engine, "subscription { t: tick(from: 5) { n } }")
    #expect(
      texts.prefix(3) == [#"{"data":{"t":{"n":5}}}"#, #"{"data":{"t":{"n":6}}}"#, #"{"data":{"t":{"n":7}}}"#])
    #expect(
      texts.last?.hasPrefix(
        #"{"data":null,"errors":[{"message":"Cannot return null for non-nullable field Tick.n.""#) == true)
  }

  @Test func `a source that fails ends with its error`() async throws {
    let engine = try Self.engine { _ in
      AsyncThrowingStream { continuation in
        continuation.yield(.objects(.dynamic([["n": 1]])))
        continuation.finish(throwing: GraphQLError("lost"))
      }
    }
    let texts = try await responses(engine, "subscription { tick { n } }")
    #expect(
      texts == [
        #"{"data":{"tick":{"n":1}}}"#,
        #"{"data":null,"errors":[{"message":"lost","locations":[{"line":1,"column":16}],"path":["tick"]}]}"#,
      ])
  }

  @Test func `a subscription that cannot start is a request error`() async throws {
    let engine = try Self.engine { _ in throw GraphQLError("no source") }
    await #expect(
      throws: RequestErrors([
        GraphQLError("no source", locations: [.init(line: 1, column: 16)], path: [.key("tick")])
      ])
    ) {
      _ = try await self.responses(engine, "subscription { tick { n } }")
    }
    await #expect(throws: RequestErrors.self) {
      _ = try await self.responses(engine, "subscription { plain }")
    }
    await #expect(throws: RequestErrors.self) { _ = try await self.responses(engine, "{ a }") }
    let prepared = try engine.engine.prepare("subscription { tick { n } }")
    #expect(await engine.engine.execute(prepared).errors.count == 1)
  }

  @Test func `cancelling the reader ends the source`() async throws {
    let (ended, endedContinuation) = AsyncStream<Void>.makeStream()
    let (started, startedContinuation) = AsyncStream<Void>.makeStream()
    let engine = try Self.engine { _ in
      AsyncThrowingStream { continuation in
        continuation.onTermination = { _ in endedContinuation.yield() }
        continuation.yield(.objects(.dynamic([["n": 1]])))
      }
    }
    let prepared = try engine.engine.prepare("subscription { tick { n } }")
    let reader = Task {
      var count = 0
      for await _ in try await engine.engine.subscribe(prepared) {
        count += 1
        startedContinuation.yield()
      }
      return count
    }
    for await _ in started { break }
    reader.cancel()
    for await _ in ended { break }
    #expect(try await reader.value == 1)
  }
}
