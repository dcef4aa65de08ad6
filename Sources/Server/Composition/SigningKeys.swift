import Flows
import Secrets
import Storage

/// The keys of access tokens: read from the database, or made when there is none yet.
enum SigningKeys {
  /// The key that signs, and those that still verify.
  static func load(
    _ store: SigningKeyStore, secrets: SecretBox, identifiers: UUIDv7Generator
  ) async throws -> (signing: SigningKey, retired: [SigningKey]) {
    var stored = try await store.keys()
    if stored.isEmpty {
      try await insertFirst(store, secrets, identifiers)
      stored = try await store.keys()
    }
    let keys = try stored.map { key in
      let pem: [UInt8]
      do {
        pem = try secrets.open(key.privateKey, for: context(key.id))
      } catch {
        throw SettingError(
          description: """
            STUDIO_MASTER_KEY does not open the keys in this database. Set the key that it was started with before, \
            as STUDIO_MASTER_KEY or among STUDIO_OLD_MASTER_KEYS.
            """)
      }
      return try SigningKey(privatePEM: String(decoding: pem, as: UTF8.self))
    }
    guard let signing = keys.first else {
      throw SettingError(description: "There is no signing key in the database and none could be made.")
    }
    return (signing, Array(keys.dropFirst()))
  }

  private static func insertFirst(
    _ store: SigningKeyStore, _ secrets: SecretBox, _ identifiers: UUIDv7Generator
  ) async throws {
    let id = identifiers.next()
    let row = Identifier(high: id.high, low: id.low)
    let key = try SigningKey.generate()
    let sealed = try secrets.seal(Array(key.privatePEM.utf8), for: context(row))
    try await store.insertFirst(
      SigningKeyStore.StoredKey(id: row, publicPEM: key.publicPEM, privateKey: sealed))
  }

  static func context(_ id: Identifier) -> SecretContext {
    SecretContext(purpose: "signing-key", row: UUIDv7(high: id.high, low: id.low))
  }
}
