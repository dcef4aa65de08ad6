import GraphQLEngine
import Testing

@testable import Rest

/// Files become endpoints, or are refused with the place of the mistake.
@Suite struct RouteTableTests {
  @Test func `every file of the repository is an endpoint of version 1`() throws {
    let table = try Checkout.table()
    #expect(table.routes.count == 37)
    #expect(table.routes.allSatisfy { $0.path.description.hasPrefix("/api/v1/") })
    #expect(Set(table.routes.map(\.group)).count > 5)
    let missing = table.routes.filter { $0.syntax.operation.descriptionNode == nil }
    #expect(missing.isEmpty, "without a description: \(missing.map(\.file))")
  }

  @Test func `what is executed is the file without its directive and with the fragments it needs`() throws {
    let route = try Small.table(
      Small.get.replacing("id name revision", with: "...Shape # ) \"\n"), "fragment Shape on Thing { id }"
    ).routes[0]
    #expect(!route.document.contains("@rest"))
    #expect(route.document.contains("fragment Shape on Thing { id }"))
    #expect(route.document.contains("query GetThing($id: ID!)"))
    #expect(try Small.schema().validate(try Document.parse(Source(route.document))).isEmpty)
  }

  @Test func `texts in the directive do not end it`() throws {
    let route = try Small.route(
      Small.change.replacing(
        "ifMatch: \"revision\")",
        with: "ifMatch: \"revision\", example: \"\"\"{\"title\": \"a) # ( \\\" )\"}\"\"\" # )\"\n)"))
    #expect(route.document.contains("change(input:") && !route.document.contains("example"))
    #expect(route.syntax.example == ["title": "a) # ( \" )"])
  }

  @Test func `a path is found with its values, undone`() throws {
    let table = try Small.table(Small.get, Small.list, Small.change)
    guard case .route(let route, let values) = table.match("GET", "/api/things/a%2Fb%20c") else {
      Issue.record("not found")
      return
    }
    #expect(route.name == "GetThing" && values == ["id": "a/b c"])
    guard case .route(let list, _) = table.match("HEAD", "/api/things") else {
      Issue.record("HEAD is not GET")
      return
    }
    #expect(list.name == "ListThings")
  }

  @Test(arguments: [
    "/api/things/", "/api/things/a/b", "/api", "", "api/things", "/api/things/%zz", "/api/things/%ff",
  ])
  func `another path is unknown`(_ path: String) throws {
    let table = try Small.table(Small.get, Small.list)
    guard case .unknown = table.match("GET", path) else {
      Issue.record("\(path) is known")
      return
    }
  }

  @Test func `another method is told the methods of the path`() throws {
    let table = try Small.table(Small.get, Small.list, Small.change)
    guard case .method(let methods) = table.match("DELETE", "/api/things/x") else {
      Issue.record("no methods")
      return
    }
    #expect(methods == ["GET", "HEAD", "OPTIONS", "PUT"])
  }

  @Test func `a literal goes before a name`() throws {
    let table = try Small.table(
      Small.get,
      "query Mine @rest(method: GET, path: \"/api/things/mine\", result: \"things\") { things { nodes { id } } }"
    )
    guard case .route(let route, _) = table.match("GET", "/api/things/mine") else {
      Issue.record("not found")
      return
    }
    #expect(route.name == "Mine")
    guard case .method(let methods) = table.match("PUT", "/api/things/mine") else {
      Issue.record("no methods")
      return
    }
    #expect(methods == ["GET", "HEAD", "OPTIONS"])
  }
}

