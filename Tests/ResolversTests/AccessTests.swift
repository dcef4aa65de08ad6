import GraphQLEngine
import Resolvers
import Schema
import Testing

/// Who may use which root field is what the schema's directives say.
@Suite struct AccessTests {
  static let message = "Sign in first: this needs a valid access token."

  @Test func `nobody uses a field without signing in, but for the public ones`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let declared = RootFieldCase.declared(in: studio.engine.executable.schema)
      for test in RootFieldCase.all {
        let start = studio.statements.entries.count
        let answer = try await studio.run(test, as: nil)
        if declared[test.coordinate] == .public {
          #expect(
            !answer.errors.contains { $0.message == Self.message }, "\(test.coordinate): \(answer.text)")
          continue
        }
        #expect(answer.codes == ["UNAUTHENTICATED"], "\(test.coordinate): \(answer.text)")
        #expect(answer.message == Self.message)
        #expect(
          studio.statements.entries.count == start, "\(test.coordinate) asked the database for a stranger")
      }
      #expect(declared.values.filter { $0 == .public }.count == 6)
    }
  }

  @Test(arguments: [StudioData.vera, StudioData.otto, StudioData.eve])
  func `a role opens what it and the lower roles may use, and nothing else`(viewer: Viewer) async throws {
    try await Studio.with(StudioData.all) { studio in
      let declared = RootFieldCase.declared(in: studio.engine.executable.schema)
      var refused = 0
      for test in RootFieldCase.all {
        guard case .requires(let role, _) = declared[test.coordinate] else { continue }
        let start = studio.statements.entries.count
        let answer = try await studio.run(test, as: viewer)
        if viewer.role >= role {
          #expect(!answer.codes.contains("FORBIDDEN"), "\(test.coordinate): \(answer.text)")
          continue
        }
        refused += 1
        #expect(answer.codes == ["FORBIDDEN"], "\(test.coordinate): \(answer.text)")
        #expect(answer.message == "This needs the role \(role.rawValue); yours is \(viewer.role.rawValue).")
        // The hint about the run of an earlier case goes out on its own, and so does the audit log's event.
        let aside: Set = ["notify", "insert_audit_event"]
        let sent = studio.statements.entries[start...].map(\.label).filter { !aside.contains($0) }
        #expect(sent == [], "\(test.coordinate) worked before it refused")
      }
      #expect(refused > 0, "what is for admins alone is refused to all of these")
    }
  }

  @Test func `a refused field leaves the others of a query`() async throws {
    try await Studio.with { studio in
      let answer = try await studio.run("{ connectors { totalCount } viewer { role } }", as: nil)
      #expect(answer.codes == ["UNAUTHENTICATED"])
      #expect(answer["data"] == .null, "viewer is not nullable")
      let other = try await studio.run(
        "query ($id: ID!) { connectors { totalCount } flow(id: $id) { name } }",
        ["id": .string(StudioData.text(.flow, 1))], as: nil)
      #expect(other.codes == ["UNAUTHENTICATED"])
      #expect(other["data.connectors.totalCount"] == 3)
      #expect(other["data.flow"] == .null)
    }
  }
}
