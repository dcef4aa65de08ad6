import Flows
import Testing

@testable import Connectors

/// Addresses, what may stand in them, and where credentials go.
@Suite struct RequestTests {
  private func manifest(_ request: String, base: String = "https://{credentials.site}/api") throws -> Manifest
  {
    try Manifest(
      parsing: """
        {"format": 1, "type": "test", "name": "Test", "category": "data", "description": "A test.",
         "authentication": [{"kind": "apiKey", "in": "query", "name": "key", "value": "{credentials.key}"},
           {"kind": "basic", "username": "{credentials.user}", "password": "{credentials.password}"}],
         "credentials": {"type": "object", "additionalProperties": false, "properties": {
           "site": {"type": "string", "title": "S", "description": "S.", "maxLength": 99},
           "user": {"type": "string", "title": "U", "description": "U.", "maxLength": 99},
           "key": {"type": "string", "title": "K", "description": "K.", "maxLength": 99, "writeOnly": true},
           "password": {"type": "string", "title": "P", "description": "P.", "maxLength": 99,
             "writeOnly": true}}},
         "baseUrl": "\(base)", "test": {"operation": "run", "input": {"id": "1"}},
         "operations": {"run": {"name": "Run", "description": "Runs.", "output": {},
           "input": {"type": "object", "additionalProperties": true, "required": ["id"], "properties": {
             "id": {"description": "An id."}, "file": {"description": "A path.", "default": "a"},
             "list": {"description": "A list."}, "body": {"description": "A body."}}},
           "request": \(request)}}}
        """, fileName: "test")
  }

  private func request(
    _ template: String, _ input: JSONValue, _ credentials: JSONValue = ["site": "x.test", "key": "k&1"],
    base: String = "https://{credentials.site}/api"
  ) throws -> ConnectorRequest {
    let manifest = try manifest(template, base: base)
    let operation = try #require(manifest.operation("run"))
    return try RequestBuilder(
      manifest, operation, input: operation.input.completed(input), credentials: credentials
    ).request()
  }

  private let get = #"{"method": "GET", "path": "/things/{input.id}/{input.file:path}"}"#

  @Test func `values in a path are one segment, or keep their slashes`() throws {
    let found = try request(get, ["id": "a/b?c", "file": "d/e f"])
    #expect(found.url == "https://x.test/api/things/a%2Fb%3Fc/d/e%20f?key=k%261")
  }

  @Test(arguments: [["id": ""], ["id": ".."], ["id": "."], ["id": "1", "file": "a/../b"]] as [JSONValue])
  func `values that would make another address are refused`(_ input: JSONValue) {
    #expect(throws: ConnectorFailure.self) { try request(get, input) }
  }

  @Test(arguments: ["evil.test/", "evil.test#", "a@b", "a:80", "", "é.test", "a b"])
  func `a part of a host that is none is refused`(_ site: String) {
    #expect(throws: ConnectorFailure.self) {
      try request(get, ["id": 1], ["site": .string(site), "key": "k"])
    }
  }

  @Test func `a whole address may come from credentials`() throws {
    let found = try request(
      get, ["id": 1], ["site": "http://127.0.0.1:8080/x/", "key": "k"],
      base: "{credentials.site|https://y.test}")
    #expect(found.url == "http://127.0.0.1:8080/x/things/1/a?key=k")
  }

  @Test func `the first method with all its credentials is used`() throws {
    let found = try request(get, ["id": 1], ["site": "x.test", "user": "u", "password": "p"])
    #expect(found.url == "https://x.test/api/things/1/a")
    #expect(found.headers == [ConnectorHeader("Authorization", "Basic dTpw")])
    let failure = #expect(throws: ConnectorFailure.self) { try request(get, ["id": 1], ["site": "x.test"]) }
    #expect(failure?.failureClass == .authentication)
  }

  @Test(arguments: [
    ("repeat", "list=a&list=b&o[x]=1"), ("brackets", "list[]=a&list[]=b&o[x]=1"),
    ("indexed", "list[0]=a&list[1]=b&o[x]=1"), ("comma", "list=a,b&o[x]=1"),
  ])
  func `lists are written as the service reads them`(_ style: String, _ expected: String) throws {
    let template = """
      {"method": "POST", "path": "/x", "encoding": "form", "arrays": "\(style)",
       "body": {"list": "{input.list}", "o": {"x": "{input.id}"}}}
      """
    let found = try request(template, ["id": 1, "list": ["a", "b"]])
    let text = String(decoding: try #require(found.body), as: UTF8.self)
    #expect(
      text.replacing("%5B", with: "[").replacing("%5D", with: "]").replacing("%2C", with: ",") == expected)
  }

  @Test func `a header of two lines is refused`() {
    let template = #"{"method": "GET", "path": "/x", "headers": {"X-Id": "{input.id}"}}"#
    #expect(throws: ConnectorFailure.self) { try request(template, ["id": "a\r\nX-Evil: 1"]) }
  }

  @Test func `what a place names must be there`() {
    let problems = Manifest.check(
      """
      {"format": 1, "type": "t", "name": "T", "category": "games", "description": "T", "more": 1,
       "authentication": [{"kind": "bearer", "token": "{credentials.gone}"}],
       "credentials": {"type": "object", "additionalProperties": false, "properties": {
         "apiKey": {"type": "string", "title": "K", "description": "K.", "maxLength": 9}}},
       "baseUrl": "https://t.test", "test": {"operation": "none"},
       "operations": {"Run": {"name": "R", "description": "R.", "output": {},
         "input": {"type": "object", "additionalProperties": false, "properties": {"id": {"if": 1}}},
         "request": {"method": "GET", "path": "/{input.id}", "query": {"q": "{input.other}"}}}}}
      """, fileName: "t")
    #expect(
      problems.map(\.description) == [
        "operations.Run.input.properties.id.if: is a keyword that the Studio does not check",
        "more: is no field of the format",
        "category: must be one of \(Manifest.categories.sorted().joined(separator: ", "))",
        "description: must be a sentence", "operations.Run: must be named with a-z, 0-9 and _",
        "credentials.properties.apiKey: must be writeOnly, because its name says that it is secret",
        "authentication.0: gone is no property of credentials",
        "operations.Run.input.properties.id: must have a description",
        "operations.Run.request.path: input.id must be required or have something to fall back to",
        "operations.Run.request.q: other is no property of input", "test.operation: none is no operation",
      ])
  }
}
