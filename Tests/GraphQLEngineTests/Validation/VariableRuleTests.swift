import Testing

@testable import GraphQLEngine

/// § 5.8 Variables.
@Suite struct VariableRuleTests {
  @Test func `variable names are unique`() throws {
    try expect(.uniqueVariableNames, "query A($x: Int, $y: Int) { a } query B($x: Int) { a }")
    try expect(
      .uniqueVariableNames, "query A($x: Int, $y: Int, $x: String, $x: ID) { a }",
      "There can be only one variable named \"$x\". 1:10 1:28 1:40")
  }

  @Test func `variables have input types`() throws {
    try expect(
      .variablesAreInputTypes, "query($a: String, $b: [Boolean!]!, $c: ComplexInput, $d: Unknown) { a }")
    try expect(
      .variablesAreInputTypes, "query($a: Dog, $b: [[CatOrDog!]]!, $c: Pet) { a }",
      "Variable \"$a\" cannot be non-input type \"Dog\". 1:11",
      "Variable \"$b\" cannot be non-input type \"[[CatOrDog!]]!\". 1:20",
      "Variable \"$c\" cannot be non-input type \"Pet\". 1:40")
  }

  @Test func `used variables are defined by every operation that reaches them`() throws {
    try expect(
      .noUndefinedVariables,
      "query($a: Int) { f(x: [{y: $a}]) @d(x: $a) ...F } fragment F on Query { f(x: $a) }")
    try expect(.noUndefinedVariables, "fragment F on Query { f(x: $a) }")
    try expect(
      .noUndefinedVariables,
      "query A($a: Int) { ...F } { f(x: $c) }\nfragment F on Query { f(x: $a, y: $b) ...G }\n"
        + "fragment G on Query { ...F f(x: $b) }",
      "Variable \"$b\" is not defined by operation \"A\". 2:35 1:1",
      "Variable \"$b\" is not defined by operation \"A\". 3:33 1:1",
      "Variable \"$c\" is not defined. 1:34 1:27")
  }

  @Test func `defined variables are used`() throws {
    try expect(
      .noUnusedVariables, "query($a: Int, $b: Int) { f(x: $a) ...F } fragment F on Query { f @d(y: [$b]) }")
    try expect(.noUnusedVariables, "query($a: Int, $a: Int) { f(x: $a) }")
    try expect(
      .noUnusedVariables, "query A($a: Int, $b: Int) { f(x: $a) } query($c: Int = 1) { f }",
      "Variable \"$b\" is never used in operation \"A\". 1:18", "Variable \"$c\" is never used. 1:46")
  }

  @Test func `many variables are found by name`() throws {
    let definitions = (0..<40).map { "$v\($0): Int" }.joined(separator: " ")
    let usages = (0..<39).map { "a\($0): int(a: $v\($0))" }.joined(separator: " ")
    #expect(
      try validationErrors("query Q(\(definitions)) { arguments { \(usages) x: int(a: $v99) } }").map {
        $0.prefix { $0 != "." }
      } == [
        "Variable \"$v39\" is never used in operation \"Q\"",
        "Variable \"$v99\" is not defined by operation \"Q\"",
      ])
  }

  @Test(arguments: [
    ("Int", "int(a: $v)"), ("Int!", "int(a: $v)"), ("Int!", "nonNullInt(a: $v)"),
    ("Int = 1", "nonNullInt(a: $v)"),
    ("Int", "withDefault(a: $v)"), ("[String]", "strings(a: $v)"), ("[String!]", "strings(a: $v)"),
    ("[String!]!", "strings(a: $v)"), ("String", "strings(a: [$v])"), ("String!", "nonNullStrings(a: [$v])"),
    ("Boolean!", "complex(a: {requiredField: $v})"),
    ("Boolean", "complex(a: {nonNullField: $v, requiredField: true})"),
    ("[[Int!]!]!", "matrix(a: $v)"), ("Int", "json(a: [$v, {b: $v}])"), ("Unknown", "int(a: $v)"),
    ("Boolean!", "int @include(if: $v)"), ("Boolean = true", "int @include(if: $v)"),
  ])
  func `a variable of a fitting type is allowed`(_ type: String, _ field: String) throws {
    try expect(.variablesInAllowedPosition, "query($v: \(type)) { arguments { \(field) } }")
  }

  @Test(arguments: [
    ("Int", "nonNullInt(a: $v)", "Int", "Int!"), ("Int = null", "nonNullInt(a: $v)", "Int", "Int!"),
    ("String", "int(a: $v)", "String", "Int"), ("String", "strings(a: $v)", "String", "[String]"),
    ("[String]", "string(a: $v)", "[String]", "String"),
    ("[String]", "nonNullStrings(a: $v)", "[String]", "[String!]"),
    ("String", "nonNullStrings(a: [$v])", "String", "String!"),
    ("[Int!]", "matrix(a: $v)", "[Int!]", "[[Int!]!]"),
    ("Boolean", "complex(a: {requiredField: $v})", "Boolean", "Boolean!"),
    ("ComplexInput", "int(a: $v)", "ComplexInput", "Int"),
    ("Boolean", "int @include(if: $v)", "Boolean", "Boolean!"),
    ("[Int]", "complex(a: {intField: $v})", "[Int]", "Int"),
  ])
  func `a variable of another type is refused`(
    _ definition: String, _ field: String, _ type: String, _ expected: String
  ) throws {
    let options = ValidationOptions(rules: ValidationRules([.variablesInAllowedPosition]))
    let errors = try validationErrors(
      "query($v: \(definition)) {\narguments { \(field) } }", options: options)
    let column = 13 + (field.firstIndex(of: "$").map { field.distance(from: field.startIndex, to: $0) } ?? 0)
    #expect(
      errors == [
        "Variable \"$v\" of type \"\(type)\" used in position expecting type \"\(expected)\". 1:7 2:\(column)"
      ])
  }

  @Test func `usages in fragments are checked against each operation's definition`() throws {
    try expect(
      .variablesInAllowedPosition,
      "query A($v: Int!) { ...F } query B($v: Int) { ...F } fragment F on Query { arguments { "
        + "nonNullInt(a: $v) } }",
      "Variable \"$v\" of type \"Int\" used in position expecting type \"Int!\". 1:36 1:102")
  }

  @Test func `a type with too many wrappers is refused by name`() throws {
    let type = String(repeating: "[", count: 21) + "Int" + String(repeating: "]", count: 21)
    try expect(
      .variablesInAllowedPosition, "query($v: \(type)) { arguments { int(a: $v) } }",
      "The document exceeds the limit of 20 lists and non-nulls around a type (typeWrappers). 1:11")
  }
}
