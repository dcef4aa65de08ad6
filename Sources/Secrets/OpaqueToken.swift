import Base64Text
import Crypto

/// A bearer token without inner meaning, such as a refresh token: the server keeps its SHA-256 only.
///
/// Text: prefix · base64url(owner 16 bytes · id 16 bytes · secret 32 bytes). Owner and id say in which row
/// (and, once tables are distributed, on which machine) the hash lies; the secret proves possession. The
/// prefix lets secret scanners recognise a leaked token.
public struct OpaqueToken: Sendable, Equatable, CustomStringConvertible {
  /// A family of tokens, told apart by its prefix.
  public struct Kind: Sendable, Hashable {
    public let prefix: String

    /// - Parameter prefix: ASCII, ending in `_`.
    public init(prefix: String) { self.prefix = prefix }

    /// Refresh tokens of a session.
    public static let refresh = Kind(prefix: "studio_rt_")
    /// API keys of an organization.
    public static let apiKey = Kind(prefix: "studio_key_")
    /// Invitations to an organization.
    public static let invitation = Kind(prefix: "studio_inv_")
  }

  public let kind: Kind
  /// The first part of the row's key: the user of a session, the organization of an API key.
  public let owner: UUIDv7
  /// The second part: the session, or the key.
  public let id: UUIDv7
  private let secret: [UInt8]

  /// A new token with 256 random bits for the row (`owner`, `id`).
  public init(kind: Kind, owner: UUIDv7, id: UUIDv7) {
    self.init(kind: kind, owner: owner, id: id, secret: RandomBytes.generate(32))
  }

  /// Reads a token that a client sent; nil when it is not one of `kind`.
  public init?(_ text: String, kind: Kind) {
    guard text.utf8.count == kind.prefix.utf8.count + 86, text.hasPrefix(kind.prefix) else { return nil }
    guard
      let bytes = Base64URL.decode(text.dropFirst(kind.prefix.count)), bytes.count == 64,
      let owner = UUIDv7(bytes: bytes[0..<16]), let id = UUIDv7(bytes: bytes[16..<32])
    else { return nil }
    self.init(kind: kind, owner: owner, id: id, secret: [UInt8](bytes[32...]))
  }

  private init(kind: Kind, owner: UUIDv7, id: UUIDv7, secret: [UInt8]) {
    self.kind = kind
    self.owner = owner
    self.id = id
    self.secret = secret
  }

  /// What the client is given, once.
  public var text: String { kind.prefix + Base64URL.encode(owner.bytes + id.bytes + secret) }

  /// Enough to recognize the token by, and too little to use it: the prefix and the last four characters.
  public var hint: String { kind.prefix + "…" + text.suffix(4) }

  /// SHA-256 of the whole text, 32 bytes: the only thing to store. (A fast hash is right here: 256 random
  /// bits cannot be guessed.)
  public var hash: [UInt8] { [UInt8](SHA256.hash(data: [UInt8](text.utf8))) }

  /// Whether `stored` is this token's hash, in constant time.
  public func matches(storedHash stored: some Collection<UInt8>) -> Bool {
    ConstantTime.equal(hash, stored)
  }

  /// Without the secret, so that a log line cannot leak it.
  public var description: String { "OpaqueToken(\(kind.prefix)…, owner: \(owner), id: \(id))" }

  public static func == (left: Self, right: Self) -> Bool {
    left.kind == right.kind && left.owner == right.owner && left.id == right.id
      && ConstantTime.equal(left.secret, right.secret)
  }
}
