import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import Server

@Suite("What every response passes")
struct EdgeTests {
  private struct Secret: Error, CustomStringConvertible {
    let description = "SELECT password FROM users"
  }

  /// What becomes of a request whose route throws, and what the log says.
  private func answer(_ error: any Error) async throws -> (response: Hummingbird.Response, log: [String]) {
    let lines = Mutex<[String]>([])
    let logger = Logger(label: "test") { label in
      JSONLogHandler(label: label) { line in lines.withLock { $0.append(line) } }
    }
    let head = HTTPRequest(method: .get, scheme: "http", authority: "t", path: "/x")
    let request = Request(head: head, body: .init(buffer: ByteBuffer()))
    let context = ClientContext(
      source: ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: logger))
    let response = try await Edge(logger: logger).handle(request, context: context) { _, _ in throw error }
    return (response, lines.withLock { $0 })
  }

  private func body(_ response: Hummingbird.Response) async throws -> String {
    let collected = Mutex("")
    try await response.body.write(Collector(text: { part in collected.withLock { $0 += part } }))
    return collected.withLock { $0 }
  }

  private struct Collector: ResponseBodyWriter {
    let text: @Sendable (String) -> Void
    mutating func write(_ buffer: ByteBuffer) async throws { text(String(buffer: buffer)) }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
  }

  @Test func `what went wrong inside is in the log and nowhere else`() async throws {
    let (response, log) = try await answer(Secret())
    #expect(response.status == .internalServerError)
    #expect(
      try await body(response)
        == #"{"type":"/api/docs#INTERNAL","title":"Internal Server Error","status":500,"detail":"Internal error.","code":"INTERNAL"}"#
    )
    #expect(log.count == 1)
    #expect(log.first?.contains("SELECT password") == true)
  }

  @Test func `an error with a status keeps the status alone`() async throws {
    let (response, log) = try await answer(HTTPError(.badRequest, message: "SELECT 1"))
    #expect(response.status == .badRequest)
    #expect(try await body(response).contains("SELECT") == false)
    #expect(response.headers[.contentType] == "application/problem+json")
    #expect(log.isEmpty)
    #expect(response.headers[.xContentTypeOptions] == "nosniff")
  }

  @Test func `a cancelled request is told that the server is not available`() async throws {
    let (response, log) = try await answer(CancellationError())
    #expect(response.status == .serviceUnavailable)
    #expect(log.isEmpty)
  }
}
