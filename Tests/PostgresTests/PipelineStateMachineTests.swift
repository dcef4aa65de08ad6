import Testing

@testable import Postgres

/// Transcripts: what is sent, what libpq reports, what the machine makes of it. Rows are numbers here.
@Suite struct PipelineStateMachineTests {
  typealias Machine = PipelineStateMachine<Int>

  private func machine(preparedStatements: Int = 10) -> Machine {
    Machine(
      .init(preparedStatements: preparedStatements, statementMilliseconds: 1000, silenceMilliseconds: 500))
  }

  private func request(
    _ id: UInt64, _ kind: Request.Kind = .read, _ sql: String = "SELECT 1", lease: UInt64? = nil,
    group: ReadGroup? = nil
  ) -> Request {
    Request(
      id: id, kind: kind,
      StatementCall(statement: Statement("s", sql), parameters: .none, deadline: .milliseconds(1000)),
      lease: lease, group: group
    ) { _ in }
  }

  private func serverError(_ sqlState: String, function: String? = nil, isFatal: Bool = false)
    -> PostgresError
  {
    PostgresError(
      .server,
      details: .init(message: "words", sqlState: sqlState, sourceFunction: function, isFatal: isFatal))
  }

  /// A reaction in a word.
  private func word(_ reaction: Machine.Reaction) -> String {
    switch reaction {
    case .none: "none"
    case .finish(let request, .success(let rows)): "finish \(request.id) \(rows)"
    case .finish(let request, .failure(let error)):
      "finish \(request.id) \(error.sqlState ?? "") \(error.code)"
    case .finish(let request, nil): "finish \(request.id)"
    case .resend(let request, let attempt): "resend \(request.id) \(attempt)"
    case .abandon(let request, let error): "abandon \(request.id) \(error.code)"
    case .startCancel: "startCancel"
    case .giveUp: "giveUp"
    }
  }

  private func play(_ machine: inout Machine, _ events: [Machine.Event], now: UInt64 = 0) -> [String] {
    events.map { word(machine.receive($0, now: now)) }.filter { $0 != "none" }
  }

  @Test func `a statement is prepared with its first use only`() {
    var machine = machine()
    let first = machine.submit(request(1), attempt: 0, now: 0)
    #expect(first == .init(prepares: true, serverName: "s1"))
    let second = machine.submit(request(2), attempt: 0, now: 0)
    #expect(second == .init(serverName: "s1"))
    let words = play(
      &machine, [.rows(0), .terminator, .rows(10), .terminator, .sync, .rows(20), .terminator, .sync])
    #expect(words == ["finish 1 10", "finish 2 20"])
    #expect(machine.isEmpty)
  }

  @Test func `a write is over when its sync says so`() {
    var machine = machine()
    _ = machine.submit(request(1, .write), attempt: 0, now: 0)
    #expect(play(&machine, [.rows(0), .terminator, .rows(1), .terminator]) == [])
    #expect(play(&machine, [.sync]) == ["finish 1 1"])
  }

  @Test func `an error in place of the sync fails the write`() {
    var machine = machine()
    _ = machine.submit(request(1, .write), attempt: 0, now: 0)
    let words = play(
      &machine,
      [.rows(0), .terminator, .rows(1), .terminator, .failure(serverError("23503")), .terminator, .sync])
    #expect(words == ["finish 1 23503 server"])
  }

  @Test func `reads of a group share a sync, and the next request closes it`() {
    var machine = machine()
    let group = ReadGroup(id: 7)
    #expect(machine.submit(request(1, group: group), attempt: 0, now: 0).syncs == false)
    #expect(machine.submit(request(2, group: group), attempt: 0, now: 0).syncs == false)
    let stranger = machine.submit(request(3), attempt: 0, now: 0)
    #expect(stranger.syncsFirst && stranger.syncs)
    let isOpen = machine.closeSegment()
    #expect(!isOpen)
  }

