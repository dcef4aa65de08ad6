// The engine's workloads. usage: EngineBenchmark FOLDER [part of a name]
//
// FOLDER holds the workload files (w1_small.graphql and so on). Run it beside the peer in the same minute and
// compare ratios: absolute times drift on a shared machine.
import Glibc
import GraphQLEngine

guard CommandLine.arguments.count >= 2 else {
  print("usage: EngineBenchmark FOLDER [part of a name]")
  exit(2)
}
let folder = CommandLine.arguments[1]
let measurement = Measurement(filter: CommandLine.arguments.count > 2 ? CommandLine.arguments[2] : "")

for (name, file) in [
  ("W1 parse small", "w1_small"), ("W2 parse kitchen sink", "w2_kitchen"), ("W4 parse SDL", "w4_github"),
] {
  let bytes = try contents(of: "\(folder)/\(file).graphql")
  try measurement.run(name, bytes: bytes.count) {
    let document = try Document.parse(Source(bytes), limits: .schema)
    guard document.wordCount > 0 else { exit(1) }
  }
}

let githubSDL = try contents(of: "\(folder)/w4_github.graphql")
try measurement.run("W4 parse, build, validate schema", bytes: githubSDL.count) {
  let schema = try Schema.build(Document.parse(Source(githubSDL), limits: .schema))
  guard !schema.types.isEmpty else { exit(1) }
}
let githubSchema = try Schema.build(Document.parse(Source(githubSDL), limits: .schema))
for (name, file) in [("W5 validate query", "w5_query"), ("W5 validate introspection", "introspection")] {
  let document = try Document.parse(Source(try contents(of: "\(folder)/\(file).graphql")))
  measurement.run(name, bytes: 0) {
    guard githubSchema.validate(document).isEmpty else { exit(1) }
  }
}

let workloads = ExecutionWorkloads(folder: folder)
let engine = try workloads.engine()
let github = try workloads.introspectionEngine()
for (name, file, engine) in [
  ("W6a 1,000 objects x 10 scalars", "w6a.graphql", engine),
  ("W6b introspection of GitHub", "introspection.graphql", github),
  ("W6c 100 x 10 x 10", "w6c.graphql", engine),
] {
  let operation = try workloads.operation(file, engine)
  let response = await engine.execute(operation)
  guard !response.hasErrors else { exit(1) }
  if let path = environmentValue("WRITE_RESPONSES") {
    try write(response.bytes, to: "\(path)/\(file).json")
  }
  await measurement.run(name, bytes: response.count) {
    guard await engine.execute(operation).count == response.count else { exit(1) }
  }
}
