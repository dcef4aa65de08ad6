import Flows
import Storage
import Testing

/// A trigger, a decision and two log lines: nothing of it is evaluated, called or waited for.
func shortGraph() -> FlowGraph {
  let kinds: [(String, NodeKind, JSONValue)] = [
    ("begin", .trigger, [:]), ("both", .decision, ["mode": "inclusive"]),
    ("first", .action, ["type": "log", "message": "one"]),
    ("second", .action, ["type": "log", "message": "two"]),
  ]
  var graph = FlowGraph()
  for (order, (key, kind, config)) in kinds.enumerated() {
    var node = FlowNode(id: makeID(), key: key, title: key, kind: kind, config: config)
    node.order = order
    graph.nodes.append(node)
  }
  for (from, to) in [(0, 1), (1, 2), (1, 3)] {
    graph.connections.append(
      FlowConnection(id: makeID(), from: graph.nodes[from].id, to: graph.nodes[to].id))
  }
  return graph
}

/// Of a run `$1` what does not depend on when it happened.
let timelessRows = [
  """
  SELECT (to_jsonb(e) - '{id,epoch,created_at,end_events}'::text[])::text FROM execution_logs e WHERE id = $1
  """,
  """
  SELECT jsonb_agg(to_jsonb(n) - '{id,execution_id}'::text[] ORDER BY n.node_order)::text \
  FROM node_execution_logs n WHERE execution_id = $1
  """,
  """
  SELECT jsonb_agg(i.item - 1 ORDER BY i.place)::text FROM execution_logs e CROSS JOIN LATERAL \
  jsonb_array_elements(e.end_events::jsonb) WITH ORDINALITY AS i (item, place) \
  WHERE e.id = $1 AND i.item ->> 0 <> 'queued'
  """,
  """
  SELECT jsonb_agg(jsonb_build_array(sequence, kind, data) ORDER BY sequence)::text FROM run_events \
  WHERE execution_id = $1
  """,
]

extension StorageBench {
  /// The only cell of a query whose `$1` is a run.
  func text(_ sql: String, of run: Identifier) async throws -> String? {
    try await row(sql.replacing("$1", with: "'\(run)'")).string(0, 0)
  }
}

struct StoppedClock: RunClock {
  let instant: Instant

  func now() -> Instant { instant }
  func monotonicMicroseconds() -> Int64 { 0 }
  func sleep(microseconds: Int64) async throws { throw CancellationError() }
}
