import Testing

@testable import Outbound

@Suite struct AddressGuardTests {
  @Test(arguments: [
    "127.0.0.1", "127.8.9.10", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.1.1",
    "169.254.169.254", "100.64.0.1", "100.100.100.200", "0.0.0.0", "0.1.2.3", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "64:ff9b:1::1", "2002:7f00:1::", "2002:c0a8:101::1", "fc00::1", "fd00:ec2::254", "fd12:3456::1",
    "fe80::1",
    "fec0::1", "ff02::1", "2001:db8::1", "2001::1", "3fff::1", "4000::1", "1::1", "::ffff:169.254.169.254",
  ])
  func `an address that is not public is refused`(text: String) throws {
    let address = try #require(IPAddress(text))
    #expect(AddressPolicy().refusal(of: address) != nil)
  }

  @Test(arguments: [
    "1.1.1.1", "8.8.8.8", "93.184.216.34", "172.15.0.1", "172.32.0.1", "100.63.255.255", "100.128.0.1",
    "169.253.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808",
    "2002:808:808::1",
  ])
  func `a public address is allowed`(text: String) throws {
    let address = try #require(IPAddress(text))
    #expect(AddressPolicy().refusal(of: address) == nil)
  }

  @Test func `private addresses can be opened, metadata and multicast stay closed`() throws {
    let open = AddressPolicy(allowsPrivateAddresses: true)
    for text in ["127.0.0.1", "10.0.0.1", "::1", "fd00::1", "fe80::1", "::ffff:192.168.0.1", "100.64.0.1"] {
      #expect(open.refusal(of: try #require(IPAddress(text))) == nil, "\(text)")
    }
    for text in [
      "169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254", "224.0.0.1", "0.0.0.0", "ff02::1",
      "169.254.170.2", "169.254.170.23", "fd00:ec2::23", "168.63.129.16", "fd20:ce::254", "169.254.0.23",
      "fd00:c1::a9fe:a9fe", "169.254.42.42", "fd00:42::42", "64:ff9b::a83f:8110",
    ] {
      #expect(open.refusal(of: try #require(IPAddress(text))) != nil, "\(text)")
    }
    #expect(AddressPolicy().refusal(of: .v4(168, 63, 129, 16)) == "a cloud metadata service")
  }

