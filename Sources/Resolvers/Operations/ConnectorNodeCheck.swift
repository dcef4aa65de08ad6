import Connectors
import Flows
import Storage

/// Checks the action nodes that use a connector: that their integration's connector has the operation, and
/// that its input can be right.
struct ConnectorNodeCheck {
  let catalogue: ConnectorCatalogue
  /// The connectors' types, by integration.
  let types: [Identifier: String]

  /// Whether a node has no account yet: so are those of an imported flow whose integrations are not there,
  /// and they are given one after the other.
  static func isLackOfIntegration(_ problem: Flows.FlowProblem, in graph: FlowGraph) -> Bool {
    problem.field == integrationField
      && graph.nodes.contains { $0.id == problem.nodeID && $0.integrationID == nil }
  }

  private static let integrationField = "integrationId"

  func problems(of graph: FlowGraph) -> [Flows.FlowProblem] { graph.nodes.compactMap(problem) }

  private func problem(of node: FlowNode) -> Flows.FlowProblem? {
    guard let call = node.connectorCall, !call.operation.isEmpty else { return nil }
    func problem(_ message: String, _ field: String) -> Flows.FlowProblem {
      Flows.FlowProblem(.invalidConfig, "Node '\(node.key)': \(message)", node: node.id, field: field)
    }
    guard let id = node.integrationID else {
      return problem("A connector's operation needs an integration.", ConnectorNodeCheck.integrationField)
    }
    // Whether the organization has the integration is found where the flow is stored.
    guard let type = types[id] else { return nil }
    guard let manifest = catalogue.manifest(type) else {
      return problem("The connector \(type) is no longer offered.", ConnectorNodeCheck.integrationField)
    }
    guard let operation = manifest.operation(call.operation) else {
      let name = call.operation.prefix(64)
      return problem("\(manifest.name) has no operation '\(name)'.", "config.operation")
    }
    guard let wrong = operation.inputProblem(ofTemplate: call.input) else { return nil }
    let field = wrong.path.isEmpty ? "config.input" : "config.input." + wrong.path
    return problem("The input \(wrong.path) \(wrong.message).", field)
  }
}
