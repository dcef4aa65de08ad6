import Logging
import Postgres
import ServiceLifecycle
import Storage

/// Has tables that have grown analyzed, so that statements are planned for what they hold. Any number of
/// processes may do so.
struct StatisticsUpkeep: Sendable {
  /// Between two looks, each of which is one small statement.
  static let interval = Duration.seconds(2)
  /// After a failure.
  static let retryInterval = Duration.seconds(60)

  let database: Database
  let logger: Logger

  /// Works until the server stops.
  func run() async {
    await cancelWhenGracefulShutdown {
      var pause = StatisticsUpkeep.interval
      while (try? await Task.sleep(for: pause)) != nil {
        do {
          try await PlannerStatistics.refresh(database)
          pause = StatisticsUpkeep.interval
        } catch {
          logger.debug("Tables could not be analyzed", metadata: ["error": "\(error)"])
          pause = StatisticsUpkeep.retryInterval
        }
      }
    }
  }
}