  @Test func `what a neighbour of the group aborted is sent again alone`() {
    var machine = machine()
    let group = ReadGroup(id: 7)
    let second = request(2, group: group)
    _ = machine.submit(request(1, group: group), attempt: 0, now: 0)
    _ = machine.submit(second, attempt: 0, now: 0)
    let isClosed = machine.closeSegment()
    #expect(isClosed)
    let words = play(
      &machine,
      [.rows(0), .terminator, .failure(serverError("22012")), .terminator, .aborted, .terminator, .sync])
    #expect(words == ["finish 1 22012 server", "resend 2 1"])
    #expect(machine.submit(second, attempt: 1, now: 0).syncs)
  }

  @Test func `a preparation that fails is the statement's failure and is not kept`() {
    var machine = machine()
    _ = machine.submit(request(1), attempt: 0, now: 0)
    let words = play(
      &machine, [.failure(serverError("42601")), .terminator, .aborted, .terminator, .sync])
    #expect(words == ["finish 1 42601 server"])
    #expect(machine.submit(request(2), attempt: 0, now: 0).prepares)
  }

  @Test func `a lost preparation is repaired by sending again, a bounded number of times`() {
    var machine = machine()
    let request = request(1)
    for attempt in 0..<3 {
      #expect(machine.submit(request, attempt: attempt, now: 0).prepares)
      let words = play(
        &machine, [.rows(0), .terminator, .failure(serverError("26000")), .terminator, .sync])
      #expect(words == [attempt < 2 ? "resend 1 \(attempt + 1)" : "finish 1 26000 server"])
    }
  }

  @Test func `an outdated plan is removed and prepared again, but not inside a transaction`() {
    var machine = machine()
    let outdated = serverError("0A000", function: "RevalidateCachedQuery")
    _ = machine.submit(request(1), attempt: 0, now: 0)
    let words = play(&machine, [.rows(0), .terminator, .failure(outdated), .terminator, .sync])
    #expect(words == ["resend 1 1"])
    let again = machine.submit(request(1), attempt: 1, now: 0)
    #expect(again == .init(deallocations: ["s1"], prepares: true, serverName: "s2"))
    _ = play(&machine, [.rows(0), .terminator, .sync, .rows(0), .terminator, .rows(1), .terminator, .sync])
    _ = machine.submit(request(2, .leased, lease: 9), attempt: 0, now: 0)
    #expect(play(&machine, [.failure(outdated), .terminator, .sync]) == ["finish 2 0A000 server"])
  }

  @Test func `the least recently used statement goes, but not inside a transaction`() {
    var machine = machine(preparedStatements: 2)
    for (index, sql) in ["a", "b", "a"].enumerated() {
      _ = machine.submit(request(UInt64(index), .read, sql), attempt: 0, now: 0)
    }
    let inside = machine.submit(request(4, .leased, "c", lease: 1), attempt: 0, now: 0)
    #expect(inside == .init(prepares: true, serverName: "s3"))
    let outside = machine.submit(request(5, .read, "a"), attempt: 0, now: 0)
    #expect(outside == .init(deallocations: ["s2"], serverName: "s1"))
  }

  @Test func `a cancelled read is answered at once and stopped when it has been at the head for a tick`() {
    var machine = machine()
    _ = machine.submit(request(1), attempt: 0, now: 0)
    _ = machine.submit(request(2), attempt: 0, now: 0)
    #expect(word(machine.stop(1, reason: .cancelled)) == "abandon 1 cancelled")
    #expect(word(machine.stop(1, reason: .cancelled)) == "none")
    #expect(machine.tick(now: 20).map(word) == [])
    #expect(machine.tick(now: 40).map(word) == ["startCancel"])
    #expect(machine.isQuarantined)
    #expect(machine.tick(now: 60).map(word) == [])
    machine.cancelEnded()
    #expect(machine.tick(now: 80).map(word) == [])
    // It came too late for the first and hit the second, which is sent again.
    let words = play(
      &machine,
      [
        .rows(0), .terminator, .rows(1), .terminator, .sync, .failure(serverError("57014")), .terminator,
        .sync,
      ])
    #expect(words == ["finish 1", "resend 2 1"])
  }

  @Test func `a connection that does not answer a cancel is given up`() {
    var machine = machine()
    _ = machine.submit(request(1, .write), attempt: 0, now: 0)
    #expect(word(machine.stop(1, reason: .cancelled)) == "none")
    _ = machine.tick(now: 20)
    #expect(machine.tick(now: 40).map(word) == ["startCancel"])
    #expect(machine.tick(now: 600).map(word) == ["giveUp"])
  }

