import Flows
import Postgres

/// Which stored file is a user's avatar, and which files are to be deleted.
///
/// A file's key is written down before the file is stored, and crossed out by the transaction that uses it,
/// so no crash leaves a file that nobody knows.
public struct AvatarStore: Sendable {
  let database: Database

  public init(_ database: Database) { self.database = database }

  /// A file that is to be deleted.
  public struct Removal: Sendable, Equatable {
    public var userID: Identifier
    public var key: String
  }

  /// Writes down the key of a file that is about to be stored; without `set` it is deleted in an hour.
  public func expect(_ key: String, of user: Identifier) async throws {
    try await database.execute(AvatarStore.expectFile, parameters(user, key))
  }

  /// Makes an expected file the user's avatar; the former one is to be deleted.
  /// - Throws: `StorageError.notFound` when there is no such user, or the file was given up meanwhile.
  public func set(_ key: String, url: String, of user: Identifier) async throws {
    var parameters = parameters(user, key)
    parameters.text(url)
    guard try await database.execute(AvatarStore.setAvatar, parameters).rowCount == 1 else {
      throw StorageError.notFound
    }
  }

  /// Files that are to be deleted now, at most a hundred; of one user or of all.
  public func removals(of user: Identifier? = nil) async throws -> [Removal] {
    let rows = try await database.query(
      AvatarStore.dueRemovals, Parameters { $0.uuid(user?.uuid) })
    return (0..<rows.rowCount).compactMap { row in
      guard let user = rows.uuid(row, 0), let key = rows.string(row, 1) else { return nil }
      return Removal(userID: user.identifier, key: key)
    }
  }

  /// A file is deleted.
  public func removed(_ removal: Removal) async throws {
    try await database.execute(AvatarStore.removeRemoval, parameters(removal.userID, removal.key))
  }

  private func parameters(_ user: Identifier, _ key: String) -> Parameters {
    Parameters {
      $0.uuid(user.uuid)
      $0.text(key)
    }
  }

  private static let expectFile = Statement(
    "expect_file",
    "INSERT INTO file_removals (user_id, key, due_at) VALUES ($1, $2, now() + interval '1 hour')",
    [.uuid, .text])

  private static let setAvatar = Statement(
    "set_avatar",
    """
    WITH expected AS (
      DELETE FROM file_removals WHERE user_id = $1 AND key = $2 RETURNING key
    ), former AS (
      SELECT id, avatar_key FROM users WHERE id = $1 FOR UPDATE
    ), discarded AS (
      INSERT INTO file_removals (user_id, key) SELECT former.id, former.avatar_key FROM former, expected \
    WHERE former.avatar_key IS NOT NULL ON CONFLICT (user_id, key) DO UPDATE SET due_at = now()
    )
    UPDATE users u SET avatar_url = $3, avatar_key = expected.key, updated_at = now() \
    FROM former, expected WHERE u.id = former.id RETURNING u.id
    """,
    [.uuid, .text, .text])

  private static let dueRemovals = Statement(
    "due_file_removals",
    """
    SELECT user_id, key FROM file_removals WHERE due_at <= now() AND ($1::uuid IS NULL OR user_id = $1) \
    ORDER BY due_at LIMIT 100
    """,
    [.uuid])

  private static let removeRemoval = Statement(
    "remove_file_removal", "DELETE FROM file_removals WHERE user_id = $1 AND key = $2", [.uuid, .text])
}
