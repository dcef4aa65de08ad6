import GraphQLEngine
import Testing

@Suite("§ 6.4.4 Error behaviors: onError")
struct ErrorBehaviorTests {
  private static func answer(
    _ engine: TestEngine, _ query: String, _ onError: ErrorBehavior?, root: InputValue? = nil,
    context: any RequestContext = EmptyContext()
  ) async throws -> Response {
    var request = ExecutionRequest(context: context, root: root.map { Rows.dynamic([$0]) })
    request.onError = onError
    return await engine.engine.execute(try engine.engine.prepare(query, isValidated: false), request)
  }

  struct Case: CustomTestStringConvertible {
    var query: String
    var root: String
    /// The data with `NULL`.
    var data: String
    var paths: [String]
    var testDescription: String { "\(query) over \(root)" }
  }

  @Test(arguments: [
    Case(
      query: "{ a { s n } }", root: #"{"a":{"n":1}}"#, data: #"{"a":{"s":null,"n":1}}"#,
      paths: [#"["a","s"]"#]),
    Case(
      query: "{ strict { s sa { s } } }", root: #"{"strict":{"s":{"$error":"e"}}}"#,
      data: #"{"strict":{"s":null,"sa":null}}"#, paths: [#"["strict","s"]"#, #"["strict","sa"]"#]),
    Case(query: "{ strict { s } }", root: "{}", data: #"{"strict":null}"#, paths: [#"["strict"]"#]),
    Case(query: "{ li }", root: #"{"li":[1,null,2]}"#, data: #"{"li":[1,null,2]}"#, paths: [#"["li",1]"#]),
    Case(
      query: "{ ll }", root: #"{"ll":[[1],[2,"x"],null]}"#, data: #"{"ll":[[1],[2,null],null]}"#,
      paths: [#"["ll",1,1]"#, #"["ll",2]"#]),
    Case(
      query: "{ x: lo { y: s } }", root: #"{"lo":[{"s":1},{},null]}"#,
      data: #"{"x":[{"y":1},{"y":null},null]}"#, paths: [#"["x",1,"y"]"#, #"["x",2]"#]),
    Case(query: "{ l }", root: #"{"l":[{"$error":"e"}]}"#, data: #"{"l":[null]}"#, paths: [#"["l",0]"#]),
  ])
  func `NULL leaves null where the error is`(_ example: Case) async throws {
    let engine = try TestEngine(NullPropagationTests.sdl)
    let response = try await Self.answer(
      engine, example.query, .null, root: try JSONReader.read(example.root))
    #expect(response.text.hasPrefix("{\"data\":\(example.data),\"errors\":["))
    #expect(response.errors.count == example.paths.count)
    for path in example.paths { #expect(response.text.contains("\"path\":\(path)}")) }
  }

  @Test(arguments: [
    Case(query: "{ a { s n } l }", root: #"{"a":{"n":1},"l":["x"]}"#, data: "", paths: [#"["a","s"]"#]),
    Case(query: "{ l }", root: #"{"l":[1,{"$error":"e"},"x"]}"#, data: "", paths: [#"["l",1]"#]),
    Case(
      query: "{ lo { n s a { n } } }", root: #"{"lo":[{"n":1,"s":1,"a":{"n":{"$error":"e"}}},{}]}"#, data: "",
      paths: [#"["lo",0,"a","n"]"#]),
  ])
  func `HALT gives the first error and no data`(_ example: Case) async throws {
    let engine = try TestEngine(NullPropagationTests.sdl)
    let response = try await Self.answer(
      engine, example.query, .halt, root: try JSONReader.read(example.root))
    #expect(response.text.hasPrefix(#"{"data":null,"errors":[{"#))
    #expect(response.errors.count == 1)
    #expect(response.text.hasSuffix("\"path\":\(example.paths[0])}]}"))
  }

  @Test func `without errors all behaviors answer alike`() async throws {
    let engine = try Library.engine()
    let query = "{ authors { id nick books { title } bookCount editor { name } friends { id } } }"
    let expected = try await Self.answer(engine, query, nil).text
    for behavior in ErrorBehavior.allCases {
      #expect(try await Self.answer(engine, query, behavior).text == expected)
    }
    #expect(expected.contains("\"bookCount\":2"))
  }

  @Test func `NULL holds for leaves, columns and objects of Swift rows`() async throws {
    let response = try await Self.answer(
      Library.engine(), "{ authors { strictNick id rating } broken { id } mismatch failing }", .null)
    #expect(
      response.text.hasPrefix(
        #"{"data":{"authors":[{"strictNick":null,"id":"1","rating":null},{"strictNick":"B","id":"2","rating":null},{"strictNick":null,"id":"3","rating":1.5}],"broken":null,"mismatch":null,"failing":null},"errors":["#
      ))
    #expect(response.errors.count == 6)
    let flat = try await Self.answer(Library.engine(), "{ authors { strictNick id } }", .null)
    #expect(
      flat.text.hasPrefix(
        #"{"data":{"authors":[{"strictNick":null,"id":"1"},{"strictNick":"B","id":"2"},{"strictNick":null,"id":"3"}]},"#
      ))
  }

  @Test func `HALT calls nothing any more after an error`() async throws {
    let log = CallLog()
    let engine = try Library.engine()
    let first = try await Self.answer(
      engine, "{ authors { bookCount friends { bookCount } } failing }", .halt, context: log)
    #expect(
      first.text
        == #"{"data":null,"errors":[{"message":"no","locations":[{"line":1,"column":47}],"path":["failing"],"extensions":{"code":"X"}}]}"#
    )
    #expect(log.calls == ["Query.authors 1"])
    let second = try await Self.answer(
      engine, "{ authors { rating bookCount editor { id } same { bookCount } } }", .halt, context: log)
    #expect(second.errors.map(\.message) == ["unrated"])
    #expect(second.errors.map(\.path) == [[.key("authors"), .index(0), .key("rating")]])
    #expect(log.calls == ["Query.authors 1", "Query.authors 1"])
  }

  @Test func `HALT ends a mutation before the root fields behind the error`() async throws {
    let log = CallLog()
    let engine = try TestEngine(
      "type Query { a: Int } type Mutation { one: Int, two: Int, three: Int }", isDynamic: true
    ) { wiring, _ in
      for name in ["one", "two", "three"] {
        wiring.bind(
          "Mutation", name,
          .batch { call in
            (call.context as? CallLog)?.note(name)
            if name == "two" { throw GraphQLError("no") }
            return .ready(.leaves([1]))
          })
      }
    }
    let halted = try await Self.answer(engine, "mutation { one two three }", .halt, context: log)
    #expect(halted.text.hasPrefix(#"{"data":null,"errors":[{"message":"no""#))
    #expect(log.calls == ["one", "two"])
    let whole = try await Self.answer(engine, "mutation { one two three }", nil, context: log)
    #expect(whole.text.hasPrefix(#"{"data":{"one":1,"two":null,"three":1}"#))
  }

  @Test func `HALT ends the response to one event, not the subscription`() async throws {
    let engine = try TestEngine(
      "type Query { a: Int } type Subscription { tick: Tick! } type Tick { n: Int }"
    ) { wiring, _ in
      wiring.bind(
        "Subscription", "tick",
        .stream { _ in
          AsyncThrowingStream { continuation in
            for n in ["x", 2] as [InputValue] { continuation.yield(.objects(.dynamic([["n": n]]))) }
            continuation.finish()
          }
        })
    }
    var request = ExecutionRequest()
    request.onError = .halt
    var texts: [String] = []
    let operation = try engine.engine.prepare("subscription { tick { n } }")
    for await response in try await engine.engine.subscribe(operation, request) {
      texts.append(response.text)
    }
    #expect(texts.count == 2)
    #expect(texts.first?.hasPrefix(#"{"data":null,"errors":[{"message":"Int cannot represent"#) == true)
    #expect(texts.last == #"{"data":{"tick":{"n":2}}}"#)
  }

  @Test func `the engine has a default, and the request wins`() async throws {
    let schema = try Schema.build("type Query { a: Int! }")
    var wiring = Wiring()
    wiring.defaultBinding = .member
    let engine = Engine(try ExecutableSchema(schema, wiring), defaultErrorBehavior: .null)
    let operation = try engine.prepare("{ a }")
    var request = ExecutionRequest(root: .dynamic([[:]]))
    #expect(await engine.execute(operation, request).text.hasPrefix(#"{"data":{"a":null},"errors":[{"#))
    request.onError = .propagate
    #expect(await engine.execute(operation, request).text.hasPrefix(#"{"data":null,"errors":[{"#))
  }

  @Test func `the request's value is one of three names`() throws {
    #expect(try ErrorBehavior.parse("NULL") == .null)
    #expect(try ErrorBehavior.parse("PROPAGATE") == .propagate)
    #expect(try ErrorBehavior.parse("HALT") == .halt)
    #expect(try ErrorBehavior.parse(nil) == nil)
    #expect(try ErrorBehavior.parse(.null) == nil)
    let message = #""onError" must be one of "NULL", "PROPAGATE", or "HALT", but got: "#
    for (value, shown) in [("boom", "\"boom\""), (7, "7"), ("null", "\"null\"")] as [(InputValue, String)] {
      #expect(throws: RequestErrors([GraphQLError("\(message)\(shown).")])) {
        try ErrorBehavior.parse(value)
      }
    }
  }
}
