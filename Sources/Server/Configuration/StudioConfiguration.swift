import Connectors
import Files
import Logging
import Mail
import NIOCore
import Outbound
import Postgres
import Redis
import Sandbox
import Secrets
import Storage

/// Everything that a server is made of: a value that `studio serve` reads from the settings and tests write
/// by hand.
struct StudioConfiguration: Sendable {
  var host: String
  var port: Int
  var publicURL: String
  var shutdownGrace: Duration
  var postgres: PostgresConfiguration
  /// Nil without Redis.
  var redis: RedisClient.Settings?
  var masterKey: MasterKey
  var oldMasterKeys: [MasterKey]
  /// Holds `playground/`, `connectors/` and `rest/`.
  var resources: String
  /// By connector.
  var oauthClients: [String: OAuthClient]
  /// Where users may be sent who have signed in at a service.
  var signInReturns: [String]
  var tokens: Tokens
  var http: HTTP
  var graphQL: GraphQLEndpoint.Settings
  var documents: Documents
  var crossSite: CrossSite
  var operations: OperationLimits
  var explaining: ExplainAccess
  var rates: RateLimiter.Settings
  var addresses: ClientAddresses
  var limits: Limits
  var socket: Socket
  var streams: EventStreams.Settings
  var worker: Worker
  /// Between two polls of a trigger.
  var minimumPollSeconds: Int
  var sandbox: SandboxConfiguration
  var outbound: OutboundConfiguration
  var retention = RetentionUpkeep.Settings(defaults: RetentionPolicy(), interval: nil)
  /// Nil without a mail server of the Studio's own.
  var mail: EmailActions.Own?
  var files = Files(folder: ".studio/files", bucket: nil, maximumBytes: 10 << 20)

  struct Tokens: Sendable {
    var accessSeconds: Int
    var refreshSeconds: Int
    var passwordCost: Int
  }

  struct HTTP: Sendable {
    var maximumBody: Int
    var requestTimeout: Duration
    var idleTimeout: Duration
    var maximumConnections: Int
  }

  /// Documents that clients name instead of sending them.
  struct Documents: Sendable {
    /// A folder or a manifest; empty when there is none.
    var trustedPath: String
    var refusesOthers: Bool
    var automaticBytes: Int
  }

  struct Limits: Sendable {
    var tokens: Int
    var depth: Int
    var planCacheBytes: Int
  }

  struct Socket: Sendable {
    var initTimeout: TimeAmount
    var pingInterval: TimeAmount
    var maximumOperations: Int
    var queue: SendQueue.Limits
  }

  /// Where uploads are kept.
  struct Files: Sendable {
    /// Uploads arrive here, and stay unless there is a bucket.
    var folder: String
    var bucket: BucketStore.Configuration?
    /// Of one request's files.
    var maximumBytes: Int
  }

  struct Worker: Sendable {
    var isEnabled: Bool
    var concurrency: Int
    var leaseMilliseconds: Int
  }
}

