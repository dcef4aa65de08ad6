import Logging
import Synchronization
import UVLoop

/// A Redis server: commands with a bound of time each, and channels.
///
/// Owns an event loop of its own with two connections, one for commands and one that hears channels. A
/// connection that breaks is made again after a while, and meanwhile commands fail at once: what uses Redis
/// must be able to do without. Nothing is sent twice.
///
/// `@unchecked Sendable`: everything below "On the loop's thread" is touched there only.
public final class RedisClient: @unchecked Sendable {
  public struct Settings: Sendable {
    public var address: RedisAddress
    /// For an address that wants TLS, which is not connected to without.
    public var tls: RedisTLS?
    /// How long a command may take.
    public var commandMilliseconds: UInt64 = 1_000
    /// Commands that may wait for their replies; further ones fail.
    public var maximumWaiting = 10_000
    /// Before the first attempt to connect again; doubled for each further one.
    public var firstDelayMilliseconds: UInt64 = 100
    public var longestDelayMilliseconds: UInt64 = 5_000

    public init(_ address: RedisAddress) { self.address = address }
  }

  /// What a channel's listener hears.
  public enum ChannelEvent: Sendable, Equatable {
    /// The channel is heard from now on; what was said before may have been missed.
    case listening
    case message(String)
  }

  private let settings: Settings
  private let logger: Logger
  private let loop = UVLoop()
  private let waiting = Atomic<Int>(0)
  private let listener = Mutex<Listener?>(nil)

  private struct Listener {
    var channel: String
    var onEvent: @Sendable (ChannelEvent) -> Void
  }

  // On the loop's thread
  private var commands = Connection()
  private var channels = Connection()
  private var ticker: UVTimer?

  private struct Connection {
    var link: RedisLink?
    var timer: UVTimer?
    var failures: UInt64 = 0
    var isUp = false
  }

  public init(_ settings: Settings, logger: Logger) {
    self.settings = settings
    self.logger = logger
  }

  /// Begins to connect. Once.
  public func start() {
    loop.start()
    loop.execute { [self] in
      let ticker = UVTimer(loop) { [unowned self] in
        commands.link?.check()
        channels.link?.check()
      }
      ticker.schedule(afterMilliseconds: 100, everyMilliseconds: 100)
      self.ticker = ticker
      connect(\.commands)
    }
  }

  /// Ends both connections and the thread; commands that wait fail.
  public func stop() async {
    loop.execute { [self] in
      ticker?.close()
      for path in [\RedisClient.commands, \RedisClient.channels] {
        self[keyPath: path].timer?.close()
        self[keyPath: path].link?.close()
      }
    }
    await loop.stop()
  }

  /// Sends a command and gives its reply; an error that Redis replies is a reply too.
  public func command(_ arguments: String...) async throws(RedisError) -> RedisReply {
    try await command(arguments)
  }

  /// Sends a command and gives its reply; an error that Redis replies is a reply too.
  ///
  /// - Throws: `RedisError.unavailable` without a connection, at once.
  public func command(_ arguments: [String]) async throws(RedisError) -> RedisReply {
    guard waiting.add(1, ordering: .relaxed).newValue <= settings.maximumWaiting else {
      waiting.subtract(1, ordering: .relaxed)
      throw .tooManyCommands
    }
    defer { waiting.subtract(1, ordering: .relaxed) }
    let result = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Result<RedisReply, RedisError>, Never>) in
      let isAccepted = loop.execute { [self] in
        guard let link = commands.link, commands.isUp else {
          return continuation.resume(
            returning: .failure(.unavailable("there is no connection to Redis")))
        }
        link.send(arguments, deadline: loop.nowMilliseconds + settings.commandMilliseconds) {
          continuation.resume(returning: $0)
        }
      }
      if !isAccepted {
        continuation.resume(returning: .failure(.unavailable("the client was stopped")))
      }
    }
    return try result.get()
  }

  /// Hears a channel until the client is stopped. Once.
  ///
  /// - Parameter onEvent: called on the loop's thread; must not wait.
  public func listen(to channel: String, onEvent: @escaping @Sendable (ChannelEvent) -> Void) {
    listener.withLock { $0 = Listener(channel: channel, onEvent: onEvent) }
    loop.execute { [self] in connect(\.channels) }
  }

  // MARK: On the loop's thread

  private func connect(_ path: ReferenceWritableKeyPath<RedisClient, Connection>) {
    let events = RedisLink.Events(
      onListening: { [unowned self] in listener.withLock { $0 }?.onEvent(.listening) },
      onMessage: { [unowned self] in listener.withLock { $0 }?.onEvent(.message($0)) },
      onDown: { [unowned self] in isDown(path, $0) })
    let link = RedisLink(loop, events)
    self[keyPath: path].link = link
    link.connect(
      settings.address, settings.tls, attempt: Int(clamping: self[keyPath: path].failures))
    greet(link) { [unowned self] in
      self[keyPath: path].isUp = true
      self[keyPath: path].failures = 0
      if path == \.channels, let channel = listener.withLock({ $0?.channel }) {
        link.subscribe(to: channel)
      }
    }
  }

  /// Signs in and chooses the database; `onUp` is called when Redis has agreed to all of it.
  private func greet(_ link: RedisLink, onUp: @escaping () -> Void) {
    let address = settings.address
    var greeting: [[String]] = []
    if let password = address.password {
      greeting.append(["AUTH"] + (address.user.map { [$0] } ?? []) + [password])
    }
    if address.database != 0 { greeting.append(["SELECT", String(address.database)]) }
    greeting.append(["PING"])
    for (index, command) in greeting.enumerated() {
      let isLast = index == greeting.count - 1
      link.send(command, deadline: loop.nowMilliseconds + settings.commandMilliseconds) { result in
        switch result {
        case .success(.error(let refusal)):
          link.refuse("Redis refuses \(command[0]): \(refusal)")
        case .success: if isLast { onUp() }
        case .failure: break
        }
      }
    }
  }

  private func isDown(_ path: ReferenceWritableKeyPath<RedisClient, Connection>, _ reason: String) {
    let wasUp = self[keyPath: path].isUp
    self[keyPath: path].isUp = false
    let failures = self[keyPath: path].failures
    self[keyPath: path].failures += 1
    if wasUp || failures == 0 {
      logger.warning("Redis is not reached: \(reason). It is tried again.")
    }
    let delay = min(
      settings.firstDelayMilliseconds << min(failures, 16), settings.longestDelayMilliseconds)
    let timer = self[keyPath: path].timer ?? UVTimer(loop) { [unowned self] in connect(path) }
    self[keyPath: path].timer = timer
    timer.schedule(afterMilliseconds: delay)
  }
}
