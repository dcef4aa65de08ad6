import HTTPTypes

extension RateLimiter.Verdict {
  /// What a client is told with each answer: `RateLimit` and `RateLimit-Policy` (the IETF's draft, revision
  /// 10), the older `X-RateLimit-*`, and `Retry-After` when it has to wait.
  ///
  /// - Parameter unixSeconds: now, since `X-RateLimit-Reset` is a point in time.
  func write(to headers: inout HTTPFields, unixSeconds: Int64) {
    let window = Int(preset.window / .seconds(1))
    headers[Self.policyName] = "\"\(preset.name)\";q=\(preset.limit);w=\(window)"
    headers[Self.limitName] = "\"\(preset.name)\";r=\(remaining);t=\(resetSeconds)"
    headers[Self.legacyLimit] = "\(preset.limit)"
    headers[Self.legacyRemaining] = "\(remaining)"
    headers[Self.legacyReset] = "\(unixSeconds + Int64(resetSeconds))"
    if let retrySeconds { headers[.retryAfter] = "\(retrySeconds)" }
  }

  private static func name(_ text: String) -> HTTPField.Name { HTTPField.Name(text) ?? .from }

  private static let policyName = name("ratelimit-policy")
  private static let limitName = name("ratelimit")
  private static let legacyLimit = name("x-ratelimit-limit")
  private static let legacyRemaining = name("x-ratelimit-remaining")
  private static let legacyReset = name("x-ratelimit-reset")
}
