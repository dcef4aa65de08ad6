import GraphQLEngine
import Resolvers
import Schema
import Testing

/// An error for each wrong field, so that a form is filled in again once.
@Suite struct InputProblemsTests {
  private static let long = String(repeating: "x", count: 2_001)
  private static let node: InputValue = [
    "key": "a", "title": "", "kind": "TRIGGER", "detail": .string(long),
  ]

  private static let cases: [(mutation: String, type: String, input: InputValue, fields: [String])] = [
    (
      "createFlow", "CreateFlowInput",
      [
        "name": "", "intention": "", "nodes": [node],
        "connections": [["from": "a", "to": "b", "label": .string(long)]],
      ],
      ["name", "intention", "nodes.0.title", "nodes.0.detail", "connections.0.label"]
    ),
    (
      "updateFlow", "UpdateFlowInput",
      ["id": .string(StudioData.text(.flow, 1)), "name": "", "intention": "", "notes": .string(long)],
      ["name", "intention", "notes"]
    ),
    (
      "createWebhook", "CreateWebhookInput",
      ["url": "nowhere", "description": .string(long), "eventTypes": []],
      ["url", "description", "eventTypes"]
    ),
    (
      "createWorkbench", "CreateWorkbenchInput",
      ["name": "", "purpose": .string(long), "focus": ["", "good", ""], "flowIds": []],
      ["name", "purpose", "focus.0", "focus.2"]
    ),
    ("updateProfile", "UpdateProfileInput", ["name": "", "avatarUrl": "x"], ["name", "avatarUrl"]),
    ("updateFlow", "UpdateFlowInput", ["id": .string(StudioData.text(.flow, 1)), "name": ""], ["name"]),
  ]

  @Test func `every wrong field has an error of its own`() async throws {
    try await Studio.with { studio in
      for (mutation, type, input, fields) in Self.cases {
        let text = "mutation ($input: \(type)!) { \(mutation)(input: $input) { __typename } }"
        let answer = try await studio.run(text, ["input": input], as: StudioData.ada)
        #expect(answer["data"] == .null, "\(answer.text)")
        let found = (0..<answer.errors.count).compactMap { answer.string("errors.\($0).extensions.field") }
        #expect(found == fields, "\(answer.text)")
        for place in found.indices {
          #expect(answer.string("errors.\(place).path.0") == mutation, "\(answer.text)")
          #expect(answer.string("errors.\(place).extensions.code") == "BAD_USER_INPUT", "\(answer.text)")
        }
      }
    }
  }

  @Test func `a graph that is only looked at has a problem for each`() async throws {
    try await Studio.with { studio in
      let text = """
        mutation ($input: ValidateFlowInput!) { validateFlow(input: $input) { problems { code field } } }
        """
      let answer = try await studio.run(
        text, ["input": ["nodes": [Self.node], "connections": []]], as: StudioData.eve)
      let fields = (0..<2).map { answer.string("data.validateFlow.problems.\($0).field") }
      #expect(fields == ["nodes.0.title", "nodes.0.detail"], "\(answer.text)")
    }
  }

  @Test func `a graph that is wrong all over has as many errors as a response may have`() async throws {
    try await Studio.with { studio in
      let text = "mutation ($input: CreateFlowInput!) { createFlow(input: $input) { __typename } }"
      let many = (0..<300).map { _ in Self.node }
      let input: InputValue = ["name": "", "intention": "", "nodes": .list(many), "connections": []]
      let answer = try await studio.run(text, ["input": input], as: StudioData.eve)
      #expect(answer.errors.count == 101, "no more than the response may have")
      #expect(answer.errors.last?.message.hasPrefix("Too many errors") == true, "\(answer.text)")
    }
  }
}
