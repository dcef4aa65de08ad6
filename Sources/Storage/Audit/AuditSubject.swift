import Flows
import Postgres

/// Where an object lies that the audit log shows before and after a change, and what it must not show of it.
///
/// A noun without a table of its own, or one that never changes, has none.
struct AuditSubject: Sendable {
  let table: String
  /// Columns that are secrets, or that say nothing.
  let hidden: [String]
  /// The column that says whose the row is; nil for rows that lie everywhere.
  let owner: String?

  init(_ table: String, hiding hidden: [String] = [], owner: String? = "organization_id") {
    self.table = table
    self.hidden = hidden
    self.owner = owner
  }

  /// A new noun must say what of it is a secret.
  static func of(_ noun: IdentifierPrefix) -> AuditSubject? {
    switch noun {
    case .user: AuditSubject("users", hiding: ["password_hash", "oauth_providers"], owner: nil)
    case .organization: AuditSubject("organizations", owner: nil)
    case .membership: AuditSubject("memberships")
    case .invitation: AuditSubject("invitations", hiding: ["token_hash"])
    case .apiKey: AuditSubject("api_keys", hiding: ["key_hash", "previous_hash"])
    case .session: AuditSubject("sessions", owner: "user_id")
    case .integration: AuditSubject("integrations", hiding: ["credentials", "sign_in"])
    case .flow: AuditSubject("automation_flows", hiding: ["content_revision", "updated_minute"])
    case .node: AuditSubject("automation_nodes")
    case .connection: AuditSubject("automation_connections")
    case .workbench: AuditSubject("workbenches")
    case .execution: AuditSubject("execution_logs", hiding: ["input", "result", "epoch", "step"])
    case .webhook: AuditSubject("webhooks", hiding: ["secret", "old_secret"])
    case .webhookDelivery:
      AuditSubject("webhook_deliveries", hiding: ["payload", "response_excerpt", "epoch"])
    case .trigger:
      AuditSubject(
        "flow_triggers", hiding: ["url_key", "secret", "old_secret", "poll_state", "poll_epoch"])
    case .triggerDelivery: AuditSubject("trigger_deliveries", hiding: ["request"])
    case .flowVersion, .nodeLog, .auditEvent: nil
    }
  }

  /// The row as JSON, or null. Of the parameters with these numbers `owner` is whose it is and `id` which.
  func snapshot(owner: String, id: String) -> String {
    let condition = self.owner.map { "t.\($0) = \(owner) AND " } ?? ""
    return "(SELECT \(columns)\(parts) FROM \(table) t WHERE \(condition)t.id = \(id))"
  }

  /// The columns of the row `t` that may be shown, as JSON.
  var columns: String {
    "to_jsonb(t) - '{\((hidden + ["organization_id"]).joined(separator: ","))}'::text[]"
  }

  /// A flow is more than its row: the keys of its nodes, and how many connections it has.
  private var parts: String {
    guard table == "automation_flows" else { return "" }
    return """
       || jsonb_build_object('nodes', (SELECT coalesce(jsonb_agg(n.key ORDER BY n.node_order), '[]') \
      FROM automation_nodes n WHERE n.organization_id = t.organization_id AND n.flow_id = t.id), \
      'connections', (SELECT count(*) FROM automation_connections c \
      WHERE c.organization_id = t.organization_id AND c.flow_id = t.id))
      """
  }
}
