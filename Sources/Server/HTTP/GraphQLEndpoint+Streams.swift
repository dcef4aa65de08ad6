import GraphQLEngine
import HTTPTypes
import Hummingbird
import NIOCore

/// Answers that come in pieces: event streams, and the parts of an incremental response.
extension GraphQLEndpoint {
  var events: EventStreamEndpoint { EventStreamEndpoint(service: service, streams: streams) }

  /// What concerns a stream and starts no operation: its reservation, its connection, the end of an
  /// operation; nil for every other request.
  func streamControl(
    _ request: Request, _ context: ClientContext, _ reply: Reply, _ verdict: inout RateLimiter.Verdict?
  ) async throws(RequestRefusal) -> Hummingbird.Response? {
    let token = EventStreamEndpoint.token(of: request)
    switch request.method {
    case .put:
      guard reply.acceptsText else {
        throw RequestRefusal(.notAcceptable, "Accept must allow text/plain: the answer is a token.")
      }
      if let token, streams.place(for: token) != nil {
        throw RequestRefusal(.conflict, "The event stream is reserved already.", code: "CONFLICT")
      }
      return try events.reserve(try await client(request, context, count: 1, &verdict))
    case .delete:
      let client = try await client(request, context, count: 0, &verdict)
      let parameters = GraphQLRequest.parameters(request.uri.query ?? "")
      return try events.stop(parameters["operationId"], token ?? "", client)
    case .get, .post:
      guard let token, reply.prefersEvents else { return nil }
      _ = try await client(request, context, count: 0, &verdict)
      return try events.connect(token)
    default: return nil
    }
  }

  /// The parts of an incremental response; one whole response where nothing is deferred.
  func parts(
    _ operation: PreparedOperation, _ parsed: GraphQLRequest, _ client: EventStreamEndpoint.Client,
    _ reply: Reply
  ) async -> Hummingbird.Response? {
    let execution: ExecutionRequest
    do {
      execution = try service.executionRequest(operation, parsed, client.viewer)
    } catch {
      return reply.response(GraphQLService.coded(error.response))
    }
    let connection = operation.operationType == .query ? ConnectionEnd.current : nil
    let results = await service.incrementally(operation, execution, connection)
    guard results.payloads != nil else {
      if reply.type != nil || !results.initial.hasData { return reply.response(results.initial) }
      let text = MultipartText.incremental
      let only = text.opening + text.part(results.initial.bytes) + MultipartText.end
      return reply.list(only, .multipart)
    }
    let body = ResponseBody { writer in
      defer { results.end() }
      let text = MultipartText.incremental
      try await writer.write(ByteBuffer(bytes: text.opening + text.part(results.initial.bytes)))
      while let result = await results.next() {
        let payload =
          switch result {
          case .next(let bytes, _): bytes
          case .failed(let response): MultipartText.last(response.errorList)
          }
        try await writer.write(ByteBuffer(bytes: text.part(payload)))
      }
      try await writer.write(ByteBuffer(bytes: MultipartText.end))
      try await writer.finish(nil)
    }
    return Hummingbird.Response(status: .ok, headers: Reply.headers(.multipart), body: body)
  }
}

extension EventStreamEndpoint {
  /// The stream that a request names, in a header or in the address.
  static func token(of request: Request) -> String? {
    if let token = request.headers.text(EventStreamEndpoint.token), !token.isEmpty { return token }
    guard let query = request.uri.query, query.contains("token=") else { return nil }
    return GraphQLRequest.parameters(query)["token"]
  }
}
