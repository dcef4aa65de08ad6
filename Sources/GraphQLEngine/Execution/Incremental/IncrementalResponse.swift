/// The answer to an operation with `@defer` or `@stream` (§ 7.1: an incremental stream): an initial result,
/// and payloads that follow.
public struct IncrementalResponse: Sendable {
  /// An ordinary response where nothing is delivered later; else one with `pending` and `hasNext` too.
  public let initial: Response

  /// What follows; nil where nothing is delivered later.
  public let payloads: IncrementalPayloads?

  /// Whether something follows.
  public var hasNext: Bool { payloads != nil }
}

/// The payloads behind an initial result, each complete JSON with `pending`, `incremental`, `completed` and
/// `hasNext`.
///
/// Iterated once, by one task at a time; a second iteration goes on where the first one stopped. What is
/// deferred is executed while somebody waits in `next`, so a consumer that is slow slows it down and nothing
/// is buffered. Ending the iteration and letting go of this value, or cancelling the task, ends the
/// execution, its tickets and its sequences.
public struct IncrementalPayloads: AsyncSequence, Sendable {
  public typealias Element = IncrementalPayload
  public typealias Failure = Never

  let run: IncrementalRun

  /// Begins the one iteration; it runs what remains of the request.
  public func makeAsyncIterator() -> Iterator { Iterator(run: run) }

  /// Hands out one after the other, as they come.
  public struct Iterator: AsyncIteratorProtocol {
    let run: IncrementalRun

    /// The next payload; nil behind the last one, and when the task is cancelled.
    public mutating func next() async -> IncrementalPayload? { await run.next() }
  }
}

/// One payload of an incremental response (§ 7.1: an incremental stream update result).
public struct IncrementalPayload: Sendable {
  let buffer: ResponseBuffer

  /// Whether another one follows, as the bytes say too.
  public let hasNext: Bool

  /// The errors that the bytes contain, for logs and metrics.
  public let errors: [GraphQLError]

  /// The number of bytes.
  public var count: Int { buffer.count }

  /// A copy of the bytes.
  public var bytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }

  /// The bytes as text.
  public var text: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }

  /// Calls `body` with the bytes, without a copy.
  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    let bytes = UnsafeRawBufferPointer(start: buffer.base, count: buffer.count)
    return try withExtendedLifetime(buffer) { try body(bytes) }
  }

  init(buffer: ResponseBuffer, hasNext: Bool, errors: [GraphQLError]) {
    self.buffer = buffer
    self.hasNext = hasNext
    self.errors = errors
  }
}

extension Engine {
  /// Executes a query or mutation and delivers what `@defer` and `@stream` ask for in payloads of their own.
  ///
  /// Without these directives it is `execute`. A `@stream` on a list that is written as one leaf is ignored,
  /// as the proposal allows.
  public func executeIncrementally(
    _ operation: PreparedOperation, _ request: ExecutionRequest = .init()
  ) async -> IncrementalResponse {
    guard operation.operationType != .subscription, operation.incrementalUse.isUsed else {
      return IncrementalResponse(initial: await execute(operation, request), payloads: nil)
    }
    do {
      return await (try plan(operation, request, isIncremental: true)).runIncrementally()
    } catch {
      return IncrementalResponse(initial: error.response, payloads: nil)
    }
  }
}

extension Executor {
  /// Executes what comes at once.
  func runIncrementally() async -> IncrementalResponse {
    let run = IncrementalRun(plan: plan, request: request, variables: variables)
    return await withTaskCancellationHandler {
      await begin(run)
    } onCancel: {
      run.cancel()
    }
  }

  private func begin(_ run: IncrementalRun) async -> IncrementalResponse {
    let execution = run.makeExecution()
    let root: Frame
    do {
      root = try execution.makeRoot()
    } catch {
      return Executor.only(Response(rootErrors: [GraphQLError(shown: error, at: nil, request.context)]))
    }
    var pass = OutputPass(execution: execution)
    let later = DeferredWork(owner: PassOwner([root]), limit: run.limits.openDeliveries)
    pass.later = later
    pass.begin(root)
    let isSerial = plan.context.operation.operation == .mutation
    let fieldCount = root.object.stepCount
    var next = 0
    repeat {
      let end = isSerial ? min(next + 1, fieldCount) : fieldCount
      if isSerial { execution.forgetLoaded() }
      execution.start(root, fields: next..<end)
      guard await finishLevels(of: execution) else {
        return Executor.only(Response(cancelledWith: .cancelled))
      }
      next = end
      if !pass.writeRoot(upTo: end) { break }
    } while next < fieldCount
    if pass.isDataNull { return Executor.only(pass.finish()) }
    if root.object.hasParts { pass.noteDeferred() }
    if later.isOverfull { return Executor.only(Response(rootErrors: [run.tooMany])) }
    let pending = run.admit(later.take())
    let initial = pass.finish(announcing: pending)
    return IncrementalResponse(
      initial: initial, payloads: pending.isEmpty ? nil : IncrementalPayloads(run: run))
  }

  private static func only(_ response: Response) -> IncrementalResponse {
    IncrementalResponse(initial: response, payloads: nil)
  }
}
