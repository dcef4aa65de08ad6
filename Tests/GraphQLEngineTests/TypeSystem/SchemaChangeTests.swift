import Testing

@testable import GraphQLEngine

/// What changes from one schema to another; messages of kinds that graphql-js 16 has were compared with it.
@Suite("Schema.changes(to:)")
struct SchemaChangeTests {
  /// Two texts of SDL, each behind `type Query { q: Int }`, and the changes as "KIND message".
  struct Case: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String
    let expected: [String]

    init(_ old: String, _ new: String, _ expected: String...) {
      self.old = old
      self.new = new
      self.expected = expected
    }

    var testDescription: String { expected.first ?? "nothing: \(old)" }
  }

  static let query = "type Query { q: Int }\n"

  private func expect(_ item: Case, at location: Testing.SourceLocation = #_sourceLocation) throws {
    let old = try Schema.build(Self.query + item.old)
    let new = try Schema.build(Self.query + item.new)
    let found = old.changes(to: new).map { "\($0.kind.rawValue) \($0.message)" }
    #expect(found == item.expected, sourceLocation: location)
  }

  @Test(arguments: [
    Case("type A { a: Int }", "", "TYPE_REMOVED A was removed."),
    Case(
      "type A { a: ID }", "",
      "TYPE_REMOVED A was removed.",
      "TYPE_REMOVED Standard scalar ID was removed because it is not referenced anymore."),
    Case("", "scalar B", "TYPE_ADDED B was added."),
    Case(
      "interface A { a: Int }", "union A = Query",
      "TYPE_CHANGED_KIND A changed from an Interface type to a Union type."),
    Case("scalar A", "enum A { B }", "TYPE_CHANGED_KIND A changed from a Scalar type to an Enum type."),
    Case(
      "input A { a: Int }", "type A { a: Int }",
      "TYPE_CHANGED_KIND A changed from an Input type to an Object type."),
    Case(
      "type A { a: Int } type B { a: Int } union U = A", "type A { a: Int } type B { a: Int } union U = B",
      "TYPE_ADDED_TO_UNION B was added to union type U.",
      "TYPE_REMOVED_FROM_UNION A was removed from union type U."),
    Case(
      "enum E { A B }", "enum E { B C }",
      "VALUE_ADDED_TO_ENUM C was added to enum type E.",
      "VALUE_REMOVED_FROM_ENUM A was removed from enum type E."),
    Case(
      "interface I { a: Int } interface J { a: Int } type A implements I { a: Int }",
      "interface I { a: Int } interface J { a: Int } type A implements J { a: Int }",
      "IMPLEMENTED_INTERFACE_ADDED J added to interfaces implemented by A.",
      "IMPLEMENTED_INTERFACE_REMOVED A no longer implements interface I."),
    Case(
      "interface I { a: Int } interface J implements I { a: Int } interface K { a: Int }",
      "interface I { a: Int } interface J { a: Int } interface K implements I { a: Int }",
      "IMPLEMENTED_INTERFACE_REMOVED J no longer implements interface I.",
      "IMPLEMENTED_INTERFACE_ADDED I added to interfaces implemented by K."),
    Case(
      "interface I { a: Int } interface J { a: Int } type A implements I & J { a: Int }",
      "interface I { a: Int } interface J { a: Int } type A implements J & I { a: Int }"),
    Case("enum E { A B }\ntype T { a: E, b: Int }", "type T { b: Int a: E } enum E { B A }"),
  ])
  func `types that come, go and change`(_ item: Case) throws { try expect(item) }

  @Test(arguments: [
    Case("type A { a: Int b: Int }", "type A { b: Int }", "FIELD_REMOVED A.a was removed."),
    Case("interface A { a: Int }", "interface A { a: Int c: Int }", "FIELD_ADDED Field A.c was added."),
    Case(
      "type A { a: Int! }", "type A { a: Int }",
      "FIELD_CHANGED_KIND A.a changed type from Int! to Int."),
    Case(
      "type A { a: [Int] }", "type A { a: [Int!]! }",
      "FIELD_CHANGED_KIND_SAFE Field A.a changed type from [Int] to [Int!]!."),
    Case(
      "type A { a: [Int!]! }", "type A { a: [Int]! }",
      "FIELD_CHANGED_KIND A.a changed type from [Int!]! to [Int]!."),
    Case(
      "type A { a: [Int] }", "type A { a: Int }", "FIELD_CHANGED_KIND A.a changed type from [Int] to Int."),
    Case(
      "type A { a: Int }", "type A { a: [Int] }", "FIELD_CHANGED_KIND A.a changed type from Int to [Int]."),
    Case(
      "type A { a: Int }", "type A { a: String }",
      "FIELD_CHANGED_KIND A.a changed type from Int to String."),
  ])
  func `fields and their types`(_ item: Case) throws { try expect(item) }

  @Test(arguments: [
    Case(
      "type A { f(a: Int b: Int): Int }", "type A { f(b: Int): Int }",
      "ARG_REMOVED A.f arg a was removed."),
    Case(
      "type A { f: Int }", "type A { f(a: Int! b: Int! = 1 c: Int): Int }",
      "REQUIRED_ARG_ADDED A required arg a on A.f was added.",
      "OPTIONAL_ARG_ADDED An optional arg b on A.f was added.",
      "OPTIONAL_ARG_ADDED An optional arg c on A.f was added."),
    Case(
      "type A { f(a: Int): Int }", "type A { f(a: Int!): Int }",
      "ARG_CHANGED_KIND A.f arg a has changed type from Int to Int!."),
    Case(
      "type A { f(a: [Int!]!): Int }", "type A { f(a: [Int]): Int }",
      "ARG_CHANGED_KIND_SAFE Argument A.f(a:) has changed type from [Int!]! to [Int]."),
    Case(
      "type A { f(a: Int): Int }", "type A { f(a: [Int]): Int }",
      "ARG_CHANGED_KIND A.f arg a has changed type from Int to [Int]."),
    Case(
      "type A { f(a: Int = 1): Int }", "type A { f(a: Int = 2): Int }",
      "ARG_DEFAULT_VALUE_CHANGE A.f arg a has changed defaultValue from 1 to 2."),
    Case(
      "type A { f(a: Int = 1): Int }", "type A { f(a: Int): Int }",
      "ARG_DEFAULT_VALUE_CHANGE A.f arg a defaultValue was removed."),
    Case(
      "type A { f(a: Int! = 1): Int }", "type A { f(a: Int!): Int }",
      "ARG_DEFAULT_VALUE_CHANGE A.f arg a defaultValue was removed.",
      "VALUE_BECAME_REQUIRED A.f(a:) became required: it is not null and has no defaultValue any more."),
    Case(
      "type A { f(a: Int): Int }", "type A { f(a: Int = null): Int }",
      "ARG_DEFAULT_VALUE_ADDED A.f(a:) added a defaultValue null."),
    // The same value however it is written: a single item, another order of fields, another literal.
    Case(
      "input N { x2: Int x10: [Int] } type A { f(a: N = {x2: 1, x10: 5}): Int g(b: Float = 1.0): Int }",
      "input N { x10: [Int] x2: Int } type A { f(a: N = {x10: [5], x2: 1}): Int g(b: Float = 1): Int }"),
    Case(
      "input N { x2: Int x10: [Int] } type A { f(a: N = {x10: [5], x2: 1}): Int }",
      "input N { x2: Int x10: [Int] } type A { f(a: N = {x10: [5], x2: 2}): Int }",
      "ARG_DEFAULT_VALUE_CHANGE A.f arg a has changed defaultValue from {x2: 1, x10: [5]} to {x2: 2, x10: [5]}."
    ),
  ])
  func `arguments and their defaults`(_ item: Case) throws { try expect(item) }

  @Test(arguments: [
    Case(
      "input A { a: Int b: Int }", "input A { a: Int c: Int! d: Int! = 1 }",
      "REQUIRED_INPUT_FIELD_ADDED A required field c on input type A was added.",
      "OPTIONAL_INPUT_FIELD_ADDED An optional field d on input type A was added.",
      "FIELD_REMOVED A.b was removed."),
    Case(
      "input A { a: Int }", "input A { a: Int! }", "FIELD_CHANGED_KIND A.a changed type from Int to Int!."),
    Case(
      "input A { a: Int! }", "input A { a: Int }",
      "FIELD_CHANGED_KIND_SAFE Field A.a changed type from Int! to Int."),
    Case(
      "input A { a: Int! = 1 b: Int c: Int = 1 }", "input A { a: Int! b: Int = 1 c: Int = 2 }",
      "INPUT_FIELD_DEFAULT_VALUE_CHANGE A.a defaultValue was removed.",
      "VALUE_BECAME_REQUIRED A.a became required: it is not null and has no defaultValue any more.",
      "INPUT_FIELD_DEFAULT_VALUE_ADDED A.b added a defaultValue 1.",
      "INPUT_FIELD_DEFAULT_VALUE_CHANGE A.c has changed defaultValue from 1 to 2."),
    Case(
      "input A { a: Int b: Int }", "input A @oneOf { a: Int b: Int }",
      "ONE_OF_ADDED A became a oneOf input type: exactly one field must be given."),
    Case(
      "input A @oneOf { a: Int b: Int }", "input A { a: Int b: Int }",
      "ONE_OF_REMOVED A is no longer a oneOf input type."),
    Case(
      "scalar A scalar B @specifiedBy(url: \"b\") scalar C @specifiedBy(url: \"c\")",
      "scalar A @specifiedBy(url: \"a\") scalar B scalar C @specifiedBy(url: \"d\")",
      "SPECIFIED_BY_ADDED A is specified by \"a\" now.",
      "SPECIFIED_BY_REMOVED B is no longer specified by \"b\".",
      "SPECIFIED_BY_CHANGE C changed what it is specified by from \"c\" to \"d\"."),
  ])
  func `input objects and scalars`(_ item: Case) throws { try expect(item) }

  @Test(arguments: [
    Case("directive @d on FIELD", "", "DIRECTIVE_REMOVED d was removed."),
    Case("", "directive @d on FIELD", "DIRECTIVE_ADDED Directive @d was added."),
    Case("directive @d on FIELD directive @e on FIELD", "directive @e on FIELD directive @d on FIELD"),
    Case(
      "directive @d on FIELD", "directive @d(a: Int) on FIELD",
      "OPTIONAL_DIRECTIVE_ARG_ADDED An optional argument @d(a:) was added."),
    Case(
      "directive @d(a: Int) on FIELD", "directive @d(b: Int! c: Int) on FIELD",
      "REQUIRED_DIRECTIVE_ARG_ADDED A required arg b on directive d was added.",
      "OPTIONAL_DIRECTIVE_ARG_ADDED An optional argument @d(c:) was added.",
      "DIRECTIVE_ARG_REMOVED a was removed from d."),
    Case(
      "directive @d(a: Int b: Int = 1 c: Int! = 1) on FIELD",
      "directive @d(a: String b: Int = 2 c: Int!) on FIELD",
      "ARG_CHANGED_KIND Argument @d(a:) has changed type from Int to String.",
      "ARG_DEFAULT_VALUE_CHANGE @d(b:) has changed defaultValue from 1 to 2.",
      "ARG_DEFAULT_VALUE_CHANGE @d(c:) defaultValue was removed.",
      "VALUE_BECAME_REQUIRED @d(c:) became required: it is not null and has no defaultValue any more."),
    Case(
      "directive @d repeatable on FIELD | QUERY", "directive @d on QUERY | OBJECT",
      "DIRECTIVE_REPEATABLE_REMOVED Repeatable flag was removed from d.",
      "DIRECTIVE_LOCATION_REMOVED FIELD was removed from d.",
      "DIRECTIVE_LOCATION_ADDED OBJECT was added to @d."),
    Case(
      "directive @d on FIELD", "directive @d repeatable on FIELD",
      "DIRECTIVE_REPEATABLE_ADDED Repeatable flag was added to @d."),
    Case(
      "directive @d(a: Int) on FIELD", "directive @d(a: Int @deprecated) @deprecated(reason: \"x\") on FIELD",
      "DEPRECATION_ADDED @d(a:) was deprecated: \"No longer supported\".",
      "DEPRECATION_ADDED @d was deprecated: \"x\"."),
  ])
  func `directives and their arguments`(_ item: Case) throws { try expect(item) }

  @Test(arguments: [
    Case(
      "\"one\" type A { \"one\" f(\"one\" a: Int): Int }", "\"two\" type A { f(\"two\" a: Int): Int }",
      "DESCRIPTION_CHANGED Description of A has changed to \"two\".",
      "DESCRIPTION_CHANGED Description of argument A.f(a:) has changed to \"two\".",
      "DESCRIPTION_CHANGED Description of field A.f was removed."),
    Case(
      "enum E { A } input I { a: Int } directive @d(a: Int) on FIELD",
      "enum E { \"x\" A } input I { \"x\" a: Int } \"x\" directive @d(\"y\" a: Int) on FIELD",
      "DESCRIPTION_CHANGED Description of enum value E.A has changed to \"x\".",
      "DESCRIPTION_CHANGED Description of input-field I.a has changed to \"x\".",
      "DESCRIPTION_CHANGED Description of @d(a:) has changed to \"y\".",
      "DESCRIPTION_CHANGED Description of @d has changed to \"x\"."),
    Case(
      "type A { f(a: Int): Int } input I { a: Int } enum E { A }",
      """
      type A { f(a: Int @deprecated): Int @deprecated(reason: "old") }
      input I { a: Int @deprecated } enum E { A @deprecated }
      """,
      "DEPRECATION_ADDED A.f(a:) was deprecated: \"No longer supported\".",
      "DEPRECATION_ADDED A.f was deprecated: \"old\".",
      "DEPRECATION_ADDED I.a was deprecated: \"No longer supported\".",
      "DEPRECATION_ADDED E.A was deprecated: \"No longer supported\"."),
    Case(
      "type A { a: Int @deprecated b: Int @deprecated(reason: \"x\") }",
      "type A { a: Int b: Int @deprecated(reason: \"y\") }",
      "DEPRECATION_REMOVED A.a is no longer deprecated.",
      "DEPRECATION_REASON_CHANGE The deprecation reason of A.b changed from \"x\" to \"y\"."),
    Case(
      "directive @d(a: Int) repeatable on OBJECT | FIELD_DEFINITION type A @d @d(a: 1) { a: Int }",
      "directive @d(a: Int) repeatable on OBJECT | FIELD_DEFINITION type A @d(a: 1) @d(a: 2) { a: Int @d }",
      "APPLIED_DIRECTIVE_REMOVED @d was removed from A.", "APPLIED_DIRECTIVE_ADDED @d(a: 2) was added to A.",
      "APPLIED_DIRECTIVE_ADDED @d was added to A.a."),
  ])
  func `what definitions say about themselves`(_ item: Case) throws { try expect(item) }

  @Test(arguments: [
    Case(
      "type A { a: Int } schema { query: Query mutation: A }", "type A { a: Int } schema { query: Query }",
      "ROOT_TYPE_REMOVED The mutation root type A was removed."),
    Case(
      "type A { a: Int } schema { query: Query }",
      "type A { a: Int } schema { query: Query subscription: A }",
      "ROOT_TYPE_ADDED The subscription root type A was added."),
    Case(
      "type A { a: Int }", "type A { a: Int } \"new\" schema { query: A }",
      "DESCRIPTION_CHANGED Description of the schema has changed to \"new\".",
      "ROOT_TYPE_CHANGED The query root type changed from Query to A."),
    // The type's removal says it.
    Case("type Mutation { a: Int }", "", "TYPE_REMOVED Mutation was removed."),
    Case("", "type Mutation { a: Int }", "TYPE_ADDED Mutation was added."),
  ])
  func `root types`(_ item: Case) throws { try expect(item) }

  @Test func `a schema has no changes to itself`() throws {
    let schema = try Schema.build(
      """
      "s" schema @d { query: Query } directive @d(a: N = {b: 1}) repeatable on SCHEMA | OBJECT
      input N { a: Int = 1 b: Int } type Query @d { q(n: N = {a: 2}): U } union U = Query
      enum E { A @deprecated }
      """)
    #expect(schema.changes(to: schema).isEmpty)
    #expect(
      try schema.changes(to: Schema.build(schema.sdl)).map(\.kind) == [
        // SDL that is printed has no applied directives.
        .appliedDirectiveRemoved, .appliedDirectiveRemoved,
      ])
  }

  @Test func `changes name the element and both places`() throws {
    let old = try Schema.build("type Query { q: Int }\ntype A {\n  \"text\"\n  a: Int\n  b(c: Int): Int }")
    let new = try Schema.build("type A { d: Int\r\n b: Int }\r\n\"😀\" type Query { q: Int! }")
    let changes = old.changes(to: new)
    #expect(changes.map { $0.coordinate?.description } == ["Query", "Query.q", "A.a", "A.d", "A.b(c:)"])
    #expect(
      changes.map(\.old) == [
        place(1, 6), place(1, 14), place(4, 3), nil, place(5, 5),
      ])
    #expect(changes.map(\.new) == [place(3, 11), place(3, 19), nil, place(1, 10), nil])
    #expect(changes.map(\.severity) == [.safe, .safe, .breaking, .safe, .breaking])
  }

  private func place(_ line: Int, _ column: Int) -> SchemaChange.Place {
    SchemaChange.Place(document: 1, location: .init(line: line, column: column))
  }

  @Test func `a schema of ten thousand types is compared in one pass`() throws {
    let count = 10_000
    func sdl(_ type: String) -> String {
      Self.query + (0..<count).map { "type T\($0) { f(a: \(type)): \(type) }\n" }.joined()
    }
    let changes = try Schema.build(sdl("Int")).changes(to: Schema.build(sdl("Float")))
    // Two for each type; Float came, Int is still used by the query.
    #expect(changes.count == 2 * count + 1)
    #expect(changes.last?.old == place(count + 1, 11 + "\(count - 1)".count - 1))
  }
}

@Suite struct LineIndexTests {
  @Test(arguments: ["", "\n", "a\r\nb\rc\n\n😀x\u{2028}y", "\r", "\r\n\r\r\n", "ä\n\u{FEFF}b"])
  func `it finds what counting from the start finds`(_ text: String) {
    let source = Source(text)
    let index = LineIndex(source)
    for offset in 0...source.count + 1 {
      #expect(index.location(at: offset, in: source) == source.location(at: offset))
    }
  }
}
