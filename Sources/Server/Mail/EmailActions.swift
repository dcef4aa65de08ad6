import Flows
import Integrations
import Mail
import Outbound
import Secrets
import Storage

/// Sends the flows' e-mails: through the mail server of the node's integration, or through the Studio's own.
struct EmailActions: Sendable {
  /// The Studio's own mail server, as whoever runs the Studio has set it.
  struct Own: Sendable {
    var server: MailServer
    /// The sender where an e-mail names none.
    var from: MailAddress?
  }

  let sender: MailSender
  let integrations: IntegrationStore
  let secrets: SecretBox
  /// Its guard says which addresses an integration's server may have.
  let outbound: OutboundClient
  let own: Own?
  let clock: any RunClock

  func perform(_ call: EmailCall, _ request: ActionRequest) async -> ActionOutcome {
    do {
      let (way, addresses) = try await way(for: request)
      let message = try message(call, from: way.from, request)
      let answer = try await sender.send(
        message, to: way.server, at: addresses, timeout: .milliseconds(call.timeoutMilliseconds))
      return .completed([
        "messageId": .string("<\(message.id)>"), "recipients": .array(message.recipients.map { .string($0) }),
        "response": .string(answer),
      ])
    } catch let error as MailError {
      return error == .cancelled
        ? .cancelled
        : .rejected(
          RunError(code: error.code, message: error.description), error.errorClass,
          retryAfterMilliseconds: nil)
    } catch let error as OutboundError {
      let code =
        if case .forbiddenAddress = error { RunError.Code.addressRefused } else {
          RunError.Code.requestFailed
        }
      return .failed(RunError(code: code, message: error.description))
    } catch {
      return .failed(
        RunError(code: .requestFailed, message: "The mail server's settings cannot be read now."))
    }
  }

  /// The server, the sender that it stands for, and where it may be connected to.
  private func way(for request: ActionRequest) async throws -> (Own, addresses: [String]) {
    guard let id = request.integrationID else {
      guard let own else {
        throw MailError.invalid(
          field: "integrationId", reason: "no integration of the type smtp, and the Studio has no mail server"
        )
      }
      // Whoever runs the Studio may choose any host, the machine itself included.
      return (own, [])
    }
    let account = AccountReference(id, in: request.run.organizationID)
    guard let stored = try await integrations.credentials(of: id, in: account.organizationID),
      stored.type == "smtp"
    else { throw MailError.invalid(field: "integrationId", reason: "no integration of the type smtp") }
    let credentials = try JSONValue(parsing: secrets.open(stored.credentials, for: account.secretContext))
    let way = try Self.own(credentials, helloName: own?.server.helloName)
    let addresses = try await outbound.checkedAddresses(ofHost: way.server.host)
    return (way, addresses.map(\.description))
  }

  /// The credentials of connectors/smtp.json.
  static func own(_ credentials: JSONValue, helloName: String?) throws(MailError) -> Own {
    var server = try MailServer(
      host: credentials["host"]?.string ?? "",
      port: credentials["port"]?.integer.map { Int(clamping: $0) } ?? 0,
      encryption: credentials["encryption"]?.string.flatMap(MailServer.Encryption.init(rawValue:)))
    server.user = credentials["user"]?.string
    server.password = credentials["password"]?.string
    if let helloName { server.helloName = helloName }
    return Own(server: server, from: try credentials["from"]?.string.map(Self.sender))
  }

  private static func sender(_ text: String) throws(MailError) -> MailAddress {
    try MailAddress(text, field: "from")
  }

  private func message(
    _ call: EmailCall, from standard: MailAddress?, _ request: ActionRequest
  ) throws(MailError) -> MailMessage {
    guard let from = try call.from.map(Self.sender) ?? standard else {
      throw .invalid(field: "from", reason: "no sender")
    }
    var message = try MailMessage(
      from: from, to: try addresses(call.to, "to"), subject: call.subject, body: (call.text, call.html),
      identity: (request.idempotencyKey, clock.now().microseconds / 1_000_000))
    message.cc = try addresses(call.cc, "cc")
    message.bcc = try addresses(call.bcc, "bcc")
    message.replyTo = try addresses(call.replyTo, "replyTo")
    return message
  }

  private func addresses(_ texts: [String], _ field: String) throws(MailError) -> [MailAddress] {
    var addresses: [MailAddress] = []
    for text in texts { addresses.append(try MailAddress(text, field: field)) }
    return addresses
  }
}

extension MailError {
  /// What the error is called in a run.
  fileprivate var code: RunError.Code {
    switch self {
    case .invalid, .tooManyRecipients: .configInvalid
    case .timedOut: .requestTimeout
    case .unknownOutcome: .unknownOutcome
    default: .requestFailed
    }
  }

  /// What a retry policy goes by.
  fileprivate var errorClass: ErrorClass {
    switch self {
    // RFC 5321 § 4.2.1: codes from 400 are for the moment, from 500 for good.
    case .refused(let code, _): code >= 500 ? .client : .server
    case .authenticationFailed: .client
    default: ErrorClass(code)
    }
  }
}
