import Flows
import Storage

/// Changes a stored graph: load, change, check, save on the revision that was loaded.
struct FlowEditing {
  let context: StudioContext

  /// - Parameters:
  ///   - paths: where in the input the changed nodes and connections are, by id; nil when the input has the
  ///     whole graph.
  ///   - body: changes the graph and says how complete it must be now.
  /// - Throws: `StorageError.notFound`, `.revisionConflict`; the graph's problems.
  func edit(
    _ id: Identifier, expectedRevision: Int?, _ change: FlowStore.Change = FlowStore.Change(),
    paths: [Identifier: String]? = nil,
    _ body: (inout FlowGraph) throws -> FlowCheck.Purpose
  ) async throws {
    let organization = try context.requireViewer().organizationID
    let store = context.services.flows
    try await withFlow(id, expectedRevision: expectedRevision) { flow in
      var graph = flow.graph
      let purpose = try body(&graph)
      try await FlowCheck(context).require(graph, for: purpose, paths: paths)
      try await store.save(graph, over: flow, change, in: organization)
    }
  }

  /// Loads a flow for a change on its revision. Who named no revision and was overtaken does it again with
  /// the flow locked: nobody overtakes them then, however many want to.
  /// - Throws: `StorageError.notFound`; `.revisionConflict` when the flow has not the expected revision.
  func withFlow<Value>(
    _ id: Identifier, expectedRevision: Int?,
    _ body: nonisolated(nonsending) (FlowStore.StoredFlow) async throws -> Value
  ) async throws -> Value {
    let organization = try context.requireViewer().organizationID
    let store = context.services.flows
    do {
      guard let flow = try await store.load(id, in: organization) else { throw StorageError.notFound }
      if let expectedRevision, expectedRevision != flow.revision {
        throw StorageError.revisionConflict(current: flow.revision)
      }
      return try await body(flow)
    } catch StorageError.revisionConflict where expectedRevision == nil {
      return try await store.withLocked(id, in: organization, body)
    }
  }
}
