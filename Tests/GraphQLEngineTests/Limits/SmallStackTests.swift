import Testing

@testable import GraphQLEngine

/// Everything that follows what a client or a schema nests, on a stack of 512 KiB, as deep as the limits
/// allow.
@Suite("512 KiB of stack", .serialized) struct SmallStackTests {
  /// `open` and `close` around `core`, `count` times.
  private func nest(_ count: Int, _ open: String, _ core: String, _ close: String) -> String {
    String(repeating: open, count: count) + core + String(repeating: close, count: count)
  }

  #if DEBUG
    private static let inputObjectNesting = 150
  #else
    private static let inputObjectNesting = 190
  #endif

  private static let sdl = """
    scalar Any
    directive @d(a: Any) repeatable on FIELD | OBJECT | QUERY | VARIABLE_DEFINITION
    input I { i: I l: [I] a: Any }
    type Query { q: Query qs: [Query] a(x: Any, i: I): Any deep: [[[[[[[[[[[[[[[[[[[[Int]]]]]]]]]]]]]]]]]]]] n: Int }
    """

  @Test(arguments: [
    ("{ a(x: ", "[", "1", "]", ") }"), ("{ a(x: ", "{b: ", "null", "}", ") }"),
    ("{ a(i: ", "{i: ", "{}", "}", ") }"), ("{ a(i: ", "{l: ", "[]", "}", ") }"),
    ("query($v: Any = ", "[", "\"x\"", "]", ") { a(x: $v) }"), ("query @d(a: ", "[", "1", "]", ") { n }"),
    ("", "{ q ", "{ n }", "}", ""), ("{ q ", "{ ... on Query ", "{ n }", "}", " }"),
  ])
  func `the deepest documents are parsed, validated, printed and executed`(
    _ prefix: String, _ open: String, _ core: String, _ close: String, _ suffix: String
  ) async throws {
    let engine = try TestEngine(Self.sdl).engine
    let schema = engine.executable.schema
    // Without optimisation a level of an input object takes 2.5 KB; a release build holds all 200.
    let isInputObject = prefix == "{ a(i: "
    let text = prefix + nest(isInputObject ? Self.inputObjectNesting : 190, open, core, close) + suffix
    let outcome = await onSmallStack { () -> String in
      do {
        let document = try Document.parse(text)
        let errors = schema.validate(document)
        guard errors.isEmpty else { return errors[0].message }
        let again = try Document.parse(document.print())
        guard again.print() == document.print() else { return "printed differently" }
        return runSynchronously(engine, text, root: ["a": 1, "n": 1, "q": ["q": nil, "n": 1]])
      } catch {
        return "\(error)"
      }
    }
    #expect(outcome.hasPrefix(#"{"data":{"#), "\(outcome.prefix(300))")
  }

  @Test func `arguments as deep as documents reach resolvers, and are written again`() async throws {
    let schema = try TestEngine(Self.sdl) { wiring, _ in
      wiring.bind("Query", "a", .batch { call in .ready(.dynamic([call.arguments["x"] ?? .null])) })
    }
    let value = nest(190, "[", "1", "]")
    let text = await onSmallStack { runSynchronously(schema.engine, "{ a(x: \(value)) }", root: [:]) }
    #expect(text == "{\"data\":{\"a\":\(value)}}")
  }

  @Test(arguments: [("{\"i\":", "}"), ("{\"l\":[", "]}"), ("{\"l\":", "}")])
  func `the deepest variables are coerced`(_ open: String, _ close: String) async throws {
    let engine = try TestEngine(Self.sdl.replacing("l: [I]", with: "l: [I!]! = []")).engine
    let json = nest(JSONReader.defaultDepth / (open.hasSuffix("[") ? 2 : 1) - 1, open, "{\"a\":1}", close)
    let text = await onSmallStack {
      let value = (try? JSONReader.read(json)) ?? .null
      let variables = InputObject([.init(name: "i", value: value)])
      return runSynchronously(
        engine, "query($i: I) { a(i: $i) }", root: ["a": 1], variables: variables)
    }
    #expect(text == #"{"data":{"a":1}}"#)
  }

  @Test func `a list type with all wrappers is completed`() async throws {
    let engine = try TestEngine(Self.sdl).engine
    let json = nest(20, "[", "7", "]")
    let text = await onSmallStack {
      runSynchronously(engine, "{ deep }", root: ["deep": (try? JSONReader.read(json)) ?? .null])
    }
    #expect(text == "{\"data\":{\"deep\":\(json)}}")
  }

