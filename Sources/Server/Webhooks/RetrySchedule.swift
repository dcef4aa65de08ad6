/// When a delivery that failed is tried again: the schedule that standardwebhooks.com recommends, with
/// jitter, so that what failed together does not come back together.
enum RetrySchedule {
  /// Seconds before each attempt.
  static let seconds: [Int64] = [
    0, 5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600,
  ]
  /// The longest wait that a receiver may ask for by `Retry-After`.
  static let maximumSeconds: Int64 = 24 * 3600

  /// Milliseconds until the attempt after `attempt`; nil when that was the last.
  /// - Parameters:
  ///   - attempt: from 1.
  ///   - retryAfter: milliseconds that the receiver asked for.
  ///   - jitter: 0 to 1; the wait grows by up to a tenth.
  static func delay(after attempt: Int, retryAfter: Int64?, jitter: Double) -> Int64? {
    guard attempt < seconds.count else { return nil }
    let base = max(seconds[max(1, attempt)] * 1000, min(retryAfter ?? 0, maximumSeconds * 1000))
    return base + Int64(Double(base / 10) * jitter)
  }
}
