/// An http or https URL in canonical form. It is parsed here and written anew from its parts, so that the
/// guard and the HTTP client can never read the same text differently.
struct OutboundURL: Sendable, Equatable {
  enum Host: Sendable, Equatable {
    /// Lower case, letters, digits, `-`, `_` and dots.
    case name(String)
    case address(IPAddress)
  }

  /// Longest URL, in bytes.
  static let maximumBytes = 8192

  let isSecure: Bool
  let host: Host
  let port: Int
  /// Path and query, percent-encoded, beginning with `/`.
  let target: String

  /// Parses an absolute URL. The reasons name no part that could hold a secret.
  init(_ text: String) throws(OutboundError) {
    guard text.utf8.count <= Self.maximumBytes else {
      throw .invalidURL(reason: "it is longer than 8192 bytes")
    }
    guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }) else {
      throw .invalidURL(reason: "it contains white space, a control character or a backslash")
    }
    let lowered = text.prefix(8).lowercased()
    if lowered.hasPrefix("https://") {
      isSecure = true
    } else if lowered.hasPrefix("http://") {
      isSecure = false
    } else {
      throw .invalidURL(reason: "it must begin with http:// or https://")
    }
    let rest = text.dropFirst(isSecure ? 8 : 7)
    let authorityEnd = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
    (host, port) = try Self.authority(rest[..<authorityEnd], defaultPort: isSecure ? 443 : 80)
    target = Self.target(rest[authorityEnd...])
  }

  private init(_ base: OutboundURL, target: String) {
    isSecure = base.isSecure
    host = base.host
    port = base.port
    self.target = target
  }

  /// The canonical text.
  var text: String {
    let defaultPort = isSecure ? 443 : 80
    return (isSecure ? "https://" : "http://") + hostText + (port == defaultPort ? "" : ":\(port)") + target
  }

  /// The host as it stands in the URL.
  var hostText: String {
    switch host {
    case .name(let name): name
    case .address(let address): address.urlHost
    }
  }

  /// Whether both have the same scheme, host and port (RFC 6454).
  func hasSameOrigin(as other: OutboundURL) -> Bool {
    isSecure == other.isSecure && host == other.host && port == other.port
  }

  /// The URL that a `Location` header means from here (RFC 3986 § 5.2).
  func resolving(_ reference: String) throws(OutboundError) -> OutboundURL {
    let lowered = reference.prefix(8).lowercased()
    if lowered.hasPrefix("http://") || lowered.hasPrefix("https://") { return try OutboundURL(reference) }
    if reference.hasPrefix("//") { return try OutboundURL((isSecure ? "https:" : "http:") + reference) }
    let firstSegment = reference.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !firstSegment.contains(":") else { throw .invalidURL(reason: "a redirect leads to another scheme") }
    let path = target.prefix { $0 != "?" }
    let origin = (isSecure ? "https://" : "http://") + hostText + ":\(port)"
    if reference.hasPrefix("/") { return try OutboundURL(origin + reference) }
    if reference.hasPrefix("?") { return try OutboundURL(origin + path + reference) }
    if reference.isEmpty || reference.hasPrefix("#") { return OutboundURL(self, target: target) }
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
    return try OutboundURL(origin + folder + reference)
  }
}

extension OutboundURL {
  private static func authority(
    _ text: Substring, defaultPort: Int
  ) throws(OutboundError) -> (Host, Int) {
    guard !text.contains("@") else {
      throw .invalidURL(reason: "it contains a user name or password; use a header")
    }
    var hostText = text
    var portText: Substring = ""
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else {
        throw .invalidURL(reason: "its IPv6 address is not closed")
      }
      hostText = text[...end]
      let rest = text[text.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { throw .invalidURL(reason: "its host is malformed") }
      portText = rest.dropFirst()
    } else if let colon = text.firstIndex(of: ":") {
      hostText = text[..<colon]
      portText = text[text.index(after: colon)...]
    }
    return (try host(hostText), try port(portText, defaultPort: defaultPort))
  }

  private static func port(_ text: Substring, defaultPort: Int) throws(OutboundError) -> Int {
    if text.isEmpty { return defaultPort }
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(text),
      (1...65535).contains(port)
    else { throw .invalidURL(reason: "its port is not a number from 1 to 65535") }
    return port
  }

  private static func host(_ text: Substring) throws(OutboundError) -> Host {
    if text.hasPrefix("[") {
      guard let address = IPAddress(text.dropFirst().dropLast()), case .v6 = address else {
        throw .invalidURL(reason: "its IPv6 address is malformed")
      }
      return .address(address)
    }
    var name = text.lowercased()
    if name.hasSuffix(".") { name.removeLast() }
    guard !name.isEmpty else { throw .invalidURL(reason: "it has no host") }
    guard name.utf8.allSatisfy(isNameByte), name.utf8.count <= 253 else {
      throw .invalidURL(
        reason: "its host has characters other than a-z, 0-9, - and . (write international names as xn--…)")
    }
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    guard labels.allSatisfy({ (1...63).contains($0.utf8.count) }) else {
      throw .invalidURL(reason: "its host is malformed")
    }
    if let last = labels.last, looksNumeric(last) {
      guard let value = looseIPv4(labels) else { throw .invalidURL(reason: "its IPv4 address is malformed") }
      return .address(.v4(value))
    }
    return .name(name)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
      UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// WHATWG URL, "ends in a number": such a host is an IPv4 address or an error, never a name, because the
  /// system's resolver would read it as an address too.
  private static func looksNumeric(_ label: Substring) -> Bool {
    label.utf8.allSatisfy { (0x30...0x39).contains($0) } || number(label) != nil
  }

  /// WHATWG URL, "IPv4 parser": one to four numbers, decimal, octal (0…) or hexadecimal (0x…); the last fills
  /// the rest.
  private static func looseIPv4(_ labels: [Substring]) -> UInt32? {
    let numbers = labels.compactMap(number)
    guard numbers.count == labels.count, (1...4).contains(numbers.count), let last = numbers.last else {
      return nil
    }
    guard numbers.dropLast().allSatisfy({ $0 <= 255 }) else { return nil }
    let restBits = UInt64(8 * (5 - numbers.count))
    guard last < 1 << restBits else { return nil }
    var value = last
    for (index, number) in numbers.dropLast().enumerated() { value |= number << UInt64(24 - 8 * index) }
    return UInt32(exactly: value)
  }

  private static func number(_ label: Substring) -> UInt64? {
    if label.hasPrefix("0x") { return label.count == 2 ? 0 : digits(label.dropFirst(2), radix: 16) }
    if label.hasPrefix("0") && label.count > 1 { return digits(label.dropFirst(), radix: 8) }
    return digits(label, radix: 10)
  }

  /// Without the sign that `UInt64.init` would accept.
  private static func digits(_ text: Substring, radix: Int) -> UInt64? {
    guard let first = text.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else {
      return nil
    }
    return UInt64(text, radix: radix)
  }

  /// Path and query without the fragment; what may not stand there is percent-encoded, `%` is left as it is.
  private static func target(_ text: Substring) -> String {
    let text = text.prefix { $0 != "#" }
    let path = text.hasPrefix("/") ? String(text) : "/" + text
    var output: [UInt8] = []
    for byte in path.utf8 {
      if byte < 0x80, !"\"<>[]^`{|}".utf8.contains(byte) {
        output.append(byte)
      } else {
        output += [UInt8(ascii: "%"), hexadecimal(byte >> 4), hexadecimal(byte & 15)]
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? digit + UInt8(ascii: "0") : digit - 10 + UInt8(ascii: "A")
  }
}