  @Test func `a listed range is allowed and its neighbours are not`() throws {
    let range = try #require(AddressRange("10.20.0.0/16"))
    let policy = AddressPolicy(allowedRanges: [range, try #require(AddressRange("fd12::/16"))])
    #expect(policy.refusal(of: .v4(10, 20, 255, 1)) == nil)
    #expect(policy.refusal(of: .v4(10, 21, 0, 1)) != nil)
    #expect(policy.refusal(of: try #require(IPAddress("::ffff:10.20.0.1"))) == nil)
    #expect(policy.refusal(of: try #require(IPAddress("fd12:1::1"))) == nil)
    #expect(policy.refusal(of: try #require(IPAddress("fd13::1"))) != nil)
  }

  @Test(arguments: [
    "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "::/129", "x/8", "10.0.0.0/", "10.0.0.0/8/8", "",
  ])
  func `a malformed range is nil`(text: String) { #expect(AddressRange(text) == nil) }

  @Test func `ranges of every length hold their own addresses only`() throws {
    #expect(try #require(AddressRange("0.0.0.0/0")).contains(.v4(9, 9, 9, 9)))
    #expect(try #require(AddressRange("::/0")).contains(.v6(high: .max, low: 0)))
    #expect(try !#require(AddressRange("::/0")).contains(.v4(9, 9, 9, 9)))
    let single = try #require(AddressRange("2001:db8::7"))
    #expect(single.prefixLength == 128 && single.description == "2001:db8:0:0:0:0:0:7/128")
    #expect(single.contains(.v6(high: 0x2001_0DB8_0000_0000, low: 7)))
    #expect(!single.contains(.v6(high: 0x2001_0DB8_0000_0000, low: 6)))
  }

  @Test(arguments: [
    "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.-4", "1.2.3.4 ", ":::", "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "::1::", "12345::", "fe80::1%eth0", "::1.2.3", "+1::", "1:2:3:4:5:6:7:8::",
  ])
  func `a malformed address is nil`(text: String) { #expect(IPAddress(text) == nil) }

  @Test(arguments: [
    "http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://0x7f.1/", "http://0x7f000001/",
    "http://0177.0.0.1/", "http://127.1/", "http://127.0.0.1./", "http://[::ffff:127.0.0.1]/",
    "http://[::1]/",
    "http://[::127.0.0.1]/", "http://0/", "http://0x/", "http://00000177.1/", "https://127.0.0.1/",
    "http://169.254.169.254/latest",
    "http://0xA9FEA9FE/", "http://LOCALHOST/", "http://[fd00:ec2::254]/", "http://10.0.0.1:8080/",
    "http://0.0.0.0/",
  ])
  func `every spelling of a private address is refused`(url: String) async throws {
    try await withClient(private: false) { (client) async throws in
      guard case .forbiddenAddress(_, let reason) = await refusal(client, url) else {
        Issue.record("was allowed")
        return
      }
      #expect(!reason.isEmpty)
    }
  }

  @Test func `a name with one private address among public ones is refused`() async throws {
    let resolver = FixedResolver { _, _ in [.v4(93, 184, 216, 34), .v4(10, 0, 0, 1)] }
    try await withClient(private: false, resolver: resolver) { (client) async throws in
      #expect(
        await refusal(client, "http://mixed.test/")
          == .forbiddenAddress(host: "mixed.test", reason: "a private address"))
    }
  }

  @Test func `a name that turns private between two requests is refused the second time`() async throws {
    try await withServer({ _ in .init(body: "ok") }) { (server) async throws in
      let resolver = FixedResolver { _, count in count == 0 ? [.v4(127, 0, 0, 1)] : [.v4(127, 0, 0, 2)] }
      let range = try #require(AddressRange("127.0.0.1"))
      try await withClient(private: false, resolver: resolver, change: { $0.policy.allowedRanges = [range] })
      {
        (client) async throws in
        let url = "http://rebind.test:\(server.port)/"
        #expect(try await client.send(OutboundRequest(url: url)).status == 200)
        #expect(
          await refusal(client, url) == .forbiddenAddress(host: "rebind.test", reason: "a loopback address"))
      }
    }
  }

  @Test func `a name without an address is told apart`() async throws {
    try await withClient { (client) async throws in
      #expect(
        await refusal(client, "http://does-not-exist.invalid/")
          == .nameNotFound(host: "does-not-exist.invalid"))
    }
  }

  @Test func `the system's resolver finds localhost, remembers it, and refuses after the shutdown`()
    async throws
  {
    let resolver = SystemResolver()
    let first = try await resolver.addresses(of: "localhost")
    #expect(first.contains(.v4(127, 0, 0, 1)) || first.contains(.v6(high: 0, low: 1)))
    #expect(try await resolver.addresses(of: "localhost") == first)
    await resolver.shutdown()
    await #expect(throws: OutboundError.self) { try await resolver.addresses(of: "other.invalid") }
  }
}

@Suite struct OutboundURLTests {
  @Test(arguments: [
    ("HTTP://Example.COM", "http://example.com/"),
    ("https://example.com:443/a?b=c#d", "https://example.com/a?b=c"),
    ("http://example.com:8080?q", "http://example.com:8080/?q"),
    ("http://example.com./x", "http://example.com/x"),
    ("http://1.2.3.4:80/", "http://1.2.3.4/"), ("http://0x01020304/", "http://1.2.3.4/"),
    ("http://[2001:DB8::1]:81/", "http://[2001:db8:0:0:0:0:0:1]:81/"),
    ("http://a_b.test/ü|", "http://a_b.test/%C3%BC%7C"),
    ("http://x.test/a%20b?[1]", "http://x.test/a%20b?%5B1%5D"), ("http://1.example/", "http://1.example/"),
  ])
  func `a URL is written in canonical form`(text: String, expected: String) throws {
    #expect(try OutboundURL(text).text == expected)
  }

