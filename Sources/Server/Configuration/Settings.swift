/// The table of settings, in the order of the documentation.
enum Settings {
  static let host = Setting.string("host", "127.0.0.1", "The address to listen on; `0.0.0.0` for all.")
  static let port = Setting.integer(
    "port", 3000, in: 0...65_535, "The port to listen on; 0 takes a free one.")
  static let publicURL = Setting.string(
    "publicUrl", "", "The address that clients see, the issuer of tokens; made from host and port when empty."
  )
  static let shutdownGrace = Setting.integer(
    "shutdown.graceMilliseconds", 1200, in: 0...600_000,
    "How long open requests may take after SIGTERM or SIGINT before they are cut off.")

  static let databaseURL = Setting.string(
    "database.url", nil,
    "How to reach Postgres: `postgres://user:password@host/name` or a libpq connection string.",
    secret: true)
  static let databasePoolSize = Setting.integer(
    "database.poolSize", 8, in: 2...200, "Connections to Postgres at most.")
  static let databaseQueueLimit = Setting.integer(
    "database.queueLimit", 4096, in: 1...1_000_000,
    "Statements that may wait for a connection; more are refused.")
  static let databaseWait = Setting.integer(
    "database.waitMilliseconds", 5000, in: 1...600_000, "How long a statement waits for a connection.")
  static let databaseStatementTimeout = Setting.integer(
    "database.statementTimeoutMilliseconds", 30_000, in: 1...3_600_000, "How long a statement may run.")

  static let redisURL = Setting.string(
    "redis.url", "",
    """
    Redis, `redis://user:password@host:6379/0`, or `rediss://` for TLS: rates and hints between processes go \
    there. Empty: not used.
    """,
    secret: true)
  static let redisAuthorities = Setting.string(
    "redis.certificateAuthorities", "",
    "A PEM file with the authorities that are trusted for Redis by TLS; the system's when it is empty.")
  static let redisVerifies = Setting.boolean(
    "redis.verifyCertificate", true, "Check the certificate and the name of a Redis by TLS.")

  static let masterKey = Setting.string(
    "studio.masterKey", nil,
    "64 hexadecimal digits: encrypts credentials and signing keys. `openssl rand -hex 32` makes one.",
    secret: true)
  static let oldMasterKeys = Setting.list(
    "studio.oldMasterKeys", "", "Former master keys that may still decrypt.", secret: true)
  static let resources = Setting.string(
    "studio.resources", "",
    "The folder that holds `playground/`, `connectors/` and `rest/`; searched for when empty.")

  static let oauthClients = Setting.string(
    "connectors.oauthClients", "",
    "A JSON file with the Studio's id and secret as an OAuth client of services, by connector.")

  static let signInReturns = Setting.list(
    "connectors.returnUrls", "",
    "Where the page `/oauth/callback` may send users then; one that ends with `/` allows all below it.")

  static let accessTokenLifetime = Setting.integer(
    "tokens.accessSeconds", 900, in: 1...86_400, "How long an access token is valid.")
  static let refreshTokenLifetime = Setting.integer(
    "tokens.refreshSeconds", 604_800, in: 1...31_536_000, "How long a refresh token is valid.")
  static let passwordCost = Setting.integer(
    "passwords.cost", 12, in: 4...16, "bcrypt's cost: each step doubles the work. Below 12 is for tests only."
  )

  static let maximumBody = Setting.integer(
    "http.maximumBodyBytes", 1_048_576, in: 1024...104_857_600, "The largest request body.")
  static let requestTimeout = Setting.integer(
    "http.requestTimeoutMilliseconds", 30_000, in: 1...600_000,
    "How long a request may take to arrive, and then to be answered.")
  static let idleTimeout = Setting.integer(
    "http.idleTimeoutSeconds", 120, in: 1...86_400, "How long a connection may be idle.")
  static let maximumConnections = Setting.integer(
    "http.maximumConnections", 10_000, in: 1...1_000_000,
    "Connections at once; more wait until others close. The system's limit on open files bounds it too.")

  static let compression = Setting.boolean(
    "http.compression", true, "Whether answers of 1 KiB and more are gzip for clients that accept it.")
  static let corsOrigins = Setting.list(
    "http.corsOrigins", "",
    "Origins whose pages may call the API, such as `https://app.example.com`; `*` for all.")
  static let requirePreflight = Setting.boolean(
    "http.requirePreflight", false, "Whether GET needs the header `GraphQL-Require-Preflight`.")

