import GraphQLEngine
import Postgres
import Secrets
import Storage

/// What a client is told when something cannot be done: one of a closed list of codes, and words for people.
///
/// Details that only the log may have are never in it.
public struct ServiceError: ClientVisibleError, Sendable {
  /// `extensions.code`; the list in schema.graphql and docs/api.md.
  public enum Code: String, Sendable, CaseIterable {
    case unauthenticated = "UNAUTHENTICATED"
    case forbidden = "FORBIDDEN"
    case notFound = "NOT_FOUND"
    case badUserInput = "BAD_USER_INPUT"
    case conflict = "CONFLICT"
    case internalError = "INTERNAL"
    case timeout = "TIMEOUT"
    case unavailable = "UNAVAILABLE"
    case cursorExpired = "CURSOR_EXPIRED"
  }

  public let code: Code
  public let message: String
  /// The input path that is wrong, `nodes.2.config.url`.
  public let field: String?

  public init(_ code: Code, _ message: String, field: String? = nil) {
    self.code = code
    self.message = message
    self.field = field
  }

  public var graphQLError: GraphQLError {
    var extensions = [ErrorExtension(key: "code", json: "\"\(code.rawValue)\"")]
    if let field { extensions.append(ErrorExtension(key: "field", json: quoted(field))) }
    return GraphQLError(message, extensions: extensions)
  }

  private func quoted(_ text: String) -> String {
    var writer = JSONWriter(capacity: text.utf8.count + 16)
    writer.write(text)
    return writer.text
  }

  /// There is no such object in this organization; what belongs to another one looks the same.
  static func notFound(_ noun: String, field: String = "id") -> ServiceError {
    ServiceError(.notFound, "There is no \(noun) with this id.", field: field)
  }
}

extension ServiceError {
  /// What a client may know of an error of the layers below. Nil for what nobody foresaw: that is logged, and
  /// shown as an internal error.
  static func showing(_ error: any Error, noun: String) -> ServiceError? {
    switch error {
    case let error as ServiceError: error
    case let error as StorageError: showing(storage: error, noun: noun)
    case let error as PostgresError: showing(error)
    case let error as PasswordError: showing(error)
    default: nil
    }
  }

  private static func showing(storage error: StorageError, noun: String) -> ServiceError {
    switch error {
    case .notFound: notFound(noun)
    case .revisionConflict(let current):
      ServiceError(
        .conflict, "The \(noun) was changed by somebody else: it is at revision \(current) now.",
        field: "expectedRevision")
    case .taken(let field): ServiceError(.conflict, "This \(field) is already taken.", field: field)
    case .inUse(let names):
      ServiceError(.conflict, "The \(noun) is in use by: \(names.joined(separator: ", ")).")
    case .full(let field, let maximum):
      ServiceError(.badUserInput, "There may be \(maximum) of them at most.", field: field)
    case .past(let field): ServiceError(.badUserInput, "\(field) must lie in the future.", field: field)
    case .lastOwner:
      ServiceError(.conflict, "An organization needs an owner: make somebody else one first.")
    case .namedByTrigger(let key):
      ServiceError(
        .badUserInput,
        "A trigger names the node \(key), which the flow lacks. Give the trigger another, or switch it off.")
    case .archived:
      ServiceError(.conflict, "The flow is archived; activate it to run it.", field: "flowId")
    case .unknownReference(let field):
      ServiceError(.badUserInput, "\(field) names something that does not exist.", field: field)
    }
  }

  private static func showing(_ error: PostgresError) -> ServiceError? {
    switch error.code {
    case .unavailable, .connectionLost, .queueFull, .closed:
      ServiceError(.unavailable, "The database cannot be reached now. Try again in a moment.")
    case .outcomeUnknown:
      ServiceError(
        .unavailable, "The connection to the database broke: the change may or may not have been made.")
    case .timeout: ServiceError(.timeout, "The database did not answer in time.")
    case .cancelled: ServiceError(.timeout, "The request was cancelled.")
    case .server, .transactionAborted, .invalidUse, .migration: nil
    }
  }

  private static func showing(_ error: PasswordError) -> ServiceError {
    switch error {
    case .overloaded:
      ServiceError(.unavailable, "Too many people are signing in at once. Try again in a moment.")
    default: ServiceError(.badUserInput, "\(error)", field: "password")
    }
  }
}

/// The program is put together wrongly: a column that was not read, a context of another server. For the log
/// only.
struct WiringFault: Error, CustomStringConvertible {
  let description: String
}