/// Mistakes in files are told at the start.
@Suite struct RestFaultTests {
  @Test func `what the schema does not know is told with its line`() throws {
    #expect(
      try Small.fault(Small.get.replacing("name revision", with: "colour"))
        == "rest/0.graphql:2: Cannot query field \"colour\" on type \"Thing\".")
    #expect(
      try Small.fault(
        Small.get.replacing("id name revision", with: "...Shape"),
        "# One\n\nfragment Shape on Thing {\n  bad\n}")
        == "rest/1.graphql:4: Cannot query field \"bad\" on type \"Thing\". Did you mean \"id\"?")
    #expect(try Small.fault("{ ")?.hasPrefix("rest/0.graphql:1: Syntax Error") == true)
    #expect(
      try Small.fault(Small.get.replacing("$id: ID!)", with: "$id: ID!, $more: Int)"))?
        .contains("Variable \"$more\" is never used") == true)
    #expect(
      try Small.fault(Small.get.replacing("method: GET", with: "method: PATCH"))?.contains("PATCH") == true)
  }

  @Test(arguments: [
    ("result: \"thing\"", "result: \"thong\"", "the result thong is not selected."),
    ("method: GET", "method: PUT", "GET is for queries, and every other method for mutations."),
    ("/api/things/{id}", "/things/{id}", "\"/things/{id}\" is no path such as /api/v1/flows/{id}."),
    ("/api/things/{id}", "/api/things/{id}/{x}", "the path's {x} is no variable of the operation."),
    ("/api/things/{id}", "/api//things", "\"/api//things\" is no path such as /api/v1/flows/{id}."),
    ("result: \"thing\"", "status: 404, result: \"thing\"", "the status must be 200, 201, 202 or 204."),
    (
      "result: \"thing\"", "status: 204, result: \"thing\"",
      "an answer has a result, unless its status is 204."
    ),
    ("result: \"thing\"", "status: 201, result: \"thing\"", "an answer of the status 201 needs a location."),
    (
      "result: \"thing\"", "result: \"thing\", location: \"/api/{parts}\"",
      "the location's {parts} is neither selected in the result nor in the path."
    ),
    (
      "result: \"thing\"", "result: \"thing\", ifMatch: \"x\"",
      "ifMatch names x, which is no variable of the operation."
    ),
    (
      "result: \"thing\"", "result: \"thing\", revision: \"thing.parts\"",
      "the revision thing.parts is not selected."
    ),
    ("result: \"thing\"", "result: \"thing\", example: \"[\"", "the example is no JSON object."),
    (
      "result: \"thing\"", "result: \"thing\", example: \"{\\\"a\\\":1}\"",
      "the example's \"a\" is not in the body."
    ),
    ("query GetThing", "query", "the operation needs a name."),
  ])
  func `a directive that does not fit is refused`(_ old: String, _ new: String, _ fault: String) throws {
    #expect(try Small.fault(Small.get.replacing(old, with: new)) == "rest/0.graphql: \(fault)")
  }

  @Test func `a variable must fit its place`() throws {
    let nullable = Small.change.replacing("$tags: [String!]! = []", with: "$tags: [String!]")
    #expect(
      try Small.fault(nullable)
        == "rest/0.graphql: $tags may be null, but what it is given to may not: declare it non-null, with the default."
    )
    let path = Small.list.replacing("/api/things\"", with: "/api/things/{exact}\"")
    #expect(try Small.fault(path)?.contains("$exact stands in the path") == true)
    let header = Small.change.replacing("ifMatch: \"revision\"", with: "ifMatch: \"title\"")
    #expect(try Small.fault(header)?.contains("$title comes from a header: its type must be Int.") == true)
  }

  @Test func `files that contradict each other are refused`() throws {
    #expect(
      try Small.fault(
        Small.get,
        Small.get.replacing("GetThing", with: "Other").replacing("{id}", with: "{key}").replacing(
          "$id", with: "$key"))
        == "rest/1.graphql: GET /api/things/{key} is served by rest/0.graphql already.")
    #expect(
      try Small.fault(Small.get, Small.get)
        == "rest/1.graphql: the operation GetThing is in rest/0.graphql already.")
    #expect(
      try Small.fault(Small.get + Small.list)
        == "rest/0.graphql: a file has one operation, or fragments alone.")
    #expect(
      try Small.fault(Small.get, "fragment A on Thing { id }")
        == "rest/1.graphql:1: the fragment A is never used.")
    #expect(
      try Small.fault(Small.get, "fragment A on Thing { id }", "# more\nfragment A on Thing { id }")
        == "rest/2.graphql:1: the fragment A is defined twice.")
    #expect(
      try Small.fault("query A { things { nodes { id } } }") == "rest/0.graphql: the operation has no @rest.")
  }
}
