import Flows
import Postgres
import Storage
import Testing

@Suite struct IntegrationStoreTests {
  @Test func `a name is unique within its type and organization`() async throws {
    try await withStorage { bench in
      _ = try await bench.makeIntegration("Payments")
      let other = try await bench.makeIntegration("Refunds")
      let taken = try await storageError { try await bench.makeIntegration("Payments") }
      #expect(taken == .taken(field: "name"))
      let renamed = try await storageError {
        try await bench.integrations.update(
          other, .init(name: "Payments", credentials: nil, expectedRevision: nil), in: bench.organization)
      }
      #expect(renamed == .taken(field: "name"))
      let stranger = try await register("bob@example.com", on: bench.accounts)
      _ = try await bench.makeIntegration("Payments", in: stranger)
    }
  }

  @Test func `an update on an old revision is a conflict and changes nothing`() async throws {
    try await withStorage { bench in
      let id = try await bench.makeIntegration()
      let change = IntegrationStore.Change(name: "Cards", credentials: [9], expectedRevision: 1)
      try await bench.integrations.update(id, change, in: bench.organization)
      let again = try await storageError {
        try await bench.integrations.update(id, change, in: bench.organization)
      }
      #expect(again == .revisionConflict(current: 2))
      let keep = IntegrationStore.Change(name: nil, credentials: nil, expectedRevision: nil)
      try await bench.integrations.update(id, keep, in: bench.organization)
      let row = try await bench.row("SELECT name, credentials, revision FROM integrations")
      #expect(row.string(0, 0) == "Cards")
      #expect(row.byteArray(0, 1) == [9])
      #expect(row.int(0, 2) == 3)
      let type = try await bench.integrations.type(of: id, in: bench.organization)
      #expect(type == "stripe")
    }
  }

  @Test func `what a flow uses is deleted by force only, and its nodes lose it`() async throws {
    try await withStorage { bench in
      let id = try await bench.makeIntegration()
      let flow = try await bench.makeFlow(chain(["begin", "charge"], integration: id))
      let refused = try await storageError {
        try await bench.integrations.delete(id, force: false, in: bench.organization)
      }
      #expect(refused == .inUse(by: ["Orders"]))
      try await bench.integrations.delete(id, force: true, in: bench.organization)
      let loaded = try await bench.flows.load(flow.id, in: bench.organization)
      #expect(loaded?.graph.nodes.count == 2)
      #expect(loaded?.graph.nodes.allSatisfy { $0.integrationID == nil } == true)
      let again = try await storageError {
        try await bench.integrations.delete(id, force: true, in: bench.organization)
      }
      #expect(again == .notFound)
    }
  }

  @Test func `a flow that takes an integration up while it is deleted never keeps a dead one`() async throws {
    try await withStorage { bench in
      let id = try await bench.makeIntegration()
      async let deleted = storageError {
        try await bench.integrations.delete(id, force: false, in: bench.organization)
      }
      async let created = storageError {
        try await bench.makeFlow(chain(["begin", "charge"], integration: id))
      }
      let outcomes = (try await deleted, try await created)
      // Either the flow came first and the deletion is refused, or the flow finds no integration.
      let flowCameFirst = outcomes == (.inUse(by: ["Orders"]), nil)
      let deletionCameFirst = outcomes == (nil, .unknownReference(field: "integrationId"))
      #expect(flowCameFirst || deletionCameFirst)
    }
  }
}
