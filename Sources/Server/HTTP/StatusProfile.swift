import GraphQLEngine
import HTTPTypes

/// Which statuses answer what: a setting, because the draft of GraphQL over HTTP and the published audit of
/// servers disagree.
enum StatusProfile: String, Sendable, CaseIterable {
  /// 200 with any `data`, 400 for request errors; 200 for all of that to clients of `application/json`.
  case audit
  /// The draft of August 2026: 294 for `data` with errors, 422 for what is no request or not valid.
  case draft2026 = "draft-2026"

  /// "294 Partial Success", the draft's own (non-normative notes, "Partial success").
  static let partialSuccess = HTTPResponse.Status(code: 294, reasonPhrase: "Partial Success")

  /// The status of a GraphQL response.
  func status(of response: GraphQLEngine.Response, as type: MediaType) -> HTTPResponse.Status {
    // Given up for time. `data` is null then, for which a 2xx status is only recommended: who asks again, or
    // stands between, must see that there is no answer.
    let isGivenUp = response.isCancelled || (!response.hasData && response.has(code: "TIMEOUT"))
    switch self {
    case .audit:
      // A legacy client gets 200 for everything that is a GraphQL response.
      guard type == .graphQLResponse else { return .ok }
      if isGivenUp { return .serviceUnavailable }
      return response.hasData ? .ok : .badRequest
    case .draft2026:
      if isGivenUp { return .serviceUnavailable }
      guard !response.hasData else { return response.hasErrors ? Self.partialSuccess : .ok }
      return response.has(code: "GRAPHQL_PARSE_FAILED") ? .badRequest : .unprocessableContent
    }
  }

  func status(of reason: RequestRefusal.Reason) -> HTTPResponse.Status {
    switch reason {
    case .notAcceptable: .notAcceptable
    case .methodNotAllowed: .methodNotAllowed
    case .crossSite: .forbidden
    case .mediaType: .unsupportedMediaType
    case .tooLarge: .contentTooLarge
    case .unreadable: .badRequest
    case .malformed: self == .audit ? .badRequest : .unprocessableContent
    // RFC 10008's draft for GraphQL names this status in every profile.
    case .unsafe: .unprocessableContent
    case .unauthenticated: .unauthorized
    case .unavailable: .serviceUnavailable
    case .tooMany: .tooManyRequests
    case .unknown: .notFound
    case .conflict: .conflict
    }
  }
}

extension GraphQLEngine.Response {
  /// Whether an error has this `extensions.code`.
  func has(code: String) -> Bool {
    errors.contains { $0.extensions.contains { $0.key == "code" && $0.json == "\"\(code)\"" } }
  }
}
