import ArgumentParser
import Foundation
import Logging

/// `studio`: the whole program.
@main
struct StudioCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "studio",
    abstract: "The API server of an integrations and automations studio.",
    discussion: """
      People connect services, draw flows of nodes and connections, run them, and watch every run live, through
      GraphQL.

      EXAMPLES
        studio migrate                  bring the database up to date
        studio serve --port 3000        serve the API, the playground and the worker
        studio work                     drive runs beside servers that only serve
        studio schema print             print the schema for code generators
        studio schema diff old.graphql  tell what changed for clients since then
        studio openapi print            print the description of the REST API
        studio lint 'q/**/*.graphql'    check operations against the schema
        studio codegen client …         write a typed client in Swift or TypeScript
        studio explain query.graphql    show a query's plan, statements and times
        studio prune                    forget runs that are older than they shall be kept
        studio keys rotate              seal everything under a new master key
        studio settings                 list all settings with their defaults

      Settings come from the command line, the environment, a JSON file (--config) and defaults, in this order.
      DATABASE_URL and STUDIO_MASTER_KEY have no default. `scripts/start` sets up both for a try.
      """,
    version: "0.1.0",
    subcommands: [
      ServeCommand.self, WorkCommand.self, MigrateCommand.self, SchemaCommand.self, LintCommand.self,
      OpenAPICommand.self,
      ExplainCommand.self, SettingsCommand.self, PruneCommand.self, KeysCommand.self, DemoCommand.self,
      CodegenCommand.self,
    ])

  /// As the library does it, but for the status of a command line that cannot be understood: 2, the custom of
  /// compilers and linters, in place of 64.
  static func main() async {
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      FileHandle.standardError.write(Data((fullMessage(for: error) + "\n").utf8))
      Foundation.exit(2)
    }
  }
}

/// The options of every command that reads settings.
struct SettingsOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A JSON file with settings.", valueName: "file"))
  var config: String?

  @Option(
    name: .customLong("set"), help: ArgumentHelp("Any setting of `studio settings`.", valueName: "key=value"))
  var overrides: [String] = []

  func reader(_ more: [String: String] = [:]) async throws -> SettingsReader {
    var values = more
    for override in overrides {
      let parts = override.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw ValidationError("--set takes key=value, not \"\(override)\".")
      }
      values[String(parts[0])] = String(parts[1])
    }
    return try await SettingsReader(
      overrides: values, environment: ProcessInfo.processInfo.environment, file: config)
  }

  /// Sets up logging for the process. Once.
  func startLogging(_ settings: SettingsReader) throws -> Logger {
    let text = try settings.string(Settings.logLevel)
    guard let level = Logger.Level(rawValue: text) else {
      throw SettingError(description: "LOG_LEVEL is \"\(text)\", but must be a level such as info or debug.")
    }
    let format = try settings.string(Settings.logFormat)
    guard ["text", "json"].contains(format) else {
      throw SettingError(description: "LOG_FORMAT is \"\(format)\", but must be text or json.")
    }
    let isJSON = format == "json"
    LoggingSystem.bootstrap { label in
      var handler: any LogHandler =
        isJSON ? JSONLogHandler(label: label) : StreamLogHandler.standardError(label: label)
      handler.logLevel = level
      return handler
    }
    return Logger(label: "studio")
  }
}

/// Prints a fault in one line and ends with 1.
func failing<Value>(_ body: () async throws -> Value) async throws -> Value {
  do {
    return try await body()
  } catch let error as SettingError {
    FileHandle.standardError.write(Data("studio: \(error.description)\n".utf8))
    throw ExitCode.failure
  }
}
