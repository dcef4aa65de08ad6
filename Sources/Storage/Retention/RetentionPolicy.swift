import Flows
import Postgres

/// How long what happened is kept. Nil leaves it to the server's default, 0 keeps it for ever.
public struct RetentionPolicy: Sendable, Equatable {
  public static let dayBounds = 0...36_500
  public static let countBounds = 0...1_000_000_000

  /// Days after which a run that is over goes.
  public var runDays: Int?
  /// Runs that are kept, the newest.
  public var runCount: Int?
  /// Days after which an event of the audit log goes.
  public var auditDays: Int?

  public init(runDays: Int? = nil, runCount: Int? = nil, auditDays: Int? = nil) {
    self.runDays = runDays
    self.runCount = runCount
    self.auditDays = auditDays
  }

  /// With the defaults where nothing is said.
  public func filled(with defaults: RetentionPolicy) -> RetentionPolicy {
    RetentionPolicy(
      runDays: runDays ?? defaults.runDays, runCount: runCount ?? defaults.runCount,
      auditDays: auditDays ?? defaults.auditDays)
  }
}

/// The policies that organizations have of their own.
public struct RetentionStore: Sendable {
  let database: Database

  public init(_ database: Database) { self.database = database }

  /// What the organization has set; all nil where it has set nothing.
  public func policy(of organization: Identifier) async throws -> RetentionPolicy {
    let rows = try await database.query(
      RetentionStore.select, Parameters { $0.uuid(organization.uuid) })
    guard rows.rowCount == 1 else { return RetentionPolicy() }
    return RetentionPolicy(runDays: rows.int(0, 0), runCount: rows.int(0, 1), auditDays: rows.int(0, 2))
  }

  /// Replaces what the organization has set.
  public func set(_ policy: RetentionPolicy, for organization: Identifier) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.int4(policy.runDays.map { Int32(clamping: $0) })
      $0.int4(policy.runCount.map { Int32(clamping: $0) })
      $0.int4(policy.auditDays.map { Int32(clamping: $0) })
    }
    _ = try await database.execute(RetentionStore.upsert, parameters)
  }

  /// The columns `run_days`, `run_count` and `audit_days` of the organization $1; no row where it has set
  /// nothing.
  public static let select = Statement(
    "retention_of_organization",
    "SELECT run_days, run_count, audit_days FROM organization_retention WHERE organization_id = $1", [.uuid])
  private static let upsert = Statement(
    "set_retention",
    """
    INSERT INTO organization_retention (organization_id, run_days, run_count, audit_days) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (organization_id) DO UPDATE SET run_days = excluded.run_days, \
    run_count = excluded.run_count, audit_days = excluded.audit_days, updated_at = now()
    """,
    [.uuid, .int4, .int4, .int4])
}
