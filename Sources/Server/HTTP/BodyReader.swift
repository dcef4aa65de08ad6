import Compression
import GraphQLEngine
import HTTPTypes
import Hummingbird
import NIOCore

/// Reads a request's body as JSON, as it is or compressed, within its bounds.
struct BodyReader: Sendable {
  /// The most bytes of a body, as it arrives and decompressed.
  let maximumBytes: Int

  func json(_ request: Request) async throws(RequestRefusal) -> InputValue {
    guard BodyReader.isJSON(request.headers.text(.contentType)) else {
      throw RequestRefusal(.mediaType, "Content-Type must be application/json.")
    }
    let isCompressed = try BodyReader.isCompressed(request.headers.text(.contentEncoding))
    var bytes = [UInt8](try await collect(request).readableBytesView)
    if isCompressed { bytes = try decompressed(bytes) }
    do {
      return try JSONReader.read(bytes)
    } catch {
      throw RequestRefusal(
        .unreadable, "The body is not JSON: \(error.message) (byte \(error.offset)).")
    }
  }

  private func collect(_ request: Request) async throws(RequestRefusal) -> ByteBuffer {
    // Told at once to a client that says how much it will send.
    let announced = request.headers.text(.contentLength).flatMap { Int($0) } ?? 0
    guard announced <= maximumBytes else { throw tooLarge }
    do {
      return try await request.body.collect(upTo: maximumBytes)
    } catch is NIOTooManyBytesError {
      throw tooLarge
    } catch {
      throw RequestRefusal(.unreadable, "The body did not arrive.").with(.connection, "close")
    }
  }

  private func decompressed(_ bytes: [UInt8]) throws(RequestRefusal) -> [UInt8] {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(Gzip.Fault) in try Gzip.decompress(buffer, limit: maximumBytes) }
    }
    switch result {
    case .success(let bytes): return bytes
    case .failure(.tooLarge):
      throw RequestRefusal(.tooLarge, "A request may have \(maximumBytes) bytes at most, decompressed.")
    case .failure(.corrupt): throw RequestRefusal(.unreadable, "The body is not gzip or deflate.")
    }
  }

  /// Whether a body has one encoding that can be undone (RFC 9110 § 8.4).
  private static func isCompressed(_ encoding: String?) throws(RequestRefusal) -> Bool {
    guard let encoding else { return false }
    switch encoding.lowercased().filter({ !$0.isWhitespace }) {
    case "", "identity": return false
    case "gzip", "x-gzip", "deflate": return true
    default:
      // RFC 9110 § 15.5.16: the answer names those that would do.
      throw RequestRefusal(.mediaType, "Content-Encoding must be gzip or deflate.")
        .with(.acceptEncoding, "gzip, deflate")
    }
  }

  /// What is left of the body is not read, so the connection cannot be used again.
  private var tooLarge: RequestRefusal {
    RequestRefusal(.tooLarge, "A request may have \(maximumBytes) bytes at most.").with(.connection, "close")
  }

  private static func isJSON(_ contentType: String?) -> Bool {
    guard let contentType else { return false }
    if contentType == "application/json" { return true }
    let parts = contentType.lowercased().split(separator: ";").map { $0.filter { !$0.isWhitespace } }
    guard let type = parts.first, type == "application/json" || type == "application/graphql-response+json"
    else { return false }
    let charsets = parts.dropFirst().filter { $0.hasPrefix("charset=") }
    return charsets.allSatisfy { ["utf-8", "\"utf-8\"", "utf8"].contains($0.dropFirst(8)) }
  }
}
