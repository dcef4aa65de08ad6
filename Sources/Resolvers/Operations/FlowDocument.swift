import Flows
import Storage

/// A flow as one JSON document that another Studio can read: nodes are known by their keys, integrations by
/// type and name, other flows by name. docs/flows.md tells the format.
public struct FlowDocument {
  /// The format that this code writes; it reads those before it too.
  static let format: Int64 = 2
  static let kind = "flow"
  /// Bytes of a document in a file: as much as the answer of `exportFlow` may have. The largest flow has
  /// less: 500 configs of 64 KiB are half of it.
  public static let maximumBytes = 64 << 20

  /// A node with what it asks for.
  struct Node {
    var node: FlowNode
    var integration: IntegrationName?
    /// Of a node that calls a flow; its config has no id of one then.
    var flow: FlowReference?
  }

  var name: String
  var intention: String
  var notes = ""
  var runPriority = RunPriority.normal
  var maximumConcurrentRuns: Int?
  var errorFlow: FlowReference?
  var nodes: [Node] = []
  var connections: [FlowConnection] = []
  var triggers: [Trigger] = []
}

/// How a document names a flow.
enum FlowReference: Hashable {
  /// The document's own.
  case itself
  case named(String)
  /// One that did not exist any more when the document was written.
  case lost

  var name: String? { if case .named(let name) = self { name } else { nil } }
}

/// The names of what a flow refers to.
struct FlowNames {
  let flowID: Identifier
  let integrations: [Identifier: IntegrationName]
  let flows: [Identifier: String]

  /// - Parameter wanted: the name by which a flow was asked for that was not there.
  func reference(_ id: Identifier?, wanted: String?) -> FlowReference? {
    let asked = wanted.map { FlowReference.named($0) }
    guard let id else { return asked }
    return id == flowID ? .itself : flows[id].map { .named($0) } ?? asked ?? .lost
  }
}

// MARK: Writing

extension FlowDocument {
  init(_ whole: FlowStore.WholeFlow, _ names: FlowNames) {
    name = whole.flow.name
    intention = whole.flow.intention
    notes = whole.notes
    runPriority = whole.runPriority
    maximumConcurrentRuns = whole.maximumConcurrentRuns
    errorFlow = names.reference(whole.flow.errorFlowID, wanted: whole.wantedErrorFlow)
    nodes = whole.flow.graph.nodes.map { node in
      var entry = Node(node: node, integration: node.integrationID.flatMap { names.integrations[$0] })
      if let wanted = node.wanted.integration, entry.integration == nil {
        entry.integration = IntegrationName(type: wanted.type, name: wanted.name)
      }
      if let called = node.calledFlow {
        entry.flow = names.reference(called, wanted: node.wanted.flow)
        entry.node.setCalledFlow(nil)
      }
      return entry
    }
    connections = whole.flow.graph.connections
    triggers = whole.triggers.compactMap { TriggerPlan($0) }.map { Trigger($0, names) }
  }

  func encoded() -> JSONValue {
    var keys: [Identifier: String] = [:]
    for entry in nodes { keys[entry.node.id] = entry.node.key }
    return [
      "studio": .string(FlowDocument.kind), "format": .integer(FlowDocument.format), "name": .string(name),
      "intention": .string(intention), "notes": .string(notes),
      "runPriority": .string("\(runPriority)".uppercased()),
      "maximumConcurrentRuns": maximumConcurrentRuns.map { .integer(Int64($0)) } ?? .null,
      "errorFlow": FlowDocument.encoded(errorFlow),
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
      "triggers": .array(triggers.map { $0.encoded() }),
    ]
  }

  private static func encoded(_ entry: Node, parent: String?) -> JSONValue {
    let node = entry.node
    var object: JSONObject = [
      "key": .string(node.key), "title": .string(node.title),
      "kind": .string(node.kind.rawValue.uppercased()),
      "detail": .string(node.detail), "config": node.config, "parent": parent.map { .string($0) } ?? .null,
      "integration": encoded(entry.integration),
    ]
    if entry.flow != nil { object["flow"] = encoded(entry.flow) }
    return .object(object)
  }

  static func encoded(_ integration: IntegrationName?) -> JSONValue {
    integration.map { ["type": .string($0.type), "name": .string($0.name)] } ?? .null
  }

