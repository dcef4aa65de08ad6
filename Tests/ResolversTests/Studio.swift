import Connectors
import Files
import Flows
import Foundation
import GraphQLEngine
import Integrations
import Logging
import NIOCore
import Postgres
import Resolvers
import Sandbox
import Schema
import Secrets
import Storage
import Synchronization
import TestPostgres

/// Everything behind the transports, on a database of its own: what `studio serve` puts together, without
/// sockets.
///
/// The pool has one connection, so statements end in the order in which they were sent.
final class Studio: Sendable {
  let database: Database
  let services: Services
  let engine: Engine
  let statements: StatementLog
  let log: CapturedLog
  private let sandbox: SandboxPool
  /// The file that comes with every request, by its token; a store takes it once.
  private let uploads: [String: ReceivedFile]
  private let reception: Reception
  static let avatar = "avatar"

  private init(_ database: Database, _ statements: StatementLog) async throws {
    self.database = database
    self.statements = statements
    log = CapturedLog()
    sandbox = SandboxPool()
    let hub = RunEventHub(database)
    let tokens = AccessTokens.Configuration(issuer: "https://studio.test")
    let security = SecurityServices(
      hasher: PasswordHasher(cost: 4),
      accessTokens: await AccessTokens(configuration: tokens, signing: try Studio.key.get()),
      secrets: SecretBox(current: MasterKey.generate()), identifiers: UUIDv7Generator())
    let runs = RunServices(
      expressions: SandboxChecker(pool: sandbox), events: hub, notifier: RunNotifier(hub: hub),
      deliverer: AnsweringDeliverer(store: DeliveryStore(database)))
    var services = Services(
      database: database, security: security, runs: runs,
      connectors: try ConnectorCatalogue(manifests: StudioData.manifests), refreshTokenSeconds: 604_800)
    let folder = FileManager.default.temporaryDirectory.path() + "/studio-tests"
    services.serviceAccounts = ServiceAccounts(
      manifests: services.connectors.manifests,
      parts: ServiceAccountParts(
        store: IntegrationStore(database), secrets: security.secrets, transport: RefusingTransport(),
        clients: [:], clock: FixedClock(), owner: services.makeOwner()))
    services.files = FileServices(
      store: try DiskStore(folder: folder), baseURL: "https://studio.test/files/", maximumBytes: 1_000)
    reception = try Reception(folder: folder)
    var file = try await reception.receive()
    try await file.write(ByteBuffer(string: "GIF89a of a test"))
    uploads = [Studio.avatar: try await file.finish()]
    self.services = services
    engine = Engine(try StudioSchema.executable())
  }

  /// RSA keys are slow to make: one for all tests.
  private static let key = Result { try SigningKey.generate() }

  /// Runs a test on a fresh, migrated database.
  static func with(
    _ data: [String] = [StudioData.accounts], _ body: (Studio) async throws -> Void
  ) async throws {
    var configuration = try PostgresConfiguration(connectionInfo: await TestPostgres.shared.freshDatabase())
    configuration.poolSize = 1
    configuration.acquireDeadline = .seconds(60)
    let statements = StatementLog()
    let database = try Database(configuration) { statement, rows, _ in statements.add(statement, rows) }
    database.start()
    do {
      try await Migrator(database, migrations: migrations).run()
      let studio = try await Studio(database, statements)
      for script in data { try await studio.script(script) }
      try await body(studio)
      await studio.sandbox.shutdown()
      await database.shutdown()
    } catch {
      await database.shutdown()
      throw error
    }
  }

  /// Runs SQL of several statements.
  func script(_ sql: String) async throws {
    try await database.transaction { try await $0.script(sql) }
  }

  /// The one text that a query gives.
  func text(_ sql: String) async throws -> String {
    try await database.query(Statement("test", sql)).string(0, 0) ?? "NULL"
  }

  /// Ends the JavaScript child: expressions cannot be checked any more.
  func stopSandbox() async { await sandbox.shutdown() }

  // MARK: Operations

  /// A file as it comes with a request.
  func receive(_ bytes: some Sequence<UInt8>) async throws -> ReceivedFile {
    var file = try await reception.receive()
    try await file.write(ByteBuffer(bytes: bytes))
    return try await file.finish()
  }

  /// Executes a query or mutation.
  func run(
    _ document: String, _ variables: InputValue = [:], as viewer: Viewer?, files: [String: ReceivedFile] = [:]
  ) async throws -> Answer {
    do {
      let request = request(variables, viewer, uploads.merging(files) { $1 })
      return try Answer(await engine.execute(try engine.prepare(document), request))
    } catch let errors as RequestErrors {
      return try Answer(errors.response)
    }
  }

