import Flows
import Foundation
import Integrations
import Outbound

/// Performs the flows' HTTP actions behind the address guard.
struct OutboundActions: ActionPerformer {
  let client: OutboundClient
  let maximumBody: Int
  /// Nil in tests that send none.
  var email: EmailActions?
  /// Without it connectors cannot be called.
  var accounts: ServiceAccounts?

  func perform(_ request: ActionRequest) async -> ActionOutcome {
    switch request.effect {
    case .http(let call): return await perform(call, request)
    case .email(let call):
      return await email?.perform(call, request)
        ?? .failed(RunError(code: .configInvalid, message: "E-mail cannot be sent here."))
    case .connector(let call): return await perform(call, request)
    }
  }

  private func perform(_ call: HTTPCall, _ request: ActionRequest) async -> ActionOutcome {
    var outbound = OutboundRequest(method: call.method, url: url(call))
    outbound.headers = call.headers.map { OutboundHeader($0.name, $0.value) }
    // A flow's author may have a key of their own: one that is the same for several runs.
    if outbound.header("idempotency-key") == nil {
      outbound.headers.append(OutboundHeader("Idempotency-Key", request.idempotencyKey))
    }
    outbound.timeout = .milliseconds(call.timeoutMilliseconds)
    outbound.maximumResponseBytes = maximumBody
    addBody(call, &outbound)
    do {
      return .answered(answer(try await client.send(outbound)))
    } catch {
      return outcome(error)
    }
  }

  /// The URL with the action's query added to its own, percent-encoded (RFC 3986 § 3.4).
  private func url(_ call: HTTPCall) -> String {
    guard !call.query.isEmpty else { return call.url }
    var allowed = CharacterSet.alphanumerics
    allowed.insert(charactersIn: "-._~")
    let pairs = call.query.map { field in
      [field.name, field.value].map { $0.addingPercentEncoding(withAllowedCharacters: allowed) ?? "" }
        .joined(separator: "=")
    }.joined(separator: "&")
    let fragment = call.url.firstIndex(of: "#") ?? call.url.endIndex
    let base = call.url[..<fragment]
    return base + (base.contains("?") ? "&" : "?") + pairs
  }

  /// A text is sent as it is, anything else as JSON.
  private func addBody(_ call: HTTPCall, _ outbound: inout OutboundRequest) {
    guard let body = call.body else { return }
    if let text = body.string {
      outbound.body = Array(text.utf8)
      return
    }
    outbound.body = body.encoded()
    if outbound.header("content-type") == nil {
      outbound.headers.append(OutboundHeader("Content-Type", "application/json"))
    }
  }

  private func answer(_ response: OutboundResponse) -> HTTPAnswer {
    var headers = JSONObject()
    for header in response.headers {
      let name = header.name.lowercased()
      let former = headers[name]?.string.map { $0 + ", " } ?? ""
      headers[name] = .string(former + header.value)
    }
    let type = response.header("content-type")?.lowercased() ?? ""
    let text = BodyText.utf8(response.body, contentType: type)
    var body = JSONValue.string(String(decoding: text, as: UTF8.self))
    if type.contains("json"), let parsed = try? JSONValue(parsing: text) { body = parsed }
    return HTTPAnswer(status: response.status, headers: headers, body: body)
  }

  private func outcome(_ error: OutboundError) -> ActionOutcome {
    switch error {
    case .cancelled: .cancelled
    case .timedOut: .failed(RunError(code: .requestTimeout, message: error.description))
    case .forbiddenAddress: .failed(RunError(code: .addressRefused, message: error.description))
    // Not reached, or broken off. The others would be the same again.
    case .nameNotFound, .connectFailed, .tlsFailed, .brokenResponse, .overloaded, .closed:
      .failed(RunError(code: .requestFailed, message: error.description))
    case .invalidURL, .invalidMethod, .invalidHeader, .requestTooLarge, .responseTooLarge,
      .responseHeadersTooLarge, .tooManyRedirects, .redirectRefused:
      .rejected(
        RunError(code: .requestFailed, message: error.description), .other, retryAfterMilliseconds: nil)
    }
  }
}

extension OutboundRequest {
  /// The value of the header with this name in lower case.
  fileprivate func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
}
