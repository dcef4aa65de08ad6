import HTTPTypes
import Hummingbird
import NIOCore
import Outbound

/// What routes know of a request beside the request: the connection's other end.
struct ClientContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// Who the connection comes from: the client, or a proxy.
  let peer: Peer

  /// The other end of a connection.
  struct Peer: Sendable {
    let address: IPAddress?
    let text: String?

    init(_ address: SocketAddress?) {
      self.address = address?.ipAddress.flatMap(ClientAddresses.parse)
      text = self.address?.description
    }
  }

  init(source: Source) {
    coreContext = .init(source: source)
    peer = Peer(source.channel.remoteAddress)
  }
}

/// Finds the client's address, behind proxies that are trusted to tell it.
struct ClientAddresses: Sendable {
  /// The networks of one's own proxies.
  var trustedProxies: [AddressRange] = []

  /// Entries of `X-Forwarded-For` that are looked at, from the last one on.
  static let maximumHops = 20

  /// The peer; if that is a trusted proxy, the last address of `X-Forwarded-For` that is none. What a client
  /// writes there itself stands before what the first proxy adds, so it is never believed.
  ///
  /// - Parameter forwardedFor: the header's value.
  func address(from peer: IPAddress?, forwardedFor: @autoclosure () -> String?) -> IPAddress? {
    guard let address = peer else { return nil }
    guard isTrusted(address), let header = forwardedFor() else { return address }
    var client = address
    for entry in header.split(separator: ",").reversed().prefix(ClientAddresses.maximumHops) {
      guard let hop = ClientAddresses.parse(entry.filter { !$0.isWhitespace }) else { break }
      client = hop
      if !isTrusted(hop) { break }
    }
    return client
  }

  /// The same of a request that came over a connection.
  func address(of request: Request, _ context: ClientContext) -> IPAddress? {
    address(
      from: context.peer.address, forwardedFor: request.headers.text(ClientAddresses.forwardedFor))
  }

  private func isTrusted(_ address: IPAddress) -> Bool { trustedProxies.contains { $0.contains(address) } }

  /// IPv4 in IPv6 (RFC 4291 § 2.5.5.2) is IPv4.
  static func parse(_ text: String) -> IPAddress? {
    guard let address = IPAddress(text) else { return nil }
    guard case .v6(0, let low) = address, low >> 32 == 0xFFFF else { return address }
    return .v4(UInt32(truncatingIfNeeded: low))
  }

  static let forwardedFor = HTTPField.Name("x-forwarded-for") ?? .from
}
