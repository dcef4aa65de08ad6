import Base64Text
import Flows

/// The Studio as a client of a service's authorization server.
public struct OAuthClient: Sendable, Equatable {
  public let id: String
  public let secret: String

  public init(id: String, secret: String) {
    self.id = id
    self.secret = secret
  }
}

/// The requests of OAuth 2.0 (RFC 6749) and what their answers mean; no I/O.
public struct OAuthExchange: Sendable {
  /// Signs bytes by RS256 with a private key in PEM.
  public typealias Signer = (_ bytes: [UInt8], _ privatePEM: String) throws -> [UInt8]

  /// Why there are no tokens.
  public enum Refusal: Error, Sendable, Equatable {
    /// The service will not give tokens for this grant again (RFC 6749 § 5.2); the sentence is for people.
    case refused(String)
    /// It may do so later.
    case unavailable(String)
  }

  /// Characters of a service's message that are told.
  private static let maximumMessage = 300

  let manifest: Manifest
  let settings: OAuthSettings
  let client: OAuthClient
  /// What was filled in; templates of addresses may need it.
  let credentials: JSONValue

  /// For an account that is connected by signing in; nil when the connector knows no sign-in.
  public init?(_ manifest: Manifest, client: OAuthClient, credentials: JSONValue) {
    guard let settings = manifest.signIn else { return nil }
    self.manifest = manifest
    self.settings = settings
    self.client = client
    self.credentials = credentials
  }

  /// For an account whose tokens are had from what is filled in.
  public init(_ manifest: Manifest, grant settings: OAuthSettings, credentials: JSONValue) {
    self.manifest = manifest
    self.settings = settings
    self.credentials = credentials
    let scope = ValueScope(["credentials": credentials])
    if case .clientCredentials(let id, let secret) = settings.grant {
      client = OAuthClient(id: id.text(in: scope) ?? "", secret: secret.text(in: scope) ?? "")
    } else {
      client = OAuthClient(id: "", secret: "")
    }
  }

  private var scope: ValueScope {
    ValueScope(["credentials": credentials, "oauth": credentials["oauth"] ?? [:]])
  }

  public var usesPKCE: Bool { settings.usesPKCE }

  /// Where the user is sent (RFC 6749 § 4.1.1).
  /// - Parameter challenge: PKCE's, by S256 (RFC 7636 § 4.2); nil without PKCE.
  public func authorizationURL(
    state: String, redirectURL: String, challenge: String?
  ) throws(ConnectorFailure) -> String {
    var form = FormText(arrays: .comma)
    form.set("response_type", "code")
    form.set("client_id", client.id)
    form.set("redirect_uri", redirectURL)
    form.set("state", state)
    if !settings.scopes.isEmpty {
      form.set(settings.scopeParameter, settings.scopes.joined(separator: settings.scopeSeparator))
    }
    if let challenge {
      form.set("code_challenge", challenge)
      form.set("code_challenge_method", "S256")
    }
    for field in settings.authorizeParameters {
      if let text = field.value.value(in: scope).flatMap(Place.plainText) { form.set(field.name, text) }
    }
    let url = try RequestBuilder.base(settings.authorizeURL, scope)
    return url + (url.contains("?") ? "&" : "?") + form.text
  }

