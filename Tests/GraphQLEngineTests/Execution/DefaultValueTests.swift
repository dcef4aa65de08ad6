import GraphQLEngine
import Synchronization
import Testing

/// A field that answers with the arguments it was given.
private let echo = FieldBinding.batch { call in
  var writer = JSONWriter()
  writer.write(json: .object(call.arguments.object))
  return .ready(.leaves([RawJSON](repeating: RawJSON(writer.bytes), count: call.parents.count)))
}

@Suite("§ 3.6.1 and § 3.10 Default values that custom scalars refuse")
struct DefaultValueTests {
  /// What is wrong with a schema whose defaults are looked at by the scalar `Even`.
  private func problems(_ sdl: String, _ even: ScalarCoercion) throws -> [String] {
    var wiring = Wiring()
    wiring.defaultBinding = echo
    wiring.scalar("Even", even)
    let schema = try Schema.build(sdl)
    do throws(WiringError) {
      _ = try ExecutableSchema(schema, wiring)
      return []
    } catch {
      return error.problems
    }
  }

  @Test func `they are problems of the wiring, with their coordinates`() throws {
    let sdl = """
      scalar Even
      directive @d(w: [Even] = [2, 5]) on FIELD
      input I { x: Even = 7, y: Even = 8 }
      type Query { a(v: Even = 3, w: Even = 4, i: I = {}, j: I = {x: 2}): Int }
      """
    let even = ScalarCoercion { (value: InputValue) throws(ScalarError) in
      guard case .int(let number) = value, number % 2 == 0 else { throw ScalarError("That is odd.") }
      return value
    }
    #expect(
      try problems(sdl, even).sorted() == [
        #"The default value of "@d(w:)" has the invalid value 5; That is odd."#,
        #"The default value of "I.x" has the invalid value 7; That is odd."#,
        #"The default value of "Query.a(i:)" has the invalid value 7; That is odd."#,
        #"The default value of "Query.a(v:)" has the invalid value 3; That is odd."#,
      ])
    #expect(try problems(sdl, ScalarCoercion { (value: InputValue) throws(ScalarError) in value }) == [])
  }

  @Test func `of many problems the first hundred are told`() throws {
    let arguments = (0..<300).map { "v\($0): Even = 1" }.joined(separator: " ")
    let refusing = ScalarCoercion { (_: InputValue) throws(ScalarError) in throw ScalarError("No.") }
    #expect(try problems("scalar Even type Query { a(\(arguments)): Int }", refusing).count == 100)
  }

  /// The scalar takes them when the schema is wired, and nothing afterwards.
  @Test func `a default that is refused later is an error, never an absent argument`() async throws {
    let isOpen = Mutex(true)
    let engine = try TestEngine(
      "scalar Even input I { x: Even = 2 } type Query { a(v: Even = 2): Int, b(i: I): Int, c(i: I = {}): Int }",
      isDynamic: false
    ) { wiring, _ in
      wiring.defaultBinding = echo
      wiring.scalar(
        "Even",
        ScalarCoercion { (value: InputValue) throws(ScalarError) in
          guard isOpen.withLock({ $0 }) else { throw ScalarError("Closed.") }
          return value
        })
    }
    isOpen.withLock { $0 = false }
    let response = await try engine.response("{ a b(i: {}) c }")
    #expect(
      response.errors.map(\.message) == [
        #"Argument "v" has an invalid default value; Closed."#,
        #"Argument "i" has invalid value 2; Closed."#,
        #"Argument "i" has an invalid default value; Closed."#,
      ])
    let variables = InputObject([.init(name: "i", value: .object(InputObject()))])
    #expect(
      await try engine.run("query($i: I) { b(i: $i) }", variables: variables)
        == #"{"errors":[{"message":"Variable \"$i\" got invalid value {}; Closed.","#
        + #""locations":[{"line":1,"column":7}]}]}"#)
  }
}
