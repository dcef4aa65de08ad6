import Glibc

/// Why there is no connection, for the log.
struct RedisFault: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }

  /// What the system says of an error number.
  init(_ what: String, errno number: Int32) {
    reason = "\(what): \(String(cString: strerror(number)))"
  }
}

/// A TCP connection that never blocks once it is there. Owned by a link; whoever watches the descriptor stops
/// before `close`.
final class RedisSocket {
  let fileDescriptor: Int32

  /// Begins to connect; it is connected, or has failed, when it can be written to. Looking up the host's name
  /// blocks.
  ///
  /// - Parameter attempt: a host with several addresses is tried at the next one each time.
  init(_ address: RedisAddress, attempt: Int) throws(RedisFault) {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_ADDRCONFIG
    var found: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(address.host, String(address.port), &hints, &found)
    guard status == 0, let found else {
      throw RedisFault("the host is not found: \(String(cString: gai_strerror(status)))")
    }
    defer { freeaddrinfo(found) }
    let places = sequence(first: found) { $0.pointee.ai_next }.map(\.pointee)
    // Servers listen at 127.0.0.1 more often than at ::1.
    let inOrder =
      places.filter { $0.ai_family == AF_INET } + places.filter { $0.ai_family != AF_INET }
    let place = inOrder[attempt % inOrder.count]
    let kind = place.ai_socktype | Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    fileDescriptor = socket(place.ai_family, kind, place.ai_protocol)
    guard fileDescriptor >= 0 else { throw RedisFault("no socket", errno: errno) }
    RedisSocket.set(IPPROTO_TCP, TCP_NODELAY, of: fileDescriptor)
    // A peer that is gone without a word is found out by the system.
    RedisSocket.set(SOL_SOCKET, SO_KEEPALIVE, of: fileDescriptor)
    // connect(2): "The socket is nonblocking and the connection cannot be completed immediately. … select(2)
    // or poll(2) for completion by selecting the socket for writing".
    guard
      Glibc.connect(fileDescriptor, place.ai_addr, place.ai_addrlen) == 0 || errno == EINPROGRESS
    else {
      let number = errno
      close()
      throw RedisFault("it cannot be connected to", errno: number)
    }
  }

  func close() { _ = Glibc.close(fileDescriptor) }

  /// Whether the connection has come about, once the socket can be written to.
  func requireConnected() throws(RedisFault) {
    var number: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(fileDescriptor, SOL_SOCKET, SO_ERROR, &number, &size) == 0, number == 0 else {
      throw RedisFault("it cannot be connected to", errno: number)
    }
  }

  /// Reads what there is, a piece at a time; nil when there is nothing now.
  func read() throws(RedisFault) -> [UInt8]? {
    var status = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: 16_384) { buffer, count in
      status = recv(fileDescriptor, buffer.baseAddress, buffer.count, 0)
      count = max(0, status)
    }
    if status > 0 { return bytes }
    if status == 0 { throw RedisFault("the server has closed the connection") }
    if errno == EAGAIN || errno == EINTR { return nil }
    throw RedisFault("the connection broke", errno: errno)
  }

  /// How much of the bytes was taken; nil when none can be now.
  func write(_ bytes: ArraySlice<UInt8>) throws(RedisFault) -> Int? {
    let count = bytes.withUnsafeBytes {
      Glibc.send(fileDescriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    if count >= 0 { return count }
    if errno == EAGAIN || errno == EINTR { return nil }
    throw RedisFault("the connection broke", errno: errno)
  }

  private static func set(_ level: some BinaryInteger, _ option: Int32, of fileDescriptor: Int32) {
    var one: Int32 = 1
    setsockopt(fileDescriptor, Int32(level), option, &one, socklen_t(MemoryLayout<Int32>.size))
  }
}
