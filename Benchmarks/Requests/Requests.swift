import Foundation
import GraphQLEngine
import Logging
import Resolvers

/// The documents that are counted, by the names of their files.
enum RequestKind: String, CaseIterable, Sendable {
  case flow = "q1"
  case nested = "q2"
  case page = "q3"
  case mutation = "q4"

  var title: String {
    switch self {
    case .flow: "q1 a flow by its id"
    case .nested: "q2 20 flows with nodes, connections, runs"
    case .page: "q3 a page of 100 runs"
    case .mutation: "q4 a node added"
    }
  }

  /// Enough that what happens now and then is spread.
  var rounds: Int { self == .nested || self == .page ? 30 : 200 }

  func variables(_ round: Int) -> InputValue {
    switch self {
    case .flow: ["id": .string(Stage.text(.flow, round % 20 + 1))]
    case .nested: ["id": .string(Stage.text(.user, 1))]
    case .page: ["first": 100, "after": .null]
    case .mutation:
      [
        "input": [
          "flowId": .string(Stage.text(.flow, round % 20 + 1)),
          "node": [
            "key": .string("bench\(round)"), "title": "New step", "kind": "ACTION", "detail": "inserted",
            "integrationId": .string(Stage.text(.integration, 1)),
            "config": ["type": "log", "message": "done"],
          ],
        ]
      ]
    }
  }
}

/// Requests of one kind: a cached document found, executed and written, one at a time.
struct Requests {
  enum Failure: Error { case refused(String) }

  private let kind: RequestKind
  private let document: String
  private let stage: Stage
  private let thread: MainThread
  private let logger = Logger(label: "requests") { _ in SwiftLogNoOpLogHandler() }

  init(_ kind: RequestKind, documents folder: String, on stage: Stage, _ thread: MainThread) throws {
    self.kind = kind
    document = try String(contentsOfFile: "\(folder)/\(kind.rawValue).graphql", encoding: .utf8)
    self.stage = stage
    self.thread = thread
  }

  /// The first ones fill caches and let Postgres prepare its statements.
  func count() async throws {
    let warm = 20
    for round in 0..<warm { try await run(round) }
    countingBegins(kind)
    for round in warm..<warm + kind.rounds { try await run(round) }
    countingEnds(kind)
  }

  private func run(_ round: Int) async throws {
    let context = StudioContext(
      services: stage.services, viewer: Stage.viewer, logger: logger,
      parts: RequestParts(taskExecutor: kind == .mutation ? thread : nil))
    let operation = try stage.engine.prepare(document)
    let response = await stage.engine.execute(
      operation,
      ExecutionRequest(variables: kind.variables(round).object ?? InputObject(), context: context))
    guard !response.hasErrors else {
      throw Failure.refused(String(decoding: response.bytes, as: UTF8.self))
    }
  }
}

/// callgrind writes what it has counted behind this (`--dump-after`). Prints one JSON line, so that the
/// reader knows what the next dump is.
@inline(never)
private func countingBegins(_ kind: RequestKind) {
  print("{\"begins\":\"\(kind.rawValue)\",\"name\":\"\(kind.title)\",\"rounds\":\(kind.rounds)}")
}

/// As before this (`--dump-before`).
@inline(never)
private func countingEnds(_ kind: RequestKind) { print("{\"ends\":\"\(kind.rawValue)\"}") }
