import Postgres
import TestPostgres
import Testing

@Suite struct NotificationTests {
  private func listen(
    _ database: Database, _ channels: [String]
  ) -> (NotificationListener, AsyncStream<NotificationEvent>.AsyncIterator) {
    let (events, continuation) = AsyncStream<NotificationEvent>.makeStream()
    let listener = database.listen(to: channels) { continuation.yield($0) }
    return (listener, events.makeAsyncIterator())
  }

  @Test func `a notification reaches the listeners of its channel only`() async throws {
    try await withDatabase { database in
      var (listener, events) = listen(database, ["runs", #"odd "name""#])
      #expect(await events.next() == .listening(missedSome: false))
      try await database.notify(channel: "other", payload: "no")
      try await database.notify(channel: "runs", payload: "1")
      try await database.notify(channel: #"odd "name""#)
      #expect(await events.next() == .notification(channel: "runs", payload: "1"))
      #expect(await events.next() == .notification(channel: #"odd "name""#, payload: ""))
      await listener.stop()
    }
  }

  @Test func `many notifications arrive in order`() async throws {
    try await withDatabase { database in
      var (listener, events) = listen(database, ["n"])
      #expect(await events.next() == .listening(missedSome: false))
      for number in 0..<200 { try await database.notify(channel: "n", payload: "\(number)") }
      for number in 0..<200 {
        #expect(await events.next() == .notification(channel: "n", payload: "\(number)"))
      }
      await listener.stop()
    }
  }

  @Test func `a listener that lost its connection says so when it is back`() async throws {
    let server = try await TestPostgres.start()
    var configuration = try PostgresConfiguration(connectionInfo: await server.freshDatabase())
    configuration.reconnectBase = .milliseconds(10)
    configuration.acquireDeadline = .seconds(60)
    let database = try Database(configuration)
    database.start()
    var (listener, events) = listen(database, ["runs"])
    #expect(await events.next() == .listening(missedSome: false))
    try await server.restart()
    guard case .disconnected = await events.next() else {
      Issue.record("no word of the disconnection")
      return
    }
    #expect(await events.next() == .listening(missedSome: true))
    try await database.notify(channel: "runs", payload: "again")
    #expect(await events.next() == .notification(channel: "runs", payload: "again"))
    await listener.stop()
    await database.shutdown()
    await server.remove()
  }

  @Test func `a listener that outlives its database stops all the same`() async throws {
    let database = try Database(PostgresConfiguration(connectionInfo: "host=/nowhere"))
    database.start()
    let listener = database.listen(to: ["x"]) { _ in }
    await database.shutdown()
    await listener.stop()
  }
}
