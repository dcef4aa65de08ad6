/// What one request brings to its resolvers: who asks, connections, clocks. Made by the server, one per
/// operation.
///
/// Resolvers get it back with its own type through `FieldCall.context(as:)`. It is shared by the threads that
/// run the request's resolvers.
public protocol RequestContext: AnyObject, Sendable {
  /// Told once of every error that a client sees only as "Internal error"; for the log.
  func report(_ error: any Error, at field: FieldID)

  /// The response's `extensions` (§ 7.1.7), asked when its data and errors are written; empty leaves them
  /// out. Of a subscription it is asked for each event. A request error has none.
  var responseExtensions: InputObject { get }

  /// Where the tasks of async batches run; nil for the global pool.
  var taskExecutor: (any ImmediateTaskExecutor)? { get }
}

extension RequestContext {
  /// Ignores the error.
  public func report(_ error: any Error, at field: FieldID) {}

  /// None.
  public var responseExtensions: InputObject { InputObject() }

  /// The global pool.
  public var taskExecutor: (any ImmediateTaskExecutor)? { nil }
}

/// The context of an execution that needs none: tests, introspection, tools.
public final class EmptyContext: RequestContext {
  public init() {}
}

/// An error that knows how a client may see it. Any other error that is not a `GraphQLError` is shown as
/// "Internal error" with the code `INTERNAL`, and reported to the `RequestContext`.
public protocol ClientVisibleError: Error {
  /// Message and extensions; the engine adds locations and path.
  var graphQLError: GraphQLError { get }
  /// What else is wrong with the field's arguments: errors of their own at the same place.
  var furtherErrors: [GraphQLError] { get }
}

extension ClientVisibleError {
  /// None: most errors are one.
  public var furtherErrors: [GraphQLError] { [] }
}
