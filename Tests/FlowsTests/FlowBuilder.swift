import Flows

/// Makes flows of few words: nodes by key, arrows as "a -> b" or "a -> b : condition".
struct FlowBuilder {
  var nodes: [FlowNode] = []
  var connections: [FlowConnection] = []

  static func id(_ number: Int) -> Identifier { Identifier(high: 0x0190_0000_0000_7000, low: UInt64(number)) }

  mutating func add(_ key: String, _ kind: NodeKind, _ config: JSONValue = [:]) {
    var node = FlowNode(
      id: FlowBuilder.id(nodes.count + 1), key: key, title: key.uppercased(), kind: kind, config: config)
    node.order = nodes.count
    nodes.append(node)
  }

  mutating func connect(_ arrow: String) {
    let halves = arrow.split(separator: ":", maxSplits: 1).map { String($0) }
    let ends = halves[0].split(separator: ">").map { $0.filter { $0 != " " && $0 != "-" } }
    let condition = halves.count == 2 ? String(halves[1].dropFirst()) : nil
    connections.append(
      FlowConnection(
        id: FlowBuilder.id(1000 + connections.count), from: self[ends[0]], to: self[ends[1]],
        condition: condition))
  }

  subscript(key: String) -> Identifier { nodes.first { $0.key == key }!.id }

  var graph: FlowGraph { FlowGraph(nodes: nodes, connections: connections) }

  var version: FlowVersion {
    FlowVersion(
      id: FlowBuilder.id(5001), flowID: FlowBuilder.id(5002), flowName: "Test", number: 3, graph: graph)
  }
}

/// A flow from its nodes and arrows.
func flow(_ nodes: [(String, NodeKind, JSONValue)], _ arrows: [String]) -> FlowBuilder {
  var builder = FlowBuilder()
  for node in nodes { builder.add(node.0, node.1, node.2) }
  for arrow in arrows { builder.connect(arrow) }
  return builder
}

func transform(_ key: String, _ expression: String) -> (String, NodeKind, JSONValue) {
  (key, .transform, ["expression": .string(expression)])
}

func http(_ key: String, url: String = "https://api.test/") -> (String, NodeKind, JSONValue) {
  (key, .action, ["type": "http", "method": "POST", "url": .string(url)])
}

func node(_ key: String, _ kind: NodeKind, _ config: JSONValue = [:]) -> (String, NodeKind, JSONValue) {
  (key, kind, config)
}
