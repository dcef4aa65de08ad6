import Foundation
import Testing

@testable import GraphQLEngine

/// Files that lie beside the repository on machines that have them; never part of it.
enum SharedFiles {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "shared")

  static func isPresent(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: path).path)
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: path)))
  }
}

/// Parses what was printed, and compares.
func expectRoundTrip(_ bytes: [UInt8], _ what: String) throws {
  let document = try Document.parse(bytes, limits: .schema)
  let printed = document.print()
  let again = try Document.parse(printed, limits: .schema)
  #expect(again.print() == printed, "\(what)")
  #expect(syntaxRecords(of: again) == syntaxRecords(of: document), "\(what)")
}

@Suite struct RoundTripTests {
  @Test func `printing keeps everything that a document says`() throws {
    for text in PrinterTests.executable.map(\.0) + PrinterTests.typeSystem.map(\.0) {
      try expectRoundTrip(Array(text.utf8), text)
    }
  }

  @Test(
    .enabled(if: SharedFiles.isPresent("bench/engine/w4_github.graphql"), "needs ../shared/bench/engine"),
    arguments: [
      "w1_small", "w2_kitchen", "w4_github", "w5_query", "w6_schema", "w6a", "w6c", "introspection",
    ])
  func `printing keeps everything that a workload's document says`(_ name: String) throws {
    try expectRoundTrip(SharedFiles.bytes("bench/engine/\(name).graphql"), name)
  }

  @Test(.enabled(if: SharedFiles.isPresent("conformance/schemas.json"), "needs ../shared/conformance"))
  func `printing keeps everything that the corpus's schemas and queries say`() throws {
    let schemas = try JSONDecoder().decode(
      [String: String].self, from: Data(SharedFiles.bytes("conformance/schemas.json")))
    #expect(schemas.count == 251)
    for (name, text) in schemas { try expectRoundTrip(Array(text.utf8), name) }
    struct Case: Decodable { let id: String, query: String }
    let lines = try SharedFiles.bytes("conformance/cases.jsonl").split(separator: 0x0A)
    #expect(lines.count == 2_816)
    for line in lines {
      let example = try JSONDecoder().decode(Case.self, from: Data(line))
      try expectRoundTrip(Array(example.query.utf8), example.id)
    }
  }
}
