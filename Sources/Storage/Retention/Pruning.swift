import Flows
import Postgres

/// Forgets what is older than the policies allow: months that nobody keeps go as whole partitions, the rest
/// in small batches. A run that is not over is never touched, nor is a month that has one. One process at a
/// time does this, under a lease; if it dies, another goes on when the lease is over.
public struct Pruning: Sendable {
  /// How hard it works.
  public struct Pace: Sendable {
    /// Runs, or events of the audit log, of one transaction.
    public var batch = 500
    /// Between two batches.
    public var pause = Duration.milliseconds(20)
    /// Tries to drop a month that somebody reads.
    public var tries = 10
    /// Between two of them, in which those who waited behind the try go on.
    public var pauseOfTries = Duration.seconds(1)

    public init() {}
  }

  /// What was forgotten.
  public struct Report: Sendable, Equatable {
    public var runs = 0
    public var auditEvents = 0
    public var partitions: [String] = []

    public init() {}
  }

  /// Renewed with every batch.
  private static let leaseSeconds = 60
  private static let organizationsAtOnce = 500

  let database: Database
  let defaults: RetentionPolicy
  let pace: Pace
  /// This process, for the lease.
  let owner: Identifier

  public init(_ database: Database, defaults: RetentionPolicy, owner: Identifier, pace: Pace = Pace()) {
    self.database = database
    self.defaults = defaults
    self.owner = owner
    self.pace = pace
  }

  /// Goes through everything once.
  /// - Parameter progress: told after each organization and partition, with all that was done so far.
  /// - Returns: nil when another process is at it. Cancelling the task ends it between two batches.
  public func run(
    at instant: Instant, progress: @escaping @Sendable (Report) -> Void = { _ in }
  ) async throws -> Report? {
    guard try await renewLease() else { return nil }
    var work = Work(report: Report(), progress: progress)
    do {
      try await dropPartitions(at: instant, &work)
      var last = Identifier(high: 0, low: 0)
      while true {
        let page = try await organizations(after: last)
        for (organization, policy) in page {
          try await prune(organization, policy.filled(with: defaults), at: instant, &work)
        }
        guard page.count == Pruning.organizationsAtOnce, let next = page.last?.0 else { break }
        last = next
      }
    } catch is LeaseLost {
      return work.report  // Another process goes on.
    }
    try await releaseLease()
    return work.report
  }

  private struct Work {
    var report: Report
    let progress: @Sendable (Report) -> Void
  }

  private struct LeaseLost: Error {}

  // MARK: Whole months

  private func dropPartitions(at instant: Instant, _ work: inout Work) async throws {
    let rows = try await database.query(RetentionSQL.longest)
    let longest = [defaults.runDays, defaults.auditDays].enumerated().map { place, days -> Int? in
      guard let days, days > 0 else { return nil }
      guard let others = rows.int(0, place) else { return days }
      return others == 0 ? nil : max(days, others)
    }
    for table in Partitions.tables {
      guard let days = longest[table.name == "audit_events" ? 1 : 0] else { continue }
      let cutoff = instant.advanced(byMilliseconds: -Int64(days) * 86_400_000)
      for month in try await months(of: table) where month.next.milliseconds <= cutoff.milliseconds {
        guard try await isOver(month, of: table, cutoff) else { continue }
        try await keepLease()
        guard try await drop(month.partition(of: table.name)) else { return }
        work.report.partitions.append(month.partition(of: table.name))
        work.progress(work.report)
      }
    }
  }

  /// False when somebody reads it all the time. Everybody who comes later waits behind a try (manual,
  /// 13.3.1), so there are several short ones; after the last the rest is left to the next time.
  private func drop(_ partition: String) async throws -> Bool {
    for number in 1...max(1, pace.tries) {
      do {
        try await database.transaction { transaction in
          try await transaction.script("SET LOCAL lock_timeout = '200ms'; DROP TABLE IF EXISTS \(partition)")
        }
        return true
      } catch let error as PostgresError where error.sqlState == Pruning.lockNotAvailable {
        guard number < pace.tries else { return false }
      }
      try await Task.sleep(for: pace.pauseOfTries)
      try await keepLease()
    }
    return false
  }

  /// Manual, appendix A.
  private static let lockNotAvailable = "55P03"

  /// The months that a table has partitions of, the oldest first.
  private func months(of table: Partitions.Table) async throws -> [Month] {
    let rows = try await database.query(RetentionSQL.partitions, Parameters { $0.text(table.name) })
    return (0..<rows.rowCount).compactMap { row in
      rows.string(row, 0).flatMap { Month(partition: $0, of: table.name) }
    }
  }

