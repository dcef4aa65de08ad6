import GraphQLEngine
import Logging
import Schema
import Storage
import Testing

@testable import Resolvers

/// What a role or an API key's scopes do not allow is in the audit log, within bounds.
@Suite struct AuditRefusalTests {
  private static let create = """
    mutation { createFlow(input: { name: "No", intention: "I" }) { flow { id } } }
    """

  /// The events of refusals: action, object, user's number, what it says besides.
  private static let refused = """
    SELECT coalesce(string_agg(concat_ws(' ', action, coalesce(object_type || ' ' || object_id, '-'),
      right(user_id::text, 1), after::text), '; ' ORDER BY id), '')
    FROM audit_events WHERE outcome = 'refused' AND organization_id = id(2, 1)
    """

  @Test func `what a role does not allow is told with who tried it from where`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let origin = RequestOrigin(address: "203.0.113.7", userAgent: "robot/1", requestID: "abc")
      let refused = try await RequestOrigin.$current.withValue(origin) {
        try await studio.run(Self.create, as: StudioData.vera)
      }
      #expect(refused.code == "FORBIDDEN")
      await studio.services.refusals.settle()
      let log = try await studio.run(
        """
        query { auditLog(filter: { outcome: REFUSED }) { totalCount nodes { action outcome actorId objectId \
        before after address userAgent requestId } } }
        """, as: StudioData.ada)
      let expected: InputValue = [
        "action": "createFlow", "outcome": "REFUSED", "actorId": .string(StudioData.text(.user, 4)),
        "objectId": .null, "before": .null, "after": .null, "address": "203.0.113.7",
        "userAgent": "robot/1", "requestId": "abc",
      ]
      #expect(log["data.auditLog.nodes.0"] == expected && log["data.auditLog.totalCount"] == 1, "\(log.text)")
    }
  }

  @Test func `what an operation refuses is told with its object`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let text = """
        mutation ($id: ID!) { changeMemberRole(input: { id: $id, role: OWNER }) { membership { id } } }
        """
      var admin = StudioData.eve
      admin.role = .admin
      let member = StudioData.text(.membership, 4)
      let answer = try await studio.run(text, ["id": .string(member)], as: admin)
      #expect(answer.code == "FORBIDDEN", "\(answer.text)")
      await studio.services.refusals.settle()
      #expect(try await studio.text(Self.refused) == "changeMemberRole membership \(member) 2")
    }
  }

  @Test func `a key without the scope is told with the key`() async throws {
    try await Studio.with(StudioData.all) { studio in
      var robot = StudioData.ada
      robot.apiKey = Viewer.KeyInUse(id: StudioData.id(.apiKey, 1), scopes: [.read])
      let answer = try await studio.run(Self.create, as: robot)
      #expect(answer.code == "FORBIDDEN")
      await studio.services.refusals.settle()
      let key = """
        SELECT string_agg(action || ' ' || right(api_key_id::text, 1), ';') FROM audit_events \
        WHERE outcome = 'refused'
        """
      #expect(try await studio.text(key) == "createFlow 1")
    }
  }

  @Test func `queries, and people who are not signed in, leave nothing`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let anonymous = try await studio.run(Self.create, as: nil)
      #expect(anonymous.code == "UNAUTHENTICATED")
      let query = try await studio.run("{ auditLog { totalCount } }", as: StudioData.vera)
      #expect(query.code == "FORBIDDEN")
      await studio.services.refusals.settle()
      #expect(try await studio.text(Self.refused) == "")
    }
  }

  @Test func `a user and an organization leave so many in a period, and then how many were left out`()
    async throws
  {
    try await Studio.with(StudioData.all) { studio in
      var bounds = RefusalLog.Bounds()
      bounds.perUser = 2
      bounds.perOrganization = 3
      let log = RefusalLog(studio.database, bounds)
      let logger = Logger(label: "test")
      let start = ContinuousClock.now
      func refuse(_ viewer: Viewer, _ action: String, after seconds: Int = 0) {
        let event = AuditTrail.Event(id: studio.services.makeID(), action: action)
        let trail = AuditTrail(event, organization: viewer.organizationID, user: viewer.userID)
        log.note(trail, of: viewer, logger, at: start + .seconds(seconds))
      }
      for number in 1...5 { refuse(StudioData.vera, "a\(number)") }
      for number in 1...2 { refuse(StudioData.eve, "b\(number)") }
      refuse(StudioData.bob, "elsewhere")
      for number in 6...7 { refuse(StudioData.vera, "a\(number)", after: 3600) }
      await log.settle()
      let events = try await studio.text(Self.refused)
      #expect(events == "a1 - 4; a2 - 4; b1 - 2; a6 - 4 {\"leftOut\": 3}; a7 - 4")
    }
  }

  @Test func `no more wait, and no more are counted, than the bounds say`() async throws {
    try await Studio.with(StudioData.all) { studio in
      var bounds = RefusalLog.Bounds()
      bounds.accounts = 2
      let log = RefusalLog(studio.database, bounds)
      for viewer in [StudioData.vera, StudioData.bob] {
        let event = AuditTrail.Event(id: studio.services.makeID(), action: "refused")
        let trail = AuditTrail(event, organization: viewer.organizationID, user: viewer.userID)
        log.note(trail, of: viewer, Logger(label: "test"))
      }
      await log.settle()
      let count = try await studio.text("SELECT count(*)::text FROM audit_events WHERE outcome = 'refused'")
      #expect(count == "1")
    }
  }
}
