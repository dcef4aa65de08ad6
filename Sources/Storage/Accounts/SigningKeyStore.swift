import Flows
import Postgres

/// The RSA keys that sign access tokens; private keys are stored encrypted.
public struct SigningKeyStore: Sendable {
  let database: Database

  public init(_ database: Database) { self.database = database }

  /// A key as it is stored.
  public struct StoredKey: Sendable {
    public var id: Identifier
    public var publicPEM: String
    /// Encrypted under the master key.
    public var privateKey: [UInt8]

    public init(id: Identifier, publicPEM: String, privateKey: [UInt8]) {
      self.id = id
      self.publicPEM = publicPEM
      self.privateKey = privateKey
    }
  }

  /// All keys that may still verify, the newest first; the first one signs. At most 16.
  public func keys() async throws -> [StoredKey] {
    let rows = try await database.query(SigningKeyStore.select)
    return (0..<rows.rowCount).compactMap { row in
      guard let id = rows.uuid(row, 0), let pem = rows.string(row, 1), let key = rows.byteArray(row, 2) else {
        return nil
      }
      return StoredKey(id: id.identifier, publicPEM: pem, privateKey: key)
    }
  }

  /// Stores the first key. When another process was faster, nothing is stored: read again.
  public func insertFirst(_ key: StoredKey) async throws {
    try await database.transaction { transaction in
      // Serializes the first starts of several processes.
      try await transaction.execute(SigningKeyStore.lock)
      let parameters = Parameters {
        $0.uuid(key.id.uuid)
        $0.text(key.publicPEM)
        $0.bytea(key.privateKey)
      }
      try await transaction.execute(SigningKeyStore.insert, parameters)
    }
  }

  private static let lock = Statement(
    "lock_signing_keys", "LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE")
  private static let select = Statement(
    "signing_keys",
    "SELECT id, public_pem, private_key FROM signing_keys WHERE retired_at IS NULL ORDER BY id DESC LIMIT 16")
  private static let insert = Statement(
    "insert_signing_key",
    """
    INSERT INTO signing_keys (id, public_pem, private_key) \
    SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM signing_keys WHERE retired_at IS NULL)
    """,
    [.uuid, .text, .bytea])
}
