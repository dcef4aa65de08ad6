import Flows
import Schema
import Secrets
import Storage

/// Starting and stopping runs.
struct ExecutionOperations {
  let context: StudioContext

  init(context: StudioContext) { self.context = context }

  private var services: Services { context.services }

  func execute(_ input: ExecuteFlowInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.flowId, .flow, field: "flowId")
    let payload = try JSONValue.checked(input.input ?? .null, field: "input")
    var new = newRun(id, payload, viewer)
    new.version = input.version == .draft ? .draft : .current
    new.priority = input.priority.map(Storage.RunPriority.init)
    return try await start(new)
  }

  /// The same version and input again: all of it, or from where it failed.
  func retry(_ input: RetryExecutionInput) async throws -> Change {
    let (old, id, viewer) = try await stored(input.id)
    guard old.snapshot.state.isFinal, old.snapshot.state != .success else {
      let message = old.snapshot.state == .success ? "The run succeeded; replay it." : "The run is not over."
      throw ServiceError(.conflict, message, field: "id")
    }
    var new = newRun(old.flowID, old.snapshot.input, viewer)
    new.version = .exactly(old.versionID)
    new.triggerNodeID = old.snapshot.triggerNodeID
    new.retryOf = id
    if input.from == .failedNode {
      // Of a version that cannot be read no run goes on either.
      let version = try await services.flows.version(old.versionID, in: viewer.organizationID)
      let graph = version?.graph ?? FlowGraph()
      guard let begun = old.snapshot.forRetry(of: graph, as: new.run, at: new.at) else {
        throw ServiceError(.conflict, "No node of the run has failed; retry all of it.", field: "from")
      }
      new.nodeRuns = begun.nodeRuns
    }
    return try await start(new, field: "id")
  }

  /// The stored input again.
  func replay(_ input: ReplayExecutionInput) async throws -> Change {
    let (old, id, viewer) = try await stored(input.id)
    var new = newRun(old.flowID, old.snapshot.input, viewer)
    new.retryOf = id
    // What was meant for one trigger is meant for it again; a version that lacks it begins with all.
    new.triggerNodeID = old.snapshot.triggerNodeID
    switch input.version {
    case .same: new.version = .exactly(old.versionID)
    case .published: new.version = .current
    case .draft: new.version = .draft
    }
    return try await start(new, field: "id")
  }

  /// Approves or rejects what a waiting node asks for. Of two who decide at the same time the first counts.
  func decide(_ input: DecideApprovalInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.executionId, .execution, field: "executionId")
    let node = try InputID.parse(input.nodeId, .node, field: "nodeId")
    guard let path = IterationPath(input.iteration) else {
      throw ServiceError(
        .badUserInput, "iteration has at most 3 positions, each from 0 to 9,999.", field: "iteration")
    }
    try InputCheck.optionalText(input.comment, 0...2000, field: "comment")
    context.audit(.execution, id)
    let run = RunReference(organizationID: viewer.organizationID, runID: id)
    let address = NodeAddress(node, path)
    guard try await services.executions.exists(run) else {
      throw ServiceError.notFound("execution", field: "executionId")
    }
    let payload: JSONValue = [
      "approved": .bool(input.approve), "comment": input.comment.map { .string($0) } ?? .null,
      "decidedBy": .string(viewer.userID.text(.user)),
    ]
    let decision = NodeSignal(id: services.makeID(), address: address, kind: .decision, payload: payload)
    do {
      try await services.executions.decide(run, decision)
    } catch is NoDecisionAwaited {
      throw ServiceError(.conflict, "The node waits for no decision.", field: "nodeId")
    }
    services.database.afterCommit { [notifier = services.notifier] in notifier.signalled(run) }
    return Change(executionID: id)
  }

  func cancel(_ input: CancelExecutionInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .execution)
    context.audit(.execution, id)
    let run = RunReference(organizationID: viewer.organizationID, runID: id)
    let isOpen = try await services.executions.requestCancel(run)
    guard isOpen else {
      throw ServiceError(.conflict, "The run is over already.", field: "id")
    }
    services.notifier.cancelRequested(run)
    return Change(executionID: id)
  }

  private func newRun(
    _ flow: Identifier, _ input: JSONValue, _ viewer: Viewer
  ) -> ExecutionStore.NewRun {
    let run = RunReference(organizationID: viewer.organizationID, runID: services.makeID())
    var new = ExecutionStore.NewRun(
      run: run, flowID: flow, input: input,
      at: Instant(microseconds: Int64(SystemClock.unixMilliseconds()) * 1000))
    new.userID = viewer.userID
    new.versionID = services.makeID()
    return new
  }

  /// - Parameter field: the input that names the flow, or the run of it.
  private func start(_ new: ExecutionStore.NewRun, field: String = "flowId") async throws -> Change {
    context.audit(new: .execution, new.run.runID)
    let acceptance: Acceptance
    do {
      acceptance = try await services.executions.enqueue(new)
    } catch StorageError.notFound {
      throw ServiceError.notFound("flow", field: field)
    } catch StorageError.archived {
      throw ServiceError(.conflict, "The flow is archived; activate it to run it.", field: field)
    } catch let error as UnrunnableFlow {
      throw FlowProblems(error)
    }
    services.database.afterCommit { [notifier = services.notifier] in notifier.accepted(new.run, acceptance) }
    return Change(executionID: new.run.runID)
  }

  /// A run that is to be run again.
  private func stored(
    _ text: String
  ) async throws -> (run: ExecutionStore.StoredRun, id: Identifier, viewer: Viewer) {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(text, .execution)
    let run = RunReference(organizationID: viewer.organizationID, runID: id)
    guard let stored = try await services.executions.load(run) else { throw StorageError.notFound }
    return (stored, id, viewer)
  }
}
