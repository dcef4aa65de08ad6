import Flows
import Postgres

/// Makes claimed runs of the rows of `RunSQL.claim`, `nodeRuns`, `versions` and `environments`.
struct RunRowReader {
  let runs: RowBatch
  let nodes: RowBatch
  let versions: RowBatch
  let environments: RowBatch

  /// A row that cannot be read; for the log.
  struct Malformed: Error {
    let table: String
  }

  /// What the rows hold: runs to be driven, and runs of which a row cannot be read. Those must not stop the
  /// others.
  struct Reading {
    var claimed: [ClaimedRun] = []
    var unreadable: [(claim: RunClaim, end: RunTransition)] = []
  }

  func read() throws -> Reading {
    var versionByID: [Identifier: FlowVersion] = [:]
    for row in 0..<versions.rowCount {
      guard let id = versions.uuid(row, 0), let text = versions.jsonBytes(row, 1) else { continue }
      versionByID[id.identifier] = try? FlowVersion(decoding: JSONValue(parsing: text))
    }
    var nodesByRun: [Identifier: [Result<NodeRun, any Error>]] = [:]
    for row in 0..<nodes.rowCount {
      guard let run = nodes.uuid(row, 0) else { continue }
      nodesByRun[run.identifier, default: []].append(Result { try nodeRun(row) })
    }
    let environments = try environmentByOrganization()
    var reading = Reading()
    for row in 0..<runs.rowCount {
      do {
        let nodes = try runs.uuid(row, 1).flatMap { nodesByRun[$0.identifier] }?.map { try $0.get() }
        reading.claimed.append(try claimedRun(row, versionByID, nodes ?? [], environments))
      } catch {
        reading.unreadable.append(try failure(row))
      }
    }
    return reading
  }

  /// The end of a run whose rows cannot be read: nobody will ever be able to drive it.
  private func failure(_ row: Int) throws -> (claim: RunClaim, end: RunTransition) {
    guard let organization = runs.uuid(row, 0)?.identifier, let id = runs.uuid(row, 1)?.identifier,
      let epoch = runs.int8(row, 2), let now = runs.instant(row, 13)
    else { throw Malformed(table: "execution_logs") }
    let error = RunError(code: .flowInvalid, message: "What is stored of the run or its flow cannot be read.")
    var end = RunTransition(step: (runs.int(row, 7) ?? 0) + 1, state: .failure)
    end.startedAt = runs.instant(row, 8)
    end.finishedAt = now
    end.error = error
    end.events = [
      RunEvent(at: now, .finished(RunEvent.RunFinished(state: .failure, output: nil, error: error)))
    ]
    let run = RunReference(organizationID: organization, runID: id)
    return (RunClaim(run: run, epoch: epoch), end)
  }

  private func environmentByOrganization() throws -> [Identifier: JSONObject] {
    var environments: [Identifier: JSONObject] = [:]
    for row in 0..<self.environments.rowCount {
      guard let organization = self.environments.uuid(row, 0) else { continue }
      environments[organization.identifier] = try json(self.environments, row, 1)?.object
    }
    return environments
  }

  private func claimedRun(
    _ row: Int, _ versionByID: [Identifier: FlowVersion], _ nodes: [NodeRun],
    _ environments: [Identifier: JSONObject]
  ) throws -> ClaimedRun {
    guard let organization = runs.uuid(row, 0)?.identifier, let id = runs.uuid(row, 1)?.identifier,
      let epoch = runs.int8(row, 2), let version = runs.uuid(row, 3).flatMap({ versionByID[$0.identifier] }),
      let state = runs.string(row, 4).flatMap(RunState.init(rawValue:))
    else { throw Malformed(table: "execution_logs") }
    var snapshot = RunSnapshot(
      input: try json(runs, row, 5) ?? .null, triggerNodeID: runs.uuid(row, 6)?.identifier)
    snapshot.state = state
    snapshot.step = runs.int(row, 7) ?? 0
    snapshot.startedAt = runs.instant(row, 8)
    snapshot.finishedAt = runs.instant(row, 9)
    snapshot.output = try json(runs, row, 10)
    snapshot.error = try json(runs, row, 11).flatMap { RunError(decoding: $0) }
    snapshot.nodeRuns = nodes
    let run = RunReference(organizationID: organization, runID: id)
    return ClaimedRun(
      claim: RunClaim(run: run, epoch: epoch), version: version, snapshot: snapshot,
      environment: environments[organization] ?? JSONObject(),
      isCancelRequested: runs.bool(row, 12) ?? false)
  }

