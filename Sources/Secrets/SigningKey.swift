import Base64Text
import Crypto
import CryptoExtras
import JWTKit

/// An RSA key that signs access tokens, named by its `kid`. The caller stores `privatePEM` sealed in a
/// `SecretBox`.
public struct SigningKey: Sendable {
  /// Why a key could not be made or read.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    case generationFailed
    case malformedPEM
    case tooSmall(bits: Int)

    public var description: String {
      switch self {
      case .generationFailed: "An RSA key could not be generated."
      case .malformedPEM: "The signing key is not an RSA private key in PEM."
      case .tooSmall(let bits): "The signing key has \(bits) bits; RS256 needs at least 2048."
      }
    }
  }

  /// The RFC 7638 thumbprint of the public key: the same key always has the same name.
  public let id: String
  let backing: JWTKit.Insecure.RSA.PrivateKey
  let modulus: [UInt8]
  let exponent: [UInt8]

  /// A fresh RSA-2048 key. Takes 50-500 ms of processor time.
  public static func generate() throws(Failure) -> SigningKey {
    guard let key = try? _RSA.Signing.PrivateKey(keySize: .bits2048) else { throw .generationFailed }
    return try SigningKey(key)
  }

  /// Reads what `privatePEM` wrote.
  public init(privatePEM: String) throws(Failure) {
    // The unsafe initialiser accepts small keys, so that they get an error of their own below.
    guard let key = try? _RSA.Signing.PrivateKey(unsafePEMRepresentation: privatePEM) else {
      throw .malformedPEM
    }
    try self.init(key)
  }

  private init(_ key: _RSA.Signing.PrivateKey) throws(Failure) {
    guard key.keySizeInBits >= 2048 else { throw .tooSmall(bits: key.keySizeInBits) }
    guard
      let backing = try? JWTKit.Insecure.RSA.PrivateKey(backing: key),
      let numbers = try? key.publicKey.getKeyPrimitives()
    else { throw .malformedPEM }
    self.backing = backing
    modulus = [UInt8](numbers.modulus)
    exponent = [UInt8](numbers.publicExponent)
    // RFC 7638 § 3: the required members in lexicographic order, without white space.
    let members =
      #"{"e":"\#(Base64URL.encode(exponent))","kty":"RSA","n":"\#(Base64URL.encode(modulus))"}"#
    id = Base64URL.encode(SHA256.hash(data: [UInt8](members.utf8)))
  }

  /// The private key in PEM. Seal it before it is stored.
  public var privatePEM: String { backing.pemRepresentation }

  /// The public key in PEM (SubjectPublicKeyInfo).
  public var publicPEM: String { backing.publicKey.pemRepresentation }

  /// The public key as a JWK (RFC 7517 § 4, RFC 7518 § 6.3.1).
  var publicJWK: String {
    let modulus = Base64URL.encode(modulus)
    let exponent = Base64URL.encode(exponent)
    return #"{"kty":"RSA","use":"sig","alg":"RS256","kid":"\#(id)","n":"\#(modulus)","e":"\#(exponent)"}"#
  }
}
