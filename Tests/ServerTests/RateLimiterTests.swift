import Flows
import NIOCore
import Outbound
import Resolvers
import Testing

@testable import Server

@Suite("Rate limits")
struct RateLimiterTests {
  private static let start = ContinuousClock.now

  private func limiter(_ isEnabled: Bool = true) -> RateLimiter {
    RateLimiter(
      .init(
        isEnabled: isEnabled, address: .init(name: "address", limit: 10, window: .seconds(60)),
        user: .init(name: "user", limit: 3, window: .seconds(100)),
        apiKey: .init(name: "api-key", limit: 5, window: .seconds(3600))), start: Self.start)
  }

  private func at(_ seconds: Double) -> ContinuousClock.Instant {
    Self.start + .milliseconds(Int(seconds * 1000))
  }

  private static let home = RateLimiter.Subject.address(.v4(203, 0, 113, 1))

  @Test func `what is left is told, and when the window ends`() async {
    let verdict = await limiter().take(Self.home, count: 4, now: at(15))
    #expect(verdict?.remaining == 6)
    #expect(verdict?.resetSeconds == 45)
    #expect(verdict?.retrySeconds == nil)
  }

  @Test func `no moment lets twice the limit through`() async {
    let limiter = limiter()
    #expect(await limiter.take(Self.home, count: 10, now: at(59))?.retrySeconds == nil)
    #expect(await limiter.take(Self.home, count: 1, now: at(59.5))?.retrySeconds != nil)
    // A new window has begun, and all of the last one still counts.
    #expect(await limiter.take(Self.home, count: 1, now: at(60))?.retrySeconds == 6)
    #expect(await limiter.take(Self.home, count: 1, now: at(66))?.retrySeconds == nil)
    #expect(await limiter.take(Self.home, count: 5, now: at(90))?.retrySeconds != nil)
    #expect(await limiter.take(Self.home, count: 4, now: at(90))?.retrySeconds == nil)
  }

  @Test(arguments: [0.0, 10, 29, 59.9, 60, 61, 90])
  func `who waits as long as told may go on`(seconds: Double) async throws {
    for count in [1, 3, 10] {
      let limiter = limiter()
      _ = await limiter.take(Self.home, count: 10, now: at(seconds))
      let wait = try #require(await limiter.take(Self.home, count: count, now: at(seconds))?.retrySeconds)
      #expect(wait <= 121)
      #expect(
        await limiter.take(Self.home, count: count, now: at(seconds + Double(wait)))?.retrySeconds == nil)
    }
  }

  @Test func `what was refused is not counted, and more than the limit at once never goes`() async {
    let limiter = limiter()
    for _ in 0..<100 { #expect(await limiter.take(Self.home, count: 11, now: at(1))?.retrySeconds != nil) }
    #expect(await limiter.take(Self.home, count: 10, now: at(1))?.remaining == 0)
  }

  @Test func `old counts are forgotten`() async {
    let limiter = limiter()
    _ = await limiter.take(Self.home, count: 10, now: at(0))
    #expect(await limiter.take(Self.home, count: 10, now: at(120))?.retrySeconds == nil)
  }

  @Test func `each user and each address has a count, IPv6 by its first half`() async throws {
    let limiter = limiter()
    let user = RateLimiter.Subject.user(Identifier(high: 1, low: 1))
    #expect(await limiter.take(user, count: 3, now: at(0))?.remaining == 0)
    #expect(await limiter.take(.user(Identifier(high: 1, low: 2)), count: 1, now: at(0))?.remaining == 2)
    for (address, left) in [("2001:db8::1", 9), ("2001:db8::2", 8), ("2001:db8:0:1::1", 9)] {
      let subject = RateLimiter.Subject.address(try #require(IPAddress(address)))
      #expect(await limiter.take(subject, count: 1, now: at(0))?.remaining == left)
    }
  }

  @Test func `an API key has a count of its own beside its creator's`() async {
    let limiter = limiter()
    let id = Identifier(high: 1, low: 1)
    var viewer = Viewer(userID: id, organizationID: id, role: .viewer)
    #expect(RateLimiter.Subject.of(viewer, nil) == .user(id))
    viewer.apiKey = Viewer.KeyInUse(id: id, scopes: [.read])
    #expect(RateLimiter.Subject.of(viewer, .v4(1, 2, 3, 4)) == .apiKey(id))
    #expect(await limiter.take(.user(id), count: 3, now: at(0))?.remaining == 0)
    let verdict = await limiter.take(.of(viewer, nil), count: 1, now: at(0))
    #expect(verdict?.remaining == 4 && verdict?.preset.name == "api-key" && verdict?.resetSeconds == 3600)
  }

  @Test func `without limits, or without anybody to count, there is no verdict`() async {
    #expect(await limiter(false).take(Self.home, count: 100, now: at(0)) == nil)
    #expect(await limiter().take(nil, count: 100, now: at(0)) == nil)
  }

  @Test func `the number of subjects is bounded`() async {
    let limiter = limiter()
    for low in 0..<UInt64(RateLimiter.maximumSubjects) + 10 {
      _ = await limiter.take(.user(Identifier(high: 0, low: low)), count: 3, now: at(0))
    }
    // The room was made by forgetting all, so this one begins anew.
    #expect(await limiter.take(.user(Identifier(high: 0, low: 0)), count: 3, now: at(0))?.retrySeconds == nil)
  }

  @Test func `a proxy's word counts only when it is trusted`() throws {
    let peer = ClientContext.Peer(try SocketAddress(ipAddress: "10.0.0.1", port: 1)).address
    let trusting = ClientAddresses(trustedProxies: [try #require(AddressRange("10.0.0.0/8"))])
    #expect(ClientAddresses().address(from: peer, forwardedFor: "1.2.3.4") == .v4(10, 0, 0, 1))
    #expect(trusting.address(from: peer, forwardedFor: nil) == .v4(10, 0, 0, 1))
    #expect(trusting.address(from: peer, forwardedFor: "9.9.9.9, 1.2.3.4 ,10.9.9.9") == .v4(1, 2, 3, 4))
    #expect(trusting.address(from: peer, forwardedFor: "1.2.3.4, nonsense") == .v4(10, 0, 0, 1))
    #expect(trusting.address(from: nil, forwardedFor: "1.2.3.4") == nil)
    #expect(ClientAddresses.parse("::ffff:1.2.3.4") == .v4(1, 2, 3, 4))
  }
}
