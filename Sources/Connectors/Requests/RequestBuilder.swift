import Base64Text
import Flows

/// Writes a request from an operation's template, an input and credentials. A value; any thread.
struct RequestBuilder {
  /// What the next page adds to a request.
  struct Page: Equatable {
    var parameters: [(PageParameter, JSONValue)] = []
    /// Takes the place of the request's URL.
    var url: String?
    /// Whether it is another than the first.
    var isContinued = false

    static func == (left: Page, right: Page) -> Bool {
      left.url == right.url && left.isContinued == right.isContinued
        && left.parameters.map(\.1) == right.parameters.map(\.1)
    }
  }

  let manifest: Manifest
  let operation: Operation
  private(set) var scope: ValueScope
  /// The operation's, or that of its further pages.
  private var template: RequestTemplate

  /// - Parameters:
  ///   - credentials: what was filled in, and in `oauth` what the service gave.
  init(_ manifest: Manifest, _ operation: Operation, input: JSONValue, credentials: JSONValue) {
    self.manifest = manifest
    self.operation = operation
    var scope = ValueScope(["input": input, "credentials": credentials])
    scope["oauth"] = credentials["oauth"]
    self.scope = scope
    template = operation.request
  }

  /// Further requests are made with these credentials.
  mutating func use(_ credentials: JSONValue) {
    scope["credentials"] = credentials
    scope["oauth"] = credentials["oauth"]
  }

  func request(page: Page = Page(), idempotencyKey: String? = nil) throws(ConnectorFailure)
    -> ConnectorRequest
  {
    var builder = self
    if page.isContinued, let other = operation.paging?.continuation { builder.template = other }
    var places = JSONObject()
    for case (.place(let name), let value) in page.parameters { places[name] = value }
    builder.scope["page"] = .object(places)
    return try builder.filled(page, idempotencyKey)
  }

  private func filled(_ page: Page, _ idempotencyKey: String?) throws(ConnectorFailure) -> ConnectorRequest {
    var request = ConnectorRequest(method: template.method, url: try url(page))
    request.headers = headers(manifest.headers) + headers(template.headers)
    try addBody(page, to: &request)
    try authenticate(&request)
    if let name = operation.idempotencyHeader, let idempotencyKey {
      request.headers.append(ConnectorHeader(name, idempotencyKey))
    }
    // RFC 9110 § 5.5: CR, LF and NUL in a field's value are dangerous.
    for header in request.headers where header.value.utf8.contains(where: { [0, 10, 13].contains($0) }) {
      throw .invalid("The header \(header.name) must be one line.")
    }
    return request
  }

  private func url(_ page: Page) throws(ConnectorFailure) -> String {
    let base = try RequestBuilder.base(template.baseURL ?? manifest.baseURL, scope)
    if let url = page.url {
      if url.hasPrefix("/") { return ConnectorRequest.origin(of: base) + url }
      // Credentials are sent along, so that an answer must not lead them elsewhere.
      guard ConnectorRequest.origin(of: url) == ConnectorRequest.origin(of: base) else {
        throw ConnectorFailure(.failed, "The next page is at another host than the service.")
      }
      return url
    }
    let path = template.path.text(in: scope) { text, place in
      // An empty segment or one of dots would be another address.
      if text == "." || text == ".." || text.isEmpty && place.format != .path { return nil }
      guard place.format == .path else { return PercentEncoding.encode(text) }
      if text.split(separator: "/").contains("..") { return nil }
      return PercentEncoding.encode(text, keeping: "/")
    }
    guard let path else { throw .invalid("The input lacks a part of the address.") }
    var form = FormText(arrays: template.arrays)
    for field in values(manifest.query + template.query) { form.add(field.key, field.value) }
    for case (.query(let name), let value) in page.parameters { form.set(name, Place.plainText(value) ?? "") }
    let url = base + path
    return form.pairs.isEmpty ? url : url + (url.contains("?") ? "&" : "?") + form.text
  }