  /// Whether no run of the month is still under way, or ended so late that it is kept.
  private func isOver(_ month: Month, of table: Partitions.Table, _ cutoff: Instant) async throws -> Bool {
    if table.name == "audit_events" { return true }
    let parameters = Parameters {
      $0.uuid(Pruning.bound(month.milliseconds).uuid)
      $0.uuid(Pruning.bound(month.next.milliseconds).uuid)
      $0.timestamptz(microseconds: cutoff.microseconds)
    }
    return try await database.query(RetentionSQL.monthIsOver, parameters, deadline: .seconds(300)).bool(0, 0)
      ?? false
  }

  // MARK: Small batches

  private func prune(
    _ organization: Identifier, _ policy: RetentionPolicy, at instant: Instant, _ work: inout Work
  ) async throws {
    if let days = policy.runDays, days > 0 {
      let cutoff = instant.advanced(byMilliseconds: -Int64(days) * 86_400_000)
      let bound = Pruning.bound(cutoff.milliseconds)
      work.report.runs += try await deleteRuns(of: organization, before: bound, endedBefore: cutoff, work)
    }
    if let count = policy.runCount, count > 0, let first = try await run(number: count, of: organization) {
      // The one behind the last that is kept goes, too.
      let bound = Identifier(high: first.high, low: first.low &+ 1)
      work.report.runs += try await deleteRuns(of: organization, before: bound, endedBefore: nil, work)
    }
    if let days = policy.auditDays, days > 0 {
      let cutoff = instant.advanced(byMilliseconds: -Int64(days) * 86_400_000)
      work.report.auditEvents += try await delete(RetentionSQL.deleteAuditEvents) {
        $0.uuid(organization.uuid)
        $0.uuid(Pruning.bound(cutoff.milliseconds).uuid)
        $0.int4(Int32(clamping: pace.batch))
      }
    }
    work.progress(work.report)
  }

  private func deleteRuns(
    of organization: Identifier, before bound: Identifier, endedBefore: Instant?, _ work: Work
  ) async throws -> Int {
    try await delete(RetentionSQL.deleteRuns) {
      $0.uuid(organization.uuid)
      $0.uuid(bound.uuid)
      $0.timestamptz(microseconds: endedBefore?.microseconds)
      $0.int4(Int32(clamping: pace.batch))
    }
  }

  /// Batch after batch, until one is not full.
  private func delete(_ statement: Statement, _ fill: (inout Parameters) -> Void) async throws -> Int {
    var count = 0
    while true {
      try Task.checkCancellation()
      try await keepLease()
      let deleted = try await database.execute(statement, Parameters(fill)).int(0, 0) ?? 0
      count += deleted
      guard deleted >= pace.batch else { return count }
      try await Task.sleep(for: pace.pause)
    }
  }

  /// The run with `number` newer ones; nil when there are not so many.
  private func run(number: Int, of organization: Identifier) async throws -> Identifier? {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.int8(Int64(number))
    }
    let rows = try await database.query(RetentionSQL.runNumber, parameters, deadline: .seconds(120))
    return rows.rowCount == 1 ? rows.uuid(0, 0)?.identifier : nil
  }

  private func organizations(after last: Identifier) async throws -> [(Identifier, RetentionPolicy)] {
    let parameters = Parameters {
      $0.uuid(last.uuid)
      $0.int4(Int32(Pruning.organizationsAtOnce))
    }
    let rows = try await database.query(RetentionSQL.organizations, parameters)
    return (0..<rows.rowCount).compactMap { row in
      rows.uuid(row, 0).map {
        (
          $0.identifier,
          RetentionPolicy(runDays: rows.int(row, 1), runCount: rows.int(row, 2), auditDays: rows.int(row, 3))
        )
      }
    }
  }

  /// The least id of an instant.
  private static func bound(_ milliseconds: Int64) -> Identifier {
    Identifier(high: UInt64(clamping: milliseconds) << 16, low: 0)
  }

  // MARK: The lease

  private func keepLease() async throws {
    guard try await renewLease() else { throw LeaseLost() }
  }

  private func renewLease() async throws -> Bool {
    let parameters = Parameters {
      $0.uuid(owner.uuid)
      $0.int4(Int32(Pruning.leaseSeconds))
    }
    return try await database.execute(RetentionSQL.takeLease, parameters).rowCount == 1
  }

  private func releaseLease() async throws {
    _ = try await database.execute(RetentionSQL.releaseLease, Parameters { $0.uuid(owner.uuid) })
  }
}

extension Month {
  /// The month of a partition's name, such as `execution_logs_2026_11`; nil for other names.
  init?(partition: String, of table: String) {
    guard partition.hasPrefix(table + "_") else { return nil }
    let parts = partition.dropFirst(table.count + 1).split(separator: "_")
    guard parts.count == 2, let year = Int(parts[0]), let number = Int(parts[1]), (1...12).contains(number)
    else {
      return nil
    }
    self.init(year: year, number: number)
  }
}

extension Instant {
  fileprivate var milliseconds: Int64 { microseconds / 1000 }
}
