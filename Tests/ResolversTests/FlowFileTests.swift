import Files
import Flows
import GraphQLEngine
import Resolvers
import Schema
import Testing

/// Documents of flows that come as files: what is larger or deeper than a request may be.
@Suite struct FlowFileTests {
  private static let load = """
    mutation ($input: ImportFlowInput!) { importFlow(input: $input) { flow { id name } warnings { code } } }
    """
  private static let upload = Upload(token: "document").input

  private func load(
    _ studio: Studio, _ text: some Sequence<UInt8>, _ more: [InputObject.Field] = [], as viewer: Viewer
  ) async throws -> Answer {
    let input = InputObject([.init(name: "file", value: Self.upload)] + more)
    return try await studio.run(
      Self.load, ["input": .object(input)], as: viewer, files: ["document": try await studio.receive(text)])
  }

  private static let document = """
    {"studio": "flow", "format": 1, "name": "Filed", "intention": "I", "connections": [],
     "nodes": [{"key": "start", "title": "S", "kind": "TRIGGER"}]}
    """

  @Test func `a file is read like a document, and the same content is the same for its key`() async throws {
    try await Studio.with { studio in
      let plain = try await load(studio, Self.document.utf8, as: StudioData.eve)
      #expect(plain["data.importFlow.flow.name"] == "Filed", "\(plain.text)")
      let key = [InputObject.Field(name: "idempotencyKey", value: "once")]
      let once = try await load(studio, Self.document.utf8, key, as: StudioData.eve)
      let again = try await load(studio, Self.document.utf8, key, as: StudioData.eve)
      #expect(once.errors.isEmpty && once.text == again.text, "\(again.text)")
      let other = try await load(studio, (Self.document + " ").utf8, key, as: StudioData.eve)
      #expect(other.code == "CONFLICT", "\(other.text)")
    }
  }

  @Test func `what is no document is refused`() async throws {
    try await Studio.with { studio in
      let broken = try await load(studio, "{".utf8, as: StudioData.eve)
      #expect(broken.code == "BAD_USER_INPUT" && broken.field == "file", "\(broken.text)")
      let kind = try await load(
        studio, Self.document.replacing("TRIGGER", with: "ROBOT").utf8, as: StudioData.eve)
      #expect(kind.field == "file.nodes.0.kind", "\(kind.text)")
      let null = try await load(
        studio, Self.document.replacing("Filed", with: "\\u0000").utf8, as: StudioData.eve)
      #expect(null.code == "BAD_USER_INPUT" && null.field == "file", "\(null.text)")
      let both = try await load(
        studio, Self.document.utf8, [.init(name: "document", value: [:])], as: StudioData.eve)
      #expect(both.code == "BAD_USER_INPUT" && both.field == "document", "\(both.text)")
      let neither = try await studio.run(Self.load, ["input": ["name": "N"]], as: StudioData.eve)
      #expect(neither.code == "BAD_USER_INPUT" && neither.field == "document", "\(neither.text)")
      let forged = try await studio.run(Self.load, ["input": ["file": Self.upload]], as: StudioData.eve)
      #expect(forged.code == "BAD_USER_INPUT" && forged.field == "file", "\(forged.text)")
      #expect(try await studio.text("SELECT count(*)::text FROM automation_flows") == "0")
    }
  }

  @Test func `a file that would be read as something else than it says is refused`() async throws {
    try await Studio.with { studio in
      let half = Self.document.replacing("Filed", with: #"\ud800x"#)
      let pair = Self.document.replacing("Filed", with: #"\ud83c\udf0d"#)
      let twice = Self.document.replacing(#""name""#, with: #""name": "A", "name""#)
      let bytes = Array(Self.document.replacing("Filed", with: "\u{1}").utf8).map { $0 == 1 ? 0xFF : $0 }
      for (document, problem) in [
        (Array(half.utf8), "Half of a surrogate pair in a string (byte "),
        (Array(half.replacing("x", with: #"\u0041"#).utf8), "Half of a surrogate pair in a string (byte "),
        (Array(twice.utf8), "A key stands twice in the object that begins here (byte 0)."),
        (bytes, "A string is not valid UTF-8 (byte "),
      ] {
        let answer = try await load(studio, document, as: StudioData.eve)
        #expect(answer.code == "BAD_USER_INPUT" && answer.field == "file", "\(answer.text)")
        #expect(answer.text.contains(problem), "\(answer.text)")
      }
      let whole = try await load(studio, pair.utf8, as: StudioData.eve)
      #expect(whole["data.importFlow.flow.name"] == "🌍", "\(whole.text)")
    }
  }

  /// A flow that has as much of everything as it may have.
  private static let largest = """
    UPDATE automation_flows SET name = repeat('🌍', 200), intention = repeat('🌍', 2000),
      notes = repeat('🌍', 2000) WHERE id = id(4, 2);
    UPDATE automation_nodes SET title = repeat(E'\\x01', 200), detail = repeat(E'\\x01', 2000)
      WHERE flow_id = id(4, 2);
    INSERT INTO automation_nodes (organization_id, id, flow_id, key, title, kind, detail, config, node_order)
      SELECT id(2, 1), id(5, 1000 + n), id(4, 2), 'n' || repeat('k', 60) || lpad(n::text, 3, '0'),
        repeat(E'\\x01', 200), 'action', repeat(E'\\x01', 2000),
        jsonb_build_object('type', 'log', 'message', repeat('m', 65536 - 27)), n
      FROM generate_series(1, 499) n;
    INSERT INTO automation_connections (organization_id, id, flow_id, from_node_id, to_node_id, label,
      condition, connection_order)
      SELECT id(2, 1), id(6, 1000 + n), id(4, 2), id(5, 8), id(5, 1000 + n), repeat(E'\\x01', 200),
        '"' || repeat('🌍', 2000) || repeat('c', 1998) || '"', n
      FROM generate_series(1, 499) n;
    """

  @Test func `the largest flow that there may be is exported, and imported in another organization`()
    async throws
  {
    try await Studio.with(StudioData.all) { studio in
      try await studio.script(Self.largest)
      let exported = try await studio.response(
        FlowTriggerCopyTests.export, ["id": .string(StudioData.text(.flow, 2))], as: StudioData.eve)
      let head = #"{"data":{"exportFlow":{"document":"#
      #expect(exported.starts(with: head.utf8) && exported.count > 40 << 20, "\(exported.count) bytes")
      let document = exported.dropFirst(head.utf8.count).dropLast(3)
      #expect(document.count <= 64 << 20)
      let made = try await load(studio, document, as: StudioData.bob)
      #expect(made.errors.isEmpty && made["data.importFlow.warnings"] == [], "\(made.text.prefix(1000))")
      let same = try await studio.text(
        """
        SELECT string_agg(DISTINCT nodes || ' ' || connections, ', ') FROM (
          SELECT (SELECT count(*) || md5(string_agg(n.key || n.title || n.kind || n.detail || n.config, ',' \
        ORDER BY n.node_order)) FROM automation_nodes n WHERE n.flow_id = f.id) AS nodes, \
        (SELECT count(*) || md5(string_agg(c.label || c.condition, ',' ORDER BY c.connection_order)) \
        FROM automation_connections c WHERE c.flow_id = f.id) AS connections \
        FROM automation_flows f WHERE f.name = repeat('🌍', 200)) s
        """)
      #expect(same.hasPrefix("500") && !same.contains(","), "\(same)")
    }
  }
}
