import GraphQLEngine
import Testing

/// A field that answers with the arguments it was given.
private let echo = FieldBinding.batch { call in
  var writer = JSONWriter()
  writer.write(json: .object(call.arguments.object))
  return .ready(.leaves([RawJSON](repeating: RawJSON(writer.bytes), count: call.parents.count)))
}

@Suite("§ 6.1.2 and § 6.4.1 Coercing variables and arguments")
struct CoercionTests {
  static let sdl = """
    scalar JSON
    scalar Even
    enum Color { RED GREEN BLUE }
    input In { a: Int, b: String! = "def", list: [Int!], inner: In, color: Color, need: Boolean }
    input Strict { x: Int!, y: Int = 5 }
    input One @oneOf { a: Int, b: String }
    type Query {
      i(v: Int): JSON, f(v: Float): JSON, s(v: String): JSON, b(v: Boolean): JSON, id(v: ID): JSON
      c(v: Color): JSON, l(v: [Int]): JSON, ll(v: [[Int!]]): JSON, o(v: In): JSON, st(v: Strict): JSON
      one(v: One): JSON, j(v: JSON): JSON, even(v: Even): JSON, req(v: Int!): JSON, d(v: Int = 7, w: In = {a: 1}): JSON
      rd(v: Int! = 3): JSON, lr(v: [Int!]!): JSON
    }
    """

  static func engine() throws -> TestEngine {
    try TestEngine(sdl, isDynamic: false) { wiring, schema in
      wiring.defaultBinding = echo
      wiring.scalar(
        "Even",
        ScalarCoercion { (value: InputValue) throws(ScalarError) in
          guard case .int(let number) = value, number % 2 == 0 else { throw ScalarError("That is odd.") }
          return value
        })
    }
  }