  @Test(arguments: [
    "", "example.com", "ftp://example.com/", "http:/example.com", "http://", "http:///path",
    "http://user@example.com/",
    "http://user:pw@example.com/", "http://exa mple.com/", "http://example.com/a b",
    "http://example.com\\@evil.test/",
    "http://example.com:0/", "http://example.com:65536/", "http://example.com:8a/", "http://example.com:+80/",
    "http://[::1", "http://[::1]x/", "http://[fe80::1%25eth0]/", "http://[1.2.3.4]/", "http://ex%61mple.com/",
    "http://bücher.example/", "http://a..b/", "http://.a/", "http://256.256.256.256/", "http://1.2.3.4.5/",
    "http://example.com/\r\nHost: evil", "http://99999999999/", "http://1.2.3.0xfff/", "http://127.0.0.1.08/",
    "http://ⅼocalhost/", "http://１２７.0.0.1/",
  ])
  func `a URL that is not clear is refused`(text: String) {
    #expect(throws: OutboundError.self) { try OutboundURL(text) }
  }

  @Test(arguments: [
    ("/x", "http://a.test:81/x"), ("x", "http://a.test:81/p/x"), ("?y", "http://a.test:81/p/q?y"),
    ("//b.test/z", "http://b.test/z"), ("https://c.test", "https://c.test/"),
    ("#f", "http://a.test:81/p/q?r"),
    ("", "http://a.test:81/p/q?r"),
  ])
  func `a reference is resolved against its base`(reference: String, expected: String) throws {
    #expect(try OutboundURL("http://a.test:81/p/q?r").resolving(reference).text == expected)
  }

  @Test func `too long a URL is refused`() {
    #expect(throws: OutboundError.self) {
      try OutboundURL("http://a.test/" + String(repeating: "x", count: 9000))
    }
  }
}

@Suite struct OutboundRequestTests {
  func check(_ request: OutboundRequest) throws { _ = try Hop(request, OutboundConfiguration()) }

  @Test(arguments: ["", "GE T", "CONNECT", "TRACE", "GET\r\n", "get/1", String(repeating: "A", count: 21)])
  func `a method that is no plain token is refused`(method: String) {
    #expect(throws: OutboundError.invalidMethod) {
      try check(OutboundRequest(method: method, url: "http://a.test/"))
    }
  }

  @Test(arguments: [
    ("X-A", "a\r\nX-B: b"), ("X-A", "a\nb"), ("X-A", "a\0"), ("X A", "a"), ("", "a"), ("X:A", "a"),
    ("Host", "evil.test"),
    ("Transfer-Encoding", "chunked"), ("content-length", "0"), ("Connection", "close"), ("X-Ü", "a"),
    ("X-Long", String(repeating: "a", count: 40_000)),
  ])
  func `a header that could change the message is refused`(name: String, value: String) {
    #expect(throws: OutboundError.self) {
      try check(OutboundRequest(url: "http://a.test/", headers: [OutboundHeader(name, value)]))
    }
  }

  @Test func `too many headers are refused`() {
    let headers = (0..<101).map { OutboundHeader("X-\($0)", "") }
    #expect(throws: OutboundError.self) {
      try check(OutboundRequest(url: "http://a.test/", headers: headers))
    }
  }

  @Test func `every error has a message of its own, without a trace of the URL`() {
    let errors: [OutboundError] = [
      .invalidURL(reason: "r"), .invalidMethod, .invalidHeader(reason: "r"),
      .forbiddenAddress(host: "h", reason: "r"),
      .nameNotFound(host: "h"), .connectFailed(host: "h", reason: "r"), .tlsFailed(host: "h"), .timedOut,
      .requestTooLarge(limitBytes: 1), .responseTooLarge(limitBytes: 1), .responseHeadersTooLarge,
      .tooManyRedirects(limit: 1), .redirectRefused(reason: "r"), .brokenResponse(host: "h"), .overloaded,
      .cancelled,
      .closed,
    ]
    #expect(Set(errors.map(\.description)).count == errors.count)
  }
}
