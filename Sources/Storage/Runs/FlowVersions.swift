import Flows
import Postgres

/// Immutable snapshots of flows, stored when one is published, or when the first run of it is accepted.
enum FlowVersions {
  /// Locks a flow that is still at the revision that was loaded, so that runs of a fresh revision store one
  /// snapshot.
  /// - Throws: `StorageError.notFound`, `.revisionConflict`.
  static nonisolated(nonsending) func lock(
    _ flow: FlowStore.StoredFlow, in organization: Identifier, _ transaction: Transaction
  ) async throws {
    let rows = try await transaction.query(lockFlow, keyParameters(organization, [flow.id]))
    guard rows.rowCount == 1, let revision = rows.int(0, 0) else { throw StorageError.notFound }
    guard revision == flow.revision else { throw StorageError.revisionConflict(current: revision) }
  }

  /// The version of a locked flow as it stands, stored now under `newID` when there is none.
  static nonisolated(nonsending) func version(
    of flow: FlowStore.StoredFlow, newID: Identifier, in organization: Identifier, _ transaction: Transaction
  ) async throws -> Identifier {
    let known = try await transaction.query(find, keyParameters(organization, [flow.id]))
    guard let number = known.rowCount == 1 ? known.int(0, 1) : nil else { throw StorageError.notFound }
    if let id = known.uuid(0, 0) { return id.identifier }
    let version = FlowVersion(
      id: newID, flowID: flow.id, flowName: flow.name, number: number, graph: flow.graph,
      errorFlowID: flow.errorFlowID)
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(version.id.uuid)
      $0.uuid(version.flowID.uuid)
      $0.int4(Int32(clamping: version.number))
      $0.int4(Int32(clamping: flow.revision))
      $0.jsonb(version.encoded().text())
    }
    try await transaction.execute(insert, parameters)
    return version.id
  }

  static let lockFlow = Statement(
    "lock_flow",
    "SELECT revision FROM automation_flows WHERE organization_id = $1 AND id = ANY($2) FOR NO KEY UPDATE",
    [.uuid, .uuidArray])

  /// The id of the version that holds a flow `f` as it stands, or null: the newest that was stored since its
  /// name or graph was last changed.
  static let standing = """
    (SELECT v.id FROM flow_versions v WHERE v.organization_id = f.organization_id AND v.flow_id = f.id \
    AND v.revision >= f.content_revision ORDER BY v.revision DESC LIMIT 1)
    """

  /// The id, as text, of the trigger node with a key in what a trigger of a flow `f` starts: the published
  /// version, or the flow as it stands; null when it has none. The argument is SQL of this module.
  static func triggerNode(key: String) -> String {
    node(key: key, draft: " AND n.kind = 'trigger'", version: " AND n ->> 'kind' = 'trigger'")
  }

  /// As `triggerNode`, of a node of any kind, or of those that meet the conditions.
  static func node(key: String, draft: String = "", version: String = "") -> String {
    """
    CASE WHEN f.published_version_id IS NULL THEN (SELECT studio_type_id('node', n.id) \
    FROM automation_nodes n \
    WHERE n.organization_id = f.organization_id AND n.flow_id = f.id AND n.key = \(key)\(draft)) \
    ELSE (SELECT n ->> 'id' FROM flow_versions v, \
    jsonb_array_elements(v.definition -> 'nodes') n WHERE v.organization_id = f.organization_id \
    AND v.id = f.published_version_id AND n ->> 'key' = \(key)\(version) LIMIT 1) END
    """
  }

  /// The id of the version of a flow as it stands, or null, and the number that a new one will have.
  private static let find = Statement(
    "find_version",
    """
    SELECT \(standing), (SELECT coalesce(max(v.number), 0) + 1 FROM flow_versions v \
    WHERE v.organization_id = f.organization_id AND v.flow_id = f.id) \
    FROM automation_flows f WHERE f.organization_id = $1 AND f.id = ANY($2)
    """,
    [.uuid, .uuidArray])

  private static let insert = Statement(
    "insert_version",
    """
    INSERT INTO flow_versions (organization_id, id, flow_id, number, revision, definition) \
    VALUES ($1, $2, $3, $4, $5, $6)
    """,
    [.uuid, .uuid, .uuid, .int4, .int4, .jsonb])
}
