import Connectors
import Flows
import Storage
import Synchronization

/// What the processes that use the same accounts have in common of their limits.
protocol CallShares: Sendable {
  /// Calls that this process may make; nil when the account is gone.
  func takeCalls(_ request: CallShare.Request, of account: AccountReference) async throws -> CallShare?
  /// Tells all processes what a service told this one.
  func tell(_ told: ToldPace, of account: AccountReference) async throws
}

/// Keeps the calls of each account within its service's limits: those that its answers tell and those that it
/// documents. Shared by all calls of a process; the mutex protects what it knows.
///
/// All processes together keep to a documented limit: each takes shares of it, larger ones as long as it uses
/// them up, and counts the calls of a share alone. What an answer forbids is told to all.
final class CallPaces: Sendable {
  /// Longer waits are answered with `RATE_LIMITED` and the time.
  static let maximumWaitMilliseconds = OperationExecutor.maximumPauseMilliseconds
  /// Accounts that are remembered; beyond it those without a wait are forgotten.
  static let maximumAccounts = 10_000

  /// What is known of an account. Instants are milliseconds since 1970.
  struct State {
    var told = ToldLimits()
    var share = OwnShare()
    /// This process asks for a share: whoever needs one waits for the answer.
    var asking: Task<Result<Void, ConnectorFailure>, Never>?

    /// Whether a call may be made now; if so, it is counted.
    mutating func admit(isLimited: Bool, now: Int64) -> Admission {
      if let wait = told.wait(now) { return .wait(wait) }
      if isLimited {
        if let wait = share.wait(now) { return .wait(wait) }
        guard share.take(now) else { return .ask }
      }
      told.count(now)
      return .go
    }
  }

  enum Admission: Equatable {
    case go
    /// So many milliseconds.
    case wait(Int64)
    /// This process has no share of the documented limits, or none any more.
    case ask
  }

  private let clock: any RunClock
  private let shares: any CallShares
  private let states = Mutex<[AccountReference: State]>([:])

  init(clock: any RunClock, shares: any CallShares) {
    self.clock = clock
    self.shares = shares
  }

  func pace(_ account: AccountReference, _ limits: [RateLimits.Static]) -> AccountPace {
    AccountPace(paces: self, account: account, limits: limits)
  }

  /// Takes notice of what a service has told any process.
  func learn(_ told: ToldPace, of account: AccountReference) {
    guard told != ToldPace() else { return }
    states.withLock { $0[account, default: State()].told.learn(told) }
  }

  fileprivate func admit(
    _ account: AccountReference, _ limits: [RateLimits.Static]
  ) async throws(ConnectorFailure) {
    let giveUpAt = clock.nowMilliseconds + CallPaces.maximumWaitMilliseconds
    while true {
      let now = clock.nowMilliseconds
      switch admission(of: account, isLimited: !limits.isEmpty, now) {
      case .go: return
      case .ask: try await ask(account, limits).get()
      case .wait(let wait):
        guard now + wait <= giveUpAt else {
          var failure = ConnectorFailure(.rateLimited, "The service's limit is used up; it was not asked.")
          failure.retryAfterMilliseconds = wait
          throw failure
        }
        do {
          try await clock.sleep(microseconds: wait * 1000)
        } catch {
          throw ConnectorFailure(.unavailable, "The call was cancelled before it was made.")
        }
      }
    }
  }

  private func admission(of account: AccountReference, isLimited: Bool, _ now: Int64) -> Admission {
    states.withLock { states in
      if states.count > CallPaces.maximumAccounts {
        states = states.filter { $0.value.told.blockedUntil > now || $0.value.asking != nil }
      }
      return states[account, default: State()].admit(isLimited: isLimited, now: now)
    }
  }

  /// Asks for a share, once for all who need it now.
  private func ask(
    _ account: AccountReference, _ limits: [RateLimits.Static]
  ) async -> Result<Void, ConnectorFailure> {
    let asking = states.withLock { states in
      if let asking = states[account]?.asking { return asking }
      let asking = Task { await takeShare(of: account, limits) }
      states[account, default: State()].asking = asking
      return asking
    }
    return await asking.value
  }

  private func takeShare(
    of account: AccountReference, _ limits: [RateLimits.Static]
  ) async -> Result<Void, ConnectorFailure> {
    let now = clock.nowMilliseconds
    let request = states.withLock { $0[account, default: State()].share.request(limits, now: now) }
    let answer: Result<CallShare?, ConnectorFailure>
    do {
      answer = .success(try await shares.takeCalls(request, of: account))
    } catch {
      answer = .failure(ConnectorFailure(.unavailable, "The limits of the integration cannot be read now."))
    }
    let seen = clock.nowMilliseconds
    return states.withLock { states in
      states[account]?.asking = nil
      switch answer {
      case .failure(let failure): return .failure(failure)
      case .success(nil): return .failure(ConnectorFailure(.notFound, "The integration is gone."))
      case .success(let share?):
        states[account, default: State()].share.got(share, now: seen)
        return .success(())
      }
    }
  }

  fileprivate func note(
    _ account: AccountReference, _ readings: [RateReading], _ retryAfter: Int64?
  ) async {
    guard !readings.isEmpty || retryAfter != nil else { return }
    let now = clock.nowMilliseconds
    let news = states.withLock {
      $0[account, default: State()].told.note(readings, retryAfter: retryAfter, now: now)
    }
    // Should it not be stored, others learn it from the service themselves.
    if let news { try? await shares.tell(news, of: account) }
  }
}

/// The pace of one account.
struct AccountPace: CallPacing {
  let paces: CallPaces
  let account: AccountReference
  let limits: [RateLimits.Static]

  func admit() async throws(ConnectorFailure) { try await paces.admit(account, limits) }

  func note(_ readings: [RateReading], retryAfterMilliseconds: Int64?) async {
    await paces.note(account, readings, retryAfterMilliseconds)
  }
}

/// The shares of all processes that use the same database.
struct StoredShares: CallShares {
  let store: IntegrationStore

  func takeCalls(_ request: CallShare.Request, of account: AccountReference) async throws -> CallShare? {
    try await store.takeCalls(request, of: account.id, in: account.organizationID)
  }

  func tell(_ told: ToldPace, of account: AccountReference) async throws {
    try await store.tell(told, of: account.id, in: account.organizationID)
  }
}
