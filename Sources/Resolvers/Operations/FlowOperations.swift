import Flows
import Schema
import Storage

/// Creating, changing and checking whole flows.
struct FlowOperations {
  let context: StudioContext

  init(context: StudioContext) { self.context = context }

  private var services: Services { context.services }
  private var check: FlowCheck { get throws { try FlowCheck(context) } }

  func create(_ input: CreateFlowInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let given = graphInput(input.nodes, input.connections)
    try checkTexts(input.name, input.intention) { try given.checkTexts() }
    let graph = try given.graph()
    try await check.require(graph, for: .saving)
    let flow = FlowStore.NewFlow(
      id: services.makeID(), userID: viewer.userID, name: input.name, intention: input.intention,
      status: input.status.rawValue.lowercased(), graph: graph)
    context.audit(new: .flow, flow.id)
    try await services.flows.create(flow, in: viewer.organizationID)
    return Change(flowID: flow.id)
  }

  func update(_ input: UpdateFlowInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .flow)
    context.audit(.flow, id)
    try checkTexts(input.name, input.intention) {
      try InputCheck.optionalText(input.notes, 0...2000, field: "notes")
    }
    var change = FlowStore.Change(name: input.name, intention: input.intention)
    change.notes = input.notes
    change.runPriority = input.runPriority.map(Storage.RunPriority.init)
    if input.gives("errorFlowId") {
      change.errorFlowID = .some(
        try input.errorFlowId.map { try InputID.parse($0, .flow, field: "errorFlowId") })
    }
    try await services.flows.update(
      id, change, expectedRevision: input.expectedRevision, in: viewer.organizationID)
    return Change(flowID: id)
  }

  func replace(_ input: ReplaceFlowInput) async throws -> Change {
    let id = try InputID.parse(input.id, .flow)
    context.audit(.flow, id)
    let given = graphInput(input.nodes, input.connections)
    try checkTexts(input.name, input.intention) { try given.checkTexts() }
    let change = FlowStore.Change(name: input.name, intention: input.intention)
    try await FlowEditing(context: context).edit(id, expectedRevision: input.expectedRevision, change) {
      graph in
      graph = try given.graph(keeping: graph)
      return .saving
    }
    return Change(flowID: id)
  }

  func delete(_ input: DeleteFlowInput) async throws -> DeleteFlowPayload {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .flow)
    context.audit(.flow, id)
    try await services.flows.delete(
      id, expectedRevision: input.expectedRevision, in: viewer.organizationID)
    return DeleteFlowPayload(deletedId: input.id)
  }

  func changeStatus(_ input: ChangeFlowStatusInput, to status: String) async throws -> Change {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .flow)
    context.audit(.flow, id)
    try await services.flows.update(
      id, FlowStore.Change(status: status), expectedRevision: input.expectedRevision,
      in: viewer.organizationID)
    return Change(flowID: id)
  }

  func validate(_ input: ValidateFlowInput) async throws -> Validation {
    let viewer = try context.requireViewer()
    if let text = input.id {
      let id = try InputID.parse(text, .flow)
      context.audit(.flow, id)
      guard let flow = try await services.flows.load(id, in: viewer.organizationID) else {
        throw StorageError.notFound
      }
      return Validation(problems: try await check.report(flow.graph))
    }
    guard let nodes = input.nodes else {
      throw ServiceError(.badUserInput, "Give either id or nodes.", field: "nodes")
    }
    do {
      let given = graphInput(nodes, input.connections ?? [])
      try given.checkTexts()
      return Validation(problems: try await check.report(try given.graph()))
    } catch let error as ServiceError where error.code == .badUserInput {
      return Validation(problems: [FlowOperations.problem(error)])
    } catch let several as InputProblems {
      return Validation(problems: several.errors.map(FlowOperations.problem))
    }
  }

  /// A graph that cannot even be made of the input has a problem too.
  private static func problem(_ error: ServiceError) -> FlowProblemObject {
    FlowProblemObject(
      code: "INVALID_INPUT", severity: .error, message: error.message, nodeKey: nil, field: error.field)
  }

  private func graphInput(
    _ nodes: [FlowNodeInput], _ connections: [FlowConnectionInput]
  ) -> FlowGraphInput {
    FlowGraphInput(nodes: nodes, connections: connections, makeID: services.makeID)
  }

  private func checkTexts(
    _ name: String?, _ intention: String?, and more: @escaping () throws -> Void
  ) throws {
    try InputCheck.all(
      { try InputCheck.optionalText(name, 1...200, field: "name") },
      { try InputCheck.optionalText(intention, 1...2000, field: "intention") }, more)
  }
}

extension Storage.RunPriority {
  init(_ priority: Schema.RunPriority) {
    switch priority {
    case .high: self = .high
    case .normal: self = .normal
    case .low: self = .low
    }
  }
}
