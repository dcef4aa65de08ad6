import GraphQLEngine
import Lint
import Testing

@testable import ClientCode

private let schemaText = """
  type Query { hero: Character, search(text: String!, kind: Kind = DROID, near: Place, tags: [String!]! = []): [Found!]!, review(input: ReviewInput!): Review }
  interface Character { id: ID! name: String! friends: [Character!]! }
  type Human implements Character { id: ID! name: String! friends: [Character!]! height: Float }
  type Droid implements Character { id: ID! name: String! friends: [Character!]! "What for." function: String @deprecated(reason: "Ask it.") }
  type Review { stars: Int! at: Date! more: Blob }
  union Found = Human | Droid | Review
  "Kinds of heroes."
  enum Kind { HUMAN "Made, not born." DROID default }
  input ReviewInput { stars: Int!, comment: String, kind: Kind! = HUMAN, reply: ReviewInput }
  input Place @oneOf { id: ID, point: [Float!] }
  scalar Date
  scalar Blob
  """

private func model(_ text: String) throws -> ClientModel {
  let schema = try Schema.build(schemaText)
  let files = [TextFile(name: "q.graphql", text: text)]
  let project = try OperationProject.load(files, schema: schema).get()
  return ClientReader.read(schema: schema, document: project.document)
}

private func swift(_ text: String) throws -> String {
  var options = SwiftClientWriter.Options()
  options.scalars["Blob"] = "JSONValue"
  return try SwiftClientWriter(try model(text), options: options, hash: { _ in "hash" }).files(runtime: [])
    .filter { $0.path.hasPrefix("Sources/") }.map(\.text).joined()
}

private func typeScript(_ text: String) throws -> String {
  try TypeScriptClientWriter(try model(text), hash: { _ in "hash" }).files(runtime: []).map(\.text).joined()
}

@Suite struct ShapeTests {
  @Test func `fields of one key are merged, fragments are folded in`() throws {
    let shape = try model(
      "query Q { hero { name ...F hero: friends { id } } } fragment F on Character { name hero: friends { name } }"
    ).operations[0].result.fields[0].shape
    #expect(shape?.fields.map(\.key) == ["name", "hero"])
    #expect(shape?.fields[1].shape?.fields.map(\.key) == ["name", "id"])
  }

  @Test func `a selection that is one spread has the fragment's shape`() throws {
    let shape = try model("query Q { hero { ...F } } fragment F on Character { name }")
      .operations[0].result.fields[0].shape
    #expect(shape?.fragment == "F")
  }

  @Test func `a spread for another type, or one that may be left out, is not the fragment's shape`() throws {
    let narrowed = try model("query Q { hero { ...F } } fragment F on Droid { name }")
    #expect(narrowed.operations[0].result.fields[0].shape?.fragment == nil)
    #expect(narrowed.operations[0].result.fields[0].shape?.variants.map(\.typeName) == ["Droid"])
    let skipped = try model(
      "query Q($s: Boolean!) { hero { ...F @skip(if: $s) } } fragment F on Character { name }")
    #expect(skipped.operations[0].result.fields[0].shape?.fields.map(\.isConditional) == [true])
  }

  @Test func `a field is conditional only where all its selections are`() throws {
    let fields = try model(
      "query Q($s: Boolean!) { hero { id @skip(if: $s) id name @include(if: $s) ... @include(if: $s) { id } } }"
    ).operations[0].result.fields[0].shape?.fields
    #expect(fields?.map(\.isConditional) == [false, true])
  }

  @Test func `what only a conditional selection of a field asks for is conditional`() throws {
    let fields = try model(
      "query Q($s: Boolean!) { hero { id } hero @include(if: $s) { name friends { id } } again: hero @skip(if: $s) { id } }"
    ).operations[0].result.fields
    #expect(fields.map(\.isConditional) == [false, true])
    #expect(fields[0].shape?.fields.map(\.key) == ["id", "name", "friends"])
    #expect(fields[0].shape?.fields.map(\.isConditional) == [false, true, true])
    // What is there with its object is there whole.
    #expect(fields[0].shape?.fields[2].shape?.fields.map(\.isConditional) == [false])
    #expect(fields[1].shape?.fields.map(\.isConditional) == [false])
  }

