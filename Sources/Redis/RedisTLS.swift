import COpenSSL

/// How connections to Redis are encrypted: by OpenSSL, from TLS 1.2, with the server's certificate and name
/// checked. Made once; shared by the connections of a client.
///
/// `@unchecked Sendable`: nothing is changed after `init`, and OpenSSL's contexts may then be used by several
/// threads (openssl-threads(7): "can be safely used" for SSL_new on a shared SSL_CTX).
public final class RedisTLS: @unchecked Sendable {
  /// Why the settings cannot be used.
  public struct Fault: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  private let context: OpaquePointer
  private let isVerifying: Bool

  /// - Parameters:
  ///   - authorities: a PEM file with the authorities that are trusted; the system's when it is empty.
  ///   - isVerifying: false accepts any certificate, so that only eavesdroppers are kept out.
  public init(authorities: String = "", isVerifying: Bool = true) throws(Fault) {
    guard let context = SSL_CTX_new(TLS_client_method()) else {
      throw Fault(description: "OpenSSL gives no context.")
    }
    self.context = context
    self.isVerifying = isVerifying
    SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
    guard isVerifying else { return }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
    if authorities.isEmpty {
      SSL_CTX_set_default_verify_paths(context)
    } else if SSL_CTX_load_verify_file(context, authorities) != 1 {
      ERR_clear_error()
      throw Fault(description: "it is no file of certificates (PEM) that can be read.")
    }
  }

  deinit { SSL_CTX_free(context) }

  /// The client's side of a connection to a host.
  func session(with host: String) throws(RedisFault) -> TLSSession {
    guard let ssl = SSL_new(context) else { throw RedisFault("OpenSSL gives no session") }
    let isAddress = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1
    if !isAddress {
      // SSL_set1_host(3): "sets the expected DNS hostname".
      guard SSL_set1_host(ssl, host) == 1 else {
        SSL_free(ssl)
        throw RedisFault("the host's name cannot be checked")
      }
      var name = Array(host.utf8CString)
      SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), &name)
    }
    ERR_clear_error()
    return try TLSSession(ssl)
  }
}

/// The client's side of one encrypted connection, without I/O: bytes of the network in, bytes of the network
/// out, and what they say. Used by its link on the loop's thread.
final class TLSSession {
  private let ssl: OpaquePointer
  /// What has come from the network, and what is to be sent: SSL_set_bio(3) gives both to the session.
  private let received: OpaquePointer
  private let toSend: OpaquePointer
  /// What is said before the handshake is over.
  private var waiting: [UInt8] = []
  private var isOpen = false

  /// Takes the session over.
  fileprivate init(_ ssl: OpaquePointer) throws(RedisFault) {
    self.ssl = ssl
    guard let received = BIO_new(BIO_s_mem()), let toSend = BIO_new(BIO_s_mem()) else {
      SSL_free(ssl)
      throw RedisFault("out of memory")
    }
    self.received = received
    self.toSend = toSend
    SSL_set_bio(ssl, received, toSend)
    SSL_set_connect_state(ssl)
  }

  deinit { SSL_free(ssl) }

  /// Begins the handshake.
  func start() throws(RedisFault) { try shakeHands() }

  /// Says something; it goes out when the handshake is over.
  func say(_ bytes: [UInt8]) throws(RedisFault) {
    guard isOpen else {
      waiting += bytes
      return
    }
    guard !bytes.isEmpty else { return }
    ERR_clear_error()
    // Memory takes everything at once.
    let count = SSL_write(ssl, bytes, Int32(clamping: bytes.count))
    guard count == bytes.count else { throw fault(count) }
  }

  /// Takes what the network has brought, and gives what it says.
  func hear(_ bytes: [UInt8]) throws(RedisFault) -> [UInt8] {
    guard BIO_write(received, bytes, Int32(clamping: bytes.count)) == bytes.count else {
      throw RedisFault("out of memory")
    }
    if !isOpen { try shakeHands() }
    guard isOpen else { return [] }
    var said: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
      ERR_clear_error()
      let count = SSL_read(ssl, &buffer, Int32(buffer.count))
      guard count > 0 else {
        guard SSL_get_error(ssl, count) == SSL_ERROR_WANT_READ else { throw fault(count) }
        return said
      }
      said += buffer[..<Int(count)]
    }
  }

  /// What is to be sent now.
  func takeOutput() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(toSend))
    guard !bytes.isEmpty else { return [] }
    let count = BIO_read(toSend, &bytes, Int32(clamping: bytes.count))
    return Array(bytes.prefix(Int(max(0, count))))
  }

  private func shakeHands() throws(RedisFault) {
    ERR_clear_error()
    let status = SSL_do_handshake(ssl)
    guard status == 1 else {
      guard SSL_get_error(ssl, status) == SSL_ERROR_WANT_READ else { throw fault(status) }
      return
    }
    isOpen = true
    let bytes = waiting
    waiting = []
    try say(bytes)
  }

  private func fault(_ status: Int32) -> RedisFault {
    let verdict = SSL_get_verify_result(ssl)
    guard verdict == X509_V_OK else {
      let reason =
        X509_verify_cert_error_string(verdict).map { String(cString: $0) } ?? "\(verdict)"
      return RedisFault("its certificate is not accepted: \(reason)")
    }
    if SSL_get_error(ssl, status) == SSL_ERROR_ZERO_RETURN {
      return RedisFault("the server has closed the connection")
    }
    let reason = ERR_reason_error_string(ERR_get_error()).map { String(cString: $0) }
    return RedisFault("TLS: \(reason ?? "the connection broke")")
  }
}
