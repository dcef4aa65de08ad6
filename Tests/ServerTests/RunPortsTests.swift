import Flows
import NIOCore
import NIOHTTP1
import NIOPosix
import Outbound
import Sandbox
import Synchronization
import Testing

@testable import Server

@Suite("HTTP actions of flows", .timeLimit(.minutes(1)))
struct OutboundActionsTests {
  private func call(_ method: String, _ url: String, _ change: (inout HTTPCall) -> Void = { _ in })
    -> ActionRequest
  {
    var call = HTTPCall(method: method, url: url)
    change(&call)
    let id = Identifier(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0001)
    let node = FlowNode(id: id, key: "fetch", title: "Fetch", kind: .action)
    return ActionRequest(
      run: RunReference(organizationID: id, runID: id), node: node, attempt: 2, call: call)
  }

  /// Performs a call of a server that echoes what it was asked.
  private func perform(
    allowing: Bool = true, path: String = "/", method: String = "GET", maximumBody: Int = 100_000,
    _ change: (inout HTTPCall) -> Void = { _ in }
  ) async throws -> ActionOutcome {
    let server = try await EchoServer.start()
    var configuration = OutboundConfiguration()
    if allowing { configuration.policy.allowedRanges = [try #require(AddressRange("127.0.0.1/32"))] }
    let client = OutboundClient(configuration: configuration)
    let actions = OutboundActions(client: client, maximumBody: maximumBody)
    let outcome = await actions.perform(call(method, "http://127.0.0.1:\(server.port)\(path)", change))
    await client.shutdown()
    await server.stop()
    return outcome
  }

  private func answer(_ outcome: ActionOutcome) throws -> HTTPAnswer {
    guard case .answered(let answer) = outcome else { throw TestFailure("no answer: \(outcome)") }
    return answer
  }

  private func failure(_ outcome: ActionOutcome) -> RunError.Code? {
    switch outcome {
    case .failed(let error), .rejected(let error, _, _): error.code
    default: nil
    }
  }

  @Test func `the query is added to the URL's own, percent-encoded`() async throws {
    let outcome = try await perform(path: "/search?a=1#part") {
      $0.query = [.init(name: "q", value: "a&b=c d/é"), .init(name: "empty", value: "")]
    }
    #expect(
      try answer(outcome).body.object?["uri"]?.string
        == "/search?a=1&q=a%26b%3Dc%20d%2F%C3%A9&empty=")
    let plain = try await perform(path: "/search") { $0.query = [.init(name: "q", value: "x")] }
    #expect(try answer(plain).body.object?["uri"]?.string == "/search?q=x")
  }

  @Test func `headers and the idempotency key are sent`() async throws {
    let outcome = try await perform { $0.headers = [.init(name: "X-Mine", value: "yes")] }
    let headers = try answer(outcome).body.object?["headers"]?.object
    #expect(headers?["x-mine"]?.string == "yes")
    let key = try #require(headers?["idempotency-key"]?.string)
    #expect(key == call("GET", "").idempotencyKey)
    #expect(key.hasSuffix(":2"))
  }

  @Test func `an author's own idempotency key is kept`() async throws {
    let outcome = try await perform { $0.headers = [.init(name: "idempotency-key", value: "mine")] }
    #expect(try answer(outcome).body.object?["headers"]?.object?["idempotency-key"]?.string == "mine")
  }

  @Test func `a text is sent as it is, anything else as JSON`() async throws {
    let text = try answer(try await perform(method: "POST") { $0.body = .string("a=b") })
    #expect(text.body.object?["body"]?.string == "a=b")
    #expect(text.body.object?["headers"]?.object?["content-type"] == nil)
    let json = try answer(try await perform(method: "POST") { $0.body = .object(["n": .integer(1)]) })
    #expect(json.body.object?["body"]?.string == #"{"n":1}"#)
    #expect(json.body.object?["headers"]?.object?["content-type"]?.string == "application/json")
    let own = try answer(
      try await perform(method: "PUT") {
        $0.body = .array([])
        $0.headers = [.init(name: "Content-Type", value: "application/vnd.x+json")]
      })
    #expect(own.body.object?["headers"]?.object?["content-type"]?.string == "application/vnd.x+json")
  }

  @Test func `any status is an answer, repeated headers are joined, text stays text`() async throws {
    let answer = try answer(try await perform(path: "/teapot"))
    #expect(answer.status == 418)
    #expect(answer.body == .string("{short and stout}"))
    #expect(answer.headers["x-tea"]?.string == "green, black")
  }

  @Test func `a body that says JSON and is not stays text`() async throws {
    #expect(try answer(try await perform(path: "/broken")).body == .string("{oops"))
  }

  @Test func `a private address is refused unless it is allowed`() async throws {
    #expect(failure(try await perform(allowing: false)) == .addressRefused)
  }

  @Test func `no answer in time is a timeout`() async throws {
    let outcome = try await perform(path: "/silent") { $0.timeoutMilliseconds = 100 }
    #expect(failure(outcome) == .requestTimeout)
  }

  @Test func `a broken connection and a large answer are failures`() async throws {
    #expect(failure(try await perform(path: "/hangup")) == .requestFailed)
    #expect(failure(try await perform(path: "/large", maximumBody: 1000)) == .requestFailed)
  }

  @Test func `what would be the same again is of no class that is tried again`() async throws {
    let large = try await perform(path: "/large", method: "POST", maximumBody: 1000)
    let round = try await perform(path: "/round")
    let header = try await perform { $0.headers = [.init(name: "no token", value: "x")] }
    for outcome in [large, round, header] {
      guard case .rejected(let error, let errorClass, _) = outcome else {
        Issue.record("\(outcome)")
        continue
      }
      #expect(error.code == .requestFailed && errorClass == .other)
    }
  }

  @Test func `an answer's letters are those of the encoding that it names`() async throws {
    #expect(try answer(try await perform(path: "/latin")).body == ["name": "Zoë"])
    #expect(try answer(try await perform(path: "/marked")).body == ["name": "Zoë"])
  }

  @Test func `a cancelled action says so`() async throws {
    let server = try await EchoServer.start()
    var configuration = OutboundConfiguration()
    configuration.policy.allowedRanges = [try #require(AddressRange("127.0.0.1/32"))]
    let client = OutboundClient(configuration: configuration)
    let actions = OutboundActions(client: client, maximumBody: 1000)
    let request = call("GET", "http://127.0.0.1:\(server.port)/silent")
    let task = Task { await actions.perform(request) }
    await server.requested()
    task.cancel()
    #expect(await task.value == .cancelled)
    await client.shutdown()
    await server.stop()
  }
}

/// Tells who asks what it was asked, as JSON; some paths answer otherwise.
private struct EchoServer: Sendable {
  let port: Int
  private let channel: any Channel
  private let arrivals: AsyncStream<Void>

  static func start() async throws -> EchoServer {
    let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(Echo { arrived.yield() })
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return EchoServer(port: channel.localAddress?.port ?? 0, channel: channel, arrivals: arrivals)
  }

  func requested() async { for await _ in arrivals { return } }

  func stop() async { try? await channel.close() }

  /// Lives on its connection's event loop.
  private final class Echo: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart
    private let arrived: @Sendable () -> Void
    private var head: HTTPRequestHead?
    private var body = ""

    init(arrived: @escaping @Sendable () -> Void) { self.arrived = arrived }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head): self.head = head
      case .body(let buffer): body += String(buffer: buffer)
      case .end:
        arrived()
        answer(context)
      }
    }

    private func answer(_ context: ChannelHandlerContext) {
      guard let head else { return }
      switch head.uri {
      case "/silent": return
      case "/hangup": context.close(promise: nil)
      case "/teapot":
        write(
          context, 418, [("Content-Type", "text/plain"), ("X-Tea", "green"), ("x-tea", "black")],
          "{short and stout}")
      case "/broken": write(context, 200, [("Content-Type", "application/json")], "{oops")
      case "/round": write(context, 302, [("Location", "/round")], "")
      case "/latin":
        let type = "application/json; charset=iso-8859-1"
        write(
          context, 200, [("Content-Type", type)], bytes: Array(#"{"name":"Zo"#.utf8) + [0xEB, 0x22, 0x7D])
      case "/marked":
        write(context, 200, [("Content-Type", "application/json")], "\u{FEFF}{\"name\":\"Zoë\"}")
      case "/large": write(context, 200, [], String(repeating: "x", count: 2000))
      default:
        var headers = JSONObject()
        for (name, value) in head.headers { headers[name.lowercased()] = .string(value) }
        let echo = JSONValue.object([
          "uri": .string(head.uri), "headers": .object(headers), "body": .string(body),
        ])
        write(context, 200, [("Content-Type", "application/json; charset=utf-8")], echo.text())
      }
    }

    private func write(
      _ context: ChannelHandlerContext, _ status: Int, _ headers: [(String, String)], _ body: String
    ) {
      write(context, status, headers, bytes: Array(body.utf8))
    }

    private func write(
      _ context: ChannelHandlerContext, _ status: Int, _ headers: [(String, String)], bytes: [UInt8]
    ) {
      var fields = HTTPHeaders(headers)
      fields.add(name: "Content-Length", value: "\(bytes.count)")
      let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: fields)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
}

@Suite("Expressions in the child process", .timeLimit(.minutes(1)))
struct SandboxExpressionsTests {
  private func withExpressions<Value>(
    _ body: (SandboxExpressions) async throws -> Value
  ) async throws -> Value {
    let pool = SandboxPool(configuration: SandboxConfiguration(), logger: TestStudio.quiet)
    do {
      let value = try await body(SandboxExpressions(pool: pool))
      await pool.shutdown()
      return value
    } catch {
      await pool.shutdown()
      throw error
    }
  }

  @Test func `expressions see their scope and have values`() async throws {
    let scope: JSONObject = [
      "input": .object(["n": .number(20)]), "nodes": .object(["a": .object(["output": .number(1)])]),
      "env": .object(["NAME": .string("x")]), "run": .object([:]), "flow": .object([:]), "output": .null,
    ]
    let results = try await withExpressions { expressions in
      try await expressions.evaluate([
        EvaluationRequest(
          expressions: ["input.n * 2 + nodes.a.output", "env.NAME + '!'", "output"], scope: scope),
        EvaluationRequest(expressions: ["({ok: [true, null]})"], scope: [:]),
      ])
    }
    #expect(try results[0].map { try $0.get().text() } == ["41", "\"x!\"", "null"])
    #expect(try results[1][0].get().text() == #"{"ok":[true,null]}"#)
  }

  @Test func `each expression fails for itself`() async throws {
    let results = try await withExpressions { expressions in
      try await expressions.evaluate([
        EvaluationRequest(
          expressions: ["1 + 1", "nothing.here", "(", "while (true) {}", "(() => { for (;;) {} })()"],
          scope: [:])
      ])
    }
    #expect(try results[0][0].get().text() == "2")
    #expect(results[0][1].failureKind == .thrown)
    #expect(results[0][2].failureKind == .syntax)
    #expect(results[0][3].failureKind == .syntax)
    #expect(results[0][4].failureKind == .timeout)
  }

  @Test func `a check tells what does not parse`() async throws {
    let failures = try await withExpressions { try await $0.check(["a.b > 1", "a.b >", "{}"]) }
    #expect(failures[0] == nil)
    #expect(failures[1]?.kind == .syntax)
  }

  @Test func `what finds the queue full of its own run's expressions is evaluated too`() async throws {
    var configuration = SandboxConfiguration()
    configuration.maximumQueued = 16
    let pool = SandboxPool(configuration: configuration, logger: TestStudio.quiet)
    let expressions = SandboxExpressions(pool: pool)
    let slow = "(() => { const end = Date.now() + 10; while (Date.now() < end); return input })()"
    let results = try await expressions.evaluate(
      (0..<70).map { EvaluationRequest(expressions: [slow], scope: ["input": .integer($0)]) })
    await pool.shutdown()
    #expect(try results.map { try $0[0].get() } == (0..<70).map { .integer($0) })
  }

  @Test func `without a child the domain learns that expressions are not available`() async throws {
    var configuration = SandboxConfiguration()
    configuration.binaryPath = "/nowhere"
    let pool = SandboxPool(configuration: configuration, logger: TestStudio.quiet)
    let expressions = SandboxExpressions(pool: pool)
    await #expect(throws: ExpressionsUnavailable.self) {
      try await expressions.evaluate([EvaluationRequest(expressions: ["1"], scope: [:])])
    }
    await #expect(throws: ExpressionsUnavailable.self) { try await expressions.check(["1"]) }
    await pool.shutdown()
  }
}

extension Result where Failure == ExpressionFailure {
  fileprivate var failureKind: ExpressionFailure.Kind? {
    if case .failure(let failure) = self { failure.kind } else { nil }
  }
}
