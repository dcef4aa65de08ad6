import Testing

@testable import GraphQLEngine

@Suite struct PrinterTests {
  private func reprint(_ text: String) throws -> String {
    try Document.parse(text, limits: .schema).print()
  }

  static let executable: [(String, String)] = [
    ("query{a}", "{\n  a\n}"),
    ("query A{a}", "query A {\n  a\n}"),
    ("query($a:Int){a}", "query ($a: Int) {\n  a\n}"),
    ("query@a{b}", "query @a {\n  b\n}"),
    (
      "mutation A($b:[C!]=[1,D]@e){f}subscription{g}",
      "mutation A($b: [C!] = [1, D] @e) {\n  f\n}\n\nsubscription {\n  g\n}"
    ),
    (
      "{a:b(c:{d:\"e\"f:$g})@h(i:1)@j{k{l}}...m@n...on O@p{q}...{r}}",
      """
      {
        a: b(c: {d: "e", f: $g}) @h(i: 1) @j {
          k {
            l
          }
        }
        ...m @n
        ... on O @p {
          q
        }
        ... {
          r
        }
      }
      """
    ),
    ("{a{}}", "{\n  a {}\n}"),
    ("fragment A on B@c{d}", "fragment A on B @c {\n  d\n}"),
    ("\"x\"query A{b}", "\"x\"\nquery A {\n  b\n}"),
    ("\"\"\"x\"\"\"query{b}", "\"\"\"x\"\"\"\nquery {\n  b\n}"),
    ("query A(\"x\" $a:Int,$b:Int){c}", "query A(\n\"x\"\n$a: Int\n$b: Int\n) {\n  c\n}"),
    ("\"x\"fragment A on B{c}", "\"x\"\nfragment A on B {\n  c\n}"),
  ]

  static let typeSystem: [(String, String)] = [
    ("schema@a{query:Q mutation:M}", "schema @a {\n  query: Q\n  mutation: M\n}"),
    ("extend schema@a", "extend schema @a"),
    ("\"x\"scalar A@b", "\"x\"\nscalar A @b"),
    (
      "type A implements B&C@d{e(f:G=1@h i:J):K!@l}",
      "type A implements B & C @d {\n  e(f: G = 1 @h, i: J): K! @l\n}"
    ),
    ("type A{b(\"x\"c:D e:F):G}", "type A {\n  b(\n    \"x\"\n    c: D\n    e: F\n  ): G\n}"),
    (
      "type A{b(c:D=\"\"\"x\ny\"\"\"):E}",
      "type A {\n  b(\n    c: D = \"\"\"\n    x\n    y\n    \"\"\"\n  ): E\n}"
    ),
    ("type A interface B", "type A\n\ninterface B"),
    ("union A@b=|C|D", "union A @b = C | D"),
    ("enum A@b{\"x\"C@d E}", "enum A @b {\n  \"x\"\n  C @d\n  E\n}"),
    ("input A{\"x\"b:C=1@d}", "input A {\n  \"x\"\n  b: C = 1 @d\n}"),
    ("directive@a(b:C)@d repeatable on|FIELD|QUERY", "directive @a(b: C) @d repeatable on FIELD | QUERY"),
    (
      "extend type A implements B extend union C=D extend enum E{F}extend input G{h:I}",
      "extend type A implements B\n\nextend union C = D\n\nextend enum E {\n  F\n}\n\nextend input G {\n  h: I\n}"
    ),
    (
      "extend scalar A@b extend interface C{d:E}extend directive@f@g",
      "extend scalar A @b\n\nextend interface C {\n  d: E\n}\n\nextend directive @f @g"
    ),
  ]

  @Test(arguments: executable + typeSystem)
  func `a definition is printed in its canonical form`(_ text: String, _ expected: String) throws {
    #expect(try reprint(text) == expected)
  }

  @Test func `arguments are folded when the line would be longer than 80 characters`() throws {
    let fits = "{\n  name(\(String(repeating: "a", count: 71)): 1)\n}"
    #expect(try reprint(fits) == fits)
    let long = String(repeating: "a", count: 72)
    #expect(try reprint("{ name(\(long): 1, b: 2) }") == "{\n  name(\n    \(long): 1\n    b: 2\n  )\n}")
    let nested = "{ x { y { alias: name(\(String(repeating: "a", count: 64)): 1) } } }"
    #expect(try reprint(nested).contains("      alias: name(\(String(repeating: "a", count: 64)): 1)\n"))
  }

