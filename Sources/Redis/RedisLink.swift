import CHiredis
import UVLoop

/// One connection to Redis: hiredis with our event loop below it. Lives on the loop's thread; a link that is
/// down is thrown away.
final class RedisLink {
  /// A command that waits for its reply; hiredis holds a reference until then.
  private final class Pending {
    let deadline: UInt64
    let complete: (Result<RedisReply, RedisError>) -> Void
    var isDone = false

    init(deadline: UInt64, complete: @escaping (Result<RedisReply, RedisError>) -> Void) {
      self.deadline = deadline
      self.complete = complete
    }

    func finish(_ result: Result<RedisReply, RedisError>) {
      guard !isDone else { return }
      isDone = true
      complete(result)
    }
  }

  private typealias Callback =
    @convention(c) (
      UnsafeMutablePointer<redisAsyncContext>?, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?
    ) ->
    Void

  private let loop: UVLoop
  private let onListening: () -> Void
  private let onMessage: (String) -> Void
  private let onDown: (String) -> Void
  private var context: UnsafeMutablePointer<redisAsyncContext>?
  private var poll: UVPoll?
  private var watched: UVPoll.Events = []
  private var pending: [Pending] = []
  private var reason = "the connection was closed"
  private var refusal: String?

  /// - Parameters:
  ///   - onListening: a channel is heard from now on.
  ///   - onMessage: the payloads of subscribed channels.
  ///   - onDown: called once, when the connection has ended for whatever reason but `close`.
  init(
    _ loop: UVLoop, onListening: @escaping () -> Void, onMessage: @escaping (String) -> Void,
    onDown: @escaping (String) -> Void
  ) {
    self.loop = loop
    self.onListening = onListening
    self.onMessage = onMessage
    self.onDown = onDown
  }

  /// Begins to connect; commands may be sent at once. Looking up the host's name blocks the loop's thread.
  func connect(_ address: RedisAddress) {
    guard let context = redisAsyncConnect(address.host, Int32(address.port)) else {
      return onDown("out of memory")
    }
    guard context.pointee.err == 0 else {
      let reason = Self.reason(context)
      redisAsyncFree(context)
      return onDown(reason)
    }
    self.context = context
    context.pointee.data = Unmanaged.passUnretained(self).toOpaque()
    // A peer that is gone without a word is found out by the system.
    redisEnableKeepAlive(&context.pointee.c)
    attach(context)
    redisAsyncSetConnectCallback(context) { context, status in
      if status != REDIS_OK { RedisLink.of(context)?.ended(context) }
    }
    redisAsyncSetDisconnectCallback(context) { context, _ in RedisLink.of(context)?.ended(context) }
  }

  /// Sends a command.
  func send(
    _ arguments: [String], deadline: UInt64, _ complete: @escaping (Result<RedisReply, RedisError>) -> Void
  ) {
    guard let context else { return complete(.failure(.unavailable(reason))) }
    let command = Pending(deadline: deadline, complete: complete)
    let status = submit(arguments, to: context, Unmanaged.passRetained(command).toOpaque()) {
      _, reply, data in
      guard let data else { return }
      let command = Unmanaged<Pending>.fromOpaque(data).takeRetainedValue()
      guard let reply = reply?.assumingMemoryBound(to: redisReply.self) else {
        return command.finish(.failure(.unavailable("the connection broke")))
      }
      command.finish(.success(RedisReply(reply.pointee)))
    }
    guard status == REDIS_OK else {
      Unmanaged.passUnretained(command).release()
      return complete(.failure(.unavailable("the connection is closing")))
    }
    if pending.count > 64 { pending.removeAll { $0.isDone } }
    pending.append(command)
  }

  /// Hears a channel, and `onListening` when that is so. For links that send nothing else.
  func subscribe(to channel: String) {
    guard let context else { return }
    _ = submit(["SUBSCRIBE", channel], to: context, nil) { context, reply, _ in
      guard let reply = reply?.assumingMemoryBound(to: redisReply.self),
        let link = RedisLink.of(context),
        let parts = RedisReply(reply.pointee).array, parts.count == 3
      else { return }
      if parts[0].string == "subscribe" { link.onListening() }
      if parts[0].string == "message", let payload = parts[2].string { link.onMessage(payload) }
    }
  }

  /// Has the connection ended at the next `check`: hiredis does not like it within its callbacks.
  func refuse(_ reason: String) { refusal = refusal ?? reason }

