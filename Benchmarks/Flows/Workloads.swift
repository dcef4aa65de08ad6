import Flows
import Foundation
import Postgres
import Storage

/// What is measured.
struct Workloads {
  struct Options {
    /// Of `steps`; `burst` takes two hundred at once, ten times.
    var runs = 300
    /// Of `queue` and `beside`.
    var jobs = 200_000
    /// Of `beside`.
    var seconds = 10
    /// Of `logs`: runs, how often each page is read, and every how many-th filter is taken.
    var logs = 1_000_000
    var repeats = 10
    var stride = 1
  }

  let bench: Bench
  let options: Options

  init(connectionInfo: String, options: Options) async throws {
    bench = try await Bench.open(connectionInfo)
    self.options = options
    let row = try await bench.database.query(
      Statement(
        "settings",
        "SELECT current_setting('synchronous_commit') || ', fsync ' || current_setting('fsync')"
      ))
    print("synchronous_commit \(row.string(0, 0) ?? "")")
  }

  func close() async { await bench.database.shutdown() }

  /// Three trivial steps, one run after the other: from asking for it to its stored end.
  func steps() async throws {
    let flow = try await bench.makeFlow(steps: 3)
    let process = try Process(bench.connectionInfo, concurrency: 200)
    let store = ExecutionStore(process.database, intake: RunIntake(process.database, starts: process.starts))
    var times: [Int64] = []
    let clock = SystemClock()
    var before = (transactions: 0, statements: UInt64(0))
    for number in 0..<(options.runs + 20) {
      // The first ones store the version and warm up.
      if number == 20 { before = try await counts(process) }
      let new = bench.newRun(of: flow)
      let start = clock.monotonicMicroseconds()
      process.notifier.accepted(new.run, try await store.enqueue(new))
      let end = await process.ends.wait(for: new.run)
      if number >= 20 { times.append(end - start) }
    }
    let after = try await counts(process)
    print("three steps, one run after the other: \(Figures(times))")
    printCounts(before, after, runs: options.runs)
    await process.stop()
  }

  /// Two hundred runs of three steps at once.
  func burst() async throws {
    let flow = try await bench.makeFlow(steps: 3)
    let process = try Process(bench.connectionInfo, concurrency: 200)
    let store = ExecutionStore(process.database, intake: RunIntake(process.database, starts: process.starts))
    try await burst(store, process, flow, count: 20)
    let clock = SystemClock()
    var rates: [Double] = []
    let before = try await counts(process)
    for _ in 0..<10 {
      let start = clock.monotonicMicroseconds()
      try await burst(store, process, flow, count: 200)
      rates.append(200 / (Double(clock.monotonicMicroseconds() - start) / 1e6))
    }
    let after = try await counts(process)
    rates.sort()
    print("three steps, 200 at once: \(Int(rates[5])) runs/s (best \(Int(rates[9])), worst \(Int(rates[0])))")
    printCounts(before, after, runs: 2000)
    await process.stop()
  }

