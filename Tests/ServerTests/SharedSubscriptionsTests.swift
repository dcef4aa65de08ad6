import Flows
import GraphQLEngine
import Resolvers
import Schema
import Synchronization
import Testing

@testable import Server

@Suite("Equal subscriptions")
struct SharedSubscriptionsTests {
  private typealias Schema = GraphQLEngine.Schema

  /// Ticks that a test gives out, and how often one was answered.
  private final class Source: Sendable {
    let calls = Mutex(0)
    private let readers = Mutex<[AsyncThrowingStream<Column, any Error>.Continuation]>([])

    func open() -> AsyncThrowingStream<Column, any Error> {
      let (stream, continuation) = AsyncThrowingStream<Column, any Error>.makeStream()
      readers.withLock { $0.append(continuation) }
      return stream
    }

    func tick(_ number: Int) {
      for reader in readers.withLock({ $0 }) {
        reader.yield(.object(.swift([number])).identified(as: "tick_\(number)"))
      }
    }

    func finish() { for reader in readers.withLock({ $0 }) { reader.finish() } }
  }

  private static func engine(_ source: Source) throws -> Engine {
    let schema = try Schema.build(
      "type Query { a: Int } type Subscription { ticks: Tick } type Tick { number: Int }")
    var wiring = Wiring()
    wiring.defaultBinding = .member
    wiring.bind("Subscription", "ticks", .stream { _ in source.open() })
    wiring.bind(
      "Tick", "number",
      .batch { call in
        source.calls.withLock { $0 += 1 }
        return .ready(.leaves(Array(try call.parents.rows(of: Int.self))))
      })
    return Engine(try ExecutableSchema(schema, wiring))
  }

  private static func viewer(_ user: UInt64) -> Viewer {
    Viewer(
      userID: Identifier(high: 0, low: user), organizationID: Identifier(high: 1, low: 1), role: .owner,
      sessionID: nil)
  }

  /// What subscribers hear of two events, and how often these were answered.
  private func answers(
    to viewers: [Viewer?], depth: Int
  ) async throws -> (texts: [[String]], ids: [String?], calls: Int) {
    let source = Source()
    let engine = try Self.engine(source)
    let operation = try engine.prepare("subscription { ticks { number } }")
    let shared = SharedSubscriptions()
    let request = try GraphQLRequest(.json(#"{"query":"subscription { ticks { number } }"}"#))
    var streams: [ResponseStream] = []
    for viewer in viewers {
      var execution = ExecutionRequest()
      execution.eventResponses = shared.join(operation, request, viewer, depth: depth)
      streams.append(try await engine.subscribe(operation, execution))
    }
    source.tick(1)
    source.tick(2)
    source.finish()
    let responses = await withTaskGroup(of: [GraphQLEngine.Response].self) { group in
      for stream in streams {
        group.addTask {
          var responses: [GraphQLEngine.Response] = []
          for await response in stream { responses.append(response) }
          return responses
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    return (
      responses.map { $0.map(\.text) }, responses.first?.map(\.eventID) ?? [], source.calls.withLock { $0 }
    )
  }

  @Test func `answer an event once and hear the same`() async throws {
    let (texts, ids, calls) = try await answers(to: Array(repeating: Self.viewer(1), count: 20), depth: 3)
    #expect(texts.count == 20 && Set(texts).count == 1)
    #expect(texts.first == [#"{"data":{"ticks":{"number":1}}}"#, #"{"data":{"ticks":{"number":2}}}"#])
    #expect(ids == ["tick_1", "tick_2"])
    #expect(calls == 2)
  }

  @Test func `are those of one viewer, where what is asked may depend on who asks`() async throws {
    let others = [Self.viewer(1), Self.viewer(2), Self.viewer(1), Self.viewer(2)]
    #expect(try await answers(to: others, depth: 3).calls == 4)
    #expect(try await answers(to: others, depth: 2).calls == 2)
  }

  @Test func `are none without signing in`() async throws {
    #expect(try await answers(to: [nil, nil, nil], depth: 2).calls == 6)
  }
}
