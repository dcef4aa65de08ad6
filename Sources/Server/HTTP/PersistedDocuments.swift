import GraphQLEngine
import Secrets
import Synchronization

/// Documents that clients name instead of sending them (GraphQL over HTTP, appendix "Persisted Documents"):
/// the operator's trusted ones, which are read at the start, and those that clients have sent with their hash
/// (Apollo's automatic persisted queries), which are remembered within a bound.
///
/// Shared by all requests of all transports; the lock protects what is remembered.
final class PersistedDocuments: Sendable {
  /// The text that a request means.
  struct Resolved: Sendable {
    var text: String
    /// By what to remember it, once it has proved to be valid; nil when it is known or not to be kept.
    var newHash: String?
  }

  /// Two generations: the younger one becomes the older when it has half the bytes, and what is used again
  /// moves to the younger. So each step is one look-up.
  fileprivate struct Remembered {
    var young: [String: String] = [:]
    var old: [String: String] = [:]
    var youngBytes = 0
  }

  /// By `sha256:…` or an id of the operator's own.
  private let trusted: [String: String]
  /// Whether everything else is refused.
  private let refusesOthers: Bool
  /// The bytes that may be remembered; 0 turns automatic persisted queries off.
  private let maximumBytes: Int
  private let remembered = Mutex(Remembered())

  init(trusted: [String: String] = [:], refusesOthers: Bool = false, maximumBytes: Int = 0) {
    self.trusted = trusted
    self.refusesOthers = refusesOthers
    self.maximumBytes = refusesOthers ? 0 : maximumBytes
  }

  /// Finds the text by `documentId`, by `extensions.persistedQuery`, or takes the request's own.
  func resolve(_ request: GraphQLRequest) throws(RequestErrors) -> Resolved {
    if let id = request.documentID { return try resolve(id, request.query, isAutomatic: false) }
    if let persisted = request.persistedQuery {
      return try resolve(try hash(persisted), request.query, isAutomatic: true)
    }
    let text = request.query ?? ""
    if refusesOthers, trusted[Self.prefix + ContentHash.sha256(of: text)] == nil { throw Self.notTrusted }
    return Resolved(text: text)
  }

  /// Keeps a document that has proved to be valid.
  func remember(_ document: Resolved) {
    guard let hash = document.newHash else { return }
    // Neither one large text nor many small ones may fill the memory.
    let cost = document.text.utf8.count + 200
    guard cost <= maximumBytes / 4 else { return }
    remembered.withLock { $0.insert(hash, document.text, cost, half: maximumBytes / 2) }
  }

  private func resolve(_ id: String, _ text: String?, isAutomatic: Bool) throws(RequestErrors) -> Resolved {
    guard let text else {
      if let known = known(id) { return Resolved(text: known) }
      guard isAutomatic else { throw Self.unknownID }
      throw maximumBytes > 0 || !trusted.isEmpty ? Self.notFound : Self.notSupported
    }
    guard id.hasPrefix(Self.prefix), id == Self.prefix + ContentHash.sha256(of: text) else {
      throw Self.mismatch
    }
    if trusted[id] != nil { return Resolved(text: text) }
    if refusesOthers { throw Self.notTrusted }
    return Resolved(text: text, newHash: id)
  }

  private func known(_ id: String) -> String? {
    if let text = trusted[id] { return text }
    guard maximumBytes > 0 else { return nil }
    return remembered.withLock { $0.find(id, half: maximumBytes / 2) }
  }

  /// The id that Apollo's extension means.
  private func hash(_ persisted: InputValue) throws(RequestErrors) -> String {
    guard persisted["version"] == 1, let hash = persisted["sha256Hash"]?.string else {
      throw Self.notSupported
    }
    return Self.prefix + hash.lowercased()
  }

  /// "SHA256 Hex Document Identifier": the prefix and 64 lower-case hexadecimal digits.
  static let prefix = "sha256:"

  // MARK: Errors; Apollo's clients know theirs by message and code.

  private static let notFound = refusal("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
  private static let notSupported = refusal("PersistedQueryNotSupported", "PERSISTED_QUERY_NOT_SUPPORTED")
  private static let unknownID = refusal(
    "There is no document with this documentId.", "PERSISTED_QUERY_NOT_FOUND")
  private static let mismatch = refusal(
    "The document is not the one that its id or hash names.", "BAD_USER_INPUT")
  private static let notTrusted = refusal(
    "Only documents that the operator trusts are executed here.", "DOCUMENT_NOT_TRUSTED")

  private static func refusal(_ message: String, _ code: String) -> RequestErrors {
    RequestErrors([GraphQLError(message, extensions: [ErrorExtension(key: "code", json: "\"\(code)\"")])])
  }
}

extension PersistedDocuments.Remembered {
  fileprivate mutating func find(_ id: String, half: Int) -> String? {
    if let text = young[id] { return text }
    guard let text = old[id] else { return nil }
    insert(id, text, text.utf8.count + 200, half: half)
    return text
  }

  fileprivate mutating func insert(_ id: String, _ text: String, _ cost: Int, half: Int) {
    guard young[id] == nil else { return }
    if youngBytes + cost > half {
      old = young
      young = [:]
      youngBytes = 0
    }
    young[id] = text
    youngBytes += cost
  }
}