extension StudioConfiguration {
  /// - Throws: `SettingError`, one clear sentence for the first setting that cannot be used.
  init(_ settings: SettingsReader) throws {
    host = try settings.string(Settings.host)
    port = try settings.integer(Settings.port)
    publicURL = try settings.string(Settings.publicURL)
    if publicURL.isEmpty { publicURL = "http://\(host):\(port)" }
    shutdownGrace = .milliseconds(try settings.integer(Settings.shutdownGrace))
    postgres = try StudioConfiguration.postgres(settings)
    redis = try StudioConfiguration.redis(settings)
    masterKey = try StudioConfiguration.key(try settings.string(Settings.masterKey), Settings.masterKey)
    oldMasterKeys = try settings.list(Settings.oldMasterKeys).map {
      try StudioConfiguration.key($0, Settings.oldMasterKeys)
    }
    oauthClients = try OAuthClients.read(try settings.string(Settings.oauthClients))
    signInReturns = try OAuthClients.returns(try settings.list(Settings.signInReturns))
    resources = try Resources.folder(configured: try settings.string(Settings.resources))
    tokens = Tokens(
      accessSeconds: try settings.integer(Settings.accessTokenLifetime),
      refreshSeconds: try settings.integer(Settings.refreshTokenLifetime),
      passwordCost: try settings.integer(Settings.passwordCost))
    http = try StudioConfiguration.http(settings)
    graphQL = try StudioConfiguration.graphQL(settings)
    documents = Documents(
      trustedPath: try settings.string(Settings.trustedDocuments),
      refusesOthers: try settings.boolean(Settings.onlyTrustedDocuments),
      automaticBytes: try settings.integer(Settings.automaticDocuments))
    crossSite = try CrossSite(
      origins: try settings.list(Settings.corsOrigins), publicURL: publicURL,
      requiresPreflight: try settings.boolean(Settings.requirePreflight))
    operations = OperationLimits(
      depth: try settings.integer(Settings.maximumLevels),
      breadth: try settings.integer(Settings.maximumBreadth),
      aliases: try settings.integer(Settings.maximumAliases),
      fieldCost: try settings.integer(Settings.maximumFieldCost),
      typeCost: try settings.integer(Settings.maximumTypeCost))
    explaining = try settings.choice(Settings.explain)
    rates = try StudioConfiguration.rates(settings)
    addresses = ClientAddresses(
      trustedProxies: try StudioConfiguration.networks(settings, Settings.trustedProxies))
    limits = Limits(
      tokens: try settings.integer(Settings.maximumTokens),
      depth: try settings.integer(Settings.maximumDepth),
      planCacheBytes: try settings.integer(Settings.planCache))
    socket = Socket(
      initTimeout: .milliseconds(Int64(try settings.integer(Settings.socketInitTimeout))),
      pingInterval: .seconds(Int64(try settings.integer(Settings.socketPing))),
      maximumOperations: try settings.integer(Settings.socketOperations),
      queue: SendQueue.Limits(
        bytes: try settings.integer(Settings.socketQueue),
        messages: try settings.integer(Settings.socketQueueMessages),
        operationBytes: try settings.integer(Settings.operationQueue),
        operationMessages: try settings.integer(Settings.operationQueueMessages),
        patience: .milliseconds(try settings.integer(Settings.operationPatience))))
    streams = EventStreams.Settings(
      keepAlive: .milliseconds(try settings.integer(Settings.streamKeepAlive)),
      maximumStreams: try settings.integer(Settings.maximumStreams),
      maximumPerClient: try settings.integer(Settings.streamsPerClient),
      maximumOperations: socket.maximumOperations, queue: socket.queue)
    minimumPollSeconds = try settings.integer(Settings.minimumPollSeconds)
    worker = Worker(
      isEnabled: try settings.boolean(Settings.workerEnabled),
      concurrency: try settings.integer(Settings.workerConcurrency),
      leaseMilliseconds: try settings.integer(Settings.workerLease))
    sandbox = try StudioConfiguration.sandbox(settings)
    outbound = try StudioConfiguration.outbound(settings)
    retention = try StudioConfiguration.retention(settings)
    mail = try StudioConfiguration.mail(settings)
    files = try StudioConfiguration.files(settings)
  }

  private static func http(_ settings: SettingsReader) throws -> HTTP {
    HTTP(
      maximumBody: try settings.integer(Settings.maximumBody),
      requestTimeout: .milliseconds(try settings.integer(Settings.requestTimeout)),
      idleTimeout: .seconds(try settings.integer(Settings.idleTimeout)),
      maximumConnections: try settings.integer(Settings.maximumConnections))
  }

  private static func redis(_ settings: SettingsReader) throws -> RedisClient.Settings? {
    let text = try settings.string(Settings.redisURL)
    if text.isEmpty { return nil }
    var redis: RedisClient.Settings
    do {
      redis = RedisClient.Settings(try RedisAddress(text))
    } catch {
      throw SettingError(description: "REDIS_URL cannot be used: \(error.description)")
    }
    guard redis.address.usesTLS else { return redis }
    let authorities = try settings.string(Settings.redisAuthorities)
    let isVerifying = try settings.boolean(Settings.redisVerifies)
    do {
      redis.tls = try RedisTLS(authorities: authorities, isVerifying: isVerifying)
    } catch {
      throw SettingError(description: "REDIS_CERTIFICATE_AUTHORITIES cannot be used: \(error.description)")
    }
    return redis
  }

  /// Only what is needed to reach the database.
  static func postgres(_ settings: SettingsReader) throws -> PostgresConfiguration {
    let text = try settings.string(Settings.databaseURL)
    var postgres: PostgresConfiguration
    do {
      postgres = try PostgresConfiguration(connectionInfo: text)
    } catch {
      throw SettingError(description: "DATABASE_URL is not a connection string that libpq understands.")
    }
    postgres.poolSize = try settings.integer(Settings.databasePoolSize)
    postgres.queueLimit = try settings.integer(Settings.databaseQueueLimit)
    postgres.acquireDeadline = .milliseconds(try settings.integer(Settings.databaseWait))
    postgres.statementDeadline = .milliseconds(try settings.integer(Settings.databaseStatementTimeout))
    return postgres
  }

  private static func key(_ text: String, _ setting: Setting) throws -> MasterKey {
    do {
      return try MasterKey(hexadecimal: text)
    } catch {
      throw SettingError(description: "\(setting.environmentName): \(error)")
    }
  }

  private static func graphQL(_ settings: SettingsReader) throws -> GraphQLEndpoint.Settings {
    GraphQLEndpoint.Settings(
      profile: try settings.choice(Settings.statusProfile),
      maximumBody: try settings.integer(Settings.maximumBody),
      maximumBatch: try settings.integer(Settings.maximumBatch),
      isCompressing: try settings.boolean(Settings.compression))
  }

