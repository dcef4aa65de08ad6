import Flows
import GraphQLEngine
import Resolvers
import Storage
import Testing

/// Subscriptions to the stream of an organization.
@Suite struct StreamTests {
  private static let executions = """
    subscription ($after: Cursor) { executions(after: $after) { cursor flowId
      event { __typename sequence cursor execution { id flow { name } } } } }
    """
  private static let ofFlow = """
    subscription ($id: ID!, $after: Cursor) { flowExecutions(flowId: $id, after: $after) { cursor flowId
      event { __typename } } }
    """
  private static let flowChanged = """
    subscription ($id: ID, $after: Cursor) { flowChanged(id: $id, after: $after) { cursor kind flowId revision
      flow { name hasUnpublishedChanges } } }
    """
  private static let integrationChanged = """
    subscription ($id: ID, $after: Cursor) { integrationStatusChanged(id: $id, after: $after) { cursor kind
      isConnected integrationId integration { name } } }
    """
  private static let execute =
    "mutation ($id: ID!) { executeFlow(input: { flowId: $id }) { execution { id } } }"
  private static let rename =
    "mutation ($id: ID!, $name: String!) { updateFlow(input: { id: $id, name: $name }) { flow { id } } }"

  private func makeFlow(_ studio: Studio) async throws -> InputValue {
    let created = try await studio.run(FlowTests.create, FlowTests.input(), as: StudioData.eve)
    return created["data.createFlow.flow.id"] ?? .null
  }

  private func next(_ events: inout ResponseStream.AsyncIterator) async throws -> Answer {
    let answer = try Answer(try #require(await events.next()))
    #expect(answer.errors.isEmpty, "\(answer.text)")
    return answer
  }

  @Test func `all runs of the organization are one stream, which resumes behind a cursor`() async throws {
    try await Studio.with([StudioData.accounts]) { studio in
      let (one, two) = (try await makeFlow(studio), try await makeFlow(studio))
      let before = try await studio.run("{ eventCursor }", as: StudioData.vera)
      var live = try await studio.subscribe(Self.executions, as: StudioData.vera).makeAsyncIterator()
      var seen: [Answer] = []
      for flow in [one, two, one] {
        _ = try await studio.run(Self.execute, ["id": flow], as: StudioData.otto)
        seen.append(try await next(&live))
      }
      let root = "data.executions"
      #expect(seen.map { $0["\(root).flowId"] } == [one, two, one])
      #expect(seen.allSatisfy { $0.string("\(root).event.__typename") == "ExecutionQueued" })
      #expect(seen.allSatisfy { $0["\(root).event.cursor"] == "event_1" })
      #expect(seen[0].string("\(root).event.execution.flow.name") == "Orders")
      // The flows came first: two events. Everything is numbered by one stream.
      #expect(seen.map { $0["\(root).cursor"] } == ["stream_3", "stream_4", "stream_5"])
      let cursor = before["data.eventCursor"] ?? .null
      var again = try await studio.subscribe(Self.executions, ["after": cursor], as: StudioData.vera)
        .makeAsyncIterator()
      for answer in seen { #expect(try await next(&again).text == answer.text) }
      var rest = try await studio.subscribe(Self.executions, ["after": "stream_4"], as: StudioData.vera)
        .makeAsyncIterator()
      #expect(try await next(&rest).text == seen[2].text)
      var ofTwo = try await studio.subscribe(
        Self.ofFlow, ["id": two, "after": "stream_0"], as: StudioData.vera
      ).makeAsyncIterator()
      #expect(try await next(&ofTwo)["data.flowExecutions.cursor"] == "stream_4")
    }
  }

  @Test func `a flow's changes are told as they are committed, its end too`() async throws {
    try await Studio.with([StudioData.accounts]) { studio in
      let (flow, other) = (try await makeFlow(studio), try await makeFlow(studio))
      var live = try await studio.subscribe(
        Self.flowChanged, ["id": flow, "after": "stream_0"], as: StudioData.vera
      ).makeAsyncIterator()
      let root = "data.flowChanged"
      let created = try await next(&live)
      #expect(created["\(root).kind"] == "CREATED" && created["\(root).revision"] == 1)
      _ = try await studio.run(Self.rename, ["id": other, "name": "Other"], as: StudioData.eve)
      _ = try await studio.run(Self.rename, ["id": flow, "name": "New"], as: StudioData.eve)
      let renamed = try await next(&live)
      #expect(renamed["\(root).kind"] == "UPDATED" && renamed["\(root).revision"] == 2)
      #expect(renamed["\(root).flow.name"] == "New" && renamed["\(root).flowId"] == flow)
      let added = try await studio.run(
        """
        mutation ($id: ID!) { addNode(input: { flowId: $id,
          node: { key: "extra", title: "Extra", kind: TRIGGER } }) { node { key } } }
        """, ["id": flow], as: StudioData.eve)
      #expect(added.errors.isEmpty, "\(added.text)")
      #expect(try await next(&live)["\(root).revision"] == 3)
      _ = try await studio.run(
        "mutation ($id: ID!) { publishFlow(input: { id: $id }) { flow { id } } }", ["id": flow],
        as: StudioData.eve)
      #expect(try await next(&live)["\(root).flow.hasUnpublishedChanges"] == false)
      _ = try await studio.run(
        "mutation ($id: ID!) { deleteFlow(input: { id: $id }) { deletedId } }", ["id": flow],
        as: StudioData.eve)
      let deleted = try await next(&live)
      #expect(deleted["\(root).kind"] == "DELETED" && deleted["\(root).flow"] == .null)
    }
  }

  @Test func `an integration's checks and changes are told`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let id = StudioData.id(.integration, 1)
      let text = InputValue.string(StudioData.text(.integration, 1))
      var live = try await studio.subscribe(Self.integrationChanged, ["id": text], as: StudioData.vera)
        .makeAsyncIterator()
      for isConnected in [false, true] {
        try await IntegrationStore(studio.database).note(
          isConnected: isConnected, id, in: StudioData.vera.organizationID)
        studio.services.notifier.changed(in: StudioData.vera.organizationID)
        let told = try await next(&live)
        #expect(told["data.integrationStatusChanged.isConnected"] == .bool(isConnected))
        #expect(told["data.integrationStatusChanged.integrationId"] == text)
      }
    }
  }

