import GraphQLEngine
import Outbound
import Resolvers

/// Who runs an operation whose results come one after the other.
struct OperationClient: Sendable {
  var viewer: Viewer?
  /// Counted as long as nobody is signed in.
  var address: IPAddress?
  /// The last event that a client has which resumes.
  var lastEventID: String?
  /// Where the events of a subscription are handed out: the event loop of its connection.
  var executor: (any TaskExecutor)?
  /// Takes results of a subscription from a line that has many readers; nil where each is handed out.
  var follower: (any ResultFollower)?
  /// Whether an operation counts for the client's rate; false where the request was counted already.
  var isCounted = true
  /// Is told where a subscription begins whose client does not know that yet.
  var began: (@Sendable (_ eventID: String) -> Void)?
}

/// One of an operation's results on its way to the client.
enum OperationResult: Sendable {
  /// A response, or a payload of an incremental one; with the name of the event that it answers.
  case next([UInt8], eventID: String?)
  /// The operation was not executed, or its source has failed: nothing else comes.
  case failed(GraphQLEngine.Response)
}

/// What the transports of live operations need of the server.
protocol OperationHost: Sendable {
  /// Who asks, and until when.
  func viewer(_ credentials: Credentials?) async -> Result<SignedIn?, GraphQLService.Refused>

  /// Executes an operation of any type and hands out its results; returns when it has none any more, the
  /// task is cancelled, or the client's follower is given the rest.
  @discardableResult
  func run(
    _ request: GraphQLRequest, for client: OperationClient, _ deliver: (OperationResult) async -> Void
  ) async -> SubscriptionRun.End
}

extension OperationHost {
  /// Why what a client has begun must not go on: its credentials are not accepted any more, or it is not the
  /// same that may ask. Nil while nothing is known against it.
  func objection(to viewer: Viewer, _ credentials: Credentials) async -> String? {
    switch await self.viewer(credentials) {
    case .failure(let refused): refused.error.code == .unauthenticated ? refused.error.message : nil
    // What was begun shows what could be seen with the former role.
    case .success(let now): now?.viewer == viewer ? nil : "Your role was changed: connect again."
    }
  }
}

extension GraphQLService: OperationHost {
  /// The log has a line of each operation, written when it has ended or only follows others.
  func run(
    _ request: GraphQLRequest, for client: OperationClient, _ deliver: (OperationResult) async -> Void
  ) async -> SubscriptionRun.End {
    let start = ContinuousClock.now
    var errorCount = 0
    defer { log(request, errorCount, ContinuousClock.now - start) }
    if client.isCounted,
      let wait = await rates.take(.of(client.viewer, client.address), count: 1)?.retrySeconds
    {
      errorCount = 1
      await deliver(.failed(GraphQLService.tooMany(wait)))
      return .over
    }
    do {
      let operation = try prepare(request)
      if operation.operationType == .subscription {
        return try await subscription(operation, request, client).run(for: client, deliver)
      }
      errorCount = try await run(operation, request, for: client, deliver)
    } catch {
      errorCount = error.errors.count
      await deliver(.failed(GraphQLService.coded(error.response)))
    }
    return .over
  }

  private func log(_ request: GraphQLRequest, _ errorCount: Int, _ duration: Duration) {
    logger.debug(
      "GraphQL operation on a stream",
      metadata: [
        "operation": "\(name(of: request).prefix(100))", "errors": "\(errorCount)", "duration": "\(duration)",
      ])
  }

  /// Starts a subscription; those that are equal share their answers.
  private func subscription(
    _ operation: PreparedOperation, _ request: GraphQLRequest, _ client: OperationClient
  ) async throws(RequestErrors) -> SubscriptionRun {
    var execution = try executionRequest(operation, request, client.viewer, lastEventID: client.lastEventID)
    let membership =
      request.isExplained
      ? nil : shared.join(operation, request, client.viewer, depth: facts(operation).depth)
    execution.eventResponses = membership
    return SubscriptionRun(
      responses: try await engine.subscribe(operation, execution), membership: membership)
  }

  /// Executes a prepared query or mutation; the number of errors that were told.
  private func run(
    _ operation: PreparedOperation, _ request: GraphQLRequest, for client: OperationClient,
    _ deliver: (OperationResult) async -> Void
  ) async throws(RequestErrors) -> Int {
    let execution = try executionRequest(operation, request, client.viewer)
    let results = await incrementally(operation, execution)
    guard results.initial.hasData else {
      await deliver(.failed(results.initial))
      return results.initial.errors.count
    }
    await deliver(.next(results.initial.bytes, eventID: nil))
    while let payload = await results.next() { await deliver(payload) }
    return results.initial.errors.count
  }
}

/// An answer that may come in pieces, within the time of a request.
struct TimedResults: Sendable {
  let initial: GraphQLEngine.Response
  let payloads: IncrementalPayloads?
  let stop: StopSwitch
  /// Nobody wants the rest, or there is none.
  let end: @Sendable () -> Void

  /// The next payload; when the time is up an error, and nothing behind it.
  func next() async -> OperationResult? {
    guard let payloads else { return nil }
    let payload = await stop.value {
      var iterator = payloads.makeAsyncIterator()
      return await iterator.next()
    }
    if let payload {
      if !payload.hasNext { end() }
      return .next(payload.bytes, eventID: nil)
    }
    end()
    guard stop.isStopped, !Task.isCancelled, !stop.wasTold() else { return nil }
    return .failed(GraphQLService.timedOut)
  }
}

extension GraphQLService {
  /// Executes a query or mutation so that what it defers may come later.
  ///
  /// - Parameter connection: with its end everything is given up.
  func incrementally(
    _ operation: PreparedOperation, _ request: ExecutionRequest, _ connection: ConnectionEnd? = nil
  ) async -> TimedResults {
    let stop = StopSwitch()
    let watch = deadlines.watch { stop.stop() }
    let action = connection?.whenOver { if $0 == .hungUp { stop.stop() } }
    let giveUp: @Sendable () -> Void = {
      deadlines.forget(watch)
      if let action { connection?.forget(action) }
    }
    let engine = engine
    // A client that goes away or completes gives up what it reads, but not half of what it changes.
    let response = await stop.value(isFinished: operation.operationType == .mutation) {
      await engine.executeIncrementally(operation, request)
    }
    if response?.hasNext != true { giveUp() }
    return TimedResults(
      initial: response.map { GraphQLService.coded($0.initial) } ?? GraphQLService.timedOut,
      payloads: response?.payloads, stop: stop, end: giveUp)
  }

  static let timedOut = coded(
    GraphQLEngine.Response(requestErrors: [GraphQLError(Engine.cancelledMessage)]))
}
