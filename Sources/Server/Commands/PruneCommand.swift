import ArgumentParser
import Flows
import Foundation
import Postgres
import Secrets
import Storage

/// `studio prune`.
struct PruneCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Forget runs and audit events that are older than they shall be kept.",
    discussion: """
      Servers and workers do this by themselves (retention.intervalMinutes). One process does it at a time;
      a run that is not over is never touched.
      """)

  @OptionGroup var settings: SettingsOptions

  func run() async throws {
    try await failing {
      let reader = try await settings.reader()
      let logger = try settings.startLogging(reader)
      let retention = try StudioConfiguration.retention(reader)
      let database = try Database(
        try StudioConfiguration.postgres(reader), logger: logger, writeObserver: CrashPoint.observer())
      database.start()
      let id = UUIDv7Generator().next()
      let pruning = Pruning(
        database, defaults: retention.defaults, owner: Identifier(high: id.high, low: id.low))
      do {
        guard let report = try await pruning.run(at: SystemRunClock().now()) else {
          print("Another process is at it.")
          await database.shutdown()
          return
        }
        for partition in report.partitions { print("dropped \(partition)") }
        print("\(report.runs) runs and \(report.auditEvents) audit events were deleted.")
      } catch let error as PostgresError {
        await database.shutdown(deadline: .zero)
        throw SettingError(description: DatabaseAdvice.text(error))
      }
      await database.shutdown()
    }
  }
}
