/// Why an e-mail was not sent. Messages hold no password, and of the e-mail an address at most.
public enum MailError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A field of the e-mail or of the server's settings cannot be used.
  case invalid(field: String, reason: String)
  case tooManyRecipients(limit: Int)
  /// The server refused it: the SMTP code and what it said.
  case refused(code: Int, message: String)
  case authenticationFailed
  /// No encrypted connection, or a certificate that is not accepted.
  case notEncrypted(reason: String)
  case connectFailed(reason: String)
  case timedOut
  /// The connection broke after everything was sent and before the server answered.
  case unknownOutcome
  /// Too many e-mails are waiting.
  case overloaded
  case cancelled
  case failed(reason: String)

  public var description: String {
    switch self {
    case .invalid(let field, let reason): "The field \(field) has \(reason)."
    case .tooManyRecipients(let limit): "There are more than \(limit) recipients."
    case .refused(let code, let message): "The mail server refused it: \(code) \(message)"
    case .authenticationFailed: "The mail server refused the user name or the password."
    case .notEncrypted(let reason): "The connection to the mail server cannot be encrypted: \(reason)"
    case .connectFailed(let reason): "The mail server cannot be reached: \(reason)"
    case .timedOut: "The mail server did not answer in time."
    case .unknownOutcome: "The connection broke before the mail server said whether it took the e-mail."
    case .overloaded: "Too many e-mails are waiting; try again."
    case .cancelled: "It was cancelled."
    case .failed(let reason): "The e-mail cannot be sent: \(reason)"
    }
  }
}
