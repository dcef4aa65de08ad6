import Postgres
import Synchronization

/// Where a process says to the others that runs have changed, and hears it from them.
///
/// A hint may be lost, doubled or late: behind every listener stands a poll, and what happened is read from
/// the database. So whatever carries short messages between processes will do.
public protocol RunHintPort: Sendable {
  /// Begins to listen; the database must be started. `receive` may be called on any thread and returns soon.
  func start(_ receive: @escaping @Sendable (RunHintNews) -> Void)

  /// Stops listening; nothing is received afterwards. Before the database is shut down.
  func stop() async

  /// Tells the other processes, not this one. Failures are no fault: the polls find what was committed.
  func send(_ hints: [RunChannel.Hint]) async
}

/// What a process hears.
public enum RunHintNews: Sendable {
  case hint(RunChannel.Hint)
  /// It listens from now on, for the first time or again: something may have been missed.
  case listening
}

/// Hints by LISTEN and NOTIFY: what is used without another carrier.
public final class PostgresRunHints: RunHintPort {
  private let database: Database
  private let listener = Mutex<NotificationListener?>(nil)
  private let sender = RunChannel.makeSender()

  public init(_ database: Database) { self.database = database }

  public func start(_ receive: @escaping @Sendable (RunHintNews) -> Void) {
    let made = database.listen(to: [RunChannel.name]) { [sender] event in
      switch event {
      case .notification(_, let payload) where RunChannel.isFrom(sender, payload): break
      case .notification(_, let payload):
        for hint in RunChannel.hints(payload) { receive(.hint(hint)) }
      case .listening: receive(.listening)
      case .disconnected: break
      }
    }
    listener.withLock { $0 = made }
  }

  public func stop() async {
    let made = listener.withLock { listener in
      defer { listener = nil }
      return listener
    }
    await made?.stop()
  }

  public func send(_ hints: [RunChannel.Hint]) async {
    var rest = hints[...]
    while !rest.isEmpty {
      let payload = RunChannel.payload(rest.prefix(RunChannel.maximumHints), from: sender)
      rest = rest.dropFirst(RunChannel.maximumHints)
      try? await database.notify(channel: RunChannel.name, payload: payload)
    }
  }
}
