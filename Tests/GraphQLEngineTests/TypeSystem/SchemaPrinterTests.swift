import Testing

@testable import GraphQLEngine

@Suite("§ 3 Schema.sdl")
struct SchemaPrinterTests {
  /// Texts that are printed as they are read.
  @Test(arguments: [
    "type Query {\n  a: Int\n}",
    "schema {\n  query: Root\n  subscription: Events\n}\n\ntype Root {\n  a: Int\n}\n\ntype Events {\n  "
      + "b: Int\n}",
    "\"\"\"About it\"\"\"\nschema {\n  query: Query\n}\n\ntype Query {\n  a: Int\n}",
    """
    directive @a(b: Int = 1, c: [String!]! = ["x"]) repeatable on FIELD | OBJECT

    \"\"\"
    A long description, which does not fit on the line of its quotes, is put on a line between.
    \"\"\"
    type Query implements I & J {
      a: Int

      \"\"\"Second\"\"\"
      b(c: Int = 1, d: Int @deprecated): [Query!]! @deprecated(reason: "x \\"y\\"")
      e(
        \"\"\"First\"\"\"
        f: Int
        g: N = {a: 1, b: [V]}

        \"\"\"Third\"\"\"
        h: ID = 5
      ): U
    }

    interface I {
      a: Int
    }

    interface J implements I {
      a: Int
    }

    union U = Query | Other

    type Other {
      a: Int
    }

    enum E {
      \"\"\"first\"\"\"
      V
      W @deprecated
    }

    input N @oneOf {
      a: Int
      b: [E!]
    }

    scalar S @specifiedBy(url: "https://example.org")

    type Nothing

    "  leads with blanks\\n"
    scalar T
    """,
    "schema {\n  query: Query\n}\n\ntype Query {\n  a: Int\n}\n\ntype Mutation {\n  a: Int\n}",
    "schema {\n  query: Query\n}\n\ntype Query {\n  a: Int\n}\n\nscalar Mutation",
    "directive @a(b: Int) @deprecated(reason: \"old\") repeatable on FIELD\n\n"
      + "directive @b @deprecated on QUERY\n\ntype Query {\n  a: Int\n}",
    // Types without members, and types that refer to themselves and each other.
    "enum E\n\ninput N\n\ninterface I\n\ntype T\n\nunion U",
    "type Query {\n  a: Query\n  b: T\n}\n\ntype T {\n  c: Query\n}\n\ninput N {\n  d: [N!]\n}",
    "union U = U",
    // Types that nothing refers to, but which belong to what is referred to.
    "type Query {\n  a: I\n  b: U\n}\n\ntype T implements I {\n  c: Int\n}\n\ninterface J implements I {\n  c: Int\n}"
      + "\n\ninterface I {\n  c: Int\n}\n\nunion U = T",
    // A schema that has no query type, and one whose root types have names of their own.
    "type Mutation {\n  a: Int\n}",
    "schema {\n  query: A\n  mutation: B\n  subscription: C\n}\n\ntype A {\n  a: Int\n}\n\ntype B {\n  b: Int\n}"
      + "\n\ntype C {\n  c: Int\n}",
    "type Query {\n  a: Int\n}\n\ntype Mutation {\n  b: Int\n}\n\ntype Subscription {\n  c: Int\n}",
    // Every way to wrap a type, and every place of a default among arguments.
    "type Query {\n  a: String\n  b: [String]\n  c: String!\n  d: [String]!\n  e: [String!]\n  f: [String!]!\n}",
    "type Query {\n  a(b: Int): Int\n  c(b: Int!): Int\n  d(b: String = \"\\t\\\"\"): Int\n  e(b: Int = null): Int\n"
      + "  f(b: Int = 1, c: String): Int\n  g(b: Int, c: String = \"x\", d: Boolean): Int\n"
      + "  h(b: Int, c: String, d: Boolean = false): Int\n}",
    "scalar S\n\ntype Query {\n  a(b: S = {c: [1, \"d\", true, null]}): Int\n}",
    // Descriptions: none, blank, short.
    "type Query {\n  \"\"\"\"\"\"\n  a: Int\n\n  \" \"\n  b: Int\n\n  \"\"\"It is short\"\"\"\n  c: Int\n}",
    "directive @d(\n  \"\"\"First\"\"\"\n  a: Int = -1\n  b: String\n) on FIELD",
  ])
  func `canonical texts are fixed points`(sdl: String) throws {
    #expect(try Schema.build(sdl, options: Schema.Options(checks: .none)).sdl == sdl)
  }

  /// As graphql-js's `astFromValue` prints what `valueFromAST` has coerced.
  @Test(arguments: [
    ("Int", "-0", "0"), ("Float", "1.0", "1"), ("Float", "1e3", "1000"), ("Float", "1.5e30", "1.5e+30"),
    ("[Int]", "1", "[1]"), ("[[Int!]]", "[1, [2]]", "[[1], [2]]"), ("ID", "\"12\"", "12"),
    ("ID", "\"012\"", "\"012\""),
    ("ID", "12", "12"), ("String", "\"\"\"block\"\"\"", "\"block\""), ("Boolean", "true", "true"),
    ("Int", "null", "null"),
    ("N", "{ z: 2, y: { y: null } }", "{x: 1, y: {x: 1, y: null, z: [V]}, z: [W]}"), ("S", "V", "\"V\""),
    ("S", "{ a: 1 }", "{a: 1}"),
  ])
  func `default values are coerced first`(type: String, literal: String, printed: String) throws {
    let literal = literal.replacing("z: 2", with: "z: W")
    let schema = try Schema.build(
      "type Query { a(b: \(type) = \(literal)): Int } input N { x: Int = 1 y: N z: [E] = V } enum E { V "
        + "W } scalar S"
    )
    let query = try #require(schema.queryType)
    let field = try #require(schema.field(named: "a", in: query))
    let argument = try #require(schema.argumentIDs(of: field).first { _ in true })
    #expect(schema.printedDefaultValue(of: argument) == printed)
  }

  @Test(arguments: [
    "Int = 1.5", "Int! = null", "[Int!] = [1, null]", "[Int] = [\"a\"]", "E = W", "N = {}", "N = {a: V}",
  ])
  func `a default that cannot be coerced is left out`(argument: String) throws {
    let schema = try Schema.build(
      "type Query { a(b: \(argument)): Int } enum E { V } input N { a: Int! }",
      options: Schema.Options(checks: .definitions))
    let type = argument.split(separator: " ")[0]
    #expect(schema.sdl.contains("a(b: \(type)): Int"))
  }

  @Test func `a default that unfolds without end in sight is printed as written`() throws {
    let types = (0..<30).map { "input I\($0) { a: I\($0 + 1) = {} b: I\($0 + 1) = {} }" }.joined(
      separator: "\n")
    let schema = try Schema.build("type Query { a(b: I0 = {}): Int }\n\(types)\ninput I30 { a: Int = 1 }")
    let query = try #require(schema.queryType)
    let field = try #require(schema.field(named: "a", in: query))
    let argument = try #require(schema.argumentIDs(of: field).first { _ in true })
    #expect(schema.printedDefaultValue(of: argument) == "{}")
  }

  @Test func `printing is deterministic and reads back`() throws {
    let sdl = "type Query { a(b: [Int] = 1): E } enum E { A } extend enum E { B } directive @x on FIELD"
    let schema = try Schema.build(sdl)
    #expect(try Schema.build(schema.sdl).sdl == schema.sdl)
    #expect(try Schema.build(sdl).sdl == schema.sdl)
  }
}
