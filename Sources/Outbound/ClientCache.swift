import AsyncHTTPClient
import NIOCore
import Synchronization

/// HTTP clients by (name, checked address). `HTTPClient.Configuration.dnsOverride` sends the connections for
/// a name to the address that the guard checked, while `Host`, SNI and the certificate stay those of the
/// name; as it belongs to the client, each pair has one. Bounded; idle clients go. Any thread.
final class ClientCache: Sendable {
  struct Key: Hashable, Sendable {
    /// nil for a literal address in the URL.
    let name: String?
    let address: IPAddress
  }

  fileprivate struct Entry {
    let client: HTTPClient
    var users: Int
    var lastUsed: NIODeadline
  }

  fileprivate struct State {
    var entries: [Key: Entry] = [:]
    var isClosed = false
  }

  private let configuration: OutboundConfiguration
  private let group: any EventLoopGroup
  private let state = Mutex(State())

  init(configuration: OutboundConfiguration, group: any EventLoopGroup) {
    self.configuration = configuration
    self.group = group
  }

  /// Runs `body` with the pair's client, which stays open meanwhile.
  func withClient<Value: Sendable>(
    _ key: Key, _ body: (HTTPClient) async -> Result<Value, OutboundError>
  ) async -> Result<Value, OutboundError> {
    let now = NIODeadline.now()
    let (client, evicted) = state.withLock { $0.acquire(key, now, configuration.maximumHosts) { make(key) } }
    for old in evicted { close(old) }
    guard let client else { return .failure(isClosed ? .closed : .overloaded) }
    let result = await body(client)
    state.withLock { state in
      state.entries[key]?.users -= 1
      state.entries[key]?.lastUsed = .now()
    }
    return result
  }

  /// Closes all clients; requests under way fail.
  func shutdown() async {
    let clients = state.withLock { state in
      defer { state.entries = [:] }
      state.isClosed = true
      return state.entries.values.map(\.client)
    }
    for client in clients { try? await client.shutdown() }
  }

  private var isClosed: Bool { state.withLock { $0.isClosed } }

  private func close(_ client: HTTPClient) {
    Task { try? await client.shutdown() }
  }

  private func make(_ key: Key) -> HTTPClient {
    var settings = HTTPClient.Configuration()
    settings.redirectConfiguration = .disallow  // each hop is checked by `OutboundClient`
    settings.httpVersion = .http1Only
    settings.timeout = .init(connect: configuration.connectTimeout)
    settings.connectionPool.retryConnectionEstablishment = false
    settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = configuration.connectionsPerHost
    settings.decompression = .enabled(limit: .size(configuration.maximumDecompressedBytes))
    if let name = key.name { settings.dnsOverride = [name: key.address.description] }
    // The last line of defence, should the client read a name differently than the guard: the connection must
    // lead to the checked address before anything is sent on it.
    let expected = key.address
    settings.http1_1ConnectionDebugInitializer = { channel in
      let found = channel.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
      guard found == expected else { return channel.eventLoop.makeFailedFuture(UncheckedAddress()) }
      return StatusGuard.add(to: channel)
    }
    return HTTPClient(eventLoopGroupProvider: .shared(group), configuration: settings)
  }
}

/// A connection led to another address than the one that was checked.
struct UncheckedAddress: Error {}

extension ClientCache.State {
  /// How long a client without requests stays.
  private static var idleLifetime: TimeAmount { .seconds(90) }

  /// The pair's client with one more user, nil when all places are taken by clients in use; and those to
  /// close.
  fileprivate mutating func acquire(
    _ key: ClientCache.Key, _ now: NIODeadline, _ capacity: Int, make: () -> HTTPClient
  ) -> (HTTPClient?, evicted: [HTTPClient]) {
    guard !isClosed else { return (nil, []) }
    if let entry = entries[key] {
      entries[key]?.users += 1
      return (entry.client, [])
    }
    var evicted = remove { $0.users == 0 && $0.lastUsed + Self.idleLifetime < now }
    if entries.count >= capacity {
      let oldest = entries.filter { $0.value.users == 0 }.min { $0.value.lastUsed < $1.value.lastUsed }
      guard let oldest else { return (nil, evicted) }
      entries[oldest.key] = nil
      evicted.append(oldest.value.client)
    }
    let client = make()
    entries[key] = ClientCache.Entry(client: client, users: 1, lastUsed: now)
    return (client, evicted)
  }

  private mutating func remove(where matches: (ClientCache.Entry) -> Bool) -> [HTTPClient] {
    let found = entries.filter { matches($0.value) }
    for key in found.keys { entries[key] = nil }
    return found.values.map(\.client)
  }
}
