import Testing

@testable import Check

@Suite struct CheckOperationsTests {
  private func answer(_ line: String) async -> String {
    var operations = CheckOperations()
    return String(decoding: await operations.answer(line: Array(line.utf8)), as: UTF8.self)
  }

  @Test(arguments: [
    ("{", "{\"id\":null,\"error\":\"not JSON: expected a member's name at byte 1\"}"),
    ("[]", "{\"id\":null,\"error\":\"a request is a JSON object\"}"),
    ("{\"id\":7}", "{\"id\":7,\"error\":\"\\\"op\\\" is missing\"}"),
    ("{\"id\":\"x\",\"op\":\"fly\"}", "{\"id\":\"x\",\"error\":\"unknown op \\\"fly\\\"\"}"),
    ("{\"id\":[1],\"op\":\"parse\"}", "{\"id\":[1],\"error\":\"\\\"document\\\" is not a string\"}"),
    (
      "{\"id\":1,\"op\":\"parse\",\"document\":null}",
      "{\"id\":1,\"error\":\"\\\"document\\\" is not a string\"}"
    ),
  ])
  func `an unusable request gets an error and its id`(_ line: String, _ expected: String) async {
    #expect(await answer(line) == expected)
  }

  @Test func `a request that is no JSON gets its id where it was read before`() async {
    let bomb = String(repeating: "[", count: 100_000)
    #expect(
      await answer("{\"id\":[7],\"op\":\"parse\",\"document\":\(bomb)")
        == "{\"id\":[7],\"error\":\"not JSON: nested deeper than 420 levels at byte 453\"}")
    #expect(await answer("{\"a\":{\"id\":1},\"b\":}").hasPrefix("{\"id\":null,"))
  }

  @Test func `bytes that are not UTF-8 are a syntax error, half a surrogate pair comes back in the id`() async
  {
    var operations = CheckOperations()
    let line = Array("{\"id\":\"\\uD83D\",\"op\":\"parse\",\"document\":\"# ".utf8) + [0xFF, 0x22, 0x7D]
    let answer = String(decoding: await operations.answer(line: line), as: UTF8.self)
    #expect(answer.hasPrefix("{\"id\":\"\\ud83d\",\"ok\":false,\"errors\":[{\"message\":\"Syntax Error: "))
  }

  @Test func `values as deep as a document may ask for are executed`() async {
    let depth = 160
    let query = String(repeating: "{ l ", count: depth) + "{ s }" + String(repeating: " }", count: depth)
    let root =
      String(repeating: "{\"l\":[", count: depth) + "{\"s\":1}" + String(repeating: "]}", count: depth)
    let answer = await answer(
      "{\"op\":\"execute\",\"schema\":\"type Query { l: [Query] s: Int }\",\"document\":\"\(query)\","
        + "\"root\":\(root)}")
    #expect(answer == "{\"id\":null,\"ok\":true,\"response\":{\"data\":\(root)}}")
  }

  @Test func `parse accepts, or shows the syntax error with its place`() async {
    #expect(
      await answer("{\"id\":1,\"op\":\"parse\",\"document\":\"{ a }\",\"more\":2}")
        == "{\"id\":1,\"ok\":true}")
    #expect(
      await answer("{\"id\":{\"a\":1},\"op\":\"parse\",\"document\":\"{ a }\\n}\"}")
        == "{\"id\":{\"a\":1},\"ok\":false,\"errors\":[{\"message\":\"Syntax Error: Unexpected \\\"}\\\".\","
        + "\"locations\":[{\"line\":2,\"column\":1}]}]}")
    #expect(
      await answer("{\"op\":\"parse\",\"document\":\"# \\uDEAD\"}").contains("Invalid character: U+DEAD."))
  }

  @Test func `print gives the canonical text`() async {
    #expect(
      await answer("{\"id\":1,\"op\":\"print\",\"document\":\"query A($b:C=\\\"\\\\n\\\"){d}\"}")
        == "{\"id\":1,\"ok\":true,\"text\":\"query A($b: C = \\\"\\\\n\\\") {\\n  d\\n}\"}")
  }

  @Test func `schema accepts a valid schema and shows syntax errors`() async {
    #expect(
      await answer("{\"id\":1,\"op\":\"schema\",\"schema\":\"type Query { a: Int }\"}")
        == "{\"id\":1,\"ok\":true}")
    #expect(
      await answer("{\"id\":1,\"op\":\"schema\",\"schema\":\"type Query {\"}").contains(
        "Expected Name, found <EOF>."))
    #expect(
      await answer("{\"id\":1,\"op\":\"schema\",\"schema\":\"type Q\",\"rules\":[\"Nonsense\"]}")
        == "{\"id\":1,\"error\":\"unknown rule \\\"Nonsense\\\"\"}")
    #expect(
      await answer(
        "{\"id\":1,\"op\":\"schema\",\"schema\":\"extend type Query { b: Int }\","
          + "\"extends\":\"type Query { a: Int }\"}"
      )
        == "{\"id\":1,\"ok\":true}")
  }

  @Test func `validate runs all rules, or those that are named`() async {
    let request = "\"op\":\"validate\",\"schema\":\"type Query { name: Int }\",\"document\":\"{ nam { a } }\""
    #expect(
      await answer("{\"id\":1,\(request)}")
        == "{\"id\":1,\"ok\":false,\"errors\":[{\"message\":"
        + "\"Cannot query field \\\"nam\\\" on type \\\"Query\\\". Did you mean \\\"name\\\"?\","
        + "\"locations\":[{\"line\":1,\"column\":3}]}]}")
    #expect(
      await answer("{\"id\":1,\(request),\"hideSuggestions\":true}").contains("on type \\\"Query\\\".\""))
    #expect(await answer("{\"id\":1,\(request),\"rules\":[\"ScalarLeafsRule\"]}") == "{\"id\":1,\"ok\":true}")
    #expect(await answer("{\"id\":1,\(request),\"rules\":[\"ScalarLeafRule\"]}").contains("unknown rule"))
    #expect(
      await answer("{\"id\":1,\(request),\"rules\":\"ScalarLeafsRule\"}").contains("not a list of strings"))
  }

  @Test func `a schema is built once for many requests and forgotten in time`() async {
    var operations = CheckOperations()
    for index in 0..<20 {
      for document in ["{ a\(index) }", "{ b }"] {
        let line =
          "{\"op\":\"validate\",\"schema\":\"type Query { a\(index): Int }\",\"document\":\"\(document)\"}"
        let answer = String(decoding: await operations.answer(line: Array(line.utf8)), as: UTF8.self)
        #expect(answer.contains("\"ok\":true") == (document != "{ b }"))
      }
    }
  }

  @Test func `execute runs over the members of root, with validation or without`() async {
    let schema = "\"schema\":\"type Query { a: Int b: [T!] } type T { c: String! }\""
    #expect(
      await answer(
        "{\"id\":1,\"op\":\"execute\",\(schema),\"document\":\"query($x: Boolean!) { a @skip(if: $x) z: b { c } }\","
          + "\"variables\":{\"x\":true},\"root\":{\"a\":1.0,\"b\":[{\"c\":\"y\"}]}}")
        == "{\"id\":1,\"ok\":true,\"response\":{\"data\":{\"z\":[{\"c\":\"y\"}]}}}")
    #expect(
      await answer(
        "{\"id\":1,\"op\":\"execute\",\(schema),\"document\":\"{ b { c } }\","
          + "\"root\":{\"b\":[{\"c\":{\"$error\":\"boom\"}}]}}")
        == "{\"id\":1,\"ok\":true,\"response\":{\"data\":{\"b\":null},\"errors\":[{\"message\":\"boom\","
        + "\"locations\":[{\"line\":1,\"column\":7}],\"path\":[\"b\",0,\"c\"]}]}}")
    let unknown = "\"op\":\"execute\",\(schema),\"document\":\"{ d a }\",\"root\":{\"a\":2}"
    #expect(await answer("{\(unknown)}").contains("{\"errors\":[{\"message\":\"Cannot query field"))
    #expect(await answer("{\(unknown),\"validate\":false}").contains("\"response\":{\"data\":{\"a\":2}}"))
    #expect(await answer("{\(unknown),\"variables\":[]}").contains("\"error\":"))
  }

  @Test func `execute takes what becomes of errors`() async {
    let request =
      "\"op\":\"execute\",\"schema\":\"type Query { a: Int! }\",\"document\":\"{ a }\",\"onError\":"
    #expect(
      await answer("{\(request)\"NULL\"}").contains("\"response\":{\"data\":{\"a\":null},\"errors\":[{"))
    #expect(await answer("{\(request)null}").contains("\"response\":{\"data\":null,\"errors\":[{"))
    #expect(
      await answer("{\(request)\"BOOM\"}").contains(
        "\"response\":{\"errors\":[{\"message\":\"\\\"onError\\\" must be one of"))
  }

  @Test func `subscribe answers each event, or says why it cannot start`() async {
    let schema = "\"schema\":\"type Query { a: Int } type Subscription { s: Int! }\""
    #expect(
      await answer(
        "{\"id\":1,\"op\":\"subscribe\",\(schema),\"document\":\"subscription { x: s }\","
          + "\"events\":[{\"s\":1},{\"s\":2}]}")
        == "{\"id\":1,\"ok\":true,\"responses\":[{\"data\":{\"x\":1}},{\"data\":{\"x\":2}}]}")
    #expect(
      await answer(
        "{\"id\":1,\"op\":\"subscribe\",\(schema),\"document\":\"subscription { t }\",\"events\":[]}"
      ).contains("\"ok\":true,\"response\":{\"errors\":"))
  }

  @Test func `introspect gives the whole schema`() async {
    let answer = await answer("{\"id\":1,\"op\":\"introspect\",\"schema\":\"type Query { a: [Int!] }\"}")
    #expect(answer.hasPrefix("{\"id\":1,\"ok\":true,\"response\":{\"data\":{\"__schema\":{"))
    #expect(answer.contains("\"name\":\"__Directive\""))
    #expect(!answer.contains("\"errors\""))
  }
}
