import Flows
import GraphQLEngine
import Postgres
import Schema
import Storage

extension OrganizationFields {
  var retention: FieldBinding { .batch { call in try Self.retention(call) } }

  private static func retention(_ call: FieldCall) throws -> Resolution {
    let context = try call.studio
    let own = try context.requireViewer().organizationID
    let organizations = try call.parents.identifiers("id")
    guard organizations.contains(own) else { return .ready(.nulls(organizations.count)) }
    let parameters = Parameters { $0.uuid(own.uuid) }
    return read(RetentionStore.select, parameters, in: context, noun: "organization") { table in
      let rows = table.batch
      let retention =
        rows.rowCount == 0
        ? Retention(runDays: nil, runCount: nil, auditDays: nil)
        : Retention(runDays: rows.int(0, 0), runCount: rows.int(0, 1), auditDays: rows.int(0, 2))
      return .optionals(organizations.map { $0 == own ? retention : nil })
    }
  }
}
