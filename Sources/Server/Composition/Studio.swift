import Flows
import GraphQLEngine
import Integrations
import Logging
import Mail
import NIOPosix
import Outbound
import Postgres
import Redis
import Resolvers
import Sandbox
import Secrets
import Storage

/// All parts of a server, put together: what `studio serve` runs and `studio demo` borrows.
///
/// `open` starts what resolvers need; `close` ends it in the opposite order.
struct Studio: Sendable {
  let configuration: StudioConfiguration
  let logger: Logger
  private let parts: OpenParts
  private let secrets: SecretBox
  let database: Database
  let hub: RunEventHub
  let notifier: RunNotifier
  let sandbox: SandboxPool
  let outbound: OutboundClient
  let tokens: AccessTokens
  let service: GraphQLService
  let deliverer: WebhookSender
  let accounts: ServiceAccounts
  /// Nil where files cannot be stored.
  let files: KeptFiles?
  let identifiers: UUIDv7Generator
  let clock: DatabaseClock
  let firstTurns: FirstTurns

  /// Connects, reads keys and manifests, and binds the schema.
  static func open(_ configuration: StudioConfiguration, logger: Logger) async throws -> Studio {
    let parts = try OpenParts(configuration, logger: logger)
    do {
      return try await Studio(configuration, logger, parts)
    } catch {
      await parts.close(databaseDeadline: .zero)
      throw error
    }
  }

  private init(
    _ configuration: StudioConfiguration, _ logger: Logger, _ parts: OpenParts
  ) async throws {
    self.configuration = configuration
    self.logger = logger
    self.parts = parts
    (database, hub, sandbox, outbound) = (parts.database, parts.hub, parts.sandbox, parts.outbound)
    notifier = RunNotifier(hub: hub)
    identifiers = UUIDv7Generator()
    clock = DatabaseClock(database, logger: logger)
    firstTurns = FirstTurns(
      database, clock: clock, lease: .milliseconds(configuration.worker.leaseMilliseconds),
      observer: CrashPoint.driveObserver())
    try await clock.look()
    secrets = SecretBox(current: configuration.masterKey, previous: configuration.oldMasterKeys)
    let keys = try await SigningKeys.load(
      SigningKeyStore(database), secrets: secrets, identifiers: identifiers)
    await PartitionUpkeep(database: database, logger: logger).ensure()
    var tokenSettings = AccessTokens.Configuration(issuer: configuration.publicURL)
    tokenSettings.lifetimeSeconds = Int64(configuration.tokens.accessSeconds)
    tokens = await AccessTokens(configuration: tokenSettings, signing: keys.signing, retired: keys.retired)
    deliverer = WebhookSender(
      client: outbound, store: DeliveryStore(database), secrets: secrets, logger: logger)
    files = try KeptFiles.open(configuration.files, logger: logger)
    var services = Services(
      database: database,
      security: SecurityServices(
        hasher: PasswordHasher(cost: configuration.tokens.passwordCost), accessTokens: tokens,
        secrets: secrets, identifiers: identifiers),
      runs: RunServices(
        expressions: SandboxExpressions(pool: sandbox), events: hub, notifier: notifier,
        deliverer: deliverer),
      connectors: try Resources.connectors(in: configuration.resources),
      refreshTokenSeconds: configuration.tokens.refreshSeconds)
    services.hooksURL = configuration.publicURL + HookEndpoint.prefix
    services.signInURL = configuration.publicURL + SignInEndpoint.path
    services.signInReturns = configuration.signInReturns
    services.minimumPollSeconds = configuration.minimumPollSeconds
    let (catalogue, process) = (services.connectors, identifiers.next())
    accounts = ServiceAccounts(
      manifests: catalogue.manifests,
      parts: ServiceAccountParts(
        store: IntegrationStore(database), secrets: secrets, transport: OutboundTransport(client: outbound),
        clients: configuration.oauthClients, clock: clock,
        owner: Identifier(high: process.high, low: process.low)))
    services.serviceAccounts = accounts
    services.files = files.map {
      FileServices(
        store: $0.store, baseURL: configuration.publicURL + FileEndpoint.prefix,
        maximumBytes: $0.maximumBytes)
    }
    service = GraphQLService(
      engine: try Studio.engine(configuration.limits), services: services,
      authenticator: Authenticator(
        tokens: tokens, accounts: AccountStore(database),
        apiKeys: APIKeyAuthenticator(keys: APIKeyStore(database), logger: logger)),
      documents: try configuration.persistedDocuments(), limits: configuration.operations,
      logger: logger, deadlines: Deadlines(timeout: configuration.http.requestTimeout),
      rates: RateLimiter(
        configuration.rates, shared: parts.redis.map { RedisRateCounts($0, logger: logger) }),
      explaining: configuration.explaining)
  }

  private static func engine(_ configured: StudioConfiguration.Limits) throws -> Engine {
    var limits = EngineLimits()
    limits.tokens = configured.tokens
    limits.depth = configured.depth
    limits.planCacheBytes = configured.planCacheBytes
    return Engine(try StudioSchema.executable(), limits: limits)
  }