  /// Ends the connection when it was refused, or when a command has waited for too long: what follows it
  /// would wait as well. Now and then, on a timer.
  func check() {
    if let refusal { return end(refusal) }
    pending.removeAll { $0.isDone }
    guard let first = pending.first, first.deadline <= loop.nowMilliseconds else { return }
    for command in pending where command.deadline <= loop.nowMilliseconds {
      command.finish(.failure(.timedOut))
    }
    end("a command had no reply in time")
  }

  /// Ends the connection for a reason of ours. Not within a callback of hiredis.
  private func end(_ reason: String) {
    guard let context else { return }
    self.reason = reason
    self.context = nil
    context.pointee.data = nil
    redisAsyncFree(context)
    onDown(reason)
  }

  /// Ends the connection without a word to the owner; commands that wait fail.
  func close() {
    guard let context else { return }
    self.context = nil
    context.pointee.data = nil
    redisAsyncFree(context)
  }

  // MARK: hiredis

  private static func of(_ context: UnsafePointer<redisAsyncContext>?) -> RedisLink? {
    context?.pointee.data.map { Unmanaged<RedisLink>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func of(_ context: UnsafeMutablePointer<redisAsyncContext>?) -> RedisLink? {
    of(context.map { UnsafePointer($0) })
  }

  private static func reason(_ context: UnsafePointer<redisAsyncContext>) -> String {
    context.pointee.errstr.map { String(cString: $0) } ?? "the connection was closed"
  }

  /// hiredis frees the context when this returns.
  private func ended(_ context: UnsafePointer<redisAsyncContext>?) {
    guard self.context != nil else { return }
    if let context, context.pointee.err != 0 { reason = Self.reason(context) }
    self.context = nil
    onDown(reason)
  }

  private func submit(
    _ arguments: [String], to context: UnsafeMutablePointer<redisAsyncContext>,
    _ data: UnsafeMutableRawPointer?,
    _ callback: Callback
  ) -> Int32 {
    let texts = arguments.map { Array($0.utf8) }
    var lengths = texts.map(\.count)
    // All texts lie one behind the other; hiredis copies them.
    let bytes = UnsafeMutablePointer<CChar>.allocate(capacity: lengths.reduce(1, +))
    defer { bytes.deallocate() }
    var offset = 0
    var starts: [UnsafePointer<CChar>?] = texts.map { text in
      for byte in text {
        bytes[offset] = CChar(bitPattern: byte)
        offset += 1
      }
      return UnsafePointer(bytes + offset - text.count)
    }
    return redisAsyncCommandArgv(context, callback, data, Int32(texts.count), &starts, &lengths)
  }

  // MARK: Events

  /// "These functions should be idempotent": hiredis says what it waits for, the poll waits.
  private func attach(_ context: UnsafeMutablePointer<redisAsyncContext>) {
    poll = try? UVPoll(loop, fileDescriptor: context.pointee.c.fd) { [unowned self] events in handle(events) }
    guard poll != nil else {
      return end("the connection cannot be watched")
    }
    context.pointee.ev.data = Unmanaged.passUnretained(self).toOpaque()
    context.pointee.ev.addRead = { RedisLink.at($0)?.watch { $0.insert(.readable) } }
    context.pointee.ev.delRead = { RedisLink.at($0)?.watch { $0.remove(.readable) } }
    context.pointee.ev.addWrite = { RedisLink.at($0)?.watch { $0.insert(.writable) } }
    context.pointee.ev.delWrite = { RedisLink.at($0)?.watch { $0.remove(.writable) } }
    // Before hiredis closes the descriptor.
    context.pointee.ev.cleanup = { RedisLink.at($0)?.poll?.close() }
  }

  private static func at(_ data: UnsafeMutableRawPointer?) -> RedisLink? {
    data.map { Unmanaged<RedisLink>.fromOpaque($0).takeUnretainedValue() }
  }

  private func watch(_ change: (inout UVPoll.Events) -> Void) {
    change(&watched)
    poll?.watch(watched)
  }

  private func handle(_ events: UVPoll.Events) {
    // Either may end the link, and `self.context` with it.
    withExtendedLifetime(self) {
      if events.contains(.readable), let context { redisAsyncHandleRead(context) }
      if events.contains(.writable), let context { redisAsyncHandleWrite(context) }
      poll?.watch(watched)
    }
  }
}