  /// Reads the trusted documents.
  ///
  /// - Throws: `SettingError` when they cannot be read, or there are none and all others are refused.
  func persistedDocuments() throws -> PersistedDocuments {
    let trusted = try TrustedDocuments.read(documents.trustedPath)
    if documents.refusesOthers, trusted.isEmpty {
      throw SettingError(
        description:
          "\(Settings.onlyTrustedDocuments.environmentName) needs \(Settings.trustedDocuments.environmentName)."
      )
    }
    return PersistedDocuments(
      trusted: trusted, refusesOthers: documents.refusesOthers, maximumBytes: documents.automaticBytes)
  }

  private static func rates(_ settings: SettingsReader) throws -> RateLimiter.Settings {
    RateLimiter.Settings(
      isEnabled: try settings.boolean(Settings.rateLimits),
      address: .init(
        name: "address", limit: try settings.integer(Settings.addressRequests),
        window: .seconds(try settings.integer(Settings.addressSeconds))),
      user: .init(
        name: "user", limit: try settings.integer(Settings.userRequests),
        window: .seconds(try settings.integer(Settings.userSeconds))),
      apiKey: .init(
        name: "api-key", limit: try settings.integer(Settings.apiKeyRequests),
        window: .seconds(try settings.integer(Settings.apiKeySeconds))),
      trigger: .init(
        name: "webhook", limit: try settings.integer(Settings.triggerRequests),
        window: .seconds(try settings.integer(Settings.triggerSeconds))))
  }

  private static func networks(_ settings: SettingsReader, _ setting: Setting) throws -> [AddressRange] {
    try settings.list(setting).map { text in
      guard let range = AddressRange(text) else {
        throw SettingError(
          description: "\(setting.environmentName): \"\(text)\" is not a network such as 10.0.0.0/8.")
      }
      return range
    }
  }

  private static func sandbox(_ settings: SettingsReader) throws -> SandboxConfiguration {
    var sandbox = SandboxConfiguration()
    let path = try settings.string(Settings.sandboxPath)
    if !path.isEmpty { sandbox.binaryPath = path }
    sandbox.processes = try settings.integer(Settings.sandboxProcesses)
    sandbox.defaultTimeout = .milliseconds(try settings.integer(Settings.sandboxTimeout))
    sandbox.memoryLimitBytes = try settings.integer(Settings.sandboxMemory) << 20
    return sandbox
  }

  private static func files(_ settings: SettingsReader) throws -> Files {
    let endpoint = try settings.string(Settings.bucketEndpoint)
    var files = Files(
      folder: try settings.string(Settings.filesFolder), bucket: nil,
      maximumBytes: try settings.integer(Settings.filesMaximum))
    if !endpoint.isEmpty {
      files.bucket = BucketStore.Configuration(
        endpoint: endpoint, region: try settings.string(Settings.bucketRegion),
        bucket: try settings.string(Settings.bucketName),
        accessKey: try settings.string(Settings.bucketAccessKey),
        secretKey: try settings.string(Settings.bucketSecretKey))
    }
    return files
  }

  /// Only what is needed to forget what is old.
  static func retention(_ settings: SettingsReader) throws -> RetentionUpkeep.Settings {
    let minutes = try settings.integer(Settings.retentionInterval)
    return RetentionUpkeep.Settings(
      defaults: RetentionPolicy(
        runDays: try settings.integer(Settings.retentionRunDays),
        runCount: try settings.integer(Settings.retentionRuns),
        auditDays: try settings.integer(Settings.retentionAuditDays)),
      interval: minutes == 0 ? nil : .seconds(minutes * 60))
  }

  private static func mail(_ settings: SettingsReader) throws -> EmailActions.Own? {
    let host = try settings.string(Settings.mailHost)
    if host.isEmpty { return nil }
    func given(_ setting: Setting) throws -> String? {
      let text = try settings.string(setting)
      return text.isEmpty ? nil : text
    }
    let name = try given(Settings.mailEncryption)
    let encryption = name.flatMap(MailServer.Encryption.init(rawValue:))
    guard name == nil || encryption != nil else {
      throw SettingError(
        description: "\(Settings.mailEncryption.environmentName) must be tls, starttls or none.")
    }
    do {
      var server = try MailServer(
        host: host, port: try settings.integer(Settings.mailPort), encryption: encryption)
      server.user = try given(Settings.mailUser)
      server.password = try given(Settings.mailPassword)
      server.authorities = try given(Settings.mailAuthorities)
      return EmailActions.Own(
        server: server, from: try given(Settings.mailFrom).map { try MailAddress($0, field: "mail.from") })
    } catch let error as MailError {
      throw SettingError(description: "The mail server's settings cannot be used. \(error.description)")
    }
  }

  private static func outbound(_ settings: SettingsReader) throws -> OutboundConfiguration {
    let ranges = try networks(settings, Settings.outboundAllowed)
    var outbound = OutboundConfiguration(policy: AddressPolicy(allowedRanges: ranges))
    outbound.maximumResponseBytes = try settings.integer(Settings.outboundBody)
    return outbound
  }
}
