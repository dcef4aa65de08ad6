import GraphQLEngine
import Resolvers
import Testing

/// Lists in every order, walked from both ends.
@Suite struct OrderingTests {
  @Test func `every connection of the schema has the arguments of a page`() throws {
    let schema = try StudioSchema.executable().schema
    var count = 0
    for field in schema.fields where schema.name(field.type.namedType).hasSuffix("Connection") {
      guard field.type.namedType != field.parent, schema.name(field.type.namedType) != "AutomationConnection"
      else { continue }
      count += 1
      for name in ["first", "after", "last", "before", "orderBy"] {
        let place = "\(schema.name(field.parent)).\(schema.name(field.name))"
        #expect(schema.inputValue(named: name, in: field.arguments) != nil, "\(place) has no \(name)")
      }
    }
    #expect(count >= 16)
  }

  /// Names and times have equals, so that the ids must decide among them; every fifth flow never ran.
  private static let rows = """
    INSERT INTO automation_flows (organization_id, id, user_id, name, intention, updated_at, last_executed)
      SELECT id(2, 1), id(4, f), id(1, 1), CASE f % 4 WHEN 0 THEN 'beta' WHEN 1 THEN 'Alpha' WHEN 2 THEN 'Zähre'
        ELSE 'Gamma ' || f END, 'Order ' || f % 2, at((f * 7) % 5),
        CASE WHEN f % 5 > 0 THEN at(f % 3) + interval '1 microsecond' * f END FROM generate_series(1, 23) f;
    INSERT INTO integrations (organization_id, id, name, category, type, credentials, updated_at)
      SELECT id(2, 1), id(3, n), CASE n % 2 WHEN 0 THEN 'b' ELSE 'A' END || n % 5, 'ops', 'slack' || n, '',
        at(n % 3) FROM generate_series(1, 11) n;
    INSERT INTO workbenches (organization_id, id, name, updated_at)
      SELECT id(2, 1), id(10, n), CASE n % 2 WHEN 0 THEN 'b' ELSE 'A' END, at(n % 3) FROM generate_series(1, 9) n;
    INSERT INTO workbench_flows (organization_id, workbench_id, flow_id)
      SELECT id(2, 1), id(10, n), id(4, f) FROM generate_series(1, 2) n, generate_series(1, 12) f;
    INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, status)
      SELECT id(2, 1), id(8, f * 100 + r), id(4, f), '', id(7, f), 'success'
      FROM generate_series(1, 23) f, generate_series(1, f % 4 * 3) r;
    """

  /// A list that is walked: where it stands in the answer, its field, its arguments, and its ids in order.
  struct List: Sendable {
    var field: String
    var order: String
    var sql: String
    var filter = ""

    var testDescription: String { "\(field) by \(order) \(filter)" }

    /// The id on the wire of a row whose UUID ends with six digits of its number.
    func id(ofUUID uuid: Substring) -> String {
      let nouns: [String: StudioData.Noun] = [
        "flows": .flow, "integrations": .integration, "workbenches": .workbench, "executionLogs": .execution,
      ]
      return StudioData.text(nouns[field] ?? .user, Int(uuid.suffix(6)) ?? 0)
    }

    func document(_ arguments: String) -> String {
      """
      { \(field)(\(arguments) orderBy: \(order)\(filter)) { nodes { id } edges { cursor }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }
      """
    }
  }

  static let lists: [List] = ["ASC", "DESC"].flatMap { direction in
    [
      ("flows", "CREATED_AT", "id", ""), ("flows", "UPDATED_AT", "updated_at", ""),
      ("flows", "NAME", "lower(name)", ""),
      ("flows", "NAME", "lower(name)", ", filter: {search: \"order 1\"}"),
      ("flows", "LAST_EXECUTED_AT", "coalesce(last_executed, '-infinity')", ""),
      ("integrations", "NAME", "lower(name)", ""), ("integrations", "UPDATED_AT", "updated_at", ""),
      ("workbenches", "NAME", "lower(name)", ""), ("workbenches", "UPDATED_AT", "updated_at", ""),
      ("executionLogs", "CREATED_AT", "id", ""),
    ].map { field, name, key, filter in
      let table = ["flows": "automation_flows", "executionLogs": "execution_logs"][field] ?? field
      let rows = filter.isEmpty ? table : "\(table) WHERE intention = 'Order 1'"
      return List(
        field: field, order: "{field: \(name), direction: \(direction)}",
        sql: "SELECT string_agg(id::text, ' ' ORDER BY \(key) \(direction), id \(direction)) FROM \(rows)",
        filter: filter)
    }
  }

