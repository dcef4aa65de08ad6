import Foundation
import Postgres
import Synchronization

/// Primary-key reads a second of this module on one connection with 50 in flight, beside
/// `pgbench -S -M prepared -c 1` on the same server in the same run. Usage:
///
///     DATABASE_URL=postgresql://… PostgresReadsBenchmark [seconds a round, 3 by default] [rounds, 3]
let inFlight = 50
let rowCount: Int32 = 100_000
let seconds = CommandLine.arguments.dropFirst().first.flatMap(Double.init) ?? 3
let rounds = CommandLine.arguments.dropFirst(2).first.flatMap(Int.init) ?? 3

guard let connectionInfo = ProcessInfo.processInfo.environment["DATABASE_URL"] else {
  print("DATABASE_URL is not set: it names the database that is read, pgbench's tables included")
  exit(2)
}

var configuration = try PostgresConfiguration(connectionInfo: connectionInfo)
configuration.poolSize = 1
configuration.pipelineDepth = inFlight
let database = try Database(configuration)
database.start()
let exists = try await database.query(
  Statement("exists", "SELECT to_regclass('pgbench_accounts') IS NOT NULL"))
if exists.bool(0, 0) != true {
  _ = try PgBench.run(["-i", "-q", connectionInfo])
}

var results: [String: [Double]] = [:]
for round in 1...rounds {
  let figures = [
    ("pgbench -S -M prepared -c 1", try PgBench.readsPerSecond(connectionInfo, seconds: seconds)),
    ("completions, a sync per read", await Readers(database, grouped: false).run(seconds: seconds)),
    ("completions, a sync per wake", await Readers(database, grouped: true).run(seconds: seconds)),
    ("tasks, a sync per read", try await tasksPerSecond(seconds: seconds)),
  ]
  for (name, figure) in figures { results[name, default: []].append(figure) }
  print("round \(round): " + figures.map { "\($0.0) \(Int($0.1))" }.joined(separator: ", "))
}
await database.shutdown()

let reference = median(results["pgbench -S -M prepared -c 1"] ?? [])
for (name, figures) in results.sorted(by: { $0.key < $1.key }) {
  let figure = median(figures)
  print("\(name): \(Int(figure)) reads/s, \(String(format: "%.2f", figure / reference)) of pgbench")
}

func median(_ figures: [Double]) -> Double { figures.sorted()[figures.count / 2] }

/// Fifty tasks, each awaiting one read after the other.
func tasksPerSecond(seconds: Double) async throws -> Double {
  let start = ContinuousClock.now
  let end = start + .seconds(seconds)
  let total = try await withThrowingTaskGroup(of: Int.self) { group in
    for _ in 0..<inFlight {
      group.addTask {
        var count = 0
        while ContinuousClock.now < end {
          _ = try await database.query(Readers.statement, Readers.randomKey())
          count += 1
        }
        return count
      }
    }
    return try await group.reduce(0, +)
  }
  return Double(total) / (start.duration(to: .now) / .seconds(1))
}
