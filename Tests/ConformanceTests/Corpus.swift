import Foundation
import GraphQLEngine

/// The public conformance corpus: 251 schemas and 2,816 executable cases with the answers that are expected.
///
/// It lies beside the repository, in `../shared/conformance`, on machines that have it; it is no part of the
/// project.
struct Corpus {
  struct Case {
    let id: String
    let schema: String
    let query: String
    let variables: InputObject
    let expected: NSDictionary
  }

  /// SDL by the schema's id.
  let schemas: [String: String]
  let cases: [Case]

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/conformance")

  static var isPresent: Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: "cases.jsonl").path)
  }

  init() throws {
    schemas = try JSONDecoder().decode(
      [String: String].self, from: Data(contentsOf: Corpus.folder.appending(path: "schemas.json")))
    let lines = try Data(contentsOf: Corpus.folder.appending(path: "cases.jsonl")).split(separator: 0x0A)
    cases = try lines.map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line)) as? NSDictionary
      guard let object, let id = object["id"] as? String, let schema = object["schema"] as? String,
        let query = object["query"] as? String, let expected = object["expected"] as? NSDictionary
      else { throw CorpusError(line: String(decoding: line, as: UTF8.self)) }
      let variables = try JSONSerialization.data(withJSONObject: object["variables"] ?? NSDictionary())
      return Case(
        id: id, schema: schema, query: query,
        variables: try JSONReader.read(Array(variables)).object ?? InputObject(), expected: expected)
    }
  }

  /// The schema, with all checks but those that newer editions added and one of the schemas breaks.
  func schema(_ id: String) throws -> Schema {
    guard let sdl = schemas[id] else { throw CorpusError(line: id) }
    return try Schema.build(sdl)
  }
}

/// A line of the corpus that cannot be read.
struct CorpusError: Error {
  let line: String
}
