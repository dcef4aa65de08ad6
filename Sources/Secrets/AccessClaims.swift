import JWTKit

/// Who an access token speaks for. Times are Unix seconds.
public struct AccessClaims: Sendable, Hashable {
  public let user: UUIDv7
  public let organization: UUIDv7
  public let session: UUIDv7
  /// The token's own id (`jti`).
  public let token: UUIDv7
  public let issuedAt: Int64
  public let expiresAt: Int64
}

/// Why an access token was refused. Messages may be shown to the client.
public enum AccessTokenError: Error, Equatable, CustomStringConvertible {
  /// Not three parts of base64url JSON with the claims of an access token, or longer than 4 KiB.
  case malformed
  /// The header names another algorithm than RS256 (RFC 8725 § 3.1).
  case wrongAlgorithm
  /// The header names no key, or one that is not in the set (rotated away, or foreign).
  case unknownKey
  case wrongSignature
  case wrongIssuer
  case wrongAudience
  case expired
  /// Signing failed; only the server sees this.
  case signingFailed

  public var description: String {
    switch self {
    case .malformed: "The access token is malformed."
    case .wrongAlgorithm: "The access token is not signed with RS256."
    case .unknownKey: "The access token was signed with an unknown key."
    case .wrongSignature: "The access token's signature is wrong."
    case .wrongIssuer: "The access token was issued by someone else."
    case .wrongAudience: "The access token is meant for someone else."
    case .expired: "The access token has expired."
    case .signingFailed: "The access token could not be signed."
    }
  }
}

/// The payload on the wire (RFC 7519 § 4.1; `org` and `sid` are ours).
struct AccessPayload: JWTPayload {
  let iss: String
  let aud: String
  let sub: String
  let org: String
  let sid: String
  let jti: String
  let iat: Int64
  let exp: Int64

  /// Claims are checked by `AccessTokens`, which knows the clock and gives typed errors.
  func verify(using algorithm: some JWTAlgorithm) async throws {}

  /// The typed claims; nil when an id is no UUID.
  var claims: AccessClaims? {
    guard let user = UUIDv7(sub), let organization = UUIDv7(org), let session = UUIDv7(sid),
      let token = UUIDv7(jti)
    else { return nil }
    return AccessClaims(
      user: user, organization: organization, session: session, token: token, issuedAt: iat, expiresAt: exp)
  }
}