  static func encoded(_ flow: FlowReference?) -> JSONValue {
    switch flow {
    case nil: .null
    case .itself?: ["itself": true]
    case .named(let name)?: ["name": .string(name)]
    case .lost?: ["name": .null]
    }
  }
}

// MARK: Reading

extension FlowDocument {
  /// - Parameter path: the input that it is.
  /// - Throws: `BAD_USER_INPUT` with the path of what is wrong, `document.nodes.2.kind`.
  init(reading value: JSONValue, path: String, makeID: () -> Identifier) throws {
    let reader = FlowDocumentReader(value: value, path: path)
    guard try reader.string("studio") == FlowDocument.kind, let format = value["format"]?.integer,
      (1...FlowDocument.format).contains(format)
    else {
      throw ServiceError(
        .badUserInput, "\(path) is no flow of the format \(FlowDocument.format) or an earlier one.",
        field: "\(path).format")
    }
    name = try reader.text("name", 1...200)
    intention = try reader.text("intention", 1...2000)
    notes = try reader.optionalText("notes", 0...2000) ?? ""
    switch try reader.optionalText("runPriority", 1...200) {
    case nil, "NORMAL"?: runPriority = .normal
    case "HIGH"?: runPriority = .high
    case "LOW"?: runPriority = .low
    default: throw reader.wrong("runPriority", "is unknown")
    }
    maximumConcurrentRuns = try reader.optionalNumber(
      "maximumConcurrentRuns", 1...RunLimits.maximum)
    errorFlow = try reader.optionalFlow("errorFlow")
    let idByKey = try readNodes(reader, makeID)
    connections = try reader.list("connections").map { item in
      FlowConnection(
        id: makeID(), from: try item.node("from", idByKey), to: try item.node("to", idByKey),
        label: try item.optionalText("label", 0...200),
        condition: try item.optionalText("condition", 0...4000), outcome: try item.outcome())
    }
    guard value["triggers"] ?? .null != .null else { return }
    triggers = try reader.list("triggers", atMost: TriggerStore.maximum).map { try Trigger(reading: $0) }
  }

  /// - Returns: the nodes' ids by their keys.
  private mutating func readNodes(
    _ reader: FlowDocumentReader, _ makeID: () -> Identifier
  ) throws -> [String: Identifier] {
    var idByKey: [String: Identifier] = [:]
    let items = try reader.list("nodes")
    for (place, item) in items.enumerated() {
      let node = try FlowDocument.node(item, makeID(), place)
      idByKey[node.node.key] = idByKey[node.node.key] ?? node.node.id
      nodes.append(node)
    }
    for (place, item) in items.enumerated() where item.value["parent"] ?? .null != .null {
      nodes[place].node.parentID = try item.node("parent", idByKey)
    }
    return idByKey
  }

  private static func node(_ item: FlowDocumentReader, _ id: Identifier, _ place: Int) throws -> Node {
    guard let kind = try item.choice("kind", Flows.NodeKind.self) else {
      throw item.wrong("kind", "must be a text")
    }
    var node = FlowNode(
      id: id, key: try item.string("key"), title: try item.text("title", 1...200), kind: kind,
      config: item.value["config"] ?? .object([:]))
    node.detail = try item.optionalText("detail", 0...2000) ?? ""
    node.order = place
    return Node(
      node: node, integration: try item.optionalIntegration("integration"),
      flow: try item.optionalFlow("flow"))
  }

  /// What it names, so that the organization is asked once for all of it.
  var references: (integrations: Set<IntegrationName>, flows: Set<String>) {
    let flows = [errorFlow] + nodes.map(\.flow) + triggers.map(\.source)
    let names = flows.compactMap { $0?.name }
    return (
      Set(nodes.compactMap(\.integration) + triggers.compactMap(\.account)), Set(names)
    )
  }

  /// Where in the input its nodes and connections are, by id.
  func paths(in document: String) -> [Identifier: String] {
    var paths: [Identifier: String] = [:]
    for (place, entry) in nodes.enumerated() { paths[entry.node.id] = "\(document).nodes.\(place)" }
    for (place, connection) in connections.enumerated() {
      paths[connection.id] = "\(document).connections.\(place)"
    }
    return paths
  }
}
