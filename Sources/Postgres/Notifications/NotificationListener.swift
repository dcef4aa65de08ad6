import CPostgres
import Logging
import UVLoop

/// What a listener tells.
public enum NotificationEvent: Sendable, Equatable {
  /// The channels are being listened to. After a reconnect (`missedSome`) something may have been missed:
  /// read again.
  case listening(missedSome: Bool)
  /// Someone notified a channel.
  case notification(channel: String, payload: String)
  /// The connection broke; it is being made again.
  case disconnected(PostgresError)
}

/// Listens to channels on a connection of its own, which is made again when it breaks. Made by
/// `Database.listen`; tells its handler on the loop's thread until `stop`.
///
/// A notification is a hint: it can be lost with a connection, which the event `listening` admits.
public final class NotificationListener: Sendable {
  private let inbox: UVInbox<Message>

  private enum Message: Sendable { case open, close(@Sendable () -> Void) }

  init(
    _ loop: UVLoop, _ context: PoolContext, channels: [String],
    handler: @escaping @Sendable (NotificationEvent) -> Void
  ) {
    let core = ListenerCore(loop, context, channels: channels, handler: handler)
    inbox = UVInbox(loop) { messages in
      for message in messages {
        switch message {
        case .open: core.open()
        case .close(let completion):
          core.close()
          completion()
        }
      }
    }
    _ = inbox.send(.open)
  }

  /// Closes the connection; no event comes after this returns. The database must not have been shut down
  /// before.
  public func stop() async {
    await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
      if !inbox.send(.close { continuation.resume() }) { continuation.resume() }
    }
  }
}

extension Database {
  /// Listens to channels until the listener is stopped.
  /// - Parameter handler: called on the loop's thread, in order; it must not block.
  public func listen(
    to channels: [String], handler: @escaping @Sendable (NotificationEvent) -> Void
  ) -> NotificationListener {
    NotificationListener(loop, context, channels: channels, handler: handler)
  }
}

/// The listener's part on the loop's thread.
///
/// `@unchecked Sendable`: made anywhere, used on the loop's thread only.
private final class ListenerCore: @unchecked Sendable {
  private let link: Link
  private let channels: [String]
  private let handler: @Sendable (NotificationEvent) -> Void
  private var hasListened = false
  private var isListening = false

  init(
    _ loop: UVLoop, _ context: PoolContext, channels: [String],
    handler: @escaping @Sendable (NotificationEvent) -> Void
  ) {
    link = Link(loop, context)
    self.channels = channels
    self.handler = handler
  }

  func open() {
    link.onReady = { [self] _ in subscribe() }
    link.onLost = { [self] error in
      if isListening { handler(.disconnected(error)) }
      isListening = false
    }
    link.onEvents = { [self] events in receive(events) }
    link.open()
  }

  func close() {
    isListening = false
    link.close()
  }

  /// LISTEN takes a name, not a parameter, so each is quoted (`PQescapeIdentifier`). All go in one text.
  private func subscribe() {
    let names = channels.map { channel -> String in
      guard let quoted = PQescapeIdentifier(link.handle, channel, channel.utf8.count) else { return "" }
      defer { PQfreemem(quoted) }
      return String(cString: quoted)
    }
    guard PQsendQuery(link.handle, names.map { "LISTEN \($0);" }.joined()) == 1 else {
      return link.fail(PostgresError(connection: link.handle))
    }
    flush()
  }

  private func flush() {
    let status = PQflush(link.handle)
    if status < 0 { return link.fail(PostgresError(connection: link.handle)) }
    link.watch(writable: status == 1)
  }

  private func receive(_ events: UVPoll.Events) {
    guard let handle = link.handle else { return }
    guard PQconsumeInput(handle) == 1 else { return link.fail(PostgresError(connection: handle)) }
    readResults(handle)
    // § 34.9: "Call PQconsumeInput, then check PQnotifies"; the structure is freed with PQfreemem.
    while link.handle == handle, let notification = PQnotifies(handle) {
      defer { PQfreemem(notification) }
      handler(
        .notification(
          channel: String(cString: notification.pointee.relname),
          payload: String(cString: notification.pointee.extra)))
    }
    if link.handle == handle { flush() }
  }

  /// The answers to LISTEN, then a null pointer: from here on nothing is missed.
  private func readResults(_ handle: OpaquePointer) {
    while !isListening, PQisBusy(handle) == 0 {
      guard let result = PQgetResult(handle) else {
        isListening = true
        handler(.listening(missedSome: hasListened))
        hasListened = true
        return
      }
      defer { PQclear(result) }
      if PQresultStatus(result) != PGRES_COMMAND_OK { return link.fail(PostgresError(result: result)) }
    }
  }
}
