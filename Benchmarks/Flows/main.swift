import Foundation

/// Runs of flows on a Postgres that waits for its disk. Usage:
///
///     DATABASE_URL=… FlowsBenchmark [steps] [burst] [queue] [beside] [logs] [bloat] [--runs N] [--jobs N]
///       [--seconds N] [--logs N] [--repeats N] [--stride N]
///
/// Without names the first four. The database must be empty or one that this program has filled before.
/// docs/flows-performance.md explains the workloads.
guard let connectionInfo = ProcessInfo.processInfo.environment["DATABASE_URL"] else {
  print("DATABASE_URL is not set: it names the database that is used")
  exit(2)
}
var words = CommandLine.arguments.dropFirst()[...]
var options = Workloads.Options()
var names: [String] = []
while let word = words.popFirst() {
  switch word {
  case "--runs": options.runs = words.popFirst().flatMap(Int.init) ?? options.runs
  case "--jobs": options.jobs = words.popFirst().flatMap(Int.init) ?? options.jobs
  case "--logs": options.logs = words.popFirst().flatMap(Int.init) ?? options.logs
  case "--repeats": options.repeats = words.popFirst().flatMap(Int.init) ?? options.repeats
  case "--stride": options.stride = words.popFirst().flatMap(Int.init) ?? options.stride
  case "--seconds": options.seconds = words.popFirst().flatMap(Int.init) ?? options.seconds
  default: names.append(word)
  }
}
let workloads = try await Workloads(connectionInfo: connectionInfo, options: options)
for name in names.isEmpty ? ["steps", "burst", "queue", "beside"] : names {
  switch name {
  case "steps": try await workloads.steps()
  case "burst": try await workloads.burst()
  case "queue": try await workloads.queue()
  case "beside": try await workloads.besideLongTransaction()
  case "bloat": try await Bloat(bench: workloads.bench, seconds: options.seconds).run()
  case "logs": try await workloads.logs()
  default: print("There is no workload '\(name)': steps, burst, queue, beside, logs, bloat")
  }
}
await workloads.close()
