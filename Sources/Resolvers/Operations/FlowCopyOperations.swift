import Flows
import GraphQLEngine
import Schema
import Storage

/// Duplicating flows, and carrying them from one Studio to another.
struct FlowCopyOperations {
  let context: StudioContext

  init(context: StudioContext) { self.context = context }

  private var services: Services { context.services }

  func duplicate(_ input: DuplicateFlowInput) async throws -> CopiedFlow {
    let viewer = try context.requireViewer()
    try InputCheck.optionalText(input.name, 1...200, field: "name")
    let whole = try await load(input.id, viewer)
    let original = whole.flow.id
    let id = services.makeID()
    // What refers to itself goes on doing so.
    func reference(_ flow: Identifier?) -> Identifier? { flow == original ? id : flow }
    var graph = whole.flow.graph.copied(services.makeID)
    for place in graph.nodes.indices where graph.nodes[place].calledFlow == original {
      graph.nodes[place].setCalledFlow(id)
    }
    var copies = try TriggerCopies(for: id, graph, context)
    for var plan in whole.triggers.compactMap({ TriggerPlan($0) }) {
      plan.isEnabled = plan.isEnabled && input.enablesTriggers
      if case .flowEnd(let source, let states) = plan.event {
        plan.event = .flowEnd(reference(source), states: states)
      }
      try await copies.add(plan)
    }
    var copy = FlowStore.NewFlow(
      id: id, userID: viewer.userID, name: input.name ?? FlowCopyOperations.name(of: whole.flow),
      intention: whole.flow.intention, status: "paused", graph: graph)
    copy.notes = whole.notes
    copy.runPriority = whole.runPriority
    copy.maximumConcurrentRuns = whole.maximumConcurrentRuns
    copy.errorFlowID = reference(whole.flow.errorFlowID)
    copy.wantedErrorFlow = whole.wantedErrorFlow
    copy.triggers = copies.triggers
    context.audit(new: .flow, id)
    try await services.flows.create(copy, in: viewer.organizationID)
    return CopiedFlow(flowID: id, triggers: copies.made, warnings: copies.warnings)
  }

  func export(_ input: ExportFlowInput) async throws -> ExportFlowPayload {
    let viewer = try context.requireViewer()
    let whole = try await load(input.id, viewer)
    let graph = whole.flow.graph
    let integrations = try await services.integrations.names(
      of: Set(graph.nodes.compactMap(\.integrationID) + whole.triggers.compactMap(\.integrationID)),
      in: viewer.organizationID)
    let flows = try await services.flows.names(
      of: Set(
        graph.nodes.compactMap(\.calledFlow) + whole.triggers.compactMap(\.sourceFlowID)
          + [whole.flow.errorFlowID].compactMap { $0 }),
      in: viewer.organizationID)
    let names = FlowNames(flowID: whole.flow.id, integrations: integrations, flows: flows)
    return ExportFlowPayload(document: RawJSON(FlowDocument(whole, names).encoded().encoded()))
  }

  func importFlow(_ input: ImportFlowInput) async throws -> CopiedFlow {
    let size = input.file.flatMap { context.uploads[$0.token]?.size } ?? 0
    return try await services.largeDocuments.working(on: size) { try await imported(input) }
  }

  private func imported(_ input: ImportFlowInput) async throws -> CopiedFlow {
    let viewer = try context.requireViewer()
    try InputCheck.optionalText(input.name, 1...200, field: "name")
    let (value, path) = try await document(of: input)
    guard !value.containsNUL else {
      throw ServiceError(.badUserInput, "\(path) must not contain the character NUL.", field: path)
    }
    let document = try FlowDocument(reading: value, path: path, makeID: services.makeID)
    let (integrations, flows) = document.references
    var resolution = FlowResolution(
      flowID: services.makeID(),
      integrations: try await services.integrations.find(integrations, in: viewer.organizationID),
      flows: try await services.flows.find(flows, in: viewer.organizationID))
    let graph = resolution.graph(of: document, services.makeID)
    try await FlowCheck(context).require(graph, for: .drawing, paths: document.paths(in: path))
    var copies = try TriggerCopies(for: resolution.flowID, graph, context)
    for trigger in document.triggers { try await copies.add(resolution.plan(of: trigger)) }
    var flow = FlowStore.NewFlow(
      id: resolution.flowID, userID: viewer.userID, name: input.name ?? document.name,
      intention: document.intention, status: input.status.rawValue.lowercased(), graph: graph)
    flow.notes = document.notes
    flow.runPriority = document.runPriority
    flow.maximumConcurrentRuns = document.maximumConcurrentRuns
    flow.errorFlowID = resolution.id(of: document.errorFlow, field: "errorFlow")
    if flow.errorFlowID == nil { flow.wantedErrorFlow = document.errorFlow?.name }
    flow.triggers = copies.triggers
    context.audit(new: .flow, flow.id)
    try await services.flows.create(flow, in: viewer.organizationID)
    return CopiedFlow(
      flowID: flow.id, missing: resolution.missing, triggers: copies.made,
      warnings: resolution.warnings + copies.warnings)
  }

