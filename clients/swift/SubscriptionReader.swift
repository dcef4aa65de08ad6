import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Reads one subscription as server-sent events and takes it up again behind the last event.
actor SubscriptionReader<Subscription: GraphQLSubscription> {
  private let subscription: Subscription
  private let client: StudioClient
  private var parts: AsyncThrowingStream<StreamPart, any Error>.AsyncIterator?
  private var parser = EventStreamParser()
  private var waiting: [ServerEvent] = []
  private var lastEventID: String?
  // Both since the last event that could be read.
  private var failures = 0
  private var refusals = 0
  private var token: String?
  private var refusedToken: String?
  private var isFinished = false

  init(_ subscription: Subscription, client: StudioClient) {
    self.subscription = subscription
    self.client = client
  }

  /// The next answer; nil when the server has completed.
  func next() async throws -> Subscription.Data? {
    while !isFinished {
      try Task.checkCancellation()
      do {
        guard let event = try await nextEvent() else { throw URLError(.networkConnectionLost) }
        if event.name == "complete" {
          isFinished = true
        } else if event.name == "next" {
          // One that only tells of an error moves nothing on: it may be that event that comes again.
          let data = try data(of: event)
          if let id = event.id { lastEventID = id }
          failures = 0
          refusals = 0
          return data
        } else if let id = event.id {
          // Where the subscription begins, before there is an event.
          lastEventID = id
        }
      } catch {
        parts = nil
        try await recover(from: error)
      }
    }
    return nil
  }

  private func data(of event: ServerEvent) throws -> Subscription.Data {
    let answer: GraphQLResponse<Subscription.Data>
    do {
      answer = try JSONDecoder().decode(GraphQLResponse.self, from: Data(event.data.utf8))
    } catch {
      throw GraphQLFailure.unreadable("\(error)")
    }
    if let errors = answer.errors, !errors.isEmpty { throw GraphQLFailure.errors(errors) }
    guard let data = answer.data else { throw GraphQLFailure.unreadable("an event without data and errors") }
    return data
  }

  // MARK: Connection

  private func nextEvent() async throws -> ServerEvent? {
    while waiting.isEmpty {
      if parts == nil { try await connect() }
      guard let part = try await nextPart() else { return nil }
      switch part {
      case .head(let response): if response.statusCode != 200 { throw try await refusal(response) }
      case .body(let data): waiting = try parser.append(data)
      }
    }
    return waiting.removeFirst()
  }

  private func nextPart() async throws -> StreamPart? {
    guard var iterator = parts else { return nil }
    let part = try await iterator.next(isolation: self)
    parts = iterator
    return part
  }

  private func connect() async throws {
    token = nil
    token = try await client.accessToken(refused: refusedToken)
    refusedToken = nil
    var request = try URLRequest.graphQL(client.url, subscription)
    request.setToken(token)
    request.setValue("text/event-stream", forHTTPHeaderField: "Accept")
    if let lastEventID { request.setValue(lastEventID, forHTTPHeaderField: "Last-Event-ID") }
    // The server sends a comment now and then: silence means that the connection is gone.
    request.timeoutInterval = 60
    parser = EventStreamParser()
    waiting = []
    parts = client.stream(request).makeAsyncIterator()
  }

  /// Why there is no stream: the server's errors where it tells them, else the status.
  private func refusal(_ response: HTTPURLResponse) async throws -> RefusedStream {
    var body = Data()
    while body.count < 65_536, case .body(let more)? = try await nextPart() { body += more }
    let failure: GraphQLFailure
    if let answer = try? GraphQLResponse<Subscription.Data>.read(body, response), let errors = answer.errors,
      !errors.isEmpty
    {
      failure = .errors(errors)
    } else {
      failure = .status(response.statusCode, String(decoding: body.prefix(500), as: UTF8.self))
    }
    let asked = response.value(forHTTPHeaderField: "Retry-After").flatMap { Int($0) }
    return RefusedStream(
      failure: failure, status: response.statusCode, retryAfter: asked.map { .seconds(min($0, 60)) })
  }

  // MARK: Recovery

  /// Returns when another attempt makes sense, and throws the reason when none does.
  private func recover(from thrown: any Error) async throws {
    if thrown is CancellationError { throw thrown }
    let refused = thrown as? RefusedStream
    let error: any Error = refused?.failure ?? thrown
    let failure = error as? GraphQLFailure
    if refused?.status == 401 || failure?.code == "UNAUTHENTICATED" {
      refusals += 1
      guard let token, refusals <= 2 else { throw error }
      refusedToken = token
      return
    }
    let isTemporary = refused?.isTemporary ?? failure?.isTemporary ?? true
    failures += 1
    guard isTemporary, failures <= client.resuming.attempts else { throw error }
    try await Task.sleep(for: max(delay(), refused?.retryAfter ?? .zero))
  }

  private func delay() -> Duration {
    let doubled = client.resuming.firstDelay * (1 << min(failures - 1, 16))
    // Half of it by chance, so that the clients of a server that restarts do not all come at once.
    return min(doubled, client.resuming.longestDelay) * Double.random(in: 0.5...1)
  }
}

/// An answer that is no stream.
private struct RefusedStream: Error {
  var failure: GraphQLFailure
  var status: Int
  var retryAfter: Duration?

  var isTemporary: Bool { status == 429 || status >= 500 }
}

extension GraphQLFailure {
  /// Whether the same request may succeed later.
  fileprivate var isTemporary: Bool {
    switch self {
    case .status(let status, _): status == 429 || status >= 500
    case .errors: ["RATE_LIMITED", "SLOW_READER", "UNAVAILABLE", "TIMEOUT"].contains(code ?? "")
    case .unreadable, .signedOut: false
    }
  }
}
