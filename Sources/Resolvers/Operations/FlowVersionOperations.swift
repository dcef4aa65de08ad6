import Flows
import Schema
import Storage

/// Publishing flows, and going back to former versions.
struct FlowVersionOperations {
  let context: StudioContext

  init(context: StudioContext) { self.context = context }

  private var services: Services { context.services }

  func publish(_ input: PublishFlowInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .flow)
    context.audit(.flow, id)
    return try await retrying(id, input.expectedRevision) { flow in
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
    return try await retrying(version.flowID, input.expectedRevision) { flow in
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

  /// Loads a flow and changes it; again when somebody else was faster and the caller named no revision.
  private func retrying<Value>(
    _ id: Identifier, _ expectedRevision: Int?, _ body: (FlowStore.StoredFlow) async throws -> Value
  ) async throws -> Value {
    let organization = try context.requireViewer().organizationID
    var attempt = 1
    while true {
      guard let flow = try await services.flows.load(id, in: organization) else {
        throw StorageError.notFound
      }
      if let expectedRevision, expectedRevision != flow.revision {
        throw StorageError.revisionConflict(current: flow.revision)
      }
      do {
        return try await body(flow)
      } catch let error as StorageError {
        guard case .revisionConflict = error, expectedRevision == nil, attempt < FlowEditing.maximumTries
        else { throw error }
        attempt += 1
      }
    }
  }
}