  @Test func `a name that may be left out tells no variants apart`() throws {
    let text = try model("query Q($s: Boolean!) { hero { __typename @skip(if: $s) ... on Droid { id } } }")
      .operations[0].text
    #expect(text.contains("__typename\n    __typename @skip(if: $s)"))
  }

  @Test func `variants have the common fields and their own, in the order of the selection`() throws {
    let shape = try model(
      "query Q { search(text: \"a\") { __typename ... on Character { name } ... on Human { height } } }"
    ).operations[0].result.fields[0].shape
    #expect(shape?.fields.map(\.key) == ["__typename"])
    #expect(shape?.variants.map(\.typeName) == ["Human", "Droid"])
    #expect(
      shape?.variants.map { $0.fields.map(\.key) } == [
        ["__typename", "name", "height"], ["__typename", "name"],
      ])
  }

  @Test func `an operation is sent with its fragments and the names of abstract objects`() throws {
    let text = try model(
      "query A { hero { ...F } } query B { hero { id } } fragment F on Character { friends { ...G } }"
        + " fragment G on Droid { name }"
    ).operations[0].text
    #expect(
      text == """
        query A {
          hero {
            __typename
            ...F
          }
        }

        fragment F on Character {
          __typename
          friends {
            __typename
            ...G
          }
        }

        fragment G on Droid {
          name
        }
        """)
  }

  @Test func `only the types that operations reach are there`() throws {
    let small = try model("query Q { hero { name } }")
    #expect(small.enums.isEmpty && small.inputs.isEmpty && small.scalars.isEmpty)
    let large = try model("query Q($i: ReviewInput!) { review(input: $i) { at } }")
    #expect(large.enums.map(\.name) == ["Kind"])
    #expect(large.inputs.map(\.name) == ["ReviewInput"])
    #expect(large.scalars.map(\.name) == ["Date"])
  }
}

@Suite struct SwiftClientTests {
  @Test func `nullable inputs can be left out, those with a default too`() throws {
    let text = try swift("query Q($i: ReviewInput!) { review(input: $i) { stars } }")
    #expect(
      text.contains(
        "  public var stars: Int\n  public var comment: Nullable<String>\n  public var kind: Kind?\n"))
    #expect(
      text.contains(
        "init(stars: Int, comment: Nullable<String> = .omitted, kind: Kind? = nil, reply: Nullable<ReviewInput> = .omitted)"
      ))
    #expect(text.contains("try fields.encodeIfPresent(self.kind, forKey: \"kind\")"))
  }

  @Test func `an input with just one field is an enum`() throws {
    let text = try swift("query Q($p: Place) { search(text: \"a\", near: $p) { __typename } }")
    #expect(text.contains("public indirect enum Place: Encodable, Hashable, Sendable {"))
    #expect(text.contains("  case point([Double])\n"))
  }

  @Test func `enums keep values that they do not know, and words of Swift are quoted`() throws {
    let text = try swift("query Q($k: Kind) { search(text: \"a\", kind: $k) { __typename } }")
    #expect(text.contains("  /// Made, not born.\n  case droid\n  case `default`\n"))
    #expect(text.contains("case unknown(String)"))
    #expect(text.contains("    case \"default\": self = .`default`\n"))
  }

  @Test func `variants are an enum with what all of them have`() throws {
    let text = try swift("query Q { hero { id ... on Droid { function } } }")
    #expect(text.contains("case droid(Droid)"))
    #expect(text.contains("case other(Other)"))
    #expect(text.contains("/// Deprecated: Ask it."))
    #expect(
      text.contains(
        "      public var id: String {\n        switch self {\n        case .droid(let value): value.id\n"))
  }

  @Test func `lists and nulls nest as in the schema, scalars have the type that was chosen`() throws {
    let text = try swift(
      "query Q { search(text: \"a\") { ... on Review { at more } } hero { friends { id } } }")
    #expect(text.contains("public var search: [Search]\n"))
    #expect(text.contains("public var hero: Hero?\n"))
    #expect(text.contains("public var at: String\n"))
    #expect(text.contains("public var more: JSONValue?\n"))
    #expect(text.contains("public struct Friends: Decodable, Hashable, Sendable, Identifiable {"))
  }

  @Test func `a nested type never hides one of the schema or of Swift`() throws {
    let text = try swift(
      "query Q($k: Kind) { string: hero { id } kind: search(text: \"a\", kind: $k) { __typename } }")
    #expect(text.contains("public var string: StringObject?"))
    #expect(text.contains("public var kind: [KindObject]"))
  }

  @Test func `a fragment that is named as a type is refused`() throws {
    let model = try model(
      "query Q($k: Kind) { hero { ...Kind } search(text: \"a\", kind: $k) { __typename } } fragment Kind on Character { id }"
    )
    #expect(throws: ClientProblems.self) { try SwiftClientWriter(model, hash: { $0 }) }
  }
}

