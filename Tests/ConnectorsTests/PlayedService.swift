import Connectors
import Flows
import Foundation
import Glibc
import Synchronization

/// A server on 127.0.0.1 that answers one request after the other as it was told, and keeps what it got.
/// Clients name the whole URL in the request line, as they do with a proxy (RFC 9112 § 3.2.2).
final class PlayedService: Sendable {
  struct Answer: Sendable {
    var status: Int
    var headers: [(String, String)]
    var body: [UInt8]
  }

  struct Request: Sendable {
    var method = ""
    var url = ""
    /// By lower-case name.
    var headers: [String: String] = [:]
    var body: [UInt8] = []
  }

  let port: UInt16
  private let listener: Int32
  private let received = Mutex<[Request]>([])

  var requests: [Request] { received.withLock { $0 } }

  init(_ answers: [Answer]) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listener, pointer, length) == 0 && listen(listener, 16) == 0
          && getsockname(listener, pointer, &length) == 0
      }
    }
    guard isBound else { throw POSIXError(.EADDRINUSE) }
    port = UInt16(bigEndian: address.sin_port)
    self.listener = listener
    Thread.detachNewThread { [self] in
      for answer in answers {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        let request = Wire.readRequest(connection)
        received.withLock { $0.append(request) }
        Wire.write(connection, Wire.text(of: answer))
        close(connection)
      }
    }
  }

  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }
}

/// Sends everything to the played service, whatever host it is for.
struct PlayedTransport: ConnectorTransport {
  let port: UInt16

  func send(_ request: ConnectorRequest) async throws(TransportFailure) -> ConnectorAnswer {
    let result = await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: exchange(request)) }
    }
    guard let result else { throw .notSent("No connection to the service.") }
    return result
  }

  private func exchange(_ request: ConnectorRequest) -> ConnectorAnswer? {
    let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(connection) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = port.bigEndian
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { return nil }
    let body = request.body ?? []
    var head = "\(request.method) \(request.url) HTTP/1.1\r\nContent-Length: \(body.count)\r\n"
    for header in request.headers { head += "\(header.name): \(header.value)\r\n" }
    Wire.write(connection, Array((head + "\r\n").utf8) + body)
    return Wire.readAnswer(connection)
  }
}

/// HTTP/1.1 as far as these tests need it.
private enum Wire {
  static func write(_ socket: Int32, _ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return }
      sent += count
    }
  }

  static func text(of answer: PlayedService.Answer) -> [UInt8] {
    var head = "HTTP/1.1 \(answer.status) Played\r\nContent-Length: \(answer.body.count)\r\n"
    for (name, value) in answer.headers { head += "\(name): \(value)\r\n" }
    return Array((head + "\r\n").utf8) + answer.body
  }

  static func readRequest(_ socket: Int32) -> PlayedService.Request {
    let (start, headers, body) = readMessage(socket)
    let parts = start.split(separator: " ")
    var request = PlayedService.Request()
    if parts.count == 3 { (request.method, request.url) = (String(parts[0]), String(parts[1])) }
    request.headers = Dictionary(
      headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { $0 + ", " + $1 })
    request.body = body
    return request
  }

  static func readAnswer(_ socket: Int32) -> ConnectorAnswer? {
    let (start, headers, body) = readMessage(socket)
    guard let status = start.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
    return ConnectorAnswer(status: status, headers: headers, body: body)
  }

  private static func readMessage(_ socket: Int32) -> (String, [ConnectorHeader], [UInt8]) {
    var bytes: [UInt8] = []
    let divider: [UInt8] = [13, 10, 13, 10]
    while bytes.firstRange(of: divider) == nil, read(socket, &bytes) {}
    guard let end = bytes.firstRange(of: divider) else { return ("", [], []) }
    var lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let start = lines.removeFirst()
    let headers = lines.compactMap { line -> ConnectorHeader? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      return ConnectorHeader(String(line[..<colon]), value)
    }
    let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
    while bytes.count < end.upperBound + length, read(socket, &bytes) {}
    return (start, headers, Array(bytes[end.upperBound...].prefix(length)))
  }

  private static func read(_ socket: Int32, _ bytes: inout [UInt8]) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = recv(socket, &buffer, buffer.count, 0)
    if count > 0 { bytes += buffer[..<count] }
    return count > 0
  }
}
