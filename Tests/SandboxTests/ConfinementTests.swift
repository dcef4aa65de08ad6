import Glibc
import Testing

@testable import Sandbox

@Suite struct ConfinementTests {
  /// A file of /proc about the process.
  func facts(_ file: String, of process: Int32) -> String {
    guard let handle = fopen("/proc/\(process)/\(file)", "r") else { return "" }
    defer { fclose(handle) }
    var bytes = [UInt8](repeating: 0, count: 16384)
    let count = fread(&bytes, 1, bytes.count, handle)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  @Test func `the child has no privileges to gain, a filter, and a bound on files`() async throws {
    try await withPool { (pool) async throws in
      #expect(try await pool.evaluate("1") == "1")
      let child = try #require(pool.processIDs.first)
      let status = facts("status", of: child)
      #expect(status.contains("NoNewPrivs:\t1"))
      #expect(status.contains("Seccomp:\t2"))
      let limits = facts("limits", of: child).split(separator: "\n")
      func limit(_ name: String) -> [Substring] {
        limits.first { $0.hasPrefix(name) }?.dropFirst(name.count).split(separator: " ") ?? []
      }
      #expect(limit("Max open files").prefix(2) == ["16", "16"])
      #expect(limit("Max core file size").prefix(2) == ["0", "0"])
      #expect(limit("Max file size").prefix(2) == ["0", "0"])
      #expect(facts("oom_score_adj", of: child) == "1000\n")
    }
  }

  @Test func `files, sockets, programs and other processes are refused by the kernel`() throws {
    let pipe = try #require(popen("'\(SandboxBinary.besideExecutable())' --check-confinement", "r"))
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, pipe)
    pclose(pipe)
    let lines = String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 8)
    for line in lines { #expect(line.hasSuffix(": refused"), "\(line)") }
  }

  @Test func `dates, locales and regular expressions work inside the filter`() async throws {
    try await withPool { (pool) async throws in
      let zones = "['UTC','America/New_York','Asia/Tokyo']"
      let formatted = try await pool.evaluate(
        "\(zones).map(timeZone => new Date(0).toLocaleString('en-GB', {timeZone}))", timeout: .seconds(5))
      #expect(formatted == #"["01/01/1970, 00:00:00","31/12/1969, 19:00:00","01/01/1970, 09:00:00"]"#)
      #expect(try await pool.evaluate(#"/\p{L}+/u.exec('Grüße 1')[0].normalize('NFD').length"#) == "6")
      #expect(
        try await pool.evaluate("new Intl.NumberFormat('de').format(1234.5)", timeout: .seconds(5))
          == #""1.234,5""#)
    }
  }

  @Test func `garbage of many evaluations is collected`() async throws {
    try await withPool({ $0.memoryLimitBytes = 160 << 20 }) { (pool) async throws in
      #expect(try await pool.evaluate("1") == "1")
      let child = pool.processIDs
      // Each by itself: together they need so long that another child goes on with them.
      for _ in 0..<240 {
        let size = try await pool.evaluate("Array.from({length: 20000}, (_, i) => ({i})).length")
        #expect(size == "20000")
      }
      #expect(pool.processIDs == child)
    }
  }
}
