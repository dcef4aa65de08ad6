import Connectors
import Outbound

/// Sends connectors' requests behind the address guard.
struct OutboundTransport: ConnectorTransport {
  /// For one request, everything together.
  static let timeout = Duration.seconds(30)
  /// Bytes of an answer's body that are read.
  static let maximumAnswer = 10 << 20

  let client: OutboundClient

  func send(_ request: ConnectorRequest) async throws(TransportFailure) -> ConnectorAnswer {
    var headers = request.headers.map { OutboundHeader($0.name, $0.value) }
    if !headers.contains(where: { $0.name.lowercased() == "user-agent" }) {
      headers.append(OutboundHeader("User-Agent", "Studio"))
    }
    var outbound = OutboundRequest(
      method: request.method, url: request.url, headers: headers, body: request.body)
    outbound.timeout = OutboundTransport.timeout
    outbound.maximumResponseBytes = OutboundTransport.maximumAnswer
    // A redirect of anything else could do it twice. Credentials never follow to another origin.
    outbound.followRedirects = request.method == "GET" ? 3 : 0
    do {
      let response = try await client.send(outbound)
      return ConnectorAnswer(
        status: response.status, headers: response.headers.map { ConnectorHeader($0.name, $0.value) },
        body: response.body)
    } catch {
      throw OutboundTransport.failure(error)
    }
  }

  private static func failure(_ error: OutboundError) -> TransportFailure {
    switch error {
    case .cancelled: .cancelled
    case .forbiddenAddress, .invalidURL, .invalidMethod, .invalidHeader, .requestTooLarge:
      .refused(error.description)
    case .nameNotFound, .connectFailed, .tlsFailed, .overloaded, .closed: .notSent(error.description)
    case .responseTooLarge, .responseHeadersTooLarge, .tooManyRedirects, .redirectRefused:
      .unreadable(error.description)
    case .timedOut, .brokenResponse: .unknown(error.description)
    }
  }
}
