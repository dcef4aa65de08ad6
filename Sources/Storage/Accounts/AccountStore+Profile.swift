import Flows
import Postgres

/// What a user changes about the own account.
extension AccountStore {
  /// What an update of a profile changes.
  public struct ProfileChange: Sendable {
    /// Nil leaves it.
    public var name: String?
    public var changesAvatar: Bool
    /// Nil removes it, when it is to be changed.
    public var avatarURL: String?

    public init(name: String?, changesAvatar: Bool, avatarURL: String?) {
      self.name = name
      self.changesAvatar = changesAvatar
      self.avatarURL = avatarURL
    }
  }

  /// The language, the time zone and the rest of a user's preferences. Parameters: user.
  public static let preferences = AccountSQL.preferences

  /// - Throws: `StorageError.notFound`.
  public func update(_ user: Identifier, _ change: ProfileChange) async throws {
    let parameters = Parameters {
      $0.uuid(user.uuid)
      $0.text(change.name)
      $0.bool(change.changesAvatar)
      $0.text(change.avatarURL)
    }
    try await requireRow(AccountSQL.updateProfile, parameters)
  }

  /// The theme is in lower case with hyphens: `copper-tide`.
  /// - Throws: `StorageError.notFound`.
  public func setTheme(_ theme: String, of user: Identifier) async throws {
    let parameters = Parameters {
      $0.uuid(user.uuid)
      $0.text(theme)
    }
    try await requireRow(AccountSQL.setTheme, parameters)
  }

  /// Changes the preferences that a JSON object names: `language`, `timeZone` (null removes them), `values`.
  /// - Throws: `StorageError.notFound`.
  public func setPreferences(_ preferences: String, of user: Identifier) async throws {
    let parameters = Parameters {
      $0.uuid(user.uuid)
      $0.jsonb(preferences)
    }
    try await requireRow(AccountSQL.setPreferences, parameters)
  }

  /// Whether Postgres's copy of the IANA database has a zone of this name.
  public func knowsTimeZone(_ name: String) async throws -> Bool {
    try await database.query(AccountSQL.timeZone, Parameters { $0.text(name) }).int(0, 0) == 1
  }

  /// Nil for accounts without a password.
  public func passwordHash(of user: Identifier) async throws -> String? {
    let rows = try await database.query(AccountSQL.passwordHash, Parameters { $0.uuid(user.uuid) })
    return rows.rowCount == 1 ? rows.string(0, 0) : nil
  }

  /// Replaces a password's hash and revokes all sessions but one, in one transaction. How many were revoked.
  /// - Throws: `StorageError.notFound` when the hash was changed since it was read.
  public func changePassword(
    of user: Identifier, from old: String, to new: String, keeping session: Identifier?
  ) async throws -> Int {
    try await database.transaction { transaction in
      let parameters = Parameters {
        $0.uuid(user.uuid)
        $0.text(old)
        $0.text(new)
      }
      guard try await transaction.execute(AccountSQL.changePassword, parameters).affectedRows == 1 else {
        throw StorageError.notFound
      }
      let others = Parameters {
        $0.uuid(user.uuid)
        $0.uuid(session?.uuid)
      }
      return Int(try await transaction.execute(AccountSQL.revokeOthers, others).affectedRows)
    }
  }

  /// Revokes one of the user's sessions.
  /// - Throws: `StorageError.notFound` when the user has no such session that is not revoked.
  public func revoke(_ session: Identifier, of user: Identifier) async throws {
    let parameters = Parameters {
      $0.uuid(user.uuid)
      $0.uuid(session.uuid)
    }
    try await requireRow(AccountSQL.revokeSession, parameters)
  }

  private func requireRow(_ statement: Statement, _ parameters: Parameters) async throws {
    guard try await database.execute(statement, parameters).affectedRows == 1 else {
      throw StorageError.notFound
    }
  }
}
