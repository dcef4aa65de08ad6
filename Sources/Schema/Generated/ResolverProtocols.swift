// Written by studio-codegen from schema.graphql; do not edit.
// swift-format-ignore-file

import GraphQLEngine

/// The arguments of `User.flows`.
public struct UserFlowsArguments: Sendable {
  /// The page's length, 1 to 100; 20 when neither it nor `last` is given.
  public var first: Int?
  /// Only what stands behind this cursor.
  public var after: String?
  /// The length of a page from the end of the list, 1 to 100; not together with `first`.
  public var last: Int?
  /// Only what stands before this cursor.
  public var before: String?
  /// The order of the list; without it the newest come first.
  public var orderBy: FlowOrder?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    first = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
    last = try arguments.decode(at: 2)
    before = try arguments.decode(at: 3)
    orderBy = try arguments.decode(at: 4)
  }
}

/// The leaves of `User` that a row of its table holds.
public enum UserLeaf: String, CaseIterable, Sendable {
  case id
  case email
  case name
  case avatarUrl
  case theme
  case createdAt
  case updatedAt
}

/// Resolvers of `User`.
public protocol UserResolvers: Sendable {
  /// What names a column of the table.
  associatedtype TableColumn: Sendable
  /// Where a leaf lies in a row, and how it is written.
  func source(of leaf: UserLeaf) -> LeafSource<TableColumn>
  /// Flows of the current organization that this user created, the newest first.
  func flows(_ call: FieldCall, _ arguments: UserFlowsArguments) throws -> Resolution
}

/// The arguments of `Organization.metrics`.
public struct OrganizationMetricsArguments: Sendable {
  /// The time that they are of.
  public var period: MetricsPeriod
  /// Where the time ends; now when it is left out.
  public var until: DateTime?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    period = try arguments.decode(at: 0)
    until = try arguments.decode(at: 1)
  }
}

/// The leaves of `Organization` that a row of its table holds.
public enum OrganizationLeaf: String, CaseIterable, Sendable {
  case id
  case name
  case createdAt
  case updatedAt
  case maximumConcurrentRuns
}

/// Resolvers of `Organization`.
public protocol OrganizationResolvers: Sendable {
  /// What names a column of the table.
  associatedtype TableColumn: Sendable
  /// Where a leaf lies in a row, and how it is written.
  func source(of leaf: OrganizationLeaf) -> LeafSource<TableColumn>
  /// What the organization's runs came to, counted from the runs themselves. Null for another organization than the one
  /// that the access token was issued for.
  func metrics(_ call: FieldCall, _ arguments: OrganizationMetricsArguments) throws -> Resolution
  /// What the organization has set about how long its runs and its audit log are kept. Null for another organization than
  /// the one that the access token was issued for.
  var retention: FieldBinding { get }
}

/// The leaves of `Membership` that a row of its table holds.
public enum MembershipLeaf: String, CaseIterable, Sendable {
  case id
  case role
  case createdAt
}

/// Resolvers of `Membership`.
public protocol MembershipResolvers: Sendable {
  /// What names a column of the table.
  associatedtype TableColumn: Sendable
  /// Where a leaf lies in a row, and how it is written.
  func source(of leaf: MembershipLeaf) -> LeafSource<TableColumn>
  var organization: FieldBinding { get }
  var user: FieldBinding { get }
}

/// Resolvers of `MembershipConnection`.
public protocol MembershipConnectionResolvers: Sendable {
  var edges: FieldBinding { get }
  /// The memberships alone, without cursors.
  var nodes: FieldBinding { get }
  var pageInfo: FieldBinding { get }
  /// How many match in all; computed only when selected.
  var totalCount: FieldBinding { get }
}

/// Resolvers of `MembershipEdge`.
public protocol MembershipEdgeResolvers: Sendable {
  var cursor: FieldBinding { get }
  var node: FieldBinding { get }
}

/// The leaves of `Invitation` that a row of its table holds.
public enum InvitationLeaf: String, CaseIterable, Sendable {
  case id
  case email
  case role
  case expiresAt
  case acceptedAt
  case createdAt
}

/// Resolvers of `Invitation`.
public protocol InvitationResolvers: Sendable {
  /// What names a column of the table.
  associatedtype TableColumn: Sendable
  /// Where a leaf lies in a row, and how it is written.
  func source(of leaf: InvitationLeaf) -> LeafSource<TableColumn>
  /// Null when that user is not a member any more.
  var inviter: FieldBinding { get }
}

/// Resolvers of `InvitationConnection`.
public protocol InvitationConnectionResolvers: Sendable {
  var edges: FieldBinding { get }
  /// The invitations alone, without cursors.
  var nodes: FieldBinding { get }
  var pageInfo: FieldBinding { get }
  /// How many match in all; computed only when selected.
  var totalCount: FieldBinding { get }
}

/// Resolvers of `InvitationEdge`.
public protocol InvitationEdgeResolvers: Sendable {
  var cursor: FieldBinding { get }
  var node: FieldBinding { get }
}

/// Resolvers of `Viewer`.
public protocol ViewerResolvers: Sendable {
  /// With an API key the user who created it.
  var user: FieldBinding { get }
  /// The API key that is used; null with an access token.
  var apiKey: FieldBinding { get }
  /// The organization that the access token was issued for, or that the API key belongs to.
  var organization: FieldBinding { get }
  /// The role in that organization.
  var role: FieldBinding { get }
  /// All organizations of the user, the oldest membership first; at most 100. `FORBIDDEN` with an API key.
  var memberships: FieldBinding { get }
  /// `FORBIDDEN` with an API key.
  var preferences: FieldBinding { get }
  /// The session that the access token belongs to; null when it was revoked since, and with an API key.
  var session: FieldBinding { get }
}

/// The leaves of `Session` that a row of its table holds.
public enum SessionLeaf: String, CaseIterable, Sendable {
  case id
  case createdAt
  case lastUsedAt
  case expiresAt
}

/// Resolvers of `Session`.
public protocol SessionResolvers: Sendable {
  /// What names a column of the table.
  associatedtype TableColumn: Sendable
  /// Where a leaf lies in a row, and how it is written.
  func source(of leaf: SessionLeaf) -> LeafSource<TableColumn>
  /// The organization that its access tokens are for; null when the user is not a member any more.
  var organization: FieldBinding { get }
}

/// Resolvers of `SessionConnection`.
public protocol SessionConnectionResolvers: Sendable {
  var edges: FieldBinding { get }
  /// The sessions alone, without cursors.
  var nodes: FieldBinding { get }
  var pageInfo: FieldBinding { get }
  /// How many there are; computed only when selected.
  var totalCount: FieldBinding { get }
}

/// Resolvers of `SessionEdge`.
public protocol SessionEdgeResolvers: Sendable {
  var cursor: FieldBinding { get }
  var node: FieldBinding { get }
}

/// The leaves of `ApiKey` that a row of its table holds.
public enum ApiKeyLeaf: String, CaseIterable, Sendable {
  case id
  case name
  case hint
  case role
  case scopes
  case isActive
  case lastUsedAt
  case expiresAt
  case previousValidUntil
  case createdAt
  case updatedAt
}

/// Resolvers of `ApiKey`.
public protocol ApiKeyResolvers: Sendable {
  /// What names a column of the table.
  associatedtype TableColumn: Sendable
  /// Where a leaf lies in a row, and how it is written.
  func source(of leaf: ApiKeyLeaf) -> LeafSource<TableColumn>
  /// Who created it; null when that user is not a member any more, and then the key does not work.
  var creator: FieldBinding { get }
}

/// Resolvers of `ApiKeyConnection`.
public protocol ApiKeyConnectionResolvers: Sendable {
  var edges: FieldBinding { get }
  /// The keys alone, without cursors.
  var nodes: FieldBinding { get }
  var pageInfo: FieldBinding { get }
  /// How many match in all; computed only when selected.
  var totalCount: FieldBinding { get }
}

/// Resolvers of `ApiKeyEdge`.
public protocol ApiKeyEdgeResolvers: Sendable {
  var cursor: FieldBinding { get }
  var node: FieldBinding { get }
}

/// The leaves of `AuditEvent` that a row of its table holds.
public enum AuditEventLeaf: String, CaseIterable, Sendable {
  case id
  case at
  case action
  case outcome
  case actorId
  case apiKeyId
  case objectType
  case objectId
  case before
  case after
  case address
  case userAgent
  case requestId
}

/// Resolvers of `AuditEvent`.
public protocol AuditEventResolvers: Sendable {
  /// What names a column of the table.
  associatedtype TableColumn: Sendable
  /// Where a leaf lies in a row, and how it is written.
  func source(of leaf: AuditEventLeaf) -> LeafSource<TableColumn>
  /// The user, or the one who created the API key; null when nobody is known, or they are not a member any more.
  var actor: FieldBinding { get }
  /// The API key that was used; null for a user.
  var apiKey: FieldBinding { get }
}

/// Resolvers of `AuditEventConnection`.
public protocol AuditEventConnectionResolvers: Sendable {
  var edges: FieldBinding { get }
  /// The events alone, without cursors.
  var nodes: FieldBinding { get }
  var pageInfo: FieldBinding { get }
  /// How many match in all; computed only when selected.
  var totalCount: FieldBinding { get }
}

/// Resolvers of `AuditEventEdge`.
public protocol AuditEventEdgeResolvers: Sendable {
  var cursor: FieldBinding { get }
  var node: FieldBinding { get }
}