  static let trustedProxies = Setting.list(
    "http.trustedProxies", "",
    "Networks of proxies whose `X-Forwarded-For` tells the client's address, as CIDR.")

  static let rateLimits = Setting.boolean(
    "rateLimits.enabled", true, "Whether clients that ask too much are answered with 429.")
  static let addressRequests = Setting.integer(
    "rateLimits.addressRequests", 100, in: 1...1_000_000_000,
    "Executions that an address may ask for in its time without signing in.")
  static let addressSeconds = Setting.integer(
    "rateLimits.addressSeconds", 60, in: 1...86_400, "The time for them.")
  static let userRequests = Setting.integer(
    "rateLimits.userRequests", 1000, in: 1...1_000_000_000, "Executions that a user may ask for in its time.")
  static let userSeconds = Setting.integer(
    "rateLimits.userSeconds", 900, in: 1...86_400, "The time for them.")

  static let apiKeyRequests = Setting.integer(
    "rateLimits.apiKeyRequests", 10_000, in: 1...1_000_000_000,
    "Executions that an API key may ask for in its time.")
  static let apiKeySeconds = Setting.integer(
    "rateLimits.apiKeySeconds", 3600, in: 1...86_400, "The time for them.")

  static let triggerRequests = Setting.integer(
    "rateLimits.webhookRequests", 60_000, in: 1...1_000_000_000,
    "Requests that an incoming webhook takes in its time.")
  static let triggerSeconds = Setting.integer(
    "rateLimits.webhookSeconds", 60, in: 1...86_400, "The time for them.")

  static let trustedDocuments = Setting.string(
    "graphql.trustedDocuments", "",
    "A folder of `.graphql` files or a JSON manifest: documents that clients may name; see docs/api.md.")
  static let onlyTrustedDocuments = Setting.boolean(
    "graphql.onlyTrustedDocuments", false, "Whether every other document is refused.")
  static let automaticDocuments = Setting.integer(
    "graphql.automaticDocumentBytes", 8_388_608, in: 0...1_073_741_824,
    "Memory for documents that clients send once and then name by their hash; 0 turns that off.")
  static let maximumTokens = Setting.integer(
    "graphql.maximumTokens", 15_000, in: 100...1_000_000, "Tokens of a request's document.")
  static let maximumDepth = Setting.integer(
    "graphql.maximumDepth", 200, in: 10...200, "Nesting of a request's document.")
  static let maximumLevels = Setting.integer(
    "graphql.maximumLevels", 25, in: 1...200, "Levels of an operation's fields, fragments replaced.")
  static let maximumBreadth = Setting.integer(
    "graphql.maximumBreadth", 200, in: 1...10_000, "Fields of one selection set, fragments replaced.")
  static let maximumAliases = Setting.integer(
    "graphql.maximumAliases", 100, in: 0...10_000, "Fields of an operation that have another name.")
  static let maximumFieldCost = Setting.integer(
    "graphql.maximumFieldCost", 100_000, in: 1...1_000_000_000,
    "What an operation's fields may cost, by `@cost`.")
  static let maximumTypeCost = Setting.integer(
    "graphql.maximumTypeCost", 100_000, in: 1...1_000_000_000,
    "What the objects may cost that an operation gives, by `@cost` and `@listSize`.")
  static let statusProfile = Setting.string(
    "graphql.statusProfile", "audit",
    "Which HTTP statuses answer what: `audit` (200, 400) or `draft-2026` (294, 422); see docs/api.md.")
  static let explain = Setting.string(
    "graphql.explain", "admins",
    "Who may have operations explained: `admins` (owners, too), `everybody` or `nobody`; see docs/explain.md."
  )
  static let maximumBatch = Setting.integer(
    "graphql.maximumBatch", 10, in: 0...1000, "Executions that one request may ask for; 0 refuses batches.")
  static let planCache = Setting.integer(
    "graphql.planCacheBytes", 67_108_864, in: 0...8_589_934_592, "Memory for prepared operations.")

