import Flows
import Postgres

/// The keys under which mutations are executed once. Used inside the transaction of the change itself, so
/// that a key and what was done under it are stored together.
public struct IdempotencyStore: Sendable {
  /// How long a key is remembered.
  public static let hours = 24
  /// How long a repetition waits for the first one to end.
  public static let patience = Duration.seconds(10)

  let database: Database

  public init(_ database: Database) { self.database = database }

  /// Who gave a key, and for what.
  public struct Key: Sendable, Equatable {
    public var organizationID: Identifier
    public var userID: Identifier
    /// 1 to 255 characters.
    public var text: String
    public var mutation: String
    public var inputHash: String

    public init(
      organizationID: Identifier, userID: Identifier, text: String, mutation: String, inputHash: String
    ) {
      self.organizationID = organizationID
      self.userID = userID
      self.text = text
      self.mutation = mutation
      self.inputHash = inputHash
    }
  }

  public enum Finding: Sendable, Equatable {
    /// Nobody has used it; it is taken now, if the transaction commits.
    case fresh
    /// The same was executed; the sealed answer.
    case answered([UInt8])
    /// It was used for another mutation or another input.
    case differs
  }

  /// Takes a key, or finds what was done under it. Waits for a transaction that has taken it.
  /// - Throws: `PostgresError` with `.timeout` when that takes too long.
  public func take(_ key: Key, in transaction: Transaction) async throws -> Finding {
    let parameters = Parameters {
      $0.uuid(key.organizationID.uuid)
      $0.uuid(key.userID.uuid)
      $0.text(key.text)
      $0.text(key.mutation)
      $0.text(key.inputHash)
    }
    let taken = try await transaction.execute(
      IdempotencyStore.take, parameters, deadline: IdempotencyStore.patience)
    if taken.rowCount == 1 { return .fresh }
    let known = try await transaction.query(IdempotencyStore.find, self.key(key))
    guard known.rowCount == 1, known.string(0, 0) == key.mutation, known.string(0, 1) == key.inputHash,
      let answer = known.byteArray(0, 2)
    else { return .differs }
    return .answered(answer)
  }

  /// Stores the sealed answer beside a key that was taken.
  public func answer(_ key: Key, with answer: [UInt8], in transaction: Transaction) async throws {
    var parameters = self.key(key)
    parameters.bytea(answer)
    try await transaction.execute(IdempotencyStore.store, parameters)
  }

  /// Whether an object that was made under a key is still there.
  public func isThere(
    _ noun: IdentifierPrefix, _ id: Identifier, of organization: Identifier, in transaction: Transaction
  ) async throws -> Bool {
    guard let statement = AuditSQL.snapshots[noun] else { return true }
    let rows = try await transaction.query(
      statement,
      Parameters {
        $0.uuid(organization.uuid)
        $0.uuid(id.uuid)
      })
    return rows.rowCount == 1 && !rows.isNull(0, 0)
  }

  /// Forgets keys whose time is over, a thousand at a time.
  /// - Returns: how many.
  @discardableResult
  public func prune() async throws -> Int {
    var count = 0
    while true {
      let pruned = try await database.execute(IdempotencyStore.prune).rowCount
      count += pruned
      if pruned < 1000 { return count }
    }
  }

  private func key(_ key: Key) -> Parameters {
    Parameters {
      $0.uuid(key.organizationID.uuid)
      $0.uuid(key.userID.uuid)
      $0.text(key.text)
    }
  }

  private static let take = Statement(
    "take_idempotency_key",
    """
    INSERT INTO idempotency_keys AS k (organization_id, user_id, key, mutation, input_hash, expires_at) \
    VALUES ($1, $2, $3, $4, $5, now() + interval '\(hours) hours') \
    ON CONFLICT (organization_id, user_id, key) DO UPDATE SET mutation = excluded.mutation, \
    input_hash = excluded.input_hash, answer = NULL, created_at = excluded.created_at, \
    expires_at = excluded.expires_at WHERE k.expires_at <= now() RETURNING 1
    """,
    [.uuid, .uuid, .text, .text, .text])

  private static let find = Statement(
    "find_idempotency_key",
    """
    SELECT mutation, input_hash, answer FROM idempotency_keys \
    WHERE organization_id = $1 AND user_id = $2 AND key = $3
    """,
    [.uuid, .uuid, .text])

  private static let store = Statement(
    "answer_idempotency_key",
    "UPDATE idempotency_keys SET answer = $4 WHERE organization_id = $1 AND user_id = $2 AND key = $3",
    [.uuid, .uuid, .text, .bytea])

  private static let prune = Statement(
    "prune_idempotency_keys",
    """
    DELETE FROM idempotency_keys k USING (\
    SELECT organization_id, user_id, key FROM idempotency_keys WHERE expires_at <= now() \
    ORDER BY expires_at LIMIT 1000) over \
    WHERE k.organization_id = over.organization_id AND k.user_id = over.user_id AND k.key = over.key \
    AND k.expires_at <= now() RETURNING 1
    """)
}
