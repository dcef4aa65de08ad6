import Flows
import Storage

/// Changes a stored graph: load, change, check, save on the revision that was loaded.
struct FlowEditing {
  /// When somebody else was faster and the caller named no revision, it is done again, so many times at most.
  static let maximumTries = 5

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
    for attempt in 1... {
      guard let flow = try await store.load(id, in: organization) else { throw StorageError.notFound }
      if let expectedRevision, expectedRevision != flow.revision {
        throw StorageError.revisionConflict(current: flow.revision)
      }
      var graph = flow.graph
      let purpose = try body(&graph)
      try await FlowCheck(context).require(graph, for: purpose, paths: paths)
      do {
        return try await store.save(graph, over: flow, change, in: organization)
      } catch let error as StorageError {
        guard case .revisionConflict = error, expectedRevision == nil, attempt < FlowEditing.maximumTries
        else { throw error }
      }
    }
  }
}
