import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// How requests reach the server.
public protocol HTTPTransport: Sendable {
  /// Sends a request and reads the whole answer.
  func send(_ request: URLRequest) async throws -> (Data, HTTPURLResponse)

  /// Sends a request and gives the answer's head, then its body as it arrives, until it ends or fails.
  func stream(_ request: URLRequest) -> AsyncThrowingStream<StreamPart, any Error>
}

/// A piece of a streamed answer.
public enum StreamPart: Sendable {
  case head(HTTPURLResponse)
  case body(Data)
}

/// `URLSession` as the transport.
public struct URLSessionTransport: HTTPTransport {
  private let configuration: URLSessionConfiguration
  private let session: URLSession

  public init(configuration: URLSessionConfiguration = .ephemeral) {
    self.configuration = configuration
    session = URLSession(configuration: configuration)
  }

  public func send(_ request: URLRequest) async throws -> (Data, HTTPURLResponse) {
    let (data, response) = try await session.data(for: request)
    guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
    return (data, response)
  }

  public func stream(_ request: URLRequest) -> AsyncThrowingStream<StreamPart, any Error> {
    // Dropping what does not fit ends the stream below; whoever resumes gets it again.
    AsyncThrowingStream(bufferingPolicy: .bufferingOldest(StreamDelegate.maximumParts)) { continuation in
      let session = URLSession(
        configuration: configuration, delegate: StreamDelegate(continuation), delegateQueue: nil)
      let task = session.dataTask(with: request)
      continuation.onTermination = { _ in session.invalidateAndCancel() }
      task.resume()
    }
  }
}

/// Hands what a task receives to a stream.
private final class StreamDelegate: NSObject, URLSessionDataDelegate {
  /// Parts that may wait for a slow reader.
  static let maximumParts = 4_096

  private let continuation: AsyncThrowingStream<StreamPart, any Error>.Continuation

  init(_ continuation: AsyncThrowingStream<StreamPart, any Error>.Continuation) {
    self.continuation = continuation
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    guard let response = response as? HTTPURLResponse else { return completionHandler(.cancel) }
    continuation.yield(.head(response))
    completionHandler(.allow)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    if case .dropped = continuation.yield(.body(data)) {
      continuation.finish(throwing: URLError(.dataLengthExceedsMaximum))
    }
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    if let error { continuation.finish(throwing: error) } else { continuation.finish() }
    session.finishTasksAndInvalidate()
  }
}
