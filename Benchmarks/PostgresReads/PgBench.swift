import Foundation

/// Runs the pgbench of Debian's package.
enum PgBench {
  struct Failure: Error { let output: String }

  /// By a number of reads, not by time: pgbench ends its time with a signal, which a child of ours would
  /// inherit as blocked.
  static func readsPerSecond(_ connectionInfo: String, seconds: Double) throws -> Double {
    let reads = max(1000, Int(seconds * 30_000))
    let output = try run([
      "-S", "-M", "prepared", "-c", "1", "-j", "1", "-n", "-t", String(reads), connectionInfo,
    ])
    let line = output.split(separator: "\n").first { $0.hasPrefix("tps = ") }
    guard let figure = line?.split(separator: " ").dropFirst(2).first.flatMap({ Double($0) }) else {
      throw Failure(output: output)
    }
    return figure
  }

  static func run(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["pgbench"] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(output: output) }
    return output
  }
}
