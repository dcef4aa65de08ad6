import GraphQLEngine
import Testing

@Suite("§ 2.14 Schema coordinates") struct SchemaCoordinateTests {
  @Test(arguments: [
    ("MyType", SchemaCoordinate.type("MyType")),
    ("MyType.member_1", .member(type: "MyType", name: "member_1")),
    ("MyType.field(arg:)", .argument(type: "MyType", field: "field", name: "arg")),
    ("@myDirective", .directive("myDirective")),
    ("@myDirective(arg:)", .directiveArgument(directive: "myDirective", name: "arg")),
    ("__Type.on", .member(type: "__Type", name: "on")),
  ])
  func `each form is parsed and written again`(_ text: String, _ expected: SchemaCoordinate) throws {
    #expect(try SchemaCoordinate.parse(text) == expected)
    #expect(expected.description == text)
  }

  @Test(arguments: [
    ("", "Expected Name, found <EOF>.", 1), (".a", "Expected Name, found \".\".", 1),
    ("MyType.", "Expected Name, found <EOF>.", 8), ("MyType.field.deep", "Expected <EOF>, found \".\".", 13),
    ("MyType(arg:)", "Expected <EOF>, found \"(\".", 7),
    ("MyType.field(arg)", "Expected \":\", found \")\".", 17),
    ("MyType.field(arg: value)", "Invalid character: \" \".", 18),
    ("MyType.field(arg:value)", "Expected \")\", found Name \"value\".", 18),
    ("MyType.field(arg:", "Expected \")\", found <EOF>.", 18),
    ("@myDirective.field", "Expected <EOF>, found \".\".", 13), ("@", "Expected Name, found <EOF>.", 2),
    (" A", "Invalid character: \" \".", 1), ("A\n", "Invalid character: U+000A.", 2),
    ("A é", "Invalid character: \" \".", 2), ("Aé", "Invalid character: U+00E9.", 2),
    ("1A", "Invalid character: \"1\".", 1),
  ])
  func `anything else is refused where it goes wrong`(_ text: String, _ message: String, _ column: Int) {
    let expected = GraphQLError(
      "Syntax Error: \(message)", locations: [SourceLocation(line: 1, column: column)])
    #expect(throws: expected) { try SchemaCoordinate.parse(text) }
  }
}
