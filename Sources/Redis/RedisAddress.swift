/// Where a Redis server is: `redis://[[user]:password@]host[:port][/database]`, or `rediss://` for TLS.
public struct RedisAddress: Sendable, Equatable {
  public var host: String
  public var port: Int
  public var user: String?
  /// Never part of a message or a description.
  public var password: String?
  public var database: Int
  /// Whether the connection is encrypted.
  public var usesTLS: Bool

  /// Why a text is no address; says nothing of its password.
  public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
  }

  public init(_ text: String) throws(Fault) {
    guard let scheme = ["redis://", "rediss://"].first(where: text.hasPrefix) else {
      throw Fault(description: "it must begin with redis:// or rediss://.")
    }
    usesTLS = scheme == "rediss://"
    var rest = text.dropFirst(scheme.count)
    if let query = rest.firstIndex(where: { $0 == "?" || $0 == "#" }) { rest = rest[..<query] }
    user = nil
    password = nil
    if let at = rest.lastIndex(of: "@") {
      let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let name = Self.decoded(parts[0]), let secret = Self.decoded(parts[1])
      else {
        throw Fault(description: "before the @ it must have user:password or :password.")
      }
      user = name.isEmpty ? nil : name
      password = secret
      rest = rest[rest.index(after: at)...]
    }
    let path = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let number = path.count == 2 && !path[1].isEmpty ? Int(path[1]) : 0
    guard let number, (0...9_999).contains(number) else {
      throw Fault(description: "the database behind the / must be a number.")
    }
    database = number
    (host, port) = try Self.place(path[0])
  }

  private static func place(_ text: Substring) throws(Fault) -> (String, Int) {
    var host = text
    var port: Int? = 6379
    let colon = text.lastIndex(of: ":")
    if let colon, !text[colon...].contains("]") {
      host = text[..<colon]
      port = Int(text[text.index(after: colon)...])
    }
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    guard let port, (1...65_535).contains(port) else {
      throw Fault(description: "the port must be 1 to 65535.")
    }
    guard !host.isEmpty else { throw Fault(description: "it must name a host.") }
    return (String(host), port)
  }

  /// Undoes percent-encoding (RFC 3986 § 2.1).
  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else {
        return nil
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