  /// Drives runs in this process.
  func makeWorker() -> Worker {
    let id = identifiers.next()
    var settings = WorkerSettings()
    settings.maximumRuns = configuration.worker.concurrency
    settings.leaseMilliseconds = Int64(configuration.worker.leaseMilliseconds)
    settings.heartbeatMilliseconds = max(100, settings.leaseMilliseconds / 5)
    settings.stopGraceMilliseconds = min(1000, Int64(configuration.shutdownGrace / .milliseconds(1)))
    let store = PostgresRunStore(database, notifier: notifier, firstTurns: firstTurns)
    var ports = WorkerPorts(
      store: store, evaluator: SandboxExpressions(pool: sandbox),
      performer: OutboundActions(
        client: outbound, maximumBody: configuration.outbound.maximumResponseBytes, email: emails,
        accounts: accounts),
      clock: clock, signals: hub)
    ports.beforeDriving = CrashPoint.driveObserver()
    ports.starts = PostgresEagerStarts(service.services.starts, store: store)
    ports.links = PublicResumeLinks(
      publicURL: configuration.publicURL,
      secrets: SecretBox(current: configuration.masterKey, previous: configuration.oldMasterKeys))
    let logger = logger
    return Worker(owner: Identifier(high: id.high, low: id.low), ports: ports, settings: settings) { notice in
      notice.log(to: logger)
    }
  }

  /// Forgets what is old.
  func makeRetentionUpkeep() -> RetentionUpkeep {
    let id = identifiers.next()
    return RetentionUpkeep(
      pruning: Pruning(
        database, defaults: configuration.retention.defaults, owner: Identifier(high: id.high, low: id.low)),
      interval: configuration.retention.interval, logger: logger)
  }

  private var emails: EmailActions {
    EmailActions(
      sender: parts.mail, integrations: IntegrationStore(database),
      secrets: SecretBox(current: configuration.masterKey, previous: configuration.oldMasterKeys),
      outbound: outbound, own: configuration.mail, clock: clock)
  }

  /// Sends what webhooks are to be told, in this process.
  func makeDeliveryWorker() -> DeliveryWorker {
    DeliveryWorker(store: DeliveryStore(database), deliverer: deliverer, logger: logger)
  }

  /// Fires schedules, and starts what waits for runs, in this process.
  func makeTriggerWorker() -> TriggerWorker {
    TriggerWorker(
      database: database, hub: hub, notifier: notifier, identifiers: identifiers, logger: logger)
  }

  /// Asks services for what triggers wait for, in this process.
  func makePollWorker() -> PollWorker {
    PollWorker(
      store: PollStore(database), received: ReceivedStore(database), accounts: accounts, notifier: notifier,
      identifiers: identifiers, logger: logger,
      leaseMilliseconds: Int64(configuration.worker.leaseMilliseconds))
  }

  /// Takes what waiting nodes go on with, in this process.
  func makeResumption() -> ResumeEndpoint {
    ResumeEndpoint(
      executions: ExecutionStore(database),
      secrets: SecretBox(current: configuration.masterKey, previous: configuration.oldMasterKeys),
      notifier: notifier, identifiers: identifiers, logger: logger)
  }

  /// Takes users who come back from services where they signed in.
  func makeSignIn() -> SignInEndpoint {
    SignInEndpoint(
      service: service, signIn: SignIn(accounts), accounts: AccountStore(database), logger: logger)
  }

  /// Takes what other services send, in this process.
  func makeHooks() -> HookEndpoint {
    let store = ReceivedStore(
      database, starts: service.services.starts, firstTurns: firstTurns)
    return HookEndpoint(
      receivers: HookReceivers(
        store: store, secrets: secrets,
        services: ServiceHookReader(
          accounts: accounts, integrations: IntegrationStore(database), secrets: secrets),
        identifiers: identifiers),
      inbox: HookInbox { store.accept($0, completion: $1) }, received: store,
      triggers: TriggerStore(database),
      hooksURL: configuration.publicURL + HookEndpoint.prefix, outcomes: RunOutcomes(database, hub: hub),
      notifier: notifier,
      identifiers: identifiers, rates: service.rates, addresses: configuration.addresses, logger: logger)
  }

  func close() async {
    // Nobody waits for an answer any more; what is still under way is cut off soon.
    await files?.store.shutdown()
    await parts.close(databaseDeadline: .milliseconds(300))
  }
}

/// What is started before anything else and ended last.
private struct OpenParts: Sendable {
  let database: Database
  /// Nil where none is configured.
  let redis: RedisClient?
  let hub: RunEventHub
  let sandbox: SandboxPool
  let outbound: OutboundClient
  let mail: MailSender

  init(_ configuration: StudioConfiguration, logger: Logger) throws {
    database = try Database(configuration.postgres, logger: logger, writeObserver: CrashPoint.observer())
    database.start()
    redis = configuration.redis.map { RedisClient($0, logger: logger) }
    redis?.start()
    hub = RunEventHub(database, hints: redis.map { RedisRunHints($0) })
    hub.start()
    sandbox = SandboxPool(configuration: configuration.sandbox, logger: logger)
    outbound = OutboundClient(configuration: configuration.outbound)
    mail = MailSender()
  }

  func close(databaseDeadline: Duration) async {
    await hub.stop()
    await redis?.stop()
    await sandbox.shutdown()
    await outbound.shutdown()
    await mail.shutdown()
    await database.shutdown(deadline: databaseDeadline)
  }
}

extension WorkerNotice {
  /// Faults are warnings; the end of a run is worth a line when one asks for it.
  func log(to logger: Logger) {
    switch self {
    case .runEnded(let run, let state):
      logger.debug("A run ended", metadata: ["run": "\(run.runID.text(.execution))", "state": "\(state)"])
    default: logger.warning("The worker had trouble", metadata: ["notice": "\(self)"])
    }
  }
}
