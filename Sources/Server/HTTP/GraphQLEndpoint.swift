import GraphQLEngine
import HTTPTypes
import Hummingbird
import NIOCore
import Resolvers

/// `/graphql` over HTTP: POST with a JSON body, or GET with parameters (GraphQL over HTTP, the audit's
/// statuses).
struct GraphQLEndpoint: Sendable {
  let service: GraphQLService
  let maximumBody: Int

  func post(_ request: Request) async throws -> Hummingbird.Response {
    try await logged(request, await answerPost(request))
  }

  func get(_ request: Request) async throws -> Hummingbird.Response {
    try await logged(request, await answerGet(request))
  }

  /// One line a request: what was asked by name, what came of it, how long it took.
  private func logged(
    _ request: Request, _ answer: @autoclosure () async throws -> Answer
  ) async throws -> Hummingbird.Response {
    let start = ContinuousClock.now
    let answer = try await answer()
    service.logger.debug(
      "GraphQL request",
      metadata: [
        "method": "\(request.method)", "operation": "\((answer.operation ?? "").prefix(100))",
        "status": "\(answer.response.status.code)", "errors": "\(answer.errorCount)",
        "duration": "\(ContinuousClock.now - start)",
      ])
    return answer.response
  }

  /// A response, and what the log says about it.
  private struct Answer {
    var response: Hummingbird.Response
    var operation: String?
    var errorCount = 1
  }

  private func answerPost(_ request: Request) async throws -> Answer {
    let reply = Reply(accept: request.headers[.accept])
    guard isJSON(request.headers[.contentType]) else {
      return Answer(response: reply.refusal(.unsupportedMediaType, "Content-Type must be application/json."))
    }
    let body: ByteBuffer
    do {
      // Told at once to a client that says how much it will send.
      let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 0
      if announced > maximumBody { throw NIOTooManyBytesError(maxBytes: maximumBody) }
      body = try await request.body.collect(upTo: maximumBody)
    } catch is NIOTooManyBytesError {
      var response = reply.refusal(.contentTooLarge, "A request may have \(maximumBody) bytes at most.")
      // What is left of the body is not read, so the connection cannot be used again.
      response.headers[.connection] = "close"
      return Answer(response: response)
    }
    let parsed: GraphQLRequest
    do {
      parsed = try GraphQLRequest(try read(body))
    } catch let error as JSONError {
      return Answer(
        response: reply.refusal(.badRequest, "The body is not JSON: \(error.message) (byte \(error.offset)).")
      )
    } catch let error as GraphQLRequest.Malformed {
      return Answer(response: reply.refusal(.badRequest, error.message))
    }
    return await respond(to: parsed, request, reply)
  }

  private func answerGet(_ request: Request) async throws -> Answer {
    let reply = Reply(accept: request.headers[.accept])
    let parsed: GraphQLRequest
    do {
      parsed = try GraphQLRequest(urlQuery: request.uri.query ?? "")
    } catch {
      return Answer(response: reply.refusal(.badRequest, error.message))
    }
    if let operation = try? service.prepare(parsed), operation.operationType != .query {
      var response = reply.refusal(.methodNotAllowed, "Only queries may be sent with GET; use POST.")
      response.headers[.allow] = "POST"
      return Answer(response: response, operation: operation.name)
    }
    return await respond(to: parsed, request, reply)
  }

  /// Any other method.
  func refuse(_ request: Request) -> Hummingbird.Response {
    var response = Reply(accept: request.headers[.accept]).refusal(
      .methodNotAllowed, "Use GET or POST.")
    response.headers[.allow] = "GET, POST"
    return response
  }

  private func respond(
    to parsed: GraphQLRequest, _ request: Request, _ reply: Reply
  ) async -> Answer {
    switch await service.viewer(authorization: request.headers[.authorization]) {
    case .failure(let refused):
      let status: HTTPResponse.Status =
        refused.error.code == .unauthenticated ? .unauthorized : .serviceUnavailable
      var response = reply.response(
        GraphQLEngine.Response(requestErrors: [refused.error.graphQLError]), status)
      if status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
      return Answer(response: response, operation: parsed.operationName)
    case .success(let signedIn):
      let result = await service.execute(parsed, viewer: signedIn?.viewer)
      return Answer(
        response: reply.response(result, reply.status(of: result)), operation: service.name(of: parsed),
        errorCount: result.errors.count)
    }
  }

  private func read(_ body: ByteBuffer) throws -> InputValue {
    try JSONReader.read([UInt8](body.readableBytesView))
  }

  private func isJSON(_ contentType: String?) -> Bool {
    guard let type = contentType?.prefix(while: { $0 != ";" }).lowercased() else { return false }
    let bare = type.filter { !$0.isWhitespace }
    return bare == "application/json" || bare == "application/graphql-response+json"
  }
}

/// How an answer looks: its media type by the `Accept` header, its status by the profile.
struct Reply: Sendable {
  /// Whether the client understands `application/graphql-response+json`, and so statuses that tell something.
  private let isGraphQLResponse: Bool

  init(accept: String?) {
    isGraphQLResponse = accept?.lowercased().contains("application/graphql-response+json") ?? false
  }

  /// A legacy client gets 200 for everything that is a GraphQL response.
  func status(of response: GraphQLEngine.Response) -> HTTPResponse.Status {
    guard !response.hasData, isGraphQLResponse else { return .ok }
    let hasTimedOut = response.errors.contains { $0.extensions == GraphQLService.code(.timeout) }
    return hasTimedOut ? .serviceUnavailable : .badRequest
  }

  func response(_ response: GraphQLEngine.Response, _ status: HTTPResponse.Status) -> Hummingbird.Response {
    let body = response.withUnsafeBytes { ByteBuffer(bytes: $0) }
    let type =
      isGraphQLResponse
      ? "application/graphql-response+json; charset=utf-8" : "application/json; charset=utf-8"
    return Hummingbird.Response(
      status: status, headers: [.contentType: type, .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: body))
  }

  /// A request that never became GraphQL.
  func refusal(_ status: HTTPResponse.Status, _ message: String) -> Hummingbird.Response {
    let error = GraphQLError(
      message, extensions: [ErrorExtension(key: "code", json: "\"BAD_USER_INPUT\"")])
    return response(GraphQLEngine.Response(requestErrors: [error]), status)
  }
}
