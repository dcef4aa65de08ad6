import CryptoExtras
import Secrets
import Testing

/// Signatures with a key that somebody filled in.
@Suite struct RequestAssertionTests {
  @Test func `a signature is one of the key, in whatever form the key is written`() throws {
    let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
    let text = Array("header.claims".utf8)
    for pem in [
      key.pemRepresentation, key.pkcs8PEMRepresentation,
      key.pkcs8PEMRepresentation.replacing("\n", with: "\\n"),
    ] {
      let signature = try RequestAssertion.sign(text, privatePEM: pem)
      #expect(
        key.publicKey.isValidSignature(
          _RSA.Signing.RSASignature(rawRepresentation: signature), for: text, padding: .insecurePKCS1v1_5))
    }
  }

  @Test func `what is no key, and a key that is too small, are refused`() throws {
    let small = try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: 1024))
    #expect(throws: RequestAssertion.Failure.tooSmall(bits: 1024)) {
      try RequestAssertion.sign([1], privatePEM: small.pemRepresentation)
    }
    #expect(throws: RequestAssertion.Failure.malformedPEM) {
      try RequestAssertion.sign([1], privatePEM: "no key")
    }
  }
}
