import NIOCore
import Synchronization
import Testing

@testable import Outbound

/// Names and their addresses as a test wants them; counts the look-ups.
final class FixedResolver: AddressResolver {
  let lookUps = Mutex<[String]>([])
  private let answers: @Sendable (String, Int) -> [IPAddress]

  /// - Parameter answers: by name and by how often it was asked before.
  init(_ answers: @escaping @Sendable (String, Int) -> [IPAddress]) { self.answers = answers }

  func addresses(of host: String) async throws(OutboundError) -> [IPAddress] {
    let count = lookUps.withLock { lookUps in
      lookUps.append(host)
      return lookUps.count { $0 == host } - 1
    }
    let found = answers(host, count)
    if found.isEmpty { throw .nameNotFound(host: host) }
    return found
  }

  func shutdown() async {}
}

/// Runs `body` with a client and shuts it down.
func withClient(
  private isPrivateAllowed: Bool = true, resolver: (any AddressResolver)? = nil,
  change: (inout OutboundConfiguration) -> Void = { _ in }, _ body: (OutboundClient) async throws -> Void
) async throws {
  var configuration = OutboundConfiguration(policy: AddressPolicy(allowsPrivateAddresses: isPrivateAllowed))
  configuration.connectTimeout = .seconds(2)
  change(&configuration)
  let client = OutboundClient(configuration: configuration, resolver: resolver ?? SystemResolver())
  do { try await body(client) } catch {
    await client.shutdown()
    throw error
  }
  await client.shutdown()
}

/// The error that sending `request` throws.
func refusal(_ client: OutboundClient, _ request: OutboundRequest) async -> OutboundError? {
  do throws(OutboundError) {
    _ = try await client.send(request)
    return nil
  } catch { return error }
}

func refusal(_ client: OutboundClient, _ url: String) async -> OutboundError? {
  await refusal(client, OutboundRequest(url: url))
}

