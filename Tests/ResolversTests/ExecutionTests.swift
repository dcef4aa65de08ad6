import Flows
import GraphQLEngine
import Resolvers
import Storage
import Testing

/// Accepting runs, stopping them, and watching them.
@Suite struct ExecutionTests {
  private static let execute = """
    mutation ($input: ExecuteFlowInput!) { executeFlow(input: $input) { execution {
      id status input lastSequence startTime flow { name } user { name } version { number revision
        definition }
      nodeExecutions { nodeKey } } } }
    """
  private static let cancel =
    "mutation ($id: ID!) { cancelExecution(input: { id: $id }) { execution { id status } } }"
  private static let flow: InputValue = .string(StudioData.text(.flow, 1))

  @Test func `a run is stored with its version before the answer`() async throws {
    try await Studio.with([StudioData.accounts, StudioData.flows]) { studio in
      let answer = try await studio.run(
        Self.execute, ["input": ["flowId": Self.flow, "input": ["id": 7, "list": [1.5, .null]]]],
        as: StudioData.otto)
      #expect(answer.errors.isEmpty, "\(answer.text)")
      let run = "data.executeFlow.execution"
      #expect(answer.string("\(run).status") == "PENDING")
      #expect(answer["\(run).input"] == ["id": 7, "list": [1.5, .null]])
      #expect(answer["\(run).lastSequence"] == 1)
      #expect(answer["\(run).startTime"] == .null)
      #expect(answer.string("\(run).user.name") == "Otto")
      // The flow's revision 3 has a version already.
      #expect(answer["\(run).version.number"] == 2)
      #expect(answer["\(run).nodeExecutions"] == [])
      #expect(try await studio.text("SELECT count(*)::text FROM execution_queue") == "1")
      #expect(
        try await studio.text("SELECT string_agg(sequence || kind, ' ') FROM execution_events") == "1queued")
      #expect(
        try await studio.text(
          "SELECT (last_executed > at(500))::text FROM automation_flows WHERE id = id(4, 1)") == "true")
    }
  }

  @Test func `each revision that runs is stored once`() async throws {
    try await Studio.with([StudioData.accounts]) { studio in
      let created = try await studio.run(FlowTests.create, FlowTests.input(), as: StudioData.eve)
      let id = created["data.createFlow.flow.id"] ?? .null
      let input: InputValue = ["input": ["flowId": id]]
      for _ in 0..<2 {
        let first = try await studio.run(Self.execute, input, as: StudioData.otto)
        #expect(first["data.executeFlow.execution.version.number"] == 1, "\(first.text)")
        #expect(first["data.executeFlow.execution.input"] == .null)
      }
      _ = try await studio.run(
        "mutation ($id: ID!) { updateFlow(input: { id: $id, name: \"New\" }) { flow { id } } }", ["id": id],
        as: StudioData.eve)
      let second = try await studio.run(Self.execute, input, as: StudioData.otto)
      #expect(second["data.executeFlow.execution.version.number"] == 2)
      #expect(second["data.executeFlow.execution.version.revision"] == 2)
      let definition = second["data.executeFlow.execution.version.definition"]
      #expect(definition?["nodes"]?.list?.count == 7, "\(second.text)")
    }
  }

  @Test func `what cannot run is refused`() async throws {
    try await Studio.with([StudioData.accounts, StudioData.flows]) { studio in
      func run(_ id: InputValue, _ input: InputValue = .null) async throws -> Answer {
        try await studio.run(Self.execute, ["input": ["flowId": id, "input": input]], as: StudioData.ada)
      }
      let archived = try await run(.string(StudioData.text(.flow, 3)))
      #expect(archived.code == "CONFLICT" && archived.field == "flowId")
      #expect(archived.message == "The flow is archived; activate it to run it.")
      let missing = try await run(.string(StudioData.text(.flow, 77)))
      #expect(missing.code == "NOT_FOUND" && missing.field == "flowId")
      let wrong = try await run(.string(StudioData.text(.node, 1)))
      #expect(wrong.message == "flowId must be an id that begins with \"flow_\", not \"node_\".")
      let big = try await run(Self.flow, .string(String(repeating: "x", count: 262_144)))
      #expect(big.code == "BAD_USER_INPUT" && big.field == "input")
      _ = try await studio.run(
        "mutation ($id: ID!) { removeNode(input: { id: $id }) { deletedId } }",
        ["id": .string(StudioData.text(.node, 8))], as: StudioData.ada)
      let empty = try await run(.string(StudioData.text(.flow, 2)))
      #expect(empty.code == "BAD_USER_INPUT")
      #expect(empty.message == "The flow has no trigger node, so nothing can start it.")
      #expect(try await studio.text("SELECT count(*)::text FROM execution_logs") == "0")
    }
  }

  @Test func `a run is asked to stop until it is over`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let running = StudioData.text(.execution, 4)
      let asked = try await studio.run(Self.cancel, ["id": .string(running)], as: StudioData.otto)
      #expect(asked["data.cancelExecution.execution"] == ["id": .string(running), "status": "RUNNING"])
      let again = try await studio.run(Self.cancel, ["id": .string(running)], as: StudioData.otto)
      #expect(again.errors.isEmpty, "asking twice is no fault")
      #expect(
        try await studio.text("SELECT count(*)::text FROM execution_queue WHERE due_at <= now()") == "1")
      let over = try await studio.run(
        Self.cancel, ["id": .string(StudioData.text(.execution, 1))], as: StudioData.otto)
      #expect(over.code == "CONFLICT" && over.message == "The run is over already.")
      let missing = try await studio.run(
        Self.cancel, ["id": .string(StudioData.text(.execution, 77))], as: StudioData.otto)
      #expect(missing.code == "NOT_FOUND")
    }
  }

  // MARK: Watching

  private static let watch = """
    subscription ($id: ID!, $after: Cursor) { executionUpdated(id: $id, after: $after) {
      __typename sequence cursor at execution { status flow { name } }
      ... on NodeStarted { nodeId nodeKey attempt input }
      ... on NodeFinished { nodeKey nodeStatus: status attempt output nodeDuration: duration skipReason
        error { code } }
      ... on NodeRetrying { nodeKey attempt retried: error { message } }
      ... on ExecutionWaiting { until }
      ... on ExecutionLogLine { nodeKey message }
      ... on ExecutionFinished { status result duration failure: error { code nodeId } } } }
    """

  /// Accepts a run and claims it, as a worker would.
  private func claimed(_ studio: Studio) async throws -> (
    id: String, claim: RunClaim, store: PostgresRunStore
  ) {
    let created = try await studio.run(FlowTests.create, FlowTests.input(), as: StudioData.eve)
    let flow = created["data.createFlow.flow.id"] ?? .null
    let accepted = try await studio.run(Self.execute, ["input": ["flowId": flow]], as: StudioData.otto)
    let store = PostgresRunStore(studio.database, notifier: studio.services.notifier)
    let owner = Identifier(high: 1, low: 1)
    _ = try await store.heartbeat(owner: owner, leaseMilliseconds: 60_000, held: [])
    let batch = try await store.claim(owner: owner, limit: 1)
    let claim = try #require(batch.runs.first?.claim)
    return (try #require(accepted.string("data.executeFlow.execution.id")), claim, store)
  }

  private static func instant(_ second: Int64) -> Instant { Instant(microseconds: second * 1_000_000) }

  private static let start = StudioData.id(.node, 1)

  /// Three transitions: the run and its trigger start; the trigger ends, with a line and a delay; the run
  /// ends.
  private static var transitions: [RunTransition] {
    var row = NodeRun(
      id: StudioData.id(.nodeLog, 1), node: start, key: "start", title: "Order placed", kind: .trigger,
      state: .running)
    row.attempt = 1
    row.startedAt = instant(1)
    var first = RunTransition(step: 1, state: .running)
    first.startedAt = instant(1)
    first.nodeRuns = [row]
    first.events = [
      RunEvent(at: instant(1), .started),
      RunEvent(
        at: instant(1), .nodeStarted(.init(node: start, key: "start", attempt: 1, input: ["id": .integer(7)]))
      ),
    ]
    row.state = .success
    row.output = ["ok": .bool(true)]
    row.finishedAt = instant(3)
    var second = RunTransition(step: 2, state: .waiting)
    second.startedAt = instant(1)
    second.wakeAt = instant(60)
    second.nodeRuns = [row]
    second.events = [
      RunEvent(at: instant(2), .logLine(.init(node: start, key: "start", level: .info, message: "Hello"))),
      RunEvent(at: instant(3), .nodeFinished(.init(row))),
      RunEvent(at: instant(3), .waiting(until: instant(60))),
    ]
    var third = RunTransition(step: 3, state: .failure)
    third.startedAt = instant(1)
    third.finishedAt = instant(61)
    third.error = RunError(
      code: .requestFailed, message: "Node 'fetch' failed.", nodeID: StudioData.id(.node, 2))
    third.events = [
      RunEvent(at: instant(61), .finished(.init(state: .failure, output: nil, error: third.error)))
    ]
    return [first, second, third]
  }

  @Test func `events arrive in order while they happen, and the stream ends with the run`() async throws {
    try await Studio.with([StudioData.accounts]) { studio in
      let (id, claim, store) = try await claimed(studio)
      let stream = try await studio.subscribe(Self.watch, ["id": .string(id)], as: StudioData.vera)
      var events = stream.makeAsyncIterator()
      var seen: [Answer] = []
      // What happened before comes first; then each transition's events come as it is committed.
      seen.append(try Answer(try #require(await events.next())))
      for transition in Self.transitions {
        #expect(try await store.commit(transition, under: claim) == .committed)
        for _ in transition.events { seen.append(try Answer(try #require(await events.next()))) }
      }
      #expect(await events.next() == nil)
      let root = "data.executionUpdated"
      #expect(seen.allSatisfy { $0.errors.isEmpty }, "\(seen.map(\.text))")
      #expect(seen.map { $0["\(root).sequence"] } == (1...7).map { .int($0) })
      #expect(
        seen.map { $0.string("\(root).__typename") } == [
          "ExecutionQueued", "ExecutionStarted", "NodeStarted", "ExecutionLogLine", "NodeFinished",
          "ExecutionWaiting",
          "ExecutionFinished",
        ])
      #expect(
        seen.map { $0.string("\(root).execution.status") } == [
          "PENDING", "RUNNING", "RUNNING", "WAITING", "WAITING", "WAITING", "FAILURE",
        ])
      #expect(seen[2].string("\(root).nodeId") == StudioData.text(.node, 1))
      #expect(seen[2]["\(root).input"] == ["id": 7])
      #expect(seen[3].string("\(root).message") == "Hello")
      #expect(seen[3].string("\(root).nodeKey") == "start")
      #expect(seen[4].string("\(root).nodeStatus") == "SUCCESS")
      #expect(seen[4]["\(root).output"] == ["ok": true])
      #expect(seen[4]["\(root).nodeDuration"] == 2000)
      #expect(seen[5].string("\(root).until") == "1970-01-01T00:01:00.000Z")
      #expect(seen[6].string("\(root).status") == "FAILURE")
      #expect(seen[6]["\(root).duration"] == 60_000)
      #expect(
        seen[6]["\(root).failure"] == [
          "code": "REQUEST_FAILED", "nodeId": .string(StudioData.text(.node, 2)),
        ])
    }
  }

  @Test func `a subscriber goes on behind the cursor that it saw last`() async throws {
    try await Studio.with([StudioData.accounts]) { studio in
      let (id, claim, store) = try await claimed(studio)
      for transition in Self.transitions { _ = try await store.commit(transition, under: claim) }
      var all: [String?] = []
      for await response in try await studio.subscribe(Self.watch, ["id": .string(id)], as: StudioData.vera) {
        all.append(try Answer(response).string("data.executionUpdated.cursor"))
      }
      #expect(all.count == 7)
      for place in 0..<7 {
        let after: InputValue = all[place].map { .string($0) } ?? .null
        var rest: [String?] = []
        if place < 6 {
          let stream = try await studio.subscribe(
            Self.watch, ["id": .string(id), "after": after], as: StudioData.vera)
          for await response in stream {
            rest.append(try Answer(response).string("data.executionUpdated.cursor"))
          }
        }
        #expect(rest == Array(all[(place + 1)...]))
      }
      await #expect(throws: RequestErrors.self) {
        try await studio.subscribe(Self.watch, ["id": .string(id), "after": "event_x"], as: StudioData.vera)
      }
    }
  }

  @Test func `a cursor behind the last event of a finished run ends the stream`() async throws {
    try await Studio.with([StudioData.accounts]) { studio in
      let (id, claim, store) = try await claimed(studio)
      for transition in Self.transitions { _ = try await store.commit(transition, under: claim) }
      let stream = try await studio.subscribe(
        Self.watch, ["id": .string(id), "after": "event_7"], as: StudioData.vera)
      for await response in stream { Issue.record("an event behind the last: \(response.text)") }
    }
  }

  @Test func `a run is watched by its organization alone`() async throws {
    try await Studio.with(StudioData.all) { studio in
      for (viewer, code) in [(StudioData.bob, "NOT_FOUND"), (nil, "UNAUTHENTICATED")] {
        do {
          _ = try await studio.subscribe(
            Self.watch, ["id": .string(StudioData.text(.execution, 1))], as: viewer)
          Issue.record("the subscription began")
        } catch let errors as RequestErrors {
          #expect(try Answer(errors.response).code == code)
        }
      }
    }
  }
}
