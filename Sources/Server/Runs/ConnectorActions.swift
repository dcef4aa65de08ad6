import Connectors
import Flows
import Integrations

// Actions that are an operation of a connector.
extension OutboundActions {
  func perform(_ call: ConnectorCall, _ request: ActionRequest) async -> ActionOutcome {
    guard let accounts, let integration = request.integrationID else {
      return .failed(
        RunError(code: .configInvalid, message: "A connector's operation needs an integration."))
    }
    do throws(ConnectorFailure) {
      let account = AccountReference(integration, in: request.run.organizationID)
      return .completed(
        try await accounts.perform(
          call, as: account, idempotencyKey: request.idempotencyKey, isRepetition: request.mayHaveHappened))
    } catch {
      if Task.isCancelled { return .cancelled }
      return .rejected(
        RunError(error), ErrorClass(error), retryAfterMilliseconds: error.retryAfterMilliseconds)
    }
  }
}

extension RunError {
  /// The failure's class is the error's code.
  init(_ failure: ConnectorFailure) {
    var message = failure.message
    if let code = failure.code, code != message { message += " (\(code))" }
    if let wait = failure.retryAfterMilliseconds { message += " Try again in \((wait + 999) / 1000) s." }
    self.init(code: Code(rawValue: failure.failureClass.rawValue), message: message)
  }
}

extension ErrorClass {
  /// What a retry policy goes by.
  init(_ failure: ConnectorFailure) {
    switch failure.failureClass {
    case .rateLimited: self = .rateLimited
    case .unavailable: self = failure.status == nil ? .network : .server
    case .unknownOutcome: self = .unknown
    default: self = failure.isRetryable ? .server : .client
    }
  }
}
