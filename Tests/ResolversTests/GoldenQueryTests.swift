import Foundation
import GraphQLEngine
import Resolvers
import Testing

/// Real queries over fixed rows, each with its answer, its statements and its plan: `Queries/<name>.graphql`,
/// `.json`, `.sql`, `.plan`, and `.variables.json` where there are variables. `RECORD=1` writes the answers,
/// statements and plans anew; read the diff.
@Suite struct GoldenQueryTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Queries")
  private static let isRecording = ProcessInfo.processInfo.environment["RECORD"] == "1"

  private static var names: [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    return files.filter { $0.hasSuffix(".graphql") }.map { String($0.dropLast(8)) }.sorted()
  }

  @Test func `every query answers and reads what its golden files say`() async throws {
    #expect(Self.names.count >= 30)
    try await Studio.with(StudioData.all) { studio in
      for name in Self.names {
        let variables = try? JSONReader.read(Self.read("\(name).variables.json"))
        let (answer, statements) = try await studio.recorded(
          try Self.read("\(name).graphql"), variables ?? [:], as: StudioData.ada)
        try Self.compare("\(name).json", answer.json.pretty() + "\n")
        let sql = statements.map { "-- \($0.label)\n\(Self.lines(of: $0.sql));\n" }.joined(separator: "\n")
        try Self.compare("\(name).sql", sql)
        let explained = try await studio.explained(
          try Self.read("\(name).graphql"), variables ?? [:], as: StudioData.ada)
        try Self.compare("\(name).plan", explained.report.plan)
        #expect(explained.report.statementCount == statements.count)
      }
    }
  }

  /// A statement with each clause on a line of its own, so that a diff shows the clause.
  private static func lines(of sql: String) -> String {
    ["FROM", "CROSS JOIN", "WHERE", "AND", "GROUP BY", "ORDER BY"].reduce(sql) { text, clause in
      text.replacing(" \(clause) ", with: "\n  \(clause) ")
    }
  }

  @Test func `no golden file is without its query`() throws {
    let names = Set(Self.names)
    for file in try FileManager.default.contentsOfDirectory(atPath: Self.folder.path()) {
      let name = file.prefix { $0 != "." }
      #expect(names.contains(String(name)), "\(file) belongs to no query")
    }
  }

  private static func read(_ file: String) throws -> String {
    try String(contentsOf: folder.appending(path: file), encoding: .utf8)
  }

  private static func compare(_ file: String, _ found: String) throws {
    if isRecording {
      return try found.write(to: folder.appending(path: file), atomically: true, encoding: .utf8)
    }
    let expected = (try? read(file)) ?? ""
    guard found != expected else { return }
    Issue.record("Queries/\(file) differs; RECORD=1 writes it anew.\n\(difference(expected, found))")
  }

  /// The lines that went and came, with their numbers.
  private static func difference(_ old: String, _ new: String) -> String {
    let lines = { (text: String) in
      text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
    let changes = lines(new).difference(from: lines(old)).sorted { place($0) < place($1) }
    return changes.prefix(40).map { change in
      switch change {
      case .remove(let line, let text, _): "\(line + 1) - \(text)"
      case .insert(let line, let text, _): "\(line + 1) + \(text)"
      }
    }.joined(separator: "\n")
  }

  private static func place(_ change: CollectionDifference<String>.Change) -> Int {
    switch change {
    case .remove(let line, _, _), .insert(let line, _, _): line
    }
  }
}
