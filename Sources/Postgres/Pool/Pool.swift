import Logging
import UVLoop

/// What the connections of one pool share.
struct PoolContext: Sendable {
  var configuration: PostgresConfiguration
  var options: ConnectionOptions
  var logger: Logger
  var statistics: StatisticsBox
  var observer: Database.Observer?

  /// One connection that does not wait for the disk.
  func forNotifications() throws(PostgresError) -> PoolContext {
    var context = self
    context.configuration.poolSize = 1
    context.options = try configuration.connectionOptions(asynchronousCommit: true)
    return context
  }
}

final class Pool: Sendable {
  init(_ loop: UVLoop, _ context: PoolContext) {}
  func open() {}
  func submit(_ request: Request) { request.completion(.failure(PostgresError(.closed))) }
  func cancel(_ id: UInt64) {}
  func release(_ lease: UInt64) {}
  func shutdown(deadline: Duration) async {}
}
