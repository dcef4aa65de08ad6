import GraphQLEngine
import Resolvers
import Testing

/// What an explained operation tells.
@Suite struct ExplainTests {
  private static let document = """
    query ($first: Int!) { flows(first: $first) { nodes { name creator { name } nodes { key } }
      totalCount } integrations { nodes { creator { name } } } }
    """

  @Test func `steps have their calls, and calls their statements`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let (answer, report) = try await studio.explained(Self.document, ["first": 2], as: StudioData.ada)
      let explain = answer["extensions.explain"]
      let steps = explain?["steps"]?.list ?? []
      let paths = steps.compactMap { $0["path"]?.string }
      #expect(
        paths == [
          "flows", "flows.nodes", "flows.nodes.creator", "flows.nodes.nodes", "flows.totalCount",
          "integrations", "integrations.nodes", "integrations.nodes.creator",
        ])
      #expect(steps.compactMap { $0["level"]?.int } == [1, 2, 3, 3, 2, 1, 2, 3])
      #expect(explain?["levels"] == 3 && explain?["statements"] == 5 && report.statementCount == 5)
      let creator = steps[2]
      #expect(creator["kind"] == "loader" && creator["field"] == "AutomationFlow.creator")
      #expect(creator["calls"]?.list?.count == 1 && creator["leaves"] == ["name"])
      #expect(creator["calls"]?.list?[0]["statements"]?.list?[0]["name"] == "user_by_id")
      #expect(steps[7]["calls"] == [] && steps[7]["loadedWith"] == "flows.nodes.creator")
      let page = steps[0]["calls"]?.list?[0]["statements"]?.list?[0]
      #expect(page?["rows"] == 3 && page?["sql"]?.string?.hasPrefix("SELECT t.name") == true)
      #expect(page?["parameters"]?.list?[1] == "3")
      #expect((page?["milliseconds"]?.double ?? -1) > 0)
      #expect(report.text.contains("SELECT t.name") && report.text.hasSuffix(" ms\n"))
    }
  }

  @Test func `parameters are told by their types unless values are asked for`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let document = """
        query ($search: String) { flows(filter: {search: $search}) { nodes { nodes { key } } } }
        """
      let (answer, report) = try await studio.explained(
        document, ["search": "on"], as: StudioData.ada, showsValues: false)
      let steps = answer["extensions.explain.steps"]?.list ?? []
      #expect(
        steps[0]["calls"]?.list?[0]["statements"]?.list?[0]["parameters"]
          == ["uuid", "integer", "uuid", "text"])
      #expect(
        steps[2]["calls"]?.list?[0]["statements"]?.list?[0]["parameters"]?.list?.last?.string?
          .hasPrefix("uuid[") == true)
      #expect(!report.text.contains("%on%"))
      let shown = try await studio.explained(document, ["search": "o'n"], as: StudioData.ada)
      #expect(shown.report.text.contains("$4 '%o''n%'"))
    }
  }

  @Test func `an operation that nobody explains has no trace`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let answer = try await studio.run(Self.document, ["first": 2], as: StudioData.ada)
      #expect(answer["extensions"] == nil)
    }
  }

  @Test func `what a mutation reads is told, and a statement that fails`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let id = StudioData.text(.flow, 1)
      let (answer, report) = try await studio.explained(
        "mutation { pauseFlow(input: {id: \"\(id)\"}) { flow { name creator { name } } } }",
        as: StudioData.ada)
      #expect(answer.errors.isEmpty, "\(answer.text)")
      #expect(report.text.contains("flow_by_id: 1 rows") && report.text.contains("user_by_id: 1 rows"))
      try await studio.script("ALTER TABLE automation_flows RENAME COLUMN intention TO purpose")
      let failed = try await studio.explained("{ flows { nodes { intention } } }", as: StudioData.ada)
      #expect(failed.report.text.contains(", failed") && failed.answer.code == "INTERNAL")
    }
  }
}
