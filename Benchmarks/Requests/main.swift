// Counts what requests cost behind the transports. `scripts/benchmark requests` is its front door.
import Glibc
import Postgres

let usage = """
  usage: DATABASE_URL=… RequestsBenchmark FOLDER [FILTER]

  Executes each of the API benchmark's documents in FOLDER so many times between two marks that callgrind
  sees, one after the other, and prints a line of JSON for each mark. The database must be an empty one.
  FILTER is a document's name.
  """

let arguments = CommandLine.arguments.dropFirst()
guard let folder = arguments.first, arguments.count <= 2,
  let connectionInfo = getenv("DATABASE_URL").map({ String(cString: $0) })
else {
  print(usage)
  exit(2)
}
let filter = arguments.dropFirst().first
try MainThread().run { thread in
  let stage = try await Stage.open(connectionInfo)
  for kind in RequestKind.allCases where filter == nil || filter == kind.rawValue {
    try await Requests(kind, documents: folder, on: stage, thread).count()
  }
  await stage.database.shutdown()
}
