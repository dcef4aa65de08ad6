import Flows

/// Makes flows of few words: nodes by key, arrows as "a -> b" or "a -> b : condition"; "a !> b" for errors.
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
    let ends = halves[0].split(separator: ">").map { $0.filter { !" -!".contains($0) } }
    let condition = halves.count == 2 ? String(halves[1].dropFirst()) : nil
    connections.append(
      FlowConnection(
        id: FlowBuilder.id(1000 + connections.count), from: self[ends[0]], to: self[ends[1]],
        condition: condition, outcome: halves[0].contains("!") ? .error : .success))
  }

  /// Moves nodes into a loop.
  mutating func put(_ keys: String..., in loop: String) {
    let parent = self[loop]
    for place in nodes.indices where keys.contains(nodes[place].key) { nodes[place].parentID = parent }
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

/// The flow of the first nodes, with a loop `each` over `input.list` around `inner`.
func looping(
  _ config: JSONObject = [:], _ inner: [(String, NodeKind, JSONValue)], _ arrows: [String] = []
) -> FlowBuilder {
  var loop: JSONObject = ["items": "input.list"]
  for member in config.members { loop[member.key] = member.value }
  var builder = flow(
    [node("t", .trigger), node("each", .loop, .object(loop))] + inner + [
      transform("after", "nodes.each.output")
    ],
    ["t -> each", "each -> after"] + arrows)
  let parent = builder["each"]
  for place in builder.nodes.indices where inner.contains(where: { $0.0 == builder.nodes[place].key }) {
    builder.nodes[place].parentID = parent
  }
  return builder
}

func transform(_ key: String, _ expression: String) -> (String, NodeKind, JSONValue) {
  (key, .transform, ["expression": .string(expression)])
}

func http(
  _ key: String, url: String = "https://api.test/", _ more: JSONObject = [:]
) -> (String, NodeKind, JSONValue) {
  var config: JSONObject = ["type": "http", "method": "POST", "url": .string(url)]
  for member in more.members { config[member.key] = member.value }
  return (key, .action, .object(config))
}

func node(_ key: String, _ kind: NodeKind, _ config: JSONValue = [:]) -> (String, NodeKind, JSONValue) {
  (key, kind, config)
}
