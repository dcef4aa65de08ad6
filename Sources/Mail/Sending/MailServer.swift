/// A server that takes e-mails to be delivered (RFC 6409).
public struct MailServer: Sendable, Equatable {
  public enum Encryption: String, Sendable {
    /// TLS from the first byte (RFC 8314), usually on port 465.
    case tls
    /// TLS before anything of the e-mail is said (RFC 3207); never goes on without it.
    case startTLS = "starttls"
    /// None: for a server on the same machine or in a trusted network.
    case none
  }

  public var host: String
  public var port: Int
  public var encryption: Encryption
  /// With the password; nil sends without authentication.
  public var user: String?
  public var password: String?
  /// A file of certificates in PEM that are trusted instead of the system's.
  public var authorities: String?
  /// How this side names itself in EHLO.
  public var helloName = "localhost"

  /// - Parameter encryption: nil decides by the port: TLS on 465, else STARTTLS.
  public init(host: String, port: Int, encryption: Encryption? = nil) throws(MailError) {
    guard (1...255).contains(host.utf8.count), host.utf8.allSatisfy(Self.isHostByte) else {
      throw .invalid(field: "host", reason: "no host name")
    }
    guard (1...65_535).contains(port) else { throw .invalid(field: "port", reason: "no port number") }
    self.host = host
    self.port = port
    self.encryption = encryption ?? (port == 465 ? .tls : .startTLS)
  }

  private static func isHostByte(_ byte: UInt8) -> Bool {
    byte.isASCIILetterOrDigit || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: ":")
  }

  /// As it stands in a URL.
  var urlHost: String { host.contains(":") ? "[\(host)]" : host }
}