/// Resolvers of `Connector`.
public protocol ConnectorResolvers: Sendable {
  /// The service's short name: `slack`, `stripe`, `http`.
  var type: FieldBinding { get }
  /// The service's name for people.
  var name: FieldBinding { get }
  var category: FieldBinding { get }
  var description: FieldBinding { get }
  /// What its operations can do: `send_message`, `read_charges`.
  var capabilities: FieldBinding { get }
  /// The JSON Schema that credentials must satisfy.
  var credentialsSchema: FieldBinding { get }
  /// The address of the service's documentation.
  var documentation: FieldBinding { get }
  /// How accounts can be connected; the first for which credentials are given is used.
  var authentication: FieldBinding { get }
  var operations: FieldBinding { get }
  var triggers: FieldBinding { get }
}

/// Resolvers of `ConnectorConnection`.
public protocol ConnectorConnectionResolvers: Sendable {
  var edges: FieldBinding { get }
  /// The connectors alone, without cursors.
  var nodes: FieldBinding { get }
  var pageInfo: FieldBinding { get }
  var totalCount: FieldBinding { get }
}

/// Resolvers of `ConnectorEdge`.
public protocol ConnectorEdgeResolvers: Sendable {
  var cursor: FieldBinding { get }
  var node: FieldBinding { get }
}

/// The leaves of `Integration` that a row of its table holds.
public enum IntegrationLeaf: String, CaseIterable, Sendable {
  case id
  case name
  case category
  case type
  case capabilities
  case isConnected
  case lastCheckedAt
  case attention
  case maximumConcurrentCalls
  case revision
  case createdAt
  case updatedAt
}

/// Resolvers of `Integration`.
public protocol IntegrationResolvers: Sendable {
  /// What names a column of the table.
  associatedtype TableColumn: Sendable
  /// Where a leaf lies in a row, and how it is written.
  func source(of leaf: IntegrationLeaf) -> LeafSource<TableColumn>
  /// The catalogue entry; null when the connector is no longer offered.
  var connector: FieldBinding { get }
  /// Who created it; null when that user is gone.
  var creator: FieldBinding { get }
}

/// Resolvers of `IntegrationConnection`.
public protocol IntegrationConnectionResolvers: Sendable {
  var edges: FieldBinding { get }
  /// The integrations alone, without cursors.
  var nodes: FieldBinding { get }
  var pageInfo: FieldBinding { get }
  /// How many match in all; computed only when selected.
  var totalCount: FieldBinding { get }
}

/// Resolvers of `IntegrationEdge`.
public protocol IntegrationEdgeResolvers: Sendable {
  var cursor: FieldBinding { get }
  var node: FieldBinding { get }
}

/// The arguments of `AutomationFlow.versions`.
public struct AutomationFlowVersionsArguments: Sendable {
  /// The page's length, 1 to 100; 20 when neither it nor `last` is given.
  public var first: Int?
  /// Only what stands behind this cursor.
  public var after: String?
  /// The length of a page from the end of the list, 1 to 100; not together with `first`.
  public var last: Int?
  /// Only what stands before this cursor.
  public var before: String?
  /// The order of the list; without it the newest come first.
  public var orderBy: FlowVersionOrder?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    first = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
    last = try arguments.decode(at: 2)
    before = try arguments.decode(at: 3)
    orderBy = try arguments.decode(at: 4)
  }
}

/// The arguments of `AutomationFlow.executionLogs`.
public struct AutomationFlowExecutionLogsArguments: Sendable {
  /// The page's length, 1 to 100; 20 when neither it nor `last` is given.
  public var first: Int?
  /// Only what stands behind this cursor.
  public var after: String?
  /// The length of a page from the end of the list, 1 to 100; not together with `first`.
  public var last: Int?
  /// Only what stands before this cursor.
  public var before: String?
  public var filter: ExecutionLogFilter?
  /// The order of the list; without it the newest come first.
  public var orderBy: ExecutionLogOrder?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    first = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
    last = try arguments.decode(at: 2)
    before = try arguments.decode(at: 3)
    filter = try arguments.decode(at: 4)
    orderBy = try arguments.decode(at: 5)
  }
}

/// The arguments of `AutomationFlow.metrics`.
public struct AutomationFlowMetricsArguments: Sendable {
  /// The time that they are of.
  public var period: MetricsPeriod
  /// Where the time ends; now when it is left out.
  public var until: DateTime?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    period = try arguments.decode(at: 0)
    until = try arguments.decode(at: 1)
  }
}

/// The leaves of `AutomationFlow` that a row of its table holds.
public enum AutomationFlowLeaf: String, CaseIterable, Sendable {
  case id
  case name
  case intention
  case status
  case revision
  case runPriority
  case maximumConcurrentRuns
  case hasUnpublishedChanges
  case lastExecutedAt
  case createdAt
  case updatedAt
}

/// Resolvers of `AutomationFlow`.
public protocol AutomationFlowResolvers: Sendable {
  /// What names a column of the table.
  associatedtype TableColumn: Sendable
  /// Where a leaf lies in a row, and how it is written.
  func source(of leaf: AutomationFlowLeaf) -> LeafSource<TableColumn>
  /// Who created it; null when that user is gone.
  var creator: FieldBinding { get }
  /// All nodes, in their order; at most 500.
  var nodes: FieldBinding { get }
  /// All connections; at most 500.
  var connections: FieldBinding { get }
  /// What starts its runs beside `executeFlow`, in the order in which it was added; at most 20.
  var triggers: FieldBinding { get }
  /// Those of its triggers that are on and have asked their services in vain five times in a row, or that name a node which
  /// is not there: see `problem`.
  var failingTriggers: FieldBinding { get }
  /// What triggers start, and `executeFlow` unless it asks for the draft. Null while nothing was published: then a flow runs
  /// as it stands.
  var publishedVersion: FieldBinding { get }
  /// The flow of which a run is started when a run of this one fails.
  var errorFlow: FieldBinding { get }
  /// What was published or has run, the newest first.
  func versions(_ call: FieldCall, _ arguments: AutomationFlowVersionsArguments) throws -> Resolution
  /// Runs of this flow, the newest first.
  func executionLogs(_ call: FieldCall, _ arguments: AutomationFlowExecutionLogsArguments) throws -> Resolution
  /// What the flow's runs came to, counted from the runs themselves.
  func metrics(_ call: FieldCall, _ arguments: AutomationFlowMetricsArguments) throws -> Resolution
}

/// Resolvers of `AutomationFlowConnection`.
public protocol AutomationFlowConnectionResolvers: Sendable {
  var edges: FieldBinding { get }
  /// The flows alone, without cursors.
  var nodes: FieldBinding { get }
  var pageInfo: FieldBinding { get }
  /// How many match in all; computed only when selected.
  var totalCount: FieldBinding { get }
}

/// Resolvers of `AutomationFlowEdge`.
public protocol AutomationFlowEdgeResolvers: Sendable {
  var cursor: FieldBinding { get }
  var node: FieldBinding { get }
}

/// The arguments of `Workbench.flows`.
public struct WorkbenchFlowsArguments: Sendable {
  /// The page's length, 1 to 100; 20 when neither it nor `last` is given.
  public var first: Int?
  /// Only what stands behind this cursor.
  public var after: String?
  /// The length of a page from the end of the list, 1 to 100; not together with `first`.
  public var last: Int?
  /// Only what stands before this cursor.
  public var before: String?
  /// The order of the list; without it the newest come first.
  public var orderBy: FlowOrder?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    first = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
    last = try arguments.decode(at: 2)
    before = try arguments.decode(at: 3)
    orderBy = try arguments.decode(at: 4)
  }
}

/// The leaves of `Workbench` that a row of its table holds.
public enum WorkbenchLeaf: String, CaseIterable, Sendable {
  case id
  case name
  case purpose
  case focus
  case revision
  case createdAt
  case updatedAt
}

/// Resolvers of `Workbench`.
public protocol WorkbenchResolvers: Sendable {
  /// What names a column of the table.
  associatedtype TableColumn: Sendable
  /// Where a leaf lies in a row, and how it is written.
  func source(of leaf: WorkbenchLeaf) -> LeafSource<TableColumn>
  /// Who created it; null when that user is gone.
  var creator: FieldBinding { get }
  /// The flows that lie on it, the newest first; at most 500 in all.
  func flows(_ call: FieldCall, _ arguments: WorkbenchFlowsArguments) throws -> Resolution
}

/// Resolvers of `WorkbenchConnection`.
public protocol WorkbenchConnectionResolvers: Sendable {
  var edges: FieldBinding { get }
  /// The workbenches alone, without cursors.
  var nodes: FieldBinding { get }
  var pageInfo: FieldBinding { get }
  /// How many match in all; computed only when selected.
  var totalCount: FieldBinding { get }
}

/// Resolvers of `WorkbenchEdge`.
public protocol WorkbenchEdgeResolvers: Sendable {
  var cursor: FieldBinding { get }
  var node: FieldBinding { get }
}

/// The leaves of `FlowVersion` that a row of its table holds.
public enum FlowVersionLeaf: String, CaseIterable, Sendable {
  case id
  case number
  case revision
  case definition
  case createdAt
}

/// Resolvers of `FlowVersion`.
public protocol FlowVersionResolvers: Sendable {
  /// What names a column of the table.
  associatedtype TableColumn: Sendable
  /// Where a leaf lies in a row, and how it is written.
  func source(of leaf: FlowVersionLeaf) -> LeafSource<TableColumn>
  var flow: FieldBinding { get }
  /// What changes on the way from this version to another one.
  func difference(_ call: FieldCall, _ to: String?) throws -> Resolution
}

