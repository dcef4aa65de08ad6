import Flows
import Logging
import Postgres
import ServiceLifecycle
import Storage

/// Makes the logs' partitions of this month and the next one in time, and forgets idempotency keys that are
/// over: at the start, and every day.
struct PartitionUpkeep: Sendable {
  let database: Database
  let logger: Logger

  /// Works until the server stops. `Studio.open` has looked already, so this begins by waiting.
  func run() async {
    await cancelWhenGracefulShutdown {
      var pause = Duration.seconds(86_400)
      while (try? await Task.sleep(for: pause)) != nil {
        // What failed is tried again soon; the default partition takes the rows until then.
        pause = await ensure() ? .seconds(86_400) : .seconds(600)
      }
    }
  }

  /// Whether all is there; a failure is logged.
  @discardableResult
  func ensure() async -> Bool {
    do {
      let count = try await Partitions.ensure(database, at: SystemRunClock().now())
      if count > 0 { logger.info("Partitions of the logs were made", metadata: ["count": "\(count)"]) }
      try await IdempotencyStore(database).prune()
      return true
    } catch {
      logger.warning("The upkeep of the database failed", metadata: ["error": "\(error)"])
      return false
    }
  }
}
