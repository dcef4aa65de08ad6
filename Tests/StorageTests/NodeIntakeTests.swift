import Flows
import Postgres
import Testing

@testable import Storage

@Suite struct NodeIntakeTests {
  @Test func `nodes that come together share statements, each with its event and its flow's revision`()
    async throws
  {
    try await withStorage { bench in
      var flows: [Identifier] = []
      for _ in 0..<20 { flows.append(try await bench.makeFlow().id) }
      let nodes = NodeIntake(bench.database)
      let before = bench.database.statistics.statements
      let stored = try await add(
        flows.flatMap { flow in (0..<5).map { newNode("n\($0)", to: flow, bench) } }, by: nodes, bench)
      #expect(bench.database.statistics.statements - before < 60)
      #expect(stored.compactMap { $0 }.count == 100)
      for (id, node) in zip(stored.indices, stored) {
        let node = try #require(node, "node \(id)")
        #expect(node.rows.string(node.row, 3) == "New")
      }
      #expect(try await bench.int("SELECT count(*) FROM automation_nodes WHERE title = 'New'") == 100)
      #expect(try await bench.int("SELECT count(*) FROM automation_flows WHERE revision = 6") == 20)
      let places = "SELECT count(DISTINCT (flow_id, node_order))::int FROM automation_nodes"
      #expect(try await bench.int(places) == 160)
      let events = """
        SELECT count(*) FROM audit_events e JOIN automation_nodes n ON e.after ->> 'id' = n.id::text \
        AND e.action = 'addNode' AND e.object_type = 'node' AND e.outcome = 'success' \
        AND e.user_id IS NOT NULL AND e.address = '192.0.2.1' AND n.key = e.after ->> 'key'
        """
      #expect(try await bench.int(events) == 100)
    }
  }

  @Test func `the organization's stream tells of each flow that nodes are added to at each revision, once`()
    async throws
  {
    try await withStorage { bench in
      var flows: [Identifier] = []
      for _ in 0..<10 { flows.append(try await bench.makeFlow().id) }
      let new = flows.flatMap { flow in (0..<5).map { newNode("n\($0)", to: flow, bench) } }
      _ = try await add(new, by: NodeIntake(bench.database), bench)
      // Of those that came together one row tells.
      let outbox = "SELECT count(*)::int FROM event_outbox WHERE kind = 'flows'"
      let rows = try #require(try await bench.int(outbox))
      #expect(0 < rows && rows < 50)
      let hub = RunEventHub(bench.database, pollInterval: .milliseconds(5))
      var revisions: [Identifier: [Int]] = [:]
      var numbers: [Int] = []
      for try await event in hub.stream(of: bench.organization, after: 0) {
        numbers.append(event.sequence)
        if case .flow(let flow, .updated, let revision) = event.kind {
          revisions[flow, default: []].append(revision)
        }
        if revisions.values.reduce(0, { $0 + $1.count }) == 50 { break }
      }
      #expect(numbers == Array(1...numbers.count))
      #expect(revisions.count == 10 && revisions.values.allSatisfy { $0 == [2, 3, 4, 5, 6] })
      await hub.stop()
    }
  }

