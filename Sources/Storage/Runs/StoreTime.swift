import Flows
import Postgres

/// The database's clock, which all processes share.
public enum StoreTime {
  /// The time of the database when it answered.
  public static func now(_ database: Database) async throws -> Instant? {
    try await database.query(statement, deadline: .seconds(2)).instant(0, 0)
  }

  private static let statement = Statement("store_time", "SELECT clock_timestamp()")
}
