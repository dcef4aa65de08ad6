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

  var memberships: FieldBinding {
    .batch { call in
      let context = try call.studio
      let viewer = try context.requireViewer()
      try viewer.requireUser()
      let parameters = Parameters { $0.uuid(viewer.userID.uuid) }
      return read(OrganizationReads.memberships, parameters, in: context, noun: "membership") { table in
        .list(.swift((0..<table.rowCount).compactMap { MembershipRow(table.batch, $0) }))
      }
    }
  }

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

/// A row of `OrganizationReads.memberships`.
struct MembershipRow: Sendable {
  var organizationID: Identifier
  var role: Role
  var createdAt: DateTime

  init?(_ rows: RowBatch, _ row: Int) {
    guard let organization = rows.uuid(row, 0), let created = rows.microseconds(row, 2),
      let role = rows.string(row, 1).flatMap({ Role(rawValue: $0.uppercased()) })
    else { return nil }
    organizationID = organization.identifier
    self.role = role
    createdAt = DateTime(microseconds: created)
  }
}

/// Resolvers of `Membership`.
struct MembershipFields: MembershipResolvers {
  var organization: FieldBinding {
    Loaders.binding(Loaders.organizations) { (row: MembershipRow) in row.organizationID }
  }
  var role: FieldBinding { .leaf(MembershipRole.self) }
  var createdAt: FieldBinding { .leaf(MembershipCreatedAt.self) }

  private enum MembershipRole: LeafField {
    static func write(_ row: UnsafePointer<MembershipRow>, _ out: inout GraphQLEngine.JSONWriter) {
      out.write(row.pointee.role)
    }
  }

  private enum MembershipCreatedAt: LeafField {
    static func write(_ row: UnsafePointer<MembershipRow>, _ out: inout GraphQLEngine.JSONWriter) {
      out.write(row.pointee.createdAt)
    }
  }
}
