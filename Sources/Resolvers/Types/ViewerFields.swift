import Flows
import GraphQLEngine
import Postgres
import Schema
import Storage

/// Resolvers of `Viewer`, whose row is the context's `Viewer`.
struct ViewerFields: ViewerResolvers {
  var user: FieldBinding { Loaders.binding(Loaders.users) { (viewer: Viewer) in viewer.userID } }
  var apiKey: FieldBinding { Loaders.binding(Loaders.apiKeys) { (viewer: Viewer) in viewer.apiKey?.id } }
  var organization: FieldBinding {
    Loaders.binding(Loaders.organizations) { (viewer: Viewer) in viewer.organizationID }
  }
  var role: FieldBinding { .leaf(ViewerRole.self) }

  var memberships: FieldBinding { .batch { call in try MembershipFields().own(call) } }

  var session: FieldBinding {
    Loaders.binding(Loaders.sessions) { (viewer: Viewer) in viewer.sessionID }
  }

  var preferences: FieldBinding {
    .batch { call in
      let context = try call.studio
      let viewer = try context.requireViewer()
      try viewer.requireUser()
      let parameters = Parameters { $0.uuid(viewer.userID.uuid) }
      return read(AccountStore.preferences, parameters, in: context, noun: "user") { table in
        let rows = (0..<table.rowCount).map { row in
          UserPreferences(
            language: table.batch.string(row, 0), timeZone: table.batch.string(row, 1),
            values: RawJSON(table.batch.jsonBytes(row, 2).map { Array($0) } ?? Array("{}".utf8)))
        }
        return .objects(.swift(rows))
      }
    }
  }

  private enum ViewerRole: LeafField {
    static func write(_ row: UnsafePointer<Viewer>, _ out: inout GraphQLEngine.JSONWriter) {
      out.write(row.pointee.role)
    }
  }
}
