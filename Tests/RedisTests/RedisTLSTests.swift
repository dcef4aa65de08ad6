import Foundation
import Logging
import Synchronization
import Testing

@testable import Redis

/// Redis by TLS: a real server with a certificate of the test's own authority.
@Suite struct RedisTLSTests {
  private struct Place {
    var host = "localhost"
    var authorities: String
    var isVerifying = true
    var milliseconds: UInt64 = 5_000
  }

  private func client(_ redis: TestRedis, _ place: Place, _ log: LoggedLines = LoggedLines()) throws
    -> RedisClient
  {
    var settings = RedisClient.Settings(
      try RedisAddress("rediss://:secret@\(place.host):\(redis.port)/1"))
    settings.tls = try RedisTLS(authorities: place.authorities, isVerifying: place.isVerifying)
    settings.commandMilliseconds = place.milliseconds
    settings.longestDelayMilliseconds = 200
    let client = RedisClient(settings, logger: Logger(label: "test") { _ in log.handler })
    client.start()
    return client
  }

  private func connected(_ client: RedisClient) async throws {
    for _ in 0..<6_000 {
      if (try? await client.command("PING")) == .string("PONG") { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw RedisError.unavailable("not connected in a minute")
  }

  @Test func `commands, large values and channels go by TLS, again after the server was gone`()
    async throws
  {
    let certificates = try TestCertificates()
    guard let redis = try TestRedis(password: "secret", certificates: certificates) else { return }
    let client = try client(redis, Place(authorities: certificates.authority))
    let (events, continuation) = AsyncStream<RedisClient.ChannelEvent>.makeStream()
    client.listen(to: "news") { continuation.yield($0) }
    var heard = events.makeAsyncIterator()
    try await connected(client)
    let large = String(repeating: "0123456789abcdef", count: 200_000)
    #expect(try await client.command("SET", "large", large) == .string("OK"))
    #expect(try await client.command("GET", "large") == .string(large))
    let counts = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<500 { group.addTask { try await client.command("INCR", "count").integer ?? 0 } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(counts.sorted() == Array(1...500))
    #expect(await heard.next() == .listening)
    redis.stop()
    try redis.start()
    #expect(await heard.next() == .listening)
    try await connected(client)
    while try await client.command("PUBLISH", "news", "one") == .integer(0) {
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(await heard.next() == .message("one"))
    await client.stop()
  }

  @Test
  func `a certificate of another name or of an unknown authority is refused, and the log says why`()
    async throws
  {
    let certificates = try TestCertificates()
    let others = try TestCertificates()
    guard let redis = try TestRedis(password: "secret", certificates: certificates) else { return }
    let good = try client(redis, Place(authorities: certificates.authority))
    try await connected(good)
    for (place, reason) in [
      (Place(host: "127.0.0.1", authorities: certificates.authority), "IP address mismatch"),
      (Place(authorities: others.authority), "self-signed certificate in certificate chain"),
    ] {
      let log = LoggedLines()
      let refused = try client(redis, place, log)
      let line = await log.first()
      #expect(line.contains("its certificate is not accepted") && line.contains(reason), "\(line)")
      await #expect(throws: RedisError.self) { try await refused.command("PING") }
      await refused.stop()
    }
    await good.stop()
  }

  @Test func `without the check any certificate is good enough`() async throws {
    let certificates = try TestCertificates()
    guard let redis = try TestRedis(password: "secret", certificates: certificates) else { return }
    let client = try client(redis, Place(host: "127.0.0.1", authorities: "", isVerifying: false))
    try await connected(client)
    await client.stop()
  }

  @Test func `a server without TLS is told from one with it`() async throws {
    guard let redis = try TestRedis(password: "secret") else { return }
    var plain = RedisClient.Settings(try RedisAddress("redis://:secret@localhost:\(redis.port)"))
    plain.longestDelayMilliseconds = 100
    let good = RedisClient(plain, logger: Logger(label: "test"))
    good.start()
    try await connected(good)
    let log = LoggedLines()
    let client = try client(
      redis, Place(authorities: "", isVerifying: false, milliseconds: 300), log)
    let line = await log.first()
    #expect(line.contains("Redis is not reached"), "\(line)")
    await #expect(throws: RedisError.self) { try await client.command("PING") }
    await client.stop()
    await good.stop()
  }

  @Test func `what is no file of authorities cannot be used`() throws {
    #expect(throws: RedisTLS.Fault.self) { try RedisTLS(authorities: "/nowhere.pem") }
  }
}

/// What a client logs, line by line.
final class LoggedLines: Sendable {
  private let lines: AsyncStream<String>
  private let continuation: AsyncStream<String>.Continuation

  init() { (lines, continuation) = AsyncStream.makeStream() }

  var handler: some LogHandler { Handler(continuation: continuation) }

  func first() async -> String { await lines.first { _ in true } ?? "" }

  private struct Handler: LogHandler {
    let continuation: AsyncStream<String>.Continuation
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { continuation.yield("\(event.message)") }
  }
}
