import Flows
import Postgres

/// What a call of a service needs of an integration.
public struct StoredAccount: Sendable {
  /// The connector's.
  public var type: String
  /// Sealed.
  public var credentials: [UInt8]
  /// Counts what the credentials have been.
  public var tokenVersion: Int
  /// Why somebody must connect the account again; nil when nobody must.
  public var attention: String?
  /// What its service told any process of its limits.
  public var told = ToldPace()
}

/// What became of the wish to renew an integration's tokens.
public enum RefreshTurn: Sendable {
  /// The caller renews them and tells with `finishRefresh` or `endRefresh`.
  case mine(StoredAccount)
  /// They are renewed already, or cannot be.
  case changed(StoredAccount)
  /// Somebody else is at it.
  case taken
}

extension IntegrationStore {
  /// Nil when there is none with this id in the organization.
  public func account(_ id: Identifier, in organization: Identifier) async throws -> StoredAccount? {
    let rows = try await database.query(
      IntegrationStore.selectAccount, keyParameters(organization, [id]))
    return IntegrationStore.account(rows)
  }

  /// Takes the right to renew the tokens of a version, for some seconds.
  /// - Throws: `StorageError.notFound`.
  public func beginRefresh(
    _ id: Identifier, version: Int, owner: Identifier, seconds: Int, in organization: Identifier
  ) async throws -> RefreshTurn {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(id.uuid)
      $0.int4(Int32(clamping: version))
      $0.uuid(owner.uuid)
      $0.int4(Int32(clamping: seconds))
    }
    if let account = IntegrationStore.account(
      try await database.execute(IntegrationStore.takeRefresh, parameters))
    {
      return .mine(account)
    }
    guard let account = try await account(id, in: organization) else { throw StorageError.notFound }
    return account.tokenVersion != version || account.attention != nil ? .changed(account) : .taken
  }

  /// Stores new credentials; not if others have taken the place of this version meanwhile, unless the caller
  /// still has the right to renew them.
  ///
  /// Who comes after his right has ended is heard as well: what the service gave him has replaced the
  /// version, whoever asks for it now. And who has the right stores last, for he asked last.
  /// - Parameter version: the one that was renewed.
  public func finishRefresh(
    _ id: Identifier, version: Int, credentials: [UInt8], owner: Identifier, in organization: Identifier
  ) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(id.uuid)
      $0.uuid(owner.uuid)
      $0.int4(Int32(clamping: version))
      $0.bytea(credentials)
    }
    try await database.execute(IntegrationStore.storeRefreshed, parameters)
  }

  /// Gives the right back.
  /// - Parameters:
  ///   - version: the one that was to be renewed; a refusal of it says nothing of those that came since.
  ///   - attention: why somebody must connect the account again; nil when it may be tried again.
  public func endRefresh(
    _ id: Identifier, version: Int, attention: String?, owner: Identifier, in organization: Identifier
  ) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(id.uuid)
      $0.uuid(owner.uuid)
      $0.int4(Int32(clamping: version))
      $0.text(attention)
    }
    try await database.transaction { transaction in
      let rows = try await transaction.execute(IntegrationStore.giveRefreshBack, parameters)
      if rows.rowCount == 1, rows.bool(0, 0) == true {
        WebhookOutbox.tell(.updated, integration: id, in: organization, transaction)
      }
    }
  }

  /// Stores the credentials of an account that was connected by signing in.
  /// - Throws: `StorageError.notFound`.
  public func connect(_ id: Identifier, credentials: [UInt8], in organization: Identifier) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(id.uuid)
      $0.bytea(credentials)
    }
    try await database.transaction { transaction in
      let rows = try await transaction.execute(IntegrationStore.storeConnected, parameters)
      guard rows.rowCount == 1 else { throw StorageError.notFound }
      WebhookOutbox.tell(.updated, integration: id, in: organization, transaction)
    }
  }

  /// Notes that somebody signs in; who began before cannot end it any more.
  /// - Throws: `StorageError.notFound`.
  public func beginSignIn(_ id: Identifier, nonce: Identifier, in organization: Identifier) async throws {
    let rows = try await database.execute(
      IntegrationStore.noteSignIn, IntegrationStore.signInParameters(id, nonce, organization))
    guard rows.rowCount == 1 else { throw StorageError.notFound }
  }

  /// Ends the sign-in with this nonce, once; false when there is none.
  public func claimSignIn(
    _ id: Identifier, nonce: Identifier, in organization: Identifier
  ) async throws -> Bool {
    // The event of the audit log goes with the account that this leads to.
    try await TransactionCompanions.$current.withValue(nil) {
      try await database.execute(
        IntegrationStore.takeSignIn, IntegrationStore.signInParameters(id, nonce, organization)
      ).rowCount == 1
    }
  }

  private static func signInParameters(
    _ id: Identifier, _ nonce: Identifier, _ organization: Identifier
  ) -> Parameters {
    Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(id.uuid)
      $0.uuid(nonce.uuid)
    }
  }

  private static func account(_ rows: RowBatch) -> StoredAccount? {
    guard rows.rowCount == 1, let type = rows.string(0, 0), let credentials = rows.byteArray(0, 1) else {
      return nil
    }
    return StoredAccount(
      type: type, credentials: credentials, tokenVersion: Int(rows.int4(0, 2) ?? 0),
      attention: rows.string(0, 3), told: ToldPace(rows, 0, column: 4))
  }

  private static let selectAccount = Statement(
    "integration_account",
    """
    SELECT i.type, i.credentials, i.token_version, i.attention, \(ToldPace.columns) FROM integrations i \
    LEFT JOIN call_paces p ON p.organization_id = i.organization_id AND p.integration_id = i.id \
    WHERE i.organization_id = $1 AND i.id = ANY($2)
    """,
    [.uuid, .uuidArray])
  private static let takeRefresh = Statement(
    "take_integration_refresh",
    """
    UPDATE integrations SET refresh_owner = $4, refresh_until = now() + $5 * interval '1 second' \
    WHERE organization_id = $1 AND id = $2 AND token_version = $3 AND attention IS NULL \
    AND (refresh_until IS NULL OR refresh_until < now()) \
    RETURNING type, credentials, token_version, attention, \(ToldPace.unknown)
    """,
    [.uuid, .uuid, .int4, .uuid, .int4])
  private static let storeRefreshed = Statement(
    "store_refreshed_integration",
    """
    UPDATE integrations SET credentials = $5, token_version = token_version + 1, attention = NULL, \
    refresh_owner = nullif(refresh_owner, $3), \
    refresh_until = CASE WHEN refresh_owner <> $3 THEN refresh_until END, \
    is_connected = true, last_checked = now() \
    WHERE organization_id = $1 AND id = $2 AND (refresh_owner = $3 OR token_version = $4)
    """,
    [.uuid, .uuid, .uuid, .int4, .bytea])
  private static let giveRefreshBack = Statement(
    "give_integration_refresh_back",
    """
    UPDATE integrations SET refresh_owner = NULL, refresh_until = NULL, \
    attention = CASE WHEN token_version = $4 THEN coalesce($5, attention) ELSE attention END, \
    is_connected = is_connected AND NOT (token_version = $4 AND $5 IS NOT NULL), \
    last_checked = CASE WHEN token_version = $4 AND $5 IS NOT NULL THEN now() ELSE last_checked END \
    WHERE organization_id = $1 AND id = $2 AND refresh_owner = $3 \
    RETURNING token_version = $4 AND $5 IS NOT NULL
    """,
    [.uuid, .uuid, .uuid, .int4, .text])
  private static let noteSignIn = Statement(
    "begin_integration_sign_in",
    "UPDATE integrations SET sign_in = $3 WHERE organization_id = $1 AND id = $2 RETURNING id",
    [.uuid, .uuid, .uuid])
  private static let takeSignIn = Statement(
    "claim_integration_sign_in",
    """
    UPDATE integrations SET sign_in = NULL \
    WHERE organization_id = $1 AND id = $2 AND sign_in = $3 RETURNING id
    """,
    [.uuid, .uuid, .uuid])
  private static let storeConnected = Statement(
    "store_connected_integration",
    """
    UPDATE integrations SET credentials = $3, token_version = token_version + 1, attention = NULL, \
    refresh_owner = NULL, refresh_until = NULL, is_connected = true, last_checked = now(), \
    revision = revision + 1, updated_at = now() \
    WHERE organization_id = $1 AND id = $2 RETURNING id
    """,
    [.uuid, .uuid, .bytea])
}
