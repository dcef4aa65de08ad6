import Flows
import Postgres
import Storage
import Testing

@Suite struct WorkbenchStoreTests {
  private func make(_ bench: StorageBench, flows: [Identifier] = []) async throws -> Identifier {
    let id = makeID()
    try await bench.workbenches.create(
      .init(
        id: id, userID: bench.account.user, name: "Bench", purpose: "Test", focus: "[\"a\"]", flows: flows),
      in: bench.organization)
    return id
  }

  @Test func `another organization's workbenches and flows are not there`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow(chain(["begin", "end"]))
      let workbench = try await make(bench, flows: [flow.id])
      let stranger = try await register("bob@example.com", on: bench.accounts)
      let errors = [
        try await storageError {
          try await bench.workbenches.update(
            workbench, .init(name: "x"), expectedRevision: nil, in: stranger.organization)
        },
        try await storageError {
          try await bench.workbenches.update(
            workbench, .init(), flows: .remove([flow.id]), expectedRevision: 1, in: stranger.organization)
        },
        try await storageError {
          try await bench.workbenches.delete(workbench, expectedRevision: nil, in: stranger.organization)
        },
      ]
      #expect(errors == [.notFound, .notFound, .notFound])
      let own = makeID()
      let foreign = try await storageError {
        try await bench.workbenches.create(
          .init(id: own, userID: stranger.user, name: "Own", purpose: "", focus: "[]", flows: [flow.id]),
          in: stranger.organization)
      }
      #expect(foreign == .unknownReference(field: "flowIds"))
      #expect(try await bench.int("SELECT count(*) FROM workbenches") == 1)
      #expect(try await bench.int("SELECT count(*) FROM workbench_flows") == 1)
      let pages = TableReads<FlowColumn>.pages(
        through: .flowsOfWorkbench, [.name], PageShape(), label: "pages")
      let counts = TableReads<FlowColumn>.counts(through: .flowsOfWorkbench, label: "counts")
      for (organization, rows) in [(bench.organization, 1), (stranger.organization, 0)] {
        var parameters = keyParameters(organization, [workbench])
        let counted = try await bench.database.query(counts, parameters)
        #expect(counted.rowCount == rows)
        parameters.int4(10)
        parameters.uuid(nil)
        #expect(try await bench.database.query(pages, parameters).rowCount == rows)
      }
    }
  }

  @Test func `a change that is refused changes nothing`() async throws {
    try await withStorage { bench in
      let workbench = try await make(bench)
      let unknown = try await storageError {
        try await bench.workbenches.update(
          workbench, .init(name: "Renamed"), flows: .add([makeID()]), expectedRevision: 1,
          in: bench.organization)
      }
      #expect(unknown == .unknownReference(field: "flowIds"))
      let stale = try await storageError {
        try await bench.workbenches.delete(workbench, expectedRevision: 2, in: bench.organization)
      }
      #expect(stale == .revisionConflict(current: 1))
      let row = try await bench.row("SELECT name, revision FROM workbenches")
      #expect(row.string(0, 0) == "Bench" && row.int(0, 1) == 1)
    }
  }
}
