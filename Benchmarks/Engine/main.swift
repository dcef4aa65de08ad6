// Runs the engine's workloads. `scripts/benchmark` is its front door.
import Glibc

let usage = """
  usage: EngineBenchmark [time] FOLDER [FILTER]     CPU time of one operation
         EngineBenchmark count FOLDER [FILTER [ROUNDS]]
                                                    exactly ROUNDS operations, for callgrind
         EngineBenchmark memory FOLDER              bytes of the large schema and of a cached plan
         EngineBenchmark answers FOLDER OUTPUT      writes the answers of W6 to the folder OUTPUT

  FOLDER holds the workload files (w1_small.graphql and so on); without w4_github.graphql in it the large
  schema is a generated one. FILTER is a workload's number (W4b) or a part of its title. Each result is a
  line of JSON.
  """

/// What the command line asks for.
enum Command: Sendable {
  case time(filter: String)
  case count(filter: String, rounds: Int?)
  case memory
  case answers(WorkloadFolder)

  func run(_ folder: WorkloadFolder) async throws {
    var workloads = Workloads(folder)
    switch self {
    case .time(let filter):
      for kind in WorkloadKind.allCases where kind.matches(filter) {
        try await Measurement().run(workloads.make(kind))
      }
    case .count(let filter, let rounds):
      for kind in WorkloadKind.allCases where kind.matches(filter) {
        try await Counting.run(workloads.make(kind), rounds: rounds ?? kind.countedRounds)
      }
    case .memory:
      try await HeapUse(folder: folder).run()
    case .answers(let output):
      for kind in [WorkloadKind.executeWide, .introspect, .executeNested] {
        try output.write(await workloads.answer(kind), to: "\(kind.rawValue).json")
      }
    }
  }
}

let arguments = Array(CommandLine.arguments.dropFirst())
let rest = Array(arguments.dropFirst(2))
let selected: (command: Command, folder: String)? =
  switch (arguments.first, arguments.count) {
  case ("time", 2...3): (.time(filter: rest.first ?? ""), arguments[1])
  case ("count", 2...4):
    (.count(filter: rest.first ?? "", rounds: rest.dropFirst().first.flatMap { Int($0) }), arguments[1])
  case ("memory", 2): (.memory, arguments[1])
  case ("answers", 3): (.answers(WorkloadFolder(path: rest[0])), arguments[1])
  case (let folder?, 1...2) where !["time", "count", "memory", "answers"].contains(folder):
    (.time(filter: arguments.count > 1 ? arguments[1] : ""), folder)
  default: nil
  }
guard let selected else {
  print(usage)
  exit(2)
}
try CallingThread().run { [selected] in
  try await selected.command.run(WorkloadFolder(path: selected.folder))
}
