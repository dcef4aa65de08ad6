import Flows
import Foundation
import Postgres
import Storage
import Synchronization

/// A migrated database with one account, and workers on it as a server has them: the real store, intake,
/// hints by NOTIFY and worker. Expressions are not evaluated and nothing is called: the nodes are log lines.
struct Bench {
  let database: Database
  let connectionInfo: String
  let organization: Identifier
  let user: Identifier

  static func open(_ connectionInfo: String) async throws -> Bench {
    let database = try Database(PostgresConfiguration(connectionInfo: connectionInfo))
    database.start()
    try await Migrator(database, migrations: migrations).run()
    try await Partitions.ensure(database, at: now())
    let (user, organization) = (Identifier.make(at: now()), Identifier.make(at: now()))
    let session = AccountStore.Session(
      userID: user, id: Identifier.make(at: now()), organizationID: organization)
    let token = AccountStore.NewToken(
      id: Identifier.make(at: now()), hash: Array(user.description.utf8), lifetimeSeconds: 60)
    let account = AccountStore.NewAccount(
      userID: user, organizationID: organization, email: "\(user)@example.test", name: "Bench",
      passwordHash: "-")
    try await AccountStore(database).register(account, session: session, token: token)
    return Bench(
      database: database, connectionInfo: connectionInfo, organization: organization, user: user)
  }

  static func now() -> Instant { SystemClock().now() }

  /// A flow of a trigger and so many log lines in a chain.
  func makeFlow(steps: Int) async throws -> Identifier {
    var graph = FlowGraph()
    for number in 0...steps {
      let id = Identifier.make(at: Bench.now())
      var node = FlowNode(
        id: id, key: "n\(number)", title: "Step \(number)", kind: number == 0 ? .trigger : .action,
        config: number == 0 ? [:] : ["type": "log", "message": "done"])
      node.order = number
      if let last = graph.nodes.last {
        graph.connections.append(
          FlowConnection(id: Identifier.make(at: Bench.now()), from: last.id, to: id))
      }
      graph.nodes.append(node)
    }
    let flow = FlowStore.NewFlow(
      id: Identifier.make(at: Bench.now()), userID: user, name: "Bench", intention: "Measure",
      status: "active", graph: graph)
    try await FlowStore(database).create(flow, in: organization)
    return flow.id
  }

  func newRun(of flow: Identifier) -> ExecutionStore.NewRun {
    let run = RunReference(organizationID: organization, runID: Identifier.make(at: Bench.now()))
    return ExecutionStore.NewRun(run: run, flowID: flow, input: ["n": 1], at: Bench.now())
  }

  func int(_ sql: String) async throws -> Int {
    try await database.query(Statement("bench", sql)).int(0, 0) ?? 0
  }

  func script(_ sql: String) async throws {
    try await database.transaction { try await $0.script(sql, deadline: .seconds(600)) }
  }

  /// Transactions and statements since a moment before, of the whole server and of this pool.
  func counts() async throws -> (transactions: Int, statements: UInt64) {
    try await script("SELECT pg_stat_force_next_flush()")
    let commits = try await int(
      "SELECT xact_commit::bigint FROM pg_stat_database WHERE datname = current_database()")
    return (commits, UInt64(database.statistics.statements))
  }

  /// CPU seconds so far of this program, and of the server's processes where they run on this machine: on a
  /// machine that others use they say more than the clock.
  func processorSeconds() async throws -> (program: Double, server: Double) {
    let rows = try await database.query(Statement("pids", "SELECT pid FROM pg_stat_activity"))
    let pids = (0..<rows.rowCount).compactMap { rows.int($0, 0) }
    return (Bench.processorSeconds("self"), pids.reduce(0) { $0 + Bench.processorSeconds("\($1)") })
  }

  private static func processorSeconds(_ process: String) -> Double {
    guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat"),
      let fields = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " "),
      fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12])
    else { return 0 }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}

/// The machine's clocks.
struct SystemClock: RunClock {
  func now() -> Instant { Instant(microseconds: Self.microseconds(CLOCK_REALTIME)) }
  func monotonicMicroseconds() -> Int64 { Self.microseconds(CLOCK_BOOTTIME) }
  func sleep(microseconds: Int64) async throws {
    try await Task.sleep(for: .microseconds(max(0, microseconds)))
  }

  private static func microseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}

/// Flows of the benchmark have nothing to evaluate or to call.
struct Nothing: ExpressionEvaluator, ActionPerformer {
  func evaluate(
    _ requests: [EvaluationRequest]
  ) async throws(ExpressionsUnavailable) -> [[Result<JSONValue, ExpressionFailure>]] {
    requests.map { $0.expressions.map { _ in .success(.null) } }
  }

  func perform(_ request: ActionRequest) async -> ActionOutcome { .cancelled }
}

/// Knows when runs end. The mutex protects it.
final class Ends: Sendable {
  private struct State {
    var ended: [RunReference: Int64] = [:]
    var waiting: [RunReference: UnsafeContinuation<Int64, Never>] = [:]
    var count = 0
  }

  private let state = Mutex(State())

  var count: Int { state.withLock { $0.count } }

  func ended(_ run: RunReference) {
    let at = SystemClock().monotonicMicroseconds()
    state.withLock { state in
      state.count += 1
      if let waiting = state.waiting.removeValue(forKey: run) {
        waiting.resume(returning: at)
      } else {
        state.ended[run] = at
      }
    }
  }

  /// When the run ended, by the monotonic clock.
  func wait(for run: RunReference) async -> Int64 {
    await withUnsafeContinuation { continuation in
      state.withLock { state in
        if let at = state.ended.removeValue(forKey: run) {
          continuation.resume(returning: at)
        } else {
          state.waiting[run] = continuation
        }
      }
    }
  }
}

/// A worker with a pool of its own, as a process has it.
final class Process: Sendable {
  let database: Database
  let hub: RunEventHub
  let notifier: RunNotifier
  let ends = Ends()
  let starts = RunStarts()
  private let worker: Worker
  private let task: Task<Void, Never>

  init(_ connectionInfo: String, concurrency: Int) throws {
    database = try Database(PostgresConfiguration(connectionInfo: connectionInfo))
    database.start()
    hub = RunEventHub(database)
    hub.start()
    notifier = RunNotifier(hub: hub)
    var settings = WorkerSettings()
    settings.maximumRuns = concurrency
    let store = PostgresRunStore(
      database, notifier: notifier,
      firstTurns: FirstTurns(database, clock: SystemClock(), carefulFor: .zero))
    var ports = WorkerPorts(
      store: store, evaluator: Nothing(), performer: Nothing(), clock: SystemClock(), signals: hub)
    ports.starts = PostgresEagerStarts(starts, store: store)
    worker = Worker(owner: Identifier.make(at: Bench.now()), ports: ports, settings: settings) {
      [ends] notice in
      switch notice {
      case .runEnded(let run, _): ends.ended(run)
      default: print(notice)
      }
    }
    task = Task { [worker] in await worker.run() }
  }

  func stop() async {
    await worker.stop()
    await task.value
    await hub.stop()
    await database.shutdown()
  }
}
