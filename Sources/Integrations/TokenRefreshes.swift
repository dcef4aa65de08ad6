import Connectors
import Flows
import Secrets
import Storage
import Synchronization

/// Renews tokens, each once: calls of this process that find the same token expired wait for one renewal, and
/// among processes a lease on the integration's row decides who asks the service.
///
/// Shared by all calls of a process; the mutex protects the list of renewals under way.
final class TokenRefreshes: Sendable {
  /// How long one process may take.
  static let leaseSeconds = 30
  /// Between two looks at what another process does.
  static let pollMicroseconds: Int64 = 100_000
  /// Looks until a caller gives up: somewhat longer than a lease.
  static let maximumPolls = 400

  /// How long a new token is offered to a database that does not take it.
  static let keepingMilliseconds: Int64 = 600_000

  /// Between two attempts to renew a token that is still valid.
  static let pauseMilliseconds: Int64 = 3_600_000

  private typealias Renewal = Task<Result<OpenAccount, ConnectorFailure>, Never>

  private let parts: ServiceAccountParts
  private let underWay = Mutex<[AccountReference: Renewal]>([:])

  init(_ parts: ServiceAccountParts) { self.parts = parts }

  /// The account with other tokens than it has; or as it is, when the service gives none and those are valid
  /// for a while.
  /// - Parameter isRefused: whether the service has refused those that it has.
  func renewed(_ account: OpenAccount, isRefused: Bool) async throws(ConnectorFailure) -> OpenAccount {
    let renewal = underWay.withLock { renewals in
      if let renewal = renewals[account.reference] { return renewal }
      // No child of the caller: its cancellation must not cost the others their tokens.
      let renewal = Renewal {
        let result = await self.renew(account, isRefused)
        self.underWay.withLock { $0[account.reference] = nil }
        return result
      }
      renewals[account.reference] = renewal
      return renewal
    }
    return try await renewal.value.get()
  }

  private func renew(_ account: OpenAccount, _ isRefused: Bool) async -> Result<OpenAccount, ConnectorFailure>
  {
    let reference = account.reference
    do {
      for _ in 0..<TokenRefreshes.maximumPolls {
        let turn = try await parts.store.beginRefresh(
          reference.id, version: account.tokenVersion, owner: parts.owner,
          seconds: TokenRefreshes.leaseSeconds, in: reference.organizationID)
        switch turn {
        case .changed(let stored):
          return .success(try OpenAccount(reference, account.manifest, stored, parts.secrets))
        case .mine(let stored):
          let current = try OpenAccount(reference, account.manifest, stored, parts.secrets)
          return .success(try await ask(current, isRefused))
        case .taken: try await parts.clock.sleep(microseconds: TokenRefreshes.pollMicroseconds)
        }
      }
      return .failure(ConnectorFailure(.unavailable, "The account's token is not renewed in time."))
    } catch let failure as ConnectorFailure {
      return .failure(failure)
    } catch {
      return .failure(ConnectorFailure(.unavailable, "The account's token cannot be renewed now."))
    }
  }

  /// Asks the service, and stores what it says before anybody uses it.
  private func ask(_ account: OpenAccount, _ isRefused: Bool) async throws -> OpenAccount {
    let reference = account.reference
    let credentials: JSONValue
    do {
      credentials = try await exchange(account)
    } catch  where !isRefused && account.isRenewedAhead && account.isGood(parts.clock.nowMilliseconds) {
      // There is time: nobody has to sign in anew because one attempt failed.
      credentials = account.postponed(to: parts.clock.nowMilliseconds + TokenRefreshes.pauseMilliseconds)
    } catch {
      return try await answer(to: error, account)
    }
    let sealed = try parts.secrets.seal(credentials.encoded(), for: reference.secretContext)
    try await keep(sealed, account)
    return try await stored(account)
  }

  /// Tells what the service refused; or gives what another process has stored meanwhile, which took this
  /// one's place because it was without its database for longer than the lease.
  private func answer(
    to refusal: OAuthExchange.Refusal, _ account: OpenAccount
  ) async throws -> OpenAccount {
    let reference = account.reference
    var attention: String?
    if case .refused(let message) = refusal { attention = message }
    try await parts.store.endRefresh(
      reference.id, version: account.tokenVersion, attention: attention, owner: parts.owner,
      in: reference.organizationID)
    let current = try await stored(account)
    if current.tokenVersion != account.tokenVersion { return current }
    switch refusal {
    case .refused(let message):
      throw ConnectorFailure(.authentication, "The account must be connected: \(message)")
    case .unavailable(let message):
      throw ConnectorFailure(.unavailable, "The account's token cannot be renewed now: \(message)")
    }
  }

  private func stored(_ account: OpenAccount) async throws -> OpenAccount {
    let reference = account.reference
    guard let stored = try await parts.store.account(reference.id, in: reference.organizationID) else {
      throw ConnectorFailure(.notFound, "The integration is gone.")
    }
    return try OpenAccount(reference, account.manifest, stored, parts.secrets)
  }

  /// Stores what the service gave. It may have taken the former refresh token back, so a database that is
  /// away for some minutes must not lose the new one.
  private func keep(_ sealed: [UInt8], _ account: OpenAccount) async throws {
    let reference = account.reference
    let end = parts.clock.nowMilliseconds + TokenRefreshes.keepingMilliseconds
    while true {
      do {
        try await parts.store.finishRefresh(
          reference.id, version: account.tokenVersion, credentials: sealed, owner: parts.owner,
          in: reference.organizationID)
        return
      } catch {
        guard parts.clock.nowMilliseconds < end else { throw error }
        try await parts.clock.sleep(microseconds: TokenRefreshes.pollMicroseconds)
      }
    }
  }

  private func exchange(_ account: OpenAccount) async throws(OAuthExchange.Refusal) -> JSONValue {
    let sentAt = parts.clock.nowMilliseconds
    do {
      let (exchange, request) = try request(account, sentAt)
      return try exchange.credentials(after: try await parts.transport.send(request), nowMilliseconds: sentAt)
    } catch let refusal as OAuthExchange.Refusal {
      throw refusal
    } catch let failure as ConnectorFailure {
      throw .refused(failure.message)
    } catch {
      throw .unavailable("no answer")
    }
  }

  private func request(
    _ account: OpenAccount, _ nowMilliseconds: Int64
  ) throws -> (OAuthExchange, ConnectorRequest) {
    if let grant = account.grant {
      let exchange = OAuthExchange(account.manifest, grant: grant, credentials: account.credentials)
      let request = try exchange.grantRequest(nowMilliseconds: nowMilliseconds) { bytes, key in
        try RequestAssertion.sign(bytes, privatePEM: key)
      }
      if let request { return (exchange, request) }
    }
    guard let client = parts.clients[account.manifest.type],
      let exchange = OAuthExchange(account.manifest, client: client, credentials: account.credentials)
    else {
      throw OAuthExchange.Refusal.unavailable(
        "the server has no OAuth client for \(account.manifest.name)")
    }
    guard let request = try exchange.refreshRequest() else {
      throw OAuthExchange.Refusal.refused("no refresh token")
    }
    return (exchange, request)
  }
}