@Suite struct OutboundExchangeTests {
  @Test func `method, headers, query and body arrive, and the answer comes back whole`() async throws {
    try await withServer({ _ in .init(status: 418, headers: [("X-Tea", "green")], body: "short and stout") })
    { (server) async throws in
      try await withClient { (client) async throws in
        let request = OutboundRequest(
          method: "post", url: server.address + "/pot/ü?q=a b".replacing(" ", with: "%20"),
          headers: [OutboundHeader("X-Key", "k"), OutboundHeader("Content-Type", "text/plain")],
          body: [UInt8]("tea".utf8))
        let response = try await client.send(request)
        #expect(
          response.status == 418 && response.header("x-tea") == "green" && response.header("none") == nil)
        #expect(String(decoding: response.body, as: UTF8.self) == "short and stout")
        #expect(response.durationMilliseconds >= 0 && response.redirects == 0)
        let received = try #require(server.received.first)
        #expect(received.method == "POST" && received.uri == "/pot/%C3%BC?q=a%20b" && received.body == "tea")
        #expect(received.header("x-key") == "k" && received.header("host") == "127.0.0.1:\(server.port)")
        #expect(received.header("user-agent") == "Studio" && received.header("content-length") == "3")
      }
    }
  }

  @Test func `a connection to the same host is used again`() async throws {
    try await withServer({ _ in .init(body: "ok") }) { (server) async throws in
      try await withClient { (client) async throws in
        for _ in 0..<5 { _ = try await client.send(OutboundRequest(url: server.address)) }
        #expect(server.received.count == 5 && server.connections == 1)
      }
    }
  }

  @Test func `a name is connected by its checked address, with its own Host, and asked once`() async throws {
    try await withServer({ _ in .init(body: "ok") }) { (server) async throws in
      let resolver = FixedResolver { _, count in count == 0 ? [.v4(127, 0, 0, 1)] : [.v4(8, 8, 8, 8)] }
      try await withClient(resolver: resolver) { (client) async throws in
        let response = try await client.send(OutboundRequest(url: "http://Api.Example.test:\(server.port)/x"))
        #expect(response.status == 200)
        #expect(server.received.first?.header("host") == "api.example.test:\(server.port)")
        #expect(resolver.lookUps.withLock { $0 } == ["api.example.test"])
      }
    }
  }

  @Test func `when the first address refuses the connection the next one is tried`() async throws {
    try await withServer({ _ in .init(body: "ok") }) { (server) async throws in
      let resolver = FixedResolver { _, _ in [.v4(127, 0, 0, 2), .v4(127, 0, 0, 1)] }
      try await withClient(resolver: resolver) { (client) async throws in
        #expect(try await client.send(OutboundRequest(url: "http://two.test:\(server.port)")).status == 200)
      }
    }
  }

  @Test func `a HEAD answer with a length has no body`() async throws {
    try await withServer({ _ in .init(headers: [("content-length", "5000000")]) }) { (server) async throws in
      try await withClient { (client) async throws in
        let response = try await client.send(OutboundRequest(method: "HEAD", url: server.address))
        #expect(response.body.isEmpty && response.header("content-length") == "5000000")
      }
    }
  }

  @Test func `the body bound is exact, announced or not`() async throws {
    try await withServer({ received in
      received.uri == "/chunked"
        ? .init(endlessBytes: 8 << 20) : .init(body: String(repeating: "x", count: 1000))
    }) { (server) async throws in
      try await withClient { (client) async throws in
        var request = OutboundRequest(url: server.address)
        request.maximumResponseBytes = 1000
        #expect(try await client.send(request).body.count == 1000)
        request.maximumResponseBytes = 999
        #expect(await refusal(client, request) == .responseTooLarge(limitBytes: 999))
        request.url += "/chunked"
        #expect(await refusal(client, request) == .responseTooLarge(limitBytes: 999))
        request.cutsLongBody = true
        for url in [server.address, request.url] {
          request.url = url
          let cut = try await client.send(request)
          #expect(cut.status == 200 && cut.body.count == 999)
        }
      }
    }
  }

  /// 5,000 times `x`.
  private static let packed: [UInt8] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 237, 193, 49, 1, 0, 0, 0, 194, 160, 218, 139, 111, 10, 63, 160, 0, 0, 0,
    0, 128, 183, 1, 38, 240, 219, 0, 136, 19, 0, 0,
  ]

  @Test func `a small answer that is large when it is unpacked is told as that`() async throws {
    let answer = LocalServer.Answer(headers: [("content-encoding", "gzip")], bytes: Self.packed)
    try await withServer({ _ in answer }) { (server) async throws in
      try await withClient { (client) async throws in
        #expect(try await client.send(OutboundRequest(url: server.address)).body.count == 5000)
        var request = OutboundRequest(url: server.address)
        request.maximumResponseBytes = 4999
        #expect(await refusal(client, request) == .responseTooLarge(limitBytes: 4999))
      }
      try await withClient(change: { $0.maximumDecompressedBytes = 4999 }) { (client) async throws in
        var request = OutboundRequest(url: server.address)
        request.maximumResponseBytes = 4000
        #expect(await refusal(client, request) == .responseTooLarge(limitBytes: 4000))
      }
    }
  }

  @Test func `too large headers and too large request bodies are refused`() async throws {
    try await withServer({ _ in .init(headers: [("x-big", String(repeating: "h", count: 20_000))]) }) {
      (server) async throws in
      try await withClient(change: {
        $0.maximumHeaderBytes = 10_000
        $0.maximumRequestBytes = 10
      }) { (client) async throws in
        #expect(await refusal(client, server.address) == .responseHeadersTooLarge)
        let large = OutboundRequest(
          method: "POST", url: server.address, body: [UInt8](repeating: 0, count: 11))
        #expect(await refusal(client, large) == .requestTooLarge(limitBytes: 10))
      }
    }
  }

  @Test(arguments: [true, false])
  func `a peer that says nothing, or stops in the middle, times out`(isSilent: Bool) async throws {
    try await withServer({ _ in .init(body: "half", stallsInBody: true, isSilent: isSilent) }) {
      (server) async throws in
      try await withClient { (client) async throws in
        var request = OutboundRequest(url: server.address)
        request.timeout = .milliseconds(150)
        #expect(await refusal(client, request) == .timedOut)
        await server.connectionClosed()
      }
    }
  }

  @Test(arguments: [true, false])
  func `cancelling the task aborts the request and closes the connection`(isSilent: Bool) async throws {
    try await withServer({ _ in .init(body: "half", stallsInBody: true, isSilent: isSilent) }) {
      (server) async throws in
      try await withClient { (client) async throws in
        let url = server.address
        let task = Task { await refusal(client, url) }
        await server.requestArrived()
        task.cancel()
        #expect(await task.value == .cancelled)
        await server.connectionClosed()
      }
    }
  }

  @Test func `a peer that hangs up or is not there is told apart`() async throws {
    try await withServer({ _ in .init(hangsUp: true) }) { (server) async throws in
      try await withClient { (client) async throws in
        #expect(await refusal(client, server.address) == .brokenResponse(host: "127.0.0.1"))
        // Nobody listens on port 1; a port that was just given back may already be another test's.
        guard case .connectFailed = await refusal(client, "http://127.0.0.1:1/") else {
          Issue.record("expected a refused connection")
          return
        }
      }
    }
  }

  @Test func `speaking TLS to a plain server is a clear error`() async throws {
    try await withServer({ _ in .init() }) { (server) async throws in
      try await withClient { (client) async throws in
        let error = await refusal(client, "https://127.0.0.1:\(server.port)/")
        #expect(error == .tlsFailed(host: "127.0.0.1") || error == .brokenResponse(host: "127.0.0.1"))
      }
    }
  }

  @Test func `more requests than allowed at once are refused`() async throws {
    try await withServer({ _ in .init(isSilent: true) }) { (server) async throws in
      try await withClient(change: { $0.maximumConcurrent = 1 }) { (client) async throws in
        let url = server.address
        let first = Task { await refusal(client, url) }
        await server.requestArrived()
        #expect(await refusal(client, url) == .overloaded)
        first.cancel()
        #expect(await first.value == .cancelled)
      }
    }
  }

  @Test func `after the shutdown requests are refused`() async throws {
    let client = OutboundClient(
      configuration: OutboundConfiguration(policy: .init(allowsPrivateAddresses: true)))
    await client.shutdown()
    #expect(await refusal(client, "http://127.0.0.1:1/") == .closed)
  }

  @Test func `the number of kept hosts is bounded`() async throws {
    try await withServer({ _ in .init(body: "ok") }) { (server) async throws in
      let resolver = FixedResolver { _, _ in [.v4(127, 0, 0, 1)] }
      try await withClient(resolver: resolver, change: { $0.maximumHosts = 2 }) { (client) async throws in
        for number in 0..<6 {
          _ = try await client.send(OutboundRequest(url: "http://host\(number).test:\(server.port)/"))
        }
        #expect(server.received.count == 6)
      }
    }
  }
}