  @Test func `a list is the same from both ends, whatever its order`() async throws {
    try await Studio.with([StudioData.accounts, Self.rows]) { studio in
      for list in Self.lists {
        let numbers = try await studio.text(list.sql).split(separator: " ")
        let expected = numbers.map { list.id(ofUUID: $0) }
        #expect(expected.count > 8)
        for length in [3, expected.count, 100] where length <= 100 {
          let forward = try await Self.walk(studio, list, length, isBackward: false)
          let backward = try await Self.walk(studio, list, length, isBackward: true)
          #expect(forward == expected, "\(list.testDescription)")
          #expect(backward == forward, "\(list.testDescription)")
        }
      }
    }
  }

  /// All ids of a list, page by page.
  private static func walk(
    _ studio: Studio, _ list: List, _ length: Int, isBackward: Bool
  ) async throws -> [String] {
    var ids: [String] = []
    var cursor = ""
    for page in 0..<100 {
      let arguments =
        isBackward
        ? "last: \(length)" + (cursor.isEmpty ? "" : ", before: \"\(cursor)\"")
        : "first: \(length)" + (cursor.isEmpty ? "" : ", after: \"\(cursor)\"")
      let answer = try await studio.run(list.document(arguments), as: StudioData.vera)
      #expect(answer.errors.isEmpty, "\(answer.text)")
      let info = answer["data.\(list.field).pageInfo"]
      let found = answer.strings("data.\(list.field).nodes", "id")
      let cursors = answer.strings("data.\(list.field).edges", "cursor")
      #expect(cursors.count == found.count)
      #expect(info?["startCursor"]?.string == cursors.first && info?["endCursor"]?.string == cursors.last)
      #expect(info?[isBackward ? "hasNextPage" : "hasPreviousPage"] == .bool(page > 0))
      ids = isBackward ? found + ids : ids + found
      guard info?[isBackward ? "hasPreviousPage" : "hasNextPage"] == true else { return ids }
      cursor = (isBackward ? cursors.first : cursors.last) ?? ""
    }
    return ids
  }

  @Test func `a page lies between two cursors`() async throws {
    try await Studio.with([StudioData.accounts, Self.rows]) { studio in
      for order in ["", ", orderBy: {field: NAME, direction: ASC}"] {
        let all = try await studio.run(
          "{ flows(first: 100\(order)) { edges { cursor node { id } } } }", as: StudioData.vera)
        let cursors = all.strings("data.flows.edges", "cursor")
        let ids = (all["data.flows.edges"]?.list ?? []).compactMap { $0["node"]?["id"]?.string }
        let between = "after: \"\(cursors[4])\", before: \"\(cursors[9])\""
        for (length, range, next, previous) in [
          ("first: 2", 5..<7, true, true), ("last: 2", 7..<9, true, true), ("first: 4", 5..<9, false, true),
          ("last: 4", 5..<9, true, false), ("first: 9", 5..<9, false, true),
        ] {
          let page = try await studio.run(
            """
            { flows(\(length), \(between)\(order)) { nodes { id } pageInfo { hasNextPage hasPreviousPage } } }
            """, as: StudioData.vera)
          #expect(page.strings("data.flows.nodes", "id") == Array(ids[range]), "\(page.text)")
          #expect(page["data.flows.pageInfo.hasNextPage"] == .bool(next), "\(length)")
          #expect(page["data.flows.pageInfo.hasPreviousPage"] == .bool(previous), "\(length)")
        }
      }
    }
  }

