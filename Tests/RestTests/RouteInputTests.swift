import GraphQLEngine
import Testing

@testable import Rest

/// A request becomes variables, or one entry for each wrong place.
@Suite struct RouteInputTests {
  @Test func `texts of a query are read by their types`() throws {
    let route = try Small.route(Small.list)
    #expect(
      route.read(query: "first=5&colour=RED&colour=GREEN&exact=true&after=a%20b+c%2B").values
        == ["first": 5, "colour": ["RED", "GREEN"], "exact": true, "after": "a b c+"])
    // What is no number or truth value is left for the engine to refuse.
    #expect(
      route.read(query: "first=many&exact=yes&before=").values == [
        "first": "many", "exact": "yes", "before": "",
      ])
    #expect(route.read(query: "first=-3").values == ["first": -3])
    #expect(route.read(query: "first=+3").values == ["first": " 3"])
    #expect(route.read(query: "first=99999999999999999999").values == ["first": "99999999999999999999"])
    #expect(route.read().values == [:])
  }

  @Test func `each wrong name of a query is told`() throws {
    let route = try Small.route(Small.list)
    let problem = try #require(route.read(query: "limit=5&first=1&first=2&id=1").problem)
    #expect(problem.status == 400 && problem.code == "BAD_USER_INPUT")
    #expect(
      problem.entries == [
        .init("There is no such parameter.", at: .parameter("limit")),
        .init("This may be given once.", at: .parameter("first")),
        .init("There is no such parameter.", at: .parameter("id")),
      ])
    #expect(route.read(query: "first=%").problem?.detail == "The query is not percent-encoded UTF-8.")
    #expect(route.read(query: "after=%ff").problem?.status == 400)
  }

  @Test func `a body's members are variables`() throws {
    let route = try Small.route(Small.change)
    #expect(
      route.read(["id": "7"], body: ["title": "A", "key": "k", "tags": ["x"]]).values
        == ["id": "7", "title": "A", "key": "k", "tags": ["x"]])
    let problem = try #require(
      route.read(["id": "7"], query: "force=1", body: ["titel": 1, "tags": "x", "id": "8", "revision": 3])
        .problem)
    #expect(
      problem.entries == [
        .init("There is no such parameter.", at: .parameter("force")),
        .init("There is no such member.", at: .body(["titel"])),
        .init("This must be a list.", at: .body(["tags"])),
        .init("There is no such member.", at: .body(["id"])),
        .init("There is no such member.", at: .body(["revision"])),
        .init("This is required.", at: .body(["title"])),
        .init("This is required.", at: .body(["key"])),
      ])
  }

  @Test func `a missing body and one that is no object are told once`() throws {
    let route = try Small.route(Small.change)
    #expect(route.read(["id": "7"]).problem?.entries == [.init("A body is required: a JSON object.")])
    #expect(
      route.read(["id": "7"], body: [1]).problem?.entries
        == [.init("The body must be a JSON object.", at: .body([]))])
  }

  @Test func `If-Match gives the revision`() throws {
    let route = try Small.route(Small.change)
    func read(_ header: String) -> Result<InputObject?, Problem> {
      route.read(["id": "7"], body: ["title": "A", "key": "k"], headers: [.ifMatch: header])
    }
    for header in [
      "\"7\"", "\"7-abc\"", " \"7-abc.gz\"", "\"7-a\", \"7-b\"", "\"7\", x", "\"x\",W/\"6\" ,\t\"7\"",
    ] {
      #expect(try read(header).get()?["revision"] == 7, "\(header)")
    }
    #expect(try read("*").get()?["revision"] == nil)
    for header in [
      "", "7", "W/\"7\"", "\"x\"", "\"99999999999\"", "\"07\"", "\"+7\"", "\"-7\"", "\"7", "*, \"7", "\"7*\"",
    ] {
      #expect(read(header).problem?.status == 412, "\(header)")
    }
  }

  @Test func `each revision of a list in If-Match may be the one`() throws {
    let route = try Small.route(Small.change)
    func revisions(_ header: String) throws -> [Int?] {
      let input = RouteInput(
        path: ["id": "7"], query: nil, body: ["title": "A", "key": "k"], headers: [.ifMatch: header])
      return try route.variables(input).map { $0["revision"]?.int }
    }
    #expect(try revisions("\"8-x\", \"7\", W/\"6\", \"8-y\"") == [8, 7])
    #expect(try revisions("*") == [nil])
    #expect(try revisions((1...99).map { "\"\($0)\"" }.joined(separator: ",")) == (1...10).map { $0 })
  }

  @Test func `Idempotency-Key gives the key, with quotation marks or without`() throws {
    let route = try Small.route(
      """
      mutation Change($id: ID!, $key: String)
      @rest(method: POST, path: "/api/things/{id}", result: "change.thing", idempotencyKey: "key") {
        change(input: { id: $id, idempotencyKey: $key }) { thing { id } }
      }
      """)
    #expect(!route.takesBody && !route.takesIfMatch)
    for header in ["abc", "\"abc\""] {
      #expect(
        route.read(["id": "7"], headers: [.idempotencyKey: header]).values == ["id": "7", "key": "abc"])
    }
    #expect(route.read(["id": "7"], headers: [.ifMatch: "x"]).values == ["id": "7"])
    #expect(Problem.place("key", [], route) == .header("Idempotency-Key"))
  }
}
