import GraphQLEngine
import Testing

@Suite("§ 3.10 Default values that take in each other")
struct DefaultValueSizeTests {
  /// The problems of making a schema executable, looked for on a small stack.
  private func problems(_ sdl: String, checks: Schema.Checks = .compatible) async throws -> [String] {
    let schema = try Schema.build(sdl, options: Schema.Options(checks: checks))
    return await onSmallStack {
      var wiring = Wiring()
      wiring.defaultBinding = .member
      do throws(WiringError) {
        _ = try ExecutableSchema(schema, wiring)
        return []
      } catch {
        return error.problems
      }
    }
  }

  private func types(_ count: Int, _ fields: (Int) -> String) -> String {
    (0..<count).map { "input I\($0) { \(fields($0)) }" }.joined(separator: "\n")
      + "\ninput I\(count) { a: Int = 1 }\ntype Query { a(i: I0 = {}): Int }"
  }

  @Test func `thirty types whose defaults double are refused by name`() async throws {
    let doubling = types(30) { "a: I\($0 + 1) = {} b: I\($0 + 1) = {}" }
    let found = try await problems(doubling)
    #expect(found.count == 1)
    #expect(found[0].hasSuffix(" unfolds to more than 10000 values."))
  }

  @Test func `a chain of defaults has a bound, and the deepest one is coerced on a small stack`() async throws
  {
    #expect(
      try await problems(types(10_000) { "a: I\($0 + 1) = {}" })
        == ["The default value of \"a\" unfolds to more than 100 levels."])
    let deep = types(98) { "a: I\($0 + 1) = {}" }
    #expect(try await problems(deep) == [])
    let engine = try TestEngine(deep).engine
    let query = "query($i: I0) { a b: a(i: {}) c: a(i: $i) }"
    let text = await onSmallStack { runSynchronously(engine, query, root: ["a": 1]) }
    #expect(text == #"{"data":{"a":1,"b":1,"c":1}}"#)
  }

  @Test func `a cycle of defaults that nobody checked is refused as too deep`() async throws {
    let sdl = "input A { b: B = {} } input B { a: A = {} } type Query { a(i: A): Int }"
    #expect(try await problems(sdl, checks: .definitions).count == 1)
  }
}
