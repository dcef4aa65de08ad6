import ArgumentParser
import Foundation
import GraphQLEngine

/// `studio-codegen`: writes the Swift side of a schema.
@main
struct StudioCodegen: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "studio-codegen",
    abstract: "Writes Swift types and resolver protocols for a GraphQL schema.",
    discussion: """
      Enums and input objects become Swift types, object types become protocols with a requirement for each field, so
      a field without a resolver does not compile. What is written is committed.

      EXAMPLES
        studio-codegen --schema schema.graphql --output Sources/Schema/Generated
        studio-codegen --schema schema.graphql --output Sources/Schema/Generated --check
      """)

  @Option(help: "The schema's SDL.")
  var schema: String

  @Option(help: "The folder that the files are written to.")
  var output: String

  @Flag(help: "Write nothing; exit with 1 when a file would change.")
  var check = false

  func run() throws {
    let sdl = try String(contentsOfFile: schema, encoding: .utf8)
    let files: [GeneratedFile]
    do {
      files = try SwiftGenerator(schema: try Schema.build(sdl), sdl: sdl).files()
    } catch let errors as SchemaErrors {
      throw Failure(lines: errors.errors.map { located($0) })
    } catch let problems as GeneratorProblems {
      throw Failure(lines: problems.lines)
    }
    try check ? compare(files) : write(files)
  }

  private func located(_ error: GraphQLError) -> String {
    let place = error.locations.first.map { ":\($0.line):\($0.column)" } ?? ""
    return "\(schema)\(place): \(error.message)"
  }

  private func write(_ files: [GeneratedFile]) throws {
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    for file in files {
      let path = "\(output)/\(file.name)"
      // An unchanged file keeps its time, so that nothing is compiled for it.
      if (try? String(contentsOfFile: path, encoding: .utf8)) == file.text { continue }
      try file.text.write(toFile: path, atomically: true, encoding: .utf8)
      print("wrote \(path)")
    }
  }

  private func compare(_ files: [GeneratedFile]) throws {
    let stale = files.filter {
      (try? String(contentsOfFile: "\(output)/\($0.name)", encoding: .utf8)) != $0.text
    }
    if stale.isEmpty { return }
    throw Failure(
      lines: stale.map { "\(output)/\($0.name) is not current" }
        + ["Run: studio-codegen --schema \(schema) --output \(output)"])
  }
}

/// Printed to standard error; the command ends with 1.
struct Failure: Error, CustomStringConvertible {
  let lines: [String]
  var description: String { lines.joined(separator: "\n") }
}

/// A file to be written.
struct GeneratedFile {
  let name: String
  let text: String
}
