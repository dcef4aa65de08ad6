import Flows
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Postgres
import Secrets
import Storage

/// `/hooks/…`: what other services send, by any method. A request is answered after its run is stored, or
/// with what the run gave.
struct HookEndpoint: Sendable {
  static let prefix = "/hooks/"
  /// Bytes of a body; the run's input, in which it lies, has the same bound.
  static let maximumBody = 256 << 10

  let receivers: HookReceivers
  let inbox: HookInbox
  /// Stores the events of a request that holds several.
  let received: ReceivedStore
  let groups = EventGroups()
  let triggers: TriggerStore
  /// The URL before a trigger's own part, as services are told it.
  let hooksURL: String
  let outcomes: RunOutcomes
  let notifier: RunNotifier
  let identifiers: UUIDv7Generator
  let rates: RateLimiter
  let addresses: ClientAddresses
  let logger: Logger

  /// Whether a request's target is a webhook's as its URL was given out, with a query or not, for
  /// `DirectExchange`; what is spelled otherwise is the router's.
  static func isTarget(_ target: String) -> Bool {
    guard target.hasPrefix(prefix) else { return false }
    let token = target.utf8.dropFirst(prefix.utf8.count).prefix { $0 != UInt8(ascii: "?") }
    return token.count == HookToken.length
      && !token.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "%") }
  }

  func answer(_ request: Request, _ context: ClientContext) async -> Hummingbird.Response {
    var verdict: RateLimiter.Verdict?
    var response: Hummingbird.Response
    do {
      response = try await served(request, context, &verdict)
    } catch let refusal as HookRefusal {
      response = refusal.response
    } catch is HookInbox.Full {
      response = HookRefusal(.serviceUnavailable, "Too much arrives at once; send again.").response
    } catch let error as PostgresError where error.code != .server {
      logger.warning("A webhook's request could not be stored", metadata: ["error": "\(error)"])
      response = HookRefusal(.serviceUnavailable, "The database cannot be reached now; send again.").response
    } catch {
      logger.error("A webhook's request failed", metadata: ["error": "\(error)"])
      response = HookRefusal(.internalServerError, "Internal error.").response
    }
    verdict?.write(to: &response.headers, unixSeconds: SystemClock.unixSeconds())
    return response
  }

  private func served(
    _ request: Request, _ context: ClientContext, _ verdict: inout RateLimiter.Verdict?
  ) async throws -> Hummingbird.Response {
    guard let token = HookToken(request.uri.path.dropFirst(HookEndpoint.prefix.count)) else {
      throw HookRefusal.unknown
    }
    let key = TriggerReference(
      organizationID: Identifier(token.organization), triggerID: Identifier(token.trigger))
    var arrived: HookRequest?
    // Trigger or flow may change while a request is on its way: it is looked at again as they are then.
    for attempt in 1...5 {
      let ready = try await ready(key, token)
      if arrived == nil {
        verdict = await rates.take(.trigger(key.triggerID), count: 1)
        if let wait = verdict?.retrySeconds {
          throw HookRefusal(.tooManyRequests, "Too many requests; wait \(wait) seconds.")
        }
      }
      let hook: HookRequest
      if let arrived { hook = arrived } else { hook = try await HookEndpoint.read(request) }
      arrived = hook
      let answer =
        if let service = ready.service {
          try await store(hook, ready, from: service, isFirst: attempt == 1, request, context)
        } else { try await store(hook, ready, request, context) }
      if let answer { return answer }
      receivers.forget(key)
    }
    throw HookRefusal(.serviceUnavailable, "The flow is being changed; send again.")
  }

  private func ready(_ key: TriggerReference, _ token: HookToken) async throws -> HookReceivers.Ready {
    switch try await receivers.find(key) {
    case .ready(let ready) where token.matches(ready.urlKey): return ready
    case .refusing(let urlKey, let reason) where token.matches(urlKey): throw HookRefusal(.conflict, reason)
    // The URL may have been replaced a moment ago by the one that is asked for.
    case .ready:
      receivers.forget(key)
      if case .ready(let ready) = try await receivers.find(key), token.matches(ready.urlKey) { return ready }
      throw HookRefusal.unknown
    case .refusing, .unknown: throw HookRefusal.unknown
    }
  }

  // MARK: Storing

  /// Nil when the trigger or the flow has changed.
  private func store(
    _ hook: HookRequest, _ ready: HookReceivers.Ready, _ request: Request, _ context: ClientContext
  ) async throws -> Hummingbird.Response? {
    let check = HookCheck(ready: ready, hook: hook, now: SystemClock.unixSeconds())
    try check.signature()
    let body: (value: JSONValue, isBase64: Bool)
    do {
      body = try hook.parsedBody()
    } catch {
      throw HookRefusal(.badRequest, error.message)
    }
    if let challenge = check.slackChallenge(body.value) {
      return HookEndpoint.json(.ok, ["challenge": challenge])
    }
    var arrival = arrival(ready, input: hook.input(body.value, isBase64: body.isBase64), request, context)
    guard arrival.input.utf8.count <= HookEndpoint.maximumBody else { throw HookRefusal.tooLarge }
    arrival.deliveryKey = try check.deliveryKey(body.value)
    guard ready.webhook.answer != .accepted else { return try await accepted(arrival) }
    arrival.isAwaited = true
    return try await answered(arrival, ready)
  }

  func arrival(
    _ ready: HookReceivers.Ready, input: JSONValue, _ request: Request, _ context: ClientContext
  ) -> ReceivedStore.Arrival {
    var arrival = ReceivedStore.Arrival(
      receiver: ready.receiver, version: ready.version, deliveryID: Identifier(identifiers.next()),
      runID: Identifier(identifiers.next()), input: input.text())
    arrival.value = input
    arrival.address = addresses.address(of: request, context)?.description
    return arrival
  }

  private func accepted(_ arrival: ReceivedStore.Arrival) async throws -> Hummingbird.Response? {
    switch try await outcome(arrival) {
    case .stored: HookEndpoint.accepted(arrival.runID, arrival.deliveryID)
    case .duplicate(let run): HookEndpoint.accepted(run, nil)
    case .stale, .undecided: nil
    }
  }

  /// Waits for the run, or for a node of it. A second arrival waits for the run of the first.
  private func answered(
    _ arrival: ReceivedStore.Arrival, _ ready: HookReceivers.Ready
  ) async throws -> Hummingbird.Response? {
    let node = ready.webhook.answer == .node ? ready.receiver.answerNodeID : nil
    let timeout = Duration.milliseconds(ready.webhook.answerTimeoutMilliseconds)
    let organization = arrival.receiver.key.organizationID
    var run = RunReference(organizationID: organization, runID: arrival.runID)
    var place = outcomes.take(run, node: node, timeout: timeout)
    var isNew = true
    do {
      switch try await outcome(arrival) {
      case .stored: break
      case .duplicate(let first):
        outcomes.leave(place)
        run = RunReference(organizationID: organization, runID: first)
        place = outcomes.take(run, node: node, timeout: timeout)
        isNew = false
      case .stale, .undecided:
        outcomes.leave(place)
        return nil
      }
    } catch {
      outcomes.leave(place)
      throw error
    }
    return HookEndpoint.answer(await outcome(of: place, isNew: isNew), run.runID, arrival.deliveryID)
  }

  /// Nil when the time is up, and when the server stops: the sender is told the run's id, and another server
  /// goes on with it.
  private func outcome(of place: RunOutcomes.Place, isNew: Bool) async -> RunOutcomes.Outcome? {
    let connection = ConnectionEnd.current
    let action = connection?.whenOver { [outcomes] _ in outcomes.giveUp(place) }
    defer { if let action { connection?.forget(action) } }
    return await outcomes.outcome(of: place, isNew: isNew)
  }

  func outcome(_ arrival: ReceivedStore.Arrival) async throws -> HookInbox.Outcome {
    var arrival = arrival
    await received.drive(&arrival)
    // What came twice at the same moment is decided when the first is committed; what may not run yet goes to
    // the queue.
    for _ in 1...3 {
      let outcome = try await inbox.accept(arrival)
      if case .stored(let acceptance) = outcome {
        notifier.accepted(
          RunReference(organizationID: arrival.receiver.key.organizationID, runID: arrival.runID), acceptance)
      }
      if outcome != .undecided { return outcome }
      arrival.leaveUndriven()
    }
    throw HookRefusal(.serviceUnavailable, "The same delivery arrives several times at once; send again.")
  }

  // MARK: Requests and answers

  static func read(_ request: Request) async throws -> HookRequest {
    if let encoding = request.headers[.contentEncoding], encoding.lowercased() != "identity" {
      throw HookRefusal(.unsupportedMediaType, "Content-Encoding is not supported here.", closes: true)
    }
    let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 0
    guard announced <= maximumBody else { throw HookRefusal.tooLarge }
    let body: ByteBuffer
    do {
      body = try await request.body.collect(upTo: maximumBody)
    } catch is NIOTooManyBytesError {
      throw HookRefusal.tooLarge
    } catch {
      throw HookRefusal(.badRequest, "The body did not arrive.", closes: true)
    }
    return HookRequest(
      method: request.method.rawValue,
      headers: request.headers.map { ($0.name.canonicalName, $0.value) },
      query: HookRequest.pairs(request.uri.query ?? ""), body: Array(body.readableBytesView))
  }

  /// `delivery` is missing for one that came before.
  private static func accepted(_ run: Identifier, _ delivery: Identifier?) -> Hummingbird.Response {
    var members: [JSONObject.Member] = [.init(key: "execution", value: .string(run.text(.execution)))]
    if let delivery {
      members.append(.init(key: "delivery", value: .string(delivery.text(.triggerDelivery))))
    } else {
      members.append(.init(key: "duplicate", value: true))
    }
    return json(.accepted, .object(JSONObject(members)))
  }

  private static func answer(
    _ outcome: RunOutcomes.Outcome?, _ run: Identifier, _ delivery: Identifier
  ) -> Hummingbird.Response {
    var response: Hummingbird.Response
    switch outcome {
    case nil: response = accepted(run, delivery)
    case .output(let text): response = json(.ok, text: text)
    case .nothing: response = Hummingbird.Response(status: .noContent)
    case .failed(let error):
      response = json(
        .internalServerError,
        text: "{\"execution\":\"\(run.text(.execution))\",\"error\":\(error ?? "null")}")
    }
    response.headers[executionName] = run.text(.execution)
    return response
  }

  static func json(_ status: HTTPResponse.Status, _ value: JSONValue) -> Hummingbird.Response {
    json(status, text: value.text())
  }

  private static func json(_ status: HTTPResponse.Status, text: String) -> Hummingbird.Response {
    Hummingbird.Response(
      status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  static let executionName = HTTPField.Name("studio-execution") ?? .from
}

/// A request that starts nothing, with a sentence for its sender.
struct HookRefusal: Error {
  let status: HTTPResponse.Status
  let message: String
  /// Whether what is left of the body is not read.
  var closes = false

  init(_ status: HTTPResponse.Status, _ message: String, closes: Bool = false) {
    self.status = status
    self.message = message
    self.closes = closes
  }

  static let unknown = HookRefusal(.notFound, "There is no such webhook.")
  static let tooLarge = HookRefusal(
    .contentTooLarge, "A request may have \(HookEndpoint.maximumBody) bytes at most.", closes: true)

  var response: Hummingbird.Response {
    var response = HookEndpoint.json(status, ["error": .string(message)])
    if closes { response.headers[.connection] = "close" }
    return response
  }
}
