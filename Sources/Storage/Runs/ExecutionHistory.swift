import Flows
import Postgres

/// Stores runs that are over already, with their node logs and events: for demonstrations and imports. They
/// go into the tables that a worker writes, under the same constraints, and never into the queue.
public struct ExecutionHistory: Sendable {
  let database: Database

  public init(_ database: Database) { self.database = database }

  /// How a run ended.
  public enum Ending: Sendable, CaseIterable {
    case success, failure, cancelled

    var state: RunState {
      switch self {
      case .success: .success
      case .failure: .failure
      case .cancelled: .cancelled
      }
    }
  }

  /// How a node ended.
  public enum NodeEnding: Sendable {
    case success, failure, cancelled
    case skipped(SkipReason)

    var state: NodeState {
      switch self {
      case .success: .success
      case .failure: .failure
      case .cancelled: .cancelled
      case .skipped: .skipped
      }
    }

    var skipReason: SkipReason? {
      if case .skipped(let reason) = self { return reason }
      return nil
    }
  }

  /// A run that is over. Its nodes ran one after the other, in the order of `nodes`.
  public struct PastRun: Sendable {
    public var id: Identifier
    public var ending: Ending
    public var startedAt: Instant
    public var durationMilliseconds: Int64
    public var input: JSONValue
    public var output: JSONValue?
    public var error: RunError?
    public var nodes: [NodeOutcome]

    public init(
      id: Identifier, _ ending: Ending, startedAt: Instant, durationMilliseconds: Int64, nodes: [NodeOutcome]
    ) {
      self.id = id
      self.ending = ending
      self.startedAt = startedAt
      self.durationMilliseconds = durationMilliseconds
      input = .object([:])
      self.nodes = nodes
    }
  }

  /// What became of one of the flow's nodes.
  public struct NodeOutcome: Sendable {
    public var id: Identifier
    public var nodeID: Identifier
    public var ending: NodeEnding
    public var durationMilliseconds: Int64
    public var input: JSONValue?
    public var output: JSONValue?
    public var error: RunError?

    public init(id: Identifier, nodeID: Identifier, _ ending: NodeEnding, durationMilliseconds: Int64) {
      self.id = id
      self.nodeID = nodeID
      self.ending = ending
      self.durationMilliseconds = durationMilliseconds
    }
  }

  /// Stores past runs of a flow's present revision, all or none, a hundred in a statement.
  /// - Parameter newVersionID: the id of the version that is stored when the revision has none yet.
  /// - Throws: `StorageError.notFound`; `.revisionConflict`; `.unknownReference(field: "nodeId")` for a node
  ///   that the flow has not.
  public func insert(
    _ runs: [PastRun], of flow: FlowStore.StoredFlow, by user: Identifier?, in organization: Identifier,
    newVersionID: Identifier
  ) async throws {
    let writer = PastRunWriter(flow: flow, user: user, organization: organization)
    try await database.transaction { transaction in
      try await FlowVersions.lock(flow, in: organization, transaction)
      let version = try await FlowVersions.version(
        of: flow, newID: newVersionID, in: organization, transaction)
      var rest = runs[...]
      while !rest.isEmpty {
        let stretch = try rest.prefix(100).map(writer.story)
        rest = rest.dropFirst(100)
        try await transaction.execute(HistorySQL.runs, writer.runs(stretch, version))
        try await transaction.execute(HistorySQL.nodes, writer.nodes(stretch))
        try await transaction.execute(HistorySQL.events, writer.events(stretch))
      }
      let last = runs.map(\.startedAt).max()
      try await transaction.execute(HistorySQL.touch, writer.lastExecuted(last))
    }
  }
}

/// Makes rows of past runs.
private struct PastRunWriter {
  let flow: FlowStore.StoredFlow
  let user: Identifier?
  let organization: Identifier
  private let places: [Identifier: Int]

  /// A run with the rows and events that a worker would have stored.
  struct Story {
    let run: ExecutionHistory.PastRun
    var nodeRuns: [NodeRun] = []
    var events: [RunEvent] = []
    var end: Instant { run.startedAt.advanced(byMilliseconds: run.durationMilliseconds) }
  }

