import Connectors
import Flows
import HTTPTypes
import Hummingbird
import Security
import Storage

/// What services send to triggers of their integrations: verified, challenges answered, and each event stored
/// with its run as every other delivery is.
extension HookEndpoint {
  /// Nil when the trigger or the flow has changed, or, the first time, when they must have changed for the
  /// request to count: nothing else tells that of what is not stored.
  func store(
    _ hook: HookRequest, _ ready: HookReceivers.Ready, from service: ServiceHook, isFirst: Bool,
    _ request: Request, _ context: ClientContext
  ) async throws -> Hummingbird.Response? {
    // Some look whether there is somebody before they send anything.
    if hook.method == "HEAD" { return HookEndpoint.taken(nil) }
    let sent: ServiceRequest
    do {
      sent = try serviceRequest(hook, request)
    } catch {
      throw HookRefusal(.badRequest, error.message)
    }
    let challenge = service.challenge(in: sent)
    if challenge?.isSigned ?? true, let refusal = service.refusal(of: sent, hook) {
      if isFirst { return nil }
      throw refusal
    }
    if let challenge {
      if let secret = challenge.secret(in: sent) {
        guard try await keep(secret, ready.receiver.key) else { return nil }
      }
      return service.answer(challenge, to: sent)
    }
    let name = service.webhook.eventName(in: sent)
    guard service.wants(name) else { return isFirst ? nil : HookEndpoint.taken(nil) }
    let input = service.event.input(event: sent.body, name: name, integration: service.integrationID)
    var arrival = arrival(ready, input: input, request, context)
    guard arrival.input.utf8.count <= HookEndpoint.maximumBody else { throw HookRefusal.tooLarge }
    if let key = service.webhook.deliveryKey(in: sent), !key.isEmpty {
      arrival.deliveryKey = try HookCheck.storable(key)
    }
    return switch try await outcome(arrival) {
    case .stored: HookEndpoint.taken(arrival.runID)
    case .duplicate(let run): HookEndpoint.taken(run)
    case .stale, .undecided: nil
    }
  }

  private func serviceRequest(
    _ hook: HookRequest, _ request: Request
  ) throws(HookRequest.Unreadable) -> ServiceRequest {
    let parsed = try hook.parsedBody()
    let query = request.uri.query.map { "?" + $0 } ?? ""
    let path = request.uri.path.dropFirst(HookEndpoint.prefix.count)
    return ServiceRequest(
      method: hook.method, url: hooksURL + path + query, headers: hook.headers, query: hook.query,
      body: ServiceRequestBody(bytes: hook.body, value: parsed.value, form: hook.form))
  }

  /// Keeps the secret that a service tells, once; false when there is one already, or the trigger has
  /// changed.
  private func keep(_ secret: String, _ key: TriggerReference) async throws -> Bool {
    guard (1...255).contains(secret.utf8.count) else {
      throw HookRefusal(.badRequest, "The secret must have 1 to 255 bytes.")
    }
    let isKept = try await triggers.keep(receivers.sealed(secret, key), of: key)
    receivers.forget(key)
    return isKept
  }

  /// Services want nothing but a success; the header is for people who try it.
  private static func taken(_ run: Identifier?) -> Hummingbird.Response {
    var response = Hummingbird.Response(status: .ok, headers: [.cacheControl: "no-store"])
    if let run { response.headers[executionName] = run.text(.execution) }
    return response
  }
}
