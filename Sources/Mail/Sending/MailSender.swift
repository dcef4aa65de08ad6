import CCurl
import NIOPosix
import Synchronization

/// Sends e-mails by SMTP with libcurl, whose calls block: on threads of its own, never on an event loop.
/// Share one instance; any thread; call `shutdown` at the end.
public final class MailSender: Sendable {
  private let threads: NIOThreadPool
  private let maximumUnderWay: Int
  private let underWay = Atomic<Int>(0)

  /// libcurl(3): global initialisation, once, before there are other threads that use it.
  private static let isInitialised: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// - Parameter maximumUnderWay: e-mails that are sent or wait; further ones are refused.
  public init(threads: Int = 4, maximumUnderWay: Int = 256) {
    self.threads = NIOThreadPool(numberOfThreads: threads)
    self.maximumUnderWay = maximumUnderWay
    self.threads.start()
  }

  /// What the server answered to the e-mail, such as `250 2.0.0 Ok: queued as 12345`. Returns when the
  /// server has taken it for every recipient; if it refuses one, it gets the e-mail for none.
  ///
  /// - Parameter addresses: where the host is, found and checked by the caller; nothing else is connected
  ///   to. Empty lets the system look it up. Cancelling the task ends it within a second, with `.cancelled`.
  public func send(
    _ message: MailMessage, to server: MailServer, at addresses: [String] = [],
    timeout: Duration = .seconds(30)
  ) async throws(MailError) -> String {
    let recipients = message.recipients.count
    guard recipients > 0 else { throw .invalid(field: "to", reason: "no recipient") }
    guard recipients <= MailMessage.maximumRecipients else {
      throw .tooManyRecipients(limit: MailMessage.maximumRecipients)
    }
    guard Self.isInitialised else { throw .failed(reason: "libcurl does not start.") }
    defer { underWay.subtract(1, ordering: .relaxed) }
    guard underWay.add(1, ordering: .relaxed).newValue <= maximumUnderWay else { throw .overloaded }
    let isCancelled = CancellationMark()
    let until = ContinuousClock.now.advanced(by: timeout)
    let answer: Result<String, MailError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        threads.submit { state in
          let left = ContinuousClock.now.duration(to: until)
          guard state == .active, !isCancelled.isSet else {
            return continuation.resume(returning: .failure(.cancelled))
          }
          guard left > .zero else { return continuation.resume(returning: .failure(.timedOut)) }
          let exchange = SMTPExchange(message, server, addresses: addresses, isCancelled: isCancelled)
          continuation.resume(
            returning: exchange.run(timeoutMilliseconds: max(1, Int(left / .milliseconds(1)))))
        }
      }
    } onCancel: {
      isCancelled.set()
    }
    return try answer.get()
  }

  /// Waits for what is being sent.
  public func shutdown() async { try? await threads.shutdownGracefully() }
}

/// Whether the caller has given up.
final class CancellationMark: Sendable {
  private let value = Atomic<Bool>(false)
  var isSet: Bool { value.load(ordering: .relaxed) }
  func set() { value.store(true, ordering: .relaxed) }
}
