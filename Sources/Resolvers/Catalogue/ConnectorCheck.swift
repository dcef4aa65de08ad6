import Flows

/// What a connector asks its service to find out whether credentials work: `check` of its manifest.
///
/// Texts have places for credentials: `{token}`, or `{host|gitlab.com}` with what stands for one that is left
/// out. A header without its credential is left out.
struct ConnectorCheck: Sendable, Equatable {
  /// Which answers mean yes.
  enum Acceptance: Sendable, Equatable {
    /// 200 to 299.
    case success
    /// 200 to 299, and a member of the answer is true.
    case member(String)
    /// Any answer but a fault, 401, 403 and 407: nothing is known of the URL.
    case answered
  }

  var method = "GET"
  var url: String
  var headers: [(name: String, value: String)] = []
  /// The credentials that are user name and password of HTTP Basic authentication.
  var basic: (user: String, password: String)?
  var body: String?
  var acceptance = Acceptance.success

  static func == (left: ConnectorCheck, right: ConnectorCheck) -> Bool {
    left.url == right.url && left.method == right.method
  }

  /// Reads `check`; nil for what is none.
  init?(_ value: JSONValue) {
    guard let url = value["url"]?.string else { return nil }
    self.url = url
    if let method = value["method"]?.string { self.method = method }
    for header in value["headers"]?.object?.members ?? [] {
      guard let text = header.value.string else { return nil }
      headers.append((header.key, text))
    }
    if let names = value["basic"]?.array {
      guard names.count == 2, let user = names[0].string, let password = names[1].string else { return nil }
      basic = (user, password)
    }
    body = value["body"]?.string
    switch value["accepts"]?.string {
    case nil, "success": break
    case "answered": acceptance = .answered
    default: return nil
    }
    if let member = value["member"]?.string { acceptance = .member(member) }
  }

  /// The request for some credentials; nil when the URL needs one that is left out.
  func request(_ credentials: JSONValue) -> ServiceRequest? {
    guard let url = filled(url, credentials) else { return nil }
    var request = ServiceRequest(method: method, url: url)
    for header in headers {
      guard let name = filled(header.name, credentials), let value = filled(header.value, credentials) else {
        continue
      }
      request.headers.append((name, value))
    }
    if let basic, let user = credentials[basic.user]?.string,
      let password = credentials[basic.password]?.string
    {
      request.basic = (user, password)
    }
    request.body = body
    return request
  }

  /// Whether an answer accepts the credentials.
  func accepts(_ answer: ServiceAnswer) -> Bool {
    let isSuccess = (200..<300).contains(answer.status)
    switch acceptance {
    case .success: return isSuccess
    case .member(let name):
      guard isSuccess, let value = try? JSONValue(parsing: answer.body)
      else {
        return false
      }
      return value[name]?.isTruthy ?? false
    case .answered: return answer.status < 500 && ![401, 403, 407].contains(answer.status)
    }
  }

  /// A text with its places filled; nil when one has nothing.
  private func filled(_ text: String, _ credentials: JSONValue) -> String? {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      guard let close = rest[open...].firstIndex(of: "}") else { return nil }
      let parts = rest[rest.index(after: open)..<close].split(separator: "|", maxSplits: 1)
      guard let name = parts.first,
        let value = credentials[String(name)]?.string ?? (parts.count > 1 ? String(parts[1]) : nil)
      else { return nil }
      result += value
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }
}