  /// Exchanges a code for tokens (§ 4.1.3).
  public func codeRequest(
    code: String, redirectURL: String, verifier: String?
  ) throws(ConnectorFailure) -> ConnectorRequest {
    var parameters: [(String, String)] = [
      ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectURL),
    ]
    if let verifier { parameters.append(("code_verifier", verifier)) }
    return try tokenRequest(parameters)
  }

  /// The same with what came since.
  public func with(_ credentials: JSONValue) -> OAuthExchange {
    OAuthExchange(manifest: manifest, settings: settings, client: client, credentials: credentials)
  }

  private init(manifest: Manifest, settings: OAuthSettings, client: OAuthClient, credentials: JSONValue) {
    self.manifest = manifest
    self.settings = settings
    self.client = client
    self.credentials = credentials
  }

  /// Exchanges the token that a code gave for one that lives long; nil where there is no such step.
  public func longLivedRequest() throws(ConnectorFailure) -> ConnectorRequest? {
    guard let trade = settings.longLived else { return nil }
    return try trade.request(in: scope, client)
  }

  /// Exchanges a refresh token for tokens (§ 6), or the token for another where the service has it so; nil
  /// when there is none.
  public func refreshRequest() throws(ConnectorFailure) -> ConnectorRequest? {
    if let renewal = settings.renewal, credentials["oauth"]?["accessToken"]?.string != nil {
      return try renewal.request(in: scope, client)
    }
    guard let token = credentials["oauth"]?["refreshToken"]?.string else { return nil }
    return try tokenRequest([("grant_type", "refresh_token"), ("refresh_token", token)])
  }

  /// Asks for tokens with what is filled in (§ 4.4; RFC 7523 § 2.1); nil for the authorization code grant.
  public func grantRequest(
    nowMilliseconds: Int64, sign: Signer
  ) throws(ConnectorFailure) -> ConnectorRequest? {
    var parameters: [(String, String)] = []
    if !settings.scopes.isEmpty {
      parameters.append(
        (settings.scopeParameter, settings.scopes.joined(separator: settings.scopeSeparator)))
    }
    switch settings.grant {
    case .authorizationCode: return nil
    case .clientCredentials:
      return try tokenRequest([("grant_type", settings.grantType ?? "client_credentials")] + parameters)
    case .jwtBearer(let template):
      let assertion: String?
      do {
        assertion = try template.signed(in: scope, nowMilliseconds: nowMilliseconds, by: sign)
      } catch {
        throw ConnectorFailure(.authentication, "The private key is not an RSA key in PEM.")
      }
      guard let assertion else { throw ConnectorFailure(.authentication, "The private key is missing.") }
      if template.carrier == .bearer {
        var request = try tokenRequest(parameters)
        request.headers.append(ConnectorHeader("Authorization", "Bearer " + assertion))
        return request
      }
      let type = settings.grantType ?? "urn:ietf:params:oauth:grant-type:jwt-bearer"
      return try tokenRequest([("grant_type", type), ("assertion", assertion)] + parameters)
    }
  }

  /// Whether a callback comes from the service that was asked (RFC 9207 § 2.4): its parameter `iss`, where
  /// there is one.
  public func isFromIssuer(_ callback: JSONValue) -> Bool {
    guard let given = callback["iss"]?.string else { return true }
    if let issuer = settings.issuer { return issuer.text(in: scope) == given }
    guard let address = try? RequestBuilder.base(settings.authorizeURL, scope) else { return false }
    return ConnectorRequest.origin(of: given) == ConnectorRequest.origin(of: address)
  }

  private func tokenRequest(_ parameters: [(String, String)]) throws(ConnectorFailure) -> ConnectorRequest {
    var parameters = parameters
    for field in settings.tokenParameters {
      if let text = field.value.value(in: scope).flatMap(Place.plainText) {
        parameters.append((field.name, text))
      }
    }
    var request = ConnectorRequest(method: "POST", url: try RequestBuilder.base(settings.tokenURL, scope))
    request.headers = [ConnectorHeader("Accept", "application/json")]
    switch settings.clientAuthentication {
    case _ where client.id.isEmpty: break
    case .basic:
      let id = PercentEncoding.encode(client.id)
      let text = Base64.encode(Array("\(id):\(PercentEncoding.encode(client.secret))".utf8))
      request.headers.append(ConnectorHeader("Authorization", "Basic " + text))
    case .body:
      parameters.append(("client_id", client.id))
      if !client.secret.isEmpty { parameters.append(("client_secret", client.secret)) }
    }
    if settings.tokenEncoding == .json {
      let members = parameters.map { JSONObject.Member(key: $0.0, value: .string($0.1)) }
      request.body = JSONValue.object(JSONObject(members)).encoded()
      request.headers.append(ConnectorHeader("Content-Type", "application/json"))
    } else {
      var form = FormText(arrays: .comma)
      for (name, value) in parameters { form.set(name, value) }
      request.body = Array(form.text.utf8)
      request.headers.append(ConnectorHeader("Content-Type", "application/x-www-form-urlencoded"))
    }
    return request
  }

  /// The credentials with what an answer of the token endpoint brought (§ 5.1); an answer without a refresh
  /// token leaves the one before (§ 6).
  /// - Parameters:
  ///   - callback: the parameters with which the user came back; empty when refreshing.
  ///   - nowMilliseconds: when the request was sent, since 1970.
  public func credentials(
    after answer: ConnectorAnswer, callback: JSONValue = [:], nowMilliseconds: Int64
  ) throws(Refusal) -> JSONValue {
    let body = (try? JSONValue(parsing: answer.body)) ?? .null
    let scope = ValueScope(["body": body, "callback": callback])
    let place = settings.accessToken.first { scope.value(at: $0)?.string?.isEmpty == false }
    guard (200..<300).contains(answer.status), let place, let token = scope.value(at: place) else {
      throw refusal(answer, body)
    }
    var oauth = credentials["oauth"]?.object ?? JSONObject()
    oauth["accessToken"] = token
    let isSignIn = settings.grant.name == .authorizationCode
    oauth["grant"] = isSignIn ? nil : .string(settings.grant.name.rawValue)
    if !isSignIn {
      oauth["refreshToken"] = nil
    } else if let refresh = sibling("refresh_token", of: place, body)?.string {
      oauth["refreshToken"] = .string(refresh)
    }
    let expiresAt = expiry(place, body, nowMilliseconds)
    oauth["expiresAt"] = expiresAt.map { .integer($0) }
    oauth["renewableAt"] = settings.renewal?.renewableAt(expiresAt, nowMilliseconds).map { .integer($0) }
    for (name, paths) in settings.keep {
      if let value = paths.lazy.compactMap({ scope.value(at: $0) }).first { oauth[name] = value }
    }
    var credentials = credentials.object ?? JSONObject()
    credentials["oauth"] = .object(oauth)
    return .object(credentials)
  }

  /// When the token ends, in milliseconds since 1970; nil when the service does not say.
  private func expiry(_ place: ValuePath, _ body: JSONValue, _ nowMilliseconds: Int64) -> Int64? {
    if let path = settings.expiresAt {
      let text = ValueScope(["body": body]).value(at: path)?.string
      if let instant = text.flatMap(ResetTime.dateTime) { return instant }
    }
    let seconds = sibling("expires_in", of: place, body).flatMap(OAuthExchange.seconds)
    return (seconds ?? settings.lifetimeSeconds.map { Int64($0) }).map { nowMilliseconds + $0 * 1000 }
  }

  /// A member beside the access token.
  private func sibling(_ key: String, of place: ValuePath, _ body: JSONValue) -> JSONValue? {
    let path = ValuePath(segments: place.segments.dropLast() + [key])
    return ValueScope(["body": body]).value(at: path)
  }

  private static func seconds(_ value: JSONValue) -> Int64? {
    let seconds = value.integer ?? value.string.flatMap { Int64($0) }
    return seconds.flatMap { (1...31_536_000_000).contains($0) ? $0 : nil }
  }

  private func refusal(_ answer: ConnectorAnswer, _ body: JSONValue) -> Refusal {
    let code = body["error"]?.string
    let said =
      body["error_description"]?.string ?? body["message"]?.string
      ?? body["error"]?["message"]?.string ?? body["error_message"]?.string ?? code
    let message = String((said ?? "status \(answer.status)").prefix(OAuthExchange.maximumMessage))
    let mayPass = answer.status >= 500 || answer.status == 429 || answer.status == 408
    return mayPass || code == "temporarily_unavailable" ? .unavailable(message) : .refused(message)
  }
}

extension ValuePath {
  init(segments: [String]) { self.segments = segments }
}
