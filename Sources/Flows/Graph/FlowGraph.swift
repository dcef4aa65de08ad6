/// What a node does.
public enum NodeKind: String, Sendable, CaseIterable, Hashable {
  /// Where a run begins; its output is the run's input.
  case trigger
  /// Does something in the world or writes to the log; its config has a `type`.
  case action
  /// Lets its input through, or stops the branch.
  case filter
  /// Makes a value of its input.
  case transform
  /// Chooses among its outgoing connections.
  case decision
  /// Lets its input through after a while, or when something happens.
  case delay
  /// Repeats the nodes inside it for each element of a list.
  case loop
}

/// A step of a flow.
public struct FlowNode: Sendable, Equatable {
  public let id: Identifier
  /// Unique in the flow; expressions use it (`nodes.fetch.output`).
  public var key: String
  public var title: String
  /// Free text of the author.
  public var detail: String
  public var kind: NodeKind
  public var integrationID: Identifier?
  /// The loop that the node is inside of; nil for a node of the flow itself.
  public var parentID: Identifier?
  /// A JSON object whose shape depends on `kind`; `NodeConfig` reads it.
  public var config: JSONValue
  /// Position in lists; among nodes that are ready together the lower one starts first.
  public var order: Int
  /// What it asked for when it was imported and does not have.
  public var wanted = WantedNames()

  public init(
    id: Identifier, key: String, title: String, kind: NodeKind, config: JSONValue = .object([:])
  ) {
    self.id = id
    self.key = key
    self.title = title
    detail = ""
    self.kind = kind
    integrationID = nil
    parentID = nil
    self.config = config
    order = 0
  }

  /// The name in messages: the key, or the title where there is no key yet.
  var name: String { key.isEmpty ? title : key }
}

/// How the node that a connection leaves must have ended for the connection to deliver.
public enum ConnectionOutcome: String, Sendable, CaseIterable, Hashable {
  case success
  /// It failed, and its `onError` is `branch`.
  case error
}

/// An arrow from one node to another.
public struct FlowConnection: Sendable, Equatable {
  public let id: Identifier
  public var from: Identifier
  public var to: Identifier
  public var label: String?
  /// A JavaScript expression; the connection delivers when it is truthy. Absent or blank: always, or the
  /// default of a decision.
  public var condition: String?
  public var outcome: ConnectionOutcome

  public init(
    id: Identifier, from: Identifier, to: Identifier, label: String? = nil, condition: String? = nil,
    outcome: ConnectionOutcome = .success
  ) {
    self.id = id
    self.from = from
    self.to = to
    self.label = label
    self.condition = condition
    self.outcome = outcome
  }

  /// The condition, nil when it is absent or blank.
  var effectiveCondition: String? {
    guard let condition, condition.contains(where: { !$0.isWhitespace }) else { return nil }
    return condition
  }
}

extension FlowGraph {
  /// Whether a node may wait for something from outside: calls of an integration wait for a slot of it.
  var awaitsSignals: Bool {
    nodes.contains { node in
      node.kind == .delay && node.config["wait"] != nil
        || node.kind == .action && (node.config["type"]?.string == "flow" || node.integrationID != nil)
    }
  }
}

/// The nodes and connections of a flow. The order of `connections` counts: an exclusive decision takes the
/// first that matches.
public struct FlowGraph: Sendable, Equatable {
  /// Nodes of a flow, and also connections of a flow, at most.
  public static let maximumCount = 500

  public var nodes: [FlowNode]
  public var connections: [FlowConnection]

  public init(nodes: [FlowNode] = [], connections: [FlowConnection] = []) {
    self.nodes = nodes
    self.connections = connections
  }
}