  static let socketInitTimeout = Setting.integer(
    "websocket.initMilliseconds", 10_000, in: 10...600_000,
    "How long a socket may take to say `connection_init`.")
  static let socketPing = Setting.integer(
    "websocket.pingSeconds", 25, in: 1...3600, "The time between pings; a socket that misses two is closed.")
  static let socketOperations = Setting.integer(
    "websocket.maximumOperations", 100, in: 1...10_000, "Operations that may run at once on a socket.")
  static let socketQueue = Setting.integer(
    "websocket.maximumQueueBytes", 4_194_304, in: 65_536...1_073_741_824,
    "Bytes that may wait for the slow reader of a socket or event stream; then it is told and closed.")
  static let socketQueueMessages = Setting.integer(
    "websocket.maximumQueueMessages", 10_000, in: 16...1_000_000, "Messages that may wait for it.")
  static let operationQueue = Setting.integer(
    "subscriptions.maximumQueueBytes", 1_048_576, in: 4096...1_073_741_824,
    "Bytes of one operation that may wait; then it is ended and the reader told.")
  static let operationQueueMessages = Setting.integer(
    "subscriptions.maximumQueueMessages", 1000, in: 4...1_000_000, "Messages of one operation that may wait.")
  static let operationPatience = Setting.integer(
    "subscriptions.slowReaderMilliseconds", 10_000, in: 10...600_000,
    "How long an operation of which half as much waits is held up for its reader; then it is ended too.")
  static let streamKeepAlive = Setting.integer(
    "sse.keepAliveMilliseconds", 12_000, in: 10...600_000,
    "The time between comments that keep an event stream alive.")
  static let maximumStreams = Setting.integer(
    "sse.maximumStreams", 10_000, in: 1...1_000_000, "Event streams at once, reservations included.")
  static let streamsPerClient = Setting.integer(
    "sse.maximumStreamsPerClient", 100, in: 1...1_000_000,
    "Event streams of one user, or of one address without signing in.")

  static let workerEnabled = Setting.boolean("worker.enabled", true, "Whether this process drives runs.")
  static let workerConcurrency = Setting.integer(
    "worker.concurrency", 64, in: 1...10_000,
    "Runs that this process drives at once. Runs that wait for nothing need no place.")
  static let workerLease = Setting.integer(
    "worker.leaseMilliseconds", 10_000, in: 500...600_000,
    "How long a process that is gone keeps its runs before another takes them.")

  static let minimumPollSeconds = Setting.integer(
    "triggers.minimumPollSeconds", 30, in: 1...86_400,
    "The shortest time between two polls that a trigger may ask for.")

  static let sandboxPath = Setting.string(
    "sandbox.path", "", "The program `studio-sandbox`; looked for beside `studio` when empty.")
  static let sandboxProcesses = Setting.integer(
    "sandbox.processes", 1, in: 1...8,
    "JavaScript processes, and as many more once an expression takes longer than 25 ms.")
  static let sandboxTimeout = Setting.integer(
    "sandbox.timeoutMilliseconds", 1000, in: 10...60_000, "How long an expression may compute.")
  static let sandboxMemory = Setting.integer(
    "sandbox.memoryMebibytes", 256, in: 64...16_384, "Memory of a JavaScript process.")

  static let outboundAllowed = Setting.list(
    "outbound.allowedPrivateNetworks", "",
    "Private networks that flows may call all the same, as CIDR: `10.1.0.0/16,127.0.0.1/32`.")
  static let outboundBody = Setting.integer(
    "outbound.maximumBodyBytes", 1_048_576, in: 1024...104_857_600,
    "The largest answer that a flow may fetch.")

  static let mailHost = Setting.string(
    "mail.host", "", "The mail server for flows' e-mails that name no integration; empty: there is none.")
  static let mailPort = Setting.integer("mail.port", 587, in: 1...65_535, "Its port.")
  static let mailEncryption = Setting.string(
    "mail.encryption", "", "`tls`, `starttls` or `none`; when empty TLS on port 465 and STARTTLS elsewhere.")
  static let mailUser = Setting.string("mail.user", "", "The user name there; empty: no authentication.")
  static let mailPassword = Setting.string("mail.password", "", "The user's password.", secret: true)
  static let mailFrom = Setting.string(
    "mail.from", "", "The sender where an e-mail names none: `Studio <studio@example.com>`.")
  static let mailAuthorities = Setting.string(
    "mail.authorities", "",
    "A file of PEM certificates that its server is trusted by, instead of the system's.")

