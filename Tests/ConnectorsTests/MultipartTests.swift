import Flows
import Testing

@testable import Connectors

/// Bodies of `multipart/form-data`.
@Suite struct MultipartTests {
  private let scope = ValueScope([
    "input": [
      "file": "AAEC/w==", "name": "a\"b\r\nc.bin", "tags": ["x", "y"], "meta": ["n": 1], "text": "é",
      "bad": "%%",
    ]
  ])

  private func template(_ value: JSONValue) throws -> PartTemplate {
    var list = ProblemList()
    let template = PartTemplate(value, "part", &list)
    #expect(list.problems.isEmpty)
    return template
  }

  private func parts(_ templates: JSONValue...) throws -> JSONValue {
    var form = MultipartBody()
    for value in templates { try form.add(template(value), in: scope) }
    let (body, type) = form.encoded()
    return MultipartText.parts(body, contentType: type)
  }

  @Test func `texts, lists, objects and files are parts`() throws {
    let found = try parts(
      ["name": "text", "value": "{input.text}"], ["name": "gone", "value": "{input.gone}"],
      ["name": "tag", "value": "{input.tags}"], ["name": "meta", "value": "{input.meta}"],
      ["name": "file", "base64": "{input.file}", "fileName": "{input.name}"])
    #expect(
      found == [
        ["name": "text", "text": "é"], ["name": "tag", "text": "x"], ["name": "tag", "text": "y"],
        ["name": "meta", "contentType": "application/json", "text": "{\"n\":1}"],
        [
          "name": "file", "fileName": "a%22b%0D%0Ac.bin", "contentType": "application/octet-stream",
          "base64": "AAEC/w==",
        ],
      ])
  }

  @Test func `a boundary that a content holds is not used`() throws {
    var form = MultipartBody()
    try form.add(template(["name": "a", "value": "some text"]), in: scope)
    let first = form.encoded().contentType.split(separator: "=").last.map(String.init) ?? ""
    var other = MultipartBody()
    try other.add(template(["name": "a", "value": .string("some text")]), in: scope)
    try other.add(template(["name": "b", "value": .string("--\(first)\r\n")]), in: scope)
    let (body, type) = other.encoded()
    #expect(
      MultipartText.parts(body, contentType: type) == [
        ["name": "a", "text": "some text"], ["name": "b", "text": .string("--\(first)\r\n")],
      ])
    #expect(form.encoded().body == form.encoded().body, "the same call is the same request")
  }

  @Test(
    arguments: [
      ["name": "f", "base64": "{input.bad}"],
      ["name": "f", "base64": "{input.file}", "contentType": "text/plain\r\nX-Evil: 1"],
    ] as [JSONValue])
  func `what is no base64 and what is no media type are refused`(_ part: JSONValue) throws {
    var form = MultipartBody()
    let template = try template(part)
    #expect(throws: ConnectorFailure.self) { try form.add(template, in: scope) }
  }

  @Test func `a form is bounded`() throws {
    var form = MultipartBody()
    let part = try template(["name": "tag", "value": "{input.tags}"])
    let failure = #expect(throws: ConnectorFailure.self) { for _ in 0..<51 { try form.add(part, in: scope) } }
    #expect(failure?.failureClass == .invalid)
  }
}
