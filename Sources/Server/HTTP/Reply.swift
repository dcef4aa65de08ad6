import GraphQLEngine
import HTTPTypes
import Hummingbird
import NIOCore

/// How an answer looks: its media type by the `Accept` header, its status by the profile.
struct Reply: Sendable {
  let profile: StatusProfile
  /// For one response; nil when the client accepts none of its types.
  let type: MediaType?
  /// For the answer to a batch.
  let batchType: MediaType?

  init(accept: String?, profile: StatusProfile) {
    self.profile = profile
    let accepted = AcceptedTypes(accept)
    type = accepted.best(of: [.graphQLResponse, .json])
    batchType = accepted.best(of: [.jsonLines, .json])
  }

  /// One GraphQL response.
  func response(_ response: GraphQLEngine.Response) -> Hummingbird.Response {
    self.response(response, profile.status(of: response, as: type ?? .json))
  }

  /// A request that was not executed.
  func refusal(_ refusal: RequestRefusal) -> Hummingbird.Response {
    var answer = response(
      GraphQLEngine.Response(requestErrors: refusal.errors), profile.status(of: refusal.reason))
    for field in refusal.headers { answer.headers[field.name] = field.value }
    return answer
  }

  private func response(
    _ response: GraphQLEngine.Response, _ status: HTTPResponse.Status
  ) -> Hummingbird.Response {
    let body = response.withUnsafeBytes { ByteBuffer(bytes: $0) }
    return Hummingbird.Response(
      status: status,
      headers: [.contentType: shown(status).contentType, .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: body))
  }

  /// The draft names the new media type on every status but 2xx, even to a client that did not ask for it:
  /// so it can tell a GraphQL response from a proxy's.
  private func shown(_ status: HTTPResponse.Status) -> MediaType {
    if profile == .draft2026, status.kind != .successful { return .graphQLResponse }
    return type ?? .json
  }
}
