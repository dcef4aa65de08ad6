import ArgumentParser
import Foundation
import Logging
import Postgres
import Storage
import UnixSignals

/// `studio serve`.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve the API, the playground and the worker.",
    discussion: """
      Stops on SIGTERM or Ctrl-C: requests under way are finished, sockets are told, runs are given back.

      EXAMPLES
        studio serve --port 3000
        studio serve --set worker.enabled=false      only the API; another process drives the runs
        LOG_FORMAT=json studio serve                 one JSON object a line, for log collectors
      """)

  @Option(help: "The address to listen on.")
  var host: String?

  @Option(help: "The port to listen on; 0 takes a free one.")
  var port: Int?

  @Flag(help: ArgumentHelp("Print where everything is and a first query.", visibility: .hidden))
  var welcome = false

  @OptionGroup var settings: SettingsOptions

  func run() async throws {
    try await failing {
      var overrides: [String: String] = [:]
      overrides[Settings.host.key] = host
      overrides[Settings.port.key] = port.map(String.init)
      let reader = try await settings.reader(overrides)
      let configuration = try StudioConfiguration(reader)
      let logger = try settings.startLogging(reader)
      let studio = try await DatabaseAdvice.open(configuration, logger: logger)
      var server = StudioServer(studio: studio)
      let welcome = welcome
      server.onListening = { port in
        let address = "http://\(configuration.host == "0.0.0.0" ? "127.0.0.1" : configuration.host):\(port)"
        // Written at once, without the buffer of `print`: scripts wait for this line.
        let lines = "Listening on \(address)\n" + (welcome ? Welcome.text(address: address) + "\n" : "")
        FileHandle.standardOutput.write(Data(lines.utf8))
      }
      do {
        try await server.run(stoppingOn: [.sigterm, .sigint])
      } catch {
        await studio.close()
        throw SettingError(description: "The server could not be started: \(error)")
      }
      await studio.close()
    }
  }
}

/// What to do when the database does not work at the start.
enum DatabaseAdvice {
  /// Opens the Studio, or says what to do about the database.
  static func open(_ configuration: StudioConfiguration, logger: Logger) async throws -> Studio {
    do {
      return try await Studio.open(configuration, logger: logger)
    } catch let error as PostgresError {
      throw SettingError(description: text(error))
    }
  }

  static func text(_ error: PostgresError) -> String {
    switch error.code {
    case .unavailable, .connectionLost, .timeout:
      "Postgres cannot be reached with DATABASE_URL: is it running, and may this user connect?"
    case .server where error.sqlState == "42P01":
      "The database has no tables yet: run `studio migrate` first."
    default: "Postgres refused: \(error.message)"
    }
  }
}

/// What a newcomer reads after `scripts/start`.
enum Welcome {
  static func text(address: String) -> String {
    """

      Playground   \(address)/playground
      GraphQL      \(address)/graphql   (WebSocket: the same address, graphql-transport-ws)

    A first query to paste:

      curl -s \(address)/graphql -H 'content-type: application/json' \\
        -d '{"query":"{ connectors(first: 3) { nodes { type name } } }"}'

    Ctrl-C stops everything.
    """
  }
}
