import GraphQLEngine
import Resolvers
import Testing

/// Walking through lists page by page.
@Suite struct PagingTests {
  private static let flows = """
    INSERT INTO automation_flows (organization_id, id, user_id, name, intention)
      SELECT id(2, 1), id(4, f), id(1, 1), 'Flow ' || f, 'Paging' FROM generate_series(1, 23) f;
    INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, status)
      SELECT id(2, 1), id(8, f * 100 + r), id(4, f), '', id(7, f), 'success'
      FROM generate_series(1, 3) f, generate_series(1, f * 4) r;
    """
  private static let page = """
    query ($first: Int, $after: Cursor) { flows(first: $first, after: $after) {
      nodes { name } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        totalCount } }
    """

  @Test(arguments: [1, 4, 23, 100])
  func `pages have no gap and no repeat`(length: Int) async throws {
    try await Studio.with([StudioData.accounts, Self.flows]) { studio in
      var names: [String] = []
      var after: InputValue = .null
      var pages = 0
      while true {
        let answer = try await studio.run(
          Self.page, ["first": .int(length), "after": after], as: StudioData.vera)
        let info = answer["data.flows.pageInfo"]
        #expect(answer["data.flows.totalCount"] == 23)
        #expect(info?["hasPreviousPage"] == .bool(pages > 0))
        #expect(info?["startCursor"] == answer["data.flows.edges.0.cursor"])
        names += answer.strings("data.flows.nodes", "name")
        pages += 1
        #expect(info?["hasNextPage"] == .bool(names.count < 23))
        guard info?["hasNextPage"] == true, pages < 30 else { break }
        after = info?["endCursor"] ?? .null
      }
      #expect(names == (1...23).reversed().map { "Flow \($0)" })
      #expect(pages == (23 + length - 1) / length)
    }
  }

  @Test func `a row that comes or goes while one pages repeats nothing`() async throws {
    try await Studio.with([StudioData.accounts, Self.flows]) { studio in
      let first = try await studio.run(Self.page, ["first": 5], as: StudioData.vera)
      try await studio.script(
        """
        DELETE FROM automation_flows WHERE id = id(4, 19);
        INSERT INTO automation_flows (organization_id, id, name, intention) VALUES (id(2, 1), id(4, 99),
          'New', 'N');
        """)
      let end = first["data.flows.pageInfo.endCursor"] ?? .null
      let second = try await studio.run(Self.page, ["first": 5, "after": end], as: StudioData.vera)
      #expect(
        second.strings("data.flows.nodes", "name") == ["Flow 18", "Flow 17", "Flow 16", "Flow 15", "Flow 14"])
    }
  }

  @Test func `twenty is the length when none is asked for, and a page behind the end is empty`() async throws
  {
    try await Studio.with([StudioData.accounts, Self.flows]) { studio in
      let standard = try await studio.run("{ flows { nodes { id } } }", as: StudioData.vera)
      #expect(standard["data.flows.nodes"]?.list?.count == 20)
      let null = try await studio.run("{ flows(first: null) { nodes { id } } }", as: StudioData.vera)
      #expect(null["data.flows.nodes"]?.list?.count == 20)
      let last = StudioData.text(.flow, 1).replacing("flow_", with: "cursor_")
      let empty = try await studio.run(Self.page, ["after": .string(last)], as: StudioData.vera)
      #expect(empty["data.flows.nodes"] == [])
      #expect(
        empty["data.flows.pageInfo"] == [
          "hasNextPage": false, "hasPreviousPage": true, "startCursor": .null, "endCursor": .null,
        ])
    }
  }

  @Test func `each parent has a page of its own`() async throws {
    try await Studio.with([StudioData.accounts, Self.flows]) { studio in
      let answer = try await studio.run(
        """
        query ($after: Cursor) { flows(after: $after, first: 3) { nodes { name
          executionLogs(first: 5) { totalCount nodes { id } pageInfo { hasNextPage } } } } }
        """, ["after": .string(StudioData.text(.flow, 4).replacing("flow_", with: "cursor_"))],
        as: StudioData.vera)
      let logs = (answer["data.flows.nodes"]?.list ?? []).map { $0["executionLogs"] }
      #expect(logs.map { $0?["totalCount"] } == [12, 8, 4])
      #expect(logs.map { $0?["nodes"]?.list?.count } == [5, 5, 4])
      #expect(logs.map { $0?["pageInfo"]?["hasNextPage"] } == [true, true, false])
    }
  }

  @Test(arguments: [
    ("flows(first: 0)", "first"), ("flows(first: 101)", "first"), ("flows(first: -5)", "first"),
    ("executionLogs(first: 101)", "first"), ("integrations(first: 0)", "first"),
    ("connectors(first: 0)", "first"),
    ("flows(after: \"x\")", "after"), ("flows(after: \"flow_01j0000000e008000000200001\")", "after"),
    ("flows(after: \"cursor_01j0000000e00800000020000\")", "after"),
    ("connectors(after: \"connector_fax\")", "after"),
    ("flows(filter: { search: \"\(String(repeating: "x", count: 201))\" })", "filter.search"),
    ("flows(filter: { search: \"\\u0000\" })", "filter.search"),
    ("integrations(filter: { type: \"\\u0000\" })", "filter.type"),
    ("executionLogs(filter: { flowId: \"user_01j0000000e0080000000g0001\" })", "filter.flowId"),
  ])
  func `what is no page is refused with its field`(field: String, wrong: String) async throws {
    try await Studio.with { studio in
      let answer = try await studio.run("{ \(field) { totalCount } }", as: StudioData.vera)
      #expect(answer.code == "BAD_USER_INPUT" && answer.field == wrong, "\(answer.text)")
      #expect(studio.statements.entries.allSatisfy { !$0.label.hasSuffix("_page") })
    }
  }

  @Test func `nodes takes a hundred ids and no more`() async throws {
    try await Studio.with([StudioData.accounts, Self.flows]) { studio in
      let ids = { (count: Int) in
        InputValue.list((1...count).map { .string(StudioData.text(.flow, $0)) })
      }
      let document = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
      let (hundred, statements) = try await studio.recorded(document, ["ids": ids(100)], as: StudioData.vera)
      #expect(hundred["data.nodes"]?.list?.filter { $0 != .null }.count == 23)
      #expect(statements.map(\.label) == ["flow_by_id"])
      let more = try await studio.run(document, ["ids": ids(101)], as: StudioData.vera)
      #expect(more.code == "BAD_USER_INPUT" && more.field == "ids")
      let mixed: InputValue = [.string(StudioData.text(.flow, 1)), "x"]
      let wrong = try await studio.run(document, ["ids": mixed], as: StudioData.vera)
      #expect(wrong.code == "BAD_USER_INPUT" && wrong.field == "ids.1", "\(wrong.text)")
      let none = try await studio.recorded(document, ["ids": []], as: StudioData.vera)
      #expect(none.answer["data.nodes"] == [] && none.statements.isEmpty)
    }
  }

  @Test func `a count alone reads no page`() async throws {
    try await Studio.with([StudioData.accounts, Self.flows]) { studio in
      let (answer, statements) = try await studio.recorded(
        "{ flows { totalCount } viewer { user { flows { totalCount } } } }", as: StudioData.ada)
      #expect(answer["data.flows.totalCount"] == 23 && answer["data.viewer.user.flows.totalCount"] == 23)
      #expect(statements.map(\.label).sorted() == ["flow_count", "flow_counts", "user_by_id"])
    }
  }
}