/// Resolvers of `FlowDifference`.
public protocol FlowDifferenceResolvers: Sendable {
  /// Whether there is no difference.
  var isEmpty: FieldBinding { get }
  /// The flow's name, where it differs.
  var name: FieldBinding { get }
  /// The flow of which a run is started when one of this fails, by its id, where it differs.
  var errorFlow: FieldBinding { get }
  /// At most 1,000: in the order of the later state, then what is gone.
  var nodes: FieldBinding { get }
  /// At most 1,000.
  var connections: FieldBinding { get }
}

/// Resolvers of `NodeDifference`.
public protocol NodeDifferenceResolvers: Sendable {
  var kind: FieldBinding { get }
  var nodeId: FieldBinding { get }
  /// The node's key in the later state, or what it had before it was removed.
  var key: FieldBinding { get }
  /// What was changed; empty unless `kind` is `CHANGED`.
  var fields: FieldBinding { get }
}

/// Resolvers of `ConnectionDifference`.
public protocol ConnectionDifferenceResolvers: Sendable {
  var kind: FieldBinding { get }
  var connectionId: FieldBinding { get }
  /// The key of the node that it leaves.
  var from: FieldBinding { get }
  /// The key of the node that it leads to.
  var to: FieldBinding { get }
  /// What was changed; empty unless `kind` is `CHANGED`.
  var fields: FieldBinding { get }
}

/// Resolvers of `FlowVersionConnection`.
public protocol FlowVersionConnectionResolvers: Sendable {
  var edges: FieldBinding { get }
  /// The versions alone, without cursors.
  var nodes: FieldBinding { get }
  var pageInfo: FieldBinding { get }
  /// How many there are; computed only when selected.
  var totalCount: FieldBinding { get }
}

/// Resolvers of `FlowVersionEdge`.
public protocol FlowVersionEdgeResolvers: Sendable {
  var cursor: FieldBinding { get }
  var node: FieldBinding { get }
}

/// The leaves of `AutomationNode` that a row of its table holds.
public enum AutomationNodeLeaf: String, CaseIterable, Sendable {
  case id
  case key
  case title
  case kind
  case detail
  case config
  case order
  case createdAt
  case updatedAt
}

/// Resolvers of `AutomationNode`.
public protocol AutomationNodeResolvers: Sendable {
  /// What names a column of the table.
  associatedtype TableColumn: Sendable
  /// Where a leaf lies in a row, and how it is written.
  func source(of leaf: AutomationNodeLeaf) -> LeafSource<TableColumn>
  var flow: FieldBinding { get }
  /// The loop that the node is inside of; null for a node of the flow itself.
  var parent: FieldBinding { get }
  /// The account that an action uses; null when it needs none or the integration was deleted.
  var integration: FieldBinding { get }
}

/// The leaves of `AutomationConnection` that a row of its table holds.
public enum AutomationConnectionLeaf: String, CaseIterable, Sendable {
  case id
  case label
  case condition
  case outcome
  case createdAt
}

/// Resolvers of `AutomationConnection`.
public protocol AutomationConnectionResolvers: Sendable {
  /// What names a column of the table.
  associatedtype TableColumn: Sendable
  /// Where a leaf lies in a row, and how it is written.
  func source(of leaf: AutomationConnectionLeaf) -> LeafSource<TableColumn>
  var flow: FieldBinding { get }
  var from: FieldBinding { get }
  var to: FieldBinding { get }
}

/// The leaves of `ExecutionLog` that a row of its table holds.
public enum ExecutionLogLeaf: String, CaseIterable, Sendable {
  case id
  case flowName
  case status
  case input
  case createdAt
  case startTime
  case endTime
  case duration
  case result
  case lastSequence
}

/// Resolvers of `ExecutionLog`.
public protocol ExecutionLogResolvers: Sendable {
  /// What names a column of the table.
  associatedtype TableColumn: Sendable
  /// Where a leaf lies in a row, and how it is written.
  func source(of leaf: ExecutionLogLeaf) -> LeafSource<TableColumn>
  /// The flow; null when it was deleted since.
  var flow: FieldBinding { get }
  /// What was executed.
  var version: FieldBinding { get }
  /// The run that this one repeats, by `retryExecution` or `replayExecution`; null when there is none, or it is gone.
  var retryOf: FieldBinding { get }
  /// Who started it; null for triggers and deleted users.
  var user: FieldBinding { get }
  var error: FieldBinding { get }
  /// One entry for each node that was reached or skipped, in the order of the flow; at most 500.
  var nodeExecutions: FieldBinding { get }
}

/// Resolvers of `ExecutionLogConnection`.
public protocol ExecutionLogConnectionResolvers: Sendable {
  var edges: FieldBinding { get }
  /// The runs alone, without cursors.
  var nodes: FieldBinding { get }
  var pageInfo: FieldBinding { get }
  /// How many match in all; computed only when selected.
  var totalCount: FieldBinding { get }
}

/// Resolvers of `ExecutionLogEdge`.
public protocol ExecutionLogEdgeResolvers: Sendable {
  var cursor: FieldBinding { get }
  var node: FieldBinding { get }
}

/// The leaves of `NodeExecutionLog` that a row of its table holds.
public enum NodeExecutionLogLeaf: String, CaseIterable, Sendable {
  case id
  case nodeId
  case nodeKey
  case iteration
  case title
  case kind
  case status
  case attempt
  case startTime
  case endTime
  case input
  case output
  case skipReason
  case duration
}

/// Resolvers of `NodeExecutionLog`.
public protocol NodeExecutionLogResolvers: Sendable {
  /// What names a column of the table.
  associatedtype TableColumn: Sendable
  /// Where a leaf lies in a row, and how it is written.
  func source(of leaf: NodeExecutionLogLeaf) -> LeafSource<TableColumn>
  /// The node as it is now; null when it was removed since.
  var node: FieldBinding { get }
  var error: FieldBinding { get }
}

/// Resolvers of `ExecutionQueued`.
public protocol ExecutionQueuedResolvers: Sendable {
  var sequence: FieldBinding { get }
  var cursor: FieldBinding { get }
  var at: FieldBinding { get }
  var execution: FieldBinding { get }
}

/// Resolvers of `ExecutionStarted`.
public protocol ExecutionStartedResolvers: Sendable {
  var sequence: FieldBinding { get }
  var cursor: FieldBinding { get }
  var at: FieldBinding { get }
  var execution: FieldBinding { get }
}

/// Resolvers of `NodeStarted`.
public protocol NodeStartedResolvers: Sendable {
  var sequence: FieldBinding { get }
  var cursor: FieldBinding { get }
  var at: FieldBinding { get }
  var execution: FieldBinding { get }
  var nodeId: FieldBinding { get }
  var nodeKey: FieldBinding { get }
  /// The positions in the lists of the loops around the node, the outermost first; null outside of every loop.
  var iteration: FieldBinding { get }
  /// Counts tries from 1.
  var attempt: FieldBinding { get }
  var input: FieldBinding { get }
}

/// Resolvers of `NodeRetrying`.
public protocol NodeRetryingResolvers: Sendable {
  var sequence: FieldBinding { get }
  var cursor: FieldBinding { get }
  var at: FieldBinding { get }
  var execution: FieldBinding { get }
  var nodeId: FieldBinding { get }
  var nodeKey: FieldBinding { get }
  /// The positions in the lists of the loops around the node, the outermost first; null outside of every loop.
  var iteration: FieldBinding { get }
  /// The try that failed, from 1.
  var attempt: FieldBinding { get }
  var error: FieldBinding { get }
}

/// Resolvers of `NodeFinished`.
public protocol NodeFinishedResolvers: Sendable {
  var sequence: FieldBinding { get }
  var cursor: FieldBinding { get }
  var at: FieldBinding { get }
  var execution: FieldBinding { get }
  var nodeId: FieldBinding { get }
  var nodeKey: FieldBinding { get }
  /// The positions in the lists of the loops around the node, the outermost first; null outside of every loop.
  var iteration: FieldBinding { get }
  var status: FieldBinding { get }
  var attempt: FieldBinding { get }
  var input: FieldBinding { get }
  var output: FieldBinding { get }
  var error: FieldBinding { get }
  var skipReason: FieldBinding { get }
  /// Milliseconds from start to end.
  var duration: FieldBinding { get }
}

/// Resolvers of `ExecutionWaiting`.
public protocol ExecutionWaitingResolvers: Sendable {
  var sequence: FieldBinding { get }
  var cursor: FieldBinding { get }
  var at: FieldBinding { get }
  var execution: FieldBinding { get }
  /// When it goes on.
  var until: FieldBinding { get }
}

/// Resolvers of `ExecutionLogLine`.
public protocol ExecutionLogLineResolvers: Sendable {
  var sequence: FieldBinding { get }
  var cursor: FieldBinding { get }
  var at: FieldBinding { get }
  var execution: FieldBinding { get }
  /// The node that wrote it; empty for a line of the run itself.
  var nodeKey: FieldBinding { get }
  /// The positions in the lists of the loops around the node, the outermost first; null outside of every loop.
  var iteration: FieldBinding { get }
  /// Up to 8 KiB.
  var message: FieldBinding { get }
}

/// Resolvers of `ExecutionFinished`.
public protocol ExecutionFinishedResolvers: Sendable {
  var sequence: FieldBinding { get }
  var cursor: FieldBinding { get }
  var at: FieldBinding { get }
  var execution: FieldBinding { get }
  var status: FieldBinding { get }
  var result: FieldBinding { get }
  var error: FieldBinding { get }
  /// Milliseconds from start to end.
  var duration: FieldBinding { get }
}

