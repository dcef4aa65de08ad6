import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Bounds of outgoing HTTP.
public struct OutboundConfiguration: Sendable {
  public var policy = AddressPolicy()
  /// For one TCP connection with its TLS handshake.
  public var connectTimeout: TimeAmount = .seconds(10)
  /// Longest time that a request may ask for.
  public var maximumTimeout: Duration = .seconds(300)
  public var maximumRequestBytes = 10 << 20
  /// Largest response body that a request may ask for.
  public var maximumResponseBytes = 10 << 20
  /// All response header fields together.
  public var maximumHeaderBytes = 64 << 10
  /// Redirects that a request may ask for at most.
  public var maximumRedirects = 10
  /// A compressed response may grow to this.
  public var maximumDecompressedBytes = 16 << 20
  /// Requests under way at the same time; further ones fail with `.overloaded`.
  public var maximumConcurrent = 1024
  public var connectionsPerHost = 32
  /// Hosts whose connections are kept.
  public var maximumHosts = 256
  public var userAgent = "Studio"

  public init(policy: AddressPolicy = AddressPolicy()) { self.policy = policy }
}

/// HTTP to the world: guarded addresses, bounds on everything, redirects checked hop by hop. Share one
/// instance; any thread; call `shutdown` at the end.
public final class OutboundClient: Sendable {
  private let configuration: OutboundConfiguration
  private let resolver: any AddressResolver
  private let clients: ClientCache
  private let underWay = Atomic<Int>(0)

  public init(
    configuration: OutboundConfiguration = OutboundConfiguration(),
    eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
    resolver: any AddressResolver = SystemResolver()
  ) {
    self.configuration = configuration
    self.resolver = resolver
    clients = ClientCache(configuration: configuration, group: eventLoopGroup)
  }

  /// Sends `request` and reads the whole response, of whatever status. Cancelling the task aborts the
  /// request.
  public func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
    defer { underWay.subtract(1, ordering: .relaxed) }
    guard underWay.add(1, ordering: .relaxed).newValue <= configuration.maximumConcurrent else {
      throw .overloaded
    }
    let start = NIODeadline.now()
    let hop = try Hop(request, configuration)
    let timeout = min(max(request.timeout, .milliseconds(1)), configuration.maximumTimeout)
    let result = await withTaskGroup(
      of: Result<OutboundResponse, OutboundError>?.self,
      returning: Result<OutboundResponse, OutboundError>.self
    ) { group in
      group.addTask { await self.follow(hop, request, since: start) }
      group.addTask {
        do { try await Task.sleep(for: timeout) } catch { return nil }
        return .failure(.timedOut)
      }
      var first: Result<OutboundResponse, OutboundError>?
      while first == nil, let finished = await group.next() { first = finished }
      group.cancelAll()
      return first ?? .failure(.cancelled)
    }
    return try result.get()
  }

  /// Why a URL can never be requested, whatever its host's addresses are; nil when it is well-formed.
  public static func problem(withURL url: String) -> OutboundError? {
    do throws(OutboundError) {
      _ = try OutboundURL(url)
      return nil
    } catch { return error }
  }

  /// The addresses of a host, if every one of them is allowed: for connections of other protocols, to be
  /// made to these and to nothing else.
  public func checkedAddresses(ofHost host: String) async throws(OutboundError) -> [IPAddress] {
    try await checkedAddresses(of: try OutboundURL("https://\(host.contains(":") ? "[\(host)]" : host)/"))
  }

  /// Closes all connections; requests under way fail.
  public func shutdown() async {
    await clients.shutdown()
    await resolver.shutdown()
  }

  /// Sends hop after hop until a response is no redirect.
  private func follow(
    _ first: Hop, _ request: OutboundRequest, since start: NIODeadline
  ) async -> Result<OutboundResponse, OutboundError> {
    var hop = first
    let limit = min(max(0, request.followRedirects), configuration.maximumRedirects)
    for count in 0...limit {
      do throws(OutboundError) {
        let reading = Reading(
          maximumBytes: min(max(0, request.maximumResponseBytes), configuration.maximumResponseBytes),
          cutsLongBody: request.cutsLongBody, maximumHeaderBytes: configuration.maximumHeaderBytes,
          followsRedirects: limit > 0)
        switch try await exchange(hop, reading) {
        case .redirect(let status, let location):
          hop = try hop.redirected(status: status, to: location)
        case .response(let status, let headers, let body):
          let duration = Int((NIODeadline.now() - start).nanoseconds / 1_000_000)
          return .success(
            OutboundResponse(
              status: status, headers: headers, body: body, durationMilliseconds: duration, url: hop.url.text,
              redirects: count))
        }
      } catch { return .failure(error) }
    }
    return .failure(.tooManyRedirects(limit: limit))
  }

  /// One request to the first checked address that accepts a connection.
  private func exchange(_ hop: Hop, _ reading: Reading) async throws(OutboundError) -> Reading.Outcome {
    let addresses = try await checkedAddresses(of: hop.url)
    var lastError = OutboundError.nameNotFound(host: hop.url.hostText)
    for address in addresses.prefix(3) {
      let key =
        switch hop.url.host {
        case .name(let name): ClientCache.Key(name: name, address: address)
        case .address: ClientCache.Key(name: nil, address: address)
        }
      let result = await clients.withClient(key) { client in await reading.run(hop, on: client) }
      switch result {
      case .success(let outcome): return outcome
      case .failure(let error):
        // Nothing was sent yet, so the next address may be tried.
        guard case .connectFailed = error else { throw error }
        lastError = error
      }
    }
    throw lastError
  }

  /// The host's addresses, if every one of them is allowed: a name with one forbidden address is an attack or
  /// a mistake.
  private func checkedAddresses(of url: OutboundURL) async throws(OutboundError) -> [IPAddress] {
    let addresses: [IPAddress]
    switch url.host {
    case .address(let address): addresses = [address]
    case .name(let name):
      addresses = try await resolver.addresses(of: name)
      if configuration.policy.allowedHosts.contains(name) { return addresses }
    }
    for address in addresses {
      if let reason = configuration.policy.refusal(of: address) {
        throw .forbiddenAddress(host: url.hostText, reason: reason)
      }
    }
    return addresses
  }
}
