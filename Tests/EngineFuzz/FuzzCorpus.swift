import Foundation
import GraphQLEngine

/// One schema with the operations that were written for it.
struct FuzzSchema: Sendable {
  let sdl: FuzzDocument
  /// The names that the SDL holds, each once.
  let names: [Lexeme]
  let documents: [FuzzDocument]
  let schema: Schema
  let engine: Engine
}

/// What is mutated: texts of this repository, and the public ones beside it where they are present.
struct FuzzCorpus {
  let schemas: [FuzzSchema]
  /// Every document, of operations and of types.
  let documents: [FuzzDocument]
  /// Where the texts came from, for the report.
  let origin: String

  static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Loads the texts into the mutator's pool. `isSmall` leaves out what takes long to build in debug mode.
  init(into mutator: inout Mutator, isSmall: Bool = false) throws {
    var texts = FuzzCorpus.own() + FuzzCorpus.published()
    let shared = FuzzCorpus.repository.deletingLastPathComponent().appending(path: "shared")
    var conformance = try FuzzCorpus.conformance(shared.appending(path: "conformance"))
    if isSmall { conformance = Array(conformance.prefix(24)) }
    texts += conformance
    if !isSmall { texts += FuzzCorpus.bench(shared.appending(path: "bench/engine")) }
    var schemas: [FuzzSchema] = []
    var documents: [FuzzDocument] = []
    for text in texts {
      let schema = try FuzzCorpus.schema(text, &mutator)
      schemas.append(schema)
      documents += schema.documents
      if text.sdl.utf8.count < 100_000 { documents.append(schema.sdl) }
    }
    mutator.pool.keep()
    self.schemas = schemas
    self.documents = documents
    origin =
      "\(schemas.count) schemas, \(documents.count) documents"
      + (conformance.isEmpty ? " (../shared/conformance is absent and left out)" : "")
  }

  /// SDL and the operations on it.
  struct Text {
    var sdl: String
    var operations: [String]
  }

  private static func schema(_ text: Text, _ mutator: inout Mutator) throws -> FuzzSchema {
    let sdl = FuzzDocument(lexemes: mutator.pool.lexemes(of: Array(text.sdl.utf8)))
    var known: Set<ArraySlice<UInt8>> = []
    let names = sdl.lexemes.filter { $0.kind == .name && known.insert(mutator.pool.text($0)).inserted }
    let schema = try Schema.build(text.sdl)
    var limits = EngineLimits()
    limits.planCacheBytes = 1 << 20
    limits.responseBytes = 1 << 20
    return FuzzSchema(
      sdl: sdl, names: names,
      documents: text.operations.map { FuzzDocument(lexemes: mutator.pool.lexemes(of: Array($0.utf8))) },
      schema: schema,
      engine: Engine(try ExecutableSchema(schema, FuzzResolvers(schema: schema).wiring()), limits: limits))
  }

  // MARK: Files

  private static func read(_ file: URL) -> String? { try? String(contentsOf: file, encoding: .utf8) }

  /// The published schema with the golden queries.
  private static func published() -> [Text] {
    let queries = repository.appending(path: "Tests/ResolversTests/Queries")
    let files =
      (try? FileManager.default.contentsOfDirectory(at: queries, includingPropertiesForKeys: nil)) ?? []
    let operations = files.filter { $0.pathExtension == "graphql" }.sorted { $0.path < $1.path }
    return read(repository.appending(path: "schema.graphql")).map { sdl in
      [Text(sdl: sdl, operations: operations.compactMap(read))]
    } ?? []
  }

  private static func conformance(_ folder: URL) throws -> [Text] {
    guard let schemas = read(folder.appending(path: "schemas.json")),
      let cases = read(folder.appending(path: "cases.jsonl"))
    else { return [] }
    let texts = try JSONReader.read(schemas).object ?? InputObject()
    var operations: [String: [String]] = [:]
    for line in cases.split(separator: "\n") {
      let example = try JSONReader.read(String(line))
      if let id = example["schema"]?.string, let query = example["query"]?.string {
        operations[id, default: []].append(query)
      }
    }
    return texts.fields.compactMap { field in
      field.value.string.map { Text(sdl: $0, operations: operations[field.name] ?? []) }
    }
  }

  private static func bench(_ folder: URL) -> [Text] {
    let pairs = [
      ("w4_github.graphql", ["w5_query.graphql", "introspection.graphql"]),
      ("w6_schema.graphql", ["w6a.graphql", "w6c.graphql", "introspection.graphql", "w2_kitchen.graphql"]),
    ]
    return pairs.compactMap { sdl, operations in
      read(folder.appending(path: sdl)).map { text in
        Text(sdl: text, operations: operations.compactMap { read(folder.appending(path: $0)) })
      }
    }
  }

  // MARK: The repository's own

  /// Pairs of files in `Corpus`: a schema, and operations with a line between them.
  private static func own() -> [Text] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")
    return ["pets", "numbers"].compactMap { name in
      guard let sdl = read(folder.appending(path: "\(name).schema.graphql")),
        let operations = read(folder.appending(path: "\(name).operations.graphql"))
      else { return nil }
      return Text(sdl: sdl, operations: operations.components(separatedBy: "\n# ---\n"))
    }
  }
}
