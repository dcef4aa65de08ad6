import ArgumentParser
import Foundation
import UnixSignals

/// `studio work`.
struct WorkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work",
    abstract: "Drive runs, fire schedules and send to webhooks, without serving the API.",
    discussion: """
      Any number of these processes may work beside `studio serve`, on one
      database: each takes what is due, and takes over what others leave behind.
      Stops on SIGTERM or Ctrl-C and gives its runs back.

      EXAMPLES
        studio work                                 beside studio serve --set worker.enabled=false
        studio work --set worker.concurrency=256
      """)

  @OptionGroup var settings: SettingsOptions

  func run() async throws {
    try await failing {
      let reader = try await settings.reader()
      let configuration = try StudioConfiguration(reader)
      let studio = try await DatabaseAdvice.open(configuration, logger: try settings.startLogging(reader))
      // Written at once, without the buffer of `print`: scripts wait for this line.
      FileHandle.standardOutput.write(Data("Working\n".utf8))
      do {
        try await studio.run(nil, isWorking: true, stoppingOn: [.sigterm, .sigint])
      } catch {
        await studio.close()
        throw SettingError(description: "The worker has ended: \(error)")
      }
      await studio.close()
    }
  }
}