@Suite struct OutboundRedirectTests {
  /// Answers redirects by path: `/301?to=…`.
  static func redirecting(_ received: LocalServer.Received) -> LocalServer.Answer {
    let path = received.uri.dropFirst()
    guard let status = Int(path.prefix(3)), (300..<400).contains(status),
      let to = path.split(separator: "=").last
    else {
      return .init(body: received.method + " " + received.body)
    }
    return .init(status: status, headers: [("Location", String(to))])
  }

  @Test(arguments: [(301, "GET "), (302, "GET "), (303, "GET "), (307, "POST data"), (308, "POST data")])
  func `the method and body change as RFC 9110 says`(status: Int, expected: String) async throws {
    try await withServer(Self.redirecting) { (server) async throws in
      try await withClient { (client) async throws in
        let response = try await client.send(
          OutboundRequest(
            method: "POST", url: server.address + "/\(status)?to=/end", body: [UInt8]("data".utf8)))
        #expect(String(decoding: response.body, as: UTF8.self) == expected)
        #expect(response.redirects == 1 && response.url == server.address + "/end")
      }
    }
  }

  @Test func `the number of redirects is bounded, and 0 returns the redirect itself`() async throws {
    try await withServer({ _ in .init(status: 302, headers: [("location", "/again")]) }) {
      (server) async throws in
      try await withClient { (client) async throws in
        #expect(await refusal(client, server.address) == .tooManyRedirects(limit: 3))
        #expect(server.received.count == 4)
        var request = OutboundRequest(url: server.address)
        request.followRedirects = 0
        #expect(try await client.send(request).status == 302)
      }
    }
  }

