/// The version of a body: its revision, where it has one, and a hash of its bytes: `"7-1x8k2"`.
public struct EntityTag: Hashable, Sendable {
  var revision: Int?
  var hash: UInt64

  /// Of the bytes of a body as they are sent uncompressed.
  public init(revision: Int?, body: UnsafeRawBufferPointer) {
    self.revision = revision
    // FNV-1a: only to tell versions apart.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in body { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    self.hash = hash
  }

  /// The header's value. A compressed body is another representation (RFC 9110 § 8.8.3.3).
  public func text(isCompressed: Bool = false) -> String {
    let version = String(hash, radix: 36) + (isCompressed ? EntityTag.compressed : "")
    return "\"" + (revision.map { "\($0)-" } ?? "") + version + "\""
  }

  private static let compressed = ".gz"

  /// Whether `If-None-Match` names this version.
  public func isNamed(by header: String?) -> Bool {
    EntityTag.isAny(of: [text(), text(isCompressed: true)], namedBy: header)
  }

  /// Whether `If-None-Match` names one of these tags (RFC 9110 § 13.1.2): a list, compared weakly, or `*`.
  public static func isAny(of tags: [String], namedBy header: String?) -> Bool {
    guard let header else { return false }
    return entries(header).contains { $0 == "*" || tags.contains($0) }
  }

  /// Tags without `W/`, each with its quotation marks; at most 50.
  private static func entries(_ header: String) -> [String] {
    header.split(separator: ",").prefix(50).map { entry in
      let bare = entry.drop { $0 == " " || $0 == "\t" }
      let tag = bare.hasPrefix("W/") ? bare.dropFirst(2) : bare
      return String(tag.prefix { $0 != " " && $0 != "\t" })
    }
  }

  /// What `If-Match` demands.
  enum Condition: Equatable {
    /// Any revision will do: no header, or `*`.
    case none
    /// One of these will do; at least one.
    case revisions([Int])
    /// It names no revision: nothing can match.
    case unmatchable
  }

  /// Each revision of `If-Match` may cost a statement.
  static let maximumRevisions = 10

  /// Reads `If-Match` (RFC 9110 § 13.1.1): the revision before the hyphen counts, or the whole tag. Of a list
  /// those that name no revision match nothing, as if they were not there.
  static func condition(_ header: String?) -> Condition {
    guard let header else { return .none }
    let tags = header.split(separator: ",").prefix(50).map { entry in
      entry.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
    }
    if tags == ["*"] { return .none }
    var revisions: [Int] = []
    for revision in tags.compactMap(revision) where !revisions.contains(revision) {
      revisions.append(revision)
    }
    return revisions.isEmpty ? .unmatchable : .revisions(Array(revisions.prefix(maximumRevisions)))
  }

  /// Nil for what the Studio gives to nothing; weak tags never match here.
  private static func revision(_ tag: Substring) -> Int? {
    guard tag.hasPrefix("\""), tag.hasSuffix("\""), tag.count > 2,
      let digits = tag.dropFirst().dropLast().split(separator: "-", omittingEmptySubsequences: false).first,
      let revision = Int32(digits), revision >= 0, String(revision) == digits
    else { return nil }
    return Int(revision)
  }
}
