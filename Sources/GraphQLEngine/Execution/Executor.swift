/// Drives one execution: steps until it waits, waits for the level, goes on (§ 6.2, § 6.3).
struct Executor {
  let plan: OperationPlan
  let request: ExecutionRequest
  let variables: VariableValues

  /// Executes a query, or a mutation whose root fields run one after the other with all below them (§ 6.2.2).
  func run() async -> Response {
    let cancellation = request.cancellation ?? Cancellation()
    return await withTaskCancellationHandler {
      await run(cancellation, event: nil)
    } onCancel: {
      cancellation.cancel()
    }
  }

  /// Executes one event of a subscription, whose root field has the event's value.
  func run(event: Column) async -> Response {
    let cancellation = Cancellation()
    return await withTaskCancellationHandler {
      await run(cancellation, event: event)
    } onCancel: {
      cancellation.cancel()
    }
  }

  private func run(_ cancellation: Cancellation, event: Column?) async -> Response {
    let execution = Execution(
      plan: plan, request: request, variables: variables, cancellation: cancellation)
    let root: Frame
    do {
      root = try execution.makeRoot()
    } catch {
      return Response(requestErrors: [GraphQLError(shown: error, at: nil, request.context)])
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
      guard await finishLevels(of: execution) else {
        return Response(requestErrors: [GraphQLError(Engine.cancelledMessage)])
      }
      next = end
      if !pass.writeRoot(upTo: end) { break }
    } while next < fieldCount
    return pass.finish()
  }

  /// False when the execution was cancelled.
  func finishLevels(of execution: Execution) async -> Bool {
    while true {
      switch execution.step() {
      case .done: return true
      case .cancelled: return false
      case .waiting(let gate): await gate.wait()
      }
    }
  }
}

extension GraphQLError {
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