  /// The document, and the input that it came by.
  private func document(of input: ImportFlowInput) async throws -> (JSONValue, String) {
    switch (input.document, input.file) {
    case (let document?, nil): return (JSONValue(document), "document")
    case (nil, let upload?):
      guard let file = context.uploads[upload.token] else {
        throw ServiceError(.badUserInput, "file must be a file of this request.", field: "file")
      }
      guard file.size <= FlowDocument.maximumBytes else {
        throw ServiceError(
          .badUserInput, "file may have \(FlowDocument.maximumBytes) bytes at most.", field: "file")
      }
      do {
        return (try JSONValue(parsingExactly: try await file.content()), "file")
      } catch let error as Flows.JSONError {
        throw ServiceError(
          .badUserInput, "file is not JSON: \(error.message) (byte \(error.offset)).", field: "file")
      }
    default:
      throw ServiceError(.badUserInput, "Give just one of document and file.", field: "document")
    }
  }

  private func load(_ text: String, _ viewer: Viewer) async throws -> FlowStore.WholeFlow {
    let id = try InputID.parse(text, .flow)
    context.audit(.flow, id)
    guard let flow = try await services.flows.loadWhole(id, in: viewer.organizationID) else {
      throw StorageError.notFound
    }
    return flow
  }

  /// The name of a copy, cut so that it is not too long.
  private static func name(of flow: FlowStore.StoredFlow) -> String {
    let suffix = " (copy)"
    return flow.name.prefix(200 - suffix.count) + suffix
  }
}

/// What a document's names mean in an organization.
private struct FlowResolution {
  /// The flow that the document becomes.
  let flowID: Identifier
  let integrations: [IntegrationName: Identifier]
  let flows: [String: Identifier]
  private(set) var missing: [MissingIntegration] = []
  private(set) var warnings: [CopyWarning] = []

  init(
    flowID: Identifier, integrations: [IntegrationName: Identifier], flows: [String: Identifier]
  ) {
    self.flowID = flowID
    self.integrations = integrations
    self.flows = flows
  }

  /// A node whose integration is not there has none; one whose flow is not there calls one that does not
  /// exist, as if it had been deleted.
  mutating func graph(of document: FlowDocument, _ makeID: () -> Identifier) -> FlowGraph {
    var graph = FlowGraph(nodes: [], connections: document.connections)
    for (place, entry) in document.nodes.enumerated() {
      var node = entry.node
      node.integrationID = entry.integration.flatMap { integrations[$0] }
      if let named = entry.integration, node.integrationID == nil {
        missing.append(MissingIntegration(nodeKey: node.key, type: named.type, name: named.name))
        node.wanted.integration = WantedNames.Integration(type: named.type, name: named.name)
      }
      if entry.flow != nil {
        let called = id(of: entry.flow, field: "nodes.\(place).flow")
        node.setCalledFlow(called ?? makeID())
        if called == nil { node.wanted.flow = entry.flow?.name }
      }
      graph.nodes.append(node)
    }
    return graph
  }

  func plan(of trigger: FlowDocument.Trigger) -> TriggerPlan {
    var plan = trigger.plan
    switch plan.event {
    case .schedule, .webhook: break
    case .flowEnd(_, let states):
      let source = id(of: trigger.source)
      plan.event = .flowEnd(source, states: states)
      plan.wantedFlow = source == nil ? trigger.source?.name : nil
    case .integration(var event, _):
      let integration = trigger.account.flatMap { integrations[$0] }
      event.accountName = integration == nil ? trigger.account?.name : nil
      plan.event = .integration(event, integration)
    }
    return plan
  }

  /// Notes what is not there under the field.
  mutating func id(of flow: FlowReference?, field: String) -> Identifier? {
    guard let flow else { return nil }
    if let id = id(of: flow) { return id }
    let message =
      if case .named(let name) = flow { "There is no flow \"\(name)\", or several." } else {
        "The flow did not exist any more when the document was written."
      }
    warnings.append(CopyWarning(code: .missingFlow, message: message, field: field))
    return nil
  }

  private func id(of flow: FlowReference?) -> Identifier? {
    switch flow {
    case .itself?: flowID
    case .named(let name)?: flows[name]
    case .lost?, nil: nil
    }
  }
}

extension FlowGraph {
  /// The same graph under new ids.
  fileprivate func copied(_ makeID: () -> Identifier) -> FlowGraph {
    var newID: [Identifier: Identifier] = [:]
    for node in self.nodes { newID[node.id] = makeID() }
    let nodes = self.nodes.map { node in
      var copy = FlowNode(
        id: newID[node.id] ?? makeID(), key: node.key, title: node.title, kind: node.kind, config: node.config
      )
      copy.detail = node.detail
      copy.integrationID = node.integrationID
      copy.order = node.order
      copy.parentID = node.parentID.flatMap { newID[$0] }
      copy.wanted = node.wanted
      return copy
    }
    let connections = self.connections.compactMap { connection -> FlowConnection? in
      guard let from = newID[connection.from], let to = newID[connection.to] else { return nil }
      return FlowConnection(
        id: makeID(), from: from, to: to, label: connection.label, condition: connection.condition,
        outcome: connection.outcome)
    }
    return FlowGraph(nodes: nodes, connections: connections)
  }
}
