import Flows
import Logging
import ServiceLifecycle
import Storage

/// Forgets runs and events of the audit log that are older than they shall be kept: now and then, by one of
/// all processes at a time.
struct RetentionUpkeep: Sendable {
  /// As the settings have it.
  struct Settings: Sendable, Equatable {
    var defaults: RetentionPolicy
    /// Nil never does it by itself; `studio prune` does it by hand.
    var interval: Duration?
  }

  let pruning: Pruning
  let interval: Duration?
  let logger: Logger

  /// Works until the server stops. Begins a while after the start, so that processes that are started again
  /// and again do not do nothing else.
  func run() async {
    guard let interval else { return }
    await cancelWhenGracefulShutdown {
      var pause = min(interval, .seconds(60))
      while (try? await Task.sleep(for: pause)) != nil {
        await prune()
        pause = interval
      }
    }
  }

  /// Goes through everything once; what happened is logged.
  @discardableResult
  func prune() async -> Pruning.Report? {
    let logger = logger
    do {
      let report = try await pruning.run(at: SystemRunClock().now()) { report in
        logger.debug("Forgetting what is old", metadata: report.metadata)
      }
      if let report, report != Pruning.Report() {
        logger.info("Old runs and audit events were forgotten", metadata: report.metadata)
      }
      return report
    } catch is CancellationError {
      return nil
    } catch {
      logger.warning("Forgetting what is old has failed", metadata: ["error": "\(error)"])
      return nil
    }
  }
}

extension Pruning.Report {
  var metadata: Logger.Metadata {
    [
      "runs": "\(runs)", "auditEvents": "\(auditEvents)",
      "partitions": .array(partitions.map { .string($0) }),
    ]
  }
}
