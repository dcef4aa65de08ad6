import Flows
import Postgres
import Testing

@testable import Storage

@Suite struct PartitionsTests {
  /// Which partition holds the rows of a table, with their number, as "name: count".
  private func places(_ table: String, _ bench: StorageBench) async throws -> [String] {
    let rows = try await bench.row(
      "SELECT tableoid::regclass::text, count(*) FROM \(table) GROUP BY 1 ORDER BY 1")
    return (0..<rows.rowCount).map { "\(rows.string($0, 0) ?? ""): \(rows.int($0, 1) ?? 0)" }
  }

  @Test func `a run's rows lie in the partition of its month, all others in the default one`() async throws {
    try await withStorage { bench in
      let made = try await Partitions.ensure(bench.database, at: TestInstants.november)
      #expect(made == 10)
      let flow = try await bench.makeFlow()
      let old = Instant(microseconds: 1_600_000_000_000_000)
      let instants = [
        TestInstants.november, TestInstants.november.advanced(byMilliseconds: 30 * 86_400_000), old,
      ]
      for instant in instants { _ = try await bench.enqueue(flow, at: instant) }
      try await bench.lease(bench.account.user)
      for claimed in try await bench.runs.claim(owner: bench.account.user, limit: 3).runs {
        var step = transition(1)
        let node = flow.graph.nodes[1]
        step.nodeRuns = [
          NodeRun(id: makeID(), node: node.id, key: node.key, title: "", kind: node.kind, state: .running)
        ]
        _ = try await bench.runs.commit(step, under: claimed.claim)
      }
      for (table, count) in [("execution_logs", 1), ("node_execution_logs", 1), ("execution_events", 2)] {
        let suffixes = ["2026_11", "2026_12", "default"]
        #expect(try await places(table, bench) == suffixes.map { "\(table)_\($0): \(count)" })
      }
    }
  }

  @Test func `it may be called again, by several processes at once, and in the months that follow`()
    async throws
  {
    try await withStorage { bench in
      let counts = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<3 {
          group.addTask {
            try await withDatabase(bench.connectionInfo) {
              try await Partitions.ensure($0, at: TestInstants.november)
            }
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(counts.reduce(0, +) == 10)
      let again = try await Partitions.ensure(bench.database, at: TestInstants.november)
      let december = try await Partitions.ensure(
        bench.database, at: TestInstants.november.advanced(byMilliseconds: 15 * 86_400_000))
      #expect([again, december] == [0, 5])
    }
  }

  @Test func `rows that came too early move from the default partition to their month`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      let run = try await bench.enqueue(flow, at: TestInstants.november)
      #expect(try await places("execution_logs", bench) == ["execution_logs_default: 1"])
      try await Partitions.ensure(bench.database, at: TestInstants.november)
      #expect(try await places("execution_logs", bench) == ["execution_logs_2026_11: 1"])
      #expect(try await places("execution_events", bench) == ["execution_events_2026_11: 1"])
      #expect(try await bench.claimOne(bench.account.user).claim.run == run)
    }
  }

  @Test(
    arguments: [
      (1_795_253_400_000_000, 2026, 11, Int64(1_793_491_200_000)), (0, 1970, 1, 0),
      (951_782_400_000_000, 2000, 2, 949_363_200_000), (1_709_164_799_999_999, 2024, 2, 1_706_745_600_000),
    ] as [(Int64, Int, Int, Int64)])
  func `a month begins where the calendar says`(microseconds: Int64, year: Int, number: Int, begin: Int64) {
    let month = Month(containing: Instant(microseconds: microseconds))
    #expect(month == Month(year: year, number: number))
    #expect(month.milliseconds == begin)
    #expect(Month(year: year, number: 12).next == Month(year: year + 1, number: 1))
  }

  @Test func `bounds of months follow one another, and an id lies between them`() {
    var month = Month(year: 2023, number: 1)
    for _ in 0..<60 {
      #expect(month.milliseconds < month.next.milliseconds)
      let first = Identifier.make(at: Instant(microseconds: month.milliseconds * 1000)).description
      let last = Identifier.make(at: Instant(microseconds: month.next.milliseconds * 1000 - 1)).description
      #expect(month.bound <= first && last < month.next.bound)
      month = month.next
    }
  }
}
