import Postgres
import Synchronization

/// Keeps a number of reads in flight by sending the next one from each completion.
final class Readers: Sendable {
  static let statement = Statement("account", "SELECT abalance FROM pgbench_accounts WHERE aid = $1", [.int4])

  static func randomKey() -> Parameters {
    Parameters { $0.int4(.random(in: 1...rowCount)) }
  }

  private let database: Database
  private let group: ReadGroup?
  private let completed = Atomic<Int>(0)
  private let open = Atomic<Int>(0)
  private let isStopping = Atomic<Bool>(false)

  /// - Parameter grouped: whether the reads that go out together share a sync.
  init(_ database: Database, grouped: Bool) {
    self.database = database
    group = grouped ? database.makeReadGroup() : nil
  }

  func run(seconds: Double) async -> Double {
    let start = ContinuousClock.now
    for _ in 0..<inFlight { send() }
    try? await Task.sleep(for: .seconds(seconds))
    let count = completed.load(ordering: .relaxed)
    let duration = start.duration(to: .now)
    isStopping.store(true, ordering: .relaxed)
    while open.load(ordering: .relaxed) > 0 { await Task.yield() }
    return Double(count) / (duration / .seconds(1))
  }

  private func send() {
    open.wrappingAdd(1, ordering: .relaxed)
    database.read(Readers.statement, Readers.randomKey(), group: group) { [self] result in
      guard case .success(let rows) = result, rows.rowCount == 1 else {
        preconditionFailure("a read failed: \(result)")
      }
      completed.wrappingAdd(1, ordering: .relaxed)
      open.wrappingSubtract(1, ordering: .relaxed)
      if !isStopping.load(ordering: .relaxed) { send() }
    }
  }
}
