import Foundation
import Outbound
import Resolvers

/// Calls services behind the address guard.
struct OutboundServices: ServiceCaller {
  /// For one call, everything together.
  static let timeout = Duration.seconds(10)
  /// Bytes of an answer's body that are read.
  static let maximumAnswer = 256 << 10

  let client: OutboundClient

  func call(_ request: ServiceRequest) async -> ServiceOutcome {
    var headers = request.headers.map { OutboundHeader($0.name, $0.value) }
    if let basic = request.basic {
      let text = Data((basic.user + ":" + basic.password).utf8).base64EncodedString()
      headers.append(OutboundHeader("Authorization", "Basic " + text))
    }
    if request.body != nil { headers.append(OutboundHeader("Content-Type", "application/json")) }
    headers.append(OutboundHeader("User-Agent", "Studio"))
    var outbound = OutboundRequest(
      method: request.method, url: request.url, headers: headers, body: request.body.map { Array($0.utf8) })
    outbound.timeout = OutboundServices.timeout
    outbound.maximumResponseBytes = OutboundServices.maximumAnswer
    // Credentials go to the service itself.
    outbound.followRedirects = 0
    do {
      let response = try await client.send(outbound)
      return .answer(ServiceAnswer(status: response.status, body: response.body))
    } catch {
      return .failure(error.description)
    }
  }
}
