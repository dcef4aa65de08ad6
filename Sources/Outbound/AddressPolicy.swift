/// Which addresses the studio may connect to. By default only public ones: a flow's author must not reach the
/// machine's own services, the internal network, or a cloud's metadata through the server (SSRF).
public struct AddressPolicy: Sendable {
  /// Allows private, loopback and link-local addresses: for development, and for an installation inside a
  /// trusted network. Metadata services, multicast and unspecified addresses stay refused unless listed.
  public var allowsPrivateAddresses = false
  /// Ranges that are always allowed.
  public var allowedRanges: [AddressRange] = []
  /// Names whose addresses are not checked, in lower case; exact, no wildcards.
  public var allowedHosts: Set<String> = []

  public init(
    allowsPrivateAddresses: Bool = false, allowedRanges: [AddressRange] = [], allowedHosts: Set<String> = []
  ) {
    self.allowsPrivateAddresses = allowsPrivateAddresses
    self.allowedRanges = allowedRanges
    self.allowedHosts = allowedHosts
  }

  /// Why `address` is refused, in words for the flow's author; nil when it is allowed.
  func refusal(of address: IPAddress) -> String? {
    if allowedRanges.contains(where: { $0.contains(address) }) { return nil }
    if let inner = Self.embeddedAddress(in: address) {
      if allowedRanges.contains(where: { $0.contains(inner) }) { return nil }
      return refusal(of: inner)
    }
    guard let range = Self.reserved.first(where: { $0.range.contains(address) }) else {
      // RFC 4291 § 2.4, IANA: only 2000::/3 is global unicast; what is outside is reserved.
      if case .v6(let high, _) = address, high >> 61 != 1 { return "a reserved address" }
      return nil
    }
    return allowsPrivateAddresses && range.isPrivate ? nil : range.name
  }

  /// The IPv4 address that an IPv6 address stands for: mapped (::ffff:0:0/96), compatible (::/96), NAT64
  /// (64:ff9b::/96, RFC 6052) and 6to4 (2002::/16, RFC 3056).
  private static func embeddedAddress(in address: IPAddress) -> IPAddress? {
    guard case .v6(let high, let low) = address else { return nil }
    switch (high, low >> 32) {
    case (0, 0xFFFF): return .v4(UInt32(truncatingIfNeeded: low))
    case (0, 0) where low > 1: return .v4(UInt32(truncatingIfNeeded: low))
    case (0x0064_FF9B_0000_0000, 0): return .v4(UInt32(truncatingIfNeeded: low))
    default: break
    }
    return high >> 48 == 0x2002 ? .v4(UInt32(truncatingIfNeeded: high >> 16)) : nil
  }

  private struct Reserved {
    let range: AddressRange
    let name: String
    /// Whether `allowsPrivateAddresses` opens it.
    let isPrivate: Bool
  }

  /// IANA's special-purpose registries (RFC 6890 and its updates); the first match names the range.
  private static let reserved: [Reserved] = [
    ("169.254.169.254", "a cloud metadata service", false),
    ("fd00:ec2::254", "a cloud metadata service", false),
    ("100.100.100.200", "a cloud metadata service", false),
    // Credentials of containers (Amazon ECS, EKS), and the metadata of other clouds: Azure's wire server,
    // which is a public address, Google by IPv6, Oracle by IPv6, Tencent, Scaleway.
    ("169.254.170.2", "a cloud metadata service", false),
    ("169.254.170.23", "a cloud metadata service", false),
    ("fd00:ec2::23", "a cloud metadata service", false),
    ("168.63.129.16", "a cloud metadata service", false), ("fd20:ce::254", "a cloud metadata service", false),
    ("fd00:c1::a9fe:a9fe", "a cloud metadata service", false),
    ("169.254.0.23", "a cloud metadata service", false), ("169.254.42.42", "a cloud metadata service", false),
    ("fd00:42::42", "a cloud metadata service", false), ("0.0.0.0/8", "an unspecified address", false),
    ("10.0.0.0/8", "a private address", true), ("100.64.0.0/10", "a carrier-grade NAT address", true),
    ("127.0.0.0/8", "a loopback address", true), ("169.254.0.0/16", "a link-local address", true),
    ("172.16.0.0/12", "a private address", true), ("192.0.0.0/24", "a reserved address", false),
    ("192.0.2.0/24", "a documentation address", false), ("192.88.99.0/24", "a reserved address", false),
    ("192.168.0.0/16", "a private address", true), ("198.18.0.0/15", "a benchmarking address", true),
    ("198.51.100.0/24", "a documentation address", false),
    ("203.0.113.0/24", "a documentation address", false),
    ("224.0.0.0/4", "a multicast address", false), ("240.0.0.0/4", "a reserved address", false),
    ("::/128", "an unspecified address", false), ("::1/128", "a loopback address", true),
    ("64:ff9b:1::/48", "a private address", true), ("2001::/23", "a reserved address", false),
    ("2001:db8::/32", "a documentation address", false), ("3fff::/20", "a documentation address", false),
    ("fc00::/7", "a private address", true), ("fe80::/10", "a link-local address", true),
    ("fec0::/10", "a private address", true), ("ff00::/8", "a multicast address", false),
  ].compactMap { text, name, isPrivate in
    AddressRange(text).map { Reserved(range: $0, name: name, isPrivate: isPrivate) }
  }
}
