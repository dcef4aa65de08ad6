import GraphQLEngine
import HTTPTypes
import Hummingbird
import NIOCore

/// Reads a request's body as JSON, within its bounds.
struct BodyReader: Sendable {
  /// The most bytes of a body.
  let maximumBytes: Int

  func json(_ request: Request) async throws(RequestRefusal) -> InputValue {
    guard BodyReader.isJSON(request.headers[.contentType]) else {
      throw RequestRefusal(.mediaType, "Content-Type must be application/json.")
    }
    let bytes = [UInt8](try await collect(request).readableBytesView)
    do {
      return try JSONReader.read(bytes)
    } catch {
      throw RequestRefusal(
        .unreadable, "The body is not JSON: \(error.message) (byte \(error.offset)).")
    }
  }

  private func collect(_ request: Request) async throws(RequestRefusal) -> ByteBuffer {
    // Told at once to a client that says how much it will send.
    let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 0
    guard announced <= maximumBytes else { throw tooLarge }
    do {
      return try await request.body.collect(upTo: maximumBytes)
    } catch is NIOTooManyBytesError {
      throw tooLarge
    } catch {
      throw RequestRefusal(.unreadable, "The body did not arrive.").with(.connection, "close")
    }
  }

  /// What is left of the body is not read, so the connection cannot be used again.
  private var tooLarge: RequestRefusal {
    RequestRefusal(.tooLarge, "A request may have \(maximumBytes) bytes at most.").with(.connection, "close")
  }

  private static func isJSON(_ contentType: String?) -> Bool {
    guard let contentType else { return false }
    let parts = contentType.lowercased().split(separator: ";").map { $0.filter { !$0.isWhitespace } }
    guard let type = parts.first, type == "application/json" || type == "application/graphql-response+json"
    else { return false }
    let charsets = parts.dropFirst().filter { $0.hasPrefix("charset=") }
    return charsets.allSatisfy { ["utf-8", "\"utf-8\"", "utf8"].contains($0.dropFirst(8)) }
  }
}
