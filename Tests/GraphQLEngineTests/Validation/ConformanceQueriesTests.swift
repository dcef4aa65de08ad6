import Foundation
import Testing

@testable import GraphQLEngine

/// The queries of the public conformance corpus, which lies beside the repository where it was fetched.
@Suite struct ConformanceQueriesTests {
  private struct Case: Decodable {
    struct Answer: Decodable {
      private enum Key: String, CodingKey { case data }
      /// Whether the corpus expects the request to be executed.
      let hasData: Bool
      init(from decoder: any Decoder) throws {
        hasData = try decoder.container(keyedBy: Key.self).contains(.data)
      }
    }
    let id: String
    let schema: String
    let query: String
    let expected: Answer
  }

  /// `../shared/conformance` beside the repository, or what the environment says.
  private static let folder: URL =
    if let path = ProcessInfo.processInfo.environment["CONFORMANCE_CORPUS"] {
      URL(fileURLWithPath: path)
    } else {
      URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../../shared/conformance").standardizedFileURL
    }

  private static var isPresent: Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent("cases.jsonl").path)
  }

  @Test(.enabled(if: isPresent, "the conformance corpus is not beside the repository"))
  func `every query of the corpus that is answered is valid`() throws {
    let schemaTexts = try JSONDecoder().decode(
      [String: String].self, from: Data(contentsOf: Self.folder.appendingPathComponent("schemas.json")))
    let schemas = try schemaTexts.mapValues { try Schema.build($0) }
    let lines = try String(contentsOf: Self.folder.appendingPathComponent("cases.jsonl"), encoding: .utf8)
    var count = 0
    for line in lines.split(separator: "\n") {
      let test = try JSONDecoder().decode(Case.self, from: Data(line.utf8))
      guard test.expected.hasData, let schema = schemas[test.schema] else { continue }
      let errors = try schema.validate(Document.parse(test.query))
      #expect(errors == [], "\(test.id)")
      count += 1
    }
    #expect(count == 2_816)
  }
}
