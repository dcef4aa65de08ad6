import ArgumentParser
import ClientCode
import Foundation
import GraphQLEngine
import Lint
import Secrets

/// `studio codegen`.
struct CodegenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "codegen", abstract: "Write code from the schema.", subcommands: [ClientCommand.self])

  /// The languages of clients.
  enum Language: String, ExpressibleByArgument, CaseIterable {
    case swift, typescript
  }

  /// `studio codegen client`.
  struct ClientCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "client",
      abstract: "Write a typed client for files of operations.",
      discussion: """
        Each operation becomes a type with its variables and the shape of its
        answer; what it uses of the schema comes along. Swift: a package without
        dependencies. TypeScript: two files that need only fetch.

        EXAMPLES
          studio codegen client --language swift --operations 'queries/*.graphql' \\
            --output StudioAPI
          studio codegen client --language typescript --operations src/queries \\
            --output src/api --check
          studio codegen client --language swift --operations q --output API \\
            --manifest trusted.json   documents for a server that trusts no others

        Ends with 0, with 1 when an operation is wrong or --check finds a file
        that would change, and with 2 when something cannot be read.
        """)

    @Option(help: "swift or typescript.")
    var language: Language

    @Option(help: "A file, folder or pattern with operations; may be repeated.")
    var operations: [String]

    @Option(help: "The folder that the files are written to.")
    var output: String

    @Option(
      help: "A file, folder or pattern with the schema's SDL; may be repeated. This server's by default.")
    var schema: [String] = []

    @Option(help: "Swift: the name of the package and its module.")
    var module = "StudioAPI"

    @Option(
      name: .customLong("scalar"),
      help: ArgumentHelp(
        "The type of a custom scalar in the language; may be repeated.", valueName: "name=type"))
    var scalars: [String] = []

    @Option(help: "Also write the documents by their hashes, for TRUSTED_DOCUMENTS.")
    var manifest: String?

    @Flag(help: "Write nothing; end with 1 when a file would change.")
    var check = false

    func validate() throws {
      guard module.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil else {
        throw ValidationError("--module takes a Swift name, not \"\(module)\".")
      }
      for scalar in scalars where scalar.wholeMatch(of: /[_A-Za-z][_0-9A-Za-z]*=.+/) == nil {
        throw ValidationError("--scalar takes name=type, not \"\(scalar)\".")
      }
    }

    func run() throws {
      let model = try refusing { () throws(LintFailure) in try read() }
      guard let model else { throw ExitCode.failure }
      var files = try written(model).map { ClientFile(path: "\(output)/\($0.path)", text: $0.text) }
      if let manifest { files.append(ClientFile(path: manifest, text: try trustedDocuments(model))) }
      try check ? compare(files) : write(files)
    }

    /// Nil when findings were printed.
    private func read() throws(LintFailure) -> ClientModel? {
      let schemaFiles = try SchemaFiles.published(or: schema)
      let texts = try OperationLinter.read(operations, except: schemaFiles.files.map(\.name))
      let report: LintReport
      switch schemaFiles.build(.compatible) {
      case .failure(let findings): report = findings.report
      case .success(let loaded):
        switch try OperationProject.load(texts, schema: loaded.schema) {
        case .success(let project):
          return ClientReader.read(schema: loaded.schema, document: project.document)
        case .failure(let findings): report = findings.report
        }
      }
      FileHandle.standardError.write(Data(report.text().utf8))
      return nil
    }

    private func written(_ model: ClientModel) throws -> [ClientFile] {
      do {
        return try generated(model)
      } catch let problems as ClientProblems {
        FileHandle.standardError.write(Data((problems.lines.joined(separator: "\n") + "\n").utf8))
        throw ExitCode.failure
      }
    }

    private func generated(_ model: ClientModel) throws -> [ClientFile] {
      let chosen = scalars.map { $0.split(separator: "=", maxSplits: 1).map(String.init) }.map {
        ($0[0], $0[1])
      }
      switch language {
      case .swift:
        var options = SwiftClientWriter.Options()
        options.module = module
        options.scalars.merge(chosen) { $1 }
        return try SwiftClientWriter(model, options: options, hash: ContentHash.sha256(of:))
          .files(runtime: try runtime("swift"))
      case .typescript:
        var options = TypeScriptClientWriter.Options()
        options.scalars.merge(chosen) { $1 }
        return try TypeScriptClientWriter(model, options: options, hash: ContentHash.sha256(of:))
          .files(runtime: try runtime("typescript"))
      }
    }

    /// The files that are the same for all clients of a language.
    private func runtime(_ folder: String) throws -> [ClientFile] {
      do {
        return try Resources.files(in: "clients/\(folder)").map { ClientFile(path: $0.name, text: $0.text) }
      } catch let error as SettingError {
        FileHandle.standardError.write(Data("studio: \(error.description)\n".utf8))
        throw ExitCode(2)
      }
    }

    private func trustedDocuments(_ model: ClientModel) throws -> String {
      let operations = model.documents.map { document in
        [
          "id": ContentHash.sha256(of: document.text), "name": document.name, "type": document.kind,
          "body": document.text,
        ]
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(["operations": operations]), as: UTF8.self) + "\n"
    }

    // MARK: Files

    private func write(_ files: [ClientFile]) throws {
      for path in forsaken(files) {
        try FileManager.default.removeItem(atPath: path)
        print("removed \(path)")
      }
      for file in files where !isCurrent(file) {
        let folder = URL(fileURLWithPath: file.path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try file.text.write(toFile: file.path, atomically: true, encoding: .utf8)
        print("wrote \(file.path)")
      }
    }

    private func compare(_ files: [ClientFile]) throws {
      let stale = files.filter { !isCurrent($0) }.map(\.path) + forsaken(files)
      guard !stale.isEmpty else { return }
      let lines = stale.map { "\($0) is not current" } + ["Run the command again without --check."]
      FileHandle.standardError.write(Data((lines.joined(separator: "\n") + "\n").utf8))
      throw ExitCode.failure
    }

    /// What was written for operations that are no more.
    private func forsaken(_ files: [ClientFile]) -> [String] {
      let folder = "\(output)/Sources/\(module)/Operations"
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      let current = Set(files.map(\.path))
      return names.filter { $0.hasSuffix(".swift") }.map { "\(folder)/\($0)" }.filter { path in
        guard !current.contains(path), let text = try? String(contentsOfFile: path, encoding: .utf8) else {
          return false
        }
        return text.hasPrefix(SwiftClientWriter.mark)
      }
    }

    /// An unchanged file keeps its time, so that nothing is compiled for it.
    private func isCurrent(_ file: ClientFile) -> Bool {
      (try? String(contentsOfFile: file.path, encoding: .utf8)) == file.text
    }
  }
}
