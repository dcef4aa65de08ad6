import Flows
import Foundation
import Postgres
import Storage

/// Runs of three steps without a pause beside a transaction that keeps its snapshot all the time: what the
/// tables grow to, how many of their rows are dead, and how many runs end in each part of the time.
struct Bloat {
  let bench: Bench
  let seconds: Int

  private static let parts = 10
  private static let runsAtOnce = 50

  func run() async throws {
    let flow = try await bench.makeFlow(steps: 3)
    let other = try Database(PostgresConfiguration(connectionInfo: bench.connectionInfo))
    other.start()
    let process = try Process(bench.connectionInfo, concurrency: 200)
    let before = try await tables()
    let rates = try await other.transaction(.repeatableRead) { transaction in
      try await transaction.script("SET LOCAL idle_in_transaction_session_timeout = 0")
      _ = try await transaction.query(Statement("hold", "SELECT txid_current()"))
      return try await drive(flow, process)
    }
    let beside = try await tables()
    await process.stop()
    await other.shutdown()
    print("runs a second in each tenth of \(seconds) s beside a long transaction: \(rates)")
    show("table: bytes before and beside it; rows and dead rows beside it", beside) {
      "\(before[$0]?.bytes ?? 0), \($1.bytes); \($1.rows), \($1.dead)"
    }
    fflush(nil)
    // What the long transaction held back can go now. Millions of rows take a while.
    _ = try await bench.database.query(Statement("vacuum", "VACUUM"), deadline: .seconds(1800))
    show("table: bytes and dead rows after a vacuum", try await tables()) { "\($1.bytes); \($1.dead)" }
  }

  /// A line for each table that is worth one, the largest first.
  private func show(
    _ title: String, _ tables: [String: Table], _ text: (_ name: String, _ table: Table) -> String
  ) {
    print(title)
    for (name, table) in tables.sorted(by: { $0.value.bytes > $1.value.bytes }) where table.bytes > 100_000 {
      print("  \(name): \(text(name, table))")
    }
  }

  /// The runs that ended in a second of each part.
  private func drive(_ flow: Identifier, _ process: Process) async throws -> [Int] {
    let store = ExecutionStore(process.database, intake: RunIntake(process.database, starts: process.starts))
    var rates: [Int] = []
    for _ in 0..<Bloat.parts {
      let first = process.ends.count
      let end = SystemClock().monotonicMicroseconds() + Int64(seconds) * 1_000_000 / Int64(Bloat.parts)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<Bloat.runsAtOnce {
          group.addTask {
            while SystemClock().monotonicMicroseconds() < end {
              let new = bench.newRun(of: flow)
              process.notifier.accepted(new.run, try await store.enqueue(new))
              _ = await process.ends.wait(for: new.run)
            }
          }
        }
        try await group.waitForAll()
      }
      rates.append((process.ends.count - first) * Bloat.parts / max(1, seconds))
      print("part \(rates.count) of \(Bloat.parts): \(rates[rates.count - 1]) runs a second")
      fflush(nil)
    }
    return rates
  }

  private struct Table {
    var bytes: Int
    var rows: Int
    var dead: Int
  }

  /// All tables with their indexes, partitions together, as Postgres's statistics have them.
  private func tables() async throws -> [String: Table] {
    try await bench.script("SELECT pg_stat_force_next_flush()")
    let rows = try await bench.database.query(
      Statement(
        "table_sizes",
        """
        SELECT coalesce(i.inhparent::regclass, s.relid)::regclass::text, \
        sum(pg_total_relation_size(s.relid))::bigint, sum(s.n_live_tup)::bigint, sum(s.n_dead_tup)::bigint \
        FROM pg_stat_user_tables s LEFT JOIN pg_inherits i ON i.inhrelid = s.relid GROUP BY 1
        """))
    var tables: [String: Table] = [:]
    for row in 0..<rows.rowCount {
      guard let name = rows.string(row, 0), let bytes = rows.int8(row, 1), let live = rows.int8(row, 2),
        let dead = rows.int8(row, 3)
      else { continue }
      tables[name] = Table(bytes: Int(bytes), rows: Int(live), dead: Int(dead))
    }
    return tables
  }
}
