import Compression
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
  /// Whether the client would rather read events than one response.
  let prefersEvents: Bool
  /// How it reads the results of a subscription; nil when it reads none.
  let streamFormat: StreamFormat?
  /// Whether it reads the parts of an incremental response.
  let acceptsParts: Bool
  /// Whether it reads a token.
  let acceptsText: Bool
  /// Whether the body may be gzip.
  let isCompressing: Bool

  /// Smaller bodies are sent as they are: they fit into one packet.
  static let leastCompressedBytes = 1024

  init(accept: String?, acceptEncoding: String? = nil, profile: StatusProfile) {
    self.profile = profile
    isCompressing = Reply.allowsGzip(acceptEncoding)
    // What nearly every client sends says nothing that would have to be weighed.
    guard let accept, accept != "*/*", accept != "application/json" else {
      type = .json
      batchType = .json
      (prefersEvents, streamFormat, acceptsParts) = (false, nil, false)
      acceptsText = accept != "application/json"
      return
    }
    let accepted = AcceptedTypes(accept)
    type = accepted.best(of: [.graphQLResponse, .json])
    batchType = accepted.best(of: [.jsonLines, .json])
    prefersEvents = accepted.best(of: [.graphQLResponse, .json, .eventStream]) == .eventStream
    let streams = [MediaType.eventStream, .subscriptionParts].filter(accepted.names)
    streamFormat = accepted.best(of: streams).map { $0 == .eventStream ? .events : .parts }
    acceptsParts = accepted.names(.multipart)
    acceptsText = accepted.best(of: [.plainText]) != nil
  }

  /// Whether there is an answer that the client can read, to some operation.
  var isPossible: Bool { type != nil || streamFormat != nil || acceptsParts }

  /// One GraphQL response.
  func response(_ response: GraphQLEngine.Response) -> Hummingbird.Response {
    self.response(response, profile.status(of: response, as: type ?? .json))
  }

  /// An operation that would have answered on an event stream and does not begin. Only the status tells that,
  /// so it is never 200, whatever the client accepts.
  func notBegun(_ response: GraphQLEngine.Response) -> Hummingbird.Response {
    self.response(response, profile.status(of: response, as: .graphQLResponse))
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
    response.withUnsafeBytes { answer(status, shown(status), $0) }
  }

  /// The answer to a batch that is done as a whole.
  func list(_ bytes: [UInt8], _ type: MediaType) -> Hummingbird.Response {
    bytes.withUnsafeBytes { answer(.ok, type, $0) }
  }

  private func answer(
    _ status: HTTPResponse.Status, _ type: MediaType, _ bytes: UnsafeRawBufferPointer
  ) -> Hummingbird.Response {
    var headers = Reply.headers(type)
    var body = ByteBuffer()
    if isCompressing, bytes.count >= Reply.leastCompressedBytes, let compressed = Gzip.compress(bytes) {
      headers[.contentEncoding] = "gzip"
      body = ByteBuffer(bytes: compressed)
    } else {
      body = ByteBuffer(bytes: bytes)
    }
    return Hummingbird.Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
  }

  /// What every answer says.
  static func headers(_ type: MediaType) -> HTTPFields {
    [.contentType: type.contentType, .cacheControl: "no-store", .vary: "Accept, Accept-Encoding"]
  }

  /// Whether `Accept-Encoding` allows gzip (RFC 9110 § 12.5.3): by name, or by `*`.
  static func allowsGzip(_ header: String?) -> Bool {
    var byName: Int?
    var byStar: Int?
    for entry in (header ?? "").lowercased().split(separator: ",").prefix(AcceptedTypes.maximumRanges) {
      let parts = entry.split(separator: ";").map { $0.drop { $0 == " " }.prefix { $0 != " " } }
      guard let name = parts.first else { continue }
      let weight = Weight.parse(parts.dropFirst()) ?? 0
      if name == "gzip" || name == "x-gzip" { byName = weight }
      if name == "*" { byStar = weight }
    }
    return byName ?? byStar ?? 0 > 0
  }

  /// The draft names the new media type on every status but 2xx, even to a client that did not ask for it:
  /// so it can tell a GraphQL response from a proxy's.
  private func shown(_ status: HTTPResponse.Status) -> MediaType {
    if profile == .draft2026, status.kind != .successful { return .graphQLResponse }
    return type ?? .json
  }
}
