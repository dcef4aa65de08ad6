/// An e-mail as it shall be sent. Addresses are texts as people write them, `Ada <ada@example.com>` or
/// `ada@example.com`, not yet checked.
public struct EmailCall: Sendable, Equatable {
  /// Nil for the sender that the integration or the server names.
  public var from: String?
  public var replyTo: [String] = []
  public var to: [String] = []
  public var cc: [String] = []
  public var bcc: [String] = []
  public var subject: String
  public var text: String?
  public var html: String?
  public var timeoutMilliseconds: Int64

  public init(subject: String, timeoutMilliseconds: Int64 = 30_000) {
    self.subject = subject
    self.timeoutMilliseconds = timeoutMilliseconds
  }
}
