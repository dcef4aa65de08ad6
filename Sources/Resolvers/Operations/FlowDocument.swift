import Flows
import Storage

/// A flow as one JSON document that another Studio can read: nodes are known by their keys, integrations by
/// type and name. docs/flows.md tells the format.
struct FlowDocument {
  /// The format that this code writes and reads.
  static let format: Int64 = 1
  static let kind = "flow"

  /// A node with the integration that it asks for.
  struct Node {
    var node: FlowNode
    var integration: IntegrationName?
  }

  var name: String
  var intention: String
  var nodes: [Node]
  var connections: [FlowConnection]
}

// MARK: Writing

extension FlowDocument {
  /// - Parameter integrations: the names of those that the flow's nodes use.
  init(_ flow: FlowStore.StoredFlow, integrations: [Identifier: IntegrationName]) {
    name = flow.name
    intention = flow.intention
    nodes = flow.graph.nodes.map { node in
      Node(node: node, integration: node.integrationID.flatMap { integrations[$0] })
    }
    connections = flow.graph.connections
  }

  func encoded() -> JSONValue {
    var keys: [Identifier: String] = [:]
    for entry in nodes { keys[entry.node.id] = entry.node.key }
    return [
      "studio": .string(FlowDocument.kind), "format": .integer(FlowDocument.format), "name": .string(name),
      "intention": .string(intention),
      "nodes": .array(nodes.map { FlowDocument.encoded($0, parent: $0.node.parentID.flatMap { keys[$0] }) }),
      "connections": .array(
        connections.map { connection in
          [
            "from": .string(keys[connection.from] ?? ""), "to": .string(keys[connection.to] ?? ""),
            "label": connection.label.map { .string($0) } ?? .null,
            "condition": connection.condition.map { .string($0) } ?? .null,
            "outcome": .string(connection.outcome.rawValue.uppercased()),
          ]
        }),
    ]
  }

  private static func encoded(_ entry: Node, parent: String?) -> JSONValue {
    let node = entry.node
    return [
      "key": .string(node.key), "title": .string(node.title),
      "kind": .string(node.kind.rawValue.uppercased()),
      "detail": .string(node.detail), "config": node.config, "parent": parent.map { .string($0) } ?? .null,
      "integration": entry.integration.map { ["type": .string($0.type), "name": .string($0.name)] } ?? .null,
    ]
  }
}

// MARK: Reading

extension FlowDocument {
  /// - Throws: `BAD_USER_INPUT` with the path of what is wrong, `document.nodes.2.kind`.
  init(reading value: JSONValue, makeID: () -> Identifier) throws {
    let reader = FlowDocumentReader(value: value, path: "document")
    guard try reader.string("studio") == FlowDocument.kind,
      value["format"]?.integer == FlowDocument.format
    else {
      throw ServiceError(
        .badUserInput, "document is no flow of the format \(FlowDocument.format).", field: "document.format")
    }
    name = try reader.text("name", 1...200)
    intention = try reader.text("intention", 1...2000)
    nodes = []
    var idByKey: [String: Identifier] = [:]
    for (place, item) in try reader.list("nodes").enumerated() {
      let node = try FlowDocument.node(item, makeID(), place)
      idByKey[node.node.key] = idByKey[node.node.key] ?? node.node.id
      nodes.append(node)
    }
    for (place, item) in try reader.list("nodes").enumerated() where item.value["parent"] ?? .null != .null {
      nodes[place].node.parentID = try item.node("parent", idByKey)
    }
    connections = try reader.list("connections").map { item in
      FlowConnection(
        id: makeID(), from: try item.node("from", idByKey), to: try item.node("to", idByKey),
        label: try item.optionalText("label", 0...200),
        condition: try item.optionalText("condition", 0...4000), outcome: try item.outcome())
    }
  }

  private static func node(_ item: FlowDocumentReader, _ id: Identifier, _ place: Int) throws -> Node {
    let kind = try item.string("kind")
    guard kind == kind.uppercased(), let kind = Flows.NodeKind(rawValue: kind.lowercased()) else {
      throw item.wrong("kind", "is unknown")
    }
    var node = FlowNode(
      id: id, key: try item.string("key"), title: try item.text("title", 1...200), kind: kind,
      config: item.value["config"] ?? .object([:]))
    node.detail = try item.optionalText("detail", 0...2000) ?? ""
    node.order = place
    var integration: IntegrationName?
    if let named = try item.optionalObject("integration") {
      integration = IntegrationName(
        type: try named.text("type", 1...200), name: try named.text("name", 1...200))
    }
    return Node(node: node, integration: integration)
  }

  /// The graph with the integrations that the organization has.
  func graph(integrations: [IntegrationName: Identifier]) -> FlowGraph {
    let nodes = self.nodes.map { entry in
      var node = entry.node
      node.integrationID = entry.integration.flatMap { integrations[$0] }
      return node
    }
    return FlowGraph(nodes: nodes, connections: connections)
  }

  /// Where in the input its nodes and connections are, by id.
  var paths: [Identifier: String] {
    var paths: [Identifier: String] = [:]
    for (place, entry) in nodes.enumerated() { paths[entry.node.id] = "document.nodes.\(place)" }
    for (place, connection) in connections.enumerated() {
      paths[connection.id] = "document.connections.\(place)"
    }
    return paths
  }
}

/// Reads one object of a document; errors name its path.
struct FlowDocumentReader {
  let value: JSONValue
  let path: String

  func string(_ key: String) throws -> String {
    guard let text = value[key]?.string else { throw wrong(key, "must be a text") }
    return text
  }

  func text(_ key: String, _ range: ClosedRange<Int>) throws -> String {
    let text = try string(key)
    try InputCheck.text(text, range, field: "\(path).\(key)")
    return text
  }

  /// Nil when it is null or left out.
  func optionalText(_ key: String, _ range: ClosedRange<Int>) throws -> String? {
    guard let member = value[key], member != .null else { return nil }
    return try text(key, range)
  }

  /// Nil when it is null or left out.
  func optionalObject(_ key: String) throws -> FlowDocumentReader? {
    guard let member = value[key], member != .null else { return nil }
    guard member.object != nil else { throw wrong(key, "must be an object") }
    return FlowDocumentReader(value: member, path: "\(path).\(key)")
  }

  /// The objects of a list, as many as a flow may have.
  func list(_ key: String) throws -> [FlowDocumentReader] {
    guard let items = value[key]?.array else { throw wrong(key, "must be a list") }
    try InputCheck.count(items, 0...FlowGraph.maximumCount, field: "\(path).\(key)")
    return items.enumerated().map { FlowDocumentReader(value: $1, path: "\(path).\(key).\($0)") }
  }

  func node(_ key: String, _ idByKey: [String: Identifier]) throws -> Identifier {
    guard let id = idByKey[try string(key)] else { throw wrong(key, "names a node that does not exist") }
    return id
  }

  /// Of a connection; SUCCESS when it is null or left out.
  func outcome() throws -> Flows.ConnectionOutcome {
    guard let member = value["outcome"], member != .null else { return .success }
    switch try string("outcome") {
    case "SUCCESS": return .success
    case "ERROR": return .error
    default: throw wrong("outcome", "must be SUCCESS or ERROR")
    }
  }

  func wrong(_ key: String, _ problem: String) -> ServiceError {
    ServiceError(.badUserInput, "\(path).\(key) \(problem).", field: "\(path).\(key)")
  }
}