  @Test func `the length of a folded line is counted in UTF-16 units, without indentation`() throws {
    let emoji = String(repeating: "\u{1F600}", count: 34)
    #expect(try reprint("{ a { name(b: \"\(emoji)\") } }").contains("name(b: "))
    #expect(try reprint("{ a { name(b: \"\(emoji).\") } }").contains("name(b: "))
    #expect(try reprint("{ a { nam(bcde: \"\(emoji).\") } }").contains("nam(\n      bcde: "))
  }

  static let strings: [(String, String)] = [
    ("\"\\u0041\\/\\b\\f\\n\\r\\t\\\"\\\\\"", "\"A/\\b\\f\\n\\r\\t\\\"\\\\\""),
    ("\"\\u0001\\u007f\\u0080\\u009f\\u00a0\"", "\"\\u0001\\u007F\\u0080\\u009F\u{A0}\""),
    ("\"\u{1F600}\"", "\"\u{1F600}\""),
    ("\"\"\"\"\"\"", "\"\"\"\"\"\""),
    ("\"\"\"one\"\"\"", "\"\"\"one\"\"\""),
    ("\"\"\" one\"\"\"", "\"\"\" one\"\"\""),
    ("\"\"\"one\ntwo\"\"\"", "\"\"\"\none\ntwo\n\"\"\""),
    ("\"\"\"one\n  two\n three\"\"\"", "\"\"\"\none\n two\nthree\n\"\"\""),
    ("\"\"\"ends with \"quote\"\n\"\"\"", "\"\"\"\nends with \"quote\"\n\"\"\""),
    ("\"\"\" ends with \"quote\"\n\"\"\"", "\"\"\" ends with \"quote\"\n\"\"\""),
    ("\"\"\"ends with \\\n\"\"\"", "\"\"\"\nends with \\\n\"\"\""),
    ("\"\"\"a \\\"\"\" b\"\"\"", "\"\"\"a \\\"\"\" b\"\"\""),
    ("\"\"\"a \\\"\"\"\"\"\"", "\"\"\"\na \\\"\"\"\n\"\"\""),
  ]

  @Test(arguments: strings)
  func `strings keep their form and their value`(_ literal: String, _ expected: String) throws {
    let printed = try Document.parseValue(Source(literal)).kept().rootValue.print()
    #expect(printed == expected)
  }

  @Test func `a block string of more than 70 characters takes lines of its own`() throws {
    let short = String(repeating: "x", count: 70)
    #expect(try reprint("\"\"\"\(short)\"\"\" scalar A") == "\"\"\"\(short)\"\"\"\nscalar A")
    #expect(try reprint("\"\"\"\(short)x\"\"\" scalar A") == "\"\"\"\n\(short)x\n\"\"\"\nscalar A")
  }

  @Test(arguments: StringValueTests.blocks)
  func `printing a block string never changes its value`(_ raw: String, _ expected: String) throws {
    let printed = try reprint("type A { b(c: D = \"\"\"\(raw)\"\"\"): E }")
    let document = try Document.parse(printed).kept()
    let type = TypeDefinitionNode(try #require(document.definitions.all.first).node)
    let value = type.fields.all.first?.arguments.all.first?.defaultValue?.asString.value
    #expect(value?.unicodeScalars.elementsEqual(expected.unicodeScalars) == true)
  }

  @Test(arguments: [
    "type query query { a }", "extend schema @a query { a }", "enum A @b { c }", "input A query { a }",
    "interface A implements B query { a }", "extend type A @b query { a }",
  ])
  func `a query behind a definition without a body is not printed as its body`(_ text: String) throws {
    let document = try Document.parse(text).kept()
    let again = try Document.parse(document.print()).kept()
    #expect(again.definitions.all.map(\.kind) == document.definitions.all.map(\.kind))
    #expect(again.print() == document.print())
  }

  @Test func `a query behind anything else keeps its short form`() throws {
    #expect(try reprint("type A { b: C } query { a }") == "type A {\n  b: C\n}\n\n{\n  a\n}")
    #expect(try reprint("scalar A { a }") == "scalar A\n\n{\n  a\n}")
  }
}
