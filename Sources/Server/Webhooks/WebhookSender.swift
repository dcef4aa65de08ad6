import Flows
import Logging
import Outbound
import Resolvers
import Secrets
import Storage

/// Sends deliveries behind the address guard, signed as standardwebhooks.com asks, and stores what came of
/// it. A value; any task.
struct WebhookSender: WebhookDeliverer {
  /// For one attempt, everything together.
  static let timeout = Duration.seconds(20)
  /// Bytes of an answer's body that are read, and that are kept.
  static let maximumAnswer = 64 << 10
  static let maximumExcerpt = 2048

  let client: OutboundClient
  let store: DeliveryStore
  let secrets: SecretBox
  let logger: Logger

  /// An attempt and the storing of its outcome are over long before.
  var leaseMilliseconds: Int64 { 60_000 }

  func problem(withURL url: String) -> String? {
    OutboundClient.problem(withURL: url)?.description
  }

  @discardableResult
  func deliver(_ delivery: ClaimedDelivery) async -> Bool {
    let outcome = await attempt(delivery)
    do {
      // Also when the server is stopping: an outcome that is lost is an attempt more.
      return try await Task { [store] in try await store.record(outcome, of: delivery) }.value
    } catch {
      logger.warning(
        "The outcome of a delivery could not be stored",
        metadata: ["delivery": "\(delivery.id.text(.webhookDelivery))"])
      return true
    }
  }

  private func attempt(_ delivery: ClaimedDelivery) async -> DeliveryStore.Outcome {
    // Its process died with each attempt; it must not go round for ever.
    if delivery.attempt > RetrySchedule.seconds.count {
      return failure(delivery, "The attempts had no outcome.", retryAfter: nil)
    }
    let request: OutboundRequest
    do {
      request = try self.request(delivery)
    } catch {
      return failure(delivery, "The secret cannot be opened.", retryAfter: nil)
    }
    let start = ContinuousClock.now
    var outcome: DeliveryStore.Outcome
    do {
      outcome = judge(try await client.send(request), delivery)
    } catch OutboundError.cancelled {
      outcome = DeliveryStore.Outcome(delivery.isTest ? .failed : .pending, .none)
      outcome.error = "The server stopped."
    } catch {
      outcome = failure(delivery, error.description, retryAfter: nil)
    }
    outcome.durationMilliseconds = Int((ContinuousClock.now - start) / .milliseconds(1))
    return outcome
  }

  private func request(_ delivery: ClaimedDelivery) throws -> OutboundRequest {
    let place = SecretContext.webhook(delivery.webhookID, in: delivery.organizationID)
    let keys = try delivery.secrets.map { WebhookSecret(bytes: try secrets.open($0, for: place)) }
    let id = delivery.id.text(.webhookDelivery)
    let timestamp = SystemRunClock().now().microseconds / 1_000_000
    let body = Array(delivery.payload.utf8)
    var request = OutboundRequest(
      method: "POST", url: delivery.url,
      headers: [
        OutboundHeader("Content-Type", "application/json"),
        OutboundHeader("webhook-id", id),
        OutboundHeader("webhook-timestamp", String(timestamp)),
        OutboundHeader(
          "webhook-signature",
          WebhookSignature.header(id: id, timestamp: timestamp, body: body, secrets: keys)),
      ], body: body)
    request.timeout = WebhookSender.timeout
    request.maximumResponseBytes = WebhookSender.maximumAnswer
    // Whoever says 200 has taken it, however much comes behind: nothing would be gained by sending it again.
    request.cutsLongBody = true
    // A redirect is a failure: the signature is for the URL's owner.
    request.followRedirects = 0
    return request
  }

  private func judge(
    _ response: OutboundResponse, _ delivery: ClaimedDelivery
  ) -> DeliveryStore.Outcome {
    var outcome: DeliveryStore.Outcome
    switch response.status {
    case 200..<300:
      outcome = DeliveryStore.Outcome(.delivered, delivery.isTest ? .none : .works)
    case 410:
      outcome = DeliveryStore.Outcome(.failed, delivery.isTest ? .none : .gone)
    default:
      let asked = response.header("retry-after").flatMap {
        RetryAfter.milliseconds($0, now: SystemRunClock().now())
      }
      outcome = failure(delivery, nil, retryAfter: asked)
    }
    outcome.responseStatus = response.status
    outcome.responseExcerpt = WebhookSender.excerpt(response.body)
    return outcome
  }

  /// A failed attempt: a test is not tried again.
  private func failure(
    _ delivery: ClaimedDelivery, _ error: String?, retryAfter: Int64?
  ) -> DeliveryStore.Outcome {
    var outcome = DeliveryStore.Outcome(.failed, delivery.isTest ? .none : .fails)
    outcome.error = error
    let jitter = Double.random(in: 0...1)
    if !delivery.isTest,
      let delay = RetrySchedule.delay(after: delivery.attempt, retryAfter: retryAfter, jitter: jitter)
    {
      outcome.end = .pending
      outcome.delayMilliseconds = delay
    }
    return outcome
  }

  /// Text that Postgres can store: no NUL, whole characters, bounded in bytes.
  static func excerpt(_ body: [UInt8]) -> String {
    let repaired = String(decoding: body.prefix(maximumExcerpt), as: UTF8.self)
    var text = ""
    for character in repaired.unicodeScalars where character != "\0" {
      guard text.utf8.count + UTF8.width(character) <= maximumExcerpt else { break }
      text.unicodeScalars.append(character)
    }
    return text
  }
}
