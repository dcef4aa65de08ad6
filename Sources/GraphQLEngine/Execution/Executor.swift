/// Drives one execution: steps until it waits, waits for the level, goes on (§ 6.2, § 6.3.1,
/// § 6.3.4).
struct Executor {
  let plan: OperationPlan
  var request: ExecutionRequest
  let variables: VariableValues

  /// Executes a query, or a mutation whose root fields run one after the other with all below them
  /// (§ 6.2.2); or one event of a subscription, whose root field has the event's value (§ 6.2.3.2).
  nonisolated(nonsending) func run(event: Column? = nil) async -> Response {
    await cancellable { await run($0, event: event) }
  }

  /// Runs `body` with a cancellation of its own, which follows the request's and that of the task.
  private nonisolated(nonsending) func cancellable(
    _ body: nonisolated(nonsending) (Cancellation) async -> Response
  ) async -> Response {
    let cancellation = Cancellation()
    let follower = request.cancellation?.follow { cancellation.cancel() }
    defer { if let follower { request.cancellation?.forget(follower) } }
    return await withTaskCancellationHandler {
      await body(cancellation)
    } onCancel: {
      cancellation.cancel()
    }
  }

  private nonisolated(nonsending) func run(_ cancellation: Cancellation, event: Column?) async -> Response {
    let execution = Execution(
      plan: plan, request: request, variables: variables, cancellation: cancellation)
    let root: Frame
    do {
      root = try execution.makeRoot()
    } catch {
      return Response(rootErrors: [GraphQLError(shown: error, at: nil, request.context)])
    }
    var pass = OutputPass(execution: execution)
    pass.begin(root)
    let isSerial = plan.context.operation.operation == .mutation
    let fieldCount = root.object.stepCount
    var next = 0
    repeat {
      let end = isSerial ? min(next + 1, fieldCount) : fieldCount
      if isSerial { execution.forgetLoaded() }
      if let event, let field = root.object.fields.first {
        execution.attach(event, to: field, of: root)
      } else {
        execution.start(root, fields: next..<end)
      }
      guard await finishLevels(of: execution) else { return Response(cancelledWith: .cancelled) }
      next = end
      if !pass.writeRoot(upTo: end) { break }
    } while next < fieldCount
    return pass.finish()
  }

  /// False when the execution was cancelled.
  ///
  /// The levels behind the first go on where the level before was settled, on a loader's thread for instance:
  /// waking this task for each would cost more than the step itself.
  nonisolated(nonsending) func finishLevels(of execution: Execution) async -> Bool {
    switch execution.step() {
    case .done: return true
    case .cancelled: return false
    case .waiting(let gate):
      return await withUnsafeContinuation { LevelDriver(execution, $0).goOn(behind: gate) }
    }
  }
}

/// Steps an execution from level to level, on the threads that settle them.
///
/// `@unchecked Sendable`: only one thread has it at a time, and hands it to the next through a gate's lock.
private final class LevelDriver: @unchecked Sendable {
  private let execution: Execution
  private let end: UnsafeContinuation<Bool, Never>

  init(_ execution: Execution, _ end: UnsafeContinuation<Bool, Never>) {
    self.execution = execution
    self.end = end
  }

  func goOn(behind gate: LevelGate) {
    gate.whenPassable {
      switch self.execution.step() {
      case .done: self.end.resume(returning: true)
      case .cancelled: self.end.resume(returning: false)
      case .waiting(let next): self.goOn(behind: next)
      }
    }
  }
}

extension GraphQLError {
  /// The one error of a cancelled execution.
  static var cancelled: GraphQLError { GraphQLError(Engine.cancelledMessage) }

  /// What a client sees of an error that has no place in the data.
  init(shown error: any Error, at field: FieldID?, _ context: any RequestContext) {
    if let known = error as? GraphQLError {
      self = known
    } else if let known = error as? any ClientVisibleError {
      self = known.graphQLError
    } else {
      context.report(error, at: field ?? FieldID(rawValue: 0))
      self = GraphQLError("Internal error", extensions: [ErrorExtension(key: "code", json: "\"INTERNAL\"")])
    }
  }
}
