/// An immutable snapshot of a flow: what a run executes, whatever happens to the flow later.
///
/// Stored as one JSON document, `encoded()`.
public struct FlowVersion: Sendable, Equatable {
  public let id: Identifier
  public let flowID: Identifier
  /// The flow's name when the snapshot was made.
  public let flowName: String
  /// 1, 2, 3 … within the flow.
  public let number: Int
  public let graph: FlowGraph
  /// The flow of which a run is started when a run of this version fails.
  public var errorFlowID: Identifier?

  public init(
    id: Identifier, flowID: Identifier, flowName: String, number: Int, graph: FlowGraph,
    errorFlowID: Identifier? = nil
  ) {
    self.id = id
    self.flowID = flowID
    self.flowName = flowName
    self.number = number
    self.graph = graph
    self.errorFlowID = errorFlowID
  }
}

/// A stored version that cannot be read.
public struct FlowVersionError: Error, Equatable, Sendable {
  /// What is wrong; for the log.
  public let message: String
}

extension FlowVersion {
  /// The format of the document that this code writes.
  static let format: Int64 = 1

  /// The document: `{"format": 1, "id": "fver_…", "flow": {"id", "name"}, "number", "nodes": […],
  /// "connections": […]}`.
  public func encoded() -> JSONValue {
    var flow: JSONObject = ["id": .string(flowID.text(.flow)), "name": .string(flowName)]
    if let errorFlowID { flow["errorFlow"] = .string(errorFlowID.text(.flow)) }
    return [
      "format": .integer(FlowVersion.format),
      "id": .string(id.text(.flowVersion)),
      "flow": .object(flow),
      "number": .integer(Int64(number)),
      "nodes": .array(graph.nodes.map(FlowVersion.encoded)),
      "connections": .array(graph.connections.map(FlowVersion.encoded)),
    ]
  }

  /// The version that `encoded()` has written.
  public init(decoding document: JSONValue) throws(FlowVersionError) {
    let reader = DocumentReader(value: document, path: "version")
    guard try reader.integer("format") == FlowVersion.format else {
      throw FlowVersionError(message: "version.format is not \(FlowVersion.format)")
    }
    id = try reader.id("id", .flowVersion)
    let flow = try reader.child("flow")
    flowID = try flow.id("id", .flow)
    flowName = try flow.string("name")
    errorFlowID = try flow.optionalID("errorFlow", .flow)
    number = Int(clamping: try reader.integer("number"))
    var nodes: [FlowNode] = []
    for node in try reader.children("nodes") { nodes.append(try FlowVersion.node(node)) }
    var connections: [FlowConnection] = []
    for connection in try reader.children("connections") {
      connections.append(try FlowVersion.connection(connection))
    }
    graph = FlowGraph(nodes: nodes, connections: connections)
  }

  // What most nodes and connections do not have is left out: documents of before read as ever.
  private static func encoded(_ node: FlowNode) -> JSONValue {
    var object: JSONObject = [
      "id": .string(node.id.text(.node)), "key": .string(node.key), "title": .string(node.title),
      "detail": .string(node.detail), "kind": .string(node.kind.rawValue),
      "integration": JSONValue(node.integrationID?.text(.integration)), "config": node.config,
      "order": .integer(Int64(node.order)),
    ]
    if let parent = node.parentID { object["parent"] = .string(parent.text(.node)) }
    if !node.wanted.isEmpty { object["wanted"] = node.wanted.json }
    return .object(object)
  }

  private static func encoded(_ connection: FlowConnection) -> JSONValue {
    var object: JSONObject = [
      "id": .string(connection.id.text(.connection)), "from": .string(connection.from.text(.node)),
      "to": .string(connection.to.text(.node)), "label": JSONValue(connection.label),
      "condition": JSONValue(connection.condition),
    ]
    if connection.outcome != .success { object["on"] = .string(connection.outcome.rawValue) }
    return .object(object)
  }

  private static func node(_ reader: DocumentReader) throws(FlowVersionError) -> FlowNode {
    guard let kind = NodeKind(rawValue: try reader.string("kind")) else {
      throw FlowVersionError(message: "\(reader.path).kind is unknown")
    }
    var node = FlowNode(
      id: try reader.id("id", .node), key: try reader.string("key"), title: try reader.string("title"),
      kind: kind, config: reader.value["config"] ?? .object([:]))
    node.detail = try reader.string("detail")
    node.order = Int(clamping: try reader.integer("order"))
    node.integrationID = try reader.optionalID("integration", .integration)
    node.parentID = try reader.optionalID("parent", .node)
    node.wanted = WantedNames(reader.value["wanted"])
    return node
  }

  private static func connection(_ reader: DocumentReader) throws(FlowVersionError) -> FlowConnection {
    guard let outcome = ConnectionOutcome(rawValue: reader.value["on"]?.string ?? "success") else {
      throw FlowVersionError(message: "\(reader.path).on is unknown")
    }
    return FlowConnection(
      id: try reader.id("id", .connection), from: try reader.id("from", .node),
      to: try reader.id("to", .node), label: reader.value["label"]?.string,
      condition: reader.value["condition"]?.string, outcome: outcome)
  }
}

/// Reads members of a stored document and names the path of what is wrong.
private struct DocumentReader {
  let value: JSONValue
  let path: String

  func string(_ key: String) throws(FlowVersionError) -> String {
    guard let text = value[key]?.string else { throw wrong(key, "a string") }
    return text
  }

  func integer(_ key: String) throws(FlowVersionError) -> Int64 {
    guard let number = value[key]?.integer else { throw wrong(key, "an integer") }
    return number
  }

  func id(_ key: String, _ prefix: IdentifierPrefix) throws(FlowVersionError) -> Identifier {
    guard let id = try optionalID(key, prefix) else { throw wrong(key, "an id") }
    return id
  }

  func optionalID(_ key: String, _ prefix: IdentifierPrefix) throws(FlowVersionError) -> Identifier? {
    guard let text = value[key]?.string else { return nil }
    do {
      return try TypeID.parse(text, as: prefix)
    } catch {
      throw wrong(key, "an id that begins with '\(prefix.rawValue)_'")
    }
  }

  func child(_ key: String) throws(FlowVersionError) -> DocumentReader {
    guard let child = value[key], child.object != nil else { throw wrong(key, "an object") }
    return DocumentReader(value: child, path: "\(path).\(key)")
  }

  func children(_ key: String) throws(FlowVersionError) -> [DocumentReader] {
    guard let elements = value[key]?.array else { throw wrong(key, "a list") }
    return elements.enumerated().map { DocumentReader(value: $1, path: "\(path).\(key)[\($0)]") }
  }

  private func wrong(_ key: String, _ expected: String) -> FlowVersionError {
    FlowVersionError(message: "\(path).\(key) is not \(expected)")
  }
}
