import GraphQLEngine
import Logging
import Outbound
import Postgres
import Resolvers

/// Runs GraphQL requests for every transport: prepares, executes, and gives errors their codes.
struct GraphQLService: Sendable {
  let engine: Engine
  let services: Services
  let authenticator: Authenticator
  let documents: PersistedDocuments
  let limits: OperationLimits
  let logger: Logger
  /// Ends what takes too long.
  let deadlines: Deadlines
  let rates: RateLimiter
  var explaining = ExplainAccess.admins
  /// Equal subscriptions, which answer each event once.
  let shared = SharedSubscriptions()

  /// Executes a query or mutation of the program's own, whatever documents clients may send.
  func executeOwn(_ request: GraphQLRequest, viewer: Viewer?) async -> GraphQLEngine.Response {
    do {
      return await execute(try prepare(request.query ?? "", request), request, viewer: viewer)
    } catch {
      return GraphQLService.coded(error.response)
    }
  }

  /// Executes a query or mutation that was prepared.
  nonisolated(nonsending) func execute(
    _ operation: PreparedOperation, _ request: GraphQLRequest, viewer: Viewer?
  ) async -> GraphQLEngine.Response {
    guard operation.operationType != .subscription else { return GraphQLService.needsStream }
    do {
      return await bounded(operation, try executionRequest(operation, request, viewer))
    } catch {
      return GraphQLService.coded(error.response)
    }
  }

  /// Executes within the time that a request may take, a query only as long as its client has not hung up;
  /// what is under way then is given up, statements too. A change is finished though nobody reads of it.
  private nonisolated(nonsending) func bounded(
    _ operation: PreparedOperation, _ request: ExecutionRequest
  ) async -> GraphQLEngine.Response {
    let cancellation = Cancellation()
    var request = request
    request.cancellation = cancellation
    let watch = deadlines.watch { cancellation.cancel() }
    let connection = operation.operationType == .query ? ConnectionEnd.current : nil
    let action = connection?.whenOver { if $0 == .hungUp { cancellation.cancel() } }
    defer {
      deadlines.forget(watch)
      if let action { connection?.forget(action) }
    }
    return GraphQLService.coded(await engine.execute(operation, request))
  }

  /// The operation's name for the log, also when only the document has it; empty when there is none.
  func name(of request: GraphQLRequest) -> String {
    guard request.operationName == nil, logger.logLevel <= .debug else { return request.operationName ?? "" }
    return (try? prepare(request).name) ?? ""
  }

  /// Finds the document, parses and validates it, or finds that done; the errors carry their codes.
  func prepare(_ request: GraphQLRequest) throws(RequestErrors) -> PreparedOperation {
    let document = try documents.resolve(request)
    let operation = try prepare(document.text, request)
    try limits.check(facts(operation), request.variables)
    documents.remember(document)
    return operation
  }

  /// What is known of an operation whatever its variables are.
  func facts(_ operation: PreparedOperation) -> OperationFacts {
    operation.memo { OperationFacts.of($0, engine.executable.schema) }
  }

  private func prepare(_ text: String, _ request: GraphQLRequest) throws(RequestErrors) -> PreparedOperation {
    do {
      return try engine.prepare(text, operationName: request.operationName)
    } catch {
      throw RequestErrors(error.errors.map(GraphQLService.coded))
    }
  }

  private static func coded(_ error: GraphQLError) -> GraphQLError {
    let isSyntax = error.message.hasPrefix("Syntax Error")
    return coded(error, isSyntax ? "GRAPHQL_PARSE_FAILED" : "GRAPHQL_VALIDATION_FAILED")
  }

  private static func coded(_ error: GraphQLError, _ code: String) -> GraphQLError {
    guard error.extensions.isEmpty else { return error }
    var coded = error
    coded.extensions = [ErrorExtension(key: "code", json: "\"\(code)\"")]
    return coded
  }

  private static let needsStream = refusal(
    "Subscriptions run over a WebSocket with the sub-protocol graphql-transport-ws, or with Accept: text/event-stream or multipart/mixed;subscriptionSpec=1.0."
  )

  /// The response to something that the client must change, `BAD_USER_INPUT`.
  static func refusal(_ message: String) -> GraphQLEngine.Response {
    GraphQLEngine.Response(requestErrors: [GraphQLError(message, extensions: code(.badUserInput))])
  }

  /// The response to somebody who asks too much.
  static func tooMany(_ seconds: Int) -> GraphQLEngine.Response {
    GraphQLEngine.Response(requestErrors: [tooManyError(seconds)])
  }

  static func tooManyError(_ seconds: Int) -> GraphQLError {
    GraphQLError(
      "Too many requests: try again in \(seconds) s.",
      extensions: [
        ErrorExtension(key: "code", json: "\"RATE_LIMITED\""),
        ErrorExtension(key: "retryAfterSeconds", json: "\(seconds)"),
      ])
  }

  /// The only extension of an error: its code.
  static func code(_ code: ServiceError.Code) -> [ErrorExtension] {
    [ErrorExtension(key: "code", json: "\"\(code.rawValue)\"")]
  }

  /// Gives codes to the errors of a request whose execution did not begin, for its variables are wrong, or
  /// was given up, for its time is up.
  static func coded(_ response: GraphQLEngine.Response) -> GraphQLEngine.Response {
    if response.isCancelled, let error = response.errors.first {
      return GraphQLEngine.Response(cancelledWith: coded(error, "TIMEOUT"))
    }
    guard !response.hasData else { return response }
    return GraphQLEngine.Response(
      requestErrors: response.errors.map { error in
        coded(error, error.message == Engine.cancelledMessage ? "TIMEOUT" : "BAD_USER_INPUT")
      })
  }

  func executionRequest(
    _ operation: PreparedOperation, _ request: GraphQLRequest, _ viewer: Viewer?,
    lastEventID: String? = nil
  ) throws(RequestErrors) -> ExecutionRequest {
    let trace = try trace(operation, request, viewer)
    // A change waits more than it works; but files are written to a disk, which an event loop must not do.
    let isLight = operation.operationType == .mutation && request.uploads.isEmpty
    let context = StudioContext(
      services: services, viewer: viewer, logger: logger, schema: engine.executable.schema,
      parts: RequestParts(
        trace: trace, uploads: request.uploads, lastEventID: lastEventID,
        taskExecutor: isLight ? ConnectionEnd.current?.executor : nil))
    var execution = try request.execution(context: context)
    execution.tracer = trace
    return execution
  }

  /// Who asks, or the response that refuses: an unknown token is an error, not an anonymous request.
  ///
  /// - Parameter apiKey: what `X-API-Key` holds.
  nonisolated(nonsending) func viewer(_ credentials: Credentials?) async -> Result<SignedIn?, Refused> {
    guard let credentials else { return .success(nil) }
    do {
      return .success(
        try await authenticator.viewer(
          authorization: credentials.authorization, apiKey: credentials.apiKey))
    } catch let refusal as Authenticator.Refusal {
      return .failure(Refused(error: ServiceError(.unauthenticated, refusal.message)))
    } catch {
      logger.error("A membership could not be read", metadata: ["error": "\(error)"])
      return .failure(Refused(error: ServiceError(.unavailable, "The Studio is not available now.")))
    }
  }

  /// A request that is not executed because of who asks.
  struct Refused: Error {
    let error: ServiceError
  }
}
