import Connectors
import Flows
import Storage

/// What a service's answers say about an account's limits: to this process, and to others. A value; instants
/// are milliseconds since 1970.
struct ToldLimits: Equatable {
  /// So few calls that remain are told to all, where a service does not say how many there were; where it
  /// does, a sixteenth of those.
  static let scarce = 4

  /// Nothing is sent before.
  private(set) var blockedUntil: Int64 = 0
  /// What the last answer said that remains, less what was sent since, until an instant.
  private var remaining: Int?
  private var resetsAt: Int64 = 0
  private var readAt: Int64 = 0
  /// What remained when all were told last, for as long as it holds.
  private var isScarcityTold = false

  /// How long nothing may be sent; nil when a call may be made.
  func wait(_ now: Int64) -> Int64? {
    var wait = blockedUntil - now
    if let remaining, remaining <= 0 { wait = max(wait, resetsAt - now) }
    return wait > 0 ? wait : nil
  }

  /// A call is made.
  mutating func count(_ now: Int64) {
    guard let left = remaining else { return }
    remaining = now < resetsAt ? left - 1 : nil
  }

  /// An answer has come.
  /// - Returns: what others should know.
  mutating func note(_ readings: [RateReading], retryAfter: Int64?, now: Int64) -> ToldPace? {
    var news = ToldPace()
    if let retryAfter, now + retryAfter > blockedUntil {
      blockedUntil = now + retryAfter
      news.blockedUntil = Instant(milliseconds: blockedUntil)
    }
    let scarcest = readings.filter { $0.resetInMilliseconds != nil }.min { $0.remaining < $1.remaining }
    if let scarcest, let reset = scarcest.resetInMilliseconds {
      let wasTold = isScarcityTold && now < resetsAt
      (remaining, resetsAt, readAt) = (scarcest.remaining, now + reset, now)
      let few = scarcest.limit.map { max(1, $0 / 16) } ?? ToldLimits.scarce
      isScarcityTold = scarcest.remaining <= few
      // That it is over is told too.
      if isScarcityTold || wasTold {
        news.remaining = scarcest.remaining
        news.resetsAt = Instant(milliseconds: resetsAt)
        news.toldAt = Instant(milliseconds: readAt)
      }
    }
    return news == ToldPace() ? nil : news
  }

  /// What another process was told, unless this one was told later.
  mutating func learn(_ told: ToldPace) {
    if let until = told.blockedUntil { blockedUntil = max(blockedUntil, until.milliseconds) }
    guard let remaining = told.remaining, let resetsAt = told.resetsAt, let toldAt = told.toldAt,
      toldAt.milliseconds > readAt
    else { return }
    (self.remaining, self.resetsAt, readAt) = (remaining, resetsAt.milliseconds, toldAt.milliseconds)
    isScarcityTold = true
  }
}

/// This process's share of an account's documented limits. A value; instants are milliseconds since 1970.
struct OwnShare: Equatable {
  /// Calls that are asked for at most.
  static let maximum = 1_000
  /// Where a limit is used up, it is asked for again after so long: others give back what they do not need.
  static let pauseMilliseconds: Int64 = 1_000
  static let shortestWait: Int64 = 20

  private var left = 0
  private var endsAt: Int64 = 0
  private var starts: [Int64] = []
  /// What was asked for last.
  private var asked = 0
  private var fullUntil: Int64 = 0
  private var asksAgainAt: Int64 = 0

  /// How long it will be until there is something, as far as is known; nil when there is, or may be.
  func wait(_ now: Int64) -> Int64? {
    now < asksAgainAt && now < fullUntil ? fullUntil - now : nil
  }

  /// Takes a call; false when there is none.
  mutating func take(_ now: Int64) -> Bool {
    guard left > 0, now < endsAt else { return false }
    left -= 1
    return true
  }

  /// Asks for a call, and for twice as many each time that those were not enough.
  mutating func request(_ limits: [RateLimits.Static], now: Int64) -> CallShare.Request {
    asked = now < endsAt ? min(OwnShare.maximum, max(1, 2 * asked)) : 1
    defer { left = 0 }
    return CallShare.Request(
      requests: limits.map(\.requests), seconds: limits.map(\.seconds), calls: asked, unspent: left,
      starts: starts)
  }

  mutating func got(_ share: CallShare, now: Int64) {
    // The instants are the database's: should this clock be ahead, a call is good for a moment all the same,
    // and nobody asks again and again.
    (left, starts, endsAt) = (share.calls, share.starts, max(share.endsAt.milliseconds, now + 1))
    guard share.calls == 0 else { return }
    fullUntil = max((share.fullUntil ?? share.endsAt).milliseconds + 1, now + OwnShare.shortestWait)
    asksAgainAt = min(fullUntil, now + OwnShare.pauseMilliseconds)
  }
}

extension Instant {
  init(milliseconds: Int64) { self.init(microseconds: milliseconds * 1000) }

  var milliseconds: Int64 { microseconds / 1000 }
}