/// Resolvers of `ExecutionUpdate`.
public protocol ExecutionUpdateResolvers: Sendable {
  /// Give it as `after` to resume behind this event, in any subscription to the organization's stream.
  var cursor: FieldBinding { get }
  var flowId: FieldBinding { get }
  var event: FieldBinding { get }
}

/// Resolvers of `FlowChange`.
public protocol FlowChangeResolvers: Sendable {
  /// Give it as `after` to resume behind this change, in any subscription to the organization's stream.
  var cursor: FieldBinding { get }
  var at: FieldBinding { get }
  var kind: FieldBinding { get }
  var flowId: FieldBinding { get }
  /// The flow's revision after the change.
  var revision: FieldBinding { get }
  /// The flow as it is now; null when it is gone.
  var flow: FieldBinding { get }
}

/// Resolvers of `IntegrationStatusChange`.
public protocol IntegrationStatusChangeResolvers: Sendable {
  /// Give it as `after` to resume behind this change, in any subscription to the organization's stream.
  var cursor: FieldBinding { get }
  var at: FieldBinding { get }
  var kind: FieldBinding { get }
  var integrationId: FieldBinding { get }
  /// Whether it was connected after the change.
  var isConnected: FieldBinding { get }
  /// The integration as it is now; null when it is gone.
  var integration: FieldBinding { get }
}

/// The arguments of `Webhook.deliveries`.
public struct WebhookDeliveriesArguments: Sendable {
  /// The page's length, 1 to 100; 20 when neither it nor `last` is given.
  public var first: Int?
  /// Only what stands behind this cursor.
  public var after: String?
  /// The length of a page from the end of the list, 1 to 100; not together with `first`.
  public var last: Int?
  /// Only what stands before this cursor.
  public var before: String?
  public var filter: WebhookDeliveryFilter?
  /// The order of the list; without it the newest come first.
  public var orderBy: WebhookDeliveryOrder?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    first = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
    last = try arguments.decode(at: 2)
    before = try arguments.decode(at: 3)
    filter = try arguments.decode(at: 4)
    orderBy = try arguments.decode(at: 5)
  }
}

/// The leaves of `Webhook` that a row of its table holds.
public enum WebhookLeaf: String, CaseIterable, Sendable {
  case id
  case url
  case description
  case eventTypes
  case isActive
  case disabledReason
  case failingSince
  case revision
  case createdAt
  case updatedAt
}

/// Resolvers of `Webhook`.
public protocol WebhookResolvers: Sendable {
  /// What names a column of the table.
  associatedtype TableColumn: Sendable
  /// Where a leaf lies in a row, and how it is written.
  func source(of leaf: WebhookLeaf) -> LeafSource<TableColumn>
  /// Who created it; null when that user is gone.
  var creator: FieldBinding { get }
  /// What was and will be sent, the newest first. What is over is kept for 30 days.
  func deliveries(_ call: FieldCall, _ arguments: WebhookDeliveriesArguments) throws -> Resolution
}

/// Resolvers of `WebhookConnection`.
public protocol WebhookConnectionResolvers: Sendable {
  var edges: FieldBinding { get }
  /// The webhooks alone, without cursors.
  var nodes: FieldBinding { get }
  var pageInfo: FieldBinding { get }
  /// How many there are; computed only when selected.
  var totalCount: FieldBinding { get }
}

/// Resolvers of `WebhookEdge`.
public protocol WebhookEdgeResolvers: Sendable {
  var cursor: FieldBinding { get }
  var node: FieldBinding { get }
}

/// The leaves of `WebhookDelivery` that a row of its table holds.
public enum WebhookDeliveryLeaf: String, CaseIterable, Sendable {
  case id
  case eventType
  case payload
  case status
  case attempts
  case nextAttemptAt
  case lastAttemptAt
  case responseStatus
  case responseExcerpt
  case error
  case durationMs
  case createdAt
  case finishedAt
}

/// Resolvers of `WebhookDelivery`.
public protocol WebhookDeliveryResolvers: Sendable {
  /// What names a column of the table.
  associatedtype TableColumn: Sendable
  /// Where a leaf lies in a row, and how it is written.
  func source(of leaf: WebhookDeliveryLeaf) -> LeafSource<TableColumn>
  var webhook: FieldBinding { get }
}

/// Resolvers of `WebhookDeliveryConnection`.
public protocol WebhookDeliveryConnectionResolvers: Sendable {
  var edges: FieldBinding { get }
  /// The deliveries alone, without cursors.
  var nodes: FieldBinding { get }
  var pageInfo: FieldBinding { get }
  /// How many match in all; computed only when selected.
  var totalCount: FieldBinding { get }
}

/// Resolvers of `WebhookDeliveryEdge`.
public protocol WebhookDeliveryEdgeResolvers: Sendable {
  var cursor: FieldBinding { get }
  var node: FieldBinding { get }
}

/// The arguments of `FlowTrigger.deliveries`.
public struct FlowTriggerDeliveriesArguments: Sendable {
  /// The page's length, 1 to 100; 20 when neither it nor `last` is given.
  public var first: Int?
  /// Only what stands behind this cursor.
  public var after: String?
  /// The length of a page from the end of the list, 1 to 100; not together with `first`.
  public var last: Int?
  /// Only what stands before this cursor.
  public var before: String?
  /// The order of the list; without it the newest come first.
  public var orderBy: TriggerDeliveryOrder?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    first = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
    last = try arguments.decode(at: 2)
    before = try arguments.decode(at: 3)
    orderBy = try arguments.decode(at: 4)
  }
}

/// The leaves of `FlowTrigger` that a row of its table holds.
public enum FlowTriggerLeaf: String, CaseIterable, Sendable {
  case id
  case kind
  case nodeKey
  case isEnabled
  case sourceStates
  case lastFiredAt
  case nextFireAt
  case revision
  case createdAt
  case updatedAt
}

/// Resolvers of `FlowTrigger`.
public protocol FlowTriggerResolvers: Sendable {
  /// What names a column of the table.
  associatedtype TableColumn: Sendable
  /// Where a leaf lies in a row, and how it is written.
  func source(of leaf: FlowTriggerLeaf) -> LeafSource<TableColumn>
  var flow: FieldBinding { get }
  /// When it is due; null for other kinds.
  var schedule: FieldBinding { get }
  /// How requests are taken; null for other kinds.
  var webhook: FieldBinding { get }
  /// The flow whose runs it waits for; null for other kinds, and for a copy that did not find it.
  var sourceFlow: FieldBinding { get }
  /// The account of the service at which something happens; null for other kinds, and for a copy that did not find it.
  var integration: FieldBinding { get }
  /// What happens there, and how it is heard of; null for other kinds.
  var integrationEvent: FieldBinding { get }
  /// Why it starts nothing: what it would start lacks the node `nodeKey`, or the node whose output is answered with. Null
  /// when it lacks none.
  var problem: FieldBinding { get }
  /// What was received or found, the newest first; kept for 30 days. Empty for schedules and ends of runs.
  func deliveries(_ call: FieldCall, _ arguments: FlowTriggerDeliveriesArguments) throws -> Resolution
}

/// The leaves of `TriggerDelivery` that a row of its table holds.
public enum TriggerDeliveryLeaf: String, CaseIterable, Sendable {
  case id
  case deliveryKey
  case request
  case address
  case receivedAt
}

/// Resolvers of `TriggerDelivery`.
public protocol TriggerDeliveryResolvers: Sendable {
  /// What names a column of the table.
  associatedtype TableColumn: Sendable
  /// Where a leaf lies in a row, and how it is written.
  func source(of leaf: TriggerDeliveryLeaf) -> LeafSource<TableColumn>
  var trigger: FieldBinding { get }
  /// The delivery that was received again; null for what came from outside.
  var replayOf: FieldBinding { get }
  /// Null when the run is gone.
  var execution: FieldBinding { get }
}

/// Resolvers of `TriggerDeliveryConnection`.
public protocol TriggerDeliveryConnectionResolvers: Sendable {
  var edges: FieldBinding { get }
  /// The deliveries alone, without cursors.
  var nodes: FieldBinding { get }
  var pageInfo: FieldBinding { get }
  /// How many there are; computed only when selected.
  var totalCount: FieldBinding { get }
}

/// Resolvers of `TriggerDeliveryEdge`.
public protocol TriggerDeliveryEdgeResolvers: Sendable {
  var cursor: FieldBinding { get }
  var node: FieldBinding { get }
}

/// The arguments of `Query.sessions`.
public struct QuerySessionsArguments: Sendable {
  /// The page's length, 1 to 100; 20 when neither it nor `last` is given.
  public var first: Int?
  /// Only what stands behind this cursor.
  public var after: String?
  /// The length of a page from the end of the list, 1 to 100; not together with `first`.
  public var last: Int?
  /// Only what stands before this cursor.
  public var before: String?
  /// The order of the list; without it the newest come first.
  public var orderBy: SessionOrder?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    first = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
    last = try arguments.decode(at: 2)
    before = try arguments.decode(at: 3)
    orderBy = try arguments.decode(at: 4)
  }
}

