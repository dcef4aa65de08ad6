import Flows

/// Performs the operations of any manifest: input checked, requests built and sent, pages collected, answers
/// mapped. A value; any task. Nothing is sent twice: retries are the caller's.
public struct OperationExecutor: Sendable {
  /// Pages that one call gets at most.
  static let maximumPages = 50

  let manifest: Manifest
  let transport: any ConnectorTransport
  let pacing: any CallPacing
  let nowMilliseconds: @Sendable () -> Int64

  /// - Parameter nowMilliseconds: the wall clock, since 1970; for headers that name an instant.
  public init(
    _ manifest: Manifest, transport: any ConnectorTransport, pacing: any CallPacing = NoPacing(),
    nowMilliseconds: @escaping @Sendable () -> Int64
  ) {
    self.manifest = manifest
    self.transport = transport
    self.pacing = pacing
    self.nowMilliseconds = nowMilliseconds
  }

  /// - Parameters:
  ///   - credentials: what was filled in, and below `oauth` what the service gave.
  ///   - idempotencyKey: the same for every repetition of this call.
  public func perform(
    _ key: String, input: JSONValue, credentials: JSONValue, idempotencyKey: String? = nil
  ) async throws(ConnectorFailure) -> JSONValue {
    guard let operation = manifest.operation(key) else {
      throw .invalid("\(manifest.name) has no operation \(key).")
    }
    let input = operation.input.completed(input)
    if let problem = operation.input.problem(with: input) {
      throw .invalid("input\(problem.path.isEmpty ? "" : "." + problem.path) \(problem.message).")
    }
    let builder = RequestBuilder(manifest, operation, input: input, credentials: credentials)
    if let paging = operation.paging {
      return try await collect(builder, PageWalk(paging, input: input), idempotencyKey)
    }
    let (reader, scope, _) = try await exchange(builder, RequestBuilder.Page(), idempotencyKey)
    return reader.output(scope)
  }

  private func collect(
    _ builder: RequestBuilder, _ walk: PageWalk, _ idempotencyKey: String?
  ) async throws(ConnectorFailure) -> JSONValue {
    var walk = walk
    var items: [JSONValue] = []
    var pages = 0
    while let page = walk.page, items.count < walk.limit, pages < OperationExecutor.maximumPages {
      let (reader, scope, answer) = try await exchange(builder, page, idempotencyKey)
      let (raw, mapped) = reader.items(scope)
      items += mapped
      pages += 1
      walk.advance(past: raw, scope: scope, link: answer.header("link"))
    }
    return ["items": .array(items), "next": walk.publicCursor.map { .string($0) } ?? .null]
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
