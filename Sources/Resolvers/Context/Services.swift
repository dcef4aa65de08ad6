import Flows
import Integrations
import Logging
import Postgres
import Secrets
import Storage

/// What resolvers work with; made once by the composition root and shared by all requests.
public struct Services: Sendable {
  public var database: Database
  public var hasher: PasswordHasher
  public var accessTokens: AccessTokens
  public var secrets: SecretBox
  public var identifiers: UUIDv7Generator
  public var expressions: any ExpressionChecker
  public var events: RunEventHub
  /// Where runs are accepted.
  public let intake: RunIntake
  /// What is accepted for this process's worker.
  public let starts = RunStarts()
  let largeDocuments = LargeDocuments()
  /// Mutations that were refused.
  public let refusals: RefusalLog
  /// Where nodes are added to flows.
  let nodeIntake: NodeIntake
  public var notifier: RunNotifier
  public var deliverer: any WebhookDeliverer
  public var connectors: ConnectorCatalogue
  /// Calls the services of integrations; without it they cannot be asked.
  public var serviceAccounts: ServiceAccounts?
  /// Nil where files cannot be stored.
  public var files: FileServices?
  /// Where incoming webhooks are received: the URL before a trigger's own part.
  public var hooksURL = ""
  /// Seconds between two polls of a trigger at least.
  public var minimumPollSeconds = 30
  /// Where services send users back to who sign in.
  public var signInURL = ""
  /// Where the page at `signInURL` may send them then: addresses, or beginnings that end with a slash.
  public var signInReturns: [String] = []
  /// Seconds that a refresh token is valid.
  public var refreshTokenSeconds: Int

  public init(
    database: Database, security: SecurityServices, runs: RunServices, connectors: ConnectorCatalogue,
    refreshTokenSeconds: Int
  ) {
    self.database = database
    intake = RunIntake(database, starts: starts)
    refusals = RefusalLog(database)
    nodeIntake = NodeIntake(database)
    hasher = security.hasher
    accessTokens = security.accessTokens
    secrets = security.secrets
    identifiers = security.identifiers
    expressions = runs.expressions
    events = runs.events
    notifier = runs.notifier
    deliverer = runs.deliverer
    self.connectors = connectors
    self.refreshTokenSeconds = refreshTokenSeconds
  }

  var accounts: AccountStore { AccountStore(database) }
  var organizations: OrganizationStore { OrganizationStore(database) }
  var retention: RetentionStore { RetentionStore(database) }
  var invitations: InvitationStore { InvitationStore(database) }
  var apiKeys: APIKeyStore { APIKeyStore(database) }
  var integrations: IntegrationStore { IntegrationStore(database) }
  var flows: FlowStore { FlowStore(database) }
  var workbenches: WorkbenchStore { WorkbenchStore(database) }
  var webhooks: WebhookStore { WebhookStore(database) }
  var avatars: AvatarStore { AvatarStore(database) }
  var triggers: TriggerStore { TriggerStore(database) }
  var received: ReceivedStore { ReceivedStore(database) }
  var deliveries: DeliveryStore { DeliveryStore(database) }
  var executions: ExecutionStore { ExecutionStore(database, intake: intake) }

  /// A new id.
  func makeID() -> Identifier { Identifier(identifiers.next()) }
}

/// Keys, hashes and ids.
public struct SecurityServices: Sendable {
  public var hasher: PasswordHasher
  public var accessTokens: AccessTokens
  public var secrets: SecretBox
  public var identifiers: UUIDv7Generator

  public init(
    hasher: PasswordHasher, accessTokens: AccessTokens, secrets: SecretBox, identifiers: UUIDv7Generator
  ) {
    self.hasher = hasher
    self.accessTokens = accessTokens
    self.secrets = secrets
    self.identifiers = identifiers
  }
}

/// What concerns runs, and what is told of them.
public struct RunServices: Sendable {
  public var expressions: any ExpressionChecker
  public var events: RunEventHub
  public var notifier: RunNotifier
  public var deliverer: any WebhookDeliverer

  public init(
    expressions: any ExpressionChecker, events: RunEventHub, notifier: RunNotifier,
    deliverer: any WebhookDeliverer
  ) {
    self.expressions = expressions
    self.events = events
    self.notifier = notifier
    self.deliverer = deliverer
  }
}

extension Identifier {
  public init(_ id: UUIDv7) { self.init(high: id.high, low: id.low) }

  public var uuidv7: UUIDv7 { UUIDv7(high: high, low: low) }
}