  @Test func `a node that cannot be added hinders none of those that come with it`() async throws {
    try await withStorage { bench in
      let flows = [try await bench.makeFlow(), try await bench.makeFlow(), try await bench.makeFlow()]
      let nodes = NodeIntake(bench.database)
      var new: [NewNode] = []
      for number in 0..<8 {
        new.append(newNode("good\(number)", to: flows[0].id, bench))
        new.append(newNode("begin", to: flows[1].id, bench))
        new.append(newNode("lost\(number)", to: makeID(), bench))
        new.append(newNode("old\(number)", to: flows[2].id, bench, revision: 7))
        new.append(newNode("gone\(number)", to: flows[2].id, bench, integration: makeID()))
      }
      let stored = try await add(new, by: nodes, bench)
      #expect(
        stored.enumerated().filter { $0.element != nil }.map(\.offset)
          == stride(from: 0, to: 40, by: 5).map { $0 })
      #expect(try await bench.int("SELECT count(*) FROM audit_events WHERE action = 'addNode'") == 8)
      #expect(try await bench.int("SELECT sum(revision)::int FROM automation_flows") == 9 + 1 + 1)
    }
  }

  @Test func `a flow that somebody changes makes nobody wait but those who add to it`() async throws {
    try await withStorage { bench in
      let locked = try await bench.makeFlow()
      let free = try await bench.makeFlow()
      let nodes = NodeIntake(bench.database)
      try await withDatabase(bench.connectionInfo) { other in
        let (waiting, added) = try await other.transaction { transaction in
          try await transaction.script(
            "UPDATE automation_flows SET name = 'Changed' WHERE id = '\(locked.id)'")
          let waiting = Task {
            try await add((0..<4).map { newNode("w\($0)", to: locked.id, bench) }, by: nodes, bench)
          }
          // Ends while the lock is held.
          let added = try await add((0..<8).map { newNode("f\($0)", to: free.id, bench) }, by: nodes, bench)
          return (waiting, added)
        }
        #expect(added.compactMap { $0 }.count == 8)
        #expect(try await waiting.value.compactMap { $0 }.count == 4)
      }
    }
  }

  @Test func `who was just answered is waited for, and shares the next statement`() async throws {
    try await withStorage { bench in
      // It comes back by itself: nobody has to wait for so long.
      let nodes = NodeIntake(bench.database, companyMilliseconds: 600_000)
      let statements = try await addThree(
        by: nodes, bench,
        then: {
          while nodes.count(in: bench.organization).expected != 3 { await Task.yield() }
          let flow = try await bench.makeFlow().id
          let back = try await add([newNode("back", to: flow, bench)], by: nodes, bench)
          #expect(back[0] != nil)
        })
      #expect(statements == 2)
      #expect(try await bench.int("SELECT count(*)::int FROM automation_nodes WHERE title = 'New'") == 4)
    }
  }

  @Test func `who does not come back is not waited for any longer`() async throws {
    try await withStorage { bench in
      let nodes = NodeIntake(bench.database, companyMilliseconds: 1)
      let statements = try await addThree(by: nodes, bench, then: {})
      #expect(statements == 2)
    }
  }

  @Test func `who adds alone and those who add to one flow wait for nobody`() async throws {
    try await withStorage { bench in
      let nodes = NodeIntake(bench.database, companyMilliseconds: 600_000)
      let flow = try await bench.makeFlow().id
      for number in 0..<3 {
        let stored = try await add([newNode("a\(number)", to: flow, bench)], by: nodes, bench)
        #expect(stored[0] != nil)
      }
      let stored = try await add((0..<5).map { newNode("t\($0)", to: flow, bench) }, by: nodes, bench)
      #expect(stored.compactMap { $0 }.count == 5)
    }
  }

  @Test func `a node in a joined transaction is there when that is committed`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      let nodes = NodeIntake(bench.database)
      struct Undo: Error {}
      await #expect(throws: Undo.self) {
        try await bench.database.joined { _ in
          _ = try await add([newNode("n", to: flow.id, bench)], by: nodes, bench)
          throw Undo()
        }
      }
      #expect(try await bench.int("SELECT count(*) FROM automation_nodes WHERE key = 'n'") == 0)
    }
  }
}

/// All at once, each as the mutation does it; the answers in their order.
private func add(
  _ nodes: [NewNode], by intake: NodeIntake, _ bench: StorageBench
) async throws -> [StoredNode?] {
  try await withThrowingTaskGroup(of: (Int, StoredNode?).self) { group in
    for (place, node) in nodes.enumerated() {
      group.addTask {
        var event = AuditTrail.Event(id: makeID(), action: "addNode")
        event.address = "192.0.2.1"
        let trail = AuditTrail(event, organization: bench.organization, user: bench.account.user)
        trail.note(.node, node.node.id, isNew: true)
        return try await TransactionCompanions.$current.withValue(trail) {
          // Who was slower than another sees the flow as it is then, as the mutation does.
          for _ in 0..<10 {
            if let stored = try await intake.add(node) {
              #expect(!trail.isWaiting)
              return (place, stored)
            }
          }
          #expect(trail.isWaiting)
          return (place, nil)
        }
      }
    }
    return try await group.reduce(into: [StoredNode?](repeating: nil, count: nodes.count)) { all, one in
      all[one.0] = one.1
    }
  }
}

/// Adds three nodes of which the first is held up until the others wait: they come when Postgres has its
/// statement, for who comes before that goes with it. Then what happens when it is answered, until all are.
/// Gives the number of statements that added nodes.
private func addThree(
  by intake: NodeIntake, _ bench: StorageBench, then next: () async throws -> Void
) async throws -> Int? {
  var new: [NewNode] = []
  for number in 0..<3 { new.append(newNode("n\(number)", to: try await bench.makeFlow().id, bench)) }
  try await withDatabase(bench.connectionInfo) { other in
    let adding = try await other.transaction { [new] transaction in
      try await transaction.script("LOCK TABLE automation_nodes IN EXCLUSIVE MODE")
      let first = Task { try await add([new[0]], by: intake, bench) }
      while try await transaction.query(waitsForNodes).rowCount == 0 { await Task.yield() }
      let others = Task { try await add(Array(new[1...]), by: intake, bench) }
      while intake.count(in: bench.organization).waiting != 2 { await Task.yield() }
      return [first, others]
    }
    try await next()
    for task in adding { #expect(try await task.value.allSatisfy { $0 != nil }) }
  }
  // Each has a row in the organization's stream.
  return try await bench.int("SELECT count(*)::int FROM event_outbox WHERE kind = 'flows'")
}

/// Databases that are copies of one another have the same number for a table.
private let waitsForNodes = Statement(
  "waits_for_nodes",
  """
  SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'automation_nodes'::regclass \
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  """)

private func newNode(
  _ key: String, to flow: Identifier, _ bench: StorageBench, revision: Int? = nil,
  integration: Identifier? = nil
) -> NewNode {
  var node = FlowNode(
    id: makeID(), key: key, title: "New", kind: .action, config: ["type": "log", "message": "done"])
  node.integrationID = integration
  return NewNode(node, flow: flow, expectedRevision: revision, in: bench.organization)
}
