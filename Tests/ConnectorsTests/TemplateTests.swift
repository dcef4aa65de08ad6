import Flows
import Testing

@testable import Connectors

/// Places, functions, and what is left out.
@Suite struct TemplateTests {
  private let scope = ValueScope([
    "input": [
      "name": "Ann", "tags": ["a", "b c"], "n": 3, "flag": false, "none": nil, "text": "é/x",
      "people": [["mail": "a@x"], ["mail": "b@x"]], "fields": ["x": 1, "name": "own"],
    ],
    "body": ["@odata.next": "there", "items": [["id": 7]]],
  ])

  private func filled(_ template: JSONValue) throws -> JSONValue? {
    try ValueTemplate(template).value(in: scope)
  }

  @Test func `a text that is one place is the value itself`() throws {
    #expect(try filled("{input.tags}") == ["a", "b c"])
    #expect(try filled("{input.n}") == 3)
    #expect(try filled("n is {input.n}") == "n is 3")
    #expect(try filled("{{braces}} {input.name}") == "{braces} Ann")
    #expect(try filled("{body.items.0.id}") == 7)
    #expect(try filled("{body.'@odata.next'}") == "there")
    #expect(try filled("{input.gone|else}") == "else")
  }

  @Test func `values are written as their format says`() throws {
    #expect(try filled("{input.tags:comma}") == "a,b c")
    #expect(try filled("{input.tags:space}") == "a b c")
    #expect(try filled("{input.text:base64}") == "w6kveA==")
    #expect(try filled("{input.text:base64url}") == "w6kveA")
    #expect(try filled("{input.text:json}") == #""\u00e9/x""#)
    #expect(try filled(["$json": ["path": "{input.text}"]]) == #"{"path":"\u00e9/x"}"#)
  }

  @Test func `what has no value is left out, and what is empty then`() throws {
    #expect(try filled(["a": "{input.gone}", "b": "{input.name}"]) == ["b": "Ann"])
    #expect(try filled(["a": ["b": "{input.gone}"], "c": 1]) == ["c": 1])
    #expect(try filled(["a": ["{input.gone}"], "c": [:]]) == ["c": [:]])
    #expect(try filled("{input.gone} and {input.name}") == nil)
    #expect(try filled(["a": "{input.none}"]) == ["a": nil])
  }

  @Test func `functions choose, repeat and merge`() throws {
    #expect(try filled(["$if": "input.name", "then": "yes"]) == "yes")
    #expect(try filled(["$if": "input.flag", "then": "yes", "else": "no"]) == "no")
    #expect(try filled(["$if": "input.none", "then": "yes"]) == nil)
    #expect(
      try filled(["$each": "input.people", "value": ["to": "{item.mail}"]]) == [["to": "a@x"], ["to": "b@x"]])
    #expect(
      try filled(["$merge": ["{input.fields}", ["name": "{input.name}"]]]) == ["x": 1, "name": "Ann"])
  }

  @Test(arguments: ["{input.}", "{}", "{a b}", "}", "{input.x:shout}", "{input"])
  func `a malformed place is refused`(_ text: String) {
    #expect(throws: TemplateProblem.self) { try ValueTemplate(.string(text)) }
  }

  @Test func `an unknown function or a field too many is refused`() {
    #expect(throws: TemplateProblem.self) { try ValueTemplate(["$fold": 1]) }
    #expect(throws: TemplateProblem.self) { try ValueTemplate(["$each": "input.x"]) }
    #expect(throws: TemplateProblem.self) { try ValueTemplate(["$merge": [], "more": 1]) }
  }
}