  @Test func `a deadline answers a read, and only asks for a write`() {
    var machine = machine()
    _ = machine.submit(request(1, .write), attempt: 0, now: 0)
    _ = machine.submit(request(2), attempt: 0, now: 0)
    #expect(machine.tick(now: 1000).map(word) == ["none", "abandon 2 timeout"])
    let words = play(
      &machine, [.rows(0), .terminator, .failure(serverError("57014")), .terminator, .sync], now: 1010)
    #expect(words == ["finish 1 57014 timeout"])
  }

  @Test func `a statement that the server stopped early was cancelled by someone else`() {
    var machine = machine()
    _ = machine.submit(request(1), attempt: 0, now: 0)
    let words = play(&machine, [.rows(0), .terminator, .failure(serverError("57014"))], now: 10)
    #expect(words == ["finish 1 57014 cancelled"])
  }

  @Test func `a lost connection tells each caller what is known`() {
    var machine = machine()
    _ = machine.submit(request(1, .write, "w"), attempt: 0, now: 0)
    _ = machine.submit(request(2), attempt: 0, now: 0)
    _ = machine.submit(request(3), attempt: 0, now: 0)
    _ = machine.submit(request(4, .commit, "COMMIT", lease: 1), attempt: 0, now: 0)
    _ = machine.stop(3, reason: .cancelled)
    // The write's result is here, its commit is not.
    #expect(play(&machine, [.rows(0), .terminator, .rows(1)]) == [])
    let failures = machine.connectionLost(PostgresError(.connectionLost))
    #expect(failures.map(\.0.id) == [1, 2, 4])
    #expect(failures.map(\.1.code) == [.outcomeUnknown, .connectionLost, .outcomeUnknown])
    #expect(machine.isEmpty)
    #expect(machine.submit(request(5), attempt: 0, now: 0).prepares)
  }

  @Test func `a caller that was answered is not answered again when the connection breaks`() {
    var machine = machine()
    let group = ReadGroup(id: 7)
    for id in UInt64(1)...3 { _ = machine.submit(request(id, group: group), attempt: 0, now: 0) }
    let words = play(
      &machine, [.rows(0), .terminator, .failure(serverError("22012")), .terminator, .aborted])
    #expect(words == ["finish 1 22012 server", "resend 2 1"])
    #expect(machine.connectionLost(PostgresError(.connectionLost)).map(\.0.id) == [3])
  }

  @Test func `a script is over at its end and keeps its first error`() {
    var machine = machine()
    machine.submitScript(request(1, .script, lease: 1), now: 0)
    #expect(machine.isScripting)
    #expect(play(&machine, [.rows(1), .failure(serverError("22012")), .rows(2)]) == [])
    #expect(play(&machine, [.terminator]) == ["finish 1 22012 server"])
    machine.submitScript(request(2, .script, lease: 1), now: 0)
    #expect(play(&machine, [.rows(1), .rows(2), .terminator]) == ["finish 2 2"])
    machine.submitScript(request(3, .script, lease: 1), now: 0)
    #expect(play(&machine, [.terminator]) == ["finish 3  invalidUse"])
    machine.submitScript(request(4, .script, lease: 1), now: 0)
    #expect(play(&machine, [.sync]) == ["giveUp"])
  }

  @Test func `answers out of turn end the connection`() {
    var machine = machine()
    #expect(play(&machine, [.terminator]) == [])
    #expect(play(&machine, [.rows(1)]) == ["giveUp"])
    _ = machine.submit(request(1), attempt: 0, now: 0)
    #expect(play(&machine, [.sync]) == ["giveUp"])
    #expect(play(&machine, [.failure(serverError("57P01", isFatal: true))]) == ["giveUp"])
    _ = play(&machine, [.rows(0), .terminator])
    #expect(play(&machine, [.sync]) == ["giveUp"])
    _ = play(&machine, [.rows(0), .terminator])
    #expect(play(&machine, [.rows(1)]) == ["giveUp"])
  }
}
