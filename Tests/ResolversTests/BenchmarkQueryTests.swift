import Foundation
import GraphQLEngine
import Testing

/// The queries of `scripts/benchmark api` send as many statements as fields must be read, whatever the
/// machine.
@Suite struct BenchmarkQueryTests {
  static func document(_ name: String) throws -> String {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../Benchmarks/api/queries")
    return try String(contentsOf: folder.appending(path: "\(name).graphql"), encoding: .utf8)
  }

  struct Case: Sendable {
    var name: String
    var variables: InputValue
    var labels: [String]
  }

  static let cases = [
    Case(name: "q1", variables: ["id": .string(StudioData.text(.flow, 1))], labels: ["flow_by_id"]),
    Case(
      name: "q2", variables: ["id": .string(StudioData.text(.user, 1))],
      labels: [
        "user_by_id", "flow_pages", "node_children", "connection_children", "execution_pages",
        "integration_by_id",
      ]),
    Case(
      name: "q3", variables: ["first": 100, "after": .null],
      labels: ["execution_page", "flow_by_id", "user_by_id"]),
    Case(name: "q5", variables: [:], labels: []),
  ]

  @Test(arguments: cases)
  func `a query of the benchmark sends one statement for each field that reads`(_ query: Case) async throws {
    try await Studio.with([StudioData.accounts, StatementCountTests.flows(20)]) { studio in
      let (answer, statements) = try await studio.recorded(
        try Self.document(query.name), query.variables, as: StudioData.ada)
      #expect(answer.errors.isEmpty, "\(answer.text)")
      #expect(statements.map(\.label) == query.labels)
    }
  }

  @Test func `the benchmark's mutation changes the flow by one statement and reads nothing for its payload`()
    async throws
  {
    try await Studio.with([StudioData.accounts, StatementCountTests.flows(1)]) { studio in
      let node: InputValue = [
        "key": "bench", "title": "New step", "kind": "ACTION",
        "integrationId": .string(StudioData.text(.integration, 1)),
        "config": ["type": "log", "message": "done"],
      ]
      let (answer, statements) = try await studio.recorded(
        try Self.document("q4"), ["input": ["flowId": .string(StudioData.text(.flow, 1)), "node": node]],
        as: StudioData.ada)
      #expect(answer.string("data.addNode.node.kind") == "ACTION", "\(answer.text)")
      #expect(answer["data.addNode.node.order"] == 9)
      // The graph is not loaded for it, nor written back, the payload is not read, and the audit log is in
      // it.
      let labels = statements.map(\.label)
      #expect(labels == ["add_nodes"], "\(labels)")
    }
  }
}
