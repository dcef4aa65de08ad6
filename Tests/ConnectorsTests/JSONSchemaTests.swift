import Flows
import Testing

@testable import Connectors

/// The part of JSON Schema that manifests use.
@Suite struct JSONSchemaTests {
  static let cases: [(schema: JSONValue, value: JSONValue, problem: String?)] = [
    (["type": "string"], 1, " must be of type string"), (["type": ["string", "null"]], nil, nil),
    (["type": "integer"], 1.0, nil), (["type": "integer"], 1.5, " must be of type integer"),
    (["type": "number"], 2, nil), (["enum": ["a", 1]], 1, nil),
    (["enum": ["a"]], "b", " is none of the allowed values"),
    (["const": true], false, " is not the allowed value"),
    (["minLength": 2], "é", " must have at least 2 characters"),
    (["minLength": 1, "maxLength": 2], "abc", " must have 1 to 2 characters"),
    (["pattern": "^a+$"], "aab", " does not have the expected form"),
    (["minimum": 3], 2, " must be at least 3"),
    (["maximum": 3.5], 4, " must be at most 3.5"), (["minItems": 1], [], " must have at least 1 elements"),
    (["maxItems": 1], [1, 2], " must have at most 1 elements"),
    (["items": ["type": "string"]], ["a", 1], "1 must be of type string"),
    (["required": ["a"], "properties": ["a": [:]]], [:], "a is required"),
    (
      ["properties": ["a": ["properties": ["b": ["type": "null"]]]]], ["a": ["b": 1]],
      "a.b must be of type null"
    ),
    (["additionalProperties": false, "properties": ["a": [:]]], ["b": 1], "b is unknown"),
    (["additionalProperties": ["type": "string"]], ["b": 1], "b must be of type string"),
    (["anyOf": [["type": "string"], ["type": "null"]]], 1, " fits none of the alternatives"),
  ]

  @Test(arguments: cases)
  func `a value is checked`(_ schema: JSONValue, _ value: JSONValue, _ expected: String?) {
    #expect(JSONSchema.problems(of: schema, at: "s").isEmpty)
    let problem = JSONSchema(schema).problem(with: value)
    #expect(problem.map { "\($0.path) \($0.message)" } == expected)
  }

  @Test func `defaults are filled in, and null where it is not allowed is missing`() {
    let schema = JSONSchema([
      "type": "object",
      "properties": ["a": ["type": "string"], "b": ["type": ["string", "null"]], "c": ["default": 5]],
    ])
    #expect(schema.completed(["a": nil, "b": nil]) == ["b": nil, "c": 5])
  }

  @Test(
    arguments: [
      ["type": "text"], ["properties": 1], ["required": "a"], ["required": ["a"], "properties": [:]],
      ["enum": []],
      ["minLength": -1], ["pattern": "("], ["oneOf": []], ["type": "string", "default": 1], 7,
    ] as [JSONValue])
  func `a schema that cannot be checked is refused`(_ schema: JSONValue) {
    #expect(!JSONSchema.problems(of: schema, at: "s").isEmpty)
  }
}
