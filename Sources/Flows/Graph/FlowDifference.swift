/// What two states of a flow differ in: nodes and connections that were added, removed or changed, by field.
///
/// They are the same when their ids are, so a node that was renamed is a changed node. Pure; of graphs of the
/// largest size it takes a few milliseconds.
public struct FlowDifference: Sendable, Equatable {
  public enum Kind: String, Sendable {
    case added, removed, changed
  }

  /// A field that differs; nil where a state has none.
  public struct Field: Sendable, Equatable {
    /// Of a node's settings the path: `config.url`.
    public let name: String
    public let before: JSONValue?
    public let after: JSONValue?

    public init(name: String, before: JSONValue?, after: JSONValue?) {
      self.name = name
      self.before = before
      self.after = after
    }
  }

  public struct Node: Sendable, Equatable {
    public let kind: Kind
    public let id: Identifier
    /// In the later state, or before it was removed.
    public let key: String
    /// Empty unless it was changed.
    public let fields: [Field]
  }

  public struct Connection: Sendable, Equatable {
    public let kind: Kind
    public let id: Identifier
    /// Keys of the nodes that it joins.
    public let from: String
    public let to: String
    public let fields: [Field]
  }

  /// The flow's name, where it differs.
  public let name: Field?
  /// In the order of the later state, then what is gone.
  public let nodes: [Node]
  public let connections: [Connection]

  /// The flow of which a run is started when one of this fails, by its id, where it differs.
  public let errorFlow: Field?

  public var isEmpty: Bool {
    name == nil && errorFlow == nil && nodes.isEmpty && connections.isEmpty
  }

  /// A flow as it stands, or stood.
  public struct State: Sendable {
    public var name: String
    public var graph: FlowGraph
    public var errorFlowID: Identifier?

    public init(name: String, graph: FlowGraph, errorFlowID: Identifier? = nil) {
      self.name = name
      self.graph = graph
      self.errorFlowID = errorFlowID
    }
  }

  /// How deep settings are compared member by member; what lies below is compared whole.
  private static let maximumDepth = 8

  public init(from old: State, to new: State) {
    name =
      old.name == new.name ? nil : Field(name: "name", before: .string(old.name), after: .string(new.name))
    let (before, after) = (old.errorFlowID, new.errorFlowID)
    errorFlow =
      before == after
      ? nil
      : Field(
        name: "errorFlow", before: before.map { .string($0.text(.flow)) },
        after: after.map { .string($0.text(.flow)) })
    nodes = FlowDifference.nodes(old.graph.nodes, new.graph.nodes)
    connections = FlowDifference.connections(old.graph, new.graph)
  }
}

// MARK: - Nodes

extension FlowDifference {
  private static func nodes(_ old: [FlowNode], _ new: [FlowNode]) -> [Node] {
    let before = Dictionary(old.map { ($0.id, $0) }) { first, _ in first }
    let ids = Set(new.map(\.id))
    // What came in between moves nothing: only the order among those that both states have counts.
    let oldPlaces = places(old.filter { ids.contains($0.id) }.map(\.id))
    let newPlaces = places(new.filter { before[$0.id] != nil }.map(\.id))
    let present = new.compactMap { node -> Node? in
      guard let known = before[node.id] else {
        return Node(kind: .added, id: node.id, key: node.key, fields: [])
      }
      var fields = self.fields(known, node)
      fields += field("order", number(oldPlaces[node.id]), number(newPlaces[node.id]))
      return fields.isEmpty ? nil : Node(kind: .changed, id: node.id, key: node.key, fields: fields)
    }
    let gone = old.filter { !ids.contains($0.id) }
    return present + gone.map { Node(kind: .removed, id: $0.id, key: $0.key, fields: []) }
  }

  private static func fields(_ old: FlowNode, _ new: FlowNode) -> [Field] {
    field("key", .string(old.key), .string(new.key))
      + field("title", .string(old.title), .string(new.title))
      + field("kind", .string(old.kind.rawValue), .string(new.kind.rawValue))
      + field("detail", .string(old.detail), .string(new.detail))
      + field("integration", id(old.integrationID), id(new.integrationID))
      + field("parent", node(old.parentID), node(new.parentID))
      + settings("config", old.config, new.config, depth: 0)
  }