  @Test func `a default that a custom scalar refuses is an error of the request`() async throws {
    let text = try await Self.engine().run("query ($v: Even = 3) { even(v: $v) }")
    #expect(
      text.hasPrefix(
        #"{"errors":[{"message":"Variable \"$v\" has an invalid default value 3. That is odd.""#))
    #expect(!text.contains("\"data\""))
  }

  @Test(arguments: [
    ("i(v: 3)", #"{"v":3}"#), ("i(v: null)", #"{"v":null}"#), ("i", "{}"), ("f(v: 3)", #"{"v":3}"#),
    ("f(v: 1.5e2)", #"{"v":150}"#), ("s(v: \"a\\u0041\")", #"{"v":"aA"}"#), ("b(v: true)", #"{"v":true}"#),
    ("id(v: 7)", #"{"v":"7"}"#), ("id(v: \"x\")", #"{"v":"x"}"#), ("c(v: RED)", #"{"v":"RED"}"#),
    ("l(v: 3)", #"{"v":[3]}"#), ("l(v: [1, null])", #"{"v":[1,null]}"#), ("ll(v: 3)", #"{"v":[[3]]}"#),
    ("ll(v: [1, 2])", #"{"v":[[1],[2]]}"#), ("o(v: {})", #"{"v":{"b":"def"}}"#),
    ("o(v: {b: \"x\", list: 1, inner: {a: 2}})", #"{"v":{"b":"x","list":[1],"inner":{"a":2,"b":"def"}}}"#),
    ("st(v: {x: 1})", #"{"v":{"x":1,"y":5}}"#), ("one(v: {a: 1})", #"{"v":{"a":1}}"#),
    ("j(v: {a: [1, 2.5, \"s\", true, null, E]})", #"{"v":{"a":[1,2.5,"s",true,null,"E"]}}"#),
    ("even(v: 2)", #"{"v":2}"#), ("d", #"{"v":7,"w":{"a":1,"b":"def"}}"#),
    ("d(v: null)", #"{"v":null,"w":{"a":1,"b":"def"}}"#), ("rd", #"{"v":3}"#),
  ])
  func `a literal is coerced to its type`(_ field: String, _ expected: String) async throws {
    let key = field.prefix { $0.isLetter }
    #expect(await try Self.engine().run("{ \(field) }") == #"{"data":{"\#(key)":\#(expected)}}"#)
  }

  @Test(arguments: [
    "{ even(v: 3) }", "query ($x: Int = 1) { req(v: $x) }", "query ($x: Boolean = true) { i @skip(if: $x) }",
    "{ i(v: 1) @include(if: 1) }",
  ])
  func `what is wrong with an argument has the extensions that the wiring gives`(_ query: String) async throws
  {
    let engine = try TestEngine(Self.sdl, isDynamic: false) { wiring, _ in
      wiring.defaultBinding = echo
      wiring.scalar("Even", ScalarCoercion { (_) throws(ScalarError) in throw ScalarError("That is odd.") })
      wiring.inputErrorExtensions = [ErrorExtension(key: "code", json: "\"INPUT\"")]
      wiring.sizeErrorExtensions = [ErrorExtension(key: "code", json: "\"SIZE\"")]
    }
    let operation = try engine.engine.prepare(query, isValidated: false)
    let request = ExecutionRequest(variables: InputObject([.init(name: "x", value: .null)]))
    let response = await engine.engine.execute(operation, request)
    #expect(response.errors.map(\.extensions) == [[ErrorExtension(key: "code", json: "\"INPUT\"")]])
  }

  @Test func `that a response is too large has those of its size`() async throws {
    var limits = EngineLimits()
    limits.responseBytes = 100
    let engine = try TestEngine(Self.sdl, limits: limits, isDynamic: false) { wiring, _ in
      wiring.defaultBinding = echo
      wiring.sizeErrorExtensions = [ErrorExtension(key: "code", json: "\"SIZE\"")]
    }
    let query = "{ s(v: \"\(String(repeating: "x", count: 200))\") i }"
    let response = await engine.engine.execute(try engine.engine.prepare(query), ExecutionRequest())
    #expect(response.errors.map(\.extensions) == [[ErrorExtension(key: "code", json: "\"SIZE\"")]])
  }

  @Test func `a field that reads no arguments fails where they cannot be coerced`() async throws {
    let engine = try TestEngine(
      "type Query { a(v: Int!): Int b(v: Int!): O c(v: Int!): [O] } type O { d(v: Int!): Int }")
    let text = await try engine.run(
      "query($v: Int = 1) { a(v: $v) b(v: $v) { d(v: 1) } c(v: 2) { d(v: $v) } }",
      root: ["a": 1, "b": ["d": 1], "c": [["d": 2]]], variables: InputObject([.init(name: "v", value: .null)])
    )
    let message = #""message":"Argument \"v\" of non-null type \"Int!\" must not be null.""#
    #expect(text.hasPrefix(#"{"data":{"a":null,"b":null,"c":[{"d":null}]},"errors":["#))
    #expect(text.contains(#"{\#(message),"locations":[{"line":1,"column":27}],"path":["a"]}"#))
    #expect(text.contains(#"{\#(message),"locations":[{"line":1,"column":36}],"path":["b"]}"#))
    #expect(text.contains(#""path":["c",0,"d"]}"#))
  }

  @Test(arguments: [
    ("i(v: \"x\")", #"Argument "v" has invalid value "x"."#),
    ("i(v: 2147483648)", #"Argument "v" has invalid value 2147483648."#),
    ("c(v: PINK)", #"Argument "v" has invalid value PINK."#),
    ("c(v: \"RED\")", #"Argument "v" has invalid value "RED"."#),
    ("st(v: {y: 1})", #"Argument "v" has invalid value {y: 1}."#),
    ("one(v: {a: 1, b: \"x\"})", #"Argument "v" has invalid value {a: 1, b: "x"}."#),
    ("one(v: {a: null})", #"Argument "v" has invalid value {a: null}."#),
    ("req", #"Argument "v" of required type "Int!" was not provided."#),
    ("req(v: null)", #"Argument "v" of non-null type "Int!" must not be null."#),
    ("lr(v: [1, null])", #"Argument "v" has invalid value [1, null]."#),
    ("even(v: 3)", #"Argument "v" has invalid value 3; That is odd."#),
  ])
  func `a wrong literal in an unvalidated document fails its field`(_ field: String, _ message: String)
    async throws
  {
    let response = await try Self.engine().response("{ \(field) }")
    #expect(response.errors.map(\.message) == [message])
    #expect(response.errors[0].path == [.key(String(field.prefix { $0.isLetter }))])
    #expect(response.errors[0].locations.count == 1)
  }

  @Test(arguments: [
    ("($v: Int) { i(v: $v) }", "{}", "{}"), ("($v: Int) { i(v: $v) }", #"{"v":null}"#, #"{"v":null}"#),
    ("($v: Int = 4) { i(v: $v) }", "{}", #"{"v":4}"#),
    ("($v: Int) { d(v: $v) }", "{}", #"{"v":7,"w":{"a":1,"b":"def"}}"#),
    ("($v: Int!) { l(v: [1, $v]) }", #"{"v":2}"#, #"{"v":[1,2]}"#),
    ("($v: Int) { l(v: [1, $v]) }", "{}", #"{"v":[1,null]}"#),
    ("($v: Int) { o(v: {a: $v}) }", "{}", #"{"v":{"b":"def"}}"#),
    ("($v: String) { o(v: {b: $v}) }", "{}", #"{"v":{"b":"def"}}"#),
    (
      "($v: In) { o(v: $v) }", #"{"v":{"list":3,"color":"GREEN"}}"#,
      #"{"v":{"b":"def","list":[3],"color":"GREEN"}}"#
    ),
    ("($v: [Int]) { l(v: $v) }", #"{"v":1}"#, #"{"v":[1]}"#),
    ("($v: Float) { f(v: $v) }", #"{"v":1}"#, #"{"v":1}"#),
    ("($v: Int) { i(v: $v) }", #"{"v":2.0}"#, #"{"v":2}"#),
    ("($v: ID) { id(v: $v) }", #"{"v":12}"#, #"{"v":"12"}"#),
    ("($v: JSON) { j(v: $v) }", #"{"v":{"x":[1,{"y":null}]}}"#, #"{"v":{"x":[1,{"y":null}]}}"#),
    ("($v: One) { one(v: $v) }", #"{"v":{"b":"z"}}"#, #"{"v":{"b":"z"}}"#),
    ("($v: Int) { rd(v: $v) }", "{}", #"{"v":3}"#),
  ])
  func `a variable is coerced and put in place`(_ operation: String, _ variables: String, _ expected: String)
    async throws
  {
    let text = await try Self.engine().run("query Q" + operation, variables: try object(variables))
    #expect(text.hasSuffix(":\(expected)}}"), "\(text)")
  }

  @Test(arguments: [
    ("$v: Int!", "{}", #"Variable "$v" of required type "Int!" was not provided."#),
    ("$v: Int!", #"{"v":null}"#, #"Variable "$v" of non-null type "Int!" must not be null."#),
    (
      "$v: Int", #"{"v":"x"}"#,
      #"Variable "$v" got invalid value "x"; Int cannot represent non-integer value: "x""#
    ),
    (
      "$v: Int", #"{"v":1e10}"#,
      #"Variable "$v" got invalid value 10000000000; Int cannot represent non 32-bit signed integer value: 10000000000"#
    ),
    (
      "$v: Float", #"{"v":"x"}"#,
      #"Variable "$v" got invalid value "x"; Float cannot represent non numeric value: "x""#
    ),
    (
      "$v: String", #"{"v":1}"#,
      #"Variable "$v" got invalid value 1; String cannot represent a non string value: 1"#
    ),
    (
      "$v: Boolean", #"{"v":1}"#,
      #"Variable "$v" got invalid value 1; Boolean cannot represent a non boolean value: 1"#
    ),
    ("$v: ID", #"{"v":true}"#, #"Variable "$v" got invalid value true; ID cannot represent value: true"#),
    (
      "$v: Color", #"{"v":"GREAN"}"#,
      #"Variable "$v" got invalid value "GREAN"; Value "GREAN" does not exist in "Color" enum. Did you mean the enum value "GREEN" or "RED"?"#
    ),
    (
      "$v: Color", #"{"v":3}"#,
      #"Variable "$v" got invalid value 3; Enum "Color" cannot represent non-string value: 3."#
    ),
    ("$v: In", #"{"v":3}"#, #"Variable "$v" got invalid value 3; Expected type "In" to be an object."#),
    (
      "$v: In", #"{"v":{"inner":{"list":[1,null]}}}"#,
      #"Variable "$v" got invalid value null at "v.inner.list[1]"; Expected non-nullable type "Int!" not to be null."#
    ),
    (
      "$v: In", #"{"v":{"lost":1}}"#,
      #"Variable "$v" got invalid value { lost: 1 }; Field "lost" is not defined by type "In". Did you mean "list"?"#
    ),
    (
      "$v: Strict", #"{"v":{}}"#,
      #"Variable "$v" got invalid value {}; Field "x" of required type "Int!" was not provided."#
    ),
    (
      "$v: One", #"{"v":{"a":1,"b":"x"}}"#,
      #"Variable "$v" got invalid value { a: 1, b: "x" }; Exactly one key must be specified for OneOf type "One"."#
    ),
    (
      "$v: One", #"{"v":{"a":null}}"#,
      #"Variable "$v" got invalid value null at "v.a"; Field "a" must be non-null."#
    ),
    ("$v: Even", #"{"v":3}"#, #"Variable "$v" got invalid value 3; Expected type "Even". That is odd."#),
    (
      "$v: Query", "{}",
      #"Variable "$v" expected value of type "Query" which cannot be used as an input type."#
    ),
  ])
  func `a wrong variable is a request error in graphql-js's words`(
    _ definition: String, _ variables: String, _ message: String
  ) async throws {
    let response = await try Self.engine().response(
      "query Q(\(definition)) { i }", variables: try object(variables))
    #expect(response.errors.map(\.message) == [message])
    #expect(!response.hasData)
    #expect(!response.text.contains("\"data\""))
    #expect(response.errors[0].locations[0].line == 1)
    #expect(response.errors[0].path == nil)
  }

  @Test func `all wrong variables are listed up to the limit`() async throws {
    let response = await try Self.engine().response(
      "query Q($a: Int!, $b: Int!, $c: Int) { i(v: $c) }", variables: try object(#"{"c":"x"}"#))
    #expect(response.errors.count == 3)
  }

  @Test func `a variable without a value in a required place fails the field`() async throws {
    let response = await try Self.engine().response("query Q($v: Int) { req(v: $v) }")
    #expect(
      response.errors.map(\.message) == [
        #"Argument "v" of required type "Int!" was provided the variable "$v" which was not provided a runtime value."#
      ])
  }

  @Test func `skip and include leave fields and fragments out`() async throws {
    let query = """
      query Q($yes: Boolean!, $no: Boolean!) {
        a: i @include(if: $yes) b: i @include(if: $no) c: i @skip(if: $yes) d: i @skip(if: $no)
        ... @include(if: $no) { e: i } ...F @skip(if: $no) g: i @skip(if: true) h: i @include(if: true)
        both: i @skip(if: $no) @include(if: $no)
      }
      fragment F on Query { f: i }
      """
    let engine = try Self.engine()
    let first = await engine.run(query, variables: try object(#"{"yes":true,"no":false}"#))
    #expect(first == #"{"data":{"a":{},"d":{},"f":{},"h":{}}}"#)
    let second = await engine.run(query, variables: try object(#"{"yes":false,"no":true}"#))
    #expect(second == #"{"data":{"b":{},"c":{},"e":{},"h":{}}}"#)
  }
}
