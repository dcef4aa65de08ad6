import Glibc

/// Measures workloads by the clock: CPU time of the process, the median of several batches.
struct Measurement {
  var batchMilliseconds = 100.0
  var batchCount = 11

  /// Prints one JSON line: name, bytes of input or output, microseconds of one operation, megabytes a second.
  func run(_ workload: Workload) async throws {
    let start = cpuMicroseconds()
    var count = 0
    while count < 3 || cpuMicroseconds() - start < 300_000 {
      try await workload.run(rounds: 1)
      count += 1
    }
    let rounds = max(1, Int(batchMilliseconds * 1_000 * Double(count) / (cpuMicroseconds() - start)))
    var batches: [Double] = []
    for _ in 0..<batchCount {
      let start = cpuMicroseconds()
      try await workload.run(rounds: rounds)
      batches.append((cpuMicroseconds() - start) / Double(rounds))
    }
    batches.sort()
    let median = batches[batchCount / 2]
    let bytes = workload.bytes
    let speed = bytes > 0 ? ",\"megabytesPerSecond\":\(rounded(Double(bytes) / median))" : ""
    print(
      "{\"id\":\"\(workload.kind.rawValue)\",\"name\":\"\(workload.kind.title)\",\"bytes\":\(bytes)"
        + ",\"cpuMicroseconds\":\(rounded(median))\(speed)}")
  }

  private func rounded(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }

  private func cpuMicroseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1_000_000 + Double(time.tv_nsec) / 1_000
  }
}

/// Runs workloads an exact number of times between two marks, for a tool that counts instructions.
///
/// callgrind writes what it has counted behind `countingBegins` (`--dump-after`) and before `countingEnds`
/// (`--dump-before`), so that nothing of start-up, preparation and printing is in the figures.
enum Counting {
  static func run(_ workload: Workload, rounds: Int) async throws {
    try await workload.run(rounds: 2)
    countingBegins(workload.kind, rounds)
    try await workload.run(rounds: rounds)
    countingEnds(workload.kind)
  }
}

/// Prints one JSON line, so that the reader knows what the next dump is.
@inline(never)
private func countingBegins(_ kind: WorkloadKind, _ rounds: Int) {
  print("{\"begins\":\"\(kind.rawValue)\",\"name\":\"\(kind.title)\",\"rounds\":\(rounds)}")
}

@inline(never)
private func countingEnds(_ kind: WorkloadKind) {
  print("{\"ends\":\"\(kind.rawValue)\"}")
}
