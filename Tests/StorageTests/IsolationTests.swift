import Flows
import Postgres
import Storage
import Testing

/// Every function of the stores with the ids of another organization: it finds nothing and changes nothing.
@Suite struct IsolationTests {
  /// All that an organization may own, made by the one that the walk must not see.
  private struct Property {
    let flow: FlowStore.StoredFlow
    let integration: Identifier
    let run: RunReference
  }

  private func makeProperty(_ bench: StorageBench) async throws -> Property {
    let integration = try await bench.makeIntegration()
    let flow = try await bench.makeFlow(chain(["begin", "charge", "end"], integration: integration))
    let run = try await bench.enqueue(flow)
    let claim = try await bench.claimOne(bench.account.user).claim
    var step = transition(1)
    let node = flow.graph.nodes[1]
    step.nodeRuns = [
      NodeRun(id: makeID(), node: node.id, key: node.key, title: "", kind: node.kind, state: .running)
    ]
    _ = try await bench.runs.commit(step, under: claim)
    return Property(flow: flow, integration: integration, run: run)
  }

  /// A fingerprint of all rows of all tables.
  private func contents(_ bench: StorageBench) async throws -> String? {
    let tables = try await bench.row(
      """
      SELECT format('SELECT %L || coalesce(string_agg(t::text, chr(10) ORDER BY t::text), chr(45)) FROM %I \
      t', \
      relname, relname) FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition \
      AND relnamespace = 'public'::regnamespace ORDER BY relname
      """)
    var contents = ""
    for row in 0..<tables.rowCount {
      contents += try await bench.row(try #require(tables.string(row, 0))).string(0, 0) ?? ""
    }
    return contents
  }

  @Test func `writes with another organization's ids find nothing and change nothing`() async throws {
    try await withStorage { bench in
      let property = try await makeProperty(bench)
      let stranger = try await register("bob@example.com", on: bench.accounts).organization
      let run = RunReference(organizationID: stranger, runID: property.run.runID)
      let (flow, integration) = (property.flow, property.integration)
      let before = try await contents(bench)
      let integrationChange = IntegrationStore.Change(name: "x", credentials: [0], expectedRevision: nil)
      let errors = [
        try await storageError {
          try await bench.flows.update(flow.id, .init(name: "x"), expectedRevision: nil, in: stranger)
        },
        try await storageError { try await bench.flows.save(chain(["x"]), over: flow, in: stranger) },
        try await storageError {
          try await bench.flows.delete(flow.id, expectedRevision: nil, in: stranger)
        },
        try await storageError {
          try await bench.integrations.update(integration, integrationChange, in: stranger)
        },
        try await storageError {
          try await bench.integrations.delete(integration, force: true, in: stranger)
        },
        try await storageError {
          try await bench.executions.enqueue(
            .init(
              run: RunReference(organizationID: stranger, runID: makeID()), flowID: flow.id,
              version: .loaded(flow), input: .null, at: TestInstants.november))
        },
        try await storageError {
          try await bench.executions.enqueue(
            .init(
              run: RunReference(organizationID: stranger, runID: makeID()), flowID: flow.id, input: .null,
              at: TestInstants.november))
        },
        try await storageError { try await bench.executions.requestCancel(run) },
        try await storageError {
          try await ExecutionHistory(bench.database).insert(
            [], of: flow, by: nil, in: stranger, newVersionID: makeID())
        },
      ]
      #expect(errors == Array(repeating: .notFound, count: 9))
      let claim = RunClaim(run: run, epoch: 1)
      let committed = try await bench.runs.commit(transition(2), under: claim)
      #expect(committed == .stale)
      try await bench.runs.release(claim, notBefore: nil)
      #expect(try await contents(bench) == before)
    }
  }

  @Test func `lookups with another organization's ids find nothing`() async throws {
    try await withStorage { bench in
      let property = try await makeProperty(bench)
      let stranger = try await register("bob@example.com", on: bench.accounts).organization
      let graph = property.flow.graph
      let run = RunReference(organizationID: stranger, runID: property.run.runID)
      let flow = try await bench.flows.load(property.flow.id, in: stranger)
      let ofNode = try await bench.flows.flow(ofNode: graph.nodes[0].id, in: stranger)
      let ofConnection = try await bench.flows.flow(ofConnection: graph.connections[0].id, in: stranger)
      let type = try await bench.integrations.type(of: property.integration, in: stranger)
      let exists = try await bench.executions.exists(run)
      let membership = try await bench.accounts.membership(of: bench.account.user, in: stranger)
      #expect(flow == nil)
      #expect(ofNode == nil && ofConnection == nil)
      #expect(type == nil && !exists && membership == nil)
      let events = try await bench.storedEvents(of: run)
      #expect(events.isEmpty)
    }
  }

  @Test func `every read of a table sees its owner's rows and no stranger's`() async throws {
    try await withStorage { bench in
      _ = try await makeProperty(bench)
      let stranger = try await register("bob@example.com", on: bench.accounts).organization
      func walk<Column: TableColumn>(_ type: Column.Type, id: Column, parent: Column? = nil) async throws {
        let rows = try await bench.row("SELECT \(id.rawValue) FROM \(Column.table)")
        let ids = (0..<rows.rowCount).compactMap { rows.uuid($0, 0)?.identifier }
        for (organization, isOwner) in [(bench.organization, true), (stranger, false)] {
          let expected = isOwner ? ids.count : 0
          let all = Array(Column.allCases)
          let byKey = try await bench.database.query(
            TableReads.rows(by: id, all, label: "rows"), keyParameters(organization, ids))
          let page = try await bench.database.query(
            TableReads.page(all, PageShape(), label: "page"),
            Parameters {
              $0.uuid(organization.uuid)
              $0.int4(100)
              $0.uuid(nil)
            })
          let count = try await bench.database.query(
            TableReads<Column>.count(where: [], label: "count"), Parameters { $0.uuid(organization.uuid) })
          #expect(byKey.rowCount == expected && page.rowCount == expected && count.int(0, 0) == expected)
          if let parent {
            let found = try await children(Column.self, parent, in: organization, bench)
            #expect(found == Array(repeating: expected, count: 3))
          }
        }
        #expect(!ids.isEmpty)
      }
      try await walk(IntegrationColumn.self, id: .id)
      try await walk(FlowColumn.self, id: .id)
      try await walk(NodeColumn.self, id: .id, parent: .flowID)
      try await walk(ConnectionColumn.self, id: .id, parent: .flowID)
      try await walk(FlowVersionColumn.self, id: .id, parent: .flowID)
      try await walk(ExecutionColumn.self, id: .id, parent: .flowID)
      try await walk(NodeExecutionColumn.self, id: .id, parent: .executionID)
    }
  }

  /// How many rows `children`, `pages` and `counts` find under all parents of the table.
  private func children<Column: TableColumn>(
    _ type: Column.Type, _ parent: Column, in organization: Identifier, _ bench: StorageBench
  ) async throws -> [Int] {
    let all = Array(Column.allCases)
    let rows = try await bench.row("SELECT DISTINCT \(parent.rawValue) FROM \(Column.table)")
    let parents = (0..<rows.rowCount).compactMap { rows.uuid($0, 0)?.identifier }
    let key = keyParameters(organization, parents)
    let children = try await bench.database.query(
      TableReads.children(of: parent, all, order: parent, label: "children"), key)
    let pages = try await bench.database.query(
      TableReads.pages(of: parent, all, PageShape(), label: "pages"),
      Parameters {
        $0.uuid(organization.uuid)
        $0.uuids(parents.map(\.uuid))
        $0.int4(100)
        $0.uuid(nil)
      })
    let counts = try await bench.database.query(
      TableReads<Column>.counts(of: parent, where: [], label: "counts"), key)
    let counted = (0..<counts.rowCount).compactMap { counts.int($0, 1) }.reduce(0, +)
    return [children.rowCount, pages.rowCount, counted]
  }

  @Test func `people are seen by members only, organizations by their own`() async throws {
    try await withStorage { bench in
      let stranger = try await register("bob@example.com", on: bench.accounts)
      let users = UserReads.rows(UserColumn.allCases, label: "users")
      let organizations = OrganizationReads.rows(OrganizationColumn.allCases, label: "organizations")
      let ids = [bench.account.user, stranger.user]
      let members = try await bench.database.query(users, keyParameters(bench.organization, ids))
      #expect(members.rowCount == 1)
      #expect(members.string(0, 1) == "ada@example.com")
      let owned = try await bench.database.query(
        organizations, keyParameters(stranger.user, [bench.organization, stranger.organization]))
      #expect(owned.rowCount == 1)
      #expect(owned.uuid(0, 0)?.identifier == stranger.organization)
      let memberships = try await bench.database.query(
        OrganizationReads.memberships([.role], label: "own"), Parameters { $0.uuid(stranger.user.uuid) })
      #expect(memberships.rowCount == 1)
    }
  }
}
