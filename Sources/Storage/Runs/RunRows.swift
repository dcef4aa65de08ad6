import Flows
import Postgres

/// Makes claimed runs of the rows of `RunQueueSQL.claim` and of what belongs to them.
struct RunRowReader {
  let runs: RowBatch
  /// Nil when nobody has begun any of the runs.
  let nodes: RowBatch?
  let versions: [Identifier: RunPlan]
  /// By organization.
  let surroundings: [Identifier: RunSurroundings]

  /// A row that cannot be read; for the log.
  struct Malformed: Error {
    let table: String
  }

  /// What the rows hold: runs to be driven, and runs of which a row cannot be read. Those must not stop the
  /// others.
  struct Reading {
    var claimed: [ClaimedRun] = []
    var unreadable: [RunClaim] = []
  }

  func read() throws -> Reading {
    var nodesByRun: [Identifier: [Result<NodeRun, any Error>]] = [:]
    if let nodes {
      for row in 0..<nodes.rowCount {
        guard let run = nodes.uuid(row, 0) else { continue }
        nodesByRun[run.identifier, default: []].append(Result { try nodeRun(nodes, row) })
      }
    }
    var reading = Reading()
    for row in 0..<runs.rowCount {
      do {
        let nodes = try runs.uuid(row, 1).flatMap { nodesByRun[$0.identifier] }?.map { try $0.get() }
        reading.claimed.append(try claimedRun(row, nodes ?? []))
      } catch {
        reading.unreadable.append(try claim(row))
      }
    }
    return reading
  }

  private func claim(_ row: Int) throws -> RunClaim {
    guard let organization = runs.uuid(row, 0)?.identifier, let id = runs.uuid(row, 1)?.identifier,
      let epoch = runs.int8(row, 2)
    else { throw Malformed(table: "execution_logs") }
    return RunClaim(run: RunReference(organizationID: organization, runID: id), epoch: epoch)
  }

  /// A row that can be read, with the run's nodes.
  func claimedRun(_ row: Int, _ nodes: [NodeRun]) throws -> ClaimedRun {
    let claim = try claim(row)
    guard let plan = runs.uuid(row, 3).flatMap({ versions[$0.identifier] })
    else { throw Malformed(table: "execution_logs") }
    let snapshot = try snapshot(row, nodes)
    return ClaimedRun(
      claim: claim, plan: plan, snapshot: snapshot,
      environment: surroundings[claim.run.organizationID]?.values ?? JSONObject(),
      isCancelRequested: runs.bool(row, 12) ?? false,
      origin: RunOrigin(
        depth: runs.int(row, 16) ?? 0, isForFailure: runs.bool(row, 17) ?? false,
        waiting: runs.uuid(row, 18)?.identifier))
  }

  /// What is stored of a run, with its node logs.
  func snapshot(_ row: Int, _ nodes: [NodeRun]) throws -> RunSnapshot {
    guard let state = runs.string(row, 4).flatMap(RunState.init(rawValue:)) else {
      throw Malformed(table: "execution_logs")
    }
    var snapshot = RunSnapshot(
      input: try Self.json(runs, row, 5) ?? .null, triggerNodeID: runs.uuid(row, 6)?.identifier)
    snapshot.state = state
    snapshot.step = runs.int(row, 7) ?? 0
    snapshot.startedAt = runs.instant(row, 8)
    snapshot.finishedAt = runs.instant(row, 9)
    snapshot.output = try Self.json(runs, row, 10)
    snapshot.error = try Self.json(runs, row, 11).flatMap { RunError(decoding: $0) }
    snapshot.nodeRuns = nodes
    return snapshot
  }

  func nodeRun(_ nodes: RowBatch, _ row: Int) throws -> NodeRun {
    guard let id = nodes.uuid(row, 1), let node = nodes.uuid(row, 2), let key = nodes.string(row, 3),
      let title = nodes.string(row, 4), let kind = nodes.string(row, 5).flatMap(NodeKind.init(rawValue:)),
      let state = nodes.string(row, 6).flatMap(NodeState.init(rawValue:))
    else { throw Malformed(table: "node_execution_logs") }
    var run = NodeRun(
      id: id.identifier, node: node.identifier, key: key, title: title, kind: kind, state: state,
      iteration: IterationPath(rawValue: nodes.int8(row, 17) ?? 0))
    run.attempt = nodes.int(row, 7) ?? 0
    run.input = try Self.json(nodes, row, 8)
    run.output = try Self.json(nodes, row, 9)
    run.error = try Self.json(nodes, row, 10).flatMap { RunError(decoding: $0) }
    run.skipReason = nodes.string(row, 11).flatMap(SkipReason.init(rawValue:))
    run.startedAt = nodes.instant(row, 12)
    run.finishedAt = nodes.instant(row, 13)
    run.wakeAt = nodes.instant(row, 14)
    run.delivered = (nodes.uuidArray(row, 15) ?? []).map(\.identifier)
    run.order = nodes.int(row, 16) ?? 0
    run.memo = try Self.json(nodes, row, 18)
    return run
  }

  private static func json(_ rows: RowBatch, _ row: Int, _ column: Int) throws -> JSONValue? {
    try rows.jsonBytes(row, column).map { try JSONValue(parsing: $0) }
  }
}
