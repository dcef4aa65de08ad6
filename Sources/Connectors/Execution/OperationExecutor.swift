import Flows

/// Performs the operations of any manifest: input checked, requests built and sent, pages collected, answers
/// mapped. A value; any task. Retries are the caller's; sent twice is only what the service has turned away,
/// so that a walk through pages is not lost for it: refused credentials, a limit that is over in a moment.
public struct OperationExecutor: Sendable {
  /// Gives other credentials than those that the service has refused.
  public typealias Renewal = @Sendable () async throws(ConnectorFailure) -> JSONValue

  /// Pages that one call gets at most.
  static let maximumPages = 50
  /// Longest pause of a service's limit that is waited for where the call is; who is to wait longer is told.
  public static let maximumPauseMilliseconds: Int64 = 2_000
  /// Bytes of answers after which a call gets no further page: all of them are in memory at once.
  public static let maximumBytes = 32 << 20

  let manifest: Manifest
  let transport: any ConnectorTransport
  let pacing: any CallPacing
  let maximumBytes: Int
  let nowMilliseconds: @Sendable () -> Int64

  /// - Parameter nowMilliseconds: the wall clock, since 1970; for headers that name an instant.
  public init(
    _ manifest: Manifest, transport: any ConnectorTransport, pacing: any CallPacing = NoPacing(),
    maximumBytes: Int = OperationExecutor.maximumBytes,
    nowMilliseconds: @escaping @Sendable () -> Int64
  ) {
    self.manifest = manifest
    self.transport = transport
    self.pacing = pacing
    self.maximumBytes = maximumBytes
    self.nowMilliseconds = nowMilliseconds
  }

  /// - Parameters:
  ///   - credentials: what was filled in, and below `oauth` what the service gave.
  ///   - idempotencyKey: the same for every repetition of this call.
  ///   - renewal: asked once, when the service refuses the credentials; the request that was refused is sent
  ///     again, and no other.
  public func perform(
    _ key: String, input: JSONValue, credentials: JSONValue, idempotencyKey: String? = nil,
    renewal: Renewal? = nil
  ) async throws(ConnectorFailure) -> JSONValue {
    guard let operation = manifest.operation(key) else {
      throw .invalid("\(manifest.name) has no operation \(key).")
    }
    let input = operation.input.completed(input)
    if let problem = operation.input.problem(with: input) {
      throw .invalid("input\(problem.path.isEmpty ? "" : "." + problem.path) \(problem.message).")
    }
    let builder = RequestBuilder(manifest, operation, input: input, credentials: credentials)
    var calls = Calls(builder: builder, idempotencyKey: idempotencyKey, renewal: renewal)
    if let paging = operation.paging {
      return try await collect(&calls, PageWalk(paging, input: input))
    }
    let (reader, scope, _) = try await exchange(&calls, RequestBuilder.Page())
    return reader.output(scope)
  }

  /// The requests of one call.
  private struct Calls {
    var builder: RequestBuilder
    let idempotencyKey: String?
    /// nil when there is none any more.
    var renewal: Renewal?
  }

  private func collect(
    _ calls: inout Calls, _ walk: PageWalk
  ) async throws(ConnectorFailure) -> JSONValue {
    var walk = walk
    var items: [JSONValue] = []
    var (pages, bytes) = (0, 0)
    while let page = walk.page, items.count < walk.limit, pages < OperationExecutor.maximumPages,
      bytes < maximumBytes
    {
      let (reader, scope, answer) = try await (pages == 0 ? exchange(&calls, page) : goOn(&calls, page))
      let (raw, mapped) = reader.items(scope)
      items += mapped
      pages += 1
      bytes += answer.body.count
      walk.advance(past: raw, scope: scope, link: answer.header("link"))
    }
    return ["items": .array(items), "next": walk.publicCursor.map { .string($0) } ?? .null]
  }

  /// A page behind the first one. What the service turns away for a moment is asked for again, once: the
  /// pacing has taken note of the pause, and waits.
  private func goOn(
    _ calls: inout Calls, _ page: RequestBuilder.Page
  ) async throws(ConnectorFailure) -> (AnswerReader, ValueScope, ConnectorAnswer) {
    do throws(ConnectorFailure) {
      return try await exchange(&calls, page)
    } catch {
      guard error.failureClass == .rateLimited, error.status != nil,
        let pause = error.retryAfterMilliseconds, pause <= OperationExecutor.maximumPauseMilliseconds
      else { throw error }
      return try await exchange(&calls, page)
    }
  }

  /// Refused credentials are renewed here and not around the whole call, so that a walk goes on where it is.
  private func exchange(
    _ calls: inout Calls, _ page: RequestBuilder.Page
  ) async throws(ConnectorFailure) -> (AnswerReader, ValueScope, ConnectorAnswer) {
    do throws(ConnectorFailure) {
      return try await exchange(calls.builder, page, calls.idempotencyKey)
    } catch {
      guard error.failureClass == .authentication, error.status != nil, let renewal = calls.renewal else {
        throw error
      }
      calls.renewal = nil
      calls.builder.use(try await renewal())
      return try await exchange(calls.builder, page, calls.idempotencyKey)
    }
  }

  private func exchange(
    _ builder: RequestBuilder, _ page: RequestBuilder.Page, _ idempotencyKey: String?
  ) async throws(ConnectorFailure) -> (AnswerReader, ValueScope, ConnectorAnswer) {
    let request = try builder.request(page: page, idempotencyKey: idempotencyKey)
    try await pacing.admit()
    let answer: ConnectorAnswer
    do {
      answer = try await transport.send(request)
    } catch {
      throw OperationExecutor.failure(error, builder.operation)
    }
    let now = nowMilliseconds()
    let reader = AnswerReader(manifest: manifest, operation: builder.operation, nowMilliseconds: now)
    let scope = try reader.scope(of: answer, builder.scope)
    let failure = reader.failure(answer, scope)
    await pacing.note(
      RateReading.readings(answer, manifest.rateLimits, now),
      retryAfterMilliseconds: failure?.retryAfterMilliseconds)
    if let failure { throw failure }
    return (reader, scope, answer)
  }

  private static func failure(_ error: TransportFailure, _ operation: Operation) -> ConnectorFailure {
    switch error {
    case .notSent(let message): ConnectorFailure(.unavailable, message)
    case .refused(let message): ConnectorFailure(.invalid, message)
    case .unknown(let message):
      operation.isRepeatable
        ? ConnectorFailure(.unavailable, message) : ConnectorFailure(.unknownOutcome, message)
    case .unreadable(let message):
      ConnectorFailure(operation.isRepeatable ? .failed : .unknownOutcome, message)
    case .cancelled: ConnectorFailure(.unknownOutcome, "The call was cancelled.")
    }
  }
}
