import ArgumentParser
import Foundation
import GraphQLEngine
import Lint

/// `studio lint`.
struct LintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Check files of GraphQL operations against a schema.",
    discussion: """
      Prints errors like a compiler: file:line:column, the line, a caret.
      Without files it checks the schema alone.

      Files, folders (all *.graphql and *.gql below) and patterns can be given;
      quote patterns, so that ** works in every shell. Each file is a document
      of its own, together with the fragments of other files that it uses.

      EXAMPLES
        studio lint 'queries/**/*.graphql'        against this server's schema
        studio lint --schema schema.graphql src   all files below a folder
        studio lint --schema schema.graphql       the schema alone
        echo '{ viewer { id } }' | studio lint -  standard input
        studio lint --deprecated --format json q  warnings too, for programs

      Ends with 0 when there are no errors, with 1 when there are, and with 2
      when there was nothing to check: a file that cannot be read, a pattern
      that matches nothing, an unknown option or rule.
      """)

  @Argument(help: "Files, folders or patterns with operations; - is standard input.")
  var files: [String] = []

  @Option(help: "A file, folder or pattern with the schema's SDL; may be repeated. This server's by default.")
  var schema: [String] = []

  @Option(
    name: .customLong("rule"),
    help: ArgumentHelp("Only this rule, such as FieldsOnCorrectType; may be repeated.", valueName: "name")
  )
  var rules: [String] = []

  @Flag(help: "Warn where something is used that the schema marks @deprecated.")
  var deprecated = false

  @Flag(help: "Files do not see the fragments of other files.")
  var isolated = false

  @Flag(name: .customLong("no-suggestions"), help: "Leave \"Did you mean …\" out of messages.")
  var hidesSuggestions = false

  @Option(help: "text or json.")
  var format = ReportFormat.text

  func validate() throws {
    if files.isEmpty, deprecated || isolated || hidesSuggestions {
      throw ValidationError("--deprecated, --isolated and --no-suggestions need files with operations.")
    }
    if files.contains("-"), schema.contains("-") {
      throw ValidationError("Standard input can be the schema or the operations, not both.")
    }
  }

  func run() throws {
    let report = try refusing { () throws(LintFailure) in try lint() }
    FileHandle.standardOutput.write(Data((format == .json ? report.json() : report.text()).utf8))
    if report.errorCount > 0 { throw ExitCode.failure }
  }

  private func lint() throws(LintFailure) -> LintReport {
    let schemaFiles = try SchemaFiles.published(or: schema)
    guard !files.isEmpty else {
      return schemaFiles.lint(rules: rules.isEmpty ? nil : try rules.map(schemaRule))
    }
    var options = OperationLinter.Options()
    options.rules = rules.isEmpty ? nil : try rules.map(operationRule)
    options.hidesSuggestions = hidesSuggestions
    options.warnsOfDeprecated = deprecated
    options.isolatesFiles = isolated
    let operations = try OperationLinter.read(files, except: schemaFiles.files.map(\.name))
    switch schemaFiles.build(.compatible) {
    case .failure(let findings): return findings.report
    case .success(let loaded):
      return try OperationLinter(schema: loaded.schema, options: options).lint(operations)
    }
  }

  private func operationRule(_ name: String) throws(LintFailure) -> ValidationRule {
    if let rule = ValidationRule(named: name) ?? ValidationRule(named: name + "Rule") { return rule }
    let names = ValidationRule.allCases.map(\.name).joined(separator: " ")
    throw LintFailure("unknown rule \"\(name)\"; rules of operations are: \(names)")
  }

  private func schemaRule(_ name: String) throws(LintFailure) -> SDLRule {
    if let rule = SDLRule(rawValue: name) ?? SDLRule(rawValue: name + "Rule") { return rule }
    let names = SDLRule.allCases.map(\.rawValue).joined(separator: " ")
    throw LintFailure("unknown rule \"\(name)\"; rules of schemas are: \(names)")
  }
}
