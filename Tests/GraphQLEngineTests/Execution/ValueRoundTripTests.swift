@testable import GraphQLEngine
import Testing

/// Values on their way from the request to a resolver and back into the answer.
@Suite("§ 2.1, § 3.5, § 3.6.1 Values there and back")
struct ValueRoundTripTests {
  private static let sdl = """
    scalar Even
    type Query { echo(text: String = "d\\u{e9}faut \\uD83D\\uDE00"): String, ids: [ID], id(of: ID!): ID, even(n: Even = 4, in: In = {}): Even }
    input In { n: Even = 6, list: [Even!] = 8, inner: Inner = {} }
    input Inner { n: Even! = 10 }
    """

  private static func engine() throws -> TestEngine {
    try TestEngine(sdl) { wiring, _ in
      wiring.bind("Query", "echo", .batch { .ready(.leaves([$0.arguments["text"]?.string])) })
      wiring.bind("Query", "id", .batch { .ready(.dynamic([$0.arguments["of"] ?? .null])) })
      wiring.bind(
        "Query", "even",
        .batch { call in
          let input = call.arguments["in"]
          let all = [
            call.arguments["n"], input?["n"], input?["list"]?.list?.first, input?["inner"]?["n"],
          ]
          return .ready(.dynamic([.string(all.map { $0?.inspected ?? "-" }.joined(separator: " "))]))
        })
      // Resolvers get half of what a client writes.
      wiring.scalar(
        "Even",
        ScalarCoercion { (value: InputValue) throws(ScalarError) in
          guard case .int(let number) = value, number % 2 == 0 else { throw ScalarError("That is odd.") }
          return .int(number / 2)
        })
    }
  }

  private func run(_ query: String, _ variables: String = "{}", root: InputValue? = nil) async throws
    -> String
  {
    try await Self.engine().run(
      query, root: root, variables: try object(variables), isValidated: true)
  }

  @Test(arguments: [
    "😀", #"\u{1F600}"#, #"\uD83D\uDE00"#,
  ])
  func `every way to write a character beyond the first plane is the same`(_ text: String) async throws {
    #expect(try await run("{ echo(text: \"\(text)\") }") == #"{"data":{"echo":"😀"}}"#)
    #expect(try await run("{ echo(text: \"\"\"😀\"\"\") }") == #"{"data":{"echo":"😀"}}"#)
  }

  @Test func `variables and defaults keep every character`() async throws {
    let query = "query ($t: String) { echo(text: $t) }"
    #expect(
      try await run(query, #"{"t":"\uD83D\uDE00 𝄞 \u0000 ñ 漢"}"#) == #"{"data":{"echo":"😀 𝄞 \u0000 ñ 漢"}}"#)
    #expect(try await run(query) == #"{"data":{"echo":"défaut 😀"}}"#)
  }

  @Test(arguments: [
    #"{ echo(text: "\uD83D") }"#, #"{ echo(text: "\uDE00\uD83D") }"#, #"{ echo(text: "\u{110000}") }"#,
  ])
  func `half a character is a syntax error`(_ query: String) async throws {
    #expect(try await run(query).contains("Syntax Error: Invalid Unicode escape sequence"))
  }

  @Test func `an ID is a string in the answer, whatever it was`() async throws {
    let root = try JSONReader.read(#"{"ids":["a",1,-7,2.0,900719925474099]}"#)
    #expect(
      try await run("{ ids id(of: 12) other: id(of: \"12\") }", root: root)
        == #"{"data":{"ids":["a","1","-7","2","900719925474099"],"id":"12","other":"12"}}"#)
    #expect(try await run("query ($i: ID!) { id(of: $i) }", #"{"i":5}"#) == #"{"data":{"id":"5"}}"#)
    let wrong = try await run("{ ids }", root: ["ids": [1.5, true]])
    #expect(
      wrong.hasPrefix(#"{"data":{"ids":[null,null]},"errors":[{"message":"ID cannot represent value: 1.5""#))
  }

  @Test func `defaults are coerced at use, with custom scalars and defaults inside`() async throws {
    #expect(try await run("{ even }") == #"{"data":{"even":"2 3 4 5"}}"#)
    #expect(
      try await run("{ even(n: 20, in: {n: 22, inner: {}}) }") == #"{"data":{"even":"10 11 4 5"}}"#)
    #expect(
      try await run("query ($n: Even = 30, $in: In = {list: [32]}) { even(n: $n, in: $in) }")
        == #"{"data":{"even":"15 3 16 5"}}"#)
    #expect(
      try await run("query ($n: Even, $in: In) { even(n: $n, in: $in) }", #"{"in":{"inner":{"n":40}}}"#)
        == #"{"data":{"even":"2 3 4 20"}}"#)
  }
}
