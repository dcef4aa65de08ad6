// The columns that resolvers may read, one list per table. `credentials`, password hashes and keys are not
// among them.

public enum UserColumn: String, TableColumn {
  public static let table = "users"
  case id, email, name
  case avatarURL = "avatar_url"
  case theme
  case createdAt = "created_at"
  case updatedAt = "updated_at"
}

public enum SessionColumn: String, TableColumn {
  public static let table = "sessions"
  public static let owner = "user_id"
  case id
  case organizationID = "organization_id"
  case createdAt = "created_at"
  case lastUsedAt = "last_used_at"
  case expiresAt = "expires_at"
  case revokedAt = "revoked_at"
}

public enum OrganizationColumn: String, TableColumn {
  public static let table = "organizations"
  case id, name
  case maximumConcurrentRuns = "maximum_concurrent_runs"
  case createdAt = "created_at"
  case updatedAt = "updated_at"
}

public enum MembershipColumn: String, TableColumn {
  public static let table = "memberships"
  case id
  case organizationID = "organization_id"
  case userID = "user_id"
  case role
  case createdAt = "created_at"
}

public enum InvitationColumn: String, TableColumn {
  public static let table = "invitations"
  case id
  case userID = "user_id"
  case email, role
  case expiresAt = "expires_at"
  case acceptedAt = "accepted_at"
  case createdAt = "created_at"
}

public enum AuditEventColumn: String, TableColumn {
  public static let table = "audit_events"
  case id, at
  case userID = "user_id"
  case apiKeyID = "api_key_id"
  case action, outcome
  case objectType = "object_type"
  case objectID = "object_id"
  case before, after, address
  case userAgent = "user_agent"
  case requestID = "request_id"
}

public enum APIKeyColumn: String, TableColumn {
  public static let table = "api_keys"
  case id
  case userID = "user_id"
  case name, hint, role, scopes
  case isActive = "is_active"
  case lastUsed = "last_used"
  case expiresAt = "expires_at"
  case previousUntil = "previous_until"
  case createdAt = "created_at"
  case updatedAt = "updated_at"
}

public enum IntegrationColumn: String, TableColumn {
  public static let table = "integrations"
  case id
  case userID = "user_id"
  case name, category, type, capabilities
  case isConnected = "is_connected"
  case lastChecked = "last_checked"
  case attention, revision
  case maximumConcurrentCalls = "maximum_concurrent_calls"
  case createdAt = "created_at"
  case updatedAt = "updated_at"
}

public enum FlowColumn: String, TableColumn {
  public static let table = "automation_flows"
  case id
  case userID = "user_id"
  case name, intention, status, revision
  case errorFlowID = "error_flow_id"
  case runPriority = "run_priority"
  case maximumConcurrentRuns = "maximum_concurrent_runs"
  case publishedVersionID = "published_version_id"
  case hasUnpublishedChanges = "has_unpublished_changes"
  case lastExecuted = "last_executed"
  case createdAt = "created_at"
  case updatedAt = "updated_at"
}

public enum NodeColumn: String, TableColumn {
  public static let table = "automation_nodes"
  case id
  case flowID = "flow_id"
  case key, title, kind, detail
  case integrationID = "integration_id"
  case config
  case order = "node_order"
  case parentID = "parent_id"
  case createdAt = "created_at"
  case updatedAt = "updated_at"
}

public enum ConnectionColumn: String, TableColumn {
  public static let table = "automation_connections"
  case id
  case flowID = "flow_id"
  case fromNodeID = "from_node_id"
  case toNodeID = "to_node_id"
  case label, condition, outcome
  case order = "connection_order"
  case createdAt = "created_at"
}

public enum FlowVersionColumn: String, TableColumn {
  public static let table = "flow_versions"
  case id
  case flowID = "flow_id"
  case number, revision, definition
  case createdAt = "created_at"
}

public enum ExecutionColumn: String, TableColumn {
  public static let table = "execution_logs"
  case id
  case flowID = "flow_id"
  case flowName = "flow_name"
  case versionID = "version_id"
  case retryOf = "retry_of"
  case userID = "user_id"
  case status, input, result, error
  case startTime = "start_time"
  case endTime = "end_time"
  case duration
  case lastSequence = "last_sequence"
  case createdAt = "created_at"
}

public enum WorkbenchColumn: String, TableColumn {
  public static let table = "workbenches"
  case id
  case userID = "user_id"
  case name, purpose, focus, revision
  case createdAt = "created_at"
  case updatedAt = "updated_at"
}

public enum WebhookColumn: String, TableColumn {
  public static let table = "webhooks"
  case id
  case userID = "user_id"
  case url, description
  case eventTypes = "event_types"
  case isActive = "is_active"
  case disabledReason = "disabled_reason"
  case failingSince = "failing_since"
  case revision
  case createdAt = "created_at"
  case updatedAt = "updated_at"
}

public enum WebhookDeliveryColumn: String, TableColumn {
  public static let table = "webhook_deliveries"
  case id
  case webhookID = "webhook_id"
  case eventType = "event_type"
  case payload, status, attempts
  case dueAt = "due_at"
  case attemptedAt = "attempted_at"
  case responseStatus = "response_status"
  case responseExcerpt = "response_excerpt"
  case error, duration
  case createdAt = "created_at"
  case finishedAt = "finished_at"
}

/// `urlKey` is sealed; the secrets are not among the columns.
public enum TriggerColumn: String, TableColumn {
  public static let table = "flow_triggers"
  case id
  case flowID = "flow_id"
  case kind
  case nodeKey = "node_key"
  case isEnabled = "is_enabled"
  case config
  case urlKey = "url_key"
  case sourceFlowID = "source_flow_id"
  case sourceStates = "source_states"
  case integrationID = "integration_id"
  case lastPolledAt = "last_polled_at"
  case pollDueAt = "poll_due_at"
  case pollError = "poll_error"
  case pollFailures = "poll_failures"
  case lastFiredAt = "last_fired_at"
  case nextFireAt = "next_fire_at"
  case revision
  case createdAt = "created_at"
  case updatedAt = "updated_at"
}

public enum TriggerDeliveryColumn: String, TableColumn {
  public static let table = "trigger_deliveries"
  case id
  case triggerID = "trigger_id"
  case deliveryKey = "delivery_key"
  case replayOf = "replay_of"
  case executionID = "execution_id"
  case request, address
  case receivedAt = "received_at"
}

public enum NodeExecutionColumn: String, TableColumn {
  public static let table = "node_execution_logs"
  case id
  case executionID = "execution_id"
  case nodeID = "node_id"
  case nodeKey = "node_key"
  case title, kind
  case order = "node_order"
  case iterations
  case status, attempt, input, output, error
  case skipReason = "skip_reason"
  case startTime = "start_time"
  case endTime = "end_time"
  case duration
}
