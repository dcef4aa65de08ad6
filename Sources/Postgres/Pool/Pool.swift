import Logging
import UVLoop

/// What the connections of one pool share.
struct PoolContext: Sendable {
  var configuration: PostgresConfiguration
  var options: ConnectionOptions
  var logger: Logger
  var counters: Counters
  var observer: Database.Observer?

  /// One connection that does not wait for the disk.
  func forNotifications() throws(PostgresError) -> PoolContext {
    var context = self
    context.configuration.poolSize = 1
    context.options = try configuration.connectionOptions(asynchronousCommit: true)
    return context
  }
}

/// A pool as other threads see it: everything goes through its inbox to the loop's thread.
final class Pool: Sendable {
  private let core: PoolCore
  private let inbox: UVInbox<PoolCore.Message>

  init(_ loop: UVLoop, _ context: PoolContext) {
    let core = PoolCore(loop, context)
    self.core = core
    inbox = UVInbox(loop) { core.receive($0) }
  }

  func open() { _ = inbox.send(.open) }

  /// The request's completion is called once, whatever happens.
  func submit(_ request: Request) {
    if !inbox.send(.submit(request)) { request.completion(.failure(PostgresError(.closed))) }
  }

  func read(_ read: KeyedRead, _ call: StatementCall) {
    if !inbox.send(.read(read, call)) { read.completion(.failure(PostgresError(.closed))) }
  }

  func cancel(_ id: UInt64) { _ = inbox.send(.cancel(id)) }

  func release(_ lease: UInt64) { _ = inbox.send(.release(lease)) }

  /// Returns when the connections are closed; from then on everything is refused.
  func shutdown(deadline: Duration) async {
    await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
      let message = PoolCore.Message.shutdown(deadlineMilliseconds: UInt64(deadline.wholeMilliseconds)) {
        [inbox] in
        inbox.close()
        continuation.resume()
      }
      if !inbox.send(message) { continuation.resume() }
    }
  }
}
