import Flows
import Schema
import Storage

/// Publishing flows, and going back to former versions.
struct FlowVersionOperations {
  let context: StudioContext

  init(context: StudioContext) { self.context = context }

  private var services: Services { context.services }
  private var editing: FlowEditing { FlowEditing(context: context) }

  func publish(_ input: PublishFlowInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .flow)
    context.audit(.flow, id)
    return try await editing.withFlow(id, expectedRevision: input.expectedRevision) { flow in
      try await FlowCheck(context).require(flow.graph, for: .running, paths: [:])
      let version = try await services.flows.publish(
        flow, newVersionID: services.makeID(), in: viewer.organizationID)
      return Change(flowID: id, versionID: version)
    }
  }

  func restore(_ input: RestoreFlowVersionInput) async throws -> RestoredVersion {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .flowVersion)
    guard let version = try await services.flows.version(id, in: viewer.organizationID) else {
      throw ServiceError.notFound("version")
    }
    context.audit(.flow, version.flowID)
    return try await editing.withFlow(version.flowID, expectedRevision: input.expectedRevision) { flow in
      let losses = try await services.flows.restore(version, over: flow, in: viewer.organizationID)
      var restored = RestoredVersion(flowID: flow.id, keys: losses.nodeKeys)
      if losses.errorFlow {
        restored.warnings = [
          CopyWarning(
            code: .missingFlow, message: "The version's error flow does not exist any more.",
            field: "errorFlow")
        ]
      }
      return restored
    }
  }
}
