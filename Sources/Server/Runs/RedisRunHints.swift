import Redis
import Storage

/// Hints by Redis's channels, where there is a Redis: NOTIFY then has nothing to do.
///
/// While Redis is away nothing is heard; the polls behind the listeners find what was committed.
final class RedisRunHints: RunHintPort {
  private let client: RedisClient
  private let sender = RunChannel.makeSender()

  init(_ client: RedisClient) { self.client = client }

  func start(_ receive: @escaping @Sendable (RunHintNews) -> Void) {
    client.listen(to: RunChannel.name) { [sender] event in
      switch event {
      case .listening: receive(.listening)
      case .message(let payload) where RunChannel.isFrom(sender, payload): break
      case .message(let payload): for hint in RunChannel.hints(payload) { receive(.hint(hint)) }
      }
    }
  }

  /// The client's owner ends the connection.
  func stop() async {}

  func send(_ hints: [RunChannel.Hint]) async {
    var rest = hints[...]
    while !rest.isEmpty {
      let payload = RunChannel.payload(rest.prefix(RunChannel.maximumHints), from: sender)
      rest = rest.dropFirst(RunChannel.maximumHints)
      _ = try? await client.command("PUBLISH", RunChannel.name, payload)
    }
  }
}
