import Base64Text
import Flows

/// OAuth 2.0 as a service has it: how tokens are had, and how they are shown.
public struct OAuthSettings: Sendable {
  public enum ClientAuthentication: String, Sendable, CaseIterable { case body, basic }

  /// How tokens are had.
  public enum Grant: Sendable {
    /// Somebody signs in (RFC 6749 § 4.1), with PKCE (RFC 7636) where the service takes it.
    case authorizationCode
    /// From an id and a secret that are filled in (RFC 6749 § 4.4).
    case clientCredentials(id: TextTemplate, secret: TextTemplate)
    /// From a text that is signed with a key that is filled in (RFC 7523 § 2.1).
    case jwtBearer(AssertionTemplate)

    public enum Name: String, Sendable, CaseIterable {
      case authorizationCode, clientCredentials, jwtBearer
    }

    public var name: Name {
      switch self {
      case .authorizationCode: .authorizationCode
      case .clientCredentials: .clientCredentials
      case .jwtBearer: .jwtBearer
      }
    }
  }

  public let grant: Grant
  /// `grant_type` where the service has one of its own.
  public let grantType: String?
  public let authorizeURL: TextTemplate
  public let tokenURL: TextTemplate
  /// What the parameter `iss` of a callback must be (RFC 9207); nil compares its origin with that of
  /// `authorizeURL`.
  public let issuer: TextTemplate?
  public let scopes: [String]
  public let scopeSeparator: String
  /// The parameter that carries the scopes: `scope`, but `user_scope` at a few services.
  public let scopeParameter: String
  public let usesPKCE: Bool
  /// Where the token endpoint expects client id and secret (RFC 6749 § 2.3.1).
  public let clientAuthentication: ClientAuthentication
  public let tokenEncoding: BodyEncoding
  public let authorizeParameters: [FieldTemplate]
  public let tokenParameters: [FieldTemplate]
  /// What else is kept of the callback's query (`callback.…`) and the token's answer (`body.…`), as
  /// `oauth.<name>`: the first path that has a value.
  public let keep: [(name: String, paths: [ValuePath])]
  /// Where the access token stands in the answer: the first path that has a text.
  public let accessToken: [ValuePath]
  /// Where the answer names the instant at which the token ends, where it is not `expires_in`.
  public let expiresAt: ValuePath?
  /// Seconds that a token whose answer names no end lives; nil means until it is refused.
  public let lifetimeSeconds: Int?
  /// How it is sent; `Bearer` in nearly all services.
  public let tokenPrefix: String
  /// What gives a token that lives long for the one that a code gave; nil where the code's is kept.
  public let longLived: TokenTrade?
  /// How a token is renewed with itself, where the service has no refresh tokens.
  public let renewal: TokenTrade?

  /// What the grant reads of the credentials.
  var grantPaths: [ValuePath] {
    switch grant {
    case .authorizationCode: []
    case .clientCredentials(let id, let secret): (id.places + secret.places).map(\.path)
    case .jwtBearer(let assertion): assertion.paths
    }
  }

  /// Of these, those without which it is not tried.
  var neededPaths: [ValuePath] {
    if case .jwtBearer(let assertion) = grant { return assertion.neededPaths }
    return grantPaths
  }

  /// Whether the credentials hold what a grant without signing in needs.
  func isFilledIn(_ scope: ValueScope) -> Bool {
    if case .authorizationCode = grant { return false }
    return neededPaths.allSatisfy { path in
      guard let value = scope.value(at: path) else { return false }
      return value != .null && value != .string("")
    }
  }
}

/// A signed text that is exchanged for tokens: a JWT (RFC 7519) by RS256 (RFC 7518 § 3.3).
public struct AssertionTemplate: Sendable {
  /// How it is shown to the token endpoint.
  public enum Carrier: String, Sendable, CaseIterable {
    /// As the parameter `assertion` (RFC 7523 § 2.1).
    case parameter
    /// As `Authorization: Bearer`.
    case bearer
  }

  /// An RSA private key in PEM.
  let key: TextTemplate
  /// Members beside `alg` and `typ`, such as `kid`.
  let header: ValueTemplate?
  /// Beside `iat` and `exp`.
  let claims: ValueTemplate
  let lifetimeSeconds: Int
  let carrier: Carrier

  var paths: [ValuePath] {
    key.places.map(\.path) + (header?.paths ?? []).map(\.path) + claims.paths.map(\.path)
  }

  /// The key, and who signs with it; other claims that are not filled in are left out.
  var neededPaths: [ValuePath] {
    guard case .object(let members) = claims else { return key.places.map(\.path) }
    let issuer = members.first { $0.key == "iss" }?.value.paths.filter { !$0.hasFallback } ?? []
    return key.places.map(\.path) + issuer.map(\.path)
  }

  /// Seconds by which clocks may differ.
  static let leewaySeconds: Int64 = 30

  /// What is signed, with the key; nil when a value is missing.
  func signed(
    in scope: ValueScope, nowMilliseconds: Int64, by sign: OAuthExchange.Signer
  ) throws -> String? {
    guard let key = key.text(in: scope), let claims = claims.value(in: scope)?.object else { return nil }
    let issuedAt = nowMilliseconds / 1000 - AssertionTemplate.leewaySeconds
    let times: [JSONObject.Member] = [
      JSONObject.Member(key: "iat", value: .integer(issuedAt)),
      JSONObject.Member(key: "exp", value: .integer(issuedAt + Int64(lifetimeSeconds))),
    ]
    let header = header?.value(in: scope)?.object?.members ?? []
    let algorithm: [JSONObject.Member] = [
      JSONObject.Member(key: "alg", value: "RS256"), JSONObject.Member(key: "typ", value: "JWT"),
    ]
    let text = [algorithm + header, claims.members + times]
      .map { Base64URL.encode(JSONValue.object(JSONObject($0)).encoded()) }.joined(separator: ".")
    return text + "." + Base64URL.encode(try sign(Array(text.utf8), key))
  }
}
