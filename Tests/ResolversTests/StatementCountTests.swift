import GraphQLEngine
import Resolvers
import Testing

/// The number of statements depends on the query, never on the data.
@Suite struct StatementCountTests {
  static let deepest = """
    {
      viewer { user { name flows(first: 100) { nodes {
        name
        nodes { key integration { name } }
        connections { label }
        executionLogs(first: 5) { nodes { status nodeExecutions { nodeKey status } } }
      } } } }
    }
    """

  /// `count` flows of Ada with eight nodes, seven connections, and seven runs with eight node logs each.
  static func flows(_ count: Int) -> String {
    """
    INSERT INTO integrations (organization_id, id, user_id, name, category, type, credentials)
      SELECT id(2, 1), id(3, n), id(1, 1), 'Account ' || n, 'ops', 'slack', 'sealed' FROM generate_series(1,
        3) n;
    INSERT INTO automation_flows (organization_id, id, user_id, name, intention)
      SELECT id(2, 1), id(4, f), id(1, 1), 'Flow ' || f, 'Counting' FROM generate_series(1, \(count)) f;
    INSERT INTO automation_nodes (organization_id, id, flow_id, key, title, kind, detail, integration_id,
      node_order)
      SELECT id(2, 1), id(5, f * 10 + n), id(4, f), 'n' || n, 'Node ' || n, 'action', '',
        CASE WHEN n % 4 > 0 THEN id(3, n % 4) END, n
      FROM generate_series(1, \(count)) f, generate_series(1, 8) n;
    INSERT INTO automation_connections (organization_id, id, flow_id, from_node_id, to_node_id,
      connection_order)
      SELECT id(2, 1), id(6, f * 10 + n), id(4, f), id(5, f * 10 + n), id(5, f * 10 + n + 1), n
      FROM generate_series(1, \(count)) f, generate_series(1, 7) n;
    INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, status)
      SELECT id(2, 1), id(8, f * 10 + r), id(4, f), 'Flow ' || f, id(7, f), 'success'
      FROM generate_series(1, \(count)) f, generate_series(1, 7) r;
    INSERT INTO node_execution_logs (organization_id, execution_id, id, node_id, node_key, title, kind,
      node_order, status)
      SELECT id(2, 1), id(8, f * 10 + r), id(9, f * 1000 + r * 10 + n), id(5, f * 10 + n), 'n' || n, '',
        'action', n,
        'success'
      FROM generate_series(1, \(count)) f, generate_series(1, 7) r, generate_series(1, 8) n;
    """
  }

  /// One for each field that reads. A level's loader is asked when its batches have been sent.
  static let labels = [
    "user_by_id", "flow_pages", "node_children", "connection_children", "execution_pages",
    "node_execution_children", "integration_by_id",
  ]

  @Test(arguments: [1, 100])
  func `the deepest query sends one statement for each field that reads`(count: Int) async throws {
    try await Studio.with([StudioData.accounts, Self.flows(count)]) { studio in
      let (answer, statements) = try await studio.recorded(Self.deepest, as: StudioData.ada)
      #expect(answer.errors.isEmpty)
      #expect(statements.map(\.label) == Self.labels)
      // A page reads one row more than it shows, to know whether there is another page.
      #expect(statements.map(\.rows) == [1, count, count * 8, count * 7, count * 6, count * 5 * 8, 3])

      let flows = answer["data.viewer.user.flows.nodes"]?.list ?? []
      #expect(flows.count == count)
      for flow in flows {
        #expect(flow["nodes"]?.list?.compactMap { $0["key"]?.string } == (1...8).map { "n\($0)" })
        #expect(flow["connections"]?.list?.count == 7)
        let runs = flow["executionLogs"]?["nodes"]?.list ?? []
        #expect(runs.count == 5)
        #expect(runs.allSatisfy { $0["nodeExecutions"]?.list?.count == 8 })
      }
      #expect(answer["data.viewer.user.flows.nodes.0.nodes.3.integration"] == .null)
      #expect(answer.string("data.viewer.user.flows.nodes.0.nodes.4.integration.name") == "Account 1")
    }
  }

  @Test func `the same query again sends the same statements`() async throws {
    try await Studio.with([StudioData.accounts, Self.flows(2)]) { studio in
      let first = try await studio.recorded(Self.deepest, as: StudioData.ada)
      let prepares = studio.database.statistics.prepares
      let second = try await studio.recorded(Self.deepest, as: StudioData.ada)
      #expect(second.statements.map(\.sql) == first.statements.map(\.sql))
      #expect(second.answer.text == first.answer.text)
      #expect(studio.database.statistics.prepares == prepares)
    }
  }

  @Test func `only selected columns are read`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let (_, statements) = try await studio.recorded(
        "{ flows { nodes { nodes { title } } } }", as: StudioData.ada)
      #expect(statements.map(\.label) == ["flow_page", "node_children"])
      #expect(
        statements.map { $0.sql.prefix(before: " FROM ") } == [
          "SELECT t.id, t.id", "SELECT c.title, c.flow_id",
        ])
      for column in ["intention", "config", "name", "detail", "status", "*"] {
        #expect(
          !statements.contains { $0.sql.contains(column) }, "\(column) is read though nobody asked for it")
      }
    }
  }

  @Test func `a count is computed only when it is selected`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let without = try await studio.recorded("{ flows { nodes { name } } }", as: StudioData.ada)
      #expect(without.statements.map(\.label) == ["flow_page"])
      let with = try await studio.recorded(
        "{ flows(first: 1) { nodes { name } totalCount } }", as: StudioData.ada)
      #expect(with.statements.map(\.label) == ["flow_page", "flow_count"])
      #expect(with.answer["data.flows.totalCount"] == 3)
    }
  }

  @Test func `one loader serves all fields of a level, each id once`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let (answer, statements) = try await studio.recorded(
        "{ flows { nodes { creator { name } } } integrations { nodes { creator { name } } } }",
        as: StudioData.ada)
      #expect(answer.errors.isEmpty)
      #expect(statements.map(\.label) == ["flow_page", "integration_page", "user_by_id"])
      #expect(statements.last?.rows == 2)
    }
  }
}

extension String {
  /// What stands before the first occurrence of a text, or everything.
  fileprivate func prefix(before text: String) -> String {
    ranges(of: text).first.map { String(self[..<$0.lowerBound]) } ?? self
  }
}
