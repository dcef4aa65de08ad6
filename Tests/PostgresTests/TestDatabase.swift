import Postgres
import TestPostgres

/// Runs the body with a pool on a fresh database of the shared server, and shuts the pool down. A connection
/// is waited for as long as a busy machine may need.
func withDatabase<Value>(
  _ configure: (inout PostgresConfiguration) -> Void = { _ in },
  _ body: (Database) async throws -> Value
) async throws -> Value {
  var configuration = try PostgresConfiguration(connectionInfo: await TestPostgres.shared.freshDatabase())
  configuration.poolSize = 2
  configuration.acquireDeadline = .seconds(60)
  configure(&configuration)
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

extension Database {
  /// Runs a text of several statements in a transaction.
  func script(_ sql: String) async throws {
    try await transaction { try await $0.script(sql) }
  }

  func text(_ sql: String) async throws -> String? {
    try await query(Statement("text", sql)).string(0, 0)
  }

  func int(_ sql: String) async throws -> Int? {
    try await query(Statement("int", sql)).int(0, 0)
  }
}

/// The error of a call that must fail.
func failure<Value>(of body: () async throws -> Value) async -> PostgresError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error as? PostgresError
  }
}

/// What a test waited for did not come.
struct WaitedInVain: Error {}

/// Waits until something can be observed of which no event tells, two minutes at most.
func until(_ condition: () async throws -> Bool) async throws {
  let end = ContinuousClock.now.advanced(by: .seconds(120))
  while try await !condition() {
    guard ContinuousClock.now < end else { throw WaitedInVain() }
    try await Task.sleep(for: .milliseconds(1))
  }
}