/// The arguments of `Query.members`.
public struct QueryMembersArguments: Sendable {
  /// The page's length, 1 to 100; 20 when neither it nor `last` is given.
  public var first: Int?
  /// Only what stands behind this cursor.
  public var after: String?
  /// The length of a page from the end of the list, 1 to 100; not together with `first`.
  public var last: Int?
  /// Only what stands before this cursor.
  public var before: String?
  public var filter: MemberFilter?
  /// The order of the list; without it the newest come first.
  public var orderBy: MembershipOrder?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    first = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
    last = try arguments.decode(at: 2)
    before = try arguments.decode(at: 3)
    filter = try arguments.decode(at: 4)
    orderBy = try arguments.decode(at: 5)
  }
}

/// The arguments of `Query.invitations`.
public struct QueryInvitationsArguments: Sendable {
  /// The page's length, 1 to 100; 20 when neither it nor `last` is given.
  public var first: Int?
  /// Only what stands behind this cursor.
  public var after: String?
  /// The length of a page from the end of the list, 1 to 100; not together with `first`.
  public var last: Int?
  /// Only what stands before this cursor.
  public var before: String?
  public var filter: InvitationFilter?
  /// The order of the list; without it the newest come first.
  public var orderBy: InvitationOrder?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    first = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
    last = try arguments.decode(at: 2)
    before = try arguments.decode(at: 3)
    filter = try arguments.decode(at: 4)
    orderBy = try arguments.decode(at: 5)
  }
}

/// The arguments of `Query.auditLog`.
public struct QueryAuditLogArguments: Sendable {
  /// The page's length, 1 to 100; 20 when neither it nor `last` is given.
  public var first: Int?
  /// Only what stands behind this cursor.
  public var after: String?
  /// The length of a page from the end of the list, 1 to 100; not together with `first`.
  public var last: Int?
  /// Only what stands before this cursor.
  public var before: String?
  public var filter: AuditLogFilter?
  /// The order of the list; without it the newest come first.
  public var orderBy: AuditEventOrder?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    first = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
    last = try arguments.decode(at: 2)
    before = try arguments.decode(at: 3)
    filter = try arguments.decode(at: 4)
    orderBy = try arguments.decode(at: 5)
  }
}

/// The arguments of `Query.apiKeys`.
public struct QueryApiKeysArguments: Sendable {
  /// The page's length, 1 to 100; 20 when neither it nor `last` is given.
  public var first: Int?
  /// Only what stands behind this cursor.
  public var after: String?
  /// The length of a page from the end of the list, 1 to 100; not together with `first`.
  public var last: Int?
  /// Only what stands before this cursor.
  public var before: String?
  public var filter: ApiKeyFilter?
  /// The order of the list; without it the newest come first.
  public var orderBy: ApiKeyOrder?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    first = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
    last = try arguments.decode(at: 2)
    before = try arguments.decode(at: 3)
    filter = try arguments.decode(at: 4)
    orderBy = try arguments.decode(at: 5)
  }
}

/// The arguments of `Query.connectors`.
public struct QueryConnectorsArguments: Sendable {
  /// The page's length, 1 to 100; 20 when neither it nor `last` is given.
  public var first: Int?
  /// Only what stands behind this cursor.
  public var after: String?
  /// The length of a page from the end of the list, 1 to 100; not together with `first`.
  public var last: Int?
  /// Only what stands before this cursor.
  public var before: String?
  public var category: ConnectorCategory?
  /// Part of the name or type.
  public var search: String?
  /// The order of the list; without it by type.
  public var orderBy: ConnectorOrder?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    first = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
    last = try arguments.decode(at: 2)
    before = try arguments.decode(at: 3)
    category = try arguments.decode(at: 4)
    search = try arguments.decode(at: 5)
    orderBy = try arguments.decode(at: 6)
  }
}

/// The arguments of `Query.integrations`.
public struct QueryIntegrationsArguments: Sendable {
  /// The page's length, 1 to 100; 20 when neither it nor `last` is given.
  public var first: Int?
  /// Only what stands behind this cursor.
  public var after: String?
  /// The length of a page from the end of the list, 1 to 100; not together with `first`.
  public var last: Int?
  /// Only what stands before this cursor.
  public var before: String?
  public var filter: IntegrationFilter?
  /// The order of the list; without it the newest come first.
  public var orderBy: IntegrationOrder?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    first = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
    last = try arguments.decode(at: 2)
    before = try arguments.decode(at: 3)
    filter = try arguments.decode(at: 4)
    orderBy = try arguments.decode(at: 5)
  }
}

/// The arguments of `Query.flows`.
public struct QueryFlowsArguments: Sendable {
  /// The page's length, 1 to 100; 20 when neither it nor `last` is given.
  public var first: Int?
  /// Only what stands behind this cursor.
  public var after: String?
  /// The length of a page from the end of the list, 1 to 100; not together with `first`.
  public var last: Int?
  /// Only what stands before this cursor.
  public var before: String?
  public var filter: FlowFilter?
  /// The order of the list; without it the newest come first.
  public var orderBy: FlowOrder?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    first = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
    last = try arguments.decode(at: 2)
    before = try arguments.decode(at: 3)
    filter = try arguments.decode(at: 4)
    orderBy = try arguments.decode(at: 5)
  }
}

/// The arguments of `Query.executionLogs`.
public struct QueryExecutionLogsArguments: Sendable {
  /// The page's length, 1 to 100; 20 when neither it nor `last` is given.
  public var first: Int?
  /// Only what stands behind this cursor.
  public var after: String?
  /// The length of a page from the end of the list, 1 to 100; not together with `first`.
  public var last: Int?
  /// Only what stands before this cursor.
  public var before: String?
  public var filter: ExecutionLogFilter?
  /// The order of the list; without it the newest come first.
  public var orderBy: ExecutionLogOrder?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    first = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
    last = try arguments.decode(at: 2)
    before = try arguments.decode(at: 3)
    filter = try arguments.decode(at: 4)
    orderBy = try arguments.decode(at: 5)
  }
}

/// The arguments of `Query.workbenches`.
public struct QueryWorkbenchesArguments: Sendable {
  /// The page's length, 1 to 100; 20 when neither it nor `last` is given.
  public var first: Int?
  /// Only what stands behind this cursor.
  public var after: String?
  /// The length of a page from the end of the list, 1 to 100; not together with `first`.
  public var last: Int?
  /// Only what stands before this cursor.
  public var before: String?
  public var filter: WorkbenchFilter?
  /// The order of the list; without it the newest come first.
  public var orderBy: WorkbenchOrder?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    first = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
    last = try arguments.decode(at: 2)
    before = try arguments.decode(at: 3)
    filter = try arguments.decode(at: 4)
    orderBy = try arguments.decode(at: 5)
  }
}

/// The arguments of `Query.webhooks`.
public struct QueryWebhooksArguments: Sendable {
  /// The page's length, 1 to 100; 20 when neither it nor `last` is given.
  public var first: Int?
  /// Only what stands behind this cursor.
  public var after: String?
  /// The length of a page from the end of the list, 1 to 100; not together with `first`.
  public var last: Int?
  /// Only what stands before this cursor.
  public var before: String?
  /// The order of the list; without it the newest come first.
  public var orderBy: WebhookOrder?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    first = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
    last = try arguments.decode(at: 2)
    before = try arguments.decode(at: 3)
    orderBy = try arguments.decode(at: 4)
  }
}

/// Resolvers of `Query`.
public protocol QueryResolvers: Sendable {
  /// The object with this id, or null when there is none in the current organization.
  func node(_ call: FieldCall, _ id: String) throws -> Resolution
  /// The objects with these ids (at most 100), null for each that does not exist.
  func nodes(_ call: FieldCall, _ ids: [String]) throws -> Resolution
  /// Who is asking.
  func viewer(_ call: FieldCall) throws -> Resolution
  /// The user's own sessions that have not ended, in all organizations, the newest first.
  func sessions(_ call: FieldCall, _ arguments: QuerySessionsArguments) throws -> Resolution
  /// The organization that the access token or API key is for.
  func organization(_ call: FieldCall) throws -> Resolution
  /// All organizations of the user, the oldest membership first; at most 100.
  func organizations(_ call: FieldCall) throws -> Resolution
  /// The organization's members, those who joined last first.
  func members(_ call: FieldCall, _ arguments: QueryMembersArguments) throws -> Resolution
  /// The organization's invitations, the newest first.
  func invitations(_ call: FieldCall, _ arguments: QueryInvitationsArguments) throws -> Resolution
  /// What was changed in the organization, the newest first.
  func auditLog(_ call: FieldCall, _ arguments: QueryAuditLogArguments) throws -> Resolution
  /// The organization's API keys, the newest first; those that were revoked too.
  func apiKeys(_ call: FieldCall, _ arguments: QueryApiKeysArguments) throws -> Resolution
  /// The catalogue of services.
  func connectors(_ call: FieldCall, _ arguments: QueryConnectorsArguments) throws -> Resolution
  /// The catalogue entry of a type, or null.
  func connector(_ call: FieldCall, _ type: String) throws -> Resolution
  /// The organization's integrations, the newest first.
  func integrations(_ call: FieldCall, _ arguments: QueryIntegrationsArguments) throws -> Resolution
  func integration(_ call: FieldCall, _ id: String) throws -> Resolution
  /// The organization's flows, the newest first.
  func flows(_ call: FieldCall, _ arguments: QueryFlowsArguments) throws -> Resolution
  func flow(_ call: FieldCall, _ id: String) throws -> Resolution
  /// The organization's runs, the newest first.
  func executionLogs(_ call: FieldCall, _ arguments: QueryExecutionLogsArguments) throws -> Resolution
  func executionLog(_ call: FieldCall, _ id: String) throws -> Resolution
  /// Where the organization's stream of events ends now. Ask for it in a request of its own, then for what you show, and
  /// subscribe behind this cursor: no change is missed, though one that is shown already may come again.
  func eventCursor(_ call: FieldCall) throws -> Resolution
  /// The organization's workbenches, the newest first.
  func workbenches(_ call: FieldCall, _ arguments: QueryWorkbenchesArguments) throws -> Resolution
  func workbench(_ call: FieldCall, _ id: String) throws -> Resolution
  /// The organization's webhooks, the newest first.
  func webhooks(_ call: FieldCall, _ arguments: QueryWebhooksArguments) throws -> Resolution
  func webhook(_ call: FieldCall, _ id: String) throws -> Resolution
  /// What webhooks can ask for: a closed list.
  func eventTypes(_ call: FieldCall) throws -> Resolution
}