  @Test func `secrets stay at their origin`() async throws {
    try await withServer({ _ in .init(body: "end") }) { (other) async throws in
      let target = "http://other.test:\(other.port)/"
      try await withServer({ received in
        .init(status: 307, headers: [("location", received.uri == "/" ? "/near" : target)])
      }) { (server) async throws in
        let resolver = FixedResolver { _, _ in [.v4(127, 0, 0, 1)] }
        try await withClient(resolver: resolver) { (client) async throws in
          let headers = [
            OutboundHeader("Authorization", "Bearer s"), OutboundHeader("X-Api-Key", "s"),
            OutboundHeader("Cookie", "s"),
            OutboundHeader("Accept", "text/plain"),
          ]
          _ = try await client.send(OutboundRequest(url: "http://one.test:\(server.port)/", headers: headers))
          #expect(server.received.last?.header("authorization") == "Bearer s")
          let received = try #require(other.received.first)
          #expect(received.header("accept") == "text/plain")
          for name in ["authorization", "x-api-key", "cookie"] { #expect(received.header(name) == nil) }
        }
      }
    }
  }

  @Test(arguments: [
    "http://10.0.0.1/", "http://localhost/", "//127.0.0.1/", "http://0x7f.1/", "http://[::1]/",
    "http://metadata.test/",
  ])
  func `a redirect to a private address is refused`(target: String) async throws {
    try await withServer({ _ in .init(status: 302, headers: [("location", target)]) }) {
      (server) async throws in
      let resolver = FixedResolver { host, _ in
        switch host {
        case "start.test": [.v4(127, 0, 0, 1)]
        case "localhost": [.v4(127, 0, 0, 1)]
        default: [.v4(169, 254, 169, 254)]
        }
      }
      try await withClient(
        private: false, resolver: resolver, change: { $0.policy.allowedHosts = ["start.test"] }
      ) {
        (client) async throws in
        guard case .forbiddenAddress = await refusal(client, "http://start.test:\(server.port)/") else {
          Issue.record("was followed")
          return
        }
        #expect(server.received.count == 1)
      }
    }
  }

  @Test func `a redirect to another scheme or to nonsense is refused`() async throws {
    for target in [
      "ftp://x.test/", "file:///etc/passwd", "javascript:alert(1)", "http://user:pw@x.test/", "http://",
    ] {
      try await withServer({ _ in .init(status: 302, headers: [("location", target)]) }) {
        (server) async throws in
        try await withClient { (client) async throws in
          guard case .invalidURL = await refusal(client, server.address) else {
            Issue.record("\(target) was followed")
            return
          }
        }
      }
    }
  }

  @Test func `https is never left for http`() throws {
    let hop = try Hop(OutboundRequest(url: "https://a.test/"), OutboundConfiguration())
    #expect(throws: OutboundError.redirectRefused(reason: "it leads from https to http")) {
      try hop.redirected(status: 302, to: "http://a.test/")
    }
    #expect(try hop.redirected(status: 302, to: "https://b.test/").url.text == "https://b.test/")
  }
}
