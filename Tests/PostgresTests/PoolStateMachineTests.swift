import Testing

@testable import Postgres

/// Transcripts of the pool: who gets which connection, who waits, who is refused.
@Suite struct PoolStateMachineTests {
  private func pool(
    connections: Int = 2, depth: Int = 2, queue: Int = 3, leases: Int = 1
  ) -> PoolStateMachine {
    PoolStateMachine(
      .init(connections: connections, depth: depth, queue: queue, leases: leases, acquireMilliseconds: 100))
  }

  private func request(
    _ id: UInt64, _ kind: Request.Kind = .read, lease: UInt64? = nil, group: ReadGroup? = nil
  ) -> Request {
    Request(
      id: id, kind: kind,
      StatementCall(statement: Statement("s", "SELECT 1"), parameters: .none, deadline: .seconds(1)),
      lease: lease, group: group
    ) { _ in }
  }

  private func begin(_ lease: UInt64) -> Request { request(lease, .begin, lease: lease) }

  @Test func `statements go to the least loaded connection that is ready`() {
    var pool = pool()
    #expect(pool.submit(request(1), now: 0) == .queued)
    pool.becameReady(0)
    #expect(pool.next()?.slot == 0)
    pool.becameReady(1)
    #expect(pool.submit(request(2), now: 0) == .slot(1))
    #expect(pool.submit(request(3), now: 0) == .slot(0))
    #expect(pool.submit(request(4), now: 0) == .slot(1))
    #expect(pool.submit(request(5), now: 0) == .queued)
    #expect(pool.inFlightCount == 4)
    let third = request(3)
    pool.finished(third, slot: 0)
    let next = pool.next()
    #expect(next?.request.id == 5 && next?.slot == 0)
    #expect(pool.next() == nil)
  }

