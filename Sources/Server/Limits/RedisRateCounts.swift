import Logging
import Redis
import Synchronization

/// Counts of executions that all processes share, in Redis: the same sliding window as in memory, by Redis's
/// clock.
///
/// One key for each client, which expires with its second window. Where Redis fails, the process counts for
/// itself: that is logged once for each outage.
final class RedisRateCounts: Sendable {
  /// Counts unless that would be too many; replies whether it counted, both windows' counts, and how far the
  /// current window is, in millionths.
  private static let script = """
    local time = redis.call('TIME')
    local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
    local length, limit, count = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
    local window, passed = math.floor(now / length), (now % length) / length
    local stored = redis.call('HMGET', KEYS[1], 'window', 'current', 'previous')
    local last = tonumber(stored[1]) or window
    local current, previous = tonumber(stored[2]) or 0, tonumber(stored[3]) or 0
    if window > last then
      previous = window == last + 1 and current or 0
      current = 0
    end
    local allowed = 0
    if current + previous * (1 - passed) + count <= limit + 0.000001 then
      allowed = 1
      current = current + count
      redis.call('HSET', KEYS[1], 'window', window, 'current', current, 'previous', previous)
      redis.call('PEXPIRE', KEYS[1], length * 2)
    end
    return {allowed, current, previous, math.floor(passed * 1000000)}
    """

  private let client: RedisClient
  private let logger: Logger
  /// The script's name in Redis, once it was loaded.
  private let loaded = Mutex<String?>(nil)
  private let isFailing = Atomic<Bool>(false)

  init(_ client: RedisClient, logger: Logger) {
    self.client = client
    self.logger = logger
  }

  /// Nil where Redis fails.
  func take(_ subject: RateLimiter.Subject, _ preset: RateLimiter.Preset, count: Int) async -> RateLimiter
    .State?
  {
    let arguments = [
      "1", "studio:rate:\(preset.name):\(subject.text)", String(Int(preset.window / .milliseconds(1))),
      String(preset.limit), String(count),
    ]
    do {
      let reply = try await run(arguments)
      if case .error(let refusal) = reply { return failed("Redis refuses: \(refusal)") }
      guard let numbers = reply.array?.map(\.integer), numbers.count == 4, let allowed = numbers[0],
        let current = numbers[1], let previous = numbers[2], let passed = numbers[3]
      else { return failed("an unexpected reply") }
      isFailing.store(false, ordering: .relaxed)
      return RateLimiter.State(
        isAllowed: allowed == 1, current: Double(current), previous: Double(previous),
        passed: Double(passed) / 1_000_000)
    } catch {
      return failed("\(error)")
    }
  }

  private func run(_ arguments: [String]) async throws(RedisError) -> RedisReply {
    if let name = loaded.withLock({ $0 }) {
      let reply = try await client.command(["EVALSHA", name] + arguments)
      guard case .error(let refusal) = reply, refusal.hasPrefix("NOSCRIPT") else { return reply }
    }
    let name = try await client.command("SCRIPT", "LOAD", RedisRateCounts.script).string
    loaded.withLock { $0 = name }
    return try await client.command(["EVAL", RedisRateCounts.script] + arguments)
  }

  private func failed(_ reason: String) -> RateLimiter.State? {
    if !isFailing.exchange(true, ordering: .relaxed) {
      logger.warning(
        "Rates are counted by this process alone: Redis fails", metadata: ["reason": "\(reason)"])
    }
    return nil
  }
}

extension RateLimiter.Subject {
  /// For a key.
  fileprivate var text: String {
    switch self {
    case .address(let address): "\(address)"
    case .user(let id): id.text(.user)
    case .apiKey(let id): id.text(.apiKey)
    case .trigger(let id): id.text(.trigger)
    }
  }
}