  @Test func `a cursor that nobody gave, of a run, or of what is gone, is told apart`() async throws {
    try await Studio.with([StudioData.accounts]) { studio in
      let flow = try await makeFlow(studio)
      for cursor in ["stream_99", "event_1", "stream_-1", "x", "", "stream_00", "stream_+1", "stream_-0"] {
        let refused = try await studio.run(
          RootFieldCase("Subscription.executions", Self.executions, .own), ["after": .string(cursor)],
          as: StudioData.vera)
        #expect(refused.code == "BAD_USER_INPUT" && refused.field == "after", "\(cursor): \(refused.text)")
      }
      for _ in 0..<2 { _ = try await studio.run(Self.execute, ["id": flow], as: StudioData.otto) }
      // What comes while somebody watches is kept for those who come later: another process numbers both.
      let other = RunEventHub(studio.database, pollInterval: .milliseconds(50))
      var numbers = other.stream(of: StudioData.vera.organizationID, after: 0).makeAsyncIterator()
      for _ in 0..<2 { _ = try await numbers.next() }
      var all = try await studio.subscribe(Self.executions, ["after": "stream_0"], as: StudioData.vera)
        .makeAsyncIterator()
      // Both are in the stream.
      for _ in 0..<2 { _ = try await next(&all) }
      try await studio.script("DELETE FROM organization_events WHERE last_number >= 2")
      var late = try await studio.subscribe(Self.executions, ["after": "stream_1"], as: StudioData.vera)
        .makeAsyncIterator()
      let expired = try Answer(try #require(await late.next()))
      #expect(expired.code == "CURSOR_EXPIRED", "\(expired.text)")
      #expect(await late.next() == nil)
    }
  }
}
