import GraphQLEngine
import Testing

@Suite("§ 6.4.4 Handling execution errors")
struct NullPropagationTests {
  static let sdl = """
    type Query { a: A, strict: A!, l: [Int], li: [Int!], sl: [Int]!, sli: [Int!]!, ll: [[Int!]!], lo: [A!] }
    type A { n: Int, s: Int!, a: A, sa: A! }
    """

  struct Case: CustomTestStringConvertible {
    var query: String
    var root: String
    var data: String
    var path: String
    var testDescription: String { "\(query) over \(root)" }
  }

  @Test(arguments: [
    Case(query: "{ a { s n } }", root: #"{"a":{"n":1}}"#, data: #"{"a":null}"#, path: #"["a","s"]"#),
    Case(
      query: "{ a { n sa { s } } }", root: #"{"a":{"n":1,"sa":{}}}"#, data: #"{"a":null}"#,
      path: #"["a","sa","s"]"#),
    Case(
      query: "{ a { n a { s } } }", root: #"{"a":{"n":1,"a":{}}}"#, data: #"{"a":{"n":1,"a":null}}"#,
      path: #"["a","a","s"]"#),
    Case(query: "{ strict { s } }", root: #"{"strict":{}}"#, data: "null", path: #"["strict","s"]"#),
    Case(query: "{ strict { s } }", root: "{}", data: "null", path: #"["strict"]"#),
    Case(query: "{ l }", root: #"{"l":[1,{"$error":"e"},2]}"#, data: #"{"l":[1,null,2]}"#, path: #"["l",1]"#),
    Case(query: "{ li }", root: #"{"li":[1,null,2]}"#, data: #"{"li":null}"#, path: #"["li",1]"#),
    Case(query: "{ sl }", root: #"{"sl":null}"#, data: "null", path: #"["sl"]"#),
    Case(query: "{ sli }", root: #"{"sli":[null]}"#, data: "null", path: #"["sli",0]"#),
    Case(query: "{ ll }", root: #"{"ll":[[1],[2,null]]}"#, data: #"{"ll":null}"#, path: #"["ll",1,1]"#),
    Case(
      query: "{ x: lo { y: s } }", root: #"{"lo":[{"s":1},{}]}"#, data: #"{"x":null}"#,
      path: #"["x",1,"y"]"#),
  ])
  func `null goes up to the nearest position that may be null`(_ example: Case) async throws {
    let response = await try TestEngine(Self.sdl).response(
      example.query, root: try JSONReader.read(example.root))
    #expect(response.text.hasPrefix("{\"data\":\(example.data),\"errors\":["))
    #expect(response.text.hasSuffix("\"path\":\(example.path)}]}"))
    #expect(response.errors.count == 1)
  }

  @Test func `null in a non-null field is worded as in graphql-js`() async throws {
    let response = await try TestEngine(Self.sdl).response("{ a { s } }", root: ["a": ["n": 1]])
    #expect(response.errors.map(\.message) == ["Cannot return null for non-nullable field A.s."])
    #expect(response.errors[0].locations == [SourceLocation(line: 1, column: 7)])
  }

  @Test func `null in a non-null field has the extensions that the wiring gives`() async throws {
    let code = [ErrorExtension(key: "code", json: "\"GONE\"")]
    let engine = try TestEngine(Self.sdl) { wiring, _ in wiring.nullErrorExtensions = code }
    let response = await engine.response("{ a { s } }", root: ["a": ["n": 1]])
    #expect(response.errors.map(\.extensions) == [code])
  }

  @Test func `siblings behind a propagated null add no errors`() async throws {
    let response = await try TestEngine(Self.sdl).response(
      "{ a { n s again: s } other: a { n } }", root: try JSONReader.read(#"{"a":{"n":{"$error":"first"}}}"#))
    #expect(
      response.errors.map(\.message) == [
        "first", "Cannot return null for non-nullable field A.s.", "first",
      ])
    #expect(response.text.hasPrefix(#"{"data":{"a":null,"other":{"n":null}}"#))
  }

  @Test func `errors beyond the limit are told by a last one`() async throws {
    var limits = EngineLimits()
    limits.errors = 3
    let engine = try TestEngine(Self.sdl, limits: limits)
    let items = [InputValue](repeating: ["$error": "x"], count: 50)
    let response = await engine.response("{ l }", root: ["l": .list(items)])
    #expect(response.errors.prefix(3).map(\.message) == ["x", "x", "x"])
    #expect(
      response.errors.dropFirst(3) == [
        GraphQLError(
          "Too many errors: further ones than the first 3 are left out.",
          locations: response.errors[0].locations, path: [.key("l"), .index(3)])
      ])
    let few = await engine.response("{ l }", root: ["l": .list(Array(items.prefix(3)))])
    #expect(few.errors.count == 3 && !few.text.contains("Too many"))
  }

  @Test(arguments: [ErrorBehavior.null, .halt])
  func `so are those of other error behaviors`(_ behavior: ErrorBehavior) async throws {
    var limits = EngineLimits()
    limits.errors = behavior == .halt ? 0 : 1
    let engine = try TestEngine(Self.sdl, limits: limits).engine
    var request = ExecutionRequest(root: .dynamic([["li": [.null, .null, 1, .null]]]))
    request.onError = behavior
    let response = await engine.execute(try engine.prepare("{ li }"), request)
    #expect(
      response.text.hasPrefix(behavior == .halt ? #"{"data":null,"# : #"{"data":{"li":[null,null,1,null]},"#))
    #expect(response.errors.count == limits.errors + 1)
    #expect(response.errors.last?.message.hasPrefix("Too many errors") == true)
  }

  @Test(arguments: [
    ("{ l }", #"{"l":[LONG,LONG,LONG]}"#, #""locations":[{"line":1,"column":3}],"path":["l",N]"#),
    ("{ lo { s } n: l }", #"{"lo":[{"s":1},{"s":2}],"l":[LONG]}"#, #""path":["n",N]"#),
  ])
  func `a response above its bound is refused at the position where it outgrew it`(
    _ query: String, _ root: String, _ expected: String
  ) async throws {
    var limits = EngineLimits()
    limits.responseBytes = 1000
    let numbers = [String](repeating: "1000000", count: 200).joined(separator: ",")
    let engine = try TestEngine(Self.sdl, limits: limits)
    let response = await engine.response(
      query, root: try JSONReader.read(root.replacing("LONG", with: numbers)))
    #expect(
      response.text.hasPrefix(
        #"{"data":null,"errors":[{"message":"The response is larger than 1000 bytes.","#))
    #expect(response.errors.count == 1)
    let index = if case .index(let number)? = response.errors[0].path?.last { number } else { -1 }
    #expect(index > 100 && index < 140)
    #expect(response.text.contains(expected.replacing("N", with: "\(index)")))
  }
}
