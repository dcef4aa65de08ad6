import GraphQLEngine
import Testing

@Suite("§ 6.1.2 Variables with thousands of faults")
struct VariableLimitTests {
  private let sdl = """
    type Query { a(i: I, e: E, n: [Int], deep: [[[[[[[[[Int]]]]]]]]]): Int }
    input I { known: Int }
    enum E { RED }
    """

  private func errors(_ query: String, _ variables: InputObject) async throws -> [GraphQLError] {
    await try TestEngine(sdl).response(query, variables: variables).errors
  }

  @Test func `errors end at the limit, and none shows more than the beginning of the value`() async throws {
    let fields = (0..<20_000).map { InputObject.Field(name: "unknown\($0)", value: .int($0)) }
    let value = InputValue.object(InputObject(fields))
    let found = try await errors("query($i: I) { a(i: $i) }", InputObject([.init(name: "i", value: value)]))
    #expect(found.count == 101)
    #expect(
      found.last?.message
        == "Too many errors processing variables, error limit reached. Execution aborted.")
    #expect(found.allSatisfy { $0.message.utf8.count < 2_000 })
    #expect(found[0].message.contains("unknown0: 0, unknown1: 1, "))
    #expect(found[0].message.contains("… }; Field \"unknown0\" is not defined by type \"I\"."))
  }

  @Test func `a long string is shown by its beginning`() async throws {
    let long = InputValue.string(String(repeating: "é", count: 500_000))
    let items = InputValue.list([InputValue](repeating: long, count: 200))
    let found = try await errors(
      "query($n: [Int]) { a(n: $n) }", InputObject([.init(name: "n", value: items)]))
    #expect(found.count == 101)
    #expect(found.allSatisfy { $0.message.utf8.count < 3_000 })
    let unknown = try await errors("query($e: E) { a(e: $e) }", InputObject([.init(name: "e", value: long)]))
    #expect(unknown.count == 1)
    #expect(unknown[0].message.utf8.count < 5_000)
  }

  @Test func `a value that nests as deep as the reader allows is coerced and shown on a small stack`()
    async throws
  {
    let engine = try TestEngine(sdl).engine
    let depth = JSONReader.defaultDepth
    let json = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    let text = await onSmallStack {
      let value = (try? JSONReader.read(json)) ?? .null
      let variables = InputObject([.init(name: "deep", value: value)])
      return runSynchronously(
        engine, "query($deep: [[[[[[[[[Int]]]]]]]]]) { a(deep: $deep) }", variables: variables)
    }
    #expect(text.contains("Int cannot represent non-integer value: [[[Array]]]"))
  }
}
