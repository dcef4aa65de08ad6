import Flows
import Postgres
import Synchronization

/// Versions that runs of this process have executed lately, ready for execution: they never change. The mutex
/// protects them.
final class VersionCache: Sendable {
  /// A version belongs to one organization only; the key says so.
  struct Key: Hashable {
    let organization: Identifier
    let id: Identifier
  }

  /// The versions of claimed runs.
  static func keys(of runs: RowBatch) -> Set<Key> {
    Set(
      (0..<runs.rowCount).compactMap { row -> Key? in
        guard let organization = runs.uuid(row, 0), let id = runs.uuid(row, 3) else { return nil }
        return Key(organization: organization.identifier, id: id.identifier)
      })
  }

  /// Nodes and connections of all versions that are kept at most; beyond, all are forgotten.
  private static let maximumItems = 20_000

  private struct State {
    var versions: [Key: RunPlan] = [:]
    var items = 0
  }

  private let state = Mutex(State())

  /// Versions by their ids; without those that cannot be read.
  func read(
    _ keys: Set<Key>, from database: Database, _ group: ReadGroup
  ) async throws -> [Identifier: RunPlan] {
    var versions = kept(keys)
    let missing = keys.filter { versions[$0.id] == nil }
    guard !missing.isEmpty else { return versions }
    let parameters = Parameters {
      $0.uuids(missing.map(\.organization.uuid))
      $0.uuids(missing.map(\.id.uuid))
    }
    let rows = try await database.query(RunSQL.versions, parameters, group: group)
    for row in 0..<rows.rowCount {
      guard let organization = rows.uuid(row, 0), let id = rows.uuid(row, 1),
        let text = rows.jsonBytes(row, 2), let version = try? FlowVersion(decoding: JSONValue(parsing: text))
      else { continue }
      let plan = RunPlan(version)
      versions[id.identifier] = plan
      keep(plan, Key(organization: organization.identifier, id: id.identifier))
    }
    return versions
  }

  /// Those of them that need not be read.
  func kept(_ keys: Set<Key>) -> [Identifier: RunPlan] {
    var versions: [Identifier: RunPlan] = [:]
    state.withLock { state in for key in keys { versions[key.id] = state.versions[key] } }
    return versions
  }

  private func keep(_ plan: RunPlan, _ key: Key) {
    let items = 1 + plan.version.graph.nodes.count + plan.version.graph.connections.count
    state.withLock { state in
      if state.items + items > VersionCache.maximumItems { state = State() }
      if state.versions.updateValue(plan, forKey: key) == nil { state.items += items }
    }
  }
}
