import Connectors
import Flows
import HTTPTypes
import Hummingbird
import Secrets
import Storage

/// What services send to triggers of their integrations: verified, challenges answered, and each event stored
/// with its run as every other delivery is. All events of a request are one commit.
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
      // What is known already was told again, because the answer was lost.
      if service.secrets.isEmpty, let secret = challenge.secret(in: sent) {
        guard try await keep(secret, ready.receiver.key) else { return nil }
      }
      return service.answer(challenge, to: sent)
    }
    let events = try HookEndpoint.events(in: sent, of: service)
    if let refusal = service.refusal(ofAny: events.map(\.sent), hook) {
      if isFirst { return nil }
      throw refusal
    }
    let wanted = events.filter { service.wants($0.name) }
    if wanted.count < events.count, isFirst { return nil }
    guard !wanted.isEmpty else { return HookEndpoint.taken(nil) }
    return try await store(wanted, ready, from: service, request, context)
  }

  /// An event of a request, and its name.
  private struct Event {
    var sent: ServiceRequest
    var name: String?
  }

  private static func events(
    in sent: ServiceRequest, of service: ServiceHook
  ) throws(HookRefusal) -> [Event] {
    do {
      return try service.webhook.events(in: sent).map {
        Event(sent: $0, name: service.webhook.eventName(in: $0))
      }
    } catch {
      throw HookRefusal(.contentTooLarge, "The request holds more events than one may.")
    }
  }

  /// Nil when the trigger or the flow has changed.
  private func store(
    _ events: [Event], _ ready: HookReceivers.Ready, from service: ServiceHook,
    _ request: Request, _ context: ClientContext
  ) async throws -> Hummingbird.Response? {
    var arrivals: [ReceivedStore.Arrival] = []
    var keys: Set<String> = []
    for event in events {
      let input = service.event.input(
        event: event.sent.body, name: event.name, integration: service.integrationID)
      var arrival = arrival(ready, input: input, request, context)
      guard arrival.input.utf8.count <= HookEndpoint.maximumBody else { throw HookRefusal.tooLarge }
      if let key = service.webhook.deliveryKey(in: event.sent), !key.isEmpty {
        arrival.deliveryKey = HookCheck.shortened(key)
        guard keys.insert(HookCheck.shortened(key)).inserted else { continue }
      }
      arrivals.append(arrival)
    }
    let outcomes = arrivals.count == 1 ? [try await outcome(arrivals[0])] : try await outcomes(arrivals)
    return switch outcomes[0] {
    case .stored: HookEndpoint.taken(arrivals[0].runID)
    case .duplicate(let run): HookEndpoint.taken(run)
    case .stale, .undecided: nil
    }
  }

  /// What became of the events of one request: one statement stores them. Of one trigger all are stale, or
  /// none.
  private func outcomes(_ arrivals: [ReceivedStore.Arrival]) async throws -> [HookInbox.Outcome] {
    let bytes = arrivals.reduce(0) { $0 + $1.input.utf8.count }
    guard groups.enter(bytes: bytes) else { throw HookInbox.Full() }
    defer { groups.leave(bytes: bytes) }
    var outcomes = [HookInbox.Outcome](repeating: .undecided, count: arrivals.count)
    // What came twice at the same moment is decided when the first is committed.
    for _ in 1...3 {
      let open = outcomes.indices.filter { outcomes[$0] == .undecided }
      for (place, outcome) in zip(open, try await received.accept(open.map { arrivals[$0] })) {
        outcomes[place] = outcome
        guard case .stored(let acceptance) = outcome else { continue }
        let key = arrivals[place].receiver.key
        notifier.accepted(
          RunReference(organizationID: key.organizationID, runID: arrivals[place].runID), acceptance)
      }
      if !outcomes.contains(.undecided) { return outcomes }
    }
    throw HookRefusal(.serviceUnavailable, "The same delivery arrives several times at once; send again.")
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
