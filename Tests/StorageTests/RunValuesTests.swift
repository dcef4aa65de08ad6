import Flows
import Postgres
import Testing

@testable import Storage

/// What a transition sends, which is less than it stores.
@Suite struct RunValuesTests {
  private func value(_ text: String) -> JSONValue { ["text": .string(String(repeating: text, count: 100))] }

  /// A trigger that passes its input on to a node, with all events.
  private func commit(_ input: JSONValue, _ output: JSONValue, knows isKnown: Bool = true) -> RunCommit {
    var transition = RunTransition(step: 1, state: .success)
    let rows = [(input, input), (input, output)].enumerated().map { order, values -> NodeRun in
      var row = NodeRun(
        id: makeID(), node: makeID(), key: "n\(order)", title: "N", kind: .transform, state: .success)
      (row.order, row.input, row.output) = (order, values.0, values.1)
      return row
    }
    transition.nodeRuns = rows
    transition.output = output
    transition.events = rows.flatMap { row -> [RunEvent.Kind] in
      let started = RunEvent.NodeStarted(node: row.nodeID, key: row.key, attempt: 1, input: row.input)
      return [.nodeStarted(started), .nodeFinished(RunEvent.NodeFinished(row))]
    }.map { RunEvent(at: TestInstants.november, $0) }
    transition.events.append(
      RunEvent(at: TestInstants.november, .finished(.init(state: .success, output: output, error: nil))))
    let run = RunReference(organizationID: makeID(), runID: makeID())
    return RunCommit(transition, under: RunClaim(run: run, epoch: 1), input: isKnown ? input : nil)
  }

  @Test func `a value is sent once, and that of the run not at all`() {
    let (input, output) = (value("in"), value("out"))
    let row = RunCommitRows.Row(commit(input, output))
    #expect(row.inputs == [RunValues.ofRun, RunValues.ofRun])
    #expect(row.outputs == [RunValues.ofRun, 0])
    #expect(row.output == 0)
    #expect(row.values == JSONValue.array([output]).text())
    let unknown = RunCommitRows.Row(commit(input, output, knows: false))
    #expect(unknown.inputs == [0, 0])
    #expect(unknown.outputs == [0, 1])
    #expect(unknown.values == JSONValue.array([input, output]).text())
    for data in [row.events?.data, unknown.events?.data] {
      #expect(data?.contains("inin") == false && data?.contains("outout") == false)
    }
  }

  @Test func `what is only equal is sent as it is`() {
    let run: JSONValue = ["a": "e\u{301}", "b": 1]
    var values = RunValues(input: run)
    let others: [JSONValue] = [
      ["a": "\u{e9}", "b": 1], ["b": 1, "a": "e\u{301}"], ["a": "e\u{301}", "b": 1.0],
    ]
    #expect(others.map { values.position(of: $0) } == [0, 1, 2])
    #expect(values.position(of: ["a": "e\u{301}", "b": 1]) == RunValues.ofRun)
    #expect(values.position(of: .number(0.0)) == 3)
    #expect(values.position(of: .number(-0.0)) == 4)
    #expect(values.position(of: .number(.nan)) == 5)
    #expect(values.position(of: nil) == nil)
  }

  @Test func `a value from long ago is sent again`() {
    var values = RunValues(input: nil)
    let positions = (0..<10).map { values.position(of: .integer(Int64($0))) }
    #expect(positions == (0..<10).map { Int32($0) })
    #expect(values.position(of: 9) == 9)
    #expect(values.position(of: 0) == 10)
  }

  @Test func `a statement is bounded by what it stores`() {
    let large = value(String(repeating: "x", count: 2000))
    let commits = (0..<20).map { _ in commit(large, ["done": true]) }
    let rows = commits.map(RunCommitRows.Row.init)
    #expect(rows.allSatisfy { $0.size > 3 * 200_000 && ($0.values?.utf8.count ?? 0) < 100 })
    let stretches = RunCommitRows.stretches(commits)
    #expect(stretches.allSatisfy { $0.reduce(0) { $0 + $1.size } <= RunCommitRows.maximumBytes })
    #expect(stretches.count == 4)
  }

  @Test func `people see the events that the program reads`() async throws {
    try await withStorage { bench in
      let input = value("in")
      let run = try await bench.enqueue(try await bench.makeFlow(), input: input)
      let claim = try await bench.claimOne(makeID()).claim
      let given = commit(input, value("out")).transition
      #expect(try await bench.runs.commit([RunCommit(given, under: claim, input: input)]) == [.committed])
      let read = try await bench.database.query(
        EventReads.after, EventReads.parameters(run, after: 0, limit: 100))
      let shown = try await bench.row("SELECT sequence, kind, data, at FROM run_events ORDER BY sequence")
      #expect(read.rowCount == 6 && shown.rowCount == 6)
      for row in 0..<6 {
        #expect(shown.int(row, 0) == read.int(row, 0))
        #expect(shown.string(row, 1) == read.string(row, 1))
        #expect(shown.jsonText(row, 2) == read.jsonText(row, 2))
        #expect(shown.instant(row, 3) == read.instant(row, 3))
      }
      let stored = try await bench.row("SELECT end_events FROM execution_logs")
      #expect(stored.string(0, 0)?.contains("inin") == false)
    }
  }
}
