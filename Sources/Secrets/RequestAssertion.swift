import CryptoExtras

/// Signatures of texts by which the Studio shows who asks, with a key that somebody filled in.
public enum RequestAssertion {
  public enum Failure: Error, Equatable {
    case malformedPEM
    case tooSmall(bits: Int)
  }

  /// RS256 (RFC 7518 § 3.3): RSASSA-PKCS1-v1_5 with SHA-256. Takes a few milliseconds of processor time.
  /// - Parameter privatePEM: PKCS #1 or PKCS #8; `\n` may stand for line breaks, as in JSON key files.
  public static func sign(_ bytes: [UInt8], privatePEM: String) throws -> [UInt8] {
    let pem = privatePEM.replacing("\\n", with: "\n")
    // The unsafe initialiser accepts small keys, so that they get an error of their own.
    guard let key = try? _RSA.Signing.PrivateKey(unsafePEMRepresentation: pem) else {
      throw Failure.malformedPEM
    }
    guard key.keySizeInBits >= 2048 else { throw Failure.tooSmall(bits: key.keySizeInBits) }
    return [UInt8](try key.signature(for: bytes, padding: .insecurePKCS1v1_5).rawRepresentation)
  }
}
