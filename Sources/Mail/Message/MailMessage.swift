/// An e-mail, checked: nothing in it can add a header or a recipient that was not asked for.
public struct MailMessage: Sendable, Equatable {
  /// To, cc and bcc together.
  public static let maximumRecipients = 100
  static let maximumSubjectBytes = 998
  /// Text and html together, before they are encoded.
  public static let maximumBodyBytes = 5 << 20

  public let from: MailAddress
  public var replyTo: [MailAddress] = []
  public var to: [MailAddress]
  public var cc: [MailAddress] = []
  /// Recipients that no header names.
  public var bcc: [MailAddress] = []
  public let subject: String
  public let text: String?
  public let html: String?
  /// Without angle brackets: `unique@domain`. The same for every try of one e-mail, so that the other side
  /// can tell a repetition (RFC 5322 § 3.6.4).
  public let id: String
  /// Seconds since 1970.
  public let date: Int64

  /// - Parameter key: what is unique to this e-mail; becomes the left side of its id.
  public init(
    from: MailAddress, to: [MailAddress], subject: String, body: (text: String?, html: String?),
    identity: (key: String, date: Int64)
  ) throws(MailError) {
    guard subject.utf8.count <= Self.maximumSubjectBytes else {
      throw .invalid(field: "subject", reason: "more than \(Self.maximumSubjectBytes) bytes")
    }
    guard !subject.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else {
      throw .invalid(field: "subject", reason: "a line break or another control character")
    }
    guard (body.text?.utf8.count ?? 0) + (body.html?.utf8.count ?? 0) <= Self.maximumBodyBytes else {
      throw .invalid(field: "text", reason: "more than \(Self.maximumBodyBytes) bytes")
    }
    guard body.text != nil || body.html != nil else {
      throw .invalid(field: "text", reason: "neither a text nor html")
    }
    self.from = from
    self.to = to
    self.subject = subject
    (text, html) = body
    let key = String(
      decoding: identity.key.utf8.map { Self.isKeyByte($0) ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
    id = "\(key)@\(from.domain)"
    date = identity.date
  }

  /// Whom the server is told to deliver to: each address once.
  public var recipients: [String] {
    var seen: Set<String> = []
    return (to + cc + bcc).map(\.address).filter { seen.insert($0).inserted }
  }

  private static func isKeyByte(_ byte: UInt8) -> Bool {
    byte.isASCIILetterOrDigit || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }
}
