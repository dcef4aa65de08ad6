// Written by studio-codegen from schema.graphql; do not edit.
// swift-format-ignore-file

import GraphQLEngine

/// Who may keep an answer.
public enum CacheControlScope: String, InputDecodable, LeafValue, CaseIterable {
  /// Any cache.
  case `public` = "PUBLIC"
  /// The client's own.
  case `private` = "PRIVATE"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(CacheControlScope.init(rawValue:)) else {
      throw InputMismatch(expected: "CacheControlScope")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What a member of an organization may do; each role may do what the ones after it may.
public enum Role: String, InputDecodable, LeafValue, CaseIterable {
  /// Everything, deleting the organization included.
  case owner = "OWNER"
  /// Manages members, keys and settings.
  case admin = "ADMIN"
  /// Creates and changes flows and integrations.
  case editor = "EDITOR"
  /// Runs flows and cancels runs.
  case `operator` = "OPERATOR"
  /// Reads.
  case viewer = "VIEWER"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(Role.init(rawValue:)) else {
      throw InputMismatch(expected: "Role")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// The colours that a user chose for the clients.
public enum Theme: String, InputDecodable, LeafValue, CaseIterable {
  case copperTide = "COPPER_TIDE"
  case mintVoltage = "MINT_VOLTAGE"
  case solarDrift = "SOLAR_DRIFT"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(Theme.init(rawValue:)) else {
      throw InputMismatch(expected: "Theme")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What an API key may be used for, within its role.
public enum ApiKeyScope: String, InputDecodable, LeafValue, CaseIterable {
  /// All that the key's role may read. Answers of the other scopes' mutations lead on to all that can be read, so each of
  /// them contains this one.
  case read = "READ"
  /// Creating, changing and deleting flows with their nodes and connections.
  case flowsWrite = "FLOWS_WRITE"
  /// Running flows and cancelling runs.
  case executionsWrite = "EXECUTIONS_WRITE"
  /// Connecting, changing and deleting integrations.
  case integrationsWrite = "INTEGRATIONS_WRITE"
  /// Creating, changing and deleting workbenches.
  case workbenchesWrite = "WORKBENCHES_WRITE"
  /// Creating, changing, testing and deleting webhooks.
  case webhooksWrite = "WEBHOOKS_WRITE"
  /// Reading the audit log.
  case auditRead = "AUDIT_READ"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(ApiKeyScope.init(rawValue:)) else {
      throw InputMismatch(expected: "ApiKeyScope")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// How a mutation ended that the audit log tells of.
public enum AuditOutcome: String, InputDecodable, LeafValue, CaseIterable {
  case success = "SUCCESS"
  /// A sign-in that was refused.
  case failure = "FAILURE"
  /// A mutation that somebody's role, or their API key's scopes, did not allow.
  case refused = "REFUSED"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(AuditOutcome.init(rawValue:)) else {
      throw InputMismatch(expected: "AuditOutcome")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What a connector is mostly used for.
public enum ConnectorCategory: String, InputDecodable, LeafValue, CaseIterable {
  case messaging = "MESSAGING"
  case data = "DATA"
  case ops = "OPS"
  case finance = "FINANCE"
  case devtools = "DEVTOOLS"
  case ai = "AI"
  case docs = "DOCS"
  /// Projects and tasks.
  case projects = "PROJECTS"
  /// Files.
  case storage = "STORAGE"
  /// Customers and their requests.
  case customers = "CUSTOMERS"
  /// Speech.
  case voice = "VOICE"
  /// Social networks.
  case social = "SOCIAL"
  case calendar = "CALENDAR"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(ConnectorCategory.init(rawValue:)) else {
      throw InputMismatch(expected: "ConnectorCategory")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// How a service knows who asks.
public enum ConnectorAuthentication: String, InputDecodable, LeafValue, CaseIterable {
  case none = "NONE"
  /// A key in a header or a parameter.
  case apiKey = "API_KEY"
  case bearer = "BEARER"
  case basic = "BASIC"
  /// Tokens: by signing in at the service (`startIntegrationOAuth`), or with a client's id and secret or key.
  case oauth2 = "OAUTH2"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(ConnectorAuthentication.init(rawValue:)) else {
      throw InputMismatch(expected: "ConnectorAuthentication")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// How a trigger hears of events.
public enum ConnectorTriggerKind: String, InputDecodable, LeafValue, CaseIterable {
  /// The service sends them.
  case webhook = "WEBHOOK"
  /// The service is asked from time to time.
  case poll = "POLL"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(ConnectorTriggerKind.init(rawValue:)) else {
      throw InputMismatch(expected: "ConnectorTriggerKind")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// Whether a flow's triggers fire.
public enum FlowStatus: String, InputDecodable, LeafValue, CaseIterable {
  /// Triggers fire; it can be run by hand.
  case active = "ACTIVE"
  /// Triggers do not fire; it can be run by hand.
  case paused = "PAUSED"
  /// Kept for its history; it cannot be run.
  case archived = "ARCHIVED"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(FlowStatus.init(rawValue:)) else {
      throw InputMismatch(expected: "FlowStatus")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What a node does.
public enum NodeKind: String, InputDecodable, LeafValue, CaseIterable {
  /// Where a run begins; its output is the run's input.
  case trigger = "TRIGGER"
  /// An effect: an HTTP request (`{"type":"http"}`) or a line in the log (`{"type":"log"}`).
  case action = "ACTION"
  /// Lets a branch go on only while its expression is true.
  case filter = "FILTER"
  /// Computes its output from an expression or a mapping of expressions.
  case transform = "TRANSFORM"
  /// Chooses among its outgoing connections by their conditions.
  case decision = "DECISION"
  /// Waits durably: for a time, until an instant, or for a webhook or an approval.
  case delay = "DELAY"
  /// Repeats the nodes inside it for each element of a list.
  case loop = "LOOP"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(NodeKind.init(rawValue:)) else {
      throw InputMismatch(expected: "NodeKind")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// Over how many days figures are counted, to the end of the time.
public enum MetricsPeriod: String, InputDecodable, LeafValue, CaseIterable {
  case last24Hours = "LAST_24_HOURS"
  case last7Days = "LAST_7_DAYS"
  case last30Days = "LAST_30_DAYS"
  case last90Days = "LAST_90_DAYS"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(MetricsPeriod.init(rawValue:)) else {
      throw InputMismatch(expected: "MetricsPeriod")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What became of a node or a connection.
public enum DifferenceKind: String, InputDecodable, LeafValue, CaseIterable {
  case added = "ADDED"
  case removed = "REMOVED"
  case changed = "CHANGED"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(DifferenceKind.init(rawValue:)) else {
      throw InputMismatch(expected: "DifferenceKind")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// How the node that a connection leaves must have ended for it to be taken.
public enum ConnectionOutcome: String, InputDecodable, LeafValue, CaseIterable {
  case success = "SUCCESS"
  /// It failed, and its `onError` is `branch`.
  case error = "ERROR"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(ConnectionOutcome.init(rawValue:)) else {
      throw InputMismatch(expected: "ConnectionOutcome")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// How grave a problem of a flow is.
public enum FlowProblemSeverity: String, InputDecodable, LeafValue, CaseIterable {
  /// The flow cannot be saved or run.
  case error = "ERROR"
  /// The flow can run, but probably not as meant.
  case warning = "WARNING"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(FlowProblemSeverity.init(rawValue:)) else {
      throw InputMismatch(expected: "FlowProblemSeverity")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// How far a run is. Final states never change.
public enum ExecutionStatus: String, InputDecodable, LeafValue, CaseIterable {
  /// Accepted and stored; no node has started.
  case pending = "PENDING"
  case running = "RUNNING"
  /// Nothing to do before a delay ends.
  case waiting = "WAITING"
  case success = "SUCCESS"
  case failure = "FAILURE"
  case cancelled = "CANCELLED"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(ExecutionStatus.init(rawValue:)) else {
      throw InputMismatch(expected: "ExecutionStatus")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// How far a node of a run is.
public enum NodeExecutionStatus: String, InputDecodable, LeafValue, CaseIterable {
  case pending = "PENDING"
  case running = "RUNNING"
  /// Waiting for its delay to end.
  case waiting = "WAITING"
  case success = "SUCCESS"
  case failure = "FAILURE"
  /// No connection delivered to it, or the run ended before.
  case skipped = "SKIPPED"
  case cancelled = "CANCELLED"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(NodeExecutionStatus.init(rawValue:)) else {
      throw InputMismatch(expected: "NodeExecutionStatus")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What happened to an object.
public enum ChangeKind: String, InputDecodable, LeafValue, CaseIterable {
  case created = "CREATED"
  /// It, or what it consists of, was changed.
  case updated = "UPDATED"
  case deleted = "DELETED"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(ChangeKind.init(rawValue:)) else {
      throw InputMismatch(expected: "ChangeKind")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What a webhook can be told. What is sent names it with a point: `execution.succeeded`.
public enum WebhookEventType: String, InputDecodable, LeafValue, CaseIterable {
  /// A run ended with success.
  case executionSucceeded = "EXECUTION_SUCCEEDED"
  /// A run ended with an error.
  case executionFailed = "EXECUTION_FAILED"
  /// A run was stopped by somebody.
  case executionCancelled = "EXECUTION_CANCELLED"
  /// A flow was created, copied or imported.
  case flowCreated = "FLOW_CREATED"
  /// A flow, its status, its nodes or its connections were changed.
  case flowUpdated = "FLOW_UPDATED"
  /// A flow was deleted.
  case flowDeleted = "FLOW_DELETED"
  /// An integration was created.
  case integrationCreated = "INTEGRATION_CREATED"
  /// An integration, or what is known of its connection, was changed.
  case integrationUpdated = "INTEGRATION_UPDATED"
  /// An integration was deleted.
  case integrationDeleted = "INTEGRATION_DELETED"
  /// What `testWebhook` sends. No webhook can ask for it.
  case webhookTest = "WEBHOOK_TEST"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(WebhookEventType.init(rawValue:)) else {
      throw InputMismatch(expected: "WebhookEventType")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// Why the Studio has switched a webhook off.
public enum WebhookDisabledReason: String, InputDecodable, LeafValue, CaseIterable {
  /// It answered 410: its owner wants no more.
  case gone = "GONE"
  /// No delivery has succeeded for five days.
  case failing = "FAILING"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(WebhookDisabledReason.init(rawValue:)) else {
      throw InputMismatch(expected: "WebhookDisabledReason")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// Where a delivery stands.
public enum WebhookDeliveryStatus: String, InputDecodable, LeafValue, CaseIterable {
  /// It will be sent, or sent again, at `nextAttemptAt`.
  case pending = "PENDING"
  /// It is being sent.
  case sending = "SENDING"
  /// It was answered with a status of 200 to 299.
  case delivered = "DELIVERED"
  /// All attempts failed.
  case failed = "FAILED"
  /// Its webhook was switched off.
  case cancelled = "CANCELLED"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(WebhookDeliveryStatus.init(rawValue:)) else {
      throw InputMismatch(expected: "WebhookDeliveryStatus")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What makes a trigger start runs.
public enum TriggerKind: String, InputDecodable, LeafValue, CaseIterable {
  /// The clock.
  case schedule = "SCHEDULE"
  /// A request to its URL.
  case webhook = "WEBHOOK"
  /// The end of a run of a flow.
  case flowEvent = "FLOW_EVENT"
  /// Something that happens at the service of an integration.
  case integration = "INTEGRATION"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(TriggerKind.init(rawValue:)) else {
      throw InputMismatch(expected: "TriggerKind")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// From when on a trigger tells of what it finds by asking a service.
public enum PollStart: String, InputDecodable, LeafValue, CaseIterable {
  /// What happens from now on: the first poll only finds out where that begins.
  case now = "NOW"
  /// What the service has already, too.
  case beginning = "BEGINNING"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(PollStart.init(rawValue:)) else {
      throw InputMismatch(expected: "PollStart")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// How the runs end that a trigger waits for.
public enum FlowEventState: String, InputDecodable, LeafValue, CaseIterable {
  case success = "SUCCESS"
  case failure = "FAILURE"
  case cancelled = "CANCELLED"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(FlowEventState.init(rawValue:)) else {
      throw InputMismatch(expected: "FlowEventState")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What happens to an instant that is due while a run of the schedule is not over.
public enum ScheduleOverlap: String, InputDecodable, LeafValue, CaseIterable {
  /// Its run begins beside the others.
  case allow = "ALLOW"
  /// It is left out.
  case skip = "SKIP"
  /// Its run begins when those before it are over; 100 instants wait at most, further ones are left out.
  case queue = "QUEUE"
  /// The runs before it are asked to stop, and its run begins.
  case cancel = "CANCEL"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(ScheduleOverlap.init(rawValue:)) else {
      throw InputMismatch(expected: "ScheduleOverlap")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What happens to instants that nobody fired within a minute, because no server was there.
public enum ScheduleCatchUp: String, InputDecodable, LeafValue, CaseIterable {
  /// They are missed.
  case none = "NONE"
  /// The last of them is fired.
  case last = "LAST"
  /// All of them are fired that are not older than the window.
  case all = "ALL"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(ScheduleCatchUp.init(rawValue:)) else {
      throw InputMismatch(expected: "ScheduleCatchUp")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What happens to times of the wall clock that do not exist, or exist twice, because the clock is changed.
public enum ScheduleDaylightSaving: String, InputDecodable, LeafValue, CaseIterable {
  /// Like Vixie cron: a time that does not exist is fired at the change, one that exists twice the first time. With a star in
  /// minute or hour the schedule follows the passing of time.
  case vixie = "VIXIE"
  /// A time that does not exist is left out; one that exists twice is fired the first time.
  case skip = "SKIP"
  /// A time that does not exist is fired at the change; one that exists twice the first time.
  case first = "FIRST"
  /// A time that does not exist is fired at the change; one that exists twice the second time.
  case second = "SECOND"
  /// A time that does not exist is fired at the change; one that exists twice both times.
  case both = "BOTH"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(ScheduleDaylightSaving.init(rawValue:)) else {
      throw InputMismatch(expected: "ScheduleDaylightSaving")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// Whose way of signing requests is checked.
public enum WebhookSignatureScheme: String, InputDecodable, LeafValue, CaseIterable {
  /// Who knows the URL may send.
  case none = "NONE"
  /// standardwebhooks.com: `webhook-id`, `webhook-timestamp`, `webhook-signature`.
  case standard = "STANDARD"
  /// GitHub: `X-Hub-Signature-256`.
  case github = "GITHUB"
  /// Stripe: `Stripe-Signature`.
  case stripe = "STRIPE"
  /// Slack: `X-Slack-Signature`. Its `url_verification` is answered.
  case slack = "SLACK"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(WebhookSignatureScheme.init(rawValue:)) else {
      throw InputMismatch(expected: "WebhookSignatureScheme")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// When the sender of a request is answered.
public enum WebhookAnswer: String, InputDecodable, LeafValue, CaseIterable {
  /// With 202 and the run's id, as soon as the run is stored.
  case accepted = "ACCEPTED"
  /// With the run's result, when it is over.
  case result = "RESULT"
  /// With a node's output, when the node has succeeded.
  case node = "NODE"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(WebhookAnswer.init(rawValue:)) else {
      throw InputMismatch(expected: "WebhookAnswer")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// Which end of an order comes first.
public enum OrderDirection: String, InputDecodable, LeafValue, CaseIterable {
  /// The least, the oldest, A.
  case asc = "ASC"
  /// The greatest, the newest, Z.
  case desc = "DESC"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(OrderDirection.init(rawValue:)) else {
      throw InputMismatch(expected: "OrderDirection")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What flows can be ordered by.
public enum FlowOrderField: String, InputDecodable, LeafValue, CaseIterable {
  case createdAt = "CREATED_AT"
  case updatedAt = "UPDATED_AT"
  /// Without regard to case.
  case name = "NAME"
  /// When a run last started; flows that never ran are the oldest.
  case lastExecutedAt = "LAST_EXECUTED_AT"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(FlowOrderField.init(rawValue:)) else {
      throw InputMismatch(expected: "FlowOrderField")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What integrations can be ordered by.
public enum IntegrationOrderField: String, InputDecodable, LeafValue, CaseIterable {
  case createdAt = "CREATED_AT"
  case updatedAt = "UPDATED_AT"
  /// Without regard to case.
  case name = "NAME"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(IntegrationOrderField.init(rawValue:)) else {
      throw InputMismatch(expected: "IntegrationOrderField")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What workbenches can be ordered by.
public enum WorkbenchOrderField: String, InputDecodable, LeafValue, CaseIterable {
  case createdAt = "CREATED_AT"
  case updatedAt = "UPDATED_AT"
  /// Without regard to case.
  case name = "NAME"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(WorkbenchOrderField.init(rawValue:)) else {
      throw InputMismatch(expected: "WorkbenchOrderField")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What runs can be ordered by.
public enum ExecutionLogOrderField: String, InputDecodable, LeafValue, CaseIterable {
  /// When the run was accepted.
  case createdAt = "CREATED_AT"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(ExecutionLogOrderField.init(rawValue:)) else {
      throw InputMismatch(expected: "ExecutionLogOrderField")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What a flow's versions can be ordered by.
public enum FlowVersionOrderField: String, InputDecodable, LeafValue, CaseIterable {
  /// Which is the order of their numbers.
  case createdAt = "CREATED_AT"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(FlowVersionOrderField.init(rawValue:)) else {
      throw InputMismatch(expected: "FlowVersionOrderField")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What deliveries can be ordered by.
public enum WebhookDeliveryOrderField: String, InputDecodable, LeafValue, CaseIterable {
  case createdAt = "CREATED_AT"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(WebhookDeliveryOrderField.init(rawValue:)) else {
      throw InputMismatch(expected: "WebhookDeliveryOrderField")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What received deliveries can be ordered by.
public enum TriggerDeliveryOrderField: String, InputDecodable, LeafValue, CaseIterable {
  case createdAt = "CREATED_AT"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(TriggerDeliveryOrderField.init(rawValue:)) else {
      throw InputMismatch(expected: "TriggerDeliveryOrderField")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What webhooks can be ordered by.
public enum WebhookOrderField: String, InputDecodable, LeafValue, CaseIterable {
  case createdAt = "CREATED_AT"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(WebhookOrderField.init(rawValue:)) else {
      throw InputMismatch(expected: "WebhookOrderField")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What API keys can be ordered by.
public enum ApiKeyOrderField: String, InputDecodable, LeafValue, CaseIterable {
  case createdAt = "CREATED_AT"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(ApiKeyOrderField.init(rawValue:)) else {
      throw InputMismatch(expected: "ApiKeyOrderField")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What members can be ordered by.
public enum MembershipOrderField: String, InputDecodable, LeafValue, CaseIterable {
  case createdAt = "CREATED_AT"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(MembershipOrderField.init(rawValue:)) else {
      throw InputMismatch(expected: "MembershipOrderField")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What invitations can be ordered by.
public enum InvitationOrderField: String, InputDecodable, LeafValue, CaseIterable {
  case createdAt = "CREATED_AT"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(InvitationOrderField.init(rawValue:)) else {
      throw InputMismatch(expected: "InvitationOrderField")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What the audit log can be ordered by.
public enum AuditEventOrderField: String, InputDecodable, LeafValue, CaseIterable {
  case createdAt = "CREATED_AT"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(AuditEventOrderField.init(rawValue:)) else {
      throw InputMismatch(expected: "AuditEventOrderField")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What sessions can be ordered by.
public enum SessionOrderField: String, InputDecodable, LeafValue, CaseIterable {
  case createdAt = "CREATED_AT"
  case lastUsedAt = "LAST_USED_AT"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(SessionOrderField.init(rawValue:)) else {
      throw InputMismatch(expected: "SessionOrderField")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// What the catalogue can be ordered by.
public enum ConnectorOrderField: String, InputDecodable, LeafValue, CaseIterable {
  case type = "TYPE"
  /// Without regard to case.
  case name = "NAME"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(ConnectorOrderField.init(rawValue:)) else {
      throw InputMismatch(expected: "ConnectorOrderField")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

public enum CopyWarningCode: String, InputDecodable, LeafValue, CaseIterable {
  /// The organization has no integration of this type and name. `updateTrigger` gives the trigger another one.
  case missingIntegration = "MISSING_INTEGRATION"
  /// The organization has no flow of this name, or several.
  case missingFlow = "MISSING_FLOW"
  /// The flow has no such node.
  case missingNode = "MISSING_NODE"
  /// The service gives the secret: `rotateTriggerSecret` takes it, or the integration's credentials.
  case missingSecret = "MISSING_SECRET"
  /// The integration's connector does not offer this event, or not with these settings.
  case unusableEvent = "UNUSABLE_EVENT"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(CopyWarningCode.init(rawValue:)) else {
      throw InputMismatch(expected: "CopyWarningCode")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// Which runs are taken from the queue first. A step counts like a minute of waiting, so none waits for ever.
public enum RunPriority: String, InputDecodable, LeafValue, CaseIterable {
  case high = "HIGH"
  case normal = "NORMAL"
  case low = "LOW"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(RunPriority.init(rawValue:)) else {
      throw InputMismatch(expected: "RunPriority")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// Which state of a flow runs.
public enum FlowVersionChoice: String, InputDecodable, LeafValue, CaseIterable {
  /// The published version; while nothing was published, the flow as it stands.
  case published = "PUBLISHED"
  /// The flow as it stands.
  case draft = "DRAFT"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(FlowVersionChoice.init(rawValue:)) else {
      throw InputMismatch(expected: "FlowVersionChoice")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// Where a retried run begins.
public enum RetryStart: String, InputDecodable, LeafValue, CaseIterable {
  /// With the trigger.
  case beginning = "BEGINNING"
  /// With the nodes that failed: those that succeeded keep their outputs and are not executed again.
  case failedNode = "FAILED_NODE"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(RetryStart.init(rawValue:)) else {
      throw InputMismatch(expected: "RetryStart")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}

/// Which version a replayed run executes.
public enum ReplayVersion: String, InputDecodable, LeafValue, CaseIterable {
  /// The one that the run had.
  case same = "SAME"
  /// The published version; while nothing was published, the flow as it stands.
  case published = "PUBLISHED"
  /// The flow as it stands.
  case draft = "DRAFT"

  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string.flatMap(ReplayVersion.init(rawValue:)) else {
      throw InputMismatch(expected: "ReplayVersion")
    }
    self = value
  }

  public func write(to out: inout JSONWriter) { out.write(rawValue) }
}
