import Flows
import Testing

@Suite struct FlowDifferenceTests {
  private static func node(_ number: UInt64, _ key: String, _ config: JSONValue = .object([:])) -> FlowNode {
    FlowNode(id: Identifier(high: 1, low: number), key: key, title: key, kind: .transform, config: config)
  }

  private static func connection(_ number: UInt64, _ from: UInt64, _ to: UInt64) -> FlowConnection {
    FlowConnection(
      id: Identifier(high: 2, low: number), from: Identifier(high: 1, low: from),
      to: Identifier(high: 1, low: to))
  }

  private static let old = FlowGraph(
    nodes: [
      node(1, "a", ["url": "x", "headers": ["Accept": "a", "Old": "o"]]), node(2, "b"), node(3, "c"),
    ],
    connections: [connection(1, 1, 2), connection(2, 1, 3)])

  private func difference(to new: FlowGraph, name: String = "Flow") -> FlowDifference {
    FlowDifference(from: .init(name: "Flow", graph: Self.old), to: .init(name: name, graph: new))
  }

  @Test func `equal states have no difference`() {
    #expect(difference(to: Self.old).isEmpty)
  }

  @Test func `a name that changed is a field`() {
    let found = difference(to: Self.old, name: "New")
    #expect(found.name == .init(name: "name", before: "Flow", after: "New"))
    #expect(!found.isEmpty && found.nodes.isEmpty)
  }

  @Test func `another error flow is a field`() {
    let (one, other) = (Identifier(high: 3, low: 1), Identifier(high: 3, low: 2))
    func found(_ before: Identifier?, _ after: Identifier?) -> FlowDifference {
      FlowDifference(
        from: .init(name: "Flow", graph: Self.old, errorFlowID: before),
        to: .init(name: "Flow", graph: Self.old, errorFlowID: after))
    }
    #expect(found(one, one).isEmpty && found(nil, nil).isEmpty)
    #expect(!found(one, other).isEmpty)
    #expect(
      found(one, nil).errorFlow
        == .init(name: "errorFlow", before: .string(one.text(.flow)), after: nil))
    #expect(found(nil, other).errorFlow?.after == .string(other.text(.flow)))
  }

  @Test func `settings differ by the path of the member`() {
    var new = Self.old
    new.nodes[0].config = ["url": "y", "headers": ["Accept": "a", "New": ["n"]]]
    new.nodes[0].key = "z"
    let fields = difference(to: new).nodes.first?.fields
    #expect(
      fields == [
        .init(name: "key", before: "a", after: "z"), .init(name: "config.url", before: "x", after: "y"),
        .init(name: "config.headers.Old", before: "o", after: nil),
        .init(name: "config.headers.New", before: nil, after: ["n"]),
      ])
  }

  @Test func `what came in between moves nothing`() {
    var new = Self.old
    new.nodes.insert(Self.node(9, "between"), at: 1)
    new.connections.insert(Self.connection(9, 1, 9), at: 0)
    let found = difference(to: new)
    #expect(found.nodes.map(\.kind) == [.added] && found.nodes.map(\.key) == ["between"])
    #expect(found.connections.map(\.kind) == [.added] && found.connections.map(\.to) == ["between"])
  }

  @Test func `what is gone comes last, with the keys that it had`() {
    var new = Self.old
    new.nodes.removeLast()
    new.nodes[1].title = "B"
    new.connections.removeLast()
    let found = difference(to: new)
    #expect(found.nodes.map(\.kind) == [.changed, .removed])
    #expect(found.nodes.last?.key == "c")
    #expect(found.connections.map(\.to) == ["c"] && found.connections.map(\.kind) == [.removed])
  }

  @Test func `the order counts among the connections of one node, for a decision takes the first`() {
    var new = Self.old
    new.connections.swapAt(0, 1)
    new.connections[0].condition = "input.a"
    let found = difference(to: new).connections
    #expect(
      found.map(\.fields) == [
        [.init(name: "condition", before: nil, after: "input.a"), .init(name: "order", before: 1, after: 0)],
        [.init(name: "order", before: 0, after: 1)],
      ])
  }

  @Test func `a connection that leads elsewhere names the keys`() {
    var new = Self.old
    new.connections[0].to = new.nodes[2].id
    #expect(
      difference(to: new).connections.first?.fields == [.init(name: "to", before: "b", after: "c")])
  }
}
