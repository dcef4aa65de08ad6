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
  private var failures = 0
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
        if let id = event.id { lastEventID = id }
        failures = 0
        if event.name == "complete" {
          isFinished = true
        } else if event.name == "next" {
          return try data(of: event)
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
      case .head(let response): try check(response)
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

  private func check(_ response: HTTPURLResponse) throws {
    guard response.statusCode == 200 else { throw GraphQLFailure.status(response.statusCode, "") }
  }

  // MARK: Recovery

  /// Returns when another attempt makes sense, and throws `error` when none does.
  private func recover(from error: any Error) async throws {
    if error is CancellationError { throw error }
    let isTokenRefused: Bool
    if let failure = error as? GraphQLFailure {
      if case .status(401, _) = failure {
        isTokenRefused = true
      } else {
        isTokenRefused = failure.code == "UNAUTHENTICATED"
      }
      guard isTokenRefused || failure.isTemporary else { throw error }
    } else {
      isTokenRefused = false
    }
    failures += 1
    guard failures <= client.resuming.attempts else { throw error }
    if isTokenRefused {
      guard let token, failures <= 2 else { throw error }
      refusedToken = token
    } else {
      try await Task.sleep(for: delay())
    }
  }

  private func delay() -> Duration {
    let doubled = client.resuming.firstDelay * (1 << min(failures - 1, 16))
    // Half of it by chance, so that the clients of a server that restarts do not all come at once.
    return min(doubled, client.resuming.longestDelay) * Double.random(in: 0.5...1)
  }
}

extension GraphQLFailure {
  /// Whether the same request may succeed later.
  fileprivate var isTemporary: Bool {
    switch self {
    case .status(let status, _): status == 429 || status >= 500
    case .errors: ["RATE_LIMITED", "UNAVAILABLE", "TIMEOUT"].contains(code ?? "")
    case .unreadable, .signedOut: false
    }
  }
}
