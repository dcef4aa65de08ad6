import Flows
import Postgres

/// Makes the parameters of `RunCommitSQL.commitMany` and `commitOne`.
struct RunCommitRows {
  /// One transition with its JSON written.
  struct Row {
    let commit: RunCommit
    /// What the run and its nodes have as output and input: positions in a list.
    let values: String?
    let output: Int32?
    let inputs: [Int32?]
    let outputs: [Int32?]
    let error: String?
    let errors: [String?]
    let memos: [String?]
    let events: EventRow?
    /// About the bytes that it has a statement store, which are more than it sends.
    let size: Int

    init(_ commit: RunCommit) {
      let transition = commit.transition
      self.commit = commit
      var known = RunValues(input: commit.input)
      inputs = transition.nodeRuns.map { known.position(of: $0.input) }
      outputs = transition.nodeRuns.map { known.position(of: $0.output) }
      output = known.position(of: transition.output)
      values = known.list
      error = transition.error?.encoded().text()
      errors = transition.nodeRuns.map { $0.error?.encoded().text() }
      memos = transition.nodeRuns.map { $0.memo?.text() }
      events = EventRow(transition)
      let texts = [[error, events?.data], errors, memos].joined().reduce(0) { $0 + ($1?.utf8.count ?? 0) }
      size = known.storedBytes + texts + 300 * (1 + inputs.count)
    }

    /// Whether nothing of the run's nodes is stored yet.
    var isFirst: Bool { commit.transition.step == 1 }
    /// Whether its events go to the run's row.
    var isFinal: Bool { commit.transition.state.isFinal }
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

  /// The parameters of `RunCommitSQL.look`, for the rows of which no number is known.
  static func lookParameters(
    _ rows: ArraySlice<Row>, without known: [Int: PostgresRunStore.Stored]
  ) -> Parameters {
    let missing = rows.enumerated().filter { known[$0.offset + 1] == nil }
    let claims = missing.map(\.element.commit.claim)
    return Parameters {
      $0.uuids(claims.map(\.run.organizationID.uuid))
      $0.uuids(claims.map(\.run.runID.uuid))
      $0.int8s(claims.map(\.epoch))
      $0.int4s(missing.map { Int32(clamping: $0.element.commit.transition.step) })
      $0.int4s(missing.map { Int32($0.offset + 1) })
    }
  }

  static func parameters(_ rows: ArraySlice<Row>) -> Parameters {
    Parameters { write(rows, &$0) }
  }

  /// The parameters of `RunCommitSQL.commitMany`, behind others.
  static func write(_ rows: ArraySlice<Row>, _ parameters: inout Parameters) {
    writeRuns(rows, &parameters)
    let transitions = rows.map(\.commit.transition)
    parameters.int4s(numbers(transitions.map(\.nodeRuns.count)))
    let nodes = transitions.flatMap(\.nodeRuns)
    write(nodes, &parameters) {
      $0.int4s(rows.flatMap(\.inputs))
      $0.int4s(rows.flatMap(\.outputs))
      $0.jsonbs(rows.flatMap(\.errors))
    }
    parameters.int8s(nodes.map(\.iteration.rawValue))
    parameters.jsonbs(nodes.map(iterations))
    parameters.jsonbs(rows.flatMap(\.memos))
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

  /// Nineteen arrays.
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
    parameters.int4s(rows.map(\.output))
    parameters.jsonbs(rows.map(\.error))
    parameters.timestamptzs(microseconds: transitions.map { $0.wakeAt?.microseconds })
    parameters.int4s(transitions.map { Int32(clamping: $0.events.count) })
    parameters.bools(transitions.map(\.state.isFinal))
    parameters.bools(transitions.map(\.releasesClaim))
    let events = rows.map { $0.isFinal ? nil : $0.events }
    parameters.texts(events.map { $0?.kind })
    parameters.jsonbs(events.map { $0?.data })
    parameters.timestamptzs(microseconds: events.map { $0?.at.microseconds })
    parameters.jsonbs(rows.map(\.values))
    parameters.texts(rows.map { $0.isFinal ? $0.events?.data : nil })
  }

  private static func duration(_ transition: RunTransition) -> Int32? {
    guard let start = transition.startedAt, let end = transition.finishedAt else { return nil }
    return milliseconds(end.microseconds(since: start))
  }

  /// Seventeen arrays, of which `writeValues` writes three: the nodes' inputs, outputs and errors.
  static func write(
    _ nodes: [NodeRun], _ parameters: inout Parameters, _ writeValues: (inout Parameters) -> Void
  ) {
    parameters.uuids(nodes.map(\.id.uuid))
    parameters.uuids(nodes.map(\.nodeID.uuid))
    parameters.texts(nodes.map(\.key))
    parameters.texts(nodes.map(\.title))
    parameters.texts(nodes.map(\.kind.rawValue))
    parameters.int4s(nodes.map { Int32(clamping: $0.order) })
    parameters.texts(nodes.map(\.state.rawValue))
    parameters.int4s(nodes.map { Int32(clamping: $0.attempt) })
    writeValues(&parameters)
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
