import Sandbox

/// Expressions of one kind, each over values of its own.
struct Workload: Sendable {
  let name: String
  let expressions: [String]

  static let all = [
    Workload(
      name: "conditions",
      expressions: [
        "input.total > 100 && input.country === 'NZ'",
        "nodes.fetch.output.status === 200 && input.items.length > 0",
        "input.email.toLowerCase().endsWith('@example.com')",
        "input.items.filter(item => item.price > 10).length > 1",
        "env.region === 'eu' || input.total >= 50",
        "Math.round(input.total * 1.15) > 120",
      ]),
    Workload(
      name: "mappings",
      expressions: [
        "({ id: input.id, lines: input.items.map(item => ({ ...item, gross: item.price * 1.15 })) })",
        "`${input.email} bought ${input.items.map(item => item.name).join(', ')}`",
      ]),
    Workload(
      name: "conditions that need a machine of their own",
      expressions: ["(() => { try { return input.total > 100 } catch { return false } })()"]),
  ]

  /// `runs` tasks that evaluate one after the other until the time is up.
  func run(on pool: SandboxPool, runs: Int, seconds: Double) async throws -> Figures {
    let before = ProcessorTimes(child: pool.processIDs.first)
    let start = ContinuousClock.now
    let end = start + .seconds(seconds)
    let count = try await withThrowingTaskGroup(of: Int.self) { group in
      for run in 0..<runs {
        group.addTask { try await evaluate(on: pool, run: run, until: end) }
      }
      return try await group.reduce(0, +)
    }
    return Figures(
      evaluations: count, seconds: start.duration(to: .now) / .seconds(1),
      processor: ProcessorTimes(child: pool.processIDs.first) - before)
  }

  private func evaluate(on pool: SandboxPool, run: Int, until end: ContinuousClock.Instant) async throws
    -> Int
  {
    var count = 0
    while ContinuousClock.now < end {
      _ = try await pool.evaluate(expressions[(run + count) % expressions.count], scope: scope(run + count))
      count += 1
    }
    return count
  }

  private func scope(_ number: Int) -> SandboxScope {
    SandboxScope(
      input: """
        {"id":\(number),"total":\(number % 240),"country":"NZ","email":"user\(number)@example.com",\
        "items":[{"name":"tea","price":7},{"name":"pot","price":31.5},{"name":"cup","price":12}]}
        """,
      nodes: #"{"fetch":{"output":{"status":200,"ok":true}}}"#, env: #"{"region":"eu"}"#)
  }
}
