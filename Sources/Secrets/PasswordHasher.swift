import CCrypt
import Glibc

/// Why a password was not hashed or compared.
public enum PasswordError: Error, Equatable, CustomStringConvertible {
  /// bcrypt reads 72 bytes; more would be cut off silently.
  case tooLong(bytes: Int)
  /// A C string ends at NUL, so bcrypt would read only what stands before it.
  case containsNull
  /// Too many hashes are queued; ask again later.
  case overloaded
  /// The stored text is no bcrypt hash.
  case malformedHash
  /// libcrypt refused; the number is `errno`.
  case unavailable(code: Int32)

  public var description: String {
    switch self {
    case .tooLong(let bytes):
      "A password may have at most \(PasswordHasher.maximumBytes) bytes in UTF-8; this one has \(bytes)."
    case .containsNull: "A password must not contain the character NUL."
    case .overloaded: "Too many sign-ins at this moment; try again in a few seconds."
    case .malformedHash: "The stored password hash is malformed."
    case .unavailable(let code): "The system's crypt library failed (errno \(code))."
    }
  }
}

/// bcrypt by the system's crypt library, on threads of its own. Share one instance; any thread.
///
/// One hash of cost 12 takes about 160 ms of one core: `threads` bounds how many cores sign-ins may use at
/// once, `maximumPending` how long they may queue.
public final class PasswordHasher: Sendable {
  /// bcrypt ignores everything after 72 bytes, so longer passwords are refused.
  public static let maximumBytes = 72

  private let cost: Int
  private let threads: HashingThreads

  /// - Parameters:
  ///   - cost: binary logarithm of the rounds, 4-31; 12 outside tests.
  ///   - threads: hashes computed at the same time, at least 1.
  ///   - maximumPending: hashes that may wait; further ones fail with `.overloaded`.
  public init(cost: Int = 12, threads: Int = 2, maximumPending: Int = 128) {
    self.cost = min(31, max(4, cost))
    self.threads = HashingThreads(threads: max(1, threads), maximumPending: max(0, maximumPending))
  }

  deinit { threads.close() }

  /// The hash of `password` with a fresh salt (60 ASCII characters, `$2b$…`).
  public func hash(_ password: String) async throws(PasswordError) -> String {
    let phrase = try Self.phrase(password)
    return try await run { [cost] () throws(PasswordError) in
      try Self.crypt(phrase, setting: Self.salt(cost: cost))
    }
  }

  /// Whether `hash` was made from `password`; constant time in the comparison. Throws when `hash` is
  /// malformed.
  public func verify(_ password: String, against hash: String) async throws(PasswordError) -> Bool {
    guard Self.cost(of: hash) != nil else { throw .malformedHash }
    // Too long or containing NUL: never the password of anyone, but it must take as long as a wrong one.
    let phrase = (try? Self.phrase(password)) ?? [0]
    let isPossible = phrase.count > 1 || password.isEmpty
    return try await run { () throws(PasswordError) in
      let found = try Self.crypt(phrase, setting: hash)
      return ConstantTime.equal(found.utf8, hash.utf8) && isPossible
    }
  }

  /// Takes as long as `verify` and answers false: call it when the user is unknown, so that time does not
  /// tell.
  public func verifyUnknownUser(_ password: String) async throws(PasswordError) -> Bool {
    let cost = cost < 10 ? "0\(cost)" : "\(cost)"
    let impossible = "$2b$\(cost)$" + String(repeating: ".", count: 53)
    _ = try await verify(password, against: impossible)
    return false
  }

  /// Whether `hash` was made with another cost than the present one; hash again at the next sign-in.
  public func needsRehash(_ hash: String) -> Bool { Self.cost(of: hash) != cost }

  private func run<Value: Sendable>(
    _ work: @escaping @Sendable () throws(PasswordError) -> Value
  ) async throws(PasswordError) -> Value {
    let threads = threads
    let result: Result<Value, PasswordError> = await withCheckedContinuation { continuation in
      let isQueued = threads.submit {
        let result = Result { () throws(PasswordError) in try work() }
        continuation.resume(returning: result)
      }
      if !isQueued { continuation.resume(returning: .failure(.overloaded)) }
    }
    return try result.get()
  }
}

extension PasswordHasher {
  /// The password's bytes with the final NUL.
  private static func phrase(_ password: String) throws(PasswordError) -> [UInt8] {
    let bytes = [UInt8](password.utf8)
    guard bytes.count <= maximumBytes else { throw .tooLong(bytes: bytes.count) }
    guard !bytes.contains(0) else { throw .containsNull }
    return bytes + [0]
  }

  /// crypt(5): `$2b$` two digits `$` 53 characters of `[./A-Za-z0-9]`.
  private static func cost(of hash: String) -> Int? {
    let bytes = [UInt8](hash.utf8)
    guard bytes.count == 60, hash.hasPrefix("$2b$") || hash.hasPrefix("$2a$") || hash.hasPrefix("$2y$"),
      bytes[6] == UInt8(ascii: "$"), let cost = Int(hash.dropFirst(4).prefix(2)), (4...31).contains(cost),
      bytes[7...].allSatisfy(isSaltCharacter)
    else { return nil }
    return cost
  }

  private static func isSaltCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ".")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }

  private static func salt(cost: Int) throws(PasswordError) -> String {
    let random = RandomBytes.generate(16)
    // crypt_gensalt_ra: "the return value is … allocated with malloc"; the caller frees it.
    let setting = random.withUnsafeBytes { bytes in
      crypt_gensalt_ra("$2b$", UInt(cost), bytes.bindMemory(to: CChar.self).baseAddress, 16)
    }
    guard let setting else { throw .unavailable(code: errno) }
    defer { free(setting) }
    return String(cString: setting)
  }

  /// Runs on a hashing thread. The work area held the password, so it is wiped before it is freed.
  private static func crypt(_ phrase: [UInt8], setting: String) throws(PasswordError) -> String {
    var area: UnsafeMutableRawPointer?
    var size: Int32 = 0
    defer {
      if let area {
        explicit_bzero(area, Int(size))
        free(area)
      }
    }
    // crypt_ra: on failure it returns NULL, "never a failure token".
    let output = phrase.withUnsafeBytes { bytes in
      crypt_ra(bytes.bindMemory(to: CChar.self).baseAddress, setting, &area, &size)
    }
    guard let output else { throw .unavailable(code: errno) }
    return String(cString: output)
  }
}
