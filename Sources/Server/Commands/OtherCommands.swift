import ArgumentParser
import Foundation
import Postgres
import Storage

/// `studio migrate`.
struct MigrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Bring the database up to date.",
    discussion: "Any number of processes may do this at once: each step is done once.")

  @OptionGroup var settings: SettingsOptions

  func run() async throws {
    try await failing {
      let reader = try await settings.reader()
      let logger = try settings.startLogging(reader)
      let database = try Database(try StudioConfiguration.postgres(reader), logger: logger)
      database.start()
      do {
        let count = try await Migrator(database, migrations: migrations).run { migration, duration in
          print(
            "applied \(migration.number) \(migration.name) in \(duration.formatted(.units(allowed: [.milliseconds])))"
          )
        }
        if count == 0 { print("The database is up to date.") }
      } catch let error as PostgresError {
        await database.shutdown(deadline: .zero)
        throw SettingError(description: DatabaseAdvice.text(error))
      }
      await database.shutdown()
    }
  }
}

/// `studio settings`.
struct SettingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settings", abstract: "Print the table of all settings.")

  func run() throws { print(Settings.markdown(), terminator: "") }
}
