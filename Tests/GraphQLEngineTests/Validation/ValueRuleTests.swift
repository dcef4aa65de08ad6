import Testing

@testable import GraphQLEngine

/// § 5.6 Values.
@Suite struct ValueRuleTests {
  @Test(arguments: [
    "int(a: 2)", "int(a: -2147483648)", "int(a: null)", "nonNullInt(a: 2)", "string(a: \"x\")",
    "string(a: \"\"\"x\"\"\")", "boolean(a: true)", "color(a: BROWN)", "float(a: 1)", "float(a: 1.5e3)",
    "id(a: 1)", "id(a: \"1\")", "strings(a: [\"a\", null])", "strings(a: \"one\")", "strings(a: [])",
    "nonNullStrings(a: [\"a\"])", "matrix(a: [[1], [2]])", "matrix(a: [1, 2])", "matrix(a: 1)",
    "complex(a: {requiredField: true, nested: {requiredField: false, intField: 1}})",
    "complex(a: {requiredField: true, listField: \"one\"})", "json(a: [1, \"a\", {b: [C, null]}])",
    "oneOf(a: {intField: 1})", "unknown(a: [1, {b: 2}])", "two(unknown: Any)",
  ])
  func `values of the expected type are accepted`(_ field: String) throws {
    try expect(.valuesOfCorrectType, "{ arguments { \(field) } }")
  }

  @Test(arguments: [
    ("int(a: \"3\")", "Int cannot represent non-integer value: \"3\" 1:22"),
    ("int(a: 3.0)", "Int cannot represent non-integer value: 3.0 1:22"),
    ("int(a: FOO)", "Int cannot represent non-integer value: FOO 1:22"),
    ("int(a: [3])", "Int cannot represent non-integer value: [3] 1:22"),
    ("int(a: {b: 3, c: \"\"})", "Int cannot represent non-integer value: {b: 3, c: \"\"} 1:22"),
    ("int(a: 2147483648)", "Int cannot represent non 32-bit signed integer value: 2147483648 1:22"),
    ("int(a: -99999999999)", "Int cannot represent non 32-bit signed integer value: -99999999999 1:22"),
    ("nonNullInt(a: null)", "Expected value of type \"Int!\", found null. 1:29"),
    ("string(a: 1)", "String cannot represent a non string value: 1 1:25"),
    ("string(a: true)", "String cannot represent a non string value: true 1:25"),
    ("boolean(a: 1)", "Boolean cannot represent a non boolean value: 1 1:26"),
    ("boolean(a: \"true\")", "Boolean cannot represent a non boolean value: \"true\" 1:26"),
    ("float(a: \"1\")", "Float cannot represent non numeric value: \"1\" 1:24"),
    ("float(a: true)", "Float cannot represent non numeric value: true 1:24"),
    ("float(a: 1e999)", "Float cannot represent non numeric value: 1e999 1:24"),
    ("id(a: 1.0)", "ID cannot represent a non-string and non-integer value: 1.0 1:21"),
    ("id(a: SIT)", "ID cannot represent a non-string and non-integer value: SIT 1:21"),
    ("color(a: 2)", "Enum \"FurColor\" cannot represent non-enum value: 2. 1:24"),
    (
      "color(a: \"TAN\")",
      "Enum \"FurColor\" cannot represent non-enum value: \"TAN\". Did you mean the enum value \"TAN\"? 1:24"
    ),
    ("color(a: PURPLE)", "Value \"PURPLE\" does not exist in \"FurColor\" enum. 1:24"),
    (
      "color(a: brown)",
      "Value \"brown\" does not exist in \"FurColor\" enum. Did you mean the enum value \"BROWN\"? 1:24"
    ),
    ("strings(a: [\"a\", 2])", "String cannot represent a non string value: 2 1:32"),
    ("strings(a: 1)", "String cannot represent a non string value: 1 1:26"),
    ("nonNullStrings(a: [null])", "Expected value of type \"String!\", found null. 1:34"),
    ("matrix(a: [[null]])", "Expected value of type \"Int!\", found null. 1:27"),
    ("complex(a: 123)", "Expected value of type \"ComplexInput\", found 123. 1:26"),
    ("complex(a: [1])", "Expected value of type \"ComplexInput\", found [1]. 1:26"),
    (
      "complex(a: {intField: 4})",
      "Field \"ComplexInput.requiredField\" of required type \"Boolean!\" was not provided. 1:26"
    ),
    ("complex(a: {requiredField: null})", "Expected value of type \"Boolean!\", found null. 1:42"),
    (
      "complex(a: {requiredField: true, listField: [\"a\", 2]})",
      "String cannot represent a non string value: 2 1:65"
    ),
    (
      "complex(a: {requiredField: true, invalidField: {x: 1}})",
      "Field \"invalidField\" is not defined by type \"ComplexInput\". Did you mean \"intField\" or "
        + "\"oldField\"? 1:48"
    ),
    (
      "complex(a: {requiredField: true, nonNullField: null})",
      "Expected value of type \"Boolean!\", found null. 1:62"
    ),
  ])
  func `a value of another type is refused`(_ field: String, _ error: String) throws {
    try expect(.valuesOfCorrectType, "{ arguments { \(field) } }", error)
  }

