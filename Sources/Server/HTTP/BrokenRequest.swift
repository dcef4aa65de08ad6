import NIOCore
import NIOHTTP1
import Rest

/// What a client is told on the connection itself, before there is a request for an endpoint: its request
/// cannot be read as HTTP, has not arrived in time, or wants to upgrade where it may not. The connection ends
/// behind it, for nobody knows where the next request begins.
enum BrokenRequest {
  /// The parts of the response, as a handler writes them.
  static func answer(_ error: HTTPParserError) -> [HTTPServerResponsePart] { answer(problem(error)) }

  static func answer(_ problem: Problem) -> [HTTPServerResponsePart] {
    let body = ByteBuffer(bytes: problem.bytes)
    let headers: HTTPHeaders = [
      "content-type": Problem.mediaType, "cache-control": "no-store",
      "content-length": String(body.readableBytes), "connection": "close",
    ]
    let status = HTTPResponseStatus(statusCode: problem.status)
    return [
      .head(HTTPResponseHead(version: .http1_1, status: status, headers: headers)),
      .body(.byteBuffer(body)), .end(nil),
    ]
  }

  private static func problem(_ error: HTTPParserError) -> Problem {
    switch error {
    case .headerOverflow:
      let bytes = UpgradableHTTPChannel.maximumHeaderBytes
      let fields = UpgradableHTTPChannel.maximumHeaderFields
      return Problem(
        431, code: "BAD_USER_INPUT",
        "The head of a request may have \(bytes) bytes and \(fields) fields at most.")
    case .invalidMethod:
      return Problem(
        400, code: "BAD_USER_INPUT", "The request does not begin with a method that HTTP knows, such as GET.")
    default: return Problem(400, code: "BAD_USER_INPUT", "The request cannot be read as HTTP/1.1.")
    }
  }
}
