import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import Outbound

/// Files in an S3-compatible bucket, addressed by path (`https://endpoint/bucket/key`), each request signed
/// with AWS Signature Version 4. Contents are streamed from and to their place.
public final class BucketStore: FileStore {
  public struct Configuration: Sendable {
    /// `https://s3.eu-central-1.amazonaws.com`; http for a bucket of one's own.
    public var endpoint: String
    public var region: String
    public var bucket: String
    public var accessKey: String
    public var secretKey: String

    public init(endpoint: String, region: String, bucket: String, accessKey: String, secretKey: String) {
      self.endpoint = endpoint
      self.region = region
      self.bucket = bucket
      self.accessKey = accessKey
      self.secretKey = secretKey
    }
  }

  private let base: String
  private let host: String
  private let path: String
  private let signer: SignatureV4
  private let client: HTTPClient
  private let patience: TimeAmount
  private let now: @Sendable () -> Int64

  /// - Parameters:
  ///   - patience: how long a request may take until its answer begins, and then each piece of the answer.
  ///   - now: seconds since 1970.
  public init(
    _ configuration: Configuration, patience: TimeAmount = .seconds(30), now: @escaping @Sendable () -> Int64
  ) throws(FileError) {
    let schemes = ["https://", "http://"]
    guard let scheme = schemes.first(where: configuration.endpoint.hasPrefix) else {
      throw .configuration("The bucket's endpoint must begin with https:// or http://.")
    }
    host = String(configuration.endpoint.dropFirst(scheme.count).prefix { $0 != "/" })
    let isName = configuration.bucket.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
        UInt8(ascii: "."):
        true
      default: false
      }
    }
    guard !host.isEmpty, (3...63).contains(configuration.bucket.utf8.count), isName else {
      throw .configuration("The bucket's endpoint or name cannot be used.")
    }
    base = scheme + host
    path = "/" + configuration.bucket + "/"
    signer = SignatureV4(
      accessKey: configuration.accessKey, secretKey: configuration.secretKey, region: configuration.region,
      service: "s3")
    var settings = HTTPClient.Configuration()
    settings.redirectConfiguration = .disallow
    settings.httpVersion = .http1Only
    // A request's deadline is that of its answer's head.
    settings.timeout = .init(connect: .seconds(10), read: patience)
    settings.http1_1ConnectionDebugInitializer = { StatusGuard.add(to: $0) }
    self.patience = patience
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    self.now = now
  }

  public func keep(_ file: ReceivedFile, as key: FileKey, type: String) async throws(FileError) {
    var request = request(.PUT, key, payloadHash: SignatureV4.hexadecimal(file.sha256))
    request.headers.add(name: "content-type", value: type)
    guard let (content, size) = try await DiskFile.open(file.path) else {
      throw .system(call: "open", errno: 2)
    }
    request.body = .stream(Pieces(file: content), length: .known(Int64(size)))
    let response = try await send(request)
    guard (200..<300).contains(response.status.code) else { throw await refusal(response) }
  }

  public func open(_ key: FileKey) async throws(FileError) -> StoredFile? {
    let response = try await send(request(.GET, key, payloadHash: SignatureV4.emptyHash))
    if response.status == .notFound { return nil }
    guard response.status == .ok else { throw await refusal(response) }
    // Without the length nobody could tell a file from its beginning, and packed it is not what was stored.
    guard let size = response.headers.first(name: "content-length").flatMap({ Int($0) }) else {
      throw .answer("does not say how long the file is")
    }
    guard response.headers[canonicalForm: "content-encoding"].allSatisfy({ $0 == "identity" }) else {
      throw .answer("has the file in another encoding")
    }
    let content = Content(response.body)
    return StoredFile(size: size) { try await content.next() }
  }

  public func delete(_ key: FileKey) async throws(FileError) {
    let response = try await send(request(.DELETE, key, payloadHash: SignatureV4.emptyHash))
    guard (200..<300).contains(response.status.code) || response.status == .notFound else {
      throw await refusal(response)
    }
  }

  /// What the bucket says of itself (`<Code>RequestTimeTooSkewed</Code>`), where it does in its first bytes.
  private func refusal(_ response: HTTPClientResponse) async -> FileError {
    var text = ""
    do {
      for try await piece in response.body {
        text += String(buffer: piece)
        if text.utf8.count > 4096 { break }
      }
    } catch {
      // Its status is told all the same.
    }
    let code = text.firstMatch(of: /<Code>([A-Za-z0-9.]{1,64})<\/Code>/).map { String($0.output.1) }
    return .status(Int(response.status.code), code: code)
  }

  /// A client must be shut down before its end; a second time does nothing.
  deinit { Task { [client] in try? await client.shutdown() } }

  public func shutdown() async { try? await client.shutdown() }

  private func request(_ method: HTTPMethod, _ key: FileKey, payloadHash: String) -> HTTPClientRequest {
    let path = path + key.text
    var request = HTTPClientRequest(url: base + path)
    request.method = method
    let signed = signer.headers(
      .init(method: method.rawValue, host: host, path: path, payloadHash: payloadHash, unixSeconds: now()))
    for (name, value) in signed { request.headers.add(name: name, value: value) }
    return request
  }

  private func send(_ request: HTTPClientRequest) async throws(FileError) -> HTTPClientResponse {
    do {
      return try await client.execute(request, timeout: patience)
    } catch let error as FileError {
      throw error
    } catch let error as HTTPClientError {
      throw .unreachable(error.shortDescription)
    } catch {
      throw .unreachable("the connection failed")
    }
  }
}

/// The body of an answer that is being read.
///
/// `@unchecked`: its one reader awaits each piece before it asks for the next one.
private final class Content: @unchecked Sendable {
  private var pieces: HTTPClientResponse.Body.AsyncIterator

  init(_ body: HTTPClientResponse.Body) { pieces = body.makeAsyncIterator() }

  func next() async throws -> ByteBuffer? { try await pieces.next() }
}

/// A file's content as a sequence, for a request's body.
private struct Pieces: AsyncSequence, Sendable {
  let file: DiskFile

  struct AsyncIterator: AsyncIteratorProtocol {
    let file: DiskFile

    func next() async throws -> ByteBuffer? { try await file.read() }
  }

  func makeAsyncIterator() -> AsyncIterator { AsyncIterator(file: file) }
}