  static let filesFolder = Setting.string(
    "files.folder", ".studio/files", "Where uploads arrive, and are kept unless there is a bucket.")
  static let filesMaximum = Setting.integer(
    "files.maximumBytes", 10_485_760, in: 1024...1_073_741_824, "Bytes of the files of one request.")
  static let bucketEndpoint = Setting.string(
    "files.bucketEndpoint", "",
    "The address of an S3-compatible service, `https://s3.eu-central-1.amazonaws.com`; empty keeps files in the folder."
  )
  static let bucketRegion = Setting.string("files.bucketRegion", "us-east-1", "The bucket's region.")
  static let bucketName = Setting.string("files.bucketName", "", "The bucket's name.")
  static let bucketAccessKey = Setting.string(
    "files.bucketAccessKey", "", "The id of the key that signs requests to the bucket.", secret: true)
  static let bucketSecretKey = Setting.string(
    "files.bucketSecretKey", "", "The key that signs requests to the bucket.", secret: true)

  static let retentionRunDays = Setting.integer(
    "retention.runDays", 90, in: 0...36_500,
    "Days after which runs that are over are forgotten, unless their organization says otherwise; 0: never.")
  static let retentionRuns = Setting.integer(
    "retention.runs", 0, in: 0...1_000_000_000,
    "Runs of an organization that are kept, the newest, unless it says otherwise; 0: all.")
  static let retentionAuditDays = Setting.integer(
    "retention.auditDays", 365, in: 0...36_500,
    "Days after which events of the audit log are forgotten, unless their organization says otherwise; 0: never."
  )
  static let retentionInterval = Setting.integer(
    "retention.intervalMinutes", 60, in: 0...100_000,
    "How often this process looks for what is to be forgotten; 0: never, `studio prune` does it.")

  static let logLevel = Setting.string(
    "log.level", "info", "trace, debug, info, notice, warning, error or critical.")
  static let logFormat = Setting.string("log.format", "text", "text, or json: one object a line.")

  static let all: [Setting] = [
    host, port, publicURL, shutdownGrace,
    databaseURL, databasePoolSize, databaseQueueLimit, databaseWait, databaseStatementTimeout,
    redisURL, redisAuthorities, redisVerifies,
    masterKey, oldMasterKeys, resources, oauthClients, signInReturns,
    accessTokenLifetime, refreshTokenLifetime, passwordCost,
    maximumBody, requestTimeout, idleTimeout, maximumConnections, compression, corsOrigins, requirePreflight,
    trustedProxies, rateLimits, addressRequests, addressSeconds, userRequests, userSeconds,
    apiKeyRequests, apiKeySeconds, triggerRequests, triggerSeconds,
    trustedDocuments, onlyTrustedDocuments, automaticDocuments,
    statusProfile, explain, maximumBatch, maximumTokens, maximumDepth, planCache,
    maximumLevels, maximumBreadth, maximumAliases, maximumFieldCost, maximumTypeCost,
    socketInitTimeout, socketPing, socketOperations, socketQueue, socketQueueMessages,
    operationQueue, operationQueueMessages, operationPatience,
    streamKeepAlive, maximumStreams, streamsPerClient,
    workerEnabled, workerConcurrency, workerLease, minimumPollSeconds,
    sandboxPath, sandboxProcesses, sandboxTimeout, sandboxMemory,
    outboundAllowed, outboundBody,
    mailHost, mailPort, mailEncryption, mailUser, mailPassword, mailFrom, mailAuthorities,
    filesFolder, filesMaximum, bucketEndpoint, bucketRegion, bucketName, bucketAccessKey, bucketSecretKey,
    retentionRunDays, retentionRuns, retentionAuditDays, retentionInterval,
    logLevel, logFormat,
  ]

  /// The table as Markdown: what `studio settings` prints and docs/configuration.md holds.
  static func markdown() -> String {
    var lines = ["| setting | environment | default | meaning |", "| --- | --- | --- | --- |"]
    for setting in all {
      let standard = setting.standard.map { $0.isEmpty ? "" : "`\($0)`" } ?? "required"
      lines.append("| `\(setting.key)` | `\(setting.environmentName)` | \(standard) | \(setting.meaning) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
