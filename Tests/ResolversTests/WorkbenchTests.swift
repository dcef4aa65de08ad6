import GraphQLEngine
import Resolvers
import Testing

/// Boards of flows: what lies on them, what leaves them, and what is refused.
@Suite struct WorkbenchTests {
  private static let shown =
    "{ id name purpose focus revision creator { name } flows { totalCount nodes { name } } }"
  static let create = """
    mutation ($input: CreateWorkbenchInput!) { createWorkbench(input: $input) { workbench \(shown) } }
    """
  static let update = """
    mutation ($input: UpdateWorkbenchInput!) { updateWorkbench(input: $input) { workbench \(shown) } }
    """
  static let add = """
    mutation ($input: ChangeWorkbenchFlowsInput!) { addFlowsToWorkbench(input: $input) {
      workbench \(shown) } }
    """
  static let remove = """
    mutation ($input: ChangeWorkbenchFlowsInput!) { removeFlowsFromWorkbench(input: $input) {
      workbench \(shown) } }
    """
  static let delete = """
    mutation ($input: DeleteWorkbenchInput!) { deleteWorkbench(input: $input) { deletedId } }
    """

  private static func flow(_ number: Int) -> InputValue { .string(StudioData.text(.flow, number)) }
  private static func bench(_ number: Int) -> InputValue { .string(StudioData.text(.workbench, number)) }

