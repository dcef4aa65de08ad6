import Flows
import Schema
import Storage

/// Creating workbenches, and laying flows on them.
struct WorkbenchOperations {
  static let maximumFocus = 20

  let context: StudioContext

  init(context: StudioContext) { self.context = context }

  private var store: WorkbenchStore { context.services.workbenches }

  func create(_ input: CreateWorkbenchInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let change = try change(name: input.name, purpose: input.purpose, focus: input.focus)
    let workbench = WorkbenchStore.NewWorkbench(
      id: context.services.makeID(), userID: viewer.userID, name: input.name, purpose: input.purpose,
      focus: change.focus ?? "[]", flows: try flowIDs(input.flowIds, 0))
    context.audit(new: .workbench, workbench.id)
    try await store.create(workbench, in: viewer.organizationID)
    return Change(workbenchID: workbench.id)
  }

  func update(_ input: UpdateWorkbenchInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .workbench)
    context.audit(.workbench, id)
    let change = try change(name: input.name, purpose: input.purpose, focus: input.focus)
    let flows = try input.flowIds.map { WorkbenchStore.FlowChange.replace(try flowIDs($0, 0)) }
    try await store.update(
      id, change, flows: flows, expectedRevision: input.expectedRevision, in: viewer.organizationID)
    return Change(workbenchID: id)
  }

  func delete(_ input: DeleteWorkbenchInput) async throws -> DeleteWorkbenchPayload {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .workbench)
    context.audit(.workbench, id)
    try await store.delete(id, expectedRevision: input.expectedRevision, in: viewer.organizationID)
    return DeleteWorkbenchPayload(deletedId: input.id)
  }

  func addFlows(_ input: ChangeWorkbenchFlowsInput) async throws -> Change {
    try await changeFlows(input) { .add($0) }
  }

  func removeFlows(_ input: ChangeWorkbenchFlowsInput) async throws -> Change {
    try await changeFlows(input) { .remove($0) }
  }

  private func changeFlows(
    _ input: ChangeWorkbenchFlowsInput, _ change: ([Identifier]) -> WorkbenchStore.FlowChange
  ) async throws -> Change {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .workbench)
    context.audit(.workbench, id)
    let flows = change(try flowIDs(input.flowIds, 1))
    try await store.update(
      id, WorkbenchStore.Change(), flows: flows, expectedRevision: input.expectedRevision,
      in: viewer.organizationID)
    return Change(workbenchID: id)
  }

  private func flowIDs(_ ids: [String], _ minimum: Int) throws -> [Identifier] {
    try InputCheck.count(ids, minimum...WorkbenchStore.maximumFlows, field: "flowIds")
    return try ids.enumerated().map { place, id in
      try InputID.parse(id, .flow, field: "flowIds.\(place)")
    }
  }

  private func change(name: String?, purpose: String?, focus: [String]?) throws -> WorkbenchStore.Change {
    try InputCheck.all(
      { try InputCheck.optionalText(name, 1...200, field: "name") },
      { try InputCheck.optionalText(purpose, 0...2000, field: "purpose") },
      {
        try InputCheck.texts(
          focus ?? [], atMost: WorkbenchOperations.maximumFocus, 1...100, field: "focus")
      })
    let list = focus.map { JSONValue.array($0.map { .string($0) }).text() }
    return WorkbenchStore.Change(name: name, purpose: purpose, focus: list)
  }
}
