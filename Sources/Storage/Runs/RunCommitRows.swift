import Flows
import Postgres

/// Makes the parameters of `RunCommitSQL.commitMany` and `commitOne`.
struct RunCommitRows {
  /// One transition with its JSON written.
  struct Row {
    let commit: RunCommit
    let output: String?
    let error: String?
    let inputs: [String?]
    let outputs: [String?]
    let errors: [String?]
    let memos: [String?]
    let events: [String]

    init(_ commit: RunCommit) {
      let transition = commit.transition
      self.commit = commit
      output = transition.output?.text()
      error = transition.error?.encoded().text()
      inputs = transition.nodeRuns.map { $0.input?.text() }
      outputs = transition.nodeRuns.map { $0.output?.text() }
      errors = transition.nodeRuns.map { $0.error?.encoded().text() }
      memos = transition.nodeRuns.map { $0.memo?.text() }
      events = transition.events.map { $0.kind.payload().text() }
    }

    /// About the bytes that it adds to a statement.
    var size: Int {
      let texts = [[output, error], inputs, outputs, errors, memos].joined().reduce(0) {
        $0 + ($1?.utf8.count ?? 0)
      }
      return texts + events.reduce(0) { $0 + $1.utf8.count } + 300 * (1 + inputs.count + events.count)
    }
  }

  /// Bytes of one statement at most, unless one transition alone has more.
  static let maximumBytes = 4 << 20

  /// The rows in stretches that a statement may carry.
  static func stretches(_ commits: [RunCommit]) -> [ArraySlice<Row>] {
    let rows = commits.map(Row.init)
    var stretches: [ArraySlice<Row>] = []
    var (start, bytes) = (0, 0)
    for (place, row) in rows.enumerated() {
      let size = row.size
      if bytes + size > maximumBytes, place > start {
        stretches.append(rows[start..<place])
        (start, bytes) = (place, 0)
      }
      bytes += size
    }
    if start < rows.count { stretches.append(rows[start...]) }
    return stretches
  }

  static func parameters(_ rows: ArraySlice<Row>) -> Parameters {
    var parameters = Parameters()
    writeRuns(rows, &parameters)
    let transitions = rows.map(\.commit.transition)
    parameters.int4s(numbers(transitions.map(\.nodeRuns.count)))
    let texts = (rows.flatMap(\.inputs), rows.flatMap(\.outputs), rows.flatMap(\.errors))
    let nodes = transitions.flatMap(\.nodeRuns)
    write(nodes, texts, &parameters)
    parameters.int8s(nodes.map(\.iteration.rawValue))
    parameters.jsonbs(nodes.map(iterations))
    parameters.jsonbs(rows.flatMap(\.memos))
    parameters.int4s(numbers(transitions.map(\.events.count)))
    parameters.int4s(transitions.flatMap { $0.events.indices.map { Int32($0 + 1) } })
    let events = transitions.flatMap(\.events)
    parameters.texts(events.map(\.kind.name))
    parameters.jsonbs(rows.flatMap(\.events))
    parameters.timestamptzs(microseconds: events.map(\.at.microseconds))
    return parameters
  }

  /// The path of an iteration as a list of numbers; nil outside of every loop.
  private static func iterations(_ row: NodeRun) -> String? {
    guard row.iteration != .root else { return nil }
    return "[" + row.iteration.indices.map(String.init).joined(separator: ",") + "]"
  }

  /// For each of its items the number of a run, from 1.
  private static func numbers(_ counts: [Int]) -> [Int32] {
    counts.enumerated().flatMap { repeatElement(Int32($0 + 1), count: $1) }
  }

  /// Fourteen arrays.
  private static func writeRuns(_ rows: ArraySlice<Row>, _ parameters: inout Parameters) {
    let claims = rows.map(\.commit.claim)
    let transitions = rows.map(\.commit.transition)
    parameters.uuids(claims.map(\.run.organizationID.uuid))
    parameters.uuids(claims.map(\.run.runID.uuid))
    parameters.int8s(claims.map(\.epoch))
    parameters.int4s(transitions.map { Int32(clamping: $0.step) })
    parameters.texts(transitions.map(\.state.rawValue))
    parameters.timestamptzs(microseconds: transitions.map { $0.startedAt?.microseconds })
    parameters.timestamptzs(microseconds: transitions.map { $0.finishedAt?.microseconds })
    parameters.int4s(transitions.map(duration))
    parameters.jsonbs(rows.map(\.output))
    parameters.jsonbs(rows.map(\.error))
    parameters.timestamptzs(microseconds: transitions.map { $0.wakeAt?.microseconds })
    parameters.int4s(transitions.map { Int32(clamping: $0.events.count) })
    parameters.bools(transitions.map(\.state.isFinal))
    parameters.bools(transitions.map(\.releasesClaim))
  }

  private static func duration(_ transition: RunTransition) -> Int32? {
    guard let start = transition.startedAt, let end = transition.finishedAt else { return nil }
    return milliseconds(end.microseconds(since: start))
  }

  /// Seventeen arrays; `texts` are the nodes' inputs, outputs and errors.
  static func write(
    _ nodes: [NodeRun], _ texts: (inputs: [String?], outputs: [String?], errors: [String?]),
    _ parameters: inout Parameters
  ) {
    parameters.uuids(nodes.map(\.id.uuid))
    parameters.uuids(nodes.map(\.nodeID.uuid))
    parameters.texts(nodes.map(\.key))
    parameters.texts(nodes.map(\.title))
    parameters.texts(nodes.map(\.kind.rawValue))
    parameters.int4s(nodes.map { Int32(clamping: $0.order) })
    parameters.texts(nodes.map(\.state.rawValue))
    parameters.int4s(nodes.map { Int32(clamping: $0.attempt) })
    parameters.jsonbs(texts.inputs)
    parameters.jsonbs(texts.outputs)
    parameters.jsonbs(texts.errors)
    parameters.texts(nodes.map { $0.skipReason?.rawValue })
    parameters.texts(nodes.map { $0.delivered.map(\.description).joined(separator: ",") })
    parameters.timestamptzs(microseconds: nodes.map { $0.wakeAt?.microseconds })
    parameters.timestamptzs(microseconds: nodes.map { $0.startedAt?.microseconds })
    parameters.timestamptzs(microseconds: nodes.map { $0.finishedAt?.microseconds })
    parameters.int4s(nodes.map { milliseconds($0.durationMicroseconds) })
  }

  static func milliseconds(_ microseconds: Int64?) -> Int32? {
    microseconds.map { Int32(clamping: $0 / 1000) }
  }
}