  @Test func `a workbench is created with its flows, the newest first`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let input: InputValue = [
        "name": "Launch", "purpose": "All for the launch", "focus": ["press", "shop \"B\""],
        "flowIds": [Self.flow(1), Self.flow(3), Self.flow(1)],
      ]
      let answer = try await studio.run(Self.create, ["input": input], as: StudioData.eve)
      #expect(answer.errors.isEmpty, "\(answer.text)")
      let made = "data.createWorkbench.workbench"
      #expect(answer.string(made + ".name") == "Launch")
      #expect(answer.string(made + ".purpose") == "All for the launch")
      #expect(answer[made + ".focus"] == ["press", "shop \"B\""])
      #expect(answer[made + ".revision"] == 1)
      #expect(answer.string(made + ".creator.name") == "Eve")
      #expect(answer[made + ".flows.totalCount"] == 2)
      #expect(answer.strings(made + ".flows.nodes", "name") == ["Attic sweep", "Orders"])
      let plain = try await studio.run(Self.create, ["input": ["name": "Bare"]], as: StudioData.eve)
      #expect(plain["data.createWorkbench.workbench.focus"] == [])
      #expect(plain["data.createWorkbench.workbench.flows.totalCount"] == 0)
    }
  }

  @Test func `what is given is changed, and the rest stays`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let renamed = try await studio.run(
        Self.update, ["input": ["id": Self.bench(1), "name": "Year end", "expectedRevision": 2]],
        as: StudioData.eve)
      #expect(renamed.errors.isEmpty, "\(renamed.text)")
      let changed = "data.updateWorkbench.workbench"
      #expect(renamed.string(changed + ".name") == "Year end")
      #expect(renamed[changed + ".focus"] == ["invoices", "till"])
      #expect(renamed[changed + ".revision"] == 3)
      #expect(renamed.strings(changed + ".flows.nodes", "name") == ["Digest", "Orders"])
      let replaced = try await studio.run(
        Self.update, ["input": ["id": Self.bench(1), "focus": [], "flowIds": [Self.flow(3), Self.flow(2)]]],
        as: StudioData.eve)
      #expect(replaced[changed + ".focus"] == [])
      #expect(replaced.strings(changed + ".flows.nodes", "name") == ["Attic sweep", "Digest"])
      let cleared = try await studio.run(
        Self.update, ["input": ["id": Self.bench(1), "flowIds": []]], as: StudioData.eve)
      #expect(cleared[changed + ".flows.totalCount"] == 0)
      let stale = try await studio.run(
        Self.update, ["input": ["id": Self.bench(1), "name": "Late", "expectedRevision": 2]],
        as: StudioData.eve)
      #expect(stale.code == "CONFLICT" && stale.field == "expectedRevision", "\(stale.text)")
      #expect(stale.message == "The workbench was changed by somebody else: it is at revision 5 now.")
    }
  }

  @Test func `adding and removing may be sent again`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let input: InputValue = ["id": Self.bench(2), "flowIds": [Self.flow(1), Self.flow(2)]]
      for _ in 0..<2 {
        let added = try await studio.run(Self.add, ["input": input], as: StudioData.eve)
        #expect(
          added.strings("data.addFlowsToWorkbench.workbench.flows.nodes", "name") == ["Digest", "Orders"],
          "\(added.text)")
      }
      let other: InputValue = ["id": Self.bench(2), "flowIds": [Self.flow(3), Self.flow(2)]]
      for _ in 0..<2 {
        let removed = try await studio.run(Self.remove, ["input": other], as: StudioData.eve)
        #expect(
          removed.strings("data.removeFlowsFromWorkbench.workbench.flows.nodes", "name") == ["Orders"],
          "\(removed.text)")
      }
      let first = try await studio.run(
        "query ($id: ID!) { workbench(id: $id) { flows { nodes { name } } } }", ["id": Self.bench(1)],
        as: StudioData.vera)
      #expect(
        first.strings("data.workbench.flows.nodes", "name") == ["Digest", "Orders"],
        "the other workbench keeps its own")
    }
  }

  @Test func `a flow that is deleted leaves its workbenches, and a deleted workbench leaves its flows`()
    async throws
  {
    try await Studio.with(StudioData.all) { studio in
      let deleted = try await studio.run(
        "mutation ($id: ID!) { deleteFlow(input: { id: $id }) { deletedId } }", ["id": Self.flow(2)],
        as: StudioData.eve)
      #expect(deleted.errors.isEmpty, "\(deleted.text)")
      let answer = try await studio.run(
        "{ workbenches { nodes { name flows { totalCount nodes { name } } } } }", as: StudioData.vera)
      #expect(answer.strings("data.workbenches.nodes", "name") == ["Shelf", "Month end"])
      #expect(answer["data.workbenches.nodes.0.flows.totalCount"] == 0)
      #expect(answer.strings("data.workbenches.nodes.1.flows.nodes", "name") == ["Orders"])
      let gone = try await studio.run(Self.delete, ["input": ["id": Self.bench(1)]], as: StudioData.eve)
      #expect(gone["data.deleteWorkbench.deletedId"] == Self.bench(1))
      let again = try await studio.run(Self.delete, ["input": ["id": Self.bench(1)]], as: StudioData.eve)
      #expect(again.code == "NOT_FOUND" && again.message == "There is no workbench with this id.")
      let flows = try await studio.run(
        "{ flows { totalCount } workbenches { totalCount } }", as: StudioData.vera)
      #expect(flows["data"] == ["flows": ["totalCount": 2], "workbenches": ["totalCount": 1]])
    }
  }

  @Test func `pages of a workbench's flows have no gap and no repeat`() async throws {
    let many = """
      INSERT INTO automation_flows (organization_id, id, name, intention)
        SELECT id(2, 1), id(4, f), 'Flow ' || f, 'Many' FROM generate_series(1, 30) f;
      INSERT INTO workbenches (organization_id, id, name) SELECT id(2, 1), id(10, w), 'W' FROM
        generate_series(1, 3) w;
      INSERT INTO workbench_flows (organization_id, workbench_id, flow_id)
        SELECT id(2, 1), id(10, w), id(4, f) FROM generate_series(1, 2) w, generate_series(1, 30) f
        WHERE f % w = 0;
      """
    try await Studio.with([StudioData.accounts, many]) { studio in
      let document = """
        query ($after: Cursor) { workbenches { nodes { flows(first: 7, after: $after) { totalCount
          nodes { name } pageInfo { hasNextPage endCursor } } } } }
        """
      let (answer, statements) = try await studio.recorded(document, as: StudioData.vera)
      let pages = (answer["data.workbenches.nodes"]?.list ?? []).map { $0["flows"] }
      #expect(pages.map { $0?["totalCount"] } == [0, 15, 30])
      #expect(pages.map { $0?["pageInfo"]?["hasNextPage"] } == [false, true, true])
      #expect(statements.map(\.label) == ["workbench_page", "flow_linked_pages", "flow_linked_counts"])
      var names: [String] = []
      var after: InputValue = .null
      for _ in 0..<5 {
        let page = try await studio.run(document, ["after": after], as: StudioData.vera)
        names += page.strings("data.workbenches.nodes.2.flows.nodes", "name")
        after = page["data.workbenches.nodes.2.flows.pageInfo.endCursor"] ?? .null
      }
      #expect(names == (1...30).reversed().map { "Flow \($0)" })
    }
  }

  @Test func `the search looks at name and purpose, and knows no wildcards`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let document = """
        query ($text: String) { workbenches(filter: { search: $text }) { totalCount nodes { name } } }
        """
      for (text, found) in [
        ("MONTH", ["Month end"]), ("1%", ["Month end"]), ("%", ["Month end"]), ("_", []), ("bench", []),
        ("", ["Shelf", "Month end"]),
      ] {
        let answer = try await studio.run(document, ["text": .string(text)], as: StudioData.vera)
        #expect(answer.strings("data.workbenches.nodes", "name") == found, "\(text)")
        #expect(answer["data.workbenches.totalCount"] == .int(found.count))
      }
    }
  }

  private static let refused: [(InputValue, String)] = [
    (["name": ""], "name"), (["name": .string(String(repeating: "n", count: 201))], "name"),
    (["name": "N", "purpose": .string(String(repeating: "p", count: 2001))], "purpose"),
    (["name": "N", "focus": .list(Array(repeating: "f", count: 21))], "focus"),
    (["name": "N", "focus": ["good", ""]], "focus.1"), (["name": "N", "focus": ["\0"]], "focus.0"),
    (["name": "N", "flowIds": [flow(1), bench(1)]], "flowIds.1"),
    (["name": "N", "flowIds": .list(Array(repeating: flow(1), count: 501))], "flowIds"),
    (["name": "N", "flowIds": [flow(1), flow(77)]], "flowIds"),
    (["name": "N", "flowIds": [flow(9)]], "flowIds"),
  ]

  @Test func `what makes no workbench is refused with its field`() async throws {
    try await Studio.with(StudioData.all) { studio in
      for (input, field) in Self.refused {
        let answer = try await studio.run(Self.create, ["input": input], as: StudioData.eve)
        #expect(answer.code == "BAD_USER_INPUT" && answer.field == field, "\(field): \(answer.text)")
      }
      #expect(try await studio.text("SELECT count(*)::text FROM workbenches") == "3")
      let none: InputValue = ["id": Self.bench(1), "flowIds": []]
      let empty = try await studio.run(Self.add, ["input": none], as: StudioData.eve)
      #expect(empty.code == "BAD_USER_INPUT" && empty.field == "flowIds")
    }
  }

  @Test func `five hundred flows lie on a workbench, and no more`() async throws {
    let full = """
      INSERT INTO automation_flows (organization_id, id, name, intention)
        SELECT id(2, 1), id(4, f), 'F', 'F' FROM generate_series(1, 501) f;
      INSERT INTO workbenches (organization_id, id, name) VALUES (id(2, 1), id(10, 1), 'Full');
      INSERT INTO workbench_flows (organization_id, workbench_id, flow_id)
        SELECT id(2, 1), id(10, 1), id(4, f) FROM generate_series(1, 500) f;
      """
    try await Studio.with([StudioData.accounts, full]) { studio in
      let refused = try await studio.run(
        Self.add, ["input": ["id": Self.bench(1), "flowIds": [Self.flow(501)]]], as: StudioData.eve)
      #expect(refused.code == "BAD_USER_INPUT" && refused.field == "flowIds", "\(refused.text)")
      #expect(refused.message == "There may be 500 of them at most.")
      #expect(try await studio.text("SELECT count(*)::text FROM workbench_flows") == "500")
      #expect(try await studio.text("SELECT revision::text FROM workbenches") == "1")
    }
  }
}
