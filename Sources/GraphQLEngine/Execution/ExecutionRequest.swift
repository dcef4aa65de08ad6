/// What one execution is given beside its operation (§ 6.1).
public struct ExecutionRequest: Sendable {
  /// The raw variables (§ 6.1.2).
  public var variables: InputObject
  /// The request's `extensions`, as the client sent them. The engine only hands them to resolvers.
  public var extensions = InputObject()
  /// What resolvers of this request get.
  public var context: any RequestContext
  /// The row of the root type, for resident root fields.
  public var root: Rows?
  /// What becomes of execution errors; nil is the engine's default.
  public var onError: ErrorBehavior?
  /// Asked between levels; true ends the execution. Cancelling the calling task does so at once.
  public var isCancelled: (@Sendable () -> Bool)?
  /// Ends the execution from outside, at once: also a subscription, whose source it ends, and what an
  /// incremental response still delivers. It may be shared by requests.
  public var cancellation: Cancellation?
  /// Told of the calls; nil costs nothing.
  public var tracer: (any ExecutionTracer)?
  /// Of a subscription: answers events with names once for all subscriptions that it is given to.
  public var eventResponses: (any EventResponses)?

  public init(
    variables: InputObject = InputObject(), context: any RequestContext = EmptyContext(), root: Rows? = nil,
    isCancelled: (@Sendable () -> Bool)? = nil
  ) {
    self.variables = variables
    self.context = context
    self.root = root
    self.isCancelled = isCancelled
  }
}

/// What becomes of an execution error: the request's `onError` (a proposal, graphql-spec pull request 1163).
public enum ErrorBehavior: String, Sendable, Hashable, CaseIterable {
  /// Null goes up to the nearest position that may be null (§ 6.4.4).
  case propagate = "PROPAGATE"
  /// The position itself is null, even where its type says that it cannot be.
  case null = "NULL"
  /// The first error ends the execution: `data` is null, and there is no other error. Of a subscription it
  /// ends the response to one event.
  case halt = "HALT"

  /// Reads a request's `onError`; absent or null is nil. Throws the request error for any other value that
  /// is none of the three.
  public static func parse(_ value: InputValue?) throws(RequestErrors) -> ErrorBehavior? {
    guard let value, !value.isNull else { return nil }
    if case .string(let text) = value, let behavior = ErrorBehavior(rawValue: text) { return behavior }
    throw RequestErrors(
      "\"onError\" must be one of \"NULL\", \"PROPAGATE\", or \"HALT\", but got: \(value.inspected).")
  }
}
