import Logging
import Sandbox

/// Condition evaluations a second through the pipe to the JavaScript child, as flows make them: many runs at
/// once, each with one expression over its own values, one after the other. Usage:
///
///     SandboxBenchmark [seconds a round, 3 by default] [rounds, 3] [runs at once, 200]
///
/// `scripts/benchmark sandbox` binds this process and its child to one processor core.
let arguments = CommandLine.arguments.dropFirst().map { Double($0) ?? 0 }
let seconds = arguments.first ?? 3
let rounds = Int(arguments.dropFirst().first ?? 3)
let runs = Int(arguments.dropFirst(2).first ?? 200)

var logger = Logger(label: "benchmark")
logger.logLevel = .error
let pool = SandboxPool(logger: logger)
for workload in Workload.all {
  _ = try await workload.run(on: pool, runs: runs, seconds: 0.5)
  var figures: [Figures] = []
  for _ in 0..<rounds { figures.append(try await workload.run(on: pool, runs: runs, seconds: seconds)) }
  figures.sort { $0.perSecond < $1.perSecond }
  print("\(workload.name): \(figures[figures.count / 2])")
}
await pool.shutdown()