  /// The members that differ; where one side is no object, the whole.
  private static func settings(_ path: String, _ old: JSONValue?, _ new: JSONValue?, depth: Int) -> [Field] {
    guard old != new else { return [] }
    guard depth < maximumDepth, let before = old?.object, let after = new?.object else {
      return [Field(name: path, before: old, after: new)]
    }
    let known = Set(before.members.map(\.key))
    let keys = before.members.map(\.key) + after.members.map(\.key).filter { !known.contains($0) }
    return keys.flatMap { settings("\(path).\($0)", before[$0], after[$0], depth: depth + 1) }
  }

  private static func node(_ id: Identifier?) -> JSONValue? { id.map { .string($0.text(.node)) } }

  private static func id(_ id: Identifier?) -> JSONValue? { id.map { .string($0.text(.integration)) } }
}

// MARK: - Connections

extension FlowDifference {
  private static func connections(_ old: FlowGraph, _ new: FlowGraph) -> [Connection] {
    let before = Dictionary(old.connections.map { ($0.id, $0) }) { first, _ in first }
    let ids = Set(new.connections.map(\.id))
    // The order counts among the connections that leave one node.
    let oldPlaces = placesBySource(old.connections.filter { ids.contains($0.id) })
    let newPlaces = placesBySource(new.connections.filter { before[$0.id] != nil })
    let oldKeys = keys(old)
    let newKeys = keys(new)
    let present = new.connections.compactMap { connection -> Connection? in
      let (from, to) = (newKeys[connection.from] ?? "", newKeys[connection.to] ?? "")
      guard let known = before[connection.id] else {
        return Connection(kind: .added, id: connection.id, from: from, to: to, fields: [])
      }
      var fields = field("label", known.label.map { .string($0) }, connection.label.map { .string($0) })
      fields += field(
        "condition", known.condition.map { .string($0) }, connection.condition.map { .string($0) })
      fields += field("outcome", .string(known.outcome.rawValue), .string(connection.outcome.rawValue))
      if known.from != connection.from {
        fields += field("from", .string(oldKeys[known.from] ?? ""), .string(from))
      } else {
        fields += field("order", number(oldPlaces[known.id]), number(newPlaces[known.id]))
      }
      if known.to != connection.to { fields += field("to", .string(oldKeys[known.to] ?? ""), .string(to)) }
      guard !fields.isEmpty else { return nil }
      return Connection(kind: .changed, id: connection.id, from: from, to: to, fields: fields)
    }
    let gone = old.connections.filter { !ids.contains($0.id) }.map {
      Connection(
        kind: .removed, id: $0.id, from: oldKeys[$0.from] ?? "", to: oldKeys[$0.to] ?? "", fields: [])
    }
    return present + gone
  }

  private static func placesBySource(_ connections: [FlowConnection]) -> [Identifier: Int] {
    var places: [Identifier: Int] = [:]
    for list in Dictionary(grouping: connections, by: \.from).values {
      places.merge(self.places(list.map(\.id))) { first, _ in first }
    }
    return places
  }

  private static func keys(_ graph: FlowGraph) -> [Identifier: String] {
    Dictionary(graph.nodes.map { ($0.id, $0.key) }) { first, _ in first }
  }
}

// MARK: - Both

extension FlowDifference {
  private static func places(_ ids: [Identifier]) -> [Identifier: Int] {
    Dictionary(ids.enumerated().map { ($1, $0) }) { first, _ in first }
  }

  private static func number(_ value: Int?) -> JSONValue? { value.map { .integer(Int64($0)) } }

  private static func field(_ name: String, _ before: JSONValue?, _ after: JSONValue?) -> [Field] {
    before == after ? [] : [Field(name: name, before: before, after: after)]
  }
}