/// Resolvers of `Mutation`.
public protocol MutationResolvers: Sendable {
  /// Creates an account with a personal organization and signs in. `CONFLICT` when the address is taken.
  func register(_ call: FieldCall, _ input: RegisterInput) async throws -> Column
  /// Signs in. A wrong address and a wrong password are one and the same error.
  func login(_ call: FieldCall, _ input: LoginInput) async throws -> Column
  /// Exchanges a refresh token for a new pair. Each works once; using an old one again ends the whole session.
  func refreshToken(_ call: FieldCall, _ input: RefreshTokenInput) async throws -> Column
  /// Ends the session of the refresh token.
  func logout(_ call: FieldCall, _ input: LogoutInput) async throws -> Column
  /// Ends one of the user's own sessions: its refresh token does not work any more. Access tokens that were issued before
  /// run out by themselves, within 15 minutes.
  func revokeSession(_ call: FieldCall, _ input: RevokeSessionInput) async throws -> Column
  /// Changes what is given of the user's own profile.
  func updateProfile(_ call: FieldCall, _ input: UpdateProfileInput) async throws -> Column
  /// Gives the user a picture: PNG, JPEG, WebP or GIF, up to 10 MiB. Its first bytes say what it is. The one before is
  /// deleted.
  func setAvatar(_ call: FieldCall, _ file: Upload) async throws -> Column
  func setTheme(_ call: FieldCall, _ input: SetThemeInput) async throws -> Column
  /// Changes what is given of the user's own preferences.
  func setPreferences(_ call: FieldCall, _ input: SetPreferencesInput) async throws -> Column
  /// Changes the user's own password and ends all other sessions.
  func changePassword(_ call: FieldCall, _ input: ChangePasswordInput) async throws -> Column
  /// Creates an organization that the user owns; a user may be a member of 100.
  func createOrganization(_ call: FieldCall, _ input: CreateOrganizationInput) async throws -> Column
  /// Gives the organization another name.
  func renameOrganization(_ call: FieldCall, _ input: RenameOrganizationInput) async throws -> Column
  /// Sets how long the organization keeps its runs and its audit log; replaces what it has set before.
  func setRetention(_ call: FieldCall, _ input: SetRetentionInput) async throws -> Column
  /// Limits how many runs of a flow or of the organization, or calls of an integration, go on at once.
  func setRunLimit(_ call: FieldCall, _ input: SetRunLimitInput) async throws -> Column
  /// Gives an access token for another organization of the user. The refresh token stays, and gives tokens for that
  /// organization from now on.
  func switchOrganization(_ call: FieldCall, _ input: SwitchOrganizationInput) async throws -> Column
  /// Invites an e-mail address for seven days; an invitation of the same address that waits is replaced. Nothing is sent: the
  /// token is in this answer alone, for the inviter to hand over.
  func inviteMember(_ call: FieldCall, _ input: InviteMemberInput) async throws -> Column
  /// Takes an invitation back that was not accepted.
  func revokeInvitation(_ call: FieldCall, _ input: RevokeInvitationInput) async throws -> Column
  /// Makes the user a member. The invitation must name the user's own address.
  func acceptInvitation(_ call: FieldCall, _ input: AcceptInvitationInput) async throws -> Column
  /// Gives a member another role, up to one's own. It counts within five seconds. `CONFLICT` for the last owner.
  func changeMemberRole(_ call: FieldCall, _ input: ChangeMemberRoleInput) async throws -> Column
  /// Ends a membership, and the API keys and open invitations of that user. `CONFLICT` for the last owner.
  func removeMember(_ call: FieldCall, _ input: RemoveMemberInput) async throws -> Column
  /// Ends the own membership in an organization. `CONFLICT` for the last owner.
  func leaveOrganization(_ call: FieldCall, _ input: LeaveOrganizationInput) async throws -> Column
  /// Makes an API key; at most 100 that work. The secret is in this answer alone.
  func createApiKey(_ call: FieldCall, _ input: CreateApiKeyInput) async throws -> Column
  /// Gives an API key another secret; the old one works until the grace period is over.
  func rotateApiKey(_ call: FieldCall, _ input: RotateApiKeyInput) async throws -> Column
  /// Ends an API key: within five seconds no process accepts it any more.
  func revokeApiKey(_ call: FieldCall, _ input: RevokeApiKeyInput) async throws -> Column
  /// Connects an account of a service. Credentials are checked against the connector's schema and encrypted.
  func createIntegration(_ call: FieldCall, _ input: CreateIntegrationInput) async throws -> Column
  func updateIntegration(_ call: FieldCall, _ input: UpdateIntegrationInput) async throws -> Column
  /// Asks the service whether it accepts the credentials, and notes the answer in `isConnected`. Where a connector has
  /// nothing to ask, only the form of the credentials is checked, and nothing is noted.
  func testIntegration(_ call: FieldCall, _ input: TestIntegrationInput) async throws -> Column
  /// Begins to connect an account by signing in at its service (OAuth 2.0): send the user to `authorizationUrl`. The service
  /// sends them back to `redirectUrl` with a code for `finishIntegrationOAuth`.
  func startIntegrationOAuth(_ call: FieldCall, _ input: StartIntegrationOAuthInput) async throws -> Column
  /// Ends what `startIntegrationOAuth` began: the code is exchanged for tokens, which are sealed and renewed in time.
  func finishIntegrationOAuth(_ call: FieldCall, _ input: FinishIntegrationOAuthInput) async throws -> Column
  /// Refused with the flows that use it, unless `force`.
  func deleteIntegration(_ call: FieldCall, _ input: DeleteIntegrationInput) async throws -> Column
  /// Creates a flow with its nodes and connections in one transaction; connections name nodes by their keys.
  func createFlow(_ call: FieldCall, _ input: CreateFlowInput) async throws -> Column
  /// Changes what is given; nodes and connections stay.
  func updateFlow(_ call: FieldCall, _ input: UpdateFlowInput) async throws -> Column
  /// Replaces all nodes and connections; a node keeps its id when its key stays.
  func replaceFlow(_ call: FieldCall, _ input: ReplaceFlowInput) async throws -> Column
  /// Deletes a flow; its runs stay, with its name.
  func deleteFlow(_ call: FieldCall, _ input: DeleteFlowInput) async throws -> Column
  /// Creates a flow with the same nodes and connections, paused; the nodes have ids of their own.
  func duplicateFlow(_ call: FieldCall, _ input: DuplicateFlowInput) async throws -> Column
  /// Gives a flow as one JSON document that `importFlow` of this or another Studio accepts, with its triggers. Integrations
  /// are in it by type and name, flows by name; no credential, secret or URL is. Changes nothing.
  func exportFlow(_ call: FieldCall, _ input: ExportFlowInput) async throws -> Column
  /// Creates a flow from a document of `exportFlow`.
  func importFlow(_ call: FieldCall, _ input: ImportFlowInput) async throws -> Column
  func activateFlow(_ call: FieldCall, _ input: ChangeFlowStatusInput) async throws -> Column
  func pauseFlow(_ call: FieldCall, _ input: ChangeFlowStatusInput) async throws -> Column
  func archiveFlow(_ call: FieldCall, _ input: ChangeFlowStatusInput) async throws -> Column
  /// Makes the flow as it stands its published version, which triggers start from then on. It must be able to run. The first
  /// call separates draft and published version: before it a flow runs as it stands.
  func publishFlow(_ call: FieldCall, _ input: PublishFlowInput) async throws -> Column
  /// Makes a version the draft again: the flow gets its name, nodes and connections. What is published stays.
  func restoreFlowVersion(_ call: FieldCall, _ input: RestoreFlowVersionInput) async throws -> Column
  /// Tells everything that is wrong with a flow's graph; changes nothing.
  func validateFlow(_ call: FieldCall, _ input: ValidateFlowInput) async throws -> Column
  func addNode(_ call: FieldCall, _ input: AddNodeInput) async throws -> Column
  func updateNode(_ call: FieldCall, _ input: UpdateNodeInput) async throws -> Column
  /// Gives a node another place in the order of the flow's nodes.
  func moveNode(_ call: FieldCall, _ input: MoveNodeInput) async throws -> Column
  /// Removes a node and its connections.
  func removeNode(_ call: FieldCall, _ input: RemoveNodeInput) async throws -> Column
  func connectNodes(_ call: FieldCall, _ input: ConnectNodesInput) async throws -> Column
  func disconnectNodes(_ call: FieldCall, _ input: DisconnectNodesInput) async throws -> Column
  /// Accepts a run of the flow. The run is committed before the answer.
  func executeFlow(_ call: FieldCall, _ input: ExecuteFlowInput) async throws -> Column
  /// Asks a run to stop. Running requests are aborted, waiting delays end, what has not started is skipped.
  func cancelExecution(_ call: FieldCall, _ input: CancelExecutionInput) async throws -> Column
  /// Approves or rejects what a waiting node of a run asks for. `CONFLICT` when it waits for no decision.
  func decideApproval(_ call: FieldCall, _ input: DecideApprovalInput) async throws -> Column
  /// Runs again what failed or was cancelled: a new run with the same version and input, from the beginning or from where it
  /// failed. `CONFLICT` when the run succeeded, is not over, or its flow is archived.
  func retryExecution(_ call: FieldCall, _ input: RetryExecutionInput) async throws -> Column
  /// Starts a new run with the stored input of any run, with the version that it had or a newer one.
  func replayExecution(_ call: FieldCall, _ input: ReplayExecutionInput) async throws -> Column
  /// Creates a workbench with the flows that lie on it.
  func createWorkbench(_ call: FieldCall, _ input: CreateWorkbenchInput) async throws -> Column
  /// Changes what is given.
  func updateWorkbench(_ call: FieldCall, _ input: UpdateWorkbenchInput) async throws -> Column
  /// Deletes a workbench; its flows stay.
  func deleteWorkbench(_ call: FieldCall, _ input: DeleteWorkbenchInput) async throws -> Column
  /// Lays flows on a workbench; those that lie there already stay.
  func addFlowsToWorkbench(_ call: FieldCall, _ input: ChangeWorkbenchFlowsInput) async throws -> Column
  /// Takes flows off a workbench; those that do not lie there are passed over. The flows themselves stay.
  func removeFlowsFromWorkbench(_ call: FieldCall, _ input: ChangeWorkbenchFlowsInput) async throws -> Column
  /// Creates a webhook and gives its secret, which no query ever gives.
  func createWebhook(_ call: FieldCall, _ input: CreateWebhookInput) async throws -> Column
  /// Changes what is given. Switching it off cancels what waits to be sent; switching it on forgets that it was failing.
  func updateWebhook(_ call: FieldCall, _ input: UpdateWebhookInput) async throws -> Column
  /// Gives it a new secret. For 24 hours what is sent is signed with the old one too.
  func rotateWebhookSecret(_ call: FieldCall, _ input: RotateWebhookSecretInput) async throws -> Column
  /// Deletes a webhook with its deliveries.
  func deleteWebhook(_ call: FieldCall, _ input: DeleteWebhookInput) async throws -> Column
  /// Sends a test event now, once, also to a webhook that is switched off, and waits for the answer.
  func testWebhook(_ call: FieldCall, _ input: TestWebhookInput) async throws -> Column
  /// Sends a delivery that is over once more, under the same id; it is tried again as if it were new.
  func redeliver(_ call: FieldCall, _ input: RedeliverInput) async throws -> Column
  /// Adds a trigger to a flow. It starts runs as soon as the flow is active.
  func addTrigger(_ call: FieldCall, _ input: AddTriggerInput) async throws -> Column
  /// Changes what is given; a trigger stays of its kind.
  func updateTrigger(_ call: FieldCall, _ input: UpdateTriggerInput) async throws -> Column
  func enableTrigger(_ call: FieldCall, _ input: SetTriggerEnabledInput) async throws -> Column
  /// Keeps it from starting runs; requests are refused with 409.
  func disableTrigger(_ call: FieldCall, _ input: SetTriggerEnabledInput) async throws -> Column
  /// Removes a trigger; what it has received is gone with it.
  func removeTrigger(_ call: FieldCall, _ input: RemoveTriggerInput) async throws -> Column
  /// Gives a webhook trigger a new secret, a new URL, or both. The former secret is accepted for 24 hours more, the former
  /// URL not at all.
  func rotateTriggerSecret(_ call: FieldCall, _ input: RotateTriggerSecretInput) async throws -> Column
  /// Shows the secret that a service has told a trigger, where it has to be entered at the service (Notion's verification
  /// token). `CONFLICT` before the service has told it.
  func revealTriggerSecret(_ call: FieldCall, _ input: RevealTriggerSecretInput) async throws -> Column
  /// Starts a new run with what was received, by the flow as it is now; the trigger and its flow must be active.
  func replayDelivery(_ call: FieldCall, _ input: ReplayDeliveryInput) async throws -> Column
}