@Suite struct TypeScriptClientTests {
  @Test func `variants are told apart by their names`() throws {
    let text = try typeScript("query Q { hero { id ... on Droid { function } } }")
    #expect(text.contains("__typename: \"Droid\";"))
    #expect(text.contains("__typename: \"%other\";"))
    #expect(text.contains("  /**\n"))
    #expect(text.contains("@deprecated Ask it."))
  }

  @Test func `inputs, enums and one-of inputs`() throws {
    let text = try typeScript(
      "query Q($i: ReviewInput!, $p: Place) { review(input: $i) { stars } search(text: \"`${a}\", near: $p) { __typename } }"
    )
    #expect(text.contains("export type Kind =\n  | \"HUMAN\"\n  | \"DROID\"\n  | \"default\";"))
    #expect(text.contains("  comment?: string | null;\n  kind?: Kind;\n  reply?: ReviewInput | null;\n"))
    #expect(text.contains("  | { point: Array<number>; id?: never; }"))
    #expect(text.contains(#"search(text: "\`\${a}", near: $p)"#))
  }

  private func problems(_ text: String) throws -> [String] {
    let model = try model(text)
    do {
      _ = try TypeScriptClientWriter(model, hash: { $0 })
      return []
    } catch let problems { return problems.lines }
  }

  @Test func `names that would be declared twice are refused`() throws {
    let operations = try problems(
      "query find { hero { id } } query Find { hero { id } } query FindQuery { hero { id } }")
    #expect(
      operations.count == 2 && operations.allSatisfy { $0.hasPrefix("FindQuery would be declared twice") })
    let fragments = try problems(
      "query Q { hero { id ...a ...A ...aFragment } }"
        + " fragment a on Character { id } fragment A on Character { id } fragment aFragment on Character { id }"
    )
    #expect(
      fragments.count == 2 && fragments.allSatisfy { $0.hasPrefix("AFragment would be declared twice") })
    // A query's variables and another query.
    #expect(try problems("query A { hero { id } } query B { hero { id } }") == [])
  }

  @Test func `types of the schema that TypeScript cannot declare are refused`() throws {
    let schema = try Schema.build(
      "type Query { a(in: number, b: Array): Int } enum number { A } input Array { a: Int }")
    let files = [TextFile(name: "q.graphql", text: "query Q($n: number, $a: Array) { a(in: $n, b: $a) }")]
    let project = try OperationProject.load(files, schema: schema).get()
    let model = ClientReader.read(schema: schema, document: project.document)
    let problems = #expect(throws: ClientProblems.self) { try TypeScriptClientWriter(model, hash: { $0 }) }
    #expect(problems?.lines.count == 2)
  }
}