  @Test func `default values and the arguments of directives are checked`() throws {
    try expect(
      .valuesOfCorrectType,
      "query($a: Int = \"1\", $b: Dog = 1, $c: ComplexInput = {intField: 1}, $d: Int! = null) "
        + "{ dog @include(if: 1) { name @many(n: \"x\") @unknown(n: FOO) } }",
      "Boolean cannot represent a non boolean value: 1 1:105",
      "Expected value of type \"Int!\", found null. 1:80",
      "Field \"ComplexInput.requiredField\" of required type \"Boolean!\" was not provided. 1:54",
      "Int cannot represent non-integer value: \"1\" 1:17",
      "Int cannot represent non-integer value: \"x\" 1:124")
  }

  @Test func `a oneOf input object has exactly one field that is not null`() throws {
    for value in ["{}", "{stringField: \"a\", intField: 1}", "{intField: null, stringField: null}"] {
      try expect(
        .valuesOfCorrectType, "{ arguments { oneOf(a: \(value)) } }",
        "OneOf Input Object \"OneOfInput\" must specify exactly one key. 1:24")
    }
    try expect(
      .valuesOfCorrectType, "{ arguments { oneOf(a: {intField: null}) } }",
      "Field \"OneOfInput.intField\" must be non-null. 1:24")
  }

  @Test func `a variable in a oneOf input object is not nullable, whatever its default`() throws {
    try expect(.variablesInAllowedPosition, "query($i: Int!) { arguments { oneOf(a: {intField: $i}) } }")
    for definition in ["$i: Int", "$i: Int = 1"] {
      #expect(
        try validationErrors("query(\(definition)) {\narguments { oneOf(a: {intField: $i}) } }") == [
          "Variable \"$i\" is of type \"Int\" but must be non-nullable to be used for OneOf Input Object "
            + "\"OneOfInput\". 1:7 2:33"
        ])
    }
  }

  @Test func `a long value is cut in the message`() throws {
    let options = ValidationOptions(rules: ValidationRules([.valuesOfCorrectType]))
    let list = String(repeating: "1,", count: 5_000)
    let errors = try validationErrors("{ arguments { int(a: [\(list)]) } }", options: options)
    #expect(errors.count == 1)
    #expect(errors[0].utf8.count < 1_100)
  }

  @Test func `input field names are unique`() throws {
    try expect(.uniqueInputFieldNames, "{ f(a: {a: {b: 1}, b: {a: 1}}) }")
    try expect(
      .uniqueInputFieldNames, "{ f(a: {a: 1, b: {c: 1, c: 2}, a: 3, a: 4}) @d(a: {a: 1, a: 1}) }",
      "There can be only one input field named \"a\". 1:52 1:58",
      "There can be only one input field named \"a\". 1:9 1:32",
      "There can be only one input field named \"a\". 1:9 1:38",
      "There can be only one input field named \"c\". 1:19 1:25")
  }
}
