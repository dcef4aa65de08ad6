import Flows
import Postgres

/// Reading flows with all that belongs to them, and finding those that a copy refers to.
extension FlowStore {
  /// A flow as a copy needs it.
  public struct WholeFlow: Sendable {
    public var flow: StoredFlow
    public var notes: String
    public var runPriority: RunPriority
    public var maximumConcurrentRuns: Int?
    /// The name of an error flow that was not there when it was imported.
    public var wantedErrorFlow: String?
    /// In the order in which they were added; what only another version of the program knows is left out.
    public var triggers: [TriggerStore.StoredTrigger]
  }

  /// The flow, its settings, graph and triggers as they are at one instant; nil when there is none with this
  /// id in the organization.
  public func loadWhole(_ id: Identifier, in organization: Identifier) async throws -> WholeFlow? {
    let key = keyParameters(organization, [id])
    return try await database.transaction(.repeatableRead, readOnly: true) { transaction in
      let flow = transaction.send(FlowSQL.load, key)
      let nodes = transaction.send(FlowSQL.loadNodes, key)
      let connections = transaction.send(FlowSQL.loadConnections, key)
      let settings = transaction.send(FlowSQL.loadSettings, key)
      let triggers = transaction.send(TriggerSQL.loadOfFlow, key)
      let stored = try FlowRows.flow(
        id, try await flow.value, nodes: try await nodes.value, connections: try await connections.value)
      let (settingRows, triggerRows) = (try await settings.value, try await triggers.value)
      guard let stored, settingRows.rowCount == 1 else { return nil }
      return WholeFlow(
        flow: stored, notes: settingRows.string(0, 0) ?? "",
        runPriority: settingRows.int(0, 1).flatMap { RunPriority(rawValue: Int16(clamping: $0)) } ?? .normal,
        maximumConcurrentRuns: settingRows.int(0, 2), wantedErrorFlow: settingRows.string(0, 3),
        triggers: try (0..<triggerRows.rowCount).compactMap { try TriggerStore.trigger(triggerRows, $0) })
    }
  }

  /// The names of flows; those that the organization does not have are left out.
  public func names(
    of ids: Set<Identifier>, in organization: Identifier
  ) async throws -> [Identifier: String] {
    guard !ids.isEmpty else { return [:] }
    let rows = try await database.query(FlowSQL.names, keyParameters(organization, ids))
    return Dictionary(FlowStore.list(rows)) { first, _ in first }
  }

  /// The flows with these names; a name that no flow has, or several have, is left out.
  public func find(_ names: Set<String>, in organization: Identifier) async throws -> [String: Identifier] {
    guard !names.isEmpty else { return [:] }
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.texts(Array(names))
    }
    let rows = try await database.query(FlowSQL.findByName, parameters)
    let found = Dictionary(grouping: FlowStore.list(rows), by: \.1)
    return found.compactMapValues { $0.count == 1 ? $0[0].0 : nil }
  }

  private static func list(_ rows: RowBatch) -> [(Identifier, String)] {
    (0..<rows.rowCount).compactMap { row in
      guard let id = rows.uuid(row, 0), let name = rows.string(row, 1) else { return nil }
      return (id.identifier, name)
    }
  }
}
