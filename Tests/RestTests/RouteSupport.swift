import Foundation
import GraphQLEngine

@testable import Rest

/// The repository's own schema and files.
enum Checkout {
  static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func table() throws -> RouteTable {
    let sdl = try String(contentsOf: root.appendingPathComponent("schema.graphql"), encoding: .utf8)
    let folder = root.appendingPathComponent("rest")
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    let files = try names.filter { $0.hasSuffix(".graphql") }.sorted().map { name in
      (name: name, text: try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8))
    }
    return try RouteTable(files: files, schema: try Schema.build(sdl))
  }
}

/// A small schema to make mistakes with.
enum Small {
  static func schema() throws -> Schema {
    try Schema.build(
      """
      directive @public on FIELD_DEFINITION
      enum Colour { RED GREEN }
      scalar JSON
      type Query {
        thing(id: ID!): Thing
        "All of them."
        things("The page's length, 1 to 100." first: Int = 20, before: String, after: String, colour: [Colour!], exact: Boolean): Page! @public
      }
      type Mutation { change(input: ChangeInput!): Payload! }
      input ChangeInput {
        id: ID!
        "1 to 200 characters."
        name: String
        tags: [String!]! = []
        inner: InnerInput
        expectedRevision: Int
        idempotencyKey: String
      }
      input InnerInput { key: String!, "At most 3." list: [Int!] }
      type Payload { thing: Thing! }
      type Thing { id: ID!, name: String, revision: Int!, parts: [Thing!]! }
      type Page { nodes: [Thing!]!, pageInfo: PageInfo! }
      type PageInfo { hasNextPage: Boolean!, hasPreviousPage: Boolean!, startCursor: String, endCursor: String }
      """)
  }

  static let get = """
    "Get a thing"
    query GetThing($id: ID!) @rest(method: GET, path: "/api/things/{id}", result: "thing") { thing(id: $id) { id name revision } }
    """

  static let list = """
    query ListThings($first: Int! = 20, $before: String, $after: String, $colour: [Colour!], $exact: Boolean)
    @rest(method: GET, path: "/api/things", result: "things") {
      things(first: $first, before: $before, after: $after, colour: $colour, exact: $exact) {
        items: nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
    """

  static let change = """
    mutation ChangeThing($id: ID!, $title: String!, $tags: [String!]! = [], $key: String!, $revision: Int)
    @rest(method: PUT, path: "/api/things/{id}", result: "change.thing", ifMatch: "revision") {
      change(input: { id: $id, name: $title, tags: $tags, inner: { key: $key }, expectedRevision: $revision }) {
        thing { id name revision }
      }
    }
    """

  static func table(_ texts: String...) throws -> RouteTable {
    let files = texts.enumerated().map { (name: "things/\($0.offset).graphql", text: $0.element) }
    return try RouteTable(files: files, schema: try schema())
  }

  /// The first route.
  static func route(_ text: String) throws -> Route { try table(text).routes[0] }

  /// Why files are refused.
  static func fault(_ texts: String...) throws -> String? {
    let files = texts.enumerated().map { (name: "\($0.offset).graphql", text: $0.element) }
    do {
      _ = try RouteTable(files: files, schema: try schema())
      return nil
    } catch let fault as RestFault {
      return fault.description
    }
  }
}

extension Route {
  /// The variables of a request, or its problem.
  func read(
    _ path: [String: String] = [:], query: String? = nil, body: InputValue? = nil,
    headers: [RouteParameter.Header: String] = [:]
  ) -> Result<InputObject?, Problem> {
    let input = RouteInput(path: path, query: query, body: body, headers: headers)
    do throws(Problem) {
      return .success(try variables(input).first)
    } catch {
      return .failure(error)
    }
  }
}

extension Result<InputObject?, Problem> {
  var values: InputValue? { (try? get()).flatMap { $0 }.map(InputValue.object) }

  var problem: Problem? {
    if case .failure(let problem) = self { problem } else { nil }
  }
}
