import Glibc

/// Measures one operation: CPU time of this thread, the median of several batches.
struct Measurement {
  /// Operations whose names hold this text are run; all when it is empty.
  let filter: String
  var batchMilliseconds = 100.0
  var batchCount = 11

  /// Prints one JSON line: name, bytes of input, microseconds of one operation, megabytes a second.
  func run(_ name: String, bytes: Int, _ operation: () throws -> Void) rethrows {
    guard filter.isEmpty || name.contains(filter) else { return }
    let start = cpuMicroseconds()
    var count = 0
    while count < 3 || cpuMicroseconds() - start < 300_000 {
      try operation()
      count += 1
    }
    let rounds = max(1, Int(batchMilliseconds * 1_000 * Double(count) / (cpuMicroseconds() - start)))
    var batches: [Double] = []
    for _ in 0..<batchCount {
      let start = cpuMicroseconds()
      for _ in 0..<rounds { try operation() }
      batches.append((cpuMicroseconds() - start) / Double(rounds))
    }
    batches.sort()
    let median = batches[batchCount / 2]
    let speed = bytes > 0 ? ",\"megabytesPerSecond\":\(rounded(Double(bytes) / median))" : ""
    print("{\"name\":\"\(name)\",\"bytes\":\(bytes),\"cpuMicroseconds\":\(rounded(median))\(speed)}")
  }

  /// As `run`, for an operation that may hop between threads: CPU time of the process.
  func run(_ name: String, bytes: Int, _ operation: () async throws -> Void) async rethrows {
    guard filter.isEmpty || name.contains(filter) else { return }
    let start = cpuMicroseconds(CLOCK_PROCESS_CPUTIME_ID)
    var count = 0
    while count < 3 || cpuMicroseconds(CLOCK_PROCESS_CPUTIME_ID) - start < 300_000 {
      try await operation()
      count += 1
    }
    let elapsed = cpuMicroseconds(CLOCK_PROCESS_CPUTIME_ID) - start
    let rounds = max(1, Int(batchMilliseconds * 1_000 * Double(count) / elapsed))
    var batches: [Double] = []
    for _ in 0..<batchCount {
      let start = cpuMicroseconds(CLOCK_PROCESS_CPUTIME_ID)
      for _ in 0..<rounds { try await operation() }
      batches.append((cpuMicroseconds(CLOCK_PROCESS_CPUTIME_ID) - start) / Double(rounds))
    }
    batches.sort()
    let median = batches[batchCount / 2]
    print("{\"name\":\"\(name)\",\"bytes\":\(bytes),\"cpuMicroseconds\":\(rounded(median))}")
  }

  private func rounded(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }

  private func cpuMicroseconds(_ clock: clockid_t = CLOCK_THREAD_CPUTIME_ID) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) * 1_000_000 + Double(time.tv_nsec) / 1_000
  }
}

/// The bytes of a file.
func contents(of path: String) throws(MissingFile) -> [UInt8] {
  guard let file = fopen(path, "rb") else { throw MissingFile(path: path) }
  defer { fclose(file) }
  fseek(file, 0, SEEK_END)
  let size = max(0, ftell(file))
  rewind(file)
  return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    count = fread(buffer.baseAddress, 1, size, file)
  }
}

/// A workload file that is not in the folder.
struct MissingFile: Error {
  let path: String
}

/// A variable of the environment.
func environmentValue(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// Writes a file, for comparing answers with the peer's.
func write(_ bytes: [UInt8], to path: String) throws(MissingFile) {
  guard let file = fopen(path, "wb") else { throw MissingFile(path: path) }
  defer { fclose(file) }
  fwrite(bytes, 1, bytes.count, file)
}
