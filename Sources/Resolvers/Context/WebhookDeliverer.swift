import Storage

/// Sends webhooks' events to the world: what resolvers need of it. The server's is `WebhookSender`.
public protocol WebhookDeliverer: Sendable {
  /// Why nothing can ever be sent to this URL, one sentence; nil when it is well-formed.
  func problem(withURL url: String) -> String?

  /// Makes one attempt and stores its outcome. Returns when the outcome is stored, or cannot be.
  /// - Returns: false when the claim holds no more, as when the webhook was deleted meanwhile.
  @discardableResult
  func deliver(_ delivery: ClaimedDelivery) async -> Bool

  /// How long a claim must hold so that no attempt outlives it.
  var leaseMilliseconds: Int64 { get }
}
