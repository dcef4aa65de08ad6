import Connectors
import Flows
import Secrets
import Storage

/// Which account of a service.
public struct AccountReference: Hashable, Sendable {
  public let id: Identifier
  public let organizationID: Identifier

  public init(_ id: Identifier, in organizationID: Identifier) {
    self.id = id
    self.organizationID = organizationID
  }

  /// What its sealed credentials belong to.
  public var secretContext: SecretContext {
    SecretContext(
      purpose: "integration", organization: UUIDv7(high: organizationID.high, low: organizationID.low),
      row: UUIDv7(high: id.high, low: id.low))
  }
}

/// What calls of services need of the world; made once by the composition root.
public struct ServiceAccountParts: Sendable {
  public var store: IntegrationStore
  public var secrets: SecretBox
  public var transport: any ConnectorTransport
  /// The Studio as an OAuth client, by connector.
  public var clients: [String: OAuthClient]
  public var clock: any RunClock
  /// This process, for leases.
  public var owner: Identifier

  public init(
    store: IntegrationStore, secrets: SecretBox, transport: any ConnectorTransport,
    clients: [String: OAuthClient], clock: any RunClock, owner: Identifier
  ) {
    self.store = store
    self.secrets = secrets
    self.transport = transport
    self.clients = clients
    self.clock = clock
    self.owner = owner
  }
}

/// The accounts that integrations are: operations performed with their credentials, tokens renewed in time,
/// limits kept. One instance per process, shared; any task.
public struct ServiceAccounts: Sendable {
  /// A token is renewed when it has less left than this.
  static let renewalMilliseconds: Int64 = 60_000

  let manifests: [String: Manifest]
  let parts: ServiceAccountParts
  private let refreshes: TokenRefreshes
  private let paces: CallPaces

  public init(manifests: [Manifest], parts: ServiceAccountParts) {
    self.manifests = Dictionary(manifests.map { ($0.type, $0) }, uniquingKeysWith: { first, _ in first })
    self.parts = parts
    refreshes = TokenRefreshes(parts)
    paces = CallPaces(clock: parts.clock, shares: StoredShares(store: parts.store))
  }

  public func manifest(_ type: String) -> Manifest? { manifests[type] }

  /// Performs an operation with an account.
  /// - Parameter idempotencyKey: the same for every repetition of this call.
  public func perform(
    _ call: ConnectorCall, as reference: AccountReference, idempotencyKey: String, isRepetition: Bool = false
  ) async throws(ConnectorFailure) -> JSONValue {
    var account = try await open(reference)
    if isRepetition, !account.mayRepeat(call) {
      throw ConnectorFailure(
        .unknownOutcome,
        "The call was interrupted and must not be repeated; whether it took effect is not known.")
    }
    if account.expiresSoon(parts.clock.nowMilliseconds) {
      account = try await refreshes.renewed(account, isRefused: false)
      // Somebody may have filled in other credentials meanwhile, and those have no token yet.
      if account.lacksToken { account = try await refreshes.renewed(account, isRefused: false) }
    }
    return try await perform(call, account, idempotencyKey)
  }

  /// What the manifest's test call says about an account's credentials; nil when there is nothing to ask.
  public func test(_ reference: AccountReference) async -> Result<Bool, ConnectorFailure>? {
    let account: OpenAccount
    do throws(ConnectorFailure) { account = try await open(reference) } catch { return .failure(error) }
    guard let test = account.manifest.test else { return nil }
    do throws(ConnectorFailure) {
      _ = try await perform(
        ConnectorCall(operation: test.operation, input: test.input), as: reference, idempotencyKey: "test")
      return .success(true)
    } catch {
      let isAnswered = error.status.map { $0 < 500 && ![401, 403, 407].contains($0) } ?? false
      return test.acceptance == .answered && isAnswered ? .success(true) : .failure(error)
    }
  }

