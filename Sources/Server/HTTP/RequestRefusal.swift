import GraphQLEngine
import HTTPTypes

/// Why a request is answered without an execution: a reason that decides the status, and the error that the
/// client reads.
struct RequestRefusal: Error, Sendable {
  enum Reason: Sendable {
    case notAcceptable, methodNotAllowed, crossSite, mediaType, tooLarge
    /// The body, or a parameter of the URL, is not what it says it is: JSON, gzip.
    case unreadable
    /// JSON, but no GraphQL request.
    case malformed
    /// Something other than a query by QUERY.
    case unsafe
    case unauthenticated, unavailable, tooMany
    /// Of an event stream: there is none, or it is in use.
    case unknown, conflict
  }

  let reason: Reason
  let errors: [GraphQLError]
  var headers = HTTPFields()

  init(_ reason: Reason, _ message: String, code: String = "BAD_USER_INPUT") {
    self.reason = reason
    errors = [
      GraphQLError(message, extensions: [ErrorExtension(key: "code", json: "\"\(code)\"")])
    ]
  }

  init(_ reason: Reason, _ errors: [GraphQLError]) {
    self.reason = reason
    self.errors = errors
  }

  /// The same with one more header.
  func with(_ name: HTTPField.Name, _ value: String) -> RequestRefusal {
    var changed = self
    changed.headers[name] = value
    return changed
  }
}