  private func nodeRun(_ row: Int) throws -> NodeRun {
    guard let id = nodes.uuid(row, 1), let node = nodes.uuid(row, 2), let key = nodes.string(row, 3),
      let title = nodes.string(row, 4), let kind = nodes.string(row, 5).flatMap(NodeKind.init(rawValue:)),
      let state = nodes.string(row, 6).flatMap(NodeState.init(rawValue:))
    else { throw Malformed(table: "node_execution_logs") }
    var run = NodeRun(
      id: id.identifier, node: node.identifier, key: key, title: title, kind: kind, state: state)
    run.attempt = nodes.int(row, 7) ?? 0
    run.input = try json(nodes, row, 8)
    run.output = try json(nodes, row, 9)
    run.error = try json(nodes, row, 10).flatMap { RunError(decoding: $0) }
    run.skipReason = nodes.string(row, 11).flatMap(SkipReason.init(rawValue:))
    run.startedAt = nodes.instant(row, 12)
    run.finishedAt = nodes.instant(row, 13)
    run.wakeAt = nodes.instant(row, 14)
    run.delivered = (nodes.uuidArray(row, 15) ?? []).map(\.identifier)
    run.order = nodes.int(row, 16) ?? 0
    return run
  }

  private func json(_ rows: RowBatch, _ row: Int, _ column: Int) throws -> JSONValue? {
    try rows.jsonBytes(row, column).map { try JSONValue(parsing: $0) }
  }
}

/// Makes the parameters of `RunSQL.commit`.
enum RunRowWriter {
  static func parameters(_ transition: RunTransition, under claim: RunClaim) -> Parameters {
    var parameters = Parameters()
    write(transition, claim, &parameters)
    write(transition.nodeRuns, &parameters)
    write(transition.events, &parameters)
    return parameters
  }

  private static func write(_ transition: RunTransition, _ claim: RunClaim, _ parameters: inout Parameters) {
    let duration = transition.finishedAt.flatMap { end in
      transition.startedAt.map { end.microseconds(since: $0) }
    }
    parameters.uuid(claim.run.organizationID.uuid)
    parameters.uuid(claim.run.runID.uuid)
    parameters.int8(claim.epoch)
    parameters.int4(Int32(clamping: transition.step))
    parameters.text(transition.state.rawValue)
    parameters.timestamptz(microseconds: transition.startedAt?.microseconds)
    parameters.timestamptz(microseconds: transition.finishedAt?.microseconds)
    parameters.int4(milliseconds(duration))
    parameters.jsonb(transition.output?.text())
    parameters.jsonb(transition.error?.encoded().text())
    parameters.timestamptz(microseconds: transition.wakeAt?.microseconds)
    parameters.int4(Int32(clamping: transition.events.count))
    parameters.bool(transition.state.isFinal)
    parameters.bool(transition.releasesClaim)
  }

  /// Seventeen arrays.
  static func write(_ nodes: [NodeRun], _ parameters: inout Parameters) {
    parameters.uuids(nodes.map(\.id.uuid))
    parameters.uuids(nodes.map(\.nodeID.uuid))
    parameters.texts(nodes.map(\.key))
    parameters.texts(nodes.map(\.title))
    parameters.texts(nodes.map(\.kind.rawValue))
    parameters.int4s(nodes.map { Int32(clamping: $0.order) })
    parameters.texts(nodes.map(\.state.rawValue))
    parameters.int4s(nodes.map { Int32(clamping: $0.attempt) })
    parameters.jsonbs(nodes.map { $0.input?.text() })
    parameters.jsonbs(nodes.map { $0.output?.text() })
    parameters.jsonbs(nodes.map { $0.error?.encoded().text() })
    parameters.texts(nodes.map { $0.skipReason?.rawValue })
    parameters.texts(nodes.map { $0.delivered.map(\.description).joined(separator: ",") })
    parameters.timestamptzs(microseconds: nodes.map { $0.wakeAt?.microseconds })
    parameters.timestamptzs(microseconds: nodes.map { $0.startedAt?.microseconds })
    parameters.timestamptzs(microseconds: nodes.map { $0.finishedAt?.microseconds })
    parameters.int4s(nodes.map { milliseconds($0.durationMicroseconds) })
  }

  /// Three arrays.
  static func write(_ events: [RunEvent], _ parameters: inout Parameters) {
    parameters.texts(events.map(\.kind.name))
    parameters.jsonbs(events.map { $0.kind.payload().text() })
    parameters.timestamptzs(microseconds: events.map(\.at.microseconds))
  }

  private static func milliseconds(_ microseconds: Int64?) -> Int32? {
    microseconds.map { Int32(clamping: $0 / 1000) }
  }
}