  @Test func `a type reference with more wrappers than fit is refused by name, and one beyond the nesting`()
    async throws
  {
    let engine = try TestEngine(Self.sdl).engine
    let text = await onSmallStack {
      [21, 199, 5_000].map {
        runSynchronously(engine, "query($v: " + self.nest($0, "[", "Int", "]") + ") { a(x: $v) }")
      }
    }
    #expect(text[0].contains("limit of 20 lists and non-nulls around a type (typeWrappers)"))
    #expect(text[1].contains("(typeWrappers)"))
    #expect(text[2].contains("Document nests deeper than 200 levels."))
  }

  @Test func `the deepest schema is built, printed, introspected, compared and extended`() async throws {
    let value = nest(195, "[", "1", "]")
    let object = nest(195, "{i: ", "{}", "}")
    let sdl = """
      \(Self.sdl)
      type T @d(a: \(value)) { a(x: Any = \(value), i: I = \(object)): Int }
      extend type Query { t: T }
      """
    let introspection = "{ __type(name: \"T\") { fields { args { name defaultValue } } } }"
    let outcome = await onSmallStack { () -> String in
      do {
        let schema = try Schema.build(sdl, options: .init(checks: .complete))
        let again = try Schema.build(schema.sdl, options: .init(checks: .complete))
        guard again.sdl == schema.sdl else { return "printed differently" }
        guard schema.changes(to: again).allSatisfy({ $0.severity == .safe }) else { return "changed" }
        _ = try schema.extended(by: try Document.parse("extend type T { b(x: Any = \(value)): Int }"))
        var wiring = Wiring()
        wiring.defaultBinding = .member
        do {
          _ = try ExecutableSchema(schema, wiring)
          return "not refused"
        } catch let error as WiringError {
          guard error.problems[0].hasSuffix("unfolds to more than 100 levels.") else { return "\(error)" }
        }
        let shallow = try Schema.build(sdl.replacing(value, with: "[[1]]").replacing(object, with: "{i: {}}"))
        let engine = Engine(try ExecutableSchema(shallow, wiring))
        return runSynchronously(engine, introspection, root: [:])
      } catch {
        return "\(error)"
      }
    }
    #expect(outcome.contains(#"{"name":"x","defaultValue":"[[1]]"}"#), "\(outcome.prefix(400))")
  }

  @Test func `JSON as deep as allowed is read, compared, hashed, written and released`() async throws {
    let depth = JSONReader.defaultDepth
    let lists = nest(depth, "[", "", "]")
    let objects = nest(depth, "{\"a\":", "1", "}")
    let isSame = await onSmallStack {
      [lists, objects].allSatisfy { text in
        guard let value = try? JSONReader.read(text),
          let again = try? JSONReader.read(text)
        else { return false }
        var writer = JSONWriter()
        writer.write(json: value)
        return writer.text == text && value == again && value.hashValue == again.hashValue
      }
    }
    #expect(isSame)
    let tooDeep = nest(200_000, "[", "", "]")
    let error = await onSmallStack { () -> JSONError? in
      do throws(JSONError) {
        _ = try JSONReader.read(tooDeep)
        return nil
      } catch {
        return error
      }
    }
    #expect(error == JSONError(message: "JSON is nested too deep", offset: JSONReader.defaultDepth))
  }

  @Test func `errors with long paths are written`() async throws {
    let engine = try TestEngine("type Query { q: Query! n: Int! }").engine
    let nesting = 190
    var root: InputValue = ["n": "x"]
    for _ in 0..<nesting { root = ["q": root] }
    let value = root
    let query = nest(nesting, "{ q ", "{ n }", "}")
    let text = await onSmallStack { runSynchronously(engine, query, root: value) }
    #expect(text.hasPrefix(#"{"data":null,"errors":[{"message":"Int cannot represent non-integer value: "#))
    #expect(text.contains(#""path":["q","q","#))
  }

  @Test func `coordinates need no stack`() async {
    let text = String(repeating: "a", count: 1_000_000)
    let coordinates = ["\(text).\(text)(\(text):)", "@\(text)(\(text):)", text]
    let isSame = await onSmallStack {
      coordinates.allSatisfy { (try? SchemaCoordinate.parse($0))?.description == $0 }
    }
    #expect(isSame)
  }
}
