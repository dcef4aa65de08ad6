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
