import Logging
import SandboxWire

/// Evaluates JavaScript expressions in child processes that are watched, killed and replaced. Share one
/// instance; any thread. Each child has a thread of its own that owns everything about it; callers only meet
/// the queue of a lane.
public final class SandboxPool: Sendable {
  private let configuration: SandboxConfiguration
  private let quick: Lane
  private let patient: Lane

  /// Starts the children of the quick lane at once, in the background; those of the patient lane when they
  /// are needed.
  public init(
    configuration: SandboxConfiguration = SandboxConfiguration(), logger: Logger = Logger(label: "sandbox")
  ) {
    self.configuration = configuration
    patient = Lane(capacity: configuration.maximumQueued)
    quick = Lane(capacity: configuration.maximumQueued, before: patient)
    let binary = configuration.binaryPath ?? SandboxBinary.besideExecutable()
    for lane in [quick, patient] {
      for number in 0..<min(8, max(1, configuration.processes)) {
        let supervisor = Supervisor(
          number: number, binary: binary, configuration: configuration, lane: lane, logger: logger)
        if let supervisor { lane.queue.register(supervisor) }
      }
    }
  }

  deinit { close() }

  /// The JSON text of the expression's value; `undefined` becomes `null`.
  ///
  /// - Parameter timeout: processor time; `defaultTimeout` when nil, never more than `maximumTimeout`.
  public func evaluate(
    _ expression: String, scope: SandboxScope = SandboxScope(), timeout: Duration? = nil
  ) async throws(SandboxError) -> String {
    let results = try await evaluateAll([expression], scope: scope, timeout: timeout)
    guard let result = results.first else { throw .crashed }
    return try result.get()
  }

  /// Several expressions over one scope in one round trip; each has fresh values, all together the time.
  /// Fails as a whole only when no outcome per expression exists (the child was killed, the queue is full …).
  /// What needs more than some milliseconds takes turns with that of other flows (of other `scope.flow`).
  public func evaluateAll(
    _ expressions: [String], scope: SandboxScope = SandboxScope(), timeout: Duration? = nil
  ) async throws(SandboxError) -> [Result<String, SandboxError>] {
    guard !expressions.isEmpty else { return [] }
    let texts = try texts(of: expressions)
    let owner = scope.flow ?? ""
    let scope = try scope.texts(mentionedIn: texts, maximumBytes: configuration.maximumScopeBytes)
    let limit = min(
      max(timeout ?? configuration.defaultTimeout, .milliseconds(1)), configuration.maximumTimeout)
    let work = SandboxRequest.Work.evaluate(
      timeLimitMicroseconds: UInt64(limit.microseconds),
      maximumResultBytes: UInt32(configuration.maximumResultBytes))
    let request = SandboxRequest(id: 0, work: work, expressions: texts, scope: scope)
    return try await outcomes(of: request, processorTime: limit, owner: owner).map(result)
  }

  /// Throws `.syntax` when `expression` is not one expression.
  public func check(_ expression: String) async throws(SandboxError) {
    for result in try await checkAll([expression]) { _ = try result.get() }
  }

  /// For each text whether it is one expression: a failure is `.syntax`. At most `maximumExpressions`.
  public func checkAll(
    _ expressions: [String]
  ) async throws(SandboxError) -> [Result<Void, SandboxError>] {
    guard !expressions.isEmpty else { return [] }
    let request = SandboxRequest(id: 0, work: .check, expressions: try texts(of: expressions))
    return try await outcomes(of: request, processorTime: .seconds(2)).map { result($0).map { _ in } }
  }

  /// Refuses new requests, fails what waits, lets what runs finish, and ends the children. Returns when they
  /// are gone.
  public func shutdown() async {
    close()
    await quick.queue.drained()
    await patient.queue.drained()
  }

  private func close() {
    quick.queue.close()
    patient.queue.close()
  }

  /// The process ids of the running children.
  public var processIDs: [Int32] { quick.queue.processIDs + patient.queue.processIDs }

  private func texts(of expressions: [String]) throws(SandboxError) -> [[UInt8]] {
    guard expressions.count <= configuration.maximumExpressions else {
      throw .tooManyExpressions(limit: configuration.maximumExpressions)
    }
    let texts = expressions.map { [UInt8]($0.utf8) }
    guard texts.allSatisfy({ $0.count <= configuration.maximumExpressionBytes }) else {
      throw .expressionTooLarge(limitBytes: configuration.maximumExpressionBytes)
    }
    return texts
  }

  private func outcomes(
    of request: SandboxRequest, processorTime: Duration, owner: String = ""
  ) async throws(SandboxError) -> [SandboxOutcome] {
    let ticket = Ticket(
      request: request, processorTime: processorTime, owner: owner, patience: configuration.queueTimeout)
    let quick = quick
    let answer: Ticket.Answer = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        ticket.wait(with: continuation)
        if let refusal = quick.offer(ticket) { ticket.finish(.failure(refusal)) }
      }
    } onCancel: {
      ticket.finish(.failure(.cancelled))
    }
    let outcomes = try answer.get()
    guard outcomes.count == request.expressions.count else { throw .crashed }
    return outcomes
  }

  private func result(_ outcome: SandboxOutcome) -> Result<String, SandboxError> {
    switch outcome {
    case .value(let text): .success(String(decoding: text, as: UTF8.self))
    case .syntaxError(let message, let line, let column):
      .failure(.syntax(message: message, line: Int(line), column: Int(column)))
    case .thrown(let message, let line, let column):
      .failure(
        .thrown(message: message, line: line == 0 ? nil : Int(line), column: column == 0 ? nil : Int(column)))
    case .timedOut: .failure(.timedOut)
    case .resultTooLarge: .failure(.resultTooLarge(limitBytes: configuration.maximumResultBytes))
    case .notSerializable(let message): .failure(.notSerializable(message: message))
    case .invalidScope(let name): .failure(.invalidScope(name: name))
    }
  }
}

extension SandboxScope {
  /// The texts that the expressions can reach. A value whose name stands nowhere in them is not sent, unless
  /// they may name it in a roundabout way: by `eval`, `arguments` or an escape in an identifier.
  func texts(
    mentionedIn expressions: [[UInt8]], maximumBytes: Int
  ) throws(SandboxError) -> [SandboxSlot: [UInt8]] {
    let values: [(SandboxSlot, String?)] = [
      (.input, input), (.output, output), (.nodes, nodes), (.run, run), (.flow, flow), (.env, env),
      (.item, item), (.index, index), (.loops, loops),
    ]
    let isRoundabout = expressions.contains { text in
      text.contains(UInt8(ascii: "\\")) || text.contains("eval") || text.contains("arguments")
    }
    var texts: [SandboxSlot: [UInt8]] = [:]
    var bytes = 0
    for case (let slot, let value?) in values {
      guard isRoundabout || expressions.contains(where: { $0.contains(slot.name) }) else { continue }
      texts[slot] = [UInt8](value.utf8)
      bytes += value.utf8.count
    }
    guard bytes <= maximumBytes else { throw .scopeTooLarge(limitBytes: maximumBytes) }
    return texts
  }
}

extension [UInt8] {
  /// Whether the ASCII `word` stands anywhere in these bytes.
  fileprivate func contains(_ word: String) -> Bool {
    let word = [UInt8](word.utf8)
    guard count >= word.count else { return false }
    return withUnsafeBufferPointer { text in
      (0...(text.count - word.count)).contains { start in
        text[start] == word[0] && text[start..<(start + word.count)].elementsEqual(word)
      }
    }
  }
}

extension Duration {
  var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
