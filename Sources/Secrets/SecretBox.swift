import Crypto

/// What a sealed blob belongs to. It is authenticated, not stored: opening with another context fails, so a
/// blob that is copied to another row, column or organization is useless there.
public struct SecretContext: Sendable, Hashable {
  /// What the secret is for, for instance `integration.credentials`.
  public let purpose: String
  /// The organization that owns the row; nil for what belongs to the installation (signing keys).
  public let organization: UUIDv7?
  /// The row's id, where it is known when sealing.
  public let row: UUIDv7?

  public init(purpose: String, organization: UUIDv7? = nil, row: UUIDv7? = nil) {
    self.purpose = purpose
    self.organization = organization
    self.row = row
  }

  /// Unambiguous bytes: each part is preceded by its length.
  fileprivate var bytes: [UInt8] {
    let parts = [[UInt8](purpose.utf8), organization?.bytes ?? [], row?.bytes ?? []]
    return parts.flatMap { part in
      (0..<4).map { UInt8(truncatingIfNeeded: part.count >> (24 - 8 * $0)) } + part
    }
  }
}

/// Seals secrets with AES-256-GCM under the installation's master keys: the current one seals, all of them
/// open. A value; any thread.
///
/// Blob: version (1 byte, 1) · key id (8) · nonce (12, random) · ciphertext · tag (16). The header and the
/// context are the associated data. NIST SP 800-38D § 8.3 bounds random nonces to 2³² blobs per key: rotate
/// long before.
public struct SecretBox: Sendable {
  /// Why a blob did not open. No case carries any of the secret.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    case malformed
    case unknownKey(id: UInt64)
    case notAuthentic

    public var description: String {
      switch self {
      case .malformed: "The stored secret is not in a known format."
      case .unknownKey(let id):
        "The stored secret was sealed with a master key (\(String(id, radix: 16))) that is not configured."
      case .notAuthentic: "The stored secret was changed, or belongs to another place."
      }
    }
  }

  private static let version: UInt8 = 1
  private static let headerLength = 9
  private static let nonceLength = 12
  private static let tagLength = 16
  /// Bytes that a blob is longer than its secret.
  public static let overhead = headerLength + nonceLength + tagLength

  private let current: MasterKey
  private let keys: [UInt64: MasterKey]

  /// - Parameters:
  ///   - current: seals, and opens.
  ///   - previous: keys that only open, until everything is sealed anew.
  public init(current: MasterKey, previous: [MasterKey] = []) {
    self.current = current
    keys = Dictionary((previous + [current]).map { ($0.id, $0) }) { _, last in last }
  }

  /// The current key, then those that only open.
  var allKeys: [SymmetricKey] {
    [current.key] + keys.values.filter { $0.id != current.id }.sorted { $0.id < $1.id }.map(\.key)
  }

  /// Seals `secret` for `context` with the current key and a fresh nonce.
  public func seal(_ secret: some Collection<UInt8>, for context: SecretContext) throws(Failure) -> [UInt8] {
    let header = Self.header(keyID: current.id)
    do {
      let sealed = try AES.GCM.seal(
        [UInt8](secret), using: current.key, authenticating: header + context.bytes)
      return header + sealed.nonce + sealed.ciphertext + sealed.tag
    } catch {
      throw .malformed  // AES.GCM.seal fails for a key of a wrong size only, which MasterKey rules out
    }
  }

  /// The secret in `blob`, if it is authentic and was sealed for `context` with a known key.
  public func open(_ blob: some Collection<UInt8>, for context: SecretContext) throws(Failure) -> [UInt8] {
    let bytes = [UInt8](blob)
    guard let id = Self.keyID(of: bytes) else { throw .malformed }
    guard let master = keys[id] else { throw .unknownKey(id: id) }
    do {
      let box = try AES.GCM.SealedBox(combined: bytes.dropFirst(Self.headerLength))
      let header = bytes.prefix(Self.headerLength)
      return [UInt8](try AES.GCM.open(box, using: master.key, authenticating: header + context.bytes))
    } catch {
      throw .notAuthentic
    }
  }

  /// The eight bytes behind the first of what is sealed now.
  public var currentKeyID: [UInt8] { Array(Self.header(keyID: current.id).dropFirst()) }

  /// Whether `blob` should be opened and sealed anew because an older key sealed it.
  public func needsResealing(_ blob: some Collection<UInt8>) -> Bool {
    Self.keyID(of: [UInt8](blob)) != current.id
  }

  private static func header(keyID: UInt64) -> [UInt8] {
    [version] + (0..<8).map { UInt8(truncatingIfNeeded: keyID >> (56 - 8 * UInt64($0))) }
  }

  private static func keyID(of blob: [UInt8]) -> UInt64? {
    guard blob.count >= overhead, blob[0] == version else { return nil }
    return blob[1..<headerLength].reduce(0) { $0 << 8 | UInt64($1) }
  }
}
