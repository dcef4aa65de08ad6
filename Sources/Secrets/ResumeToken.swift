import Base64Text
import Crypto

/// Names a node of a run that waits for a call from outside, and proves that the server made the name.
/// Nothing is stored for it: the proof is a code by the master key, so whoever was not given the text cannot
/// make it.
public struct ResumeToken: Sendable, Equatable {
  /// Each of 16 bytes.
  public let organization: [UInt8]
  public let run: [UInt8]
  public let node: [UInt8]
  /// The packed path of the iteration.
  public let iteration: Int64

  public init(organization: [UInt8], run: [UInt8], node: [UInt8], iteration: Int64) {
    self.organization = organization
    self.run = run
    self.node = node
    self.iteration = iteration
  }

  private static let nameLength = 56
  private static let codeLength = 16

  /// The token in a text that this server, or an earlier key of it, has made; nil for anything else.
  public init?(_ text: some StringProtocol, by secrets: SecretBox) {
    guard text.utf8.count == 96, let bytes = Base64URL.decode(text),
      bytes.count == ResumeToken.nameLength + ResumeToken.codeLength
    else { return nil }
    let name = Array(bytes[..<ResumeToken.nameLength])
    let code = Array(bytes[ResumeToken.nameLength...])
    let codes = secrets.authenticationCodes(for: ResumeToken.label + name)
    // Every key is tried, so that the time says nothing.
    let matches = codes.filter { ConstantTime.equal(Array($0.prefix(ResumeToken.codeLength)), code) }
    guard !matches.isEmpty else { return nil }
    organization = Array(name[0..<16])
    run = Array(name[16..<32])
    node = Array(name[32..<48])
    iteration = Int64(bitPattern: name[48..<56].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  /// 96 characters of base64url.
  public func text(by secrets: SecretBox) -> String {
    let path = UInt64(bitPattern: iteration)
    let number = (0..<8).map { UInt8(truncatingIfNeeded: path >> (56 - 8 * UInt64($0))) }
    let name = organization + run + node + number
    let code = secrets.authenticationCodes(for: ResumeToken.label + name).first ?? []
    return Base64URL.encode(name + code.prefix(ResumeToken.codeLength))
  }

  private static let label = [UInt8]("studio resume token".utf8)
}

extension SecretBox {
  /// The HMAC-SHA-256 of a message by every key, the current one first.
  func authenticationCodes(for message: [UInt8]) -> [[UInt8]] {
    allKeys.map { Array(HMAC<SHA256>.authenticationCode(for: message, using: $0)) }
  }
}
