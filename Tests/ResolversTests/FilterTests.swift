import GraphQLEngine
import Resolvers
import Testing

/// Lists that are narrowed by text and by time.
@Suite struct FilterTests {
  private static let integrations = """
    query ($filter: IntegrationFilter) { integrations(filter: $filter) { totalCount nodes { name } } }
    """
  private static let flows = """
    query ($filter: FlowFilter) { flows(filter: $filter) { totalCount nodes { name } } }
    """
  private static let runs = """
    query ($filter: ExecutionLogFilter) { executionLogs(filter: $filter) { totalCount nodes { createdAt } } }
    """

  @Test(
    arguments: [
      (["search": "CHAT"], ["Team chat"]), (["search": "%"], []),
      (["search": "", "type": "slack"], ["Team chat"]),
      (["createdFrom": "2026-03-01T08:00:11Z"], ["Attic", "Till"]),
      (["createdUntil": "2026-03-01T08:00:11Z"], ["Team chat"]),
      (["createdFrom": "2026-03-01T09:00:11+01:00", "createdUntil": "2026-03-01T08:00:12Z"], ["Till"]),
    ] as [(InputValue, [String])])
  func `integrations are narrowed by name and time`(filter: InputValue, names: [String]) async throws {
    try await Studio.with(StudioData.all) { studio in
      let answer = try await studio.run(Self.integrations, ["filter": filter], as: StudioData.vera)
      #expect(answer.strings("data.integrations.nodes", "name") == names, "\(answer.text)")
      #expect(answer["data.integrations.totalCount"] == .int(names.count))
    }
  }

  @Test(
    arguments: [
      (["createdFrom": "2026-03-01T08:00:31Z"], ["Attic sweep", "Digest"]),
      (["createdUntil": "2026-03-01T08:00:31Z"], ["Orders"]),
      (["createdFrom": "2026-03-01T08:00:31Z", "search": "summary"], ["Digest"]),
      (["createdFrom": "2026-03-01T08:00:32Z", "createdUntil": "2026-03-01T08:00:31Z"], []),
    ] as [(InputValue, [String])])
  func `flows are narrowed by time`(filter: InputValue, names: [String]) async throws {
    try await Studio.with(StudioData.all) { studio in
      let answer = try await studio.run(Self.flows, ["filter": filter], as: StudioData.vera)
      #expect(answer.strings("data.flows.nodes", "name") == names, "\(answer.text)")
      #expect(answer["data.flows.totalCount"] == .int(names.count))
    }
  }

  @Test(
    arguments: [
      (["search": "DELETED"], 1), (["search": "answered with 500"], 1), (["search": "'FETCH'"], 1),
      (["search": "message"], 0), (["search": "orders"], 5),
      (["search": "orders", "createdUntil": "2026-03-01T08:05:00Z"], 2), (["search": "Own flow"], 0),
    ] as [(InputValue, Int)])
  func `runs are narrowed by the flow's name and the error's message`(
    filter: InputValue, count: Int
  ) async throws {
    try await Studio.with(StudioData.all) { studio in
      let answer = try await studio.run(Self.runs, ["filter": filter], as: StudioData.vera)
      #expect(answer["data.executionLogs.totalCount"] == .int(count), "\(answer.text)")
      #expect(answer["data.executionLogs.nodes"]?.list?.count == count)
    }
  }

  @Test(arguments: [runs, integrations, flows])
  func `a text that is too long is refused with its field`(document: String) async throws {
    try await Studio.with { studio in
      let long: InputValue = .string(String(repeating: "x", count: 201))
      let answer = try await studio.run(document, ["filter": ["search": long]], as: StudioData.vera)
      #expect(answer.code == "BAD_USER_INPUT" && answer.field == "filter.search", "\(answer.text)")
    }
  }
}