  private func burst(
    _ store: ExecutionStore, _ process: Process, _ flow: Identifier, count: Int
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<count {
        group.addTask {
          let new = bench.newRun(of: flow)
          process.notifier.accepted(new.run, try await store.enqueue(new))
          _ = await process.ends.wait(for: new.run)
        }
      }
      try await group.waitForAll()
    }
  }

  /// Jobs of no step that are in the queue already: four workers of 24, each claim and each end committed.
  func queue() async throws {
    try await fill(options.jobs)
    let processes = try (0..<4).map { _ in try Process(bench.connectionInfo, concurrency: 24) }
    let clock = SystemClock()
    let start = clock.monotonicMicroseconds()
    let before = try await counts(processes[0])
    let processorBefore = try await bench.processorSeconds()
    var done = 0
    while done < options.jobs {
      try await Task.sleep(for: .milliseconds(20))
      done = processes.reduce(0) { $0 + $1.ends.count }
    }
    let seconds = Double(clock.monotonicMicroseconds() - start) / 1e6
    let processor = try await bench.processorSeconds()
    let transactions = try await counts(processes[0]).transactions - before.transactions
    let statements = processes.reduce(0) { $0 + $1.database.statistics.statements }
    let left = try await bench.int("SELECT count(*) FROM execution_queue")
    print("queue of \(options.jobs) jobs: \(Int(Double(options.jobs) / seconds)) jobs/s, \(left) left")
    let perJob = (per(Double(statements), options.jobs), per(Double(transactions), options.jobs))
    print("  per job: \(perJob.0) statements, \(perJob.1) transactions")
    let program = per((processor.program - processorBefore.program) * 1e6, options.jobs)
    let server = per((processor.server - processorBefore.server) * 1e6, options.jobs)
    print("  CPU per job: program \(program) us, Postgres \(server) us")
    for process in processes { await process.stop() }
  }

  /// The same beside a transaction that was open all the time before: jobs a second in each second.
  func besideLongTransaction() async throws {
    let other = try Database(PostgresConfiguration(connectionInfo: bench.connectionInfo))
    other.start()
    for isBeside in [false, true] {
      try await fill(options.jobs)
      let process = try Process(bench.connectionInfo, concurrency: 96)
      let rates = try await other.transaction(.repeatableRead) { transaction in
        // A snapshot that is kept keeps every dead place in the queue from being taken away.
        if isBeside { _ = try await transaction.query(Statement("hold", "SELECT txid_current()")) }
        return try await eachSecond(process)
      }
      print("claims and ends a second, \(isBeside ? "beside a long transaction" : "alone"): \(rates)")
      await process.stop()
      try await bench.script("DELETE FROM execution_queue")
    }
    await other.shutdown()
  }

  /// Pages of many runs, see `LogPages`.
  func logs() async throws {
    var pages = LogPages(bench: bench, count: options.logs, repeats: options.repeats, stride: options.stride)
    try await pages.prepare()
    try await pages.run()
  }

  private func eachSecond(_ process: Process) async throws -> [Int] {
    var (rates, last) = ([Int](), process.ends.count)
    for _ in 0..<options.seconds {
      try await Task.sleep(for: .seconds(1))
      let count = process.ends.count
      rates.append(count - last)
      last = count
    }
    return rates
  }

  private func fill(_ count: Int) async throws {
    let flow = try await bench.makeFlow(steps: 0)
    try await ExecutionStore(bench.database).enqueue(bench.newRun(of: flow))
    try await bench.script(
      """
      DELETE FROM execution_queue;
      WITH new AS (
        INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, status, input,
          last_sequence) SELECT f.organization_id, studio_uuid_v7(), f.id, f.name, v.id, 'pending', '{}', 1
        FROM automation_flows f JOIN flow_versions v ON v.organization_id = f.organization_id
          AND v.flow_id = f.id, generate_series(1, \(count)) n WHERE f.id = '\(flow)' RETURNING *
      ), event AS (
        INSERT INTO execution_events (organization_id, execution_id, sequence, kind, at)
          SELECT organization_id, id, 1, 'queued', now() FROM new
      )
      INSERT INTO execution_queue (organization_id, execution_id, due_at)
        SELECT organization_id, id, now() - interval '1 second' + row_number() OVER () * interval '1 us'
        FROM new;
      """)
    try await bench.script("ANALYZE execution_queue; ANALYZE execution_logs")
  }

  private func counts(_ process: Process) async throws -> (transactions: Int, statements: UInt64) {
    (try await bench.counts().transactions, UInt64(process.database.statistics.statements))
  }

  private func printCounts(
    _ before: (transactions: Int, statements: UInt64), _ after: (transactions: Int, statements: UInt64),
    runs: Int
  ) {
    let statements = per(Double(after.statements - before.statements), runs)
    let transactions = per(Double(after.transactions - before.transactions), runs)
    print("  per run: \(statements) statements, \(transactions) transactions")
  }

  private func per(_ total: Double, _ count: Int) -> String { String(format: "%.3f", total / Double(count)) }
}

/// Percentiles of times in microseconds.
struct Figures: CustomStringConvertible {
  private let sorted: [Int64]

  init(_ times: [Int64]) { sorted = times.sorted() }

  private func percentile(_ share: Double) -> String {
    guard !sorted.isEmpty else { return "-" }
    let place = min(sorted.count - 1, Int(Double(sorted.count) * share))
    return String(format: "%.2f", Double(sorted[place]) / 1000)
  }

  var description: String {
    "median \(percentile(0.5)) ms, p95 \(percentile(0.95)) ms, p99 \(percentile(0.99)) ms"
  }
}
