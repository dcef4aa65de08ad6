import Postgres

/// The database's schema, step by step. A landed migration is never changed: a new one follows.
public let migrations = [
  Migration(1, "accounts", sql: migration0001Accounts),
  Migration(2, "flows", sql: migration0002Flows),
  Migration(3, "runs", sql: migration0003Runs),
  Migration(4, "organization_values", sql: migration0004OrganizationValues),
  Migration(5, "workbenches", sql: migration0005Workbenches),
  Migration(6, "session_times", sql: migration0006SessionTimes),
  Migration(7, "webhooks", sql: migration0007Webhooks),
  Migration(8, "api_keys", sql: migration0008APIKeys),
  Migration(9, "idempotency_keys", sql: migration0009IdempotencyKeys),
  Migration(10, "list_orders", sql: migration0010ListOrders),
  Migration(11, "metrics", sql: migration0011Metrics),
  Migration(12, "invitations", sql: migration0012Invitations),
  Migration(13, "audit_events", sql: migration0013AuditEvents),
  Migration(14, "avatars", sql: migration0014Avatars),
  Migration(15, "flow_order", sql: migration0015FlowOrder),
  Migration(16, "publishing", sql: migration0016Publishing),
  Migration(17, "triggers", sql: migration0017Triggers),
  Migration(18, "integration_tokens", sql: migration0018IntegrationTokens),
  Migration(19, "schedules", sql: migration0019Schedules),
  Migration(20, "published_revision", sql: migration0020PublishedRevision),
  Migration(21, "run_queue", sql: migration0021RunQueue),
  Migration(22, "retention", sql: migration0022Retention),
  Migration(23, "event_stream", sql: migration0023EventStream),
  Migration(24, "flow_events", sql: migration0024FlowEvents),
]