  @Test func `the last runs of each flow are one statement`() async throws {
    try await Studio.with([StudioData.accounts, Self.rows]) { studio in
      let (answer, statements) = try await studio.recorded(
        """
        { flows(first: 3, after: "\(StudioData.text(.flow, 4).replacing("flow_", with: "cursor_"))") { nodes {
          first: executionLogs(last: 2) { nodes { id } pageInfo { hasNextPage hasPreviousPage } }
          oldest: executionLogs(first: 2, orderBy: {field: CREATED_AT, direction: ASC}) { nodes { id } } } } }
        """, as: StudioData.vera)
      #expect(statements.map(\.label) == ["flow_page", "execution_pages", "execution_pages"])
      #expect(answer.errors.isEmpty, "\(answer.text)")
      let flows = answer["data.flows.nodes"]?.list ?? []
      let runs = flows.map { $0["first"]?["nodes"]?.list?.compactMap { $0["id"]?.string } ?? [] }
      #expect(runs == [3, 2, 1].map { f in [2, 1].map { StudioData.text(.execution, f * 100 + $0) } })
      #expect(
        flows.map { $0["oldest"]?["nodes"]?.list?.compactMap { $0["id"]?.string } ?? [] }
          == runs.map { $0.reversed() })
      #expect(
        flows.map { $0["first"]?["pageInfo"] }
          == [Optional(["hasNextPage": false, "hasPreviousPage": true])]
          + Array(repeating: Optional(["hasNextPage": false, "hasPreviousPage": true]), count: 2))
    }
  }

  @Test func `the flows of users and of workbenches have orders, too`() async throws {
    try await Studio.with([StudioData.accounts, Self.rows]) { studio in
      let answer = try await studio.run(
        """
        { viewer { user { flows(last: 3, orderBy: {field: NAME, direction: DESC}) { nodes { name }
            edges { cursor } } } }
          workbenches(first: 2, orderBy: {field: CREATED_AT, direction: ASC}) { nodes {
            flows(first: 4, orderBy: {field: NAME, direction: ASC}) { nodes { name } edges { cursor }
              pageInfo { hasNextPage } } } } }
        """, as: StudioData.ada)
      #expect(answer.errors.isEmpty, "\(answer.text)")
      #expect(answer.strings("data.viewer.user.flows.nodes", "name") == ["Alpha", "Alpha", "Alpha"])
      for bench in 0..<2 {
        let flows = "data.workbenches.nodes.\(bench).flows"
        #expect(answer.strings("\(flows).nodes", "name") == ["Alpha", "Alpha", "Alpha", "beta"])
        let cursor = answer.strings("\(flows).edges", "cursor").last ?? ""
        let next = try await studio.run(
          """
          { workbenches(first: 2, orderBy: {field: CREATED_AT, direction: ASC}) { nodes {
            flows(first: 3, after: "\(cursor)", orderBy: {field: NAME, direction: ASC}) { nodes { name } } } } }
          """, as: StudioData.ada)
        #expect(next.strings("\(flows).nodes", "name") == ["beta", "beta", "Gamma 11"], "\(next.text)")
      }
    }
  }

  private static let cursorOfNames = "cursor.name-asc_" + String(repeating: "0", count: 32) + "62"

  @Test(
    arguments: [
      ("flows(first: 1, last: 1)", "last", "first or last, not both"),
      ("flows(last: 0)", "last", "1 to 100"), ("flows(last: 101)", "last", "1 to 100"),
      ("connectors(last: 101)", "last", "1 to 100"), ("flows(before: \"x\")", "before", "not a cursor"),
      ("flows(after: \"\(cursorOfNames)\")", "after", "another order"),
      (
        "flows(after: \"\(cursorOfNames)\", orderBy: {field: NAME, direction: DESC})", "after",
        "another order, name-asc; this list's is name-desc"
      ),
      (
        "flows(before: \"\(cursorOfNames)\", orderBy: {field: NAME, direction: ASC}, filter: {search: \"x\"})",
        "before", "another filter"
      ),
      (
        "flows(after: \"cursor.name-asc_00\", orderBy: {field: NAME, direction: ASC})", "after",
        "not a cursor"
      ),
      (
        "flows(after: \"\(cursorOfNames)0\", orderBy: {field: NAME, direction: ASC})", "after", "not a cursor"
      ),
      (
        "flows(after: \"\(cursorOfNames)00\", orderBy: {field: NAME, direction: ASC})", "after",
        "not a cursor"
      ),
      (
        "flows(after: \"cursor.updated_at-asc_\(String(repeating: "0", count: 32))7ffffffffffffffe\", "
          + "orderBy: {field: UPDATED_AT, direction: ASC})", "after", "not a cursor"
      ),
      ("flows(after: \"connector_slack\")", "after", "not a cursor"),
      ("connectors(after: \"connector.name-asc_slack\")", "after", "another order"),
      ("connectors(after: \"connector_slack\", search: \"s\")", "after", "another filter"),
    ])
  func `a cursor of another list is refused with its field`(
    field: String, wrong: String, message: String
  ) async throws {
    try await Studio.with { studio in
      let answer = try await studio.run("{ \(field) { nodes { __typename } } }", as: StudioData.vera)
      #expect(answer.code == "BAD_USER_INPUT" && answer.field == wrong, "\(answer.text)")
      #expect(answer.message?.contains(message) == true, "\(answer.text)")
      #expect(studio.statements.entries.allSatisfy { !$0.label.hasSuffix("_page") })
    }
  }

  @Test func `a cursor of a filter is good for this filter alone`() async throws {
    try await Studio.with([StudioData.accounts, Self.rows]) { studio in
      let page =
        "query ($search: String!, $after: Cursor) { flows(first: 2, after: $after, "
        + "filter: {search: $search}) { nodes { id } edges { cursor } pageInfo { endCursor } } }"
      let first = try await studio.run(page, ["search": "order 1"], as: StudioData.vera)
      let end = first["data.flows.pageInfo.endCursor"] ?? .null
      #expect(end == first["data.flows.edges.1.cursor"])
      let next = try await studio.run(page, ["search": "order 1", "after": end], as: StudioData.vera)
      #expect(next.strings("data.flows.nodes", "id") == [19, 17].map { StudioData.text(.flow, $0) })
      let other = try await studio.run(page, ["search": "order 2", "after": end], as: StudioData.vera)
      #expect(other.code == "BAD_USER_INPUT" && other.message?.contains("another filter") == true)
    }
  }

  @Test func `the catalogue is walked from both ends`() async throws {
    try await Studio.with { studio in
      let page = { (arguments: String) in
        try await studio.run(
          "{ connectors(\(arguments)) { nodes { type } edges { cursor node { name } } "
            + "pageInfo { hasNextPage hasPreviousPage startCursor } } }", as: nil)
      }
      let last = try await page("last: 2")
      #expect(last.strings("data.connectors.nodes", "type") == ["slack", "stripe"])
      #expect(last["data.connectors.pageInfo.hasPreviousPage"] == true)
      #expect(last["data.connectors.pageInfo.hasNextPage"] == false)
      #expect(last.string("data.connectors.edges.0.node.name") == "Slack")
      let start = last.string("data.connectors.pageInfo.startCursor") ?? ""
      let before = try await page("last: 2, before: \"\(start)\"")
      #expect(before.strings("data.connectors.nodes", "type") == ["github"])
      #expect(before["data.connectors.pageInfo.hasPreviousPage"] == false)
      #expect(before["data.connectors.pageInfo.hasNextPage"] == true)
      let names = try await page("first: 2, orderBy: {field: NAME, direction: DESC}")
      #expect(names.strings("data.connectors.nodes", "type") == ["stripe", "slack"])
      let cursor = names.string("data.connectors.edges.1.cursor") ?? ""
      let rest = try await page("after: \"\(cursor)\", orderBy: {field: NAME, direction: DESC}")
      #expect(rest.strings("data.connectors.nodes", "type") == ["github"], "\(rest.text)")
    }
  }
}
