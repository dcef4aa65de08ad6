import Flows

/// What a service has sent to a trigger's URL, as the places of a manifest name its parts.
public struct ServiceRequest: Sendable {
  public let method: String
  /// Whole, with its query, as the service was given it.
  public let url: String
  /// Names in lower case; of a name that comes several times the first counts.
  public let headers: [(name: String, value: String)]
  public let query: [(name: String, value: String)]
  /// As it arrived.
  public let bytes: [UInt8]
  /// By its media type.
  public let body: JSONValue
  /// The parameters of a form; empty for other bodies.
  public let form: [(name: String, value: String)]

  public init(
    method: String, url: String, headers: [(name: String, value: String)],
    query: [(name: String, value: String)], body: ServiceRequestBody
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.query = query
    (bytes, self.body, form) = (body.bytes, body.value, body.form)
  }

  /// The same with another body, of which only the value is known.
  func with(body: JSONValue) -> ServiceRequest {
    ServiceRequest(
      method: method, url: url, headers: headers, query: query,
      body: ServiceRequestBody(bytes: bytes, value: body, form: form))
  }

  func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

  /// `headers`, `query` and `body`.
  var scope: ValueScope {
    ValueScope(["headers": Self.object(headers), "query": Self.object(query), "body": body])
  }

  private static func object(_ fields: [(name: String, value: String)]) -> JSONValue {
    var object = JSONObject()
    for field in fields where object[field.name] == nil { object[field.name] = .string(field.value) }
    return .object(object)
  }

  /// The bytes that a template of `signed` stands for; the body as it arrived, be it text or not. Nil when a
  /// place has no value.
  func bytes(of template: TextTemplate) -> [UInt8]? {
    var scope = scope
    scope["url"] = .string(url)
    scope["method"] = .string(method)
    let sorted = form.enumerated().sorted {
      ($0.element.name, $0.offset) < ($1.element.name, $1.offset)
    }
    scope["form"] = .string(sorted.map { $0.element.name + $0.element.value }.joined())
    var output: [UInt8] = []
    for part in template.parts {
      switch part {
      case .text(let text): output += text.utf8
      case .place(let place) where place.path.segments == ["body"]: output += bytes
      case .place(let place):
        guard let text = place.text(in: scope) else { return nil }
        output += text.utf8
      }
    }
    return output
  }
}

/// A request's body: as it arrived, what it means, and a form's parameters.
public struct ServiceRequestBody: Sendable {
  public var bytes: [UInt8]
  public var value: JSONValue
  public var form: [(name: String, value: String)] = []

  public init(bytes: [UInt8], value: JSONValue, form: [(name: String, value: String)] = []) {
    self.bytes = bytes
    self.value = value
    self.form = form
  }
}

extension WebhookTrigger {
  /// The challenge that a request is; nil for events.
  public func challenge(in request: ServiceRequest) -> WebhookChallenge? {
    guard let challenge, let value = request.scope.value(at: challenge.path), value != .null else {
      return nil
    }
    if let expected = challenge.equals, expected != value { return nil }
    return challenge
  }

  /// Which event a request is; nil when nothing tells.
  public func eventName(in request: ServiceRequest) -> String? {
    event.flatMap { request.scope.value(at: $0) }.flatMap(Place.plainText)
  }

  /// What two arrivals of the same event have in common; nil when nothing tells.
  public func deliveryKey(in request: ServiceRequest) -> String? {
    let scope = request.scope
    for places in deliveryID {
      let texts = places.compactMap { scope.value(at: $0).flatMap(Place.plainText) }
      if texts.count == places.count { return texts.joined(separator: " ") }
    }
    // A header is of the request, not of an event of it.
    guard deliveryID.isEmpty, each.isEmpty else { return nil }
    switch signature.kind {
    case .standard: return request.header("webhook-id")
    case .github: return request.header("x-github-delivery")
    default: return nil
    }
  }
}

extension WebhookChallenge {
  /// What is to be answered.
  public struct Answer: Sendable, Equatable {
    public var status: Int
    public var headers: [ConnectorHeader] = []
    /// `text/plain` for a text, else `application/json`; nil when the body is empty.
    public var contentType: String?
    public var body = ""
  }

  /// - Parameter code: what `signedCode` gave to be signed, signed.
  public func answer(to request: ServiceRequest, code: String?) -> Answer {
    var scope = request.scope
    scope["code"] = code.map { .string($0) }
    var answer = Answer(status: status)
    for field in headers {
      guard let value = field.value.value(in: scope).flatMap(Place.plainText) else { continue }
      answer.headers.append(ConnectorHeader(field.name, value))
    }
    switch reply?.value(in: scope) {
    case nil, .null?: break
    case .string(let text)?: (answer.contentType, answer.body) = ("text/plain; charset=utf-8", text)
    case let value?: (answer.contentType, answer.body) = ("application/json", value.text())
    }
    return answer
  }

  /// What the answer's code is made of; nil when there is none.
  public func codeBytes(in request: ServiceRequest) -> [UInt8]? {
    code.flatMap { request.bytes(of: $0.of) }
  }

  /// The secret that comes with it.
  public func secret(in request: ServiceRequest) -> String? {
    keptSecret.flatMap { request.scope.value(at: $0) }.flatMap(Place.plainText)
  }
}

extension WebhookSignatureScheme {
  /// The token that a request shows.
  public func shownToken(in request: ServiceRequest) -> String? {
    token.flatMap { request.scope.value(at: $0) }.flatMap(Place.plainText)
  }
}

extension WebhookSignatureScheme.Keyed {
  /// What is signed; nil when a part of it is missing.
  public func signedBytes(in request: ServiceRequest) -> [UInt8]? { request.bytes(of: signed) }

  /// The signatures that a request offers, without their prefixes: several may stand in the header, with
  /// commas between them.
  public func offered(in request: ServiceRequest) -> [String] {
    (request.header(header) ?? "").split(separator: ",").compactMap { part in
      let text = part.drop { $0 == " " }
      return text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }
  }

  /// The signed time, in milliseconds since 1970; nil when it is missing or cannot be read.
  public func signedTime(in request: ServiceRequest) -> Int64? {
    guard let timestamp, let text = request.scope.value(at: timestamp).flatMap(Place.plainText) else {
      return nil
    }
    return ResetTime.instant(text, timestampKind)
  }
}
