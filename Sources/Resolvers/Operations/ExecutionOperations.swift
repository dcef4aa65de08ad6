import Flows
import Schema
import Security
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
    let run = RunReference(organizationID: viewer.organizationID, runID: services.makeID())
    context.audit(new: .execution, run.runID)
    var new = ExecutionStore.NewRun(
      run: run, flowID: id, input: payload,
      at: Instant(microseconds: Int64(SystemClock.unixMilliseconds()) * 1000))
    new.userID = viewer.userID
    new.versionID = services.makeID()
    try await enqueue(new)
    services.database.afterCommit { [notifier = services.notifier] in notifier.queued(run) }
    return Change(executionID: run.runID)
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

  private func enqueue(_ new: ExecutionStore.NewRun) async throws {
    do {
      try await services.executions.enqueue(new)
    } catch StorageError.notFound {
      throw ServiceError.notFound("flow", field: "flowId")
    } catch let error as UnrunnableFlow {
      throw FlowProblems(error)
    }
  }
}