  @Test func `a read prefers the connection without a write`() {
    var pool = pool(depth: 20)
    pool.becameReady(0)
    pool.becameReady(1)
    #expect(pool.submit(request(1, .write), now: 0) == .slot(0))
    for id in UInt64(2)..<8 { #expect(pool.submit(request(id), now: 0) == .slot(1)) }
  }

  @Test func `the reads of a group stay together within a batch`() {
    var pool = pool(depth: 3)
    pool.becameReady(0)
    pool.becameReady(1)
    let group = ReadGroup(id: 1)
    #expect(pool.submit(request(1, group: group), now: 0) == .slot(0))
    #expect(pool.submit(request(2, group: group), now: 0) == .slot(0))
    pool.endBatch()
    #expect(pool.submit(request(3, group: group), now: 0) == .slot(1))
    pool.lost(1)
    #expect(pool.submit(request(4, group: group), now: 0) == .slot(0))
  }

  @Test func `a full queue refuses`() {
    var pool = pool()
    for id in UInt64(1)...3 { #expect(pool.submit(request(id), now: 0) == .queued) }
    #expect(pool.submit(request(4), now: 0) == .refused(PostgresError(.queueFull)))
    #expect(pool.submit(begin(5), now: 0) == .refused(PostgresError(.queueFull)))
    #expect(pool.withdraw(2)?.id == 2)
    #expect(pool.withdraw(2) == nil)
    #expect(pool.waitingCount == 2)
  }

  @Test func `what waits too long is told whether the server was there`() {
    var pool = pool()
    _ = pool.submit(request(1), now: 0)
    _ = pool.submit(begin(2), now: 50)
    #expect(pool.expire(now: 99).isEmpty)
    let first = pool.expire(now: 100)
    #expect(first.map(\.0.id) == [1] && first.map(\.1.code) == [.unavailable])
    pool.becameReady(0)
    let second = pool.expire(now: 150)
    #expect(second.map(\.0.id) == [2] && second.map(\.1.code) == [.timeout])
    #expect(pool.isIdle)
  }

  @Test func `a transaction has a connection to itself until it is released`() {
    var pool = pool()
    pool.becameReady(0)
    pool.becameReady(1)
    #expect(pool.submit(begin(9), now: 0) == .slot(1))
    #expect(pool.submit(request(1), now: 0) == .slot(0))
    #expect(pool.submit(request(2), now: 0) == .slot(0))
    #expect(pool.submit(request(3), now: 0) == .queued)
    #expect(pool.submit(request(4, .leased, lease: 9), now: 0) == .slot(1))
    #expect(!pool.isIdle)
    pool.finished(begin(9), slot: 1)
    pool.finished(request(4), slot: 1)
    #expect(pool.next() == nil)
    #expect(pool.release(9) == 1)
    #expect(pool.release(9) == nil)
    #expect(pool.next()?.slot == 1)
    #expect(pool.submit(request(5, .leased, lease: 9), now: 0) == .refused(PostgresError(.closed)))
  }

  @Test func `a connection drains for a transaction that waits, within the bound for leases`() {
    var pool = pool()
    pool.becameReady(0)
    pool.becameReady(1)
    _ = pool.submit(request(1), now: 0)
    _ = pool.submit(request(2), now: 0)
    #expect(pool.submit(begin(8), now: 0) == .queued)
    #expect(pool.submit(begin(9), now: 0) == .queued)
    #expect(pool.submit(request(3), now: 0) == .slot(1))
    pool.finished(request(1), slot: 0)
    let granted = pool.next()
    #expect(granted?.request.id == 8 && granted?.slot == 0)
    pool.finished(begin(8), slot: 0)
    #expect(pool.next() == nil)
    #expect(pool.release(8) == 0)
    #expect(pool.next()?.request.id == 9)
  }

  @Test func `a reservation ends with the transaction that it was for`() {
    var pool = pool(connections: 1)
    pool.becameReady(0)
    _ = pool.submit(request(1), now: 0)
    #expect(pool.submit(begin(9), now: 0) == .queued)
    #expect(pool.submit(request(2), now: 0) == .queued)
    #expect(pool.withdraw(9)?.id == 9)
    #expect(pool.next()?.request.id == 2)
  }

  @Test func `a reservation ends when another connection came free first`() {
    var pool = pool()
    pool.becameReady(0)
    _ = pool.submit(request(1), now: 0)
    #expect(pool.submit(begin(9), now: 0) == .queued)
    pool.becameReady(1)
    #expect(pool.next()?.slot == 1)
    #expect(pool.submit(request(2), now: 0) == .slot(0))
  }

  @Test func `a lost connection takes its transaction along`() {
    var pool = pool()
    pool.becameReady(0)
    _ = pool.submit(begin(9), now: 0)
    pool.lost(0)
    #expect(pool.submit(request(1, .commit, lease: 9), now: 0) == .refused(PostgresError(.connectionLost)))
    #expect(pool.release(9) == nil)
    #expect(pool.submit(request(2, .commit, lease: 9), now: 0) == .refused(PostgresError(.closed)))
    pool.finished(begin(9), slot: 0)
    #expect(pool.inFlightCount == 0)
  }

  @Test func `nothing new goes where a cancel request is under way`() {
    var pool = pool()
    pool.becameReady(0)
    pool.setQuarantined(0, true)
    #expect(pool.submit(request(1), now: 0) == .queued)
    #expect(pool.submit(begin(2), now: 0) == .queued)
    #expect(pool.next() == nil)
    pool.setQuarantined(0, false)
    #expect(pool.next()?.request.id == 2)
  }

  @Test func `a closing pool serves what it has and refuses what comes`() {
    var pool = pool(depth: 1)
    pool.becameReady(0)
    _ = pool.submit(request(1), now: 0)
    _ = pool.submit(request(2), now: 0)
    pool.close()
    #expect(pool.submit(request(3), now: 0) == .refused(PostgresError(.closed)))
    pool.finished(request(1), slot: 0)
    #expect(pool.next()?.request.id == 2)
    pool.finished(request(2), slot: 0)
    #expect(pool.isIdle)
    #expect(pool.takeWaiting().isEmpty)
  }
}
