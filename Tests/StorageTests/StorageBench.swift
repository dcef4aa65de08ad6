import Flows
import Postgres
import Storage
import TestPostgres
import Testing

/// A migrated database of its own with one organization in it, for one test.
struct StorageBench: Sendable {
  let connectionInfo: String
  let database: Database
  let account: TestAccount

  var organization: Identifier { account.organization }
  var flows: FlowStore { FlowStore(database) }
  var executions: ExecutionStore { ExecutionStore(database) }
  var integrations: IntegrationStore { IntegrationStore(database) }
  var workbenches: WorkbenchStore { WorkbenchStore(database) }
  var accounts: AccountStore { AccountStore(database) }
  var runs: PostgresRunStore { PostgresRunStore(database) }

  func row(_ sql: String) async throws -> RowBatch { try await database.query(Statement("test", sql)) }
  func int(_ sql: String) async throws -> Int? { try await row(sql).int(0, 0) }
  func script(_ sql: String) async throws { try await database.transaction { try await $0.script(sql) } }

  /// Postgres's time.
  func now() async throws -> Instant {
    Instant(microseconds: try #require(try await row("SELECT now()").microseconds(0, 0)))
  }
}

/// A registered user with the personal organization.
struct TestAccount: Sendable {
  let user: Identifier
  let organization: Identifier
  let session: AccountStore.Session
  let token: AccountStore.NewToken
}

/// Ids in the order in which they are asked for, of November 2026.
func makeID(_ instant: Instant = TestInstants.november) -> Identifier { Identifier.make(at: instant) }

enum TestInstants {
  /// 2026-11-21T09:30:00Z.
  static let november = Instant(microseconds: 1_795_253_400_000_000)
}

/// Runs the body on a fresh, migrated database with one account.
func withStorage<Value>(_ body: (StorageBench) async throws -> Value) async throws -> Value {
  let connectionInfo = try await TestPostgres.shared.freshDatabase()
  return try await withDatabase(connectionInfo) { database in
    try await Migrator(database, migrations: migrations).run()
    let account = try await register("ada@example.com", on: AccountStore(database))
    return try await body(
      StorageBench(connectionInfo: connectionInfo, database: database, account: account))
  }
}

/// Runs the body with a pool, as another process would have one, and shuts it down.
func withDatabase<Value>(
  _ connectionInfo: String, _ body: (Database) async throws -> Value
) async throws -> Value {
  var configuration = try PostgresConfiguration(connectionInfo: connectionInfo)
  configuration.poolSize = 4
  configuration.acquireDeadline = .seconds(60)
  let database = try Database(configuration)
  database.start()
  do {
    let value = try await body(database)
    await database.shutdown()
    return value
  } catch {
    await database.shutdown()
    throw error
  }
}

/// Registers a user whose organization has the same name.
func register(_ email: String, on accounts: AccountStore) async throws -> TestAccount {
  let (user, organization) = (makeID(), makeID())
  let session = AccountStore.Session(userID: user, id: makeID(), organizationID: organization)
  let token = AccountStore.NewToken(
    id: makeID(), hash: Array("first token of \(email)".utf8), lifetimeSeconds: 60)
  let account = AccountStore.NewAccount(
    userID: user, organizationID: organization, email: email, name: "Ada", passwordHash: "$2b$12$hash")
  try await accounts.register(account, session: session, token: token)
  return TestAccount(user: user, organization: organization, session: session, token: token)
}

/// The storage error of a call that must fail.
func storageError<Value>(of body: () async throws -> Value) async throws -> StorageError? {
  do {
    _ = try await body()
    return nil
  } catch let error as StorageError {
    return error
  }
}
