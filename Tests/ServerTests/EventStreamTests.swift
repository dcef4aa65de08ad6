import GraphQLEngine
import Testing

@testable import Server

@Suite("Event streams")
struct EventStreamTests {
  private static let settings = EventStreams.Settings(
    keepAlive: .seconds(3600), maximumStreams: 2, maximumPerClient: 1, maximumOperations: 2,
    queue: .init(
      bytes: 10_000, messages: 100, operationBytes: 1000, operationMessages: 4, patience: .milliseconds(20)))

  private func result(_ text: String) -> OperationResult { .next(bytes(text), eventID: nil) }

  /// Everything that is read until the end.
  private func read(_ stream: EventStream) async -> String {
    var all = ""
    while let bytes = await stream.next() { all += String(buffer: bytes) }
    return all
  }

  @Test func `an event has a name, an id and its data`() {
    #expect(
      text(EventStreamText.next(bytes("{}"), operation: nil, eventID: nil)) == "event: next\ndata: {}\n\n")
    #expect(
      text(EventStreamText.next(bytes("{}"), operation: "a\"b", eventID: "event_1"))
        == "event: next\nid: event_1\ndata: {\"id\":\"a\\\"b\",\"payload\":{}}\n\n")
    #expect(text(EventStreamText.complete(operation: nil)) == "event: complete\ndata: \n\n")
    #expect(text(EventStreamText.complete(operation: "1")) == "event: complete\ndata: {\"id\":\"1\"}\n\n")
  }

  @Test func `a line end in JSON does not break an event`() {
    #expect(
      text(EventStreamText.next(bytes("{\r\n\"a\":\n1}"), operation: nil, eventID: nil))
        == "event: next\ndata: {\ndata: \"a\":\ndata: 1}\n\n")
  }

  @Test func `a subscription's parts are results, heartbeats and what ends them, each with its boundary`() {
    let head = "\r\nContent-Type: application/json; charset=utf-8\r\n\r\n"
    let format = StreamFormat.parts
    #expect(text(format.opening) == "--graphql\(head){}\r\n--graphql")
    #expect(
      text(format.next(bytes("{\"data\":1}"), operation: "a", eventID: "event_1"))
        == "\(head){\"payload\":{\"data\":1}}\r\n--graphql")
    let response = GraphQLEngine.Response(requestErrors: [GraphQLError("no")])
    #expect(
      text(format.givenUp(response, operation: "a"))
        == "\(head){\"payload\":null,\"errors\":[{\"message\":\"no\"}]}\r\n--graphql")
    #expect(text(format.complete("a")) == "--\r\n")
  }

  @Test func `a subscription of parts ends with its last boundary, unless the server ends it`() async {
    let stream = EventStream(Self.settings, .parts)
    #expect(stream.begin("") { ticket in await stream.put(result("1"), ticket) } == .admitted)
    let all = await read(stream)
    #expect(all.contains("{\"payload\":1}") && all.hasSuffix("\r\n--graphql--\r\n"))
    let stopped = EventStream(Self.settings, .parts)
    stopped.end()
    #expect(await read(stopped) == "")
  }

  @Test func `a distinct stream ends with its operation`() async {
    let stream = EventStream(Self.settings, .events)
    #expect(stream.begin("") { ticket in await stream.put(result("1"), ticket) } == .admitted)
    #expect(await read(stream) == "event: next\ndata: 1\n\nevent: complete\ndata: \n\n")
    #expect(stream.isEnded)
  }

  @Test func `a stream of many goes on, and bounds them`() async {
    let stream = EventStream(Self.settings, .sharedEvents)
    let (held, release) = AsyncStream<Void>.makeStream()
    let hold: @Sendable (EventStream.Ticket) async -> Void = { _ in for await _ in held {} }
    #expect(stream.begin("a", hold) == .admitted)
    #expect(stream.begin("a", hold) == .known)
    #expect(stream.begin("b") { _ in for await _ in AsyncStream<Void>.makeStream().stream {} } == .admitted)
    #expect(stream.begin("c", hold) == .tooMany)
    release.finish()
    #expect(await stream.next().map(String.init(buffer:)) == "event: complete\ndata: {\"id\":\"a\"}\n\n")
    #expect(stream.stop("b"))
    #expect(!stream.stop("b"))
    stream.end()
    #expect(stream.begin("d", hold) == .over)
    #expect(await stream.next() == nil)
  }

  @Test func `what is stopped says nothing more, and its id is free`() async {
    let stream = EventStream(Self.settings, .sharedEvents)
    let (started, begun) = AsyncStream<EventStream.Ticket>.makeStream()
    _ = stream.begin("a") { ticket in
      begun.yield(ticket)
      for await _ in AsyncStream<Void>.makeStream().stream {}
    }
    guard let former = await started.first(where: { _ in true }) else { return }
    #expect(stream.stop("a"))
    _ = stream.begin("a") { ticket in await stream.put(result("2"), ticket) }
    await stream.put(result("1"), former)
    var all = ""
    while !all.contains("complete"), let bytes = await stream.next() { all += String(buffer: bytes) }
    #expect(all.contains("\"payload\":2}") && !all.contains("\"payload\":1}"))
  }

  @Test func `who does not read is told, and the operation ends`() async {
    let stream = EventStream(Self.settings, .sharedEvents)
    let (ended, end) = AsyncStream<Int>.makeStream()
    _ = stream.begin("a") { ticket in
      var count = 0
      while !Task.isCancelled {
        await stream.put(result("1"), ticket)
        count += 1
      }
      end.yield(count)
    }
    // Nobody reads until the operation has been given up.
    let count = await ended.first { _ in true } ?? 0
    #expect(count <= 4)
    stream.end()
    let all = await read(stream)
    #expect(all.contains("SLOW_READER"))
    #expect(all.hasSuffix("event: complete\ndata: {\"id\":\"a\"}\n\n"))
    #expect(!all.contains("\"payload\":1}"))
  }

  @Test func `comments are sent while nothing else waits`() async {
    let stream = EventStream(Self.settings, .sharedEvents)
    stream.keepAlive()
    #expect(stream.connect())
    #expect(!stream.connect())
    stream.keepAlive()
    stream.keepAlive()
    stream.end()
    #expect(await read(stream) == ":\n\n")
  }

  @Test func `places are bounded, and free when they are let go`() {
    let streams = EventStreams(Self.settings)
    let ann = RateLimiter.Subject.address(.v4(1))
    var first = streams.admit(nil, ann, .events)
    #expect(first != nil)
    #expect(streams.admit(nil, ann, .events) == nil)
    let second = streams.admit(nil, .address(.v4(2)), .events)
    #expect(second != nil)
    #expect(streams.admit(nil, .address(.v4(3)), .events) == nil)
    #expect(streams.count == 2)
    first = nil
    #expect(streams.count == 1)
    #expect(streams.admit(nil, ann, .events) != nil)
  }

  @Test func `a reservation is found by its token until it is released`() throws {
    let streams = EventStreams(Self.settings)
    let place = try #require(streams.admit(nil, nil, .sharedEvents))
    let token = streams.reserve(place)
    #expect(token.utf8.count == 64)
    #expect(streams.place(for: token)?.stream === place.stream)
    streams.release(token: token)
    #expect(streams.place(for: token) == nil)
    #expect(place.stream.isEnded)
  }
}
