import Flows
import Postgres

/// A column whose cells are sealed under the master key. What lives a day at most, such as answers that are
/// kept for their idempotency keys, is not among them.
public enum SealedColumn: String, Sendable, CaseIterable {
  case integrationCredentials = "integrations.credentials"
  case webhookSecret = "webhooks.secret"
  case formerWebhookSecret = "webhooks.old_secret"
  case triggerURL = "flow_triggers.url_key"
  case triggerSecret = "flow_triggers.secret"
  case formerTriggerSecret = "flow_triggers.old_secret"
  case signingKey = "signing_keys.private_key"

  fileprivate var table: Substring { rawValue.prefix { $0 != "." } }
  fileprivate var column: Substring { rawValue.drop { $0 != "." }.dropFirst() }
  /// What belongs to the installation has no organization.
  fileprivate var owner: String { self == .signingKey ? "id" : "organization_id" }
}

/// A sealed cell and its place.
public struct SealedCell: Sendable {
  /// The row's own id where it belongs to no organization.
  public var organizationID: Identifier
  public var id: Identifier
  public var blob: [UInt8]
}

/// What sealing everything anew reads and writes: small batches in the order of the rows' keys.
public struct SealedCellStore: Sendable {
  let database: Database

  public init(_ database: Database) { self.database = database }

  /// Cells that another key than `keyID` has sealed.
  /// - Parameters:
  ///   - keyID: the eight bytes behind the first of a blob.
  ///   - after: the last cell of the batch before.
  public func cells(
    of column: SealedColumn, notUnder keyID: [UInt8], after: SealedCell?, limit: Int
  ) async throws -> [SealedCell] {
    let statement = Statement(
      "sealed_\(column)",
      """
      SELECT \(column.owner), id, \(column.column) FROM \(column.table) \
      WHERE (\(column.owner), id) > ($1, $2) AND substring(\(column.column) from 2 for 8) <> $3 \
      ORDER BY \(column.owner), id LIMIT $4
      """,
      [.uuid, .uuid, .bytea, .int4])
    let start = Identifier(high: 0, low: 0)
    let parameters = Parameters {
      $0.uuid((after?.organizationID ?? start).uuid)
      $0.uuid((after?.id ?? start).uuid)
      $0.bytea(keyID)
      $0.int4(Int32(clamping: limit))
    }
    let rows = try await database.query(statement, parameters)
    return (0..<rows.rowCount).compactMap { row in
      guard let owner = rows.uuid(row, 0), let id = rows.uuid(row, 1), let blob = rows.byteArray(row, 2)
      else {
        return nil
      }
      return SealedCell(organizationID: owner.identifier, id: id.identifier, blob: blob)
    }
  }

  /// Stores a cell sealed anew; false when it was changed since it was read.
  public func replace(_ cell: SealedCell, of column: SealedColumn, by blob: [UInt8]) async throws -> Bool {
    let statement = Statement(
      "reseal_\(column)",
      """
      UPDATE \(column.table) SET \(column.column) = $4 \
      WHERE \(column.owner) = $1 AND id = $2 AND \(column.column) = $3 RETURNING id
      """,
      [.uuid, .uuid, .bytea, .bytea])
    let parameters = Parameters {
      $0.uuid(cell.organizationID.uuid)
      $0.uuid(cell.id.uuid)
      $0.bytea(cell.blob)
      $0.bytea(blob)
    }
    return try await database.execute(statement, parameters).rowCount == 1
  }
}
