import Base64Text
import Flows

/// Makes an output or a failure of an answer. A value; any thread.
struct AnswerReader {
  /// Characters of a service's message that are told.
  static let maximumMessage = 500

  let manifest: Manifest
  let operation: Operation
  /// The wall clock when the answer arrived, in milliseconds since 1970.
  let nowMilliseconds: Int64

  /// The answer's values: `body`, `headers` and `status`.
  func scope(of answer: ConnectorAnswer, _ scope: ValueScope) throws(ConnectorFailure) -> ValueScope {
    var scope = scope
    scope["headers"] = answer.headerObject
    scope["status"] = .integer(Int64(answer.status))
    let isSuccess = (200..<300).contains(answer.status)
    let text = BodyText.utf8(answer.body, contentType: answer.header("content-type"))
    switch operation.response.body {
    case .text where isSuccess: scope["body"] = .string(String(decoding: text, as: UTF8.self))
    case .base64 where isSuccess: scope["body"] = .string(Base64.encode(answer.body))
    default:
      if let body = try? JSONValue(parsing: text) {
        scope["body"] = body
      } else if answer.body.isEmpty || !isSuccess {
        scope["body"] = .null
      } else if operation.response.body == .auto {
        scope["body"] = .string(String(decoding: text, as: UTF8.self))
      } else {
        throw ConnectorFailure(.failed, "The service's answer is not JSON.", status: answer.status)
      }
    }
    return scope
  }

  /// The failure that an answer means; nil when it is a success.
  func failure(_ answer: ConnectorAnswer, _ scope: ValueScope) -> ConnectorFailure? {
    let isSuccess = (200..<300).contains(answer.status)
    let errors = manifest.errors
    if isSuccess && errors.sign?.isThere(in: scope) != true { return nil }
    let code = errors.code.lazy.compactMap { scope.value(at: $0).flatMap(Place.plainText) }.first
    let said = errors.message.lazy.compactMap { scope.value(at: $0).flatMap(Place.plainText) }
      .first { !$0.isEmpty }
    let failureClass =
      code.flatMap { errors.codes[$0] } ?? usedUp(answer) ?? errors.statuses[answer.status]
      ?? (isSuccess ? .failed : FailureClass.of(status: answer.status))
    let message = said ?? code ?? "The service answered with the status \(answer.status)."
    var failure = ConnectorFailure(
      failureClass, String(message.prefix(AnswerReader.maximumMessage)), status: answer.status,
      isRetryable: failureClass.isRetryable || errors.retryable.contains(answer.status))
    failure.code = code.map { String($0.prefix(100)) }
    failure.retryAfterMilliseconds = retryAfter(answer, scope, failureClass)
    return failure
  }

  /// Some services refuse with 403 what is too much, and only their headers tell it.
  private func usedUp(_ answer: ConnectorAnswer) -> FailureClass? {
    guard answer.status == 403 || answer.status == 429 else { return nil }
    let readings = RateReading.readings(answer, manifest.rateLimits, nowMilliseconds)
    return readings.contains { $0.remaining == 0 } ? .rateLimited : nil
  }

  /// What `Retry-After` says (RFC 9110 § 10.2.3), or the body, or the service's own headers when the limit
  /// is used up.
  private func retryAfter(
    _ answer: ConnectorAnswer, _ scope: ValueScope, _ failureClass: FailureClass
  ) -> Int64? {
    guard failureClass.isRetryable else { return nil }
    let limits = manifest.rateLimits
    if let name = limits.retryAfter, let text = answer.header(name),
      let wait = ResetTime.wait(text, limits.retryAfterKind, nowMilliseconds)
    {
      return wait
    }
    if let text = answer.header("retry-after") {
      let wait =
        ResetTime.wait(text, .seconds, nowMilliseconds)
        ?? ResetTime.wait(text, .httpDate, nowMilliseconds)
      if let wait { return wait }
    }
    let told = limits.retryIn.lazy.compactMap { scope.value(at: $0).flatMap(Place.plainText) }.first
    if let wait = told.flatMap({ ResetTime.wait($0, limits.retryInKind, nowMilliseconds) }) { return wait }
    guard failureClass == .rateLimited else { return nil }
    return RateReading.readings(answer, limits, nowMilliseconds).compactMap { reading in
      reading.remaining == 0 ? reading.resetInMilliseconds : nil
    }.max()
  }

  /// The output of an answer that is a success.
  func output(_ scope: ValueScope) -> JSONValue { operation.response.output.value(in: scope) ?? .null }

  /// The items of a page, each as the operation gives it.
  func items(_ scope: ValueScope) -> (raw: [JSONValue], mapped: [JSONValue]) {
    guard let paging = operation.paging, let raw = scope.value(at: paging.items)?.array else {
      return ([], [])
    }
    let mapped = raw.map { item in
      var scope = scope
      scope["item"] = item
      return operation.response.output.value(in: scope) ?? .null
    }
    return (raw, mapped)
  }
}
