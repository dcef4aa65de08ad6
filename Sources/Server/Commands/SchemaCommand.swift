import ArgumentParser
import Foundation
import GraphQLEngine
import Lint
import Schema

/// `studio schema`.
struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Work with the published schema.",
    subcommands: [PrintCommand.self, DiffCommand.self])

  /// `studio schema print`.
  struct PrintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "print", abstract: "Print the schema as SDL, as it is served.")

    func run() throws { print(schemaText) }
  }

  /// `studio schema diff`.
  struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "diff",
      abstract: "Tell what changes for clients from one schema to another.",
      discussion: """
        Breaking changes make documents of clients invalid, or answers unlike
        what they were; dangerous ones may surprise clients, as a new value of
        an enum does; safe ones are not noticed.

        EXAMPLES
          studio schema diff old.graphql              to this server's schema
          studio schema diff old.graphql new.graphql  two files
          git show main:schema.graphql | studio schema diff - schema.graphql
          studio schema diff released.graphql --listed-in CHANGELOG.md

        Ends with 0, with 1 when there are changes that --fail-on names, or
        worse ones, and with 2 when one of the schemas cannot be read.
        """)

    @Argument(help: "The schema that clients know: a file, folder or pattern; - is standard input.")
    var old: String

    @Argument(help: "The schema that replaces it. This server's by default.")
    var new: String?

    @Option(help: "text or json.")
    var format = ReportFormat.text

    @Option(help: "The least change that ends with 1: breaking, dangerous or none.")
    var failOn = Threshold.breaking

    @Option(help: "A changelog: changes that its unreleased section names, as `Type.field`, do not fail.")
    var listedIn: String?

    func validate() throws {
      if old == "-", new == "-" { throw ValidationError("Standard input can be one of the schemas only.") }
    }

    func run() throws {
      let difference = try refusing { () throws(LintFailure) in
        // What was published may break rules of later editions.
        let oldSchema = try load(try SchemaFiles.read([old]), .definitions)
        let newSchema = try load(try SchemaFiles.published(or: new.map { [$0] } ?? []), .compatible)
        let listed = try listedIn.map { path throws(LintFailure) in
          ListedChanges(changelog: try TextFile.read(path, limit: 16 << 20).text)
        }
        return SchemaDifference(from: oldSchema, to: newSchema, listed: listed)
      }
      FileHandle.standardOutput.write(
        Data((format == .json ? difference.json() : difference.text()).utf8))
      if let severity = failOn.severity, difference.contains(atLeast: severity) { throw ExitCode.failure }
    }

    /// The findings of a schema that does not build go to standard error, as compilers print them.
    private func load(_ files: SchemaFiles, _ checks: Schema.Checks) throws(LintFailure) -> LoadedSchema {
      switch files.build(checks) {
      case .success(let schema): return schema
      case .failure(let findings):
        FileHandle.standardError.write(Data(findings.report.text().utf8))
        throw LintFailure("\(files.names) cannot be compared: it is not a valid schema")
      }
    }
  }

  /// From which changes on a comparison fails.
  enum Threshold: String, ExpressibleByArgument, CaseIterable {
    case breaking, dangerous, none

    var severity: SchemaChange.Severity? {
      switch self {
      case .breaking: .breaking
      case .dangerous: .dangerous
      case .none: nil
      }
    }
  }
}

/// For people or for programs.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

extension SchemaFiles {
  /// The schema that arguments mean; without any the one that this server serves.
  static func published(or arguments: [String]) throws(LintFailure) -> SchemaFiles {
    guard arguments.isEmpty else { return try read(arguments) }
    return SchemaFiles([TextFile(name: "<built-in schema>", text: schemaText)])
  }
}

/// Prints why there was nothing to check and ends with 2.
func refusing<Value>(_ body: () throws(LintFailure) -> Value) throws -> Value {
  do throws(LintFailure) {
    return try body()
  } catch {
    FileHandle.standardError.write(Data("studio: \(error.message)\n".utf8))
    throw ExitCode(2)
  }
}
