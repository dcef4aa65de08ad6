import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// Executes one hop on a client and reads the response within its bounds.
struct Reading: Sendable {
  enum Outcome: Sendable {
    case response(status: Int, headers: [OutboundHeader], body: [UInt8])
    case redirect(status: Int, location: String)
  }

  let maximumBytes: Int
  let cutsLongBody: Bool
  let maximumHeaderBytes: Int
  let followsRedirects: Bool

  func run(_ hop: Hop, on client: HTTPClient) async -> Result<Outcome, OutboundError> {
    var request = HTTPClientRequest(url: hop.url.text)
    request.method = HTTPMethod(rawValue: hop.method)
    for header in hop.headers { request.headers.add(name: header.name, value: header.value) }
    if let body = hop.body { request.body = .bytes(ByteBuffer(bytes: body)) }
    do {
      // The caller's own deadline cancels this task; the client's must only not be earlier.
      let response = try await client.execute(request, deadline: .distantFuture)
      let outcome = try await read(response, method: hop.method)
      try Task.checkCancellation()
      return .success(outcome)
    } catch let error as OutboundError {
      return .failure(error)
    } catch {
      // What was unpacked of one piece is more than any answer may have.
      if Self.isDecompressionLimit(error) { return .failure(.responseTooLarge(limitBytes: maximumBytes)) }
      return .failure(Self.translate(error, host: hop.url.hostText))
    }
  }

  /// swift-nio-extras's errors are not imported here; their type names them.
  private static func isDecompressionLimit(_ error: any Error) -> Bool {
    String(reflecting: type(of: error)).hasSuffix("NIOHTTPDecompression.DecompressionError")
      && "\(error)" == "limit"
  }

  private func read(_ response: HTTPClientResponse, method: String) async throws -> Outcome {
    let status = Int(response.status.code)
    let headerBytes = response.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
    guard headerBytes <= maximumHeaderBytes else { throw OutboundError.responseHeadersTooLarge }
    if followsRedirects, [301, 302, 303, 307, 308].contains(status),
      let location = response.headers.first(name: "location")
    {
      return .redirect(status: status, location: location)
    }
    if !cutsLongBody, method != "HEAD",
      let length = response.headers.first(name: "content-length").flatMap({ Int($0) }),
      length > maximumBytes
    {
      throw OutboundError.responseTooLarge(limitBytes: maximumBytes)
    }
    var body: [UInt8] = []
    for try await chunk in response.body {
      guard body.count + chunk.readableBytes <= maximumBytes else {
        guard cutsLongBody else { throw OutboundError.responseTooLarge(limitBytes: maximumBytes) }
        body.append(contentsOf: chunk.readableBytesView.prefix(maximumBytes - body.count))
        break
      }
      body.append(contentsOf: chunk.readableBytesView)
    }
    let headers = response.headers.map { OutboundHeader($0.name, $0.value) }
    return .response(status: status, headers: headers, body: body)
  }

  /// What the libraries throw, in our words. Their descriptions may quote the URL, so none is passed on.
  static func translate(_ error: any Error, host: String) -> OutboundError {
    switch error {
    case is CancellationError: return .cancelled
    case let error as HTTPClientError: return translate(error, host: host)
    case let error as NIOConnectionError:
      return (error.connectionErrors.first?.error as? IOError).flatMap { connectFailure($0, host: host) }
        ?? .connectFailed(host: host, reason: "the host is unreachable")
    case let error as IOError: return connectFailure(error, host: host) ?? .brokenResponse(host: host)
    case ChannelError.connectTimeout:
      return .connectFailed(host: host, reason: "the connection could not be made in time")
    case is UncheckedAddress: return .forbiddenAddress(host: host, reason: "an address that was not checked")
    case is HTTPParserError: return .brokenResponse(host: host)
    default:
      // swift-nio-ssl's errors are not imported here; their module names them.
      return String(reflecting: type(of: error)).hasPrefix("NIOSSL")
        ? .tlsFailed(host: host) : .brokenResponse(host: host)
    }
  }

  private static func translate(_ error: HTTPClientError, host: String) -> OutboundError {
    switch error {
    case .cancelled, .requestStreamCancelled: .cancelled
    case .deadlineExceeded, .readTimeout, .writeTimeout: .timedOut
    case .connectTimeout, .getConnectionFromPoolTimeout:
      .connectFailed(host: host, reason: "the connection could not be made in time")
    case .tlsHandshakeTimeout: .tlsFailed(host: host)
    case .alreadyShutdown: .closed
    case .invalidURL, .emptyHost: .invalidURL(reason: "it is malformed")
    default: .brokenResponse(host: host)
    }
  }

  /// Only what connect(2) alone reports: after `connectFailed` the next address is tried, so nothing may have
  /// been sent.
  private static func connectFailure(_ error: IOError, host: String) -> OutboundError? {
    switch error.errnoCode {
    case ECONNREFUSED: .connectFailed(host: host, reason: "the connection was refused")
    case ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, EAFNOSUPPORT:
      .connectFailed(host: host, reason: "the network is unreachable")
    default: nil
    }
  }
}
