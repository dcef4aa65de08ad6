import Testing

@testable import Secrets

/// Signatures as manifests describe them, against the vectors of their specifications.
@Suite struct KeyedSignatureTests {
  private static let message = Array("what do ya want for nothing?".utf8)
  private static let key = Array("Jefe".utf8)

  /// RFC 2202 and RFC 4231, test case 2.
  @Test(arguments: [
    (KeyedSignature.Algorithm.sha1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
    (.sha256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    (
      .sha512,
      "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
    ),
  ]) func `HMAC is that of its specification`(_ algorithm: KeyedSignature.Algorithm, _ hex: String) throws {
    let signature = KeyedSignature(algorithm, .hex)
    #expect(signature.code(of: Self.message, secret: Self.key) == hex)
    #expect(signature.isRight([hex], of: Self.message, secrets: [Self.key]))
    #expect(signature.isRight(["00", hex.uppercased()], of: Self.message, secrets: [[1], Self.key]))
    #expect(!signature.isRight([hex], of: Self.message + [0], secrets: [Self.key]))
    #expect(!signature.isRight([String(hex.dropLast())], of: Self.message, secrets: [Self.key]))
    #expect(!signature.isRight([], of: Self.message, secrets: [Self.key]))
    #expect(!signature.isRight([hex], of: Self.message, secrets: []))
  }

  @Test(arguments: [KeyedSignature.Encoding.base64, .base64url])
  func `base64 is read in both alphabets, and in no other`(_ encoding: KeyedSignature.Encoding) throws {
    let signature = KeyedSignature(.sha256, encoding)
    // Until there is a sign in which the two differ.
    for number: UInt8 in 0...20 {
      let code = try #require(signature.code(of: [number], secret: Self.key))
      #expect(signature.isRight([code], of: [number], secrets: [Self.key]))
      let other = KeyedSignature(.sha256, encoding == .base64 ? .base64url : .base64)
      let isOneInBoth = !code.contains { "+/-_".contains($0) }
      #expect(other.isRight([code], of: [number], secrets: [Self.key]) == isOneInBoth)
    }
  }

  /// RFC 8032 § 7.1, test 2.
  @Test func `Ed25519 is verified with the public key`() {
    let signature = KeyedSignature(.ed25519, .hex)
    let key = Array("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c".utf8)
    let code =
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    #expect(signature.isRight([code], of: [0x72], secrets: [key]))
    #expect(!signature.isRight([code], of: [0x73], secrets: [key]))
    #expect(!signature.isRight([code], of: [0x72], secrets: [Array("3d40".utf8), Array("no hex".utf8)]))
    #expect(signature.code(of: [0x72], secret: key) == nil)
  }

  @Test func `only so many signatures are looked at`() {
    let signature = KeyedSignature(.sha256, .hex)
    let right = signature.code(of: [], secret: Self.key) ?? ""
    let wrong = Array(repeating: "00", count: KeyedSignature.maximumOffered)
    #expect(!signature.isRight(wrong + [right], of: [], secrets: [Self.key]))
  }
}
