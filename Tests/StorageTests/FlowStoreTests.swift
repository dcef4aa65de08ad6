import Flows
import Postgres
import Storage
import Testing

@Suite struct FlowStoreTests {
  @Test func `a flow comes back as it was stored`() async throws {
    try await withStorage { bench in
      let integration = try await bench.makeIntegration()
      let graph = chain(["begin", "charge", "end"], integration: integration)
      let flow = try await bench.makeFlow(graph)
      #expect(flow.graph == graph)
      #expect(flow.name == "Orders")
      #expect(flow.status == "active")
      #expect(flow.revision == 1)
      let ofNode = try await bench.flows.flow(ofNode: graph.nodes[1].id, in: bench.organization)
      let ofConnection = try await bench.flows.flow(
        ofConnection: graph.connections[0].id, in: bench.organization)
      #expect(ofNode == flow.id)
      #expect(ofConnection == flow.id)
    }
  }

  @Test func `a saved graph keeps the rows that stay, and drops and adds the others`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      let created = try await bench.row(
        "SELECT id, created_at, updated_at FROM automation_nodes ORDER BY node_order")
      var graph = flow.graph
      graph.nodes[1].title = "Renamed"
      let added = chain(["extra"]).nodes[0]
      graph.nodes[2] = added
      graph.connections[1].to = added.id
      graph.connections[1].condition = nil
      let change = FlowStore.Change(name: "New name", status: "paused")
      try await bench.flows.save(graph, over: flow, change, in: bench.organization)
      let loaded = try #require(try await bench.flows.load(flow.id, in: bench.organization))
      #expect(Set(loaded.graph.nodes.map(\.id)) == Set(graph.nodes.map(\.id)))
      #expect(loaded.graph.connections == graph.connections)
      #expect(loaded.name == "New name")
      #expect(loaded.status == "paused")
      #expect(loaded.revision == 2)
      let kept = try await bench.row(
        """
        SELECT id, created_at, updated_at FROM automation_nodes \
        WHERE key IN ('begin', 'step') ORDER BY node_order
        """)
      #expect(kept.microseconds(0, 1) == created.microseconds(0, 1))
      #expect(kept.microseconds(0, 2) == created.microseconds(0, 2))
      #expect(kept.microseconds(1, 1) == created.microseconds(1, 1))
      #expect(kept.microseconds(1, 2) != created.microseconds(1, 2))
    }
  }

  @Test func `two nodes may swap their keys, and two may not share one`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      var graph = flow.graph
      graph.nodes[1].key = "end"
      graph.nodes[2].key = "step"
      try await bench.flows.save(graph, over: flow, in: bench.organization)
      let swapped = try #require(try await bench.flows.load(flow.id, in: bench.organization))
      #expect(swapped.graph.nodes.map(\.key) == ["begin", "end", "step"])
      graph.nodes[1].key = "step"
      await #expect(throws: PostgresError.self) {
        try await bench.flows.save(graph, over: swapped, in: bench.organization)
      }
      let unchanged = try await bench.flows.load(flow.id, in: bench.organization)
      #expect(unchanged?.revision == 2)
    }
  }

  @Test func `of two editors on one revision the second has a conflict`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      async let one = storageError {
        try await bench.flows.save(chain(["begin", "left"]), over: flow, in: bench.organization)
      }
      async let other = storageError {
        try await bench.flows.save(chain(["begin", "right"]), over: flow, in: bench.organization)
      }
      let outcomes = [try await one, try await other]
      #expect(outcomes.contains(nil))
      #expect(outcomes.contains(.revisionConflict(current: 2)))
      let update = try await storageError {
        try await bench.flows.update(flow.id, .init(name: "x"), expectedRevision: 1, in: bench.organization)
      }
      #expect(update == .revisionConflict(current: 2))
    }
  }

  @Test func `an integration that is unknown or another organization's is refused`() async throws {
    try await withStorage { bench in
      let stranger = try await register("bob@example.com", on: bench.accounts)
      let foreign = try await bench.makeIntegration(in: stranger)
      let flow = try await bench.makeFlow()
      for integration in [makeID(), foreign] {
        let graph = chain(["begin", "charge"], integration: integration)
        let created = try await storageError { try await bench.makeFlow(graph) }
        let saved = try await storageError {
          try await bench.flows.save(graph, over: flow, in: bench.organization)
        }
        #expect(created == .unknownReference(field: "integrationId"))
        #expect(saved == .unknownReference(field: "integrationId"))
      }
    }
  }

  @Test func `a deleted flow leaves its runs, their logs and versions`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      let run = try await bench.enqueue(flow)
      let conflict = try await storageError {
        try await bench.flows.delete(flow.id, expectedRevision: 7, in: bench.organization)
      }
      #expect(conflict == .revisionConflict(current: 1))
      try await bench.flows.delete(flow.id, expectedRevision: 1, in: bench.organization)
      let gone = try await bench.flows.load(flow.id, in: bench.organization)
      #expect(gone == nil)
      let nodes = try await bench.int("SELECT count(*) FROM automation_nodes")
      let connections = try await bench.int("SELECT count(*) FROM automation_connections")
      #expect([nodes, connections] == [0, 0])
      let claimed = try await bench.claimOne(makeID())
      #expect(claimed.claim.run == run)
      #expect(claimed.version.graph == flow.graph)
      let again = try await storageError { try await bench.enqueue(flow) }
      #expect(again == .notFound)
    }
  }

  @Test func `the largest flow is stored and loaded in a few statements`() async throws {
    try await withStorage { bench in
      let graph = chain((0..<FlowGraph.maximumCount).map { "node_\($0)" })
      let flow = try await bench.makeFlow(graph)
      #expect(flow.graph == graph)
    }
  }
}