/// Resolvers of `AuthenticationPayload`.
public protocol AuthenticationPayloadResolvers: Sendable {
  /// An RS256 JWT for `Authorization: Bearer`.
  var accessToken: FieldBinding { get }
  /// Seconds until the access token expires.
  var expiresIn: FieldBinding { get }
  /// Works once, within 7 days.
  var refreshToken: FieldBinding { get }
  var user: FieldBinding { get }
  var organization: FieldBinding { get }
}

/// Resolvers of `UpdateProfilePayload`.
public protocol UpdateProfilePayloadResolvers: Sendable {
  var user: FieldBinding { get }
}

/// Resolvers of `SetAvatarPayload`.
public protocol SetAvatarPayloadResolvers: Sendable {
  /// `avatarUrl` is where the picture can be fetched.
  var user: FieldBinding { get }
}

/// Resolvers of `SetThemePayload`.
public protocol SetThemePayloadResolvers: Sendable {
  var user: FieldBinding { get }
}

/// Resolvers of `SetPreferencesPayload`.
public protocol SetPreferencesPayloadResolvers: Sendable {
  var viewer: FieldBinding { get }
}

/// Resolvers of `ChangePasswordPayload`.
public protocol ChangePasswordPayloadResolvers: Sendable {
  var user: FieldBinding { get }
  /// How many other sessions were ended.
  var revokedSessions: FieldBinding { get }
}

/// Resolvers of `CreateOrganizationPayload`.
public protocol CreateOrganizationPayloadResolvers: Sendable {
  var organization: FieldBinding { get }
}

/// Resolvers of `RenameOrganizationPayload`.
public protocol RenameOrganizationPayloadResolvers: Sendable {
  var organization: FieldBinding { get }
}

/// Resolvers of `SetRetentionPayload`.
public protocol SetRetentionPayloadResolvers: Sendable {
  var organization: FieldBinding { get }
}

/// Resolvers of `SetRunLimitPayload`.
public protocol SetRunLimitPayloadResolvers: Sendable {
  /// Null when it was not a flow that was limited.
  var flow: FieldBinding { get }
  /// Null when it was not an integration that was limited.
  var integration: FieldBinding { get }
  var organization: FieldBinding { get }
}

/// Resolvers of `SwitchOrganizationPayload`.
public protocol SwitchOrganizationPayloadResolvers: Sendable {
  /// An RS256 JWT for `Authorization: Bearer`.
  var accessToken: FieldBinding { get }
  /// Seconds until the access token expires.
  var expiresIn: FieldBinding { get }
  var viewer: FieldBinding { get }
}

/// Resolvers of `InviteMemberPayload`.
public protocol InviteMemberPayloadResolvers: Sendable {
  var invitation: FieldBinding { get }
  /// What `acceptInvitation` takes. It cannot be shown again.
  var token: FieldBinding { get }
}

/// Resolvers of `AcceptInvitationPayload`.
public protocol AcceptInvitationPayloadResolvers: Sendable {
  /// Sign in with its id, or `switchOrganization`, to work in it.
  var organization: FieldBinding { get }
}

/// Resolvers of `ChangeMemberRolePayload`.
public protocol ChangeMemberRolePayloadResolvers: Sendable {
  var membership: FieldBinding { get }
}

/// Resolvers of `CreateApiKeyPayload`.
public protocol CreateApiKeyPayloadResolvers: Sendable {
  var apiKey: FieldBinding { get }
  /// What a program sends. It cannot be shown again.
  var secret: FieldBinding { get }
}

/// Resolvers of `RotateApiKeyPayload`.
public protocol RotateApiKeyPayloadResolvers: Sendable {
  var apiKey: FieldBinding { get }
  /// What a program sends from now on. It cannot be shown again.
  var secret: FieldBinding { get }
}

/// Resolvers of `RevokeApiKeyPayload`.
public protocol RevokeApiKeyPayloadResolvers: Sendable {
  var apiKey: FieldBinding { get }
}

/// Resolvers of `CreateIntegrationPayload`.
public protocol CreateIntegrationPayloadResolvers: Sendable {
  var integration: FieldBinding { get }
}

/// Resolvers of `UpdateIntegrationPayload`.
public protocol UpdateIntegrationPayloadResolvers: Sendable {
  var integration: FieldBinding { get }
}

/// Resolvers of `TestIntegrationPayload`.
public protocol TestIntegrationPayloadResolvers: Sendable {
  /// Whether the service accepts the credentials; null when the connector has nothing to ask it.
  var isAccepted: FieldBinding { get }
  /// What came of it, for people: "The service answered with the status 401."
  var message: FieldBinding { get }
  var integration: FieldBinding { get }
}

/// Resolvers of `FinishIntegrationOAuthPayload`.
public protocol FinishIntegrationOAuthPayloadResolvers: Sendable {
  var integration: FieldBinding { get }
}

/// Resolvers of `CreateFlowPayload`.
public protocol CreateFlowPayloadResolvers: Sendable {
  var flow: FieldBinding { get }
}

/// Resolvers of `UpdateFlowPayload`.
public protocol UpdateFlowPayloadResolvers: Sendable {
  var flow: FieldBinding { get }
}

/// Resolvers of `ReplaceFlowPayload`.
public protocol ReplaceFlowPayloadResolvers: Sendable {
  var flow: FieldBinding { get }
}

