import ArgumentParser
import Foundation

/// `studio demo`.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Create a demo account with integrations, flows and past runs.",
    discussion: "Does nothing when the account is there already.")

  @OptionGroup var settings: SettingsOptions

  func run() async throws {
    try await failing {
      let reader = try await settings.reader()
      let logger = try settings.startLogging(reader)
      let studio = try await Studio.open(try StudioConfiguration(reader), logger: logger)
      do {
        print(try await Demo(studio: studio).create())
      } catch {
        await studio.close()
        throw SettingError(description: "The demo could not be created: \(error)")
      }
      await studio.close()
    }
  }
}