  /// What a query or mutation without a fault in its document answers, however long that is.
  func response(
    _ document: String, _ variables: InputValue = [:], as viewer: Viewer?
  ) async throws -> [UInt8] {
    await engine.execute(try engine.prepare(document), request(variables, viewer)).bytes
  }

  /// Starts a subscription.
  func subscribe(
    _ document: String, _ variables: InputValue = [:], as viewer: Viewer?
  ) async throws -> ResponseStream {
    try await engine.subscribe(try engine.prepare(document), request(variables, viewer))
  }

  /// Executes an operation and gives the statements that it sent, in order.
  func recorded(
    _ document: String, _ variables: InputValue = [:], as viewer: Viewer?
  ) async throws -> (answer: Answer, statements: [StatementLog.Entry]) {
    let start = statements.entries.count
    let answer = try await run(document, variables, as: viewer)
    return (answer, Array(statements.entries[start...]))
  }

  /// Executes an operation and tells how, with the parameters' values.
  func explained(
    _ document: String, _ variables: InputValue = [:], as viewer: Viewer?, showsValues: Bool = true
  ) async throws -> (answer: Answer, report: ExplainReport) {
    let operation = try engine.prepare(document)
    let variables = variables.object ?? InputObject()
    let trace = ExecutionTrace(
      plan: try engine.describe(operation, variables: variables), showsValues: showsValues)
    var request = ExecutionRequest(
      variables: variables,
      context: StudioContext(
        services: services, viewer: viewer, logger: log.logger, parts: RequestParts(trace: trace)))
    request.tracer = trace
    let answer = try Answer(await engine.execute(operation, request))
    return (answer, trace.report)
  }

  private func request(
    _ variables: InputValue, _ viewer: Viewer?, _ files: [String: ReceivedFile]? = nil
  ) -> ExecutionRequest {
    let context = StudioContext(
      services: services, viewer: viewer, logger: log.logger, parts: RequestParts(uploads: files ?? uploads))
    return ExecutionRequest(variables: variables.object ?? InputObject(), context: context)
  }
}

/// The statements that a database has ended, in order.
final class StatementLog: Sendable {
  struct Entry: Sendable {
    var label: String
    var sql: String
    var rows: Int
  }

  private let list = Mutex<[Entry]>([])

  var entries: [Entry] { list.withLock { $0 } }

  func add(_ statement: Statement, _ rows: Int) {
    list.withLock { $0.append(Entry(label: statement.label, sql: statement.sql, rows: rows)) }
  }
}

/// What was logged, line by line.
final class CapturedLog: Sendable {
  private let lines = Mutex<[String]>([])

  var text: String { lines.withLock { $0.joined(separator: "\n") } }

  var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

  private struct Handler: LogHandler {
    let log: CapturedLog
    var logLevel = Logger.Level.trace
    var metadata = Logger.Metadata()

    init(log: CapturedLog) { self.log = log }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      log.lines.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
    }
  }
}

/// Stores each delivery as answered with 204; how requests are sent is a matter of the server's tests.
struct AnsweringDeliverer: WebhookDeliverer {
  let store: DeliveryStore

  var leaseMilliseconds: Int64 { 60_000 }

  func problem(withURL url: String) -> String? { url.hasPrefix("http") ? nil : "The URL is not usable." }

  func deliver(_ delivery: ClaimedDelivery) async -> Bool {
    var outcome = DeliveryStore.Outcome(.delivered, .none)
    outcome.responseStatus = 204
    return (try? await store.record(outcome, of: delivery)) ?? true
  }
}

/// A service that knows no credentials.
struct RefusingTransport: ConnectorTransport {
  func send(_ request: ConnectorRequest) async throws(TransportFailure) -> ConnectorAnswer {
    ConnectorAnswer(status: 401, headers: [], body: Array(#"{"error":"denied"}"#.utf8))
  }
}

/// A clock that stands still.
struct FixedClock: RunClock {
  func now() -> Instant { Instant(microseconds: 1_770_000_000_000_000) }
  func monotonicMicroseconds() -> Int64 { 0 }
  func sleep(microseconds: Int64) async throws {}
}

extension Services {
  fileprivate func makeOwner() -> Identifier {
    let id = identifiers.next()
    return Identifier(high: id.high, low: id.low)
  }
}

/// The domain's syntax check on the real sandbox.
struct SandboxChecker: ExpressionChecker {
  let pool: SandboxPool

  func check(_ expressions: [String]) async throws(ExpressionsUnavailable) -> [ExpressionFailure?] {
    var failures: [ExpressionFailure?] = []
    for expression in expressions {
      do {
        try await pool.check(expression)
        failures.append(nil)
      } catch .syntax(let message, let line, let column) {
        failures.append(ExpressionFailure(kind: .syntax, message: message, line: line, column: column))
      } catch {
        throw ExpressionsUnavailable(message: "\(error)")
      }
    }
    return failures
  }
}
