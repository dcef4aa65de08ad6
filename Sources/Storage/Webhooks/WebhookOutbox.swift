import Flows
import Postgres

/// Writes what webhooks are told, in the transaction that changes what it tells: either both are stored or
/// neither. An organization without a webhook that asks for the event stores nothing. What happens to flows
/// and integrations goes into the organization's stream too.
enum WebhookOutbox {
  /// What happened to a flow or an integration; the raw value ends the event's name.
  enum Happening: String, Sendable {
    case created = "CREATED"
    case updated = "UPDATED"
    case deleted = "DELETED"
  }

  /// Tells of a flow as it is in the transaction: after a change, before a deletion. The answer shows at the
  /// transaction's end.
  static func tell(
    _ happening: Happening, flow: Identifier, in organization: Identifier, _ transaction: Transaction
  ) {
    _ = transaction.send(flowEvent, parameters(flow, "FLOW_" + happening.rawValue, organization))
  }

  /// The same for an integration.
  static func tell(
    _ happening: Happening, integration: Identifier, in organization: Identifier, _ transaction: Transaction
  ) {
    _ = transaction.send(
      integrationEvent, parameters(integration, "INTEGRATION_" + happening.rawValue, organization))
  }

  private static func parameters(
    _ subject: Identifier, _ event: String, _ organization: Identifier
  ) -> Parameters {
    Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(subject.uuid)
      $0.text(event)
    }
  }

  /// The columns of a new delivery, and the body that is sent. The arguments are SQL of this module.
  static func insertion(event: String, at instant: String, data: String, from source: String) -> String {
    """
    INSERT INTO webhook_deliveries (organization_id, id, webhook_id, event_type, payload) \
    SELECT w.organization_id, studio_uuid_v7(), w.id, \(event), jsonb_build_object(\
    'type', lower(overlay(\(event) PLACING '.' FROM position('_' IN \(event)) FOR 1)), \
    'timestamp', studio_instant(\(instant)), 'data', \(data)) \
    FROM \(source) w.is_active AND w.event_types ? \(event)
    """
  }

  /// What is told of a flow `f`.
  private static let flowData = """
    jsonb_build_object('id', studio_type_id('flow', f.id), 'name', f.name, 'status', upper(f.status), \
    'revision', f.revision)
    """

  /// The insertion for flows that the same statement has updated: `source` names its rows with id, name,
  /// status and revision; `$1` is the organization.
  static func flowUpdated(from source: String) -> String {
    insertion(
      event: "'FLOW_\(Happening.updated.rawValue)'::text", at: "now()", data: flowData,
      from: "\(source) f JOIN webhooks w ON w.organization_id = $1 WHERE")
  }

  private static let flowEvent = Statement(
    "tell_of_flow",
    """
    WITH streamed AS (
      \(StreamSQL.outbox(
        flows: "automation_flows f WHERE f.organization_id = $1 AND f.id = $2", organization: "$1",
        happening: "substr($3, 6)"))
    )
    \(insertion(
      event: "$3", at: "now()",
      data: flowData,
      from: """
        automation_flows f JOIN webhooks w ON w.organization_id = f.organization_id \
        WHERE f.organization_id = $1 AND f.id = $2 AND
        """))
    """,
    [.uuid, .uuid, .text])

  private static let integrationEvent = Statement(
    "tell_of_integration",
    """
    WITH streamed AS (
      \(StreamSQL.outbox(
        integrations: "integrations i WHERE i.organization_id = $1 AND i.id = $2",
        happening: "substr($3, 13)"))
    )
    \(insertion(
      event: "$3", at: "now()",
      data: """
        jsonb_build_object('id', studio_type_id('intg', i.id), 'name', i.name, 'type', i.type, \
        'isConnected', i.is_connected, 'revision', i.revision)
        """,
      from: """
        integrations i JOIN webhooks w ON w.organization_id = i.organization_id \
        WHERE i.organization_id = $1 AND i.id = $2 AND
        """))
    """,
    [.uuid, .uuid, .text])
}
