import ArgumentParser
import Foundation
import GraphQLEngine
import Schema

/// `studio openapi`.
struct OpenAPICommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "openapi", abstract: "Work with the description of the REST API.",
    subcommands: [PrintCommand.self])

  /// `studio openapi print`.
  struct PrintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "print",
      abstract: "Print the OpenAPI document, as it is served at /openapi.json.",
      discussion: "It is made from the operations in rest/ and the schema; faults in these files are told.")

    @OptionGroup var settings: SettingsOptions

    func run() async throws {
      try await failing {
        let reader = try await settings.reader()
        let resources = try Resources.folder(configured: try reader.string(Settings.resources))
        let schema = try GraphQLEngine.Schema.build(schemaText)
        print(try RestDocuments(resources: resources, schema: schema).openAPIText)
      }
    }
  }
}
