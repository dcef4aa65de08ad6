import GraphQLEngine
import Testing

/// Gives responses the extensions that it was made with.
private final class Tracer: RequestContext {
  let extensions: InputObject
  init(_ extensions: InputObject) { self.extensions = extensions }
  var responseExtensions: InputObject { extensions }
}

@Suite("§ 6.1, § 7.1 Extensions of requests and responses")
struct ExtensionsTests {
  private static func engine() throws -> TestEngine {
    let echo = Loader<String> { call in
      .ready(.objects(.dynamic(call.keys.map { ["text": call.extensions[$0] ?? .null] })))
    }
    return try TestEngine(
      """
      type Query { echo: String, loaded: Echo, wrong: Int! }
      type Mutation { echo: String }
      type Subscription { echoed: String }
      type Echo { text: String }
      """
    ) { wiring, _ in
      for type in ["Query", "Mutation"] {
        wiring.bind(type, "echo", .batch { call in .ready(.leaves([call.extensions["word"]?.string])) })
      }
      wiring.bind("Query", "loaded", .loader(echo) { _ in ["word"] })
      wiring.bind(
        "Subscription", "echoed",
        .stream { call in
          AsyncThrowingStream { continuation in
            continuation.yield(.leaves([call.extensions["word"]?.string]))
            continuation.finish()
          }
        })
    }
  }

  private static func request(_ context: any RequestContext = EmptyContext()) throws -> ExecutionRequest {
    var request = ExecutionRequest(context: context)
    request.extensions = try object(#"{"word":"hello","other":{"n":[1]}}"#)
    return request
  }

  @Test func `batches, loaders, mutations and streams see the request's extensions`() async throws {
    let engine = try Self.engine().engine
    let query = try engine.prepare("{ echo loaded { text } }")
    #expect(
      await engine.execute(query, try Self.request()).text
        == #"{"data":{"echo":"hello","loaded":{"text":"hello"}}}"#)
    #expect(await engine.execute(query).text == #"{"data":{"echo":null,"loaded":{"text":null}}}"#)
    let mutation = try engine.prepare("mutation { echo }")
    #expect(await engine.execute(mutation, try Self.request()).text == #"{"data":{"echo":"hello"}}"#)
    let subscription = try engine.prepare("subscription { echoed }")
    for await event in try await engine.subscribe(subscription, try Self.request()) {
      #expect(event.text == #"{"data":{"echoed":"hello"}}"#)
    }
  }

  @Test func `the context gives a response its extensions, behind data and errors`() async throws {
    let engine = try Self.engine().engine
    let tracer = Tracer(try object(#"{"cost":{"fields":2},"note":"a \"quoted\" one"}"#))
    let written = #""extensions":{"cost":{"fields":2},"note":"a \"quoted\" one"}}"#
    let query = try engine.prepare("{ echo }")
    #expect(
      await engine.execute(query, try Self.request(tracer)).text == #"{"data":{"echo":"hello"},"# + written)
    let failing = try engine.prepare("{ wrong }")
    let failed = await engine.execute(failing, try Self.request(tracer)).text
    #expect(failed.hasPrefix(#"{"data":null,"errors":[{"message":"#))
    #expect(failed.hasSuffix("}]," + written))
    let subscription = try engine.prepare("subscription { echoed }")
    for await event in try await engine.subscribe(subscription, try Self.request(tracer)) {
      #expect(event.text == #"{"data":{"echoed":"hello"},"# + written)
    }
  }

  @Test func `without extensions a response has no such member`() async throws {
    let engine = try Self.engine().engine
    let query = try engine.prepare("{ echo }")
    #expect(
      await engine.execute(query, ExecutionRequest(context: Tracer(InputObject()))).text
        == #"{"data":{"echo":null}}"#)
  }
}
