import Testing

@testable import GraphQLEngine

/// What the errors of all rules together look like.
@Suite struct ValidationErrorOrderTests {
  @Test func `errors come in the order of the source, columns in UTF-16 units`() throws {
    let document = try Document.parse(
      "query($unused: Int) {\r\n  dog { unknown }\r  # 😀é\n  cat(name: \"😀é\", id: 1) { meows { x } "
        + "}\n  ...missing\n}"
    )
    let errors = petSchema.validate(document)
    #expect(errors.map(\.locations) == errors.map(\.locations).sorted { $0[0].line < $1[0].line })
    #expect(
      errors.map { "\($0.message) \($0.locations.map { "\($0.line):\($0.column)" })" } == [
        "Variable \"$unused\" is never used. [\"1:7\"]",
        "Cannot query field \"unknown\" on type \"Dog\". [\"2:9\"]",
        "Unknown argument \"name\" on field \"Query.cat\". [\"4:7\"]",
        "Unknown argument \"id\" on field \"Query.cat\". [\"4:20\"]",
        "Field \"meows\" must not have a selection since type \"Boolean\" has no subfields. [\"4:35\"]",
        "Unknown fragment \"missing\". [\"5:6\"]",
      ])
  }

  @Test func `validating twice gives the same errors`() throws {
    let document = try Document.parse("{ dog { a ...f } } fragment f on Cat { b ...f } fragment g on X { y }")
    #expect(petSchema.validate(document) == petSchema.validate(document))
  }

  @Test func `names are ordered with numbers as numbers`() {
    let names = ["b10", "b9", "a1", "b", "a01", "c"].sorted(by: precedesNaturally)
    #expect(names == ["a1", "a01", "b", "b9", "b10", "c"])
  }

  @Test func `suggestions are quoted and at most five`() {
    #expect(didYouMean([]) == "")
    #expect(didYouMean(["a"]) == " Did you mean \"a\"?")
    #expect(didYouMean(["a", "b"], "the enum value") == " Did you mean the enum value \"a\" or \"b\"?")
    #expect(
      didYouMean(["a", "b", "c", "d", "e", "f"]) == " Did you mean \"a\", \"b\", \"c\", \"d\", or \"e\"?")
  }

  @Test(arguments: [
    ("abc", "abc", 0), ("abc", "ABC", 1), ("abc", "abd", 1), ("abc", "acb", 1), ("abcd", "abc", 1),
    ("abc", "abcd", 1), ("abc", "xyz", nil), ("a", "verylongname", nil), ("aBc", "abx", 1),
  ])
  func `distances count edits`(_ name: String, _ option: String, _ expected: Int?) {
    var distance = NameDistance(from: Array(name.utf8))
    var cells = 1_000
    let measured = Array(option.utf8).withUnsafeBufferPointer { distance.measure(to: $0, cellsLeft: &cells) }
    #expect(measured == expected)
  }
}
