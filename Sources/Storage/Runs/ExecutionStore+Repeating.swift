import Flows
import Postgres

/// Running again what has run.
extension ExecutionStore {
  /// A run as it is stored, to be run again.
  public struct StoredRun: Sendable {
    public var flowID: Identifier
    public var versionID: Identifier
    public var snapshot: RunSnapshot
  }

  /// Reads a run with its node logs; nil when there is none with this id in the organization.
  /// - Throws: an error for the log, when what is stored cannot be read.
  public func load(_ run: RunReference) async throws -> StoredRun? {
    let key = Parameters {
      $0.uuids([run.organizationID.uuid])
      $0.uuids([run.runID.uuid])
    }
    let (runs, nodes) = try await database.transaction(.repeatableRead, readOnly: true) { transaction in
      let runs = transaction.send(ExecutionSQL.stored, key)
      let nodes = transaction.send(RunSQL.nodeRuns, key)
      return (try await runs.value, try await nodes.value)
    }
    guard runs.rowCount == 1, let version = runs.uuid(0, 3), let flow = runs.uuid(0, 14) else { return nil }
    let reader = RunRowReader(runs: runs, nodes: nodes, versions: [:], surroundings: [:])
    let snapshot = try reader.snapshot(0, try (0..<nodes.rowCount).map({ try reader.nodeRun(nodes, $0) }))
    return StoredRun(flowID: flow.identifier, versionID: version.identifier, snapshot: snapshot)
  }
}
