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
    for attempt in 1... {
      let flow = try await runnableFlow(id, viewer)
      let new = ExecutionStore.NewRun(
        run: run, flow: flow, userID: viewer.userID, input: payload,
        at: Instant(microseconds: Int64(SystemClock.unixMilliseconds()) * 1000), versionID: services.makeID())
      do {
        try await services.executions.enqueue(new)
        break
      } catch let error as StorageError {
        // The flow was changed while it was checked: check it again as it is now.
        guard case .revisionConflict = error, attempt < FlowEditing.maximumTries else { throw error }
      }
    }
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

  private func runnableFlow(_ id: Identifier, _ viewer: Viewer) async throws -> FlowStore.StoredFlow {
    guard let flow = try await services.flows.load(id, in: viewer.organizationID) else {
      throw ServiceError.notFound("flow", field: "flowId")
    }
    guard flow.status != "archived" else {
      throw ServiceError(.conflict, "The flow is archived; activate it to run it.", field: "flowId")
    }
    try await FlowCheck(checker: services.expressions).require(flow.graph, for: .running, paths: [:])
    return flow
  }
}
