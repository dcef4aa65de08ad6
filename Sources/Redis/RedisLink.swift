import UVLoop

/// One connection to Redis: commands out, replies in, in the clear or by TLS. Lives on the loop's thread; a
/// link that is down is thrown away.
final class RedisLink {
  typealias Completion = (Result<RedisReply, RedisError>) -> Void

  /// A command that waits for its reply.
  private struct Pending {
    var deadline: UInt64
    var complete: Completion
  }

  /// What the owner of a link hears of it.
  struct Events {
    /// A channel is heard from now on.
    var onListening: () -> Void
    /// The payloads of subscribed channels.
    var onMessage: (String) -> Void
    /// Called once, when the connection has ended for whatever reason but `close`.
    var onDown: (String) -> Void
  }

  private enum State {
    case idle, connecting, up, down
  }

  private let loop: UVLoop
  private let events: Events
  private let replies = RedisReader()
  private var state = State.idle
  private var socket: RedisSocket?
  private var session: TLSSession?
  private var poll: UVPoll?
  /// Bytes for the network, and how many of them are sent.
  private var output: [UInt8] = []
  private var sent = 0
  /// In the order that they were sent, which is that of their replies.
  private var pending: [Pending] = []
  /// Where the commands begin that have no reply.
  private var oldest = 0
  private var reason = "the connection was closed"

  init(_ loop: UVLoop, _ events: Events) {
    self.loop = loop
    self.events = events
  }

  /// Begins to connect; commands may be sent at once. Looking up the host's name blocks the loop's thread.
  ///
  /// - Parameter attempt: see `RedisSocket`.
  func connect(_ address: RedisAddress, _ tls: RedisTLS?, attempt: Int) {
    do throws(RedisFault) {
      if address.usesTLS {
        guard let tls else { throw RedisFault("TLS is wanted and not set up") }
        session = try tls.session(with: address.host)
      }
      let socket = try RedisSocket(address, attempt: attempt)
      self.socket = socket
      state = .connecting
      guard
        let poll = try? UVPoll(
          loop, fileDescriptor: socket.fileDescriptor, onEvents: { [unowned self] in handle($0) })
      else { throw RedisFault("the connection cannot be watched") }
      self.poll = poll
      poll.watch(.writable)
    } catch {
      end(error.reason)
    }
  }

  /// Sends a command.
  func send(_ arguments: [String], deadline: UInt64, _ complete: @escaping Completion) {
    guard state != .down else { return complete(.failure(.unavailable(reason))) }
    pending.append(Pending(deadline: deadline, complete: complete))
    say(arguments)
  }

  /// Hears a channel, and `onListening` when that is so. For links that send nothing after it: what comes
  /// then and answers no command is what the channel says.
  func subscribe(to channel: String) { say(["SUBSCRIBE", channel]) }

  /// Ends the connection for a reason of the owner's.
  func refuse(_ reason: String) { end(reason) }

  /// Ends the connection when a command has waited for too long: what follows it would wait as well. Now and
  /// then, on a timer.
  func check() {
    guard oldest < pending.count, pending[oldest].deadline <= loop.nowMilliseconds else { return }
    while oldest < pending.count, pending[oldest].deadline <= loop.nowMilliseconds {
      takePending()?.complete(.failure(.timedOut))
    }
    end("a command had no reply in time")
  }

  /// Ends the connection without a word to the owner; commands that wait fail.
  func close() { shut("the connection was closed") }

  // MARK: The end

  private func end(_ reason: String) {
    guard state != .down else { return }
    shut(reason)
    events.onDown(reason)
  }

  private func shut(_ reason: String) {
    guard state != .down else { return }
    state = .down
    self.reason = reason
    // libuv: "The user should not close a file descriptor while it is being polled by an active poll handle".
    poll?.close()
    socket?.close()
    while let command = takePending() {
      command.complete(.failure(.unavailable("the connection broke")))
    }
  }

  // MARK: Bytes

  private func handle(_ events: UVPoll.Events) {
    // Either may end the link, and its owner may let go of it.
    withExtendedLifetime(self) {
      do throws(RedisFault) {
        if state == .connecting, events.contains(.writable) { try isConnected() }
        if state == .up, events.contains(.readable) { try read() }
        if state == .up { try write() }
      } catch {
        end(error.reason)
      }
    }
  }

  private func isConnected() throws(RedisFault) {
    try socket?.requireConnected()
    state = .up
    guard let session else { return }
    // What was said meanwhile is said when the handshake is over.
    try session.start()
    try session.say(output)
    output = session.takeOutput()
  }

  private func say(_ arguments: [String]) {
    let command = RedisCommand.bytes(arguments)
    guard state == .up, let session else {
      output += command
      watch()
      return
    }
    do throws(RedisFault) {
      try session.say(command)
      output += session.takeOutput()
      watch()
    } catch {
      end(error.reason)
    }
  }

  private func write() throws(RedisFault) {
    while sent < output.count {
      guard let count = try socket?.write(output[sent...]) else { break }
      sent += count
    }
    if sent == output.count {
      output.removeAll(keepingCapacity: output.count <= 65_536)
      sent = 0
    }
    watch()
  }

  private func watch() {
    switch state {
    case .connecting: poll?.watch(.writable)
    case .up: poll?.watch(sent < output.count ? [.readable, .writable] : .readable)
    case .idle, .down: break
    }
  }

  private func read() throws(RedisFault) {
    while state == .up, let bytes = try socket?.read() {
      guard let session else {
        replies.feed(bytes)
        try answer()
        continue
      }
      let plain = try session.hear(bytes)
      output += session.takeOutput()
      replies.feed(plain)
      try answer()
    }
  }

  // MARK: Replies

  private func answer() throws(RedisFault) {
    while state != .down, let reply = try replies.next() {
      if let command = takePending() { command.complete(.success(reply)) } else { hear(reply) }
    }
  }

  /// What a channel says.
  private func hear(_ reply: RedisReply) {
    guard let parts = reply.array, parts.count == 3 else { return }
    if parts[0].string == "subscribe" { events.onListening() }
    if parts[0].string == "message", let payload = parts[2].string { events.onMessage(payload) }
  }

  private func takePending() -> Pending? {
    guard oldest < pending.count else { return nil }
    let command = pending[oldest]
    oldest += 1
    if oldest == pending.count || oldest > 1024 {
      pending.removeFirst(oldest)
      oldest = 0
    }
    return command
  }
}

/// A command as Redis reads it (RESP 2): an array of texts.
enum RedisCommand {
  static func bytes(_ arguments: [String]) -> [UInt8] {
    var bytes = Array("*\(arguments.count)\r\n".utf8)
    for argument in arguments {
      bytes += Array("$\(argument.utf8.count)\r\n".utf8)
      bytes += Array(argument.utf8)
      bytes += [0x0D, 0x0A]
    }
    return bytes
  }
}
