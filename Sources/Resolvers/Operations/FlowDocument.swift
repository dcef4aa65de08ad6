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
  /// - Throws: `BAD_USER_INPUT` with the path of what is wrong, `document.nodes.2.kind`, for each member that
  ///   is.
  init(reading value: JSONValue, path: String, makeID: () -> Identifier) throws {
    let problems = FlowDocumentReader.Problems()
    let reader = FlowDocumentReader(value: value, path: path, problems: problems)
    let isFlow = reader.isObject() && reader.string("studio") == FlowDocument.kind
    // What is no document has no members that could be wrong.
    try problems.check()
    guard isFlow, let format = value["format"]?.integer, (1...FlowDocument.format).contains(format) else {
      throw ServiceError(
        .badUserInput, "\(path) is no flow of the format \(FlowDocument.format) or an earlier one.",
        field: "\(path).format")
    }
    name = reader.text("name", 1...200)
    intention = reader.text("intention", 1...2000)
    notes = reader.optionalText("notes", 0...2000) ?? ""
    runPriority = reader.runPriority()
    maximumConcurrentRuns = reader.optionalNumber("maximumConcurrentRuns", 1...RunLimits.maximum)
    errorFlow = reader.optionalFlow("errorFlow")
    readGraph(reader, makeID)
    if !reader.isAbsent("triggers") {
      let items = reader.list("triggers", atMost: TriggerStore.maximum) ?? []
      triggers = items.compactMap { Trigger(reading: $0) }
    }
    try problems.check()
  }

  private mutating func readGraph(_ reader: FlowDocumentReader, _ makeID: () -> Identifier) {
    let (items, lines) = (reader.list("nodes"), reader.list("connections"))
    guard let items, let lines else { return }
    var idByKey: [String: Identifier] = [:]
    for (place, item) in items.enumerated() {
      let node = FlowDocument.node(item, makeID(), place)
      idByKey[node.node.key] = idByKey[node.node.key] ?? node.node.id
      nodes.append(node)
    }
    for (place, item) in items.enumerated() where !item.isAbsent("parent") {
      nodes[place].node.parentID = item.node("parent", idByKey)
    }
    connections = lines.compactMap { $0.connection(idByKey, makeID) }
  }

  /// Without a kind that there is, it is a trigger; the document is refused then.
  private static func node(_ item: FlowDocumentReader, _ id: Identifier, _ place: Int) -> Node {
    guard item.isObject() else {
      return Node(node: FlowNode(id: id, key: "", title: "", kind: .trigger, config: [:]))
    }
    let kind = item.requiredChoice("kind", Flows.NodeKind.self) ?? .trigger
    var node = FlowNode(
      id: id, key: item.string("key"), title: item.text("title", 1...200), kind: kind,
      config: item.value["config"] ?? .object([:]))
    node.detail = item.optionalText("detail", 0...2000) ?? ""
    node.order = place
    return Node(
      node: node, integration: item.optionalIntegration("integration"), flow: item.optionalFlow("flow"))
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

extension FlowDocumentReader {
  fileprivate func runPriority() -> RunPriority {
    switch optionalText("runPriority", 1...200) {
    case nil, "NORMAL"?: return .normal
    case "HIGH"?: return .high
    case "LOW"?: return .low
    default:
      note("runPriority", "is unknown")
      return .normal
    }
  }

  /// Nil where it does not lead from a node to a node.
  fileprivate func connection(
    _ idByKey: [String: Identifier], _ makeID: () -> Identifier
  ) -> FlowConnection? {
    guard isObject() else { return nil }
    let (from, to) = (node("from", idByKey), node("to", idByKey))
    let label = optionalText("label", 0...200)
    let condition = optionalText("condition", 0...4000)
    let outcome = choice("outcome", Flows.ConnectionOutcome.self) ?? .success
    guard let from, let to else { return nil }
    return FlowConnection(
      id: makeID(), from: from, to: to, label: label, condition: condition, outcome: outcome)
  }

  /// A node that the document has.
  fileprivate func node(_ key: String, _ idByKey: [String: Identifier]) -> Identifier? {
    let id = idByKey[string(key)]
    if id == nil { note(key, "names a node that does not exist") }
    return id
  }
}
