import Flows
import Postgres
import Synchronization

/// Versions that runs of this process have executed lately, parsed: they never change. The mutex protects
/// them.
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
    var versions: [Key: FlowVersion] = [:]
    var items = 0
  }

  private let state = Mutex(State())

  /// Versions by their ids; without those that cannot be read.
  func read(
    _ keys: Set<Key>, from database: Database, _ group: ReadGroup
  ) async throws -> [Identifier: FlowVersion] {
    var versions: [Identifier: FlowVersion] = [:]
    state.withLock { state in for key in keys { versions[key.id] = state.versions[key] } }
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
      versions[id.identifier] = version
      keep(version, Key(organization: organization.identifier, id: id.identifier))
    }
    return versions
  }

  private func keep(_ version: FlowVersion, _ key: Key) {
    let items = 1 + version.graph.nodes.count + version.graph.connections.count
    state.withLock { state in
      if state.items + items > VersionCache.maximumItems { state = State() }
      if state.versions.updateValue(version, forKey: key) == nil { state.items += items }
    }
  }
}
