import Foundation
import Logging
import Testing

@testable import Redis

@Suite struct RedisAddressTests {
  @Test func `all parts of an address are read`() throws {
    let address = try RedisAddress("redis://ann:p%40ss@redis.example.com:6380/3")
    #expect(address.host == "redis.example.com")
    #expect(address.port == 6380)
    #expect(address.user == "ann")
    #expect(address.password == "p@ss")
    #expect(address.database == 3)
  }

  @Test func `what is left out has its default`() throws {
    let address = try RedisAddress("redis://[::1]")
    #expect(address.host == "::1")
    #expect(address.port == 6379)
    #expect(address.user == nil && address.password == nil && address.database == 0)
    #expect(try RedisAddress("redis://:secret@h").password == "secret")
    #expect(try RedisAddress("rediss://h").usesTLS && !RedisAddress("redis://h").usesTLS)
  }

  @Test(arguments: [
    "rediss//h", "http://h", "redis://", "redis://h:0", "redis://h:port", "redis://h/x",
    "redis://user@h",
    "redis://:%zz@h",
  ])
  func `a wrong address is refused without its password`(_ text: String) {
    #expect { try RedisAddress(text) } throws: { error in
      !"\(error)".contains("zz") && error is RedisAddress.Fault
    }
  }
}

@Suite struct RedisClientTests {
  private func client(_ redis: TestRedis, password: String = "", milliseconds: UInt64 = 5_000)
    throws
    -> RedisClient
  {
    let userinfo = password.isEmpty ? "" : ":\(password)@"
    var settings = RedisClient.Settings(
      try RedisAddress("redis://\(userinfo)127.0.0.1:\(redis.port)/2"))
    settings.commandMilliseconds = milliseconds
    settings.longestDelayMilliseconds = 200
    let client = RedisClient(settings, logger: Logger(label: "test"))
    client.start()
    return client
  }

  /// Repeats a command until there is a connection: the server is just starting.
  private func connected(_ client: RedisClient) async throws -> RedisReply {
    for _ in 0..<6_000 {
      if let reply = try? await client.command("PING") { return reply }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw RedisError.unavailable("not connected in a minute")
  }

  @Test func `commands get their replies, each its own`() async throws {
    guard let redis = try TestRedis() else { return }
    let client = try client(redis)
    #expect(try await connected(client) == .string("PONG"))
    #expect(try await client.command("SET", "key", "a value\r\nof bytes \u{0} ö") == .string("OK"))
    #expect(try await client.command("GET", "key") == .string("a value\r\nof bytes \u{0} ö"))
    #expect(try await client.command("GET", "nothing") == .null)
    #expect(try await client.command("LPUSH", "list", "", "b") == .integer(2))
    #expect(
      try await client.command("LRANGE", "list", "0", "-1") == .array([.string("b"), .string("")]))
    guard case .error(let refusal) = try await client.command("INCR", "key") else {
      Issue.record("a text was counted up")
      return
    }
    #expect(refusal.hasPrefix("ERR"))
    let counts = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<500 { group.addTask { try await client.command("INCR", "count").integer ?? 0 } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(counts.sorted() == Array(1...500))
    await client.stop()
  }

  @Test func `a password and a database are given before the first command`() async throws {
    guard let redis = try TestRedis(password: "correct") else { return }
    let client = try client(redis, password: "correct")
    _ = try await connected(client)
    _ = try await client.command("SET", "here", "1")
    #expect(try await client.command("SELECT", "0") == .string("OK"))
    #expect(try await client.command("EXISTS", "here") == .integer(0))
    await client.stop()

    let stranger = try self.client(redis, password: "wrong")
    for _ in 0..<20 {
      await #expect(throws: RedisError.self) { try await stranger.command("PING") }
      try await Task.sleep(for: .milliseconds(10))
    }
    await stranger.stop()
  }

  @Test func `a server that is gone fails commands at once, and is used again when it is back`()
    async throws
  {
    guard let redis = try TestRedis() else { return }
    let client = try client(redis)
    _ = try await connected(client)
    redis.stop()
    await #expect(throws: RedisError.self) { while true { _ = try await client.command("PING") } }
    try redis.start()
    #expect(try await connected(client) == .string("PONG"))
    await client.stop()
  }

  @Test func `a server that does not answer costs the bound of time, not more`() async throws {
    guard let redis = try TestRedis() else { return }
    let client = try client(redis, milliseconds: 300)
    _ = try await connected(client)
    redis.freeze()
    await #expect(throws: RedisError.timedOut) { try await client.command("PING") }
    redis.thaw()
    #expect(try await connected(client) == .string("PONG"))
    await client.stop()
  }

  @Test func `a channel is heard, again after the server was gone`() async throws {
    guard let redis = try TestRedis() else { return }
    let client = try client(redis)
    let (events, continuation) = AsyncStream<RedisClient.ChannelEvent>.makeStream()
    client.listen(to: "news") { continuation.yield($0) }
    var heard = events.makeAsyncIterator()
    #expect(await heard.next() == .listening)
    _ = try await connected(client)
    try await publish("one, \u{1F600}", client)
    #expect(await heard.next() == .message("one, \u{1F600}"))
    redis.stop()
    try redis.start()
    #expect(await heard.next() == .listening)
    _ = try await connected(client)
    try await publish("two", client)
    #expect(await heard.next() == .message("two"))
    await client.stop()
  }

  /// Publishes until somebody hears: a subscription is on its way when `listening` is told.
  private func publish(_ text: String, _ client: RedisClient) async throws {
    while try await client.command("PUBLISH", "news", text) == .integer(0) {
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  @Test func `what waits when the client is stopped fails`() async throws {
    guard let redis = try TestRedis() else { return }
    let client = try client(redis)
    _ = try await connected(client)
    let waiting = Task { try await client.command("BLPOP", "never", "0") }
    try await Task.sleep(for: .milliseconds(50))
    await client.stop()
    await #expect(throws: RedisError.self) { try await waiting.value }
    await #expect(throws: RedisError.self) { try await client.command("PING") }
  }
}