/// Resolvers of `DuplicateFlowPayload`.
public protocol DuplicateFlowPayloadResolvers: Sendable {
  var flow: FieldBinding { get }
  /// The copy's triggers, with their new secrets, in the order of those that they are copies of.
  var triggers: FieldBinding { get }
  /// What the copy lacks. A trigger that lacks something is off.
  var warnings: FieldBinding { get }
}

/// Resolvers of `CopiedTrigger`.
public protocol CopiedTriggerResolvers: Sendable {
  var trigger: FieldBinding { get }
  /// What requests are to be signed with; empty where nobody signs and where the service gives it. Keep it: no query does.
  var secret: FieldBinding { get }
}

/// Resolvers of `ImportFlowPayload`.
public protocol ImportFlowPayloadResolvers: Sendable {
  var flow: FieldBinding { get }
  /// The nodes that came with an integration which the organization does not have; they have none now.
  var missingIntegrations: FieldBinding { get }
  /// Its triggers, with their new secrets, in the document's order.
  var triggers: FieldBinding { get }
  /// What it lacks here beside the integrations of nodes. A trigger that lacks something is off.
  var warnings: FieldBinding { get }
}

/// Resolvers of `ChangeFlowStatusPayload`.
public protocol ChangeFlowStatusPayloadResolvers: Sendable {
  var flow: FieldBinding { get }
}

/// Resolvers of `PublishFlowPayload`.
public protocol PublishFlowPayloadResolvers: Sendable {
  var flow: FieldBinding { get }
  var version: FieldBinding { get }
}

/// Resolvers of `RestoreFlowVersionPayload`.
public protocol RestoreFlowVersionPayloadResolvers: Sendable {
  var flow: FieldBinding { get }
  /// Keys of the nodes whose integration does not exist any more; they have none now.
  var nodesWithoutIntegration: FieldBinding { get }
  /// What it lacks beside that: the version's error flow, when that is gone.
  var warnings: FieldBinding { get }
}

/// Resolvers of `ValidateFlowPayload`.
public protocol ValidateFlowPayloadResolvers: Sendable {
  /// Whether there is no problem of severity `ERROR`.
  var isValid: FieldBinding { get }
  /// At most 100.
  var problems: FieldBinding { get }
}

/// Resolvers of `AddNodePayload`.
public protocol AddNodePayloadResolvers: Sendable {
  var node: FieldBinding { get }
  var flow: FieldBinding { get }
}

/// Resolvers of `UpdateNodePayload`.
public protocol UpdateNodePayloadResolvers: Sendable {
  var node: FieldBinding { get }
  var flow: FieldBinding { get }
}

/// Resolvers of `MoveNodePayload`.
public protocol MoveNodePayloadResolvers: Sendable {
  var node: FieldBinding { get }
  var flow: FieldBinding { get }
}

/// Resolvers of `RemoveNodePayload`.
public protocol RemoveNodePayloadResolvers: Sendable {
  var deletedId: FieldBinding { get }
  var flow: FieldBinding { get }
}

/// Resolvers of `ConnectNodesPayload`.
public protocol ConnectNodesPayloadResolvers: Sendable {
  var connection: FieldBinding { get }
  var flow: FieldBinding { get }
}

/// Resolvers of `DisconnectNodesPayload`.
public protocol DisconnectNodesPayloadResolvers: Sendable {
  var deletedId: FieldBinding { get }
  var flow: FieldBinding { get }
}

/// Resolvers of `ExecuteFlowPayload`.
public protocol ExecuteFlowPayloadResolvers: Sendable {
  var execution: FieldBinding { get }
}

/// Resolvers of `CancelExecutionPayload`.
public protocol CancelExecutionPayloadResolvers: Sendable {
  var execution: FieldBinding { get }
}

/// Resolvers of `DecideApprovalPayload`.
public protocol DecideApprovalPayloadResolvers: Sendable {
  var execution: FieldBinding { get }
}

/// Resolvers of `RetryExecutionPayload`.
public protocol RetryExecutionPayloadResolvers: Sendable {
  /// The new run; its `retryOf` is the old one.
  var execution: FieldBinding { get }
}

/// Resolvers of `ReplayExecutionPayload`.
public protocol ReplayExecutionPayloadResolvers: Sendable {
  /// The new run; its `retryOf` is the old one.
  var execution: FieldBinding { get }
}

/// Resolvers of `CreateWorkbenchPayload`.
public protocol CreateWorkbenchPayloadResolvers: Sendable {
  var workbench: FieldBinding { get }
}

/// Resolvers of `UpdateWorkbenchPayload`.
public protocol UpdateWorkbenchPayloadResolvers: Sendable {
  var workbench: FieldBinding { get }
}

/// Resolvers of `ChangeWorkbenchFlowsPayload`.
public protocol ChangeWorkbenchFlowsPayloadResolvers: Sendable {
  var workbench: FieldBinding { get }
}

/// Resolvers of `CreateWebhookPayload`.
public protocol CreateWebhookPayloadResolvers: Sendable {
  var webhook: FieldBinding { get }
  /// What requests are signed with, `whsec_…`. Keep it: no query gives it.
  var secret: FieldBinding { get }
}

/// Resolvers of `UpdateWebhookPayload`.
public protocol UpdateWebhookPayloadResolvers: Sendable {
  var webhook: FieldBinding { get }
}

/// Resolvers of `RotateWebhookSecretPayload`.
public protocol RotateWebhookSecretPayloadResolvers: Sendable {
  var webhook: FieldBinding { get }
  /// The new secret. Keep it: no query gives it.
  var secret: FieldBinding { get }
}

/// Resolvers of `TestWebhookPayload`.
public protocol TestWebhookPayloadResolvers: Sendable {
  /// With the answer, or why there was none.
  var delivery: FieldBinding { get }
}

/// Resolvers of `RedeliverPayload`.
public protocol RedeliverPayloadResolvers: Sendable {
  var delivery: FieldBinding { get }
}

/// Resolvers of `AddTriggerPayload`.
public protocol AddTriggerPayloadResolvers: Sendable {
  var trigger: FieldBinding { get }
  /// What requests are to be signed with; empty where nobody signs. Keep it: no query gives it.
  var secret: FieldBinding { get }
}

/// Resolvers of `UpdateTriggerPayload`.
public protocol UpdateTriggerPayloadResolvers: Sendable {
  var trigger: FieldBinding { get }
  /// The secret, when the change made a new one; else empty.
  var secret: FieldBinding { get }
}

/// Resolvers of `SetTriggerEnabledPayload`.
public protocol SetTriggerEnabledPayloadResolvers: Sendable {
  var trigger: FieldBinding { get }
}

/// Resolvers of `RotateTriggerSecretPayload`.
public protocol RotateTriggerSecretPayloadResolvers: Sendable {
  var trigger: FieldBinding { get }
  /// The new secret; empty where nobody signs.
  var secret: FieldBinding { get }
}

/// Resolvers of `RevealTriggerSecretPayload`.
public protocol RevealTriggerSecretPayloadResolvers: Sendable {
  var trigger: FieldBinding { get }
  var secret: FieldBinding { get }
}

/// Resolvers of `ReplayDeliveryPayload`.
public protocol ReplayDeliveryPayloadResolvers: Sendable {
  /// The new delivery.
  var delivery: FieldBinding { get }
}

/// The arguments of `Subscription.executionUpdated`.
public struct SubscriptionExecutionUpdatedArguments: Sendable {
  public var id: String
  public var after: String?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    id = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
  }
}

/// The arguments of `Subscription.flowExecutions`.
public struct SubscriptionFlowExecutionsArguments: Sendable {
  public var flowId: String
  public var after: String?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    flowId = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
  }
}

/// The arguments of `Subscription.flowChanged`.
public struct SubscriptionFlowChangedArguments: Sendable {
  public var id: String?
  public var after: String?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    id = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
  }
}

/// The arguments of `Subscription.integrationStatusChanged`.
public struct SubscriptionIntegrationStatusChangedArguments: Sendable {
  public var id: String?
  public var after: String?

  public init(_ arguments: Arguments) throws(InputMismatch) {
    id = try arguments.decode(at: 0)
    after = try arguments.decode(at: 1)
  }
}

/// Resolvers of `Subscription`.
public protocol SubscriptionResolvers: Sendable {
  /// Everything that happens in a run, in order, without a gap and without a repeat, until it ends. What happened before is
  /// sent first; with `after`, only what came behind that cursor.
  func executionUpdated(_ call: FieldCall, _ arguments: SubscriptionExecutionUpdatedArguments) async throws -> FieldBinding.EventStream
  /// Everything that happens in the organization's runs, in the order of its stream, without a gap and without a repeat; it
  /// does not end. Without `after`, from now on; with it, what came behind that cursor. `CURSOR_EXPIRED` when part of that is
  /// not stored any more: read `eventCursor`, then what you show, and subscribe behind that cursor.
  func executions(_ call: FieldCall, _ after: String?) async throws -> FieldBinding.EventStream
  /// The same of one flow's runs. A flow that does not exist has none.
  func flowExecutions(_ call: FieldCall, _ arguments: SubscriptionFlowExecutionsArguments) async throws -> FieldBinding.EventStream
  /// What happens to a flow, or without `id` to any; resumed as `executions` is.
  func flowChanged(_ call: FieldCall, _ arguments: SubscriptionFlowChangedArguments) async throws -> FieldBinding.EventStream
  /// An integration, or without `id` any, was created, checked, changed or deleted; resumed as `executions` is.
  func integrationStatusChanged(_ call: FieldCall, _ arguments: SubscriptionIntegrationStatusChangedArguments) async throws -> FieldBinding.EventStream
}