  private func perform(
    _ call: ConnectorCall, _ account: OpenAccount, _ idempotencyKey: String
  ) async throws(ConnectorFailure) -> JSONValue {
    let clock = parts.clock
    let executor = OperationExecutor(
      account.manifest, transport: parts.transport,
      pacing: paces.pace(account.reference, account.manifest.rateLimits.limits),
      nowMilliseconds: { clock.nowMilliseconds })
    let refreshes = refreshes
    let renewal: OperationExecutor.Renewal = { () async throws(ConnectorFailure) -> JSONValue in
      try await refreshes.renewed(account, isRefused: true).credentials
    }
    return try await executor.perform(
      call.operation, input: call.input, credentials: account.credentials, idempotencyKey: idempotencyKey,
      renewal: account.isRenewable ? renewal : nil)
  }

  func open(_ reference: AccountReference) async throws(ConnectorFailure) -> OpenAccount {
    let stored: StoredAccount?
    do {
      stored = try await parts.store.account(reference.id, in: reference.organizationID)
    } catch {
      throw ConnectorFailure(.unavailable, "The integration cannot be read now.")
    }
    guard let stored else { throw ConnectorFailure(.notFound, "The integration is gone.") }
    paces.learn(stored.told, of: reference)
    guard let manifest = manifests[stored.type] else {
      throw ConnectorFailure(.invalid, "The connector \(stored.type) is no longer offered.")
    }
    return try OpenAccount(reference, manifest, stored, parts.secrets)
  }
}

/// An account with its credentials opened. Lives for a call.
struct OpenAccount: Sendable {
  let reference: AccountReference
  let manifest: Manifest
  let credentials: JSONValue
  let tokenVersion: Int
  /// How its tokens are had from what is filled in; nil when they are not.
  let grant: OAuthSettings?

  /// Whether a call that may have happened already may be made.
  func mayRepeat(_ call: ConnectorCall) -> Bool { manifest.operation(call.operation)?.isRepeatable ?? true }

  init(
    _ reference: AccountReference, _ manifest: Manifest, _ stored: StoredAccount, _ secrets: SecretBox
  ) throws(ConnectorFailure) {
    if let attention = stored.attention {
      throw ConnectorFailure(.authentication, "The account must be connected: \(attention)")
    }
    guard let opened = try? secrets.open(stored.credentials, for: reference.secretContext),
      let credentials = try? JSONValue(parsing: opened)
    else { throw ConnectorFailure(.failed, "The integration's credentials cannot be opened.") }
    self.reference = reference
    self.manifest = manifest
    self.credentials = credentials
    tokenVersion = stored.tokenVersion
    grant = manifest.grant(for: credentials)
  }

  var isRenewable: Bool {
    grant != nil || credentials["oauth"]?["refreshToken"]?.string != nil
      || manifest.signIn?.renewal != nil && credentials["oauth"]?["accessToken"]?.string != nil
  }

  /// Whether its credentials give tokens and have given none yet.
  var lacksToken: Bool { grant != nil && credentials["oauth"]?["accessToken"] == nil }

  /// Whether it needs a token before it can be used.
  func expiresSoon(_ nowMilliseconds: Int64) -> Bool {
    guard isRenewable else { return false }
    if lacksToken { return true }
    if let renewableAt = credentials["oauth"]?["renewableAt"]?.integer {
      return renewableAt <= nowMilliseconds
    }
    return !isGood(nowMilliseconds)
  }

  /// Whether its token is valid for a while, as far as the service has told.
  func isGood(_ nowMilliseconds: Int64) -> Bool {
    guard let expiresAt = credentials["oauth"]?["expiresAt"]?.integer else { return true }
    return expiresAt - nowMilliseconds >= ServiceAccounts.renewalMilliseconds
  }

  /// Whether its token is renewed while it is still valid.
  var isRenewedAhead: Bool { credentials["oauth"]?["renewableAt"] != nil }

  /// The same credentials, whose token is not renewed before an instant.
  func postponed(to milliseconds: Int64) -> JSONValue {
    var credentials = credentials.object ?? JSONObject()
    var oauth = credentials["oauth"]?.object ?? JSONObject()
    let end = oauth["expiresAt"]?.integer.map { $0 - ServiceAccounts.renewalMilliseconds }
    oauth["renewableAt"] = .integer(min(milliseconds, end ?? milliseconds))
    credentials["oauth"] = .object(oauth)
    return .object(credentials)
  }
}

extension RunClock {
  /// Since 1970.
  var nowMilliseconds: Int64 { now().microseconds / 1000 }
}
