// Written by studio-codegen from schema.graphql; do not edit.
// swift-format-ignore-file

import GraphQLEngine

/// The published schema.
public let schemaText = ##"""
  """
  The Studio: connect services, draw flows of nodes and connections, run them, and
  watch every run live.

  Ids are TypeIDs: a prefix that names the type and a UUIDv7 in Crockford base32, `flow_01h455vb4pex5vsknk084sn02q`.
  Times are RFC 3339 in UTC with milliseconds. Every error carries `extensions.code`; what another organization owns is
  `NOT_FOUND`.
  """
  schema {
    query: Query
    mutation: Mutation
    subscription: Subscription
  }

  "The field may be used without signing in."
  directive @public on FIELD_DEFINITION

  "The field needs a user's access token, else `UNAUTHENTICATED`; an API key is `FORBIDDEN`."
  directive @authenticated on FIELD_DEFINITION

  """
  The field needs a valid access token or API key, else `UNAUTHENTICATED`, and at least this role in the current
  organization, else `FORBIDDEN`. An API key needs the scope too: `READ` where a query or subscription names none; a
  mutation that names none is not for API keys.
  """
  directive @requires(role: Role!, scope: ApiKeyScope) on FIELD_DEFINITION

  """
  What a field, an argument or an object costs beside others. Without it a field that gives objects and each of its
  objects cost 1, a leaf nothing.
  """
  directive @cost(
    "A number as text, `2.5`."
    weight: String!
  ) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR

  "How long a list is taken to be when an operation's cost is computed."
  directive @listSize(
    "Its length when no argument tells."
    assumedSize: Int
    "The arguments that tell it: a number, or a list as long as the answer's."
    slicingArguments: [String!]
    "The lists below this field that have the length; without them the field is the list."
    sizedFields: [String!]
    "Whether a request must give just one of the arguments; the Studio does not ask for it."
    requireOneSlicingArgument: Boolean = true
  ) on FIELD_DEFINITION

  """
  Delivers a fragment later, in a payload of its own, over the transports that can: `multipart/mixed`,
  `text/event-stream`, WebSocket. Elsewhere it has no effect.
  """
  directive @defer(
    "Not when it is false."
    if: Boolean! = true
    "Names the fragment in the payloads."
    label: String
  ) on FRAGMENT_SPREAD | INLINE_FRAGMENT

  "Delivers the items of a list later, over the transports that can; elsewhere it has no effect."
  directive @stream(
    "Not when it is false."
    if: Boolean! = true
    "Names the list in the payloads."
    label: String
    "How many items come at once."
    initialCount: Int! = 0
  ) on FIELD

  "How long an answer may be kept: the least of all its fields. Objects without a hint are not kept."
  directive @cacheControl(
    "In seconds."
    maxAge: Int
    scope: CacheControlScope
    "As long as the object that has the field."
    inheritMaxAge: Boolean
  ) on FIELD_DEFINITION | INTERFACE | OBJECT | UNION

  "Who may keep an answer."
  enum CacheControlScope {
    "Any cache."
    PUBLIC
    "The client's own."
    PRIVATE
  }

  "An instant: RFC 3339 in UTC with milliseconds, `2026-11-21T09:30:00.000Z`. Inputs may have any offset."
  scalar DateTime @specifiedBy(url: "https://scalars.graphql.org/andimarek/date-time")

  "Any JSON value: object, list, string, number, boolean or null. At most 256 KiB and 64 levels deep."
  scalar JSON @specifiedBy(url: "https://www.rfc-editor.org/rfc/rfc8259")

  "An opaque position in a list or a stream of events. Only values that the Studio gave are accepted."
  scalar Cursor

  "An e-mail address of at most 254 characters. Compared without regard to case."
  scalar EmailAddress @specifiedBy(url: "https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address")

  """
  A file of the request, sent as the GraphQL multipart request specification has it. In a JSON request there is none.
  """
  scalar Upload @specifiedBy(url: "https://github.com/jaydenseric/graphql-multipart-request-spec")

  "Anything with an id that `node` and `nodes` can find."
  interface Node {
    "A TypeID; unique among all objects of all types."
    id: ID!
  }

  "Where a page stands in its list."
  type PageInfo @cacheControl(inheritMaxAge: true) {
    "Whether more items follow."
    hasNextPage: Boolean!
    "Whether items precede."
    hasPreviousPage: Boolean!
    "The cursor of the first item; null on an empty page."
    startCursor: Cursor
    "The cursor of the last item; null on an empty page."
    endCursor: Cursor
  }

  # Accounts

  "What a member of an organization may do; each role may do what the ones after it may."
  enum Role {
    "Everything, deleting the organization included."
    OWNER
    "Manages members, keys and settings."
    ADMIN
    "Creates and changes flows and integrations."
    EDITOR
    "Runs flows and cancels runs."
    OPERATOR
    "Reads."
    VIEWER
  }

  "The colours that a user chose for the clients."
  enum Theme {
    COPPER_TIDE
    MINT_VOLTAGE
    SOLAR_DRIFT
  }

  "A person with an account; a member of one or more organizations."
  type User implements Node {
    id: ID!
    "Visible to the user and to members of a common organization."
    email: EmailAddress!
    "1 to 200 characters."
    name: String!
    "Where the avatar can be fetched; null without one."
    avatarUrl: String
    theme: Theme!
    createdAt: DateTime!
    updatedAt: DateTime!
    "Flows of the current organization that this user created, the newest first."
    flows(
      "The page's length, 1 to 100; 20 when neither it nor `last` is given."
      first: Int
      "Only what stands behind this cursor."
      after: Cursor
      "The length of a page from the end of the list, 1 to 100; not together with `first`."
      last: Int
      "Only what stands before this cursor."
      before: Cursor
      "The order of the list; without it the newest come first."
      orderBy: FlowOrder
    ): AutomationFlowConnection! @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
  }

  "Who owns integrations, flows and runs. Registering creates a personal one."
  type Organization implements Node {
    id: ID!
    "1 to 200 characters."
    name: String!
    createdAt: DateTime!
    updatedAt: DateTime!
    """
    What the organization's runs came to, counted from the runs themselves. Null for another organization than the one
    that the access token was issued for.
    """
    metrics(
      "The time that they are of."
      period: MetricsPeriod! = LAST_30_DAYS
      "Where the time ends; now when it is left out."
      until: DateTime
    ): OrganizationMetrics
    """
    What the organization has set about how long its runs and its audit log are kept. Null for another organization than
    the one that the access token was issued for.
    """
    retention: Retention
    "How many of the organization's runs may go on at once; null without a limit. Those that find no place wait."
    maximumConcurrentRuns: Int
  }

  "How long what happened is kept. Null leaves it to the server's default; 0 keeps all of it for ever."
  type Retention {
    "Days after which runs that are over are forgotten."
    runDays: Int
    "Runs that are kept, the newest."
    runCount: Int
    "Days after which events of the audit log are forgotten."
    auditDays: Int
  }

  "A user's place in an organization."
  type Membership implements Node {
    id: ID!
    organization: Organization!
    user: User!
    role: Role!
    createdAt: DateTime!
  }

  "A page of members."
  type MembershipConnection {
    edges: [MembershipEdge!]!
    "The memberships alone, without cursors."
    nodes: [Membership!]!
    pageInfo: PageInfo!
    "How many match in all; computed only when selected."
    totalCount: Int!
  }

  type MembershipEdge {
    cursor: Cursor!
    node: Membership!
  }

  "Somebody who may become a member, with a token that was given to the inviter once."
  type Invitation implements Node {
    id: ID!
    "Only the user with this address can accept."
    email: EmailAddress!
    "The role that the new member will have."
    role: Role!
    "Null when that user is not a member any more."
    inviter: User
    expiresAt: DateTime!
    "Null while it waits."
    acceptedAt: DateTime
    createdAt: DateTime!
  }

  "A page of invitations."
  type InvitationConnection {
    edges: [InvitationEdge!]!
    "The invitations alone, without cursors."
    nodes: [Invitation!]!
    pageInfo: PageInfo!
    "How many match in all; computed only when selected."
    totalCount: Int!
  }

  type InvitationEdge {
    cursor: Cursor!
    node: Invitation!
  }

  "Who is asking, and for which organization."
  type Viewer {
    "With an API key the user who created it."
    user: User!
    "The API key that is used; null with an access token."
    apiKey: ApiKey
    "The organization that the access token was issued for, or that the API key belongs to."
    organization: Organization!
    "The role in that organization."
    role: Role!
    "All organizations of the user, the oldest membership first; at most 100. `FORBIDDEN` with an API key."
    memberships: [Membership!]!
    "`FORBIDDEN` with an API key."
    preferences: UserPreferences!
    "The session that the access token belongs to; null when it was revoked since, and with an API key."
    session: Session
  }

  """
  What a user chose for the clients; the server keeps it and does not use it.
  """
  type UserPreferences {
    "A BCP 47 tag, `en` or `pt-BR`; null when none was chosen."
    language: String
    "A name of the IANA time zone database, `Europe/Paris`; null when none was chosen."
    timeZone: String
    "What clients keep beside that; an object, by default an empty one."
    values: JSON!
  }

  "A sign-in that has not ended: its refresh token works."
  type Session implements Node {
    id: ID!
    "The organization that its access tokens are for; null when the user is not a member any more."
    organization: Organization
    "When the user signed in."
    createdAt: DateTime!
    "When its tokens were last issued."
    lastUsedAt: DateTime!
    "When it ends unless its refresh token is used before."
    expiresAt: DateTime!
  }

  "A page of sessions."
  type SessionConnection {
    edges: [SessionEdge!]!
    "The sessions alone, without cursors."
    nodes: [Session!]!
    pageInfo: PageInfo!
    "How many there are; computed only when selected."
    totalCount: Int!
  }

  type SessionEdge {
    cursor: Cursor!
    node: Session!
  }

  # API keys

  "What an API key may be used for, within its role."
  enum ApiKeyScope {
    """
    All that the key's role may read. Answers of the other scopes' mutations lead on to all that can be read, so each of
    them contains this one.
    """
    READ
    "Creating, changing and deleting flows with their nodes and connections."
    FLOWS_WRITE
    "Running flows and cancelling runs."
    EXECUTIONS_WRITE
    "Connecting, changing and deleting integrations."
    INTEGRATIONS_WRITE
    "Creating, changing and deleting workbenches."
    WORKBENCHES_WRITE
    "Creating, changing, testing and deleting webhooks."
    WEBHOOKS_WRITE
    "Reading the audit log."
    AUDIT_READ
  }

  """
  What a program acts with for the organization, in place of a user's access token: `Authorization: Bearer …` or
  `X-API-Key: …`. The key itself is shown once, when it is made.
  """
  type ApiKey implements Node {
    id: ID!
    "1 to 200 characters."
    name: String!
    "The beginning and the end of the key: `studio_key_…9fQk`."
    hint: String!
    "What it may do at most; it may never more than the user who created it."
    role: Role!
    scopes: [ApiKeyScope!]!
    "Who created it; null when that user is not a member any more, and then the key does not work."
    creator: User
    "False when it was revoked."
    isActive: Boolean!
    "When it was last used, to the minute; null if never."
    lastUsedAt: DateTime
    "When it ends; null for never."
    expiresAt: DateTime
    "Until when the key before the last rotation works too; null without one."
    previousValidUntil: DateTime
    createdAt: DateTime!
    updatedAt: DateTime!
  }

  "A page of API keys."
  type ApiKeyConnection {
    edges: [ApiKeyEdge!]!
    "The keys alone, without cursors."
    nodes: [ApiKey!]!
    pageInfo: PageInfo!
    "How many match in all; computed only when selected."
    totalCount: Int!
  }

  type ApiKeyEdge {
    cursor: Cursor!
    node: ApiKey!
  }

  # Audit

  "How a mutation ended that the audit log tells of."
  enum AuditOutcome {
    SUCCESS
    "A sign-in that was refused."
    FAILURE
    "A mutation that somebody's role, or their API key's scopes, did not allow."
    REFUSED
  }

  "A mutation that was made, or refused: who, what, which object, when and from where. Events are never changed."
  type AuditEvent implements Node {
    id: ID!
    at: DateTime!
    "The mutation: `createFlow`."
    action: String!
    outcome: AuditOutcome!
    "The user, or the one who created the API key; null when nobody is known, or they are not a member any more."
    actor: User
    "That user's id, whatever became of them."
    actorId: ID
    "The API key that was used; null for a user."
    apiKey: ApiKey
    apiKeyId: ID
    "What kind of object was changed: `flow`, `integration`, `session`; null when there is none."
    objectType: String
    "The object's id, whatever became of it."
    objectId: ID
    "The object's row before the change, without secrets; null when there was none."
    before: JSON
    "The object's row after the change, without secrets; null when there is none. Of a refused sign-in the address."
    after: JSON
    "The client's address."
    address: String
    "What the client called itself, its first 512 characters."
    userAgent: String
    "The `X-Request-Id` of the answer."
    requestId: String
  }

  "A page of the audit log."
  type AuditEventConnection {
    edges: [AuditEventEdge!]!
    "The events alone, without cursors."
    nodes: [AuditEvent!]!
    pageInfo: PageInfo!
    "How many match in all; computed only when selected."
    totalCount: Int!
  }

  type AuditEventEdge {
    cursor: Cursor!
    node: AuditEvent!
  }

  # Connectors and integrations

  "What a connector is mostly used for."
  enum ConnectorCategory {
    MESSAGING
    DATA
    OPS
    FINANCE
    DEVTOOLS
    AI
    DOCS
    "Projects and tasks."
    PROJECTS
    "Files."
    STORAGE
    "Customers and their requests."
    CUSTOMERS
    "Speech."
    VOICE
    "Social networks."
    SOCIAL
    CALENDAR
  }

  "How a service knows who asks."
  enum ConnectorAuthentication {
    NONE
    "A key in a header or a parameter."
    API_KEY
    BEARER
    BASIC
    "Tokens: by signing in at the service (`startIntegrationOAuth`), or with a client's id and secret or key."
    OAUTH2
  }

  "How a trigger hears of events."
  enum ConnectorTriggerKind {
    "The service sends them."
    WEBHOOK
    "The service is asked from time to time."
    POLL
  }

  "Something that a connector can do: the `operation` of an action node with `type: \"connector\"`."
  type ConnectorOperation @cacheControl(inheritMaxAge: true) {
    "The operation's short name: `create_issue`."
    key: String!
    name: String!
    description: String!
    "The page of the service's documentation."
    documentation: String
    "The JSON Schema of the input."
    inputSchema: JSON!
    "The JSON Schema of the output."
    outputSchema: JSON!
    "Whether it gives `items` and `next`, and takes `limit` and `cursor`."
    isPaged: Boolean!
    "Whether it may be done twice without harm."
    isRepeatable: Boolean!
  }

  "Something that happens at a service."
  type ConnectorTrigger @cacheControl(inheritMaxAge: true) {
    "The trigger's short name: `repository_event`."
    key: String!
    name: String!
    description: String!
    documentation: String
    kind: ConnectorTriggerKind!
    "The names of the events that the service documents."
    events: [String!]!
    "What is to be done at the service; null where nothing is."
    setup: String
    "The JSON Schema of what the flow's author chooses."
    settingsSchema: JSON!
    "The JSON Schema of an event."
    outputSchema: JSON!
  }

  "A service that the Studio can connect to, from the catalogue."
  type Connector @cacheControl(inheritMaxAge: true) {
    "The service's short name: `slack`, `stripe`, `http`."
    type: String!
    "The service's name for people."
    name: String!
    category: ConnectorCategory!
    description: String!
    "What its operations can do: `send_message`, `read_charges`."
    capabilities: [String!]!
    "The JSON Schema that credentials must satisfy."
    credentialsSchema: JSON!
    "The address of the service's documentation."
    documentation: String
    "How accounts can be connected; the first for which credentials are given is used."
    authentication: [ConnectorAuthentication!]!
    operations: [ConnectorOperation!]!
    triggers: [ConnectorTrigger!]!
  }

  "A page of connectors."
  type ConnectorConnection @cacheControl(inheritMaxAge: true) {
    edges: [ConnectorEdge!]!
    "The connectors alone, without cursors."
    nodes: [Connector!]!
    pageInfo: PageInfo!
    totalCount: Int!
  }

  type ConnectorEdge @cacheControl(inheritMaxAge: true) {
    cursor: Cursor!
    node: Connector!
  }

  "A connected account of a service. Its credentials are encrypted and never returned."
  type Integration implements Node {
    id: ID!
    "1 to 200 characters; unique among the organization's integrations of one type."
    name: String!
    category: ConnectorCategory!
    "The connector's type: `slack`."
    type: String!
    "The catalogue entry; null when the connector is no longer offered."
    connector: Connector
    "What the connected account may do."
    capabilities: [String!]!
    "Whether the last check of the credentials succeeded."
    isConnected: Boolean!
    "When the credentials were last checked; null if never."
    lastCheckedAt: DateTime
    "Why the account must be connected again; null when it need not be."
    attention: String
    "How many calls nodes may make with it at once, 1 to 1,000; null when as many as they like (`setRunLimit`)."
    maximumConcurrentCalls: Int
    "Who created it; null when that user is gone."
    creator: User
    "Counts changes; give it as `expectedRevision` to refuse lost updates."
    revision: Int!
    createdAt: DateTime!
    updatedAt: DateTime!
  }

  "A page of integrations."
  type IntegrationConnection {
    edges: [IntegrationEdge!]!
    "The integrations alone, without cursors."
    nodes: [Integration!]!
    pageInfo: PageInfo!
    "How many match in all; computed only when selected."
    totalCount: Int!
  }

  type IntegrationEdge {
    cursor: Cursor!
    node: Integration!
  }

  # Flows

  "Whether a flow's triggers fire."
  enum FlowStatus {
    "Triggers fire; it can be run by hand."
    ACTIVE
    "Triggers do not fire; it can be run by hand."
    PAUSED
    "Kept for its history; it cannot be run."
    ARCHIVED
  }

  "What a node does."
  enum NodeKind {
    "Where a run begins; its output is the run's input."
    TRIGGER
    "An effect: an HTTP request (`{\"type\":\"http\"}`) or a line in the log (`{\"type\":\"log\"}`)."
    ACTION
    "Lets a branch go on only while its expression is true."
    FILTER
    "Computes its output from an expression or a mapping of expressions."
    TRANSFORM
    "Chooses among its outgoing connections by their conditions."
    DECISION
    "Waits durably: for a time, until an instant, or for a webhook or an approval."
    DELAY
    "Repeats the nodes inside it for each element of a list."
    LOOP
  }

  "A graph of nodes and connections that can be run."
  type AutomationFlow implements Node {
    id: ID!
    "1 to 200 characters."
    name: String!
    "What the flow is for, 1 to 2,000 characters."
    intention: String!
    status: FlowStatus!
    "Counts changes of the flow, its nodes and connections; give it as `expectedRevision` to refuse lost updates."
    revision: Int!
    "Who created it; null when that user is gone."
    creator: User
    "All nodes, in their order; at most 500."
    nodes: [AutomationNode!]!
    "All connections; at most 500."
    connections: [AutomationConnection!]!
    "What starts its runs beside `executeFlow`, in the order in which it was added; at most 20."
    triggers: [FlowTrigger!]!
    """
    Those of its triggers that are on and have asked their services in vain five times in a row, or that name a node which
    is not there: see `problem`.
    """
    failingTriggers: [FlowTrigger!]!
    """
    What triggers start, and `executeFlow` unless it asks for the draft. Null while nothing was published: then a flow runs
    as it stands.
    """
    publishedVersion: FlowVersion
    "The flow of which a run is started when a run of this one fails."
    errorFlow: AutomationFlow
    "The priority of the flow's runs, where who starts one does not say another."
    runPriority: RunPriority!
    "How many of the flow's runs may go on at once; null without a limit. Those that find no place wait."
    maximumConcurrentRuns: Int
    "Whether the name, a node or a connection was changed since the last `publishFlow`; true while nothing was published."
    hasUnpublishedChanges: Boolean!
    "What was published or has run, the newest first."
    versions(
      "The page's length, 1 to 100; 20 when neither it nor `last` is given."
      first: Int
      "Only what stands behind this cursor."
      after: Cursor
      "The length of a page from the end of the list, 1 to 100; not together with `first`."
      last: Int
      "Only what stands before this cursor."
      before: Cursor
      "The order of the list; without it the newest come first."
      orderBy: FlowVersionOrder
    ): FlowVersionConnection! @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
    "Runs of this flow, the newest first."
    executionLogs(
      "The page's length, 1 to 100; 20 when neither it nor `last` is given."
      first: Int
      "Only what stands behind this cursor."
      after: Cursor
      "The length of a page from the end of the list, 1 to 100; not together with `first`."
      last: Int
      "Only what stands before this cursor."
      before: Cursor
      filter: ExecutionLogFilter
      "The order of the list; without it the newest come first."
      orderBy: ExecutionLogOrder
    ): ExecutionLogConnection! @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
    "What the flow's runs came to, counted from the runs themselves."
    metrics(
      "The time that they are of."
      period: MetricsPeriod! = LAST_30_DAYS
      "Where the time ends; now when it is left out."
      until: DateTime
    ): FlowMetrics!
    "When a run last started; null if never."
    lastExecutedAt: DateTime
    createdAt: DateTime!
    updatedAt: DateTime!
  }

  "Over how many days figures are counted, to the end of the time."
  enum MetricsPeriod {
    LAST_24_HOURS
    LAST_7_DAYS
    LAST_30_DAYS
    LAST_90_DAYS
  }

  "What the runs of a flow came to, as numbers and as people read them."
  type FlowMetrics {
    "Where the time begins."
    since: DateTime!
    "Where it ends."
    until: DateTime!
    "Runs that were accepted in the time, whatever became of them."
    executionCount: Int!
    "Runs that failed."
    failureCount: Int!
    "Of the runs that succeeded or failed, how many succeeded: 0 to 1; null when none did either."
    successRate: Float
    "`97%`, or `–`."
    successRateText: String!
    "From start to end of the runs that succeeded or failed, in milliseconds; null when there are none."
    avgRuntimeMs: Int
    "`2m 18s`, or `–`."
    avgRuntime: String!
    "Runs for each day of the time since the flow was created."
    volumePerDay: Float!
    "`140`, `0.3`."
    volumePerDayText: String!
    "What the owner noted about them; up to 2,000 characters, changed by `updateFlow`."
    notes: String!
  }

  "What the runs of an organization came to, as numbers and as people read them."
  type OrganizationMetrics {
    "Where the time begins."
    since: DateTime!
    "Where it ends."
    until: DateTime!
    "Runs that were accepted in the time, whatever became of them."
    executionCount: Int!
    "Runs that failed."
    failureCount: Int!
    "Of the runs that succeeded or failed, how many succeeded: 0 to 1; null when none did either."
    successRate: Float
    "`97%`, or `–`."
    successRateText: String!
    "From start to end of the runs that succeeded or failed, in milliseconds; null when there are none."
    avgRuntimeMs: Int
    "`2m 18s`, or `–`."
    avgRuntime: String!
    "Runs for each day of the time."
    volumePerDay: Float!
    "`140`, `0.3`."
    volumePerDayText: String!
  }

  "A page of flows."
  type AutomationFlowConnection {
    edges: [AutomationFlowEdge!]!
    "The flows alone, without cursors."
    nodes: [AutomationFlow!]!
    pageInfo: PageInfo!
    "How many match in all; computed only when selected."
    totalCount: Int!
  }

  type AutomationFlowEdge {
    cursor: Cursor!
    node: AutomationFlow!
  }

  "A board on which flows that belong together lie, whatever their owners; a flow may lie on several."
  type Workbench implements Node {
    id: ID!
    "1 to 200 characters."
    name: String!
    "What the workbench is for; up to 2,000 characters."
    purpose: String!
    "What the work is about, in the order given: `invoices`, `month end`; at most 20."
    focus: [String!]!
    "Counts changes of the workbench and of what lies on it; give it as `expectedRevision` to refuse lost updates."
    revision: Int!
    "Who created it; null when that user is gone."
    creator: User
    "The flows that lie on it, the newest first; at most 500 in all."
    flows(
      "The page's length, 1 to 100; 20 when neither it nor `last` is given."
      first: Int
      "Only what stands behind this cursor."
      after: Cursor
      "The length of a page from the end of the list, 1 to 100; not together with `first`."
      last: Int
      "Only what stands before this cursor."
      before: Cursor
      "The order of the list; without it the newest come first."
      orderBy: FlowOrder
    ): AutomationFlowConnection! @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
    createdAt: DateTime!
    updatedAt: DateTime!
  }

  "A page of workbenches."
  type WorkbenchConnection {
    edges: [WorkbenchEdge!]!
    "The workbenches alone, without cursors."
    nodes: [Workbench!]!
    pageInfo: PageInfo!
    "How many match in all; computed only when selected."
    totalCount: Int!
  }

  type WorkbenchEdge {
    cursor: Cursor!
    node: Workbench!
  }

  "An immutable snapshot of a flow's nodes and connections; a run executes one and is not changed by later edits."
  type FlowVersion implements Node {
    id: ID!
    flow: AutomationFlow
    "Counts the flow's versions from 1."
    number: Int!
    "The flow's revision that was taken."
    revision: Int!
    "Nodes and connections as one JSON document."
    definition: JSON!
    "What changes on the way from this version to another one."
    difference(
      "Another version of the same flow; without it, the flow as it stands. Null when the flow or that version is gone."
      to: ID
    ): FlowDifference @cost(weight: "10")
    createdAt: DateTime!
  }

  "What two states of a flow differ in. Nodes and connections are the same when their ids are."
  type FlowDifference {
    "Whether there is no difference."
    isEmpty: Boolean!
    "The flow's name, where it differs."
    name: FieldDifference
    "The flow of which a run is started when one of this fails, by its id, where it differs."
    errorFlow: FieldDifference
    "At most 1,000: in the order of the later state, then what is gone."
    nodes: [NodeDifference!]!
    "At most 1,000."
    connections: [ConnectionDifference!]!
  }

  "What became of a node or a connection."
  enum DifferenceKind {
    ADDED
    REMOVED
    CHANGED
  }

  "How a node differs."
  type NodeDifference {
    kind: DifferenceKind!
    nodeId: ID!
    "The node's key in the later state, or what it had before it was removed."
    key: String!
    "What was changed; empty unless `kind` is `CHANGED`."
    fields: [FieldDifference!]!
  }

  "How a connection differs."
  type ConnectionDifference {
    kind: DifferenceKind!
    connectionId: ID!
    "The key of the node that it leaves."
    from: String!
    "The key of the node that it leads to."
    to: String!
    "What was changed; empty unless `kind` is `CHANGED`."
    fields: [FieldDifference!]!
  }

  "One field that differs."
  type FieldDifference {
    "The field; of a node's settings the path: `config.url`."
    field: String!
    "Null where there was none."
    before: JSON
    "Null where there is none."
    after: JSON
  }

  "A page of versions."
  type FlowVersionConnection {
    edges: [FlowVersionEdge!]!
    "The versions alone, without cursors."
    nodes: [FlowVersion!]!
    pageInfo: PageInfo!
    "How many there are; computed only when selected."
    totalCount: Int!
  }

  type FlowVersionEdge {
    cursor: Cursor!
    node: FlowVersion!
  }

  "A step of a flow."
  type AutomationNode implements Node {
    id: ID!
    "Unique in its flow; expressions use it: `nodes.fetch.output.total`. A letter or underscore, then up to 63 letters, digits or underscores."
    key: String!
    "1 to 200 characters."
    title: String!
    kind: NodeKind!
    "What the step does, for people; up to 2,000 characters."
    detail: String!
    "The settings of the kind; docs/flows.md lists them."
    config: JSON!
    "The place among the flow's nodes, from 0."
    order: Int!
    flow: AutomationFlow!
    "The loop that the node is inside of; null for a node of the flow itself."
    parent: AutomationNode
    "The account that an action uses; null when it needs none or the integration was deleted."
    integration: Integration
    createdAt: DateTime!
    updatedAt: DateTime!
  }

  "How the node that a connection leaves must have ended for it to be taken."
  enum ConnectionOutcome {
    SUCCESS
    "It failed, and its `onError` is `branch`."
    ERROR
  }

  "A way from one node to another, taken when its condition is true."
  type AutomationConnection implements Node {
    id: ID!
    "Up to 200 characters."
    label: String
    "A JavaScript expression over `input`, `output`, `nodes`, `run`, `flow` and `env`; without one the way is always taken."
    condition: String
    outcome: ConnectionOutcome!
    flow: AutomationFlow!
    from: AutomationNode!
    to: AutomationNode!
    createdAt: DateTime!
  }

  "How grave a problem of a flow is."
  enum FlowProblemSeverity {
    "The flow cannot be saved or run."
    ERROR
    "The flow can run, but probably not as meant."
    WARNING
  }

  "Something wrong with a flow's graph, or with one of its triggers."
  type FlowProblem {
    "A stable name of the problem: `CYCLE`, `UNKNOWN_NODE`, `INVALID_EXPRESSION`; docs/flows.md lists them."
    code: String!
    severity: FlowProblemSeverity!
    "For people; names the node."
    message: String!
    "The key of the node that it concerns."
    nodeKey: String
    "The part of the input that is wrong: `nodes.2.config.url`."
    field: String
  }

  # Runs

  "How far a run is. Final states never change."
  enum ExecutionStatus {
    "Accepted and stored; no node has started."
    PENDING
    RUNNING
    "Nothing to do before a delay ends."
    WAITING
    SUCCESS
    FAILURE
    CANCELLED
  }

  "How far a node of a run is."
  enum NodeExecutionStatus {
    PENDING
    RUNNING
    "Waiting for its delay to end."
    WAITING
    SUCCESS
    FAILURE
    "No connection delivered to it, or the run ended before."
    SKIPPED
    CANCELLED
  }

  "What went wrong in a run or a node."
  type ExecutionError {
    "For people; without secrets."
    message: String!
    "A stable name of the failure: `UNEXPECTED_STATUS`, `EXPRESSION_FAILED`, `REQUEST_TIMEOUT`."
    code: String!
    "The node that failed, in an error of a run; null when the run itself did."
    nodeId: ID
  }

  "One run of a flow."
  type ExecutionLog implements Node {
    id: ID!
    "The flow; null when it was deleted since."
    flow: AutomationFlow
    "The flow's name when the run was accepted."
    flowName: String!
    "What was executed."
    version: FlowVersion
    "The run that this one repeats, by `retryExecution` or `replayExecution`; null when there is none, or it is gone."
    retryOf: ExecutionLog
    "Who started it; null for triggers and deleted users."
    user: User
    status: ExecutionStatus!
    "What the trigger was given."
    input: JSON
    "When it was accepted."
    createdAt: DateTime!
    "When the first node started; null before."
    startTime: DateTime
    "When it ended; null before."
    endTime: DateTime
    "Milliseconds from start to end; null before the end."
    duration: Int
    "Outputs of the nodes at which the run ended, by node key; null before the end."
    result: JSON
    error: ExecutionError
    "The number of the run's last event."
    lastSequence: Int!
    "One entry for each node that was reached or skipped, in the order of the flow; at most 500."
    nodeExecutions: [NodeExecutionLog!]!
  }

  "A page of runs."
  type ExecutionLogConnection {
    edges: [ExecutionLogEdge!]!
    "The runs alone, without cursors."
    nodes: [ExecutionLog!]!
    pageInfo: PageInfo!
    "How many match in all; computed only when selected."
    totalCount: Int!
  }

  type ExecutionLogEdge {
    cursor: Cursor!
    node: ExecutionLog!
  }

  "What one node did in a run."
  type NodeExecutionLog implements Node {
    id: ID!
    "The node's id in the version; the node itself may be gone."
    nodeId: ID!
    "The node as it is now; null when it was removed since."
    node: AutomationNode
    nodeKey: String!
    "The positions in the lists of the loops around the node, the outermost first; null outside of every loop."
    iteration: [Int!]
    title: String!
    kind: NodeKind!
    status: NodeExecutionStatus!
    "Counts tries from 1; 0 before the first."
    attempt: Int!
    startTime: DateTime
    endTime: DateTime
    input: JSON
    output: JSON
    error: ExecutionError
    "Why the node was skipped; null when it was not."
    skipReason: String
    "Milliseconds from start to end; null before the end."
    duration: Int
  }

  """
  Something that happened in a run. A run's events are numbered from 1 without a gap; `after: <cursor>` resumes behind one.
  """
  interface ExecutionEvent {
    "The number of the event in its run, from 1."
    sequence: Int!
    "Give it as `after` to resume behind this event."
    cursor: Cursor!
    at: DateTime!
    execution: ExecutionLog!
  }

  "The run was accepted."
  type ExecutionQueued implements ExecutionEvent {
    sequence: Int!
    cursor: Cursor!
    at: DateTime!
    execution: ExecutionLog!
  }

  "The run started."
  type ExecutionStarted implements ExecutionEvent {
    sequence: Int!
    cursor: Cursor!
    at: DateTime!
    execution: ExecutionLog!
  }

  "A node started."
  type NodeStarted implements ExecutionEvent {
    sequence: Int!
    cursor: Cursor!
    at: DateTime!
    execution: ExecutionLog!
    nodeId: ID!
    nodeKey: String!
    "The positions in the lists of the loops around the node, the outermost first; null outside of every loop."
    iteration: [Int!]
    "Counts tries from 1."
    attempt: Int!
    input: JSON
  }

  "A node failed and will be tried again."
  type NodeRetrying implements ExecutionEvent {
    sequence: Int!
    cursor: Cursor!
    at: DateTime!
    execution: ExecutionLog!
    nodeId: ID!
    nodeKey: String!
    "The positions in the lists of the loops around the node, the outermost first; null outside of every loop."
    iteration: [Int!]
    "The try that failed, from 1."
    attempt: Int!
    error: ExecutionError!
  }

  "A node ended: it succeeded, failed, was skipped or cancelled."
  type NodeFinished implements ExecutionEvent {
    sequence: Int!
    cursor: Cursor!
    at: DateTime!
    execution: ExecutionLog!
    nodeId: ID!
    nodeKey: String!
    "The positions in the lists of the loops around the node, the outermost first; null outside of every loop."
    iteration: [Int!]
    status: NodeExecutionStatus!
    attempt: Int!
    input: JSON
    output: JSON
    error: ExecutionError
    skipReason: String
    "Milliseconds from start to end."
    duration: Int
  }

  "The run has nothing to do before an instant."
  type ExecutionWaiting implements ExecutionEvent {
    sequence: Int!
    cursor: Cursor!
    at: DateTime!
    execution: ExecutionLog!
    "When it goes on."
    until: DateTime
  }

  "A node wrote a line."
  type ExecutionLogLine implements ExecutionEvent {
    sequence: Int!
    cursor: Cursor!
    at: DateTime!
    execution: ExecutionLog!
    "The node that wrote it; empty for a line of the run itself."
    nodeKey: String!
    "The positions in the lists of the loops around the node, the outermost first; null outside of every loop."
    iteration: [Int!]
    "Up to 8 KiB."
    message: String!
  }

  "The run ended; no event follows."
  type ExecutionFinished implements ExecutionEvent {
    sequence: Int!
    cursor: Cursor!
    at: DateTime!
    execution: ExecutionLog!
    status: ExecutionStatus!
    result: JSON
    error: ExecutionError
    "Milliseconds from start to end."
    duration: Int
  }

  "An event of a run with its place in the organization's stream, which has all that happens there."
  type ExecutionUpdate {
    "Give it as `after` to resume behind this event, in any subscription to the organization's stream."
    cursor: Cursor!
    flowId: ID!
    event: ExecutionEvent!
  }

  "What happened to an object."
  enum ChangeKind {
    CREATED
    "It, or what it consists of, was changed."
    UPDATED
    DELETED
  }

  "A flow was created, changed, published or deleted, or a trigger of it has begun to fail or ceased to."
  type FlowChange {
    "Give it as `after` to resume behind this change, in any subscription to the organization's stream."
    cursor: Cursor!
    at: DateTime!
    kind: ChangeKind!
    flowId: ID!
    "The flow's revision after the change."
    revision: Int!
    "The flow as it is now; null when it is gone."
    flow: AutomationFlow
  }

  "An integration was created, checked, changed or deleted."
  type IntegrationStatusChange {
    "Give it as `after` to resume behind this change, in any subscription to the organization's stream."
    cursor: Cursor!
    at: DateTime!
    kind: ChangeKind!
    integrationId: ID!
    "Whether it was connected after the change."
    isConnected: Boolean!
    "The integration as it is now; null when it is gone."
    integration: Integration
  }

  # Webhooks

  "What a webhook can be told. What is sent names it with a point: `execution.succeeded`."
  enum WebhookEventType {
    "A run ended with success."
    EXECUTION_SUCCEEDED
    "A run ended with an error."
    EXECUTION_FAILED
    "A run was stopped by somebody."
    EXECUTION_CANCELLED
    "A flow was created, copied or imported."
    FLOW_CREATED
    "A flow, its status, its nodes or its connections were changed."
    FLOW_UPDATED
    "A flow was deleted."
    FLOW_DELETED
    "An integration was created."
    INTEGRATION_CREATED
    "An integration, or what is known of its connection, was changed."
    INTEGRATION_UPDATED
    "An integration was deleted."
    INTEGRATION_DELETED
    "What `testWebhook` sends. No webhook can ask for it."
    WEBHOOK_TEST
  }

  "Why the Studio has switched a webhook off."
  enum WebhookDisabledReason {
    "It answered 410: its owner wants no more."
    GONE
    "No delivery has succeeded for five days."
    FAILING
  }

  "Where a delivery stands."
  enum WebhookDeliveryStatus {
    "It will be sent, or sent again, at `nextAttemptAt`."
    PENDING
    "It is being sent."
    SENDING
    "It was answered with a status of 200 to 299."
    DELIVERED
    "All attempts failed."
    FAILED
    "Its webhook was switched off."
    CANCELLED
  }

  "A kind of event that a webhook can ask for."
  type EventType {
    type: WebhookEventType!
    "The `type` of what is sent: `execution.succeeded`."
    name: String!
    description: String!
  }

  "A URL that is told of events by signed requests, as standardwebhooks.com describes them."
  type Webhook implements Node {
    id: ID!
    "http or https, up to 2,000 characters."
    url: String!
    "Up to 200 characters."
    description: String!
    "What it is told."
    eventTypes: [WebhookEventType!]!
    "Whether it is told."
    isActive: Boolean!
    "Why the Studio switched it off; null when it did not."
    disabledReason: WebhookDisabledReason
    "Since when no delivery has succeeded; null when the last one did."
    failingSince: DateTime
    "Counts changes; give it as `expectedRevision` to refuse lost updates."
    revision: Int!
    "Who created it; null when that user is gone."
    creator: User
    "What was and will be sent, the newest first. What is over is kept for 30 days."
    deliveries(
      "The page's length, 1 to 100; 20 when neither it nor `last` is given."
      first: Int
      "Only what stands behind this cursor."
      after: Cursor
      "The length of a page from the end of the list, 1 to 100; not together with `first`."
      last: Int
      "Only what stands before this cursor."
      before: Cursor
      filter: WebhookDeliveryFilter
      "The order of the list; without it the newest come first."
      orderBy: WebhookDeliveryOrder
    ): WebhookDeliveryConnection! @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
    createdAt: DateTime!
    updatedAt: DateTime!
  }

  "A page of webhooks."
  type WebhookConnection {
    edges: [WebhookEdge!]!
    "The webhooks alone, without cursors."
    nodes: [Webhook!]!
    pageInfo: PageInfo!
    "How many there are; computed only when selected."
    totalCount: Int!
  }

  type WebhookEdge {
    cursor: Cursor!
    node: Webhook!
  }

  "One event for one webhook: what was sent, how often, and what was answered last."
  type WebhookDelivery implements Node {
    "Sent as `webhook-id`, the same with each attempt."
    id: ID!
    webhook: Webhook!
    eventType: WebhookEventType!
    "The request's body."
    payload: JSON!
    status: WebhookDeliveryStatus!
    "How often it was sent, or was about to be."
    attempts: Int!
    "When it will be sent; null when it is over. While it is being sent, when another server would try."
    nextAttemptAt: DateTime
    "When the last attempt ended."
    lastAttemptAt: DateTime
    "The HTTP status of the last answer; null without one."
    responseStatus: Int
    "The beginning of the last answer's body, at most 2,048 bytes."
    responseExcerpt: String
    "Why there was no answer."
    error: String
    "How long the last attempt took, in milliseconds."
    durationMs: Int
    createdAt: DateTime!
    "When it was over; null while it is not."
    finishedAt: DateTime
  }

  "A page of deliveries."
  type WebhookDeliveryConnection {
    edges: [WebhookDeliveryEdge!]!
    "The deliveries alone, without cursors."
    nodes: [WebhookDelivery!]!
    pageInfo: PageInfo!
    "How many match in all; computed only when selected."
    totalCount: Int!
  }

  type WebhookDeliveryEdge {
    cursor: Cursor!
    node: WebhookDelivery!
  }

  "Conditions that deliveries must meet; all of those given."
  input WebhookDeliveryFilter {
    status: [WebhookDeliveryStatus!]
    eventType: WebhookEventType
  }

  # Triggers

  "What makes a trigger start runs."
  enum TriggerKind {
    "The clock."
    SCHEDULE
    "A request to its URL."
    WEBHOOK
    "The end of a run of a flow."
    FLOW_EVENT
    "Something that happens at the service of an integration."
    INTEGRATION
  }

  "From when on a trigger tells of what it finds by asking a service."
  enum PollStart {
    "What happens from now on: the first poll only finds out where that begins."
    NOW
    "What the service has already, too."
    BEGINNING
  }

  "How the runs end that a trigger waits for."
  enum FlowEventState {
    SUCCESS
    FAILURE
    CANCELLED
  }

  "What happens to an instant that is due while a run of the schedule is not over."
  enum ScheduleOverlap {
    "Its run begins beside the others."
    ALLOW
    "It is left out."
    SKIP
    "Its run begins when those before it are over; 100 instants wait at most, further ones are left out."
    QUEUE
    "The runs before it are asked to stop, and its run begins."
    CANCEL
  }

  "What happens to instants that nobody fired within a minute, because no server was there."
  enum ScheduleCatchUp {
    "They are missed."
    NONE
    "The last of them is fired."
    LAST
    "All of them are fired that are not older than the window."
    ALL
  }

  "What happens to times of the wall clock that do not exist, or exist twice, because the clock is changed."
  enum ScheduleDaylightSaving {
    """
    Like Vixie cron: a time that does not exist is fired at the change, one that exists twice the first time. With a star in
    minute or hour the schedule follows the passing of time.
    """
    VIXIE
    "A time that does not exist is left out; one that exists twice is fired the first time."
    SKIP
    "A time that does not exist is fired at the change; one that exists twice the first time."
    FIRST
    "A time that does not exist is fired at the change; one that exists twice the second time."
    SECOND
    "A time that does not exist is fired at the change; one that exists twice both times."
    BOTH
  }

  "When runs are started by the clock."
  type TriggerSchedule {
    "`minute hour day-of-month month day-of-week`, with seconds in front if there are six fields; or `@daily` and the like."
    cron: String!
    "An IANA name, `Europe/London`, or `UTC`."
    timeZone: String!
    overlap: ScheduleOverlap!
    catchUp: ScheduleCatchUp!
    "How old an instant may be that is made up for, in seconds."
    catchUpWindowSeconds: Int!
    "Each instant is fired up to so many seconds later, always as many for the same instant."
    jitterSeconds: Int!
    daylightSaving: ScheduleDaylightSaving!
    "The next ten instants from now, without jitter, whether the trigger is active or not."
    nextFireTimes: [DateTime!]!
  }

  "Whose way of signing requests is checked."
  enum WebhookSignatureScheme {
    "Who knows the URL may send."
    NONE
    "standardwebhooks.com: `webhook-id`, `webhook-timestamp`, `webhook-signature`."
    STANDARD
    "GitHub: `X-Hub-Signature-256`."
    GITHUB
    "Stripe: `Stripe-Signature`."
    STRIPE
    "Slack: `X-Slack-Signature`. Its `url_verification` is answered."
    SLACK
  }

  "When the sender of a request is answered."
  enum WebhookAnswer {
    "With 202 and the run's id, as soon as the run is stored."
    ACCEPTED
    "With the run's result, when it is over."
    RESULT
    "With a node's output, when the node has succeeded."
    NODE
  }

  """
  Starts runs of its flow while the flow is active. The run's input is what the trigger brings; docs/triggers.md describes
  it for each kind.
  """
  type FlowTrigger implements Node {
    id: ID!
    flow: AutomationFlow!
    kind: TriggerKind!
    "The key of the trigger node that it starts; null for all trigger nodes of the flow."
    nodeKey: String
    "Whether it starts runs, if its flow is active."
    isEnabled: Boolean!
    "When it is due; null for other kinds."
    schedule: TriggerSchedule
    "How requests are taken; null for other kinds."
    webhook: IncomingWebhook
    "The flow whose runs it waits for; null for other kinds, and for a copy that did not find it."
    sourceFlow: AutomationFlow
    "How they end; null for other kinds."
    sourceStates: [FlowEventState!]
    "The account of the service at which something happens; null for other kinds, and for a copy that did not find it."
    integration: Integration
    "What happens there, and how it is heard of; null for other kinds."
    integrationEvent: IntegrationEvent
    "When it last started a run; of a webhook to the second."
    lastFiredAt: DateTime
    "The instant of a schedule that is next; null for other kinds, for one that is switched off, and when there is none."
    nextFireAt: DateTime
    """
    Why it starts nothing: what it would start lacks the node `nodeKey`, or the node whose output is answered with. Null
    when it lacks none.
    """
    problem: FlowProblem
    "Counts changes; give it as `expectedRevision` to refuse lost updates."
    revision: Int!
    "What was received or found, the newest first; kept for 30 days. Empty for schedules and ends of runs."
    deliveries(
      "The page's length, 1 to 100; 20 when neither it nor `last` is given."
      first: Int
      "Only what stands behind this cursor."
      after: Cursor
      "The length of a page from the end of the list, 1 to 100; not together with `first`."
      last: Int
      "Only what stands before this cursor."
      before: Cursor
      "The order of the list; without it the newest come first."
      orderBy: TriggerDeliveryOrder
    ): TriggerDeliveryConnection! @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
    createdAt: DateTime!
    updatedAt: DateTime!
  }

  "Something that happens at a service, and how a trigger hears of it."
  type IntegrationEvent {
    "The integration's connector: `github`."
    connector: String!
    "The key of one of the connector's triggers: `issue_changed`."
    trigger: String!
    "Whether the service sends it or is asked."
    mode: ConnectorTriggerKind!
    "What was chosen, by the trigger's `settingsSchema`; with its defaults."
    settings: JSON!
    "Of `WEBHOOK`: the names of the events that start runs; empty for all."
    events: [String!]!
    "Of `WEBHOOK`: where the service is to send. Who knows it may send: null for the role `VIEWER`."
    url: String
    "Of `POLL`: the time between two polls."
    intervalSeconds: Int
    "Of `POLL`: runs that one poll starts at most; the rest comes with the next ones."
    maximumItems: Int
    "Of `POLL`."
    start: PollStart
    "Of `POLL`: when the service was last asked, with success or without."
    lastPolledAt: DateTime
    "Of `POLL`: when it is asked next; null while the trigger is switched off."
    nextPollAt: DateTime
    "Of `POLL`: why the last poll failed; null when it did not."
    lastError: String
    "Of `POLL`: failures in a row."
    failures: Int!
    "Of `POLL`: whether five polls in a row have failed. The trigger is asked less and less often, and never given up."
    isFailing: Boolean!
  }

  "How a trigger takes requests from outside."
  type IncomingWebhook {
    "Where requests go, by any method. Who knows it may send: null for the role `VIEWER`."
    url: String
    signature: WebhookSignatureScheme!
    "Seconds that a signed time may lie before or behind now."
    toleranceSeconds: Int!
    "The header by which a delivery that comes twice is known; null for the one of the signature's scheme."
    deliveryHeader: String
    answer: WebhookAnswer!
    "The key of the node whose output is the answer."
    answerNodeKey: String
    "After so long the sender is told the run's id, and the run goes on."
    answerTimeoutMs: Int!
  }

  "A request that a trigger received, and the run that it started. What came twice is here once."
  type TriggerDelivery implements Node {
    id: ID!
    trigger: FlowTrigger!
    "What the sender knows it by; null when nothing tells."
    deliveryKey: String
    "The delivery that was received again; null for what came from outside."
    replayOf: TriggerDelivery
    "Null when the run is gone."
    execution: ExecutionLog
    "Method, headers without secrets, query and body: the run's input."
    request: JSON!
    "The sender's IP address."
    address: String
    receivedAt: DateTime!
  }

  "A page of received deliveries."
  type TriggerDeliveryConnection {
    edges: [TriggerDeliveryEdge!]!
    "The deliveries alone, without cursors."
    nodes: [TriggerDelivery!]!
    pageInfo: PageInfo!
    "How many there are; computed only when selected."
    totalCount: Int!
  }

  type TriggerDeliveryEdge {
    cursor: Cursor!
    node: TriggerDelivery!
  }

  # Queries

  type Query {
    "The object with this id, or null when there is none in the current organization."
    node(id: ID!): Node @requires(role: VIEWER)
    "The objects with these ids (at most 100), null for each that does not exist."
    nodes(ids: [ID!]!): [Node]! @requires(role: VIEWER) @listSize(slicingArguments: ["ids"])
    "Who is asking."
    viewer: Viewer! @requires(role: VIEWER)
    "The user's own sessions that have not ended, in all organizations, the newest first."
    sessions(
      "The page's length, 1 to 100; 20 when neither it nor `last` is given."
      first: Int
      "Only what stands behind this cursor."
      after: Cursor
      "The length of a page from the end of the list, 1 to 100; not together with `first`."
      last: Int
      "Only what stands before this cursor."
      before: Cursor
      "The order of the list; without it the newest come first."
      orderBy: SessionOrder
    ): SessionConnection! @authenticated @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
    "The organization that the access token or API key is for."
    organization: Organization! @requires(role: VIEWER)
    "All organizations of the user, the oldest membership first; at most 100."
    organizations: [Organization!]! @authenticated @listSize(assumedSize: 100)
    "The organization's members, those who joined last first."
    members(
      "The page's length, 1 to 100; 20 when neither it nor `last` is given."
      first: Int
      "Only what stands behind this cursor."
      after: Cursor
      "The length of a page from the end of the list, 1 to 100; not together with `first`."
      last: Int
      "Only what stands before this cursor."
      before: Cursor
      filter: MemberFilter
      "The order of the list; without it the newest come first."
      orderBy: MembershipOrder
    ): MembershipConnection! @requires(role: VIEWER) @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
    "The organization's invitations, the newest first."
    invitations(
      "The page's length, 1 to 100; 20 when neither it nor `last` is given."
      first: Int
      "Only what stands behind this cursor."
      after: Cursor
      "The length of a page from the end of the list, 1 to 100; not together with `first`."
      last: Int
      "Only what stands before this cursor."
      before: Cursor
      filter: InvitationFilter
      "The order of the list; without it the newest come first."
      orderBy: InvitationOrder
    ): InvitationConnection! @requires(role: ADMIN) @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
    "What was changed in the organization, the newest first."
    auditLog(
      "The page's length, 1 to 100; 20 when neither it nor `last` is given."
      first: Int
      "Only what stands behind this cursor."
      after: Cursor
      "The length of a page from the end of the list, 1 to 100; not together with `first`."
      last: Int
      "Only what stands before this cursor."
      before: Cursor
      filter: AuditLogFilter
      "The order of the list; without it the newest come first."
      orderBy: AuditEventOrder
    ): AuditEventConnection! @requires(role: ADMIN, scope: AUDIT_READ) @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
    "The organization's API keys, the newest first; those that were revoked too."
    apiKeys(
      "The page's length, 1 to 100; 20 when neither it nor `last` is given."
      first: Int
      "Only what stands behind this cursor."
      after: Cursor
      "The length of a page from the end of the list, 1 to 100; not together with `first`."
      last: Int
      "Only what stands before this cursor."
      before: Cursor
      filter: ApiKeyFilter
      "The order of the list; without it the newest come first."
      orderBy: ApiKeyOrder
    ): ApiKeyConnection! @requires(role: ADMIN) @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
    "The catalogue of services."
    connectors(
      "The page's length, 1 to 100; 20 when neither it nor `last` is given."
      first: Int
      "Only what stands behind this cursor."
      after: Cursor
      "The length of a page from the end of the list, 1 to 100; not together with `first`."
      last: Int
      "Only what stands before this cursor."
      before: Cursor
      category: ConnectorCategory
      "Part of the name or type."
      search: String
      "The order of the list; without it by type."
      orderBy: ConnectorOrder
    ): ConnectorConnection! @public @cacheControl(maxAge: 300) @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
    "The catalogue entry of a type, or null."
    connector(type: String!): Connector @public @cacheControl(maxAge: 300)
    "The organization's integrations, the newest first."
    integrations(
      "The page's length, 1 to 100; 20 when neither it nor `last` is given."
      first: Int
      "Only what stands behind this cursor."
      after: Cursor
      "The length of a page from the end of the list, 1 to 100; not together with `first`."
      last: Int
      "Only what stands before this cursor."
      before: Cursor
      filter: IntegrationFilter
      "The order of the list; without it the newest come first."
      orderBy: IntegrationOrder
    ): IntegrationConnection! @requires(role: VIEWER) @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
    integration(id: ID!): Integration @requires(role: VIEWER)
    "The organization's flows, the newest first."
    flows(
      "The page's length, 1 to 100; 20 when neither it nor `last` is given."
      first: Int
      "Only what stands behind this cursor."
      after: Cursor
      "The length of a page from the end of the list, 1 to 100; not together with `first`."
      last: Int
      "Only what stands before this cursor."
      before: Cursor
      filter: FlowFilter
      "The order of the list; without it the newest come first."
      orderBy: FlowOrder
    ): AutomationFlowConnection! @requires(role: VIEWER) @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
    flow(id: ID!): AutomationFlow @requires(role: VIEWER)
    "The organization's runs, the newest first."
    executionLogs(
      "The page's length, 1 to 100; 20 when neither it nor `last` is given."
      first: Int
      "Only what stands behind this cursor."
      after: Cursor
      "The length of a page from the end of the list, 1 to 100; not together with `first`."
      last: Int
      "Only what stands before this cursor."
      before: Cursor
      filter: ExecutionLogFilter
      "The order of the list; without it the newest come first."
      orderBy: ExecutionLogOrder
    ): ExecutionLogConnection! @requires(role: VIEWER) @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
    executionLog(id: ID!): ExecutionLog @requires(role: VIEWER)
    """
    Where the organization's stream of events ends now. Ask for it in a request of its own, then for what you show, and
    subscribe behind this cursor: no change is missed, though one that is shown already may come again.
    """
    eventCursor: Cursor! @requires(role: VIEWER)
    "The organization's workbenches, the newest first."
    workbenches(
      "The page's length, 1 to 100; 20 when neither it nor `last` is given."
      first: Int
      "Only what stands behind this cursor."
      after: Cursor
      "The length of a page from the end of the list, 1 to 100; not together with `first`."
      last: Int
      "Only what stands before this cursor."
      before: Cursor
      filter: WorkbenchFilter
      "The order of the list; without it the newest come first."
      orderBy: WorkbenchOrder
    ): WorkbenchConnection! @requires(role: VIEWER) @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
    workbench(id: ID!): Workbench @requires(role: VIEWER)
    "The organization's webhooks, the newest first."
    webhooks(
      "The page's length, 1 to 100; 20 when neither it nor `last` is given."
      first: Int
      "Only what stands behind this cursor."
      after: Cursor
      "The length of a page from the end of the list, 1 to 100; not together with `first`."
      last: Int
      "Only what stands before this cursor."
      before: Cursor
      "The order of the list; without it the newest come first."
      orderBy: WebhookOrder
    ): WebhookConnection! @requires(role: VIEWER) @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
    webhook(id: ID!): Webhook @requires(role: VIEWER)
    "What webhooks can ask for: a closed list."
    eventTypes: [EventType!]! @requires(role: VIEWER) @listSize(assumedSize: 9)
  }

  "Conditions that members must meet; all of those given."
  input MemberFilter {
    role: Role
  }

  "Conditions that invitations must meet; all of those given."
  input InvitationFilter {
    "True for those that wait and can still be accepted, false for those that were accepted."
    isOpen: Boolean
  }

  "Conditions that events of the audit log must meet; all of those given."
  input AuditLogFilter {
    "A user's id."
    actorId: ID
    apiKeyId: ID
    "The name of a mutation."
    action: String
    "The id of the object that was changed, of any type."
    objectId: ID
    outcome: AuditOutcome
    "At or after."
    from: DateTime
    "Before."
    until: DateTime
  }

  "Conditions that API keys must meet; all of those given."
  input ApiKeyFilter {
    "False for those that were revoked."
    isActive: Boolean
    "Part of the name, without regard to case; up to 200 characters."
    search: String
  }

  "Which end of an order comes first."
  enum OrderDirection {
    "The least, the oldest, A."
    ASC
    "The greatest, the newest, Z."
    DESC
  }

  "What flows can be ordered by."
  enum FlowOrderField {
    CREATED_AT
    UPDATED_AT
    "Without regard to case."
    NAME
    "When a run last started; flows that never ran are the oldest."
    LAST_EXECUTED_AT
  }

  "An order of flows; among equals the ids decide."
  input FlowOrder {
    field: FlowOrderField!
    direction: OrderDirection!
  }

  "What integrations can be ordered by."
  enum IntegrationOrderField {
    CREATED_AT
    UPDATED_AT
    "Without regard to case."
    NAME
  }

  "An order of integrations; among equals the ids decide."
  input IntegrationOrder {
    field: IntegrationOrderField!
    direction: OrderDirection!
  }

  "What workbenches can be ordered by."
  enum WorkbenchOrderField {
    CREATED_AT
    UPDATED_AT
    "Without regard to case."
    NAME
  }

  "An order of workbenches; among equals the ids decide."
  input WorkbenchOrder {
    field: WorkbenchOrderField!
    direction: OrderDirection!
  }

  "What runs can be ordered by."
  enum ExecutionLogOrderField {
    "When the run was accepted."
    CREATED_AT
  }

  "An order of runs."
  input ExecutionLogOrder {
    field: ExecutionLogOrderField!
    direction: OrderDirection!
  }

  "What a flow's versions can be ordered by."
  enum FlowVersionOrderField {
    "Which is the order of their numbers."
    CREATED_AT
  }

  "An order of versions."
  input FlowVersionOrder {
    field: FlowVersionOrderField!
    direction: OrderDirection!
  }

  "What deliveries can be ordered by."
  enum WebhookDeliveryOrderField {
    CREATED_AT
  }

  "An order of deliveries."
  input WebhookDeliveryOrder {
    field: WebhookDeliveryOrderField!
    direction: OrderDirection!
  }

  "What received deliveries can be ordered by."
  enum TriggerDeliveryOrderField {
    CREATED_AT
  }

  "An order of received deliveries."
  input TriggerDeliveryOrder {
    field: TriggerDeliveryOrderField!
    direction: OrderDirection!
  }

  "What webhooks can be ordered by."
  enum WebhookOrderField {
    CREATED_AT
  }

  "An order of webhooks."
  input WebhookOrder {
    field: WebhookOrderField!
    direction: OrderDirection!
  }

  "What API keys can be ordered by."
  enum ApiKeyOrderField {
    CREATED_AT
  }

  "An order of API keys."
  input ApiKeyOrder {
    field: ApiKeyOrderField!
    direction: OrderDirection!
  }

  "What members can be ordered by."
  enum MembershipOrderField {
    CREATED_AT
  }

  "An order of members."
  input MembershipOrder {
    field: MembershipOrderField!
    direction: OrderDirection!
  }

  "What invitations can be ordered by."
  enum InvitationOrderField {
    CREATED_AT
  }

  "An order of invitations."
  input InvitationOrder {
    field: InvitationOrderField!
    direction: OrderDirection!
  }

  "What the audit log can be ordered by."
  enum AuditEventOrderField {
    CREATED_AT
  }

  "An order of the audit log."
  input AuditEventOrder {
    field: AuditEventOrderField!
    direction: OrderDirection!
  }

  "What sessions can be ordered by."
  enum SessionOrderField {
    CREATED_AT
    LAST_USED_AT
  }

  "An order of sessions; among equals the ids decide."
  input SessionOrder {
    field: SessionOrderField!
    direction: OrderDirection!
  }

  "What the catalogue can be ordered by."
  enum ConnectorOrderField {
    TYPE
    "Without regard to case."
    NAME
  }

  "An order of the catalogue; among equals the types decide."
  input ConnectorOrder {
    field: ConnectorOrderField!
    direction: OrderDirection!
  }

  "Conditions that workbenches must meet; all of those given."
  input WorkbenchFilter {
    "Part of the name or purpose, without regard to case; up to 200 characters."
    search: String
  }

  "Conditions that integrations must meet; all of those given."
  input IntegrationFilter {
    type: String
    category: ConnectorCategory
    isConnected: Boolean
    "Part of the name, without regard to case; up to 200 characters."
    search: String
    "Created at or after."
    createdFrom: DateTime
    "Created before."
    createdUntil: DateTime
  }

  "Conditions that flows must meet; all of those given."
  input FlowFilter {
    status: FlowStatus
    "Whether some of its triggers fail, or none."
    hasFailingTriggers: Boolean
    "Part of the name or intention, without regard to case; up to 200 characters."
    search: String
    "Created at or after."
    createdFrom: DateTime
    "Created before."
    createdUntil: DateTime
  }

  "Conditions that runs must meet; all of those given."
  input ExecutionLogFilter {
    flowId: ID
    status: [ExecutionStatus!]
    "Accepted at or after."
    createdFrom: DateTime
    "Accepted before."
    createdUntil: DateTime
    "Part of the flow's name or of the error's message, without regard to case; up to 200 characters."
    search: String
  }

  # Mutations

  type Mutation {
    "Creates an account with a personal organization and signs in. `CONFLICT` when the address is taken."
    register(input: RegisterInput!): AuthenticationPayload! @public
    "Signs in. A wrong address and a wrong password are one and the same error."
    login(input: LoginInput!): AuthenticationPayload! @public
    "Exchanges a refresh token for a new pair. Each works once; using an old one again ends the whole session."
    refreshToken(input: RefreshTokenInput!): AuthenticationPayload! @public
    "Ends the session of the refresh token."
    logout(input: LogoutInput!): LogoutPayload! @public
    """
    Ends one of the user's own sessions: its refresh token does not work any more. Access tokens that were issued before
    run out by themselves, within 15 minutes.
    """
    revokeSession(input: RevokeSessionInput!): RevokeSessionPayload! @authenticated
    "Changes what is given of the user's own profile."
    updateProfile(input: UpdateProfileInput!): UpdateProfilePayload! @authenticated
    """
    Gives the user a picture: PNG, JPEG, WebP or GIF, up to 10 MiB. Its first bytes say what it is. The one before is
    deleted.
    """
    setAvatar(file: Upload!): SetAvatarPayload! @authenticated
    setTheme(input: SetThemeInput!): SetThemePayload! @authenticated
    "Changes what is given of the user's own preferences."
    setPreferences(input: SetPreferencesInput!): SetPreferencesPayload! @authenticated
    "Changes the user's own password and ends all other sessions."
    changePassword(input: ChangePasswordInput!): ChangePasswordPayload! @authenticated

    "Creates an organization that the user owns; a user may be a member of 100."
    createOrganization(input: CreateOrganizationInput!): CreateOrganizationPayload! @authenticated
    "Gives the organization another name."
    renameOrganization(input: RenameOrganizationInput!): RenameOrganizationPayload! @requires(role: ADMIN)
    "Sets how long the organization keeps its runs and its audit log; replaces what it has set before."
    setRetention(input: SetRetentionInput!): SetRetentionPayload! @requires(role: ADMIN)
    "Limits how many runs of a flow or of the organization, or calls of an integration, go on at once."
    setRunLimit(input: SetRunLimitInput!): SetRunLimitPayload! @requires(role: ADMIN)
    """
    Gives an access token for another organization of the user. The refresh token stays, and gives tokens for that
    organization from now on.
    """
    switchOrganization(input: SwitchOrganizationInput!): SwitchOrganizationPayload! @authenticated
    """
    Invites an e-mail address for seven days; an invitation of the same address that waits is replaced. Nothing is sent: the
    token is in this answer alone, for the inviter to hand over.
    """
    inviteMember(input: InviteMemberInput!): InviteMemberPayload! @requires(role: ADMIN)
    "Takes an invitation back that was not accepted."
    revokeInvitation(input: RevokeInvitationInput!): RevokeInvitationPayload! @requires(role: ADMIN)
    "Makes the user a member. The invitation must name the user's own address."
    acceptInvitation(input: AcceptInvitationInput!): AcceptInvitationPayload! @authenticated
    """
    Gives a member another role, up to one's own. It counts within five seconds. `CONFLICT` for the last owner.
    """
    changeMemberRole(input: ChangeMemberRoleInput!): ChangeMemberRolePayload! @requires(role: ADMIN)
    "Ends a membership, and the API keys and open invitations of that user. `CONFLICT` for the last owner."
    removeMember(input: RemoveMemberInput!): RemoveMemberPayload! @requires(role: ADMIN)
    "Ends the own membership in an organization. `CONFLICT` for the last owner."
    leaveOrganization(input: LeaveOrganizationInput!): LeaveOrganizationPayload! @authenticated

    "Makes an API key; at most 100 that work. The secret is in this answer alone."
    createApiKey(input: CreateApiKeyInput!): CreateApiKeyPayload! @requires(role: ADMIN)
    "Gives an API key another secret; the old one works until the grace period is over."
    rotateApiKey(input: RotateApiKeyInput!): RotateApiKeyPayload! @requires(role: ADMIN)
    "Ends an API key: within five seconds no process accepts it any more."
    revokeApiKey(input: RevokeApiKeyInput!): RevokeApiKeyPayload! @requires(role: ADMIN)

    "Connects an account of a service. Credentials are checked against the connector's schema and encrypted."
    createIntegration(input: CreateIntegrationInput!): CreateIntegrationPayload! @requires(role: EDITOR, scope: INTEGRATIONS_WRITE)
    updateIntegration(input: UpdateIntegrationInput!): UpdateIntegrationPayload! @requires(role: EDITOR, scope: INTEGRATIONS_WRITE)
    """
    Asks the service whether it accepts the credentials, and notes the answer in `isConnected`. Where a connector has
    nothing to ask, only the form of the credentials is checked, and nothing is noted.
    """
    testIntegration(input: TestIntegrationInput!): TestIntegrationPayload! @requires(role: EDITOR, scope: INTEGRATIONS_WRITE)
    """
    Begins to connect an account by signing in at its service (OAuth 2.0): send the user to `authorizationUrl`. The service
    sends them back to `redirectUrl` with a code for `finishIntegrationOAuth`.
    """
    startIntegrationOAuth(input: StartIntegrationOAuthInput!): StartIntegrationOAuthPayload! @requires(role: EDITOR, scope: INTEGRATIONS_WRITE)
    "Ends what `startIntegrationOAuth` began: the code is exchanged for tokens, which are sealed and renewed in time."
    finishIntegrationOAuth(input: FinishIntegrationOAuthInput!): FinishIntegrationOAuthPayload! @requires(role: EDITOR, scope: INTEGRATIONS_WRITE)
    "Refused with the flows that use it, unless `force`."
    deleteIntegration(input: DeleteIntegrationInput!): DeleteIntegrationPayload! @requires(role: EDITOR, scope: INTEGRATIONS_WRITE)

    "Creates a flow with its nodes and connections in one transaction; connections name nodes by their keys."
    createFlow(input: CreateFlowInput!): CreateFlowPayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    "Changes what is given; nodes and connections stay."
    updateFlow(input: UpdateFlowInput!): UpdateFlowPayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    "Replaces all nodes and connections; a node keeps its id when its key stays."
    replaceFlow(input: ReplaceFlowInput!): ReplaceFlowPayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    "Deletes a flow; its runs stay, with its name."
    deleteFlow(input: DeleteFlowInput!): DeleteFlowPayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    "Creates a flow with the same nodes and connections, paused; the nodes have ids of their own."
    duplicateFlow(input: DuplicateFlowInput!): DuplicateFlowPayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    """
    Gives a flow as one JSON document that `importFlow` of this or another Studio accepts, with its triggers. Integrations
    are in it by type and name, flows by name; no credential, secret or URL is. Changes nothing.
    """
    exportFlow(input: ExportFlowInput!): ExportFlowPayload! @requires(role: VIEWER, scope: READ)
    "Creates a flow from a document of `exportFlow`."
    importFlow(input: ImportFlowInput!): ImportFlowPayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    activateFlow(input: ChangeFlowStatusInput!): ChangeFlowStatusPayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    pauseFlow(input: ChangeFlowStatusInput!): ChangeFlowStatusPayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    archiveFlow(input: ChangeFlowStatusInput!): ChangeFlowStatusPayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    """
    Makes the flow as it stands its published version, which triggers start from then on. It must be able to run. The first
    call separates draft and published version: before it a flow runs as it stands.
    """
    publishFlow(input: PublishFlowInput!): PublishFlowPayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    "Makes a version the draft again: the flow gets its name, nodes and connections. What is published stays."
    restoreFlowVersion(input: RestoreFlowVersionInput!): RestoreFlowVersionPayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    "Tells everything that is wrong with a flow's graph; changes nothing."
    validateFlow(input: ValidateFlowInput!): ValidateFlowPayload! @requires(role: VIEWER, scope: READ)

    addNode(input: AddNodeInput!): AddNodePayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    updateNode(input: UpdateNodeInput!): UpdateNodePayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    "Gives a node another place in the order of the flow's nodes."
    moveNode(input: MoveNodeInput!): MoveNodePayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    "Removes a node and its connections."
    removeNode(input: RemoveNodeInput!): RemoveNodePayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    connectNodes(input: ConnectNodesInput!): ConnectNodesPayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    disconnectNodes(input: DisconnectNodesInput!): DisconnectNodesPayload! @requires(role: EDITOR, scope: FLOWS_WRITE)

    "Accepts a run of the flow. The run is committed before the answer."
    executeFlow(input: ExecuteFlowInput!): ExecuteFlowPayload! @requires(role: OPERATOR, scope: EXECUTIONS_WRITE)
    "Asks a run to stop. Running requests are aborted, waiting delays end, what has not started is skipped."
    cancelExecution(input: CancelExecutionInput!): CancelExecutionPayload! @requires(role: OPERATOR, scope: EXECUTIONS_WRITE)
    "Approves or rejects what a waiting node of a run asks for. `CONFLICT` when it waits for no decision."
    decideApproval(input: DecideApprovalInput!): DecideApprovalPayload! @requires(role: OPERATOR, scope: EXECUTIONS_WRITE)
    """
    Runs again what failed or was cancelled: a new run with the same version and input, from the beginning or from where it
    failed. `CONFLICT` when the run succeeded, is not over, or its flow is archived.
    """
    retryExecution(input: RetryExecutionInput!): RetryExecutionPayload! @requires(role: OPERATOR, scope: EXECUTIONS_WRITE)
    "Starts a new run with the stored input of any run, with the version that it had or a newer one."
    replayExecution(input: ReplayExecutionInput!): ReplayExecutionPayload! @requires(role: OPERATOR, scope: EXECUTIONS_WRITE)

    "Creates a workbench with the flows that lie on it."
    createWorkbench(input: CreateWorkbenchInput!): CreateWorkbenchPayload! @requires(role: EDITOR, scope: WORKBENCHES_WRITE)
    "Changes what is given."
    updateWorkbench(input: UpdateWorkbenchInput!): UpdateWorkbenchPayload! @requires(role: EDITOR, scope: WORKBENCHES_WRITE)
    "Deletes a workbench; its flows stay."
    deleteWorkbench(input: DeleteWorkbenchInput!): DeleteWorkbenchPayload! @requires(role: EDITOR, scope: WORKBENCHES_WRITE)
    "Lays flows on a workbench; those that lie there already stay."
    addFlowsToWorkbench(input: ChangeWorkbenchFlowsInput!): ChangeWorkbenchFlowsPayload! @requires(role: EDITOR, scope: WORKBENCHES_WRITE)
    "Takes flows off a workbench; those that do not lie there are passed over. The flows themselves stay."
    removeFlowsFromWorkbench(input: ChangeWorkbenchFlowsInput!): ChangeWorkbenchFlowsPayload! @requires(role: EDITOR, scope: WORKBENCHES_WRITE)

    "Creates a webhook and gives its secret, which no query ever gives."
    createWebhook(input: CreateWebhookInput!): CreateWebhookPayload! @requires(role: EDITOR, scope: WEBHOOKS_WRITE)
    """
    Changes what is given. Switching it off cancels what waits to be sent; switching it on forgets that it was failing.
    """
    updateWebhook(input: UpdateWebhookInput!): UpdateWebhookPayload! @requires(role: EDITOR, scope: WEBHOOKS_WRITE)
    "Gives it a new secret. For 24 hours what is sent is signed with the old one too."
    rotateWebhookSecret(input: RotateWebhookSecretInput!): RotateWebhookSecretPayload! @requires(role: EDITOR, scope: WEBHOOKS_WRITE)
    "Deletes a webhook with its deliveries."
    deleteWebhook(input: DeleteWebhookInput!): DeleteWebhookPayload! @requires(role: EDITOR, scope: WEBHOOKS_WRITE)
    "Sends a test event now, once, also to a webhook that is switched off, and waits for the answer."
    testWebhook(input: TestWebhookInput!): TestWebhookPayload! @requires(role: EDITOR, scope: WEBHOOKS_WRITE)
    "Sends a delivery that is over once more, under the same id; it is tried again as if it were new."
    redeliver(input: RedeliverInput!): RedeliverPayload! @requires(role: EDITOR, scope: WEBHOOKS_WRITE)

    "Adds a trigger to a flow. It starts runs as soon as the flow is active."
    addTrigger(input: AddTriggerInput!): AddTriggerPayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    "Changes what is given; a trigger stays of its kind."
    updateTrigger(input: UpdateTriggerInput!): UpdateTriggerPayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    enableTrigger(input: SetTriggerEnabledInput!): SetTriggerEnabledPayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    "Keeps it from starting runs; requests are refused with 409."
    disableTrigger(input: SetTriggerEnabledInput!): SetTriggerEnabledPayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    "Removes a trigger; what it has received is gone with it."
    removeTrigger(input: RemoveTriggerInput!): RemoveTriggerPayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    """
    Gives a webhook trigger a new secret, a new URL, or both. The former secret is accepted for 24 hours more, the former
    URL not at all.
    """
    rotateTriggerSecret(input: RotateTriggerSecretInput!): RotateTriggerSecretPayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    """
    Shows the secret that a service has told a trigger, where it has to be entered at the service (Notion's verification
    token). `CONFLICT` before the service has told it.
    """
    revealTriggerSecret(input: RevealTriggerSecretInput!): RevealTriggerSecretPayload! @requires(role: EDITOR, scope: FLOWS_WRITE)
    "Starts a new run with what was received, by the flow as it is now; the trigger and its flow must be active."
    replayDelivery(input: ReplayDeliveryInput!): ReplayDeliveryPayload! @requires(role: EDITOR, scope: EXECUTIONS_WRITE)
  }

  input RegisterInput {
    email: EmailAddress!
    "8 to 72 bytes in UTF-8."
    password: String!
    "1 to 200 characters."
    name: String!
  }

  input LoginInput {
    email: EmailAddress!
    password: String!
    "The organization to work in; the oldest membership when it is left out."
    organizationId: ID
  }

  input RefreshTokenInput {
    refreshToken: String!
  }

  input LogoutInput {
    refreshToken: String!
  }

  type AuthenticationPayload {
    "An RS256 JWT for `Authorization: Bearer`."
    accessToken: String!
    "Seconds until the access token expires."
    expiresIn: Int!
    "Works once, within 7 days."
    refreshToken: String!
    user: User!
    organization: Organization!
  }

  type LogoutPayload {
    "Whether a session was ended; false when the token was not known."
    wasSignedIn: Boolean!
  }

  input RevokeSessionInput {
    id: ID!
  }

  type RevokeSessionPayload {
    revokedId: ID!
  }

  input UpdateProfileInput {
    "1 to 200 characters."
    name: String
    "An https URL of up to 2,000 characters; null removes the avatar."
    avatarUrl: String
  }

  type UpdateProfilePayload {
    user: User!
  }

  type SetAvatarPayload {
    "`avatarUrl` is where the picture can be fetched."
    user: User!
  }

  input SetThemeInput {
    theme: Theme!
  }

  type SetThemePayload {
    user: User!
  }

  input SetPreferencesInput {
    "A BCP 47 tag, `en` or `pt-BR`; null removes it."
    language: String
    "A name of the IANA time zone database, `Europe/Paris`; null removes it."
    timeZone: String
    "An object of up to 16 KiB; replaces the one before."
    values: JSON
  }

  type SetPreferencesPayload {
    viewer: Viewer!
  }

  input ChangePasswordInput {
    currentPassword: String!
    "8 to 72 bytes in UTF-8."
    newPassword: String!
  }

  type ChangePasswordPayload {
    user: User!
    "How many other sessions were ended."
    revokedSessions: Int!
  }

  input CreateOrganizationInput {
    "1 to 200 characters."
    name: String!
    """
    A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
    answered again; with another input it is `CONFLICT`.
    """
    idempotencyKey: String
  }

  type CreateOrganizationPayload {
    organization: Organization!
  }

  input RenameOrganizationInput {
    "1 to 200 characters."
    name: String!
  }

  type RenameOrganizationPayload {
    organization: Organization!
  }

  "What is left out or null is as the server has it."
  input SetRetentionInput {
    "0 to 36,500 days; 0 keeps runs for ever."
    runDays: Int
    "0 to 1,000,000,000 runs; 0 keeps all."
    runCount: Int
    "0 to 36,500 days; 0 keeps the audit log for ever."
    auditDays: Int
  }

  type SetRetentionPayload {
    organization: Organization!
  }

  input SetRunLimitInput {
    "The flow that is limited; the whole organization where this and `integrationId` are left out."
    flowId: ID
    "1 to 1,000 runs at once; null takes the limit away. Runs that go on are not stopped."
    maximumConcurrentRuns: Int
    "The integration whose calls are limited, by `maximumConcurrentCalls`; not beside `flowId`."
    integrationId: ID
    "1 to 1,000 calls at once; null takes the limit away. Calls that go on are not stopped."
    maximumConcurrentCalls: Int
  }

  type SetRunLimitPayload {
    "Null when it was not a flow that was limited."
    flow: AutomationFlow
    "Null when it was not an integration that was limited."
    integration: Integration
    organization: Organization!
  }

  input SwitchOrganizationInput {
    organizationId: ID!
  }

  type SwitchOrganizationPayload {
    "An RS256 JWT for `Authorization: Bearer`."
    accessToken: String!
    "Seconds until the access token expires."
    expiresIn: Int!
    viewer: Viewer!
  }

  input InviteMemberInput {
    email: EmailAddress!
    "Your own role at most."
    role: Role! = VIEWER
    """
    A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
    answered again; with another input it is `CONFLICT`.
    """
    idempotencyKey: String
  }

  type InviteMemberPayload {
    invitation: Invitation!
    "What `acceptInvitation` takes. It cannot be shown again."
    token: String!
  }

  input RevokeInvitationInput {
    id: ID!
  }

  type RevokeInvitationPayload {
    revokedId: ID!
  }

  input AcceptInvitationInput {
    token: String!
  }

  type AcceptInvitationPayload {
    "Sign in with its id, or `switchOrganization`, to work in it."
    organization: Organization!
  }

  input ChangeMemberRoleInput {
    "The membership's id."
    id: ID!
    role: Role!
  }

  type ChangeMemberRolePayload {
    membership: Membership!
  }

  input RemoveMemberInput {
    "The membership's id."
    id: ID!
  }

  type RemoveMemberPayload {
    removedId: ID!
  }

  input LeaveOrganizationInput {
    organizationId: ID!
  }

  type LeaveOrganizationPayload {
    leftId: ID!
  }

  input CreateApiKeyInput {
    "1 to 200 characters."
    name: String!
    "Your own role at most."
    role: Role! = VIEWER
    "All that there are when it is left out."
    scopes: [ApiKeyScope!]
    "When it ends; never when it is left out."
    expiresAt: DateTime
    """
    A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
    answered again; with another input it is `CONFLICT`.
    """
    idempotencyKey: String
  }

  type CreateApiKeyPayload {
    apiKey: ApiKey!
    "What a program sends. It cannot be shown again."
    secret: String!
  }

  input RotateApiKeyInput {
    id: ID!
    "How long the old secret works beside the new one, 0 to 604,800 seconds."
    graceSeconds: Int! = 0
    """
    A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
    answered again; with another input it is `CONFLICT`.
    """
    idempotencyKey: String
  }

  type RotateApiKeyPayload {
    apiKey: ApiKey!
    "What a program sends from now on. It cannot be shown again."
    secret: String!
  }

  input RevokeApiKeyInput {
    id: ID!
  }

  type RevokeApiKeyPayload {
    apiKey: ApiKey!
  }

  input CreateIntegrationInput {
    "The connector's type: `slack`."
    type: String!
    "1 to 200 characters."
    name: String!
    "What the connector's `credentialsSchema` asks for."
    credentials: JSON!
    """
    A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
    answered again; with another input it is `CONFLICT`.
    """
    idempotencyKey: String
  }

  type CreateIntegrationPayload {
    integration: Integration!
  }

  input UpdateIntegrationInput {
    id: ID!
    name: String
    "Replaces the credentials."
    credentials: JSON
    "`CONFLICT` when the integration has changed since."
    expectedRevision: Int
  }

  type UpdateIntegrationPayload {
    integration: Integration!
  }

  input TestIntegrationInput {
    id: ID!
  }

  type TestIntegrationPayload {
    "Whether the service accepts the credentials; null when the connector has nothing to ask it."
    isAccepted: Boolean
    "What came of it, for people: \"The service answered with the status 401.\""
    message: String!
    integration: Integration!
  }

  input StartIntegrationOAuthInput {
    id: ID!
    """
    Where the service sends the user back to; registered there. Without it that is the Studio's own page,
    `/oauth/callback`, which asks the user and ends the sign-in.
    """
    redirectUrl: String
    "Where the Studio's own page sends the user then: one of the setting `connectors.returnUrls`."
    returnUrl: String
  }

  type StartIntegrationOAuthPayload {
    "Where to send the user."
    authorizationUrl: String!
    "What comes back with the code; yours alone."
    state: String!
    "Until then it must be ended."
    expiresAt: DateTime!
  }

  input FinishIntegrationOAuthInput {
    state: String!
    code: String!
    "All parameters with which the user came back; a few services tell something in them."
    parameters: JSON
  }

  type FinishIntegrationOAuthPayload {
    integration: Integration!
  }

  input DeleteIntegrationInput {
    id: ID!
    "Delete although flows use it; their nodes lose the integration."
    force: Boolean! = false
  }

  type DeleteIntegrationPayload {
    deletedId: ID!
  }

  "A node of a flow that is created or replaced."
  input FlowNodeInput {
    "Unique in the flow; connections and expressions use it."
    key: String!
    title: String!
    kind: NodeKind!
    detail: String! = ""
    integrationId: ID
    "The key of the loop that the node is inside of."
    parent: String
    "An object; `{}` when it is left out."
    config: JSON
  }

  "A connection between two nodes of the same input."
  input FlowConnectionInput {
    "The key of the node where it begins."
    from: String!
    "The key of the node where it ends."
    to: String!
    label: String
    "A JavaScript expression; up to 4,000 characters."
    condition: String
    outcome: ConnectionOutcome! = SUCCESS
  }

  input CreateFlowInput {
    name: String!
    intention: String!
    status: FlowStatus! = ACTIVE
    "At most 500, in the order of display."
    nodes: [FlowNodeInput!]! = []
    "At most 500."
    connections: [FlowConnectionInput!]! = []
    """
    A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
    answered again; with another input it is `CONFLICT`.
    """
    idempotencyKey: String
  }

  type CreateFlowPayload {
    flow: AutomationFlow!
  }

  input UpdateFlowInput {
    id: ID!
    name: String
    intention: String
    "What `FlowMetrics.notes` shows; up to 2,000 characters."
    notes: String
    "The flow of which a run is started when a run of this one fails; null takes it away."
    errorFlowId: ID
    "The priority of the flow's runs from now on."
    runPriority: RunPriority
    "`CONFLICT` when the flow has changed since."
    expectedRevision: Int
  }

  type UpdateFlowPayload {
    flow: AutomationFlow!
  }

  input ReplaceFlowInput {
    id: ID!
    name: String
    intention: String
    nodes: [FlowNodeInput!]!
    connections: [FlowConnectionInput!]!
    "`CONFLICT` when the flow has changed since."
    expectedRevision: Int
  }

  type ReplaceFlowPayload {
    flow: AutomationFlow!
  }

  input DeleteFlowInput {
    id: ID!
    expectedRevision: Int
  }

  type DeleteFlowPayload {
    deletedId: ID!
  }

  input DuplicateFlowInput {
    id: ID!
    "1 to 200 characters; the flow's name and \"(copy)\" when it is left out."
    name: String
    "Whether triggers that are on are on in the copy too; without it all of them are off."
    enablesTriggers: Boolean! = false
    """
    A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
    answered again; with another input it is `CONFLICT`.
    """
    idempotencyKey: String
  }

  type DuplicateFlowPayload {
    flow: AutomationFlow!
    "The copy's triggers, with their new secrets, in the order of those that they are copies of."
    triggers: [CopiedTrigger!]!
    "What the copy lacks. A trigger that lacks something is off."
    warnings: [CopyWarning!]!
  }

  "A trigger of a flow that was duplicated or imported. It has an id, a URL and a secret of its own."
  type CopiedTrigger {
    trigger: FlowTrigger!
    "What requests are to be signed with; empty where nobody signs and where the service gives it. Keep it: no query does."
    secret: String!
  }

  "What a flow that was duplicated, imported or restored lacks."
  type CopyWarning {
    code: CopyWarningCode!
    "A sentence for people."
    message: String!
    "What it is about: `triggers.1.webhook`, `errorFlow`, `nodes.2.flow`."
    field: String!
  }

  enum CopyWarningCode {
    "The organization has no integration of this type and name. `updateTrigger` gives the trigger another one."
    MISSING_INTEGRATION
    "The organization has no flow of this name, or several."
    MISSING_FLOW
    "The flow has no such node."
    MISSING_NODE
    "The service gives the secret: `rotateTriggerSecret` takes it, or the integration's credentials."
    MISSING_SECRET
    "The integration's connector does not offer this event, or not with these settings."
    UNUSABLE_EVENT
  }

  input ExportFlowInput {
    id: ID!
  }

  type ExportFlowPayload {
    "docs/flows.md tells its format."
    document: JSON!
  }

  input ImportFlowInput {
    "A document of `exportFlow`; just one of `document` and `file` is given."
    document: JSON
    """
    The same as a file of up to 64 MiB, more than any flow needs, and 128 levels deep: for what is larger than a request may
    be, or deeper than 64 levels. Its part of the form says `Content-Type: application/json`.
    """
    file: Upload
    "Replaces the name in the document."
    name: String
    status: FlowStatus! = PAUSED
    """
    A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
    answered again; with another input it is `CONFLICT`.
    """
    idempotencyKey: String
  }

  type ImportFlowPayload {
    flow: AutomationFlow!
    "The nodes that came with an integration which the organization does not have; they have none now."
    missingIntegrations: [MissingIntegration!]!
    "Its triggers, with their new secrets, in the document's order."
    triggers: [CopiedTrigger!]!
    "What it lacks here beside the integrations of nodes. A trigger that lacks something is off."
    warnings: [CopyWarning!]!
  }

  "An integration that a document of a flow names and the organization does not have."
  type MissingIntegration {
    "The key of the node that used it."
    nodeKey: String!
    "The connector's type: `slack`."
    type: String!
    "The integration's name where the flow was exported."
    name: String!
  }

  input ChangeFlowStatusInput {
    id: ID!
    expectedRevision: Int
  }

  type ChangeFlowStatusPayload {
    flow: AutomationFlow!
  }

  input PublishFlowInput {
    id: ID!
    "`CONFLICT` when the flow has changed since."
    expectedRevision: Int
  }

  type PublishFlowPayload {
    flow: AutomationFlow!
    version: FlowVersion!
  }

  input RestoreFlowVersionInput {
    "The version's id."
    id: ID!
    "`CONFLICT` when the flow has changed since."
    expectedRevision: Int
  }

  type RestoreFlowVersionPayload {
    flow: AutomationFlow!
    "Keys of the nodes whose integration does not exist any more; they have none now."
    nodesWithoutIntegration: [String!]!
    "What it lacks beside that: the version's error flow, when that is gone."
    warnings: [CopyWarning!]!
  }

  "Either a stored flow by `id`, or a graph that is not stored."
  input ValidateFlowInput {
    id: ID
    nodes: [FlowNodeInput!]
    connections: [FlowConnectionInput!]
  }

  type ValidateFlowPayload {
    "Whether there is no problem of severity `ERROR`."
    isValid: Boolean!
    "At most 100."
    problems: [FlowProblem!]!
  }

  input AddNodeInput {
    flowId: ID!
    node: FlowNodeInput!
    expectedRevision: Int
    """
    A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
    answered again; with another input it is `CONFLICT`.
    """
    idempotencyKey: String
  }

  type AddNodePayload {
    node: AutomationNode!
    flow: AutomationFlow!
  }

  input UpdateNodeInput {
    id: ID!
    "The flow that the node must be in; `NOT_FOUND` when it is in another."
    flowId: ID
    key: String
    title: String
    detail: String
    integrationId: ID
    "The loop that the node is inside of; null takes it out."
    parentId: ID
    config: JSON
    "The place among the flow's nodes, from 0."
    order: Int
    expectedRevision: Int
  }

  type UpdateNodePayload {
    node: AutomationNode!
    flow: AutomationFlow!
  }

  input MoveNodeInput {
    id: ID!
    "The new place among the flow's nodes, from 0; beyond the end is the end."
    order: Int!
    "`CONFLICT` when the flow has changed since."
    expectedRevision: Int
  }

  type MoveNodePayload {
    node: AutomationNode!
    flow: AutomationFlow!
  }

  input RemoveNodeInput {
    id: ID!
    "The flow that the node must be in; `NOT_FOUND` when it is in another."
    flowId: ID
    expectedRevision: Int
  }

  type RemoveNodePayload {
    deletedId: ID!
    flow: AutomationFlow!
  }

  input ConnectNodesInput {
    fromNodeId: ID!
    toNodeId: ID!
    label: String
    condition: String
    outcome: ConnectionOutcome! = SUCCESS
    expectedRevision: Int
    """
    A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
    answered again; with another input it is `CONFLICT`.
    """
    idempotencyKey: String
  }

  type ConnectNodesPayload {
    connection: AutomationConnection!
    flow: AutomationFlow!
  }

  input DisconnectNodesInput {
    "The connection's id."
    id: ID!
    expectedRevision: Int
  }

  type DisconnectNodesPayload {
    deletedId: ID!
    flow: AutomationFlow!
  }

  input ExecuteFlowInput {
    flowId: ID!
    "What the trigger is given; any JSON up to 256 KiB."
    input: JSON
    version: FlowVersionChoice! = PUBLISHED
    "The flow's own where it is left out."
    priority: RunPriority
    """
    A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
    answered again; with another input it is `CONFLICT`.
    """
    idempotencyKey: String
  }

  type ExecuteFlowPayload {
    execution: ExecutionLog!
  }

  input CancelExecutionInput {
    id: ID!
  }

  type CancelExecutionPayload {
    execution: ExecutionLog!
  }

  input DecideApprovalInput {
    executionId: ID!
    "The node that waits."
    nodeId: ID!
    "The positions in the lists of the loops around the node, the outermost first."
    iteration: [Int!]! = []
    approve: Boolean!
    "Up to 2,000 characters; the node's output has it."
    comment: String
  }

  type DecideApprovalPayload {
    execution: ExecutionLog!
  }

  "Which runs are taken from the queue first. A step counts like a minute of waiting, so none waits for ever."
  enum RunPriority {
    HIGH
    NORMAL
    LOW
  }

  "Which state of a flow runs."
  enum FlowVersionChoice {
    "The published version; while nothing was published, the flow as it stands."
    PUBLISHED
    "The flow as it stands."
    DRAFT
  }

  "Where a retried run begins."
  enum RetryStart {
    "With the trigger."
    BEGINNING
    "With the nodes that failed: those that succeeded keep their outputs and are not executed again."
    FAILED_NODE
  }

  input RetryExecutionInput {
    "The run's id."
    id: ID!
    from: RetryStart! = BEGINNING
    """
    A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
    answered again; with another input it is `CONFLICT`.
    """
    idempotencyKey: String
  }

  type RetryExecutionPayload {
    "The new run; its `retryOf` is the old one."
    execution: ExecutionLog!
  }

  "Which version a replayed run executes."
  enum ReplayVersion {
    "The one that the run had."
    SAME
    "The published version; while nothing was published, the flow as it stands."
    PUBLISHED
    "The flow as it stands."
    DRAFT
  }

  input ReplayExecutionInput {
    "The run's id."
    id: ID!
    version: ReplayVersion! = SAME
    """
    A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
    answered again; with another input it is `CONFLICT`.
    """
    idempotencyKey: String
  }

  type ReplayExecutionPayload {
    "The new run; its `retryOf` is the old one."
    execution: ExecutionLog!
  }

  input CreateWorkbenchInput {
    "1 to 200 characters."
    name: String!
    "Up to 2,000 characters."
    purpose: String! = ""
    "At most 20, each 1 to 100 characters."
    focus: [String!]! = []
    "The flows that lie on it; at most 500. One that does not exist is `BAD_USER_INPUT`."
    flowIds: [ID!]! = []
    """
    A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
    answered again; with another input it is `CONFLICT`.
    """
    idempotencyKey: String
  }

  type CreateWorkbenchPayload {
    workbench: Workbench!
  }

  input UpdateWorkbenchInput {
    id: ID!
    name: String
    purpose: String
    "Replaces the list."
    focus: [String!]
    "Replaces what lies on it; at most 500."
    flowIds: [ID!]
    "`CONFLICT` when the workbench has changed since."
    expectedRevision: Int
  }

  type UpdateWorkbenchPayload {
    workbench: Workbench!
  }

  input DeleteWorkbenchInput {
    id: ID!
    "`CONFLICT` when the workbench has changed since."
    expectedRevision: Int
  }

  type DeleteWorkbenchPayload {
    deletedId: ID!
  }

  input ChangeWorkbenchFlowsInput {
    "The workbench's id."
    id: ID!
    "1 to 500 flows."
    flowIds: [ID!]!
    "`CONFLICT` when the workbench has changed since."
    expectedRevision: Int
  }

  type ChangeWorkbenchFlowsPayload {
    workbench: Workbench!
  }

  input CreateWebhookInput {
    "http or https, up to 2,000 characters. What it names is checked with each delivery."
    url: String!
    "At least one."
    eventTypes: [WebhookEventType!]!
    "Up to 200 characters."
    description: String! = ""
    isActive: Boolean! = true
    """
    A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
    answered again; with another input it is `CONFLICT`.
    """
    idempotencyKey: String
  }

  type CreateWebhookPayload {
    webhook: Webhook!
    "What requests are signed with, `whsec_…`. Keep it: no query gives it."
    secret: String!
  }

  input UpdateWebhookInput {
    id: ID!
    url: String
    "Replaces the list."
    eventTypes: [WebhookEventType!]
    description: String
    isActive: Boolean
    "`CONFLICT` when the webhook has changed since."
    expectedRevision: Int
  }

  type UpdateWebhookPayload {
    webhook: Webhook!
  }

  input RotateWebhookSecretInput {
    id: ID!
    """
    A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
    answered again; with another input it is `CONFLICT`.
    """
    idempotencyKey: String
  }

  type RotateWebhookSecretPayload {
    webhook: Webhook!
    "The new secret. Keep it: no query gives it."
    secret: String!
  }

  input DeleteWebhookInput {
    id: ID!
    "`CONFLICT` when the webhook has changed since."
    expectedRevision: Int
  }

  type DeleteWebhookPayload {
    deletedId: ID!
  }

  input TestWebhookInput {
    id: ID!
  }

  type TestWebhookPayload {
    "With the answer, or why there was none."
    delivery: WebhookDelivery!
  }

  input RedeliverInput {
    "The delivery's id. `CONFLICT` when it is not over."
    id: ID!
    """
    A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
    answered again; with another input it is `CONFLICT`.
    """
    idempotencyKey: String
  }

  type RedeliverPayload {
    delivery: WebhookDelivery!
  }

  "When a trigger is to start runs."
  input TriggerScheduleInput {
    "Up to 200 characters; docs/triggers.md says what may stand there."
    cron: String!
    timeZone: String! = "UTC"
    overlap: ScheduleOverlap! = ALLOW
    catchUp: ScheduleCatchUp! = LAST
    "For `ALL`: 60 to 604,800."
    catchUpWindowSeconds: Int! = 86400
    "0 to 3,600."
    jitterSeconds: Int! = 0
    daylightSaving: ScheduleDaylightSaving! = VIXIE
  }

  "How a trigger is to take requests."
  input IncomingWebhookInput {
    signature: WebhookSignatureScheme! = NONE
    """
    What the service signs with: for `STANDARD` `whsec_…`, else 8 to 255 characters. Without it one is made for `STANDARD`
    and `GITHUB`; Stripe and Slack give theirs.
    """
    secret: String
    "1 to 3,600."
    toleranceSeconds: Int! = 300
    """
    A header whose value is the delivery's id, in place of the scheme's own: `webhook-id`, `X-GitHub-Delivery`, Stripe's
    `id`, Slack's `event_id`.
    """
    deliveryHeader: String
    answer: WebhookAnswer! = ACCEPTED
    "Needed for `NODE`."
    answerNodeKey: String
    "100 to 60,000."
    answerTimeoutMs: Int! = 10000
  }

  "Which runs a trigger is to wait for."
  input FlowEventInput {
    "A flow of the organization; its removal removes the trigger. It may be the trigger's own."
    flowId: ID!
    "At least one."
    states: [FlowEventState!]! = [SUCCESS]
  }

  "What is to happen at which service."
  input IntegrationEventInput {
    "An integration of the organization; its removal removes the trigger."
    integrationId: ID!
    "The key of one of its connector's triggers."
    trigger: String!
    "By the trigger's `settingsSchema`; up to 16 KiB."
    settings: JSON
    "For a trigger that the service sends: the events that start runs, among the trigger's `events`; empty for all."
    events: [String!]! = []
    """
    For a trigger that the service sends: what it signs with, 1 to 255 characters, when that is not the one of the
    integration's credentials. It is stored sealed, and no query gives it.
    """
    secret: String
    "For a trigger that asks: 30 to 86,400 unless the server is set otherwise; the connector's standard when left out."
    intervalSeconds: Int
    "For a trigger that asks: 1 to 500."
    maximumItems: Int! = 100
    "For a trigger that asks."
    start: PollStart! = NOW
  }

  input AddTriggerInput {
    flowId: ID!
    "The key of one of the flow's trigger nodes; without it all of them are started."
    nodeKey: String
    isEnabled: Boolean! = true
    "For a trigger of the kind `SCHEDULE`. Just one of the four kinds is given."
    schedule: TriggerScheduleInput
    "For a trigger of the kind `WEBHOOK`."
    webhook: IncomingWebhookInput
    "For a trigger of the kind `FLOW_EVENT`."
    flowEvent: FlowEventInput
    "For a trigger of the kind `INTEGRATION`."
    integrationEvent: IntegrationEventInput
    """
    A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
    answered again; with another input it is `CONFLICT`.
    """
    idempotencyKey: String
  }

  type AddTriggerPayload {
    trigger: FlowTrigger!
    "What requests are to be signed with; empty where nobody signs. Keep it: no query gives it."
    secret: String!
  }

  input UpdateTriggerInput {
    id: ID!
    "Null takes it away."
    nodeKey: String
    "Replaces all of it."
    schedule: TriggerScheduleInput
    "Replaces all of it but the secret, which stays when none is given."
    webhook: IncomingWebhookInput
    "How the runs end that it waits for; the flow stays. At least one."
    sourceStates: [FlowEventState!]
    "Replaces the flow whose runs it waits for, and how they end; not together with `sourceStates`."
    flowEvent: FlowEventInput
    """
    Replaces all of it but the secret, which stays when none is given. With other settings a trigger that asks begins
    anew.
    """
    integrationEvent: IntegrationEventInput
    "`CONFLICT` when the trigger has changed since."
    expectedRevision: Int
  }

  type UpdateTriggerPayload {
    trigger: FlowTrigger!
    "The secret, when the change made a new one; else empty."
    secret: String!
  }

  input SetTriggerEnabledInput {
    id: ID!
    "`CONFLICT` when the trigger has changed since."
    expectedRevision: Int
  }

  type SetTriggerEnabledPayload {
    trigger: FlowTrigger!
  }

  input RemoveTriggerInput {
    id: ID!
    "`CONFLICT` when the trigger has changed since."
    expectedRevision: Int
  }

  type RemoveTriggerPayload {
    deletedId: ID!
  }

  input RotateTriggerSecretInput {
    id: ID!
    "The new secret, where the service gives it; see `IncomingWebhookInput.secret`."
    secret: String
    "Whether the URL is replaced too. Where nobody signs it is what is replaced."
    replacesUrl: Boolean! = false
    """
    Of an integration's event: whether the trigger's own secret is forgotten, at once. Then the one of the integration's
    credentials counts, or the one that the service tells next (Asana, Notion).
    """
    forgetsSecret: Boolean! = false
    """
    A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
    answered again; with another input it is `CONFLICT`.
    """
    idempotencyKey: String
  }

  type RotateTriggerSecretPayload {
    trigger: FlowTrigger!
    "The new secret; empty where nobody signs."
    secret: String!
  }

  input RevealTriggerSecretInput {
    id: ID!
  }

  type RevealTriggerSecretPayload {
    trigger: FlowTrigger!
    secret: String!
  }

  input ReplayDeliveryInput {
    "The delivery's id."
    id: ID!
    """
    A text of 1 to 255 characters. The same mutation with the same key and input is executed once within 24 hours and
    answered again; with another input it is `CONFLICT`.
    """
    idempotencyKey: String
  }

  type ReplayDeliveryPayload {
    "The new delivery."
    delivery: TriggerDelivery!
  }

  # Subscriptions

  type Subscription {
    """
    Everything that happens in a run, in order, without a gap and without a repeat, until it ends. What happened before is
    sent first; with `after`, only what came behind that cursor.
    """
    executionUpdated(id: ID!, after: Cursor): ExecutionEvent! @requires(role: VIEWER)
    """
    Everything that happens in the organization's runs, in the order of its stream, without a gap and without a repeat; it
    does not end. Without `after`, from now on; with it, what came behind that cursor. `CURSOR_EXPIRED` when part of that is
    not stored any more: read `eventCursor`, then what you show, and subscribe behind that cursor.
    """
    executions(after: Cursor): ExecutionUpdate! @requires(role: VIEWER)
    "The same of one flow's runs. A flow that does not exist has none."
    flowExecutions(flowId: ID!, after: Cursor): ExecutionUpdate! @requires(role: VIEWER)
    "What happens to a flow, or without `id` to any; resumed as `executions` is."
    flowChanged(id: ID, after: Cursor): FlowChange! @requires(role: VIEWER)
    "An integration, or without `id` any, was created, checked, changed or deleted; resumed as `executions` is."
    integrationStatusChanged(id: ID, after: Cursor): IntegrationStatusChange! @requires(role: VIEWER)
  }
  """##
