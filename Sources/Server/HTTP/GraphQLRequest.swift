import Files
import Foundation
import GraphQLEngine

/// A GraphQL request as a client sent it, in a body, in a URL or over a socket.
struct GraphQLRequest: Sendable {
  /// The document's text; nil when it is named instead.
  var query: String?
  /// The document's name (appendix "Persisted Documents").
  var documentID: String?
  var operationName: String?
  var variables: InputObject
  var extensions: InputObject
  /// Files that came with it, by the tokens in its variables; they go with the last request that has them.
  var uploads: [String: ReceivedFile] = [:]
  /// As it was sent; `execution` reads it.
  var onError: InputValue?

  /// Why something is not a well-formed request; the message is for the client.
  struct Malformed: Error {
    var message: String
  }

  /// Reads `{"query" | "documentId", "operationName"?, "variables"?, "extensions"?, "onError"?}`; null is the
  /// same as nothing, other members are ignored. With `extensions.persistedQuery` there may be neither of the
  /// first two.
  init(_ value: InputValue) throws(Malformed) {
    guard case .object(let object) = value else {
      throw Malformed(message: "The request must be a JSON object.")
    }
    query = try GraphQLRequest.text(object["query"], "query")
    documentID = try GraphQLRequest.text(object["documentId"], "documentId")
    operationName = try GraphQLRequest.text(object["operationName"], "operationName")
    variables = try GraphQLRequest.map(object["variables"], "variables")
    extensions = try GraphQLRequest.map(object["extensions"], "extensions")
    onError = object["onError"]
    try checkDocument()
  }

  /// Reads the parameters of a GET request; empty ones are absent.
  init(urlQuery: String) throws(Malformed) {
    let parameters = GraphQLRequest.parameters(urlQuery)
    query = parameters["query"]
    documentID = parameters["documentId"]
    operationName = parameters["operationName"]
    variables = try GraphQLRequest.map(
      try GraphQLRequest.json(parameters["variables"], "variables"), "variables")
    extensions = try GraphQLRequest.map(
      try GraphQLRequest.json(parameters["extensions"], "extensions"), "extensions")
    onError = parameters["onError"].map(InputValue.string)
    try checkDocument()
  }

  /// What Apollo's clients name a document by.
  var persistedQuery: InputValue? {
    guard let value = extensions["persistedQuery"], !value.isNull else { return nil }
    return value
  }

  private func checkDocument() throws(Malformed) {
    guard query == nil, documentID == nil, persistedQuery == nil else { return }
    throw Malformed(message: "The request has no \"query\".")
  }

  /// What the engine is given. Throws the request error for an unknown `onError`.
  func execution(context: any RequestContext) throws(RequestErrors) -> ExecutionRequest {
    var execution = ExecutionRequest(variables: variables, context: context)
    execution.extensions = extensions
    execution.onError = try ErrorBehavior.parse(onError)
    return execution
  }

  /// The pairs of `application/x-www-form-urlencoded`, in which a plus is a blank; of a repeated name the
  /// first.
  static func parameters(_ urlQuery: String) -> [String: String] {
    var parameters: [String: String] = [:]
    for pair in urlQuery.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[1].isEmpty else { continue }
      let texts = parts.map { part in
        let spaced = part.replacing("+", with: " ")
        return spaced.removingPercentEncoding ?? String(spaced)
      }
      if parameters[texts[0]] == nil { parameters[texts[0]] = texts[1] }
    }
    return parameters
  }

  private static func json(_ text: String?, _ name: String) throws(Malformed) -> InputValue? {
    guard let text else { return nil }
    do {
      return try JSONReader.read(text)
    } catch {
      throw Malformed(message: "\"\(name)\" is not JSON: \(error.message)")
    }
  }

  private static func text(_ value: InputValue?, _ name: String) throws(Malformed) -> String? {
    switch value {
    case nil, .null: return nil
    case .string(let text): return text
    default: throw Malformed(message: "\"\(name)\" must be a string.")
    }
  }

  private static func map(_ value: InputValue?, _ name: String) throws(Malformed) -> InputObject {
    switch value {
    case nil, .null: return InputObject()
    case .object(let object): return object
    default: throw Malformed(message: "\"\(name)\" must be an object.")
    }
  }
}