  init(flow: FlowStore.StoredFlow, user: Identifier?, organization: Identifier) {
    self.flow = flow
    self.user = user
    self.organization = organization
    places = Dictionary(
      flow.graph.nodes.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func story(_ run: ExecutionHistory.PastRun) throws -> Story {
    var story = Story(run: run)
    story.events = [RunEvent(at: run.startedAt, .queued), RunEvent(at: run.startedAt, .started)]
    var at = run.startedAt
    for outcome in run.nodes {
      let row = try nodeRun(outcome, at: at)
      if row.attempt > 0 {
        let start = RunEvent.NodeStarted(
          node: row.nodeID, key: row.key, attempt: row.attempt, input: row.input)
        story.events.append(RunEvent(at: at, .nodeStarted(start)))
      }
      at = row.finishedAt ?? at
      story.nodeRuns.append(row)
      story.events.append(RunEvent(at: at, .nodeFinished(RunEvent.NodeFinished(row))))
    }
    let end = RunEvent.RunFinished(state: run.ending.state, output: run.output, error: run.error)
    story.events.append(RunEvent(at: max(at, story.end), .finished(end)))
    return story
  }

  private func nodeRun(_ outcome: ExecutionHistory.NodeOutcome, at start: Instant) throws -> NodeRun {
    guard let place = places[outcome.nodeID] else { throw StorageError.unknownReference(field: "nodeId") }
    let node = flow.graph.nodes[place]
    var row = NodeRun(
      id: outcome.id, node: node.id, key: node.key, title: node.title, kind: node.kind,
      state: outcome.ending.state)
    row.order = place
    row.input = outcome.input
    row.output = outcome.output
    row.error = outcome.error
    row.skipReason = outcome.ending.skipReason
    row.finishedAt = start
    if row.state != .skipped {
      row.attempt = 1
      row.startedAt = start
      row.finishedAt = start.advanced(byMilliseconds: outcome.durationMilliseconds)
    }
    return row
  }

  func runs(_ stories: [Story], _ version: Identifier) -> Parameters {
    Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(flow.id.uuid)
      $0.text(flow.name)
      $0.uuid(version.uuid)
      $0.uuid(user?.uuid)
      $0.uuids(stories.map(\.run.id.uuid))
      $0.texts(stories.map(\.run.ending.state.rawValue))
      $0.jsonbs(stories.map { $0.run.input.text() })
      $0.jsonbs(stories.map { $0.run.output?.text() })
      $0.jsonbs(stories.map { $0.run.error?.encoded().text() })
      $0.timestamptzs(microseconds: stories.map(\.run.startedAt.microseconds))
      $0.timestamptzs(microseconds: stories.map(\.end.microseconds))
      $0.int4s(stories.map { Int32(clamping: $0.run.durationMilliseconds) })
      $0.int4s(stories.map { Int32(clamping: $0.events.count) })
    }
  }

  func nodes(_ stories: [Story]) -> Parameters {
    let rows = stories.flatMap { story in story.nodeRuns.map { (run: story.run.id, node: $0) } }
    return Parameters {
      $0.uuid(organization.uuid)
      $0.uuids(rows.map(\.run.uuid))
      let nodes = rows.map(\.node)
      RunCommitRows.write(nodes, &$0) {
        $0.jsonbs(nodes.map { $0.input?.text() })
        $0.jsonbs(nodes.map { $0.output?.text() })
        $0.jsonbs(nodes.map { $0.error?.encoded().text() })
      }
    }
  }

  func events(_ stories: [Story]) -> Parameters {
    let runs = stories.flatMap { story in story.events.map { _ in story.run.id.uuid } }
    let numbers = stories.flatMap { story in story.events.indices.map { Int32(clamping: $0 + 1) } }
    return Parameters {
      $0.uuid(organization.uuid)
      $0.uuids(runs)
      $0.int4s(numbers)
      let events = stories.flatMap(\.events)
      $0.texts(events.map(\.kind.name))
      $0.jsonbs(events.map { $0.kind.payload().text() })
      $0.timestamptzs(microseconds: events.map(\.at.microseconds))
    }
  }

  func lastExecuted(_ instant: Instant?) -> Parameters {
    Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(flow.id.uuid)
      $0.timestamptz(microseconds: instant?.microseconds)
    }
  }
}

/// The statements of `ExecutionHistory`.
private enum HistorySQL {
  static let runs = Statement(
    "insert_past_runs",
    """
    INSERT INTO execution_logs (organization_id, flow_id, flow_name, version_id, user_id, id, status, input, \
    result, error, start_time, end_time, duration, last_sequence, created_at, step, epoch) \
    SELECT $1, $2, $3, $4, $5, r.*, r.start_time, 1, 1 FROM unnest($6::uuid[], $7::text[], $8::jsonb[], \
    $9::jsonb[], $10::jsonb[], $11::timestamptz[], $12::timestamptz[], $13::int[], $14::int[]) \
    AS r (id, status, input, result, error, start_time, end_time, duration, last_sequence)
    """,
    [
      .uuid, .uuid, .text, .uuid, .uuid, .uuidArray, .textArray, .jsonbArray, .jsonbArray, .jsonbArray,
      .timestamptzArray, .timestamptzArray, .int4Array, .int4Array,
    ])

  static let nodes = Statement(
    "insert_past_nodes",
    """
    INSERT INTO node_execution_logs (organization_id, execution_id, id, node_id, node_key, title, kind, \
    node_order, status, attempt, input, output, error, skip_reason, wake_at, start_time, end_time, duration) \
    SELECT $1, n.execution_id, n.id, n.node_id, n.node_key, n.title, n.kind, n.node_order, n.status, \
    n.attempt, \
    n.input, n.output, n.error, n.skip_reason, n.wake_at, n.start_time, n.end_time, n.duration \
    FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::int[], \
    $9::text[], \
    $10::int[], $11::jsonb[], $12::jsonb[], $13::jsonb[], $14::text[], $15::text[], $16::timestamptz[], \
    $17::timestamptz[], $18::timestamptz[], $19::int[]) AS n (execution_id, id, node_id, node_key, title, \
    kind, \
    node_order, status, attempt, input, output, error, skip_reason, delivered, wake_at, start_time, \
    end_time, \
    duration)
    """,
    [
      .uuid, .uuidArray, .uuidArray, .uuidArray, .textArray, .textArray, .textArray, .int4Array, .textArray,
      .int4Array, .jsonbArray, .jsonbArray, .jsonbArray, .textArray, .textArray, .timestamptzArray,
      .timestamptzArray, .timestamptzArray, .int4Array,
    ])

  static let events = Statement(
    "insert_past_events",
    """
    INSERT INTO execution_events (organization_id, execution_id, sequence, kind, data, at) \
    SELECT $1, e.* FROM unnest($2::uuid[], $3::int[], $4::text[], $5::jsonb[], $6::timestamptz[]) AS e
    """,
    [.uuid, .uuidArray, .int4Array, .textArray, .jsonbArray, .timestamptzArray])

  /// The flow's time of last execution never goes back.
  static let touch = Statement(
    "touch_flow",
    """
    UPDATE automation_flows SET last_executed = greatest(last_executed, $3) \
    WHERE organization_id = $1 AND id = $2
    """,
    [.uuid, .uuid, .timestamptz])
}