  /// The base URL without a final slash. A value in it is an address of its own when it stands at the
  /// beginning, and else a part of a host name or of a path.
  static func base(_ template: TextTemplate?, _ scope: ValueScope) throws(ConnectorFailure) -> String {
    guard let template else { throw .invalid("The connector has no address.") }
    let isWhole: Bool
    if case .place? = template.parts.first { isWhole = true } else { isWhole = false }
    let base = template.text(in: scope) { text, _ in
      let isAllowed = text.utf8.allSatisfy { byte in
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) && byte < 0x80
          || "-._~".utf8.contains(byte) || (isWhole && ":/[]".utf8.contains(byte))
      }
      return isAllowed && !text.isEmpty ? text : nil
    }
    guard var base, base.hasPrefix("https://") || base.hasPrefix("http://") else {
      throw .invalid("The credentials do not say which address the service has.")
    }
    while base.hasSuffix("/") { base.removeLast() }
    return base
  }

  private func headers(_ fields: [FieldTemplate]) -> [ConnectorHeader] {
    values(fields).compactMap { field in
      Place.plainText(field.value).map { ConnectorHeader(field.key, $0) }
    }
  }

  private func values(_ fields: [FieldTemplate]) -> [JSONObject.Member] {
    fields.flatMap { field -> [JSONObject.Member] in
      guard let value = field.value.value(in: scope) else { return [] }
      if field.name == FieldTemplate.spread { return value.object?.members ?? [] }
      return [JSONObject.Member(key: field.name, value: value)]
    }
  }

  private func addBody(_ page: Page, to request: inout ConnectorRequest) throws(ConnectorFailure) {
    if !template.parts.isEmpty {
      var form = MultipartBody()
      for part in template.parts { try form.add(part, in: scope) }
      let (body, type) = form.encoded()
      request.body = body
      request.headers.append(ConnectorHeader("Content-Type", type))
      return
    }
    guard let bodyTemplate = template.body else { return }
    var body = bodyTemplate.value(in: scope) ?? .object(JSONObject())
    for case (.body(let path), let value) in page.parameters {
      body = RequestBuilder.set(value, at: path[...], in: body)
    }
    let type = template.contentType?.text(in: scope)
    switch template.encoding {
    case .json:
      request.body = body.encoded()
      request.headers.append(ConnectorHeader("Content-Type", type ?? "application/json"))
    case .form:
      var form = FormText(arrays: template.arrays)
      for member in body.object?.members ?? [] { form.add(member.key, member.value) }
      request.body = Array(form.text.utf8)
      request.headers.append(ConnectorHeader("Content-Type", type ?? "application/x-www-form-urlencoded"))
    case .text:
      request.body = Array((Place.plainText(body) ?? "").utf8)
      request.headers.append(ConnectorHeader("Content-Type", type ?? "text/plain; charset=utf-8"))
    case .bytes:
      guard let bytes = body.string.flatMap({ Base64.decode($0) }) else {
        throw .invalid("The content must be a text in base64.")
      }
      request.body = bytes
      request.headers.append(ConnectorHeader("Content-Type", type ?? "application/octet-stream"))
    }
  }

  private static func set(_ value: JSONValue, at path: ArraySlice<String>, in body: JSONValue) -> JSONValue {
    guard let key = path.first else { return value }
    var object = body.object ?? JSONObject()
    object[key] = set(value, at: path.dropFirst(), in: object[key] ?? .object(JSONObject()))
    return .object(object)
  }

  /// By the first method whose places all have values.
  private func authenticate(_ request: inout ConnectorRequest) throws(ConnectorFailure) {
    for method in manifest.authentication {
      switch method {
      case .none: return
      case .apiKey(let carrier, let name, let template):
        guard let name = name.text(in: scope), let value = template.text(in: scope) else { continue }
        switch carrier {
        case .header: request.headers.append(ConnectorHeader(name, value))
        case .query:
          request.url +=
            (request.url.contains("?") ? "&" : "?") + PercentEncoding.encode(name) + "="
            + PercentEncoding.encode(value)
        }
        return
      case .bearer(let template):
        guard let token = template.text(in: scope) else { continue }
        request.headers.append(ConnectorHeader("Authorization", "Bearer " + token))
        return
      case .basic(let username, let password):
        guard let username = username.text(in: scope), let password = password.text(in: scope) else {
          continue
        }
        let text = Base64.encode(Array("\(username):\(password)".utf8))
        request.headers.append(ConnectorHeader("Authorization", "Basic " + text))
        return
      case .oauth2(let settings):
        guard let token = scope["oauth"]?["accessToken"]?.string else { continue }
        request.headers.append(ConnectorHeader("Authorization", settings.tokenPrefix + " " + token))
        return
      }
    }
    throw ConnectorFailure(
      .authentication, "The account has no credentials. \(manifest.wantedCredentials)")
  }
}
