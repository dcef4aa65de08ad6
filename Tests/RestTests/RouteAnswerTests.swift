import GraphQLEngine
import Testing

@testable import Rest

/// A response becomes a body with headers, or a problem.
@Suite struct RouteAnswerTests {
  private func scan(_ text: String, _ keys: String...) -> String? {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBytes { buffer in
      let scan = JSONScan(bytes: buffer)
      return scan.value(keys).map(scan.text)
    }
  }

  @Test func `values are found by keys`() {
    let json = #"{"a":{"x":"}\",\\","n":-1.5e3,"l":[{"x":1},[]]},"b":null,"c":"t","d":true}"#
    #expect(scan(json, "a", "x") == #""}\",\\""#)
    #expect(scan(json, "a", "n") == "-1.5e3")
    #expect(scan(json, "a", "l") == #"[{"x":1},[]]"#)
    #expect(scan(json, "b") == "null")
    #expect(scan(json, "c") == "\"t\"")
    #expect(scan(json, "d") == "true")
    #expect(scan(json, "x") == nil)
    #expect(scan(json, "b", "x") == nil)
    #expect(scan("{}", "a") == nil)
    #expect(scan(json) == json)
  }

  @Test func `a version is its revision and a hash`() {
    func tag(_ text: String, _ revision: Int?) -> EntityTag {
      Array(text.utf8).withUnsafeBytes { EntityTag(revision: revision, body: $0) }
    }
    let tag = tag("{}", 7)
    #expect(tag.text().hasPrefix("\"7-") && tag.text() != tag.text(isCompressed: true))
    #expect(tag.isNamed(by: tag.text()) && tag.isNamed(by: "\"x\", W/" + tag.text(isCompressed: true)))
    #expect(tag.isNamed(by: "*") && !tag.isNamed(by: nil) && !tag.isNamed(by: "\"7\""))
    #expect(tag != self.tag("{ }", 7) && self.tag("{}", nil).text() != tag.text())
  }

  private func tag(_ text: String, _ revision: Int?) -> EntityTag {
    Array(text.utf8).withUnsafeBytes { EntityTag(revision: revision, body: $0) }
  }

  @Test func `errors become entries at the request's own places`() throws {
    let route = try Small.route(Small.change)
    func error(_ message: String, _ field: String?) -> GraphQLError {
      var extensions = [ErrorExtension(key: "code", json: "\"BAD_USER_INPUT\"")]
      if let field { extensions.append(ErrorExtension(key: "field", json: "\"\(field)\"")) }
      return GraphQLError(message, extensions: extensions)
    }
    let problem = Problem(
      [
        error("a", "name"), error("b", "tags.3"), error("c", "id"), error("d", "inner.key"),
        error("e", "other"),
      ],
      of: route, isConditional: false)
    #expect(problem.status == 400)
    #expect(
      problem.entries == [
        .init("a", at: .body(["title"])), .init("b", at: .body(["tags", "3"])),
        .init("c", at: .parameter("id")),
        .init("d", at: .body(["key"])),
      ])
    let wrong = GraphQLError(
      #"Variable "$tags" got invalid value 1 at "tags[1]"; String cannot represent a non string value: 1"#,
      extensions: [ErrorExtension(key: "code", json: "\"BAD_USER_INPUT\"")])
    #expect(
      Problem([wrong], of: route, isConditional: false).entries == [
        .init("String cannot represent a non string value: 1", at: .body(["tags", "1"]))
      ])
  }

  @Test(arguments: [
    ("UNAUTHENTICATED", 401), ("FORBIDDEN", 403), ("NOT_FOUND", 404), ("CONFLICT", 409),
    ("RATE_LIMITED", 429),
    ("TIMEOUT", 503), ("UNAVAILABLE", 503), ("INTERNAL", 500), ("TOO_EXPENSIVE", 400), ("WHO_KNOWS", 500),
  ])
  func `codes have statuses`(_ code: String, _ status: Int) throws {
    let error = GraphQLError("x", extensions: [ErrorExtension(key: "code", json: "\"\(code)\"")])
    #expect(Problem([error], of: try Small.route(Small.get), isConditional: false).status == status)
    #expect(code == "WHO_KNOWS" || Problem.codes.contains { $0.0 == code })
  }

  @Test func `an old revision is 412 to who asked with If-Match`() throws {
    let route = try Small.route(Small.change)
    let error = GraphQLError(
      "old",
      extensions: [
        ErrorExtension(key: "code", json: "\"CONFLICT\""),
        ErrorExtension(key: "field", json: "\"expectedRevision\""),
      ])
    #expect(Problem([error], of: route, isConditional: true).status == 412)
    #expect(Problem([error], of: route, isConditional: false).status == 409)
  }

  @Test func `a problem is JSON with its members`() throws {
    var problem = Problem([
      .init("one", at: .body(["a/b~c", "0", "é"])), .init("two", at: .parameter("first")),
      .init("three", at: .header("If-Match")),
    ])
    problem.members = [
      ErrorExtension(key: "problems", json: "[1]"), ErrorExtension(key: "status", json: "9"),
    ]
    #expect(
      try JSONReader.read(problem.bytes) == [
        "type": "/api/docs#BAD_USER_INPUT", "title": "Bad Request", "status": 400,
        "detail": "3 things are wrong with the request.", "code": "BAD_USER_INPUT",
        "errors": [
          ["detail": "one", "pointer": "#/a~1b~0c/0/%C3%A9"], ["detail": "two", "parameter": "first"],
          ["detail": "three", "header": "If-Match"],
        ], "problems": [1],
      ])
  }

  @Test func `what the engine says about variables is taken apart`() {
    #expect(VariableFault("Something else.") == nil)
    let value = #"{"a": "x; at \"b\"; y", "c": [1, 2]}"#
    let fault = VariableFault(
      #"Variable "$in" got invalid value \#(value) at "in.list[0].key"; It is wrong."#)
    #expect(
      fault?.variable == "in" && fault?.steps == ["list", "0", "key"] && fault?.detail == "It is wrong.")
    #expect(
      VariableFault(#"Variable "$a" of required type "Int!" was not provided."#)?.detail
        == "This is required.")
    #expect(
      VariableFault(#"Variable "$a" of non-null type "Int!" must not be null."#)?.detail
        == "This must not be null.")
  }
}
