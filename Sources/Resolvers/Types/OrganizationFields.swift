import Flows
import GraphQLEngine
import Postgres
import Schema
import Storage

/// Resolvers of `Organization`.
struct OrganizationFields: OrganizationResolvers, TableType {
  static let typeName = "Organization"
  static let noun = "organization"

  /// Whoever is a member of it may see it.
  static func owner(_ viewer: Viewer) -> Identifier { viewer.userID }

  func source(of leaf: OrganizationLeaf) -> LeafSource<OrganizationColumn> {
    switch leaf {
    case .id: LeafSource(.id, Formats.id(.organization))
    case .name: LeafSource(.name, .text)
    case .maximumConcurrentRuns: LeafSource(.maximumConcurrentRuns, .int4)
    case .createdAt: LeafSource(.createdAt, .timestamptz)
    case .updatedAt: LeafSource(.updatedAt, .timestamptz)
    }
  }

  func keys(of field: String) -> [OrganizationColumn] { [.id] }

  /// Resolves a root field with the organization of the request.
  func current(_ call: FieldCall) throws -> Resolution {
    let organization = try call.studio.requireViewer().organizationID
    return try ofUser(call, OrganizationFields.row) {
      .objects($0, at: [$1 == 1 ? 0 : -1])
    } parameters: {
      $0.uuids([organization.uuid])
    }
  }

  private static func row(_ columns: [OrganizationColumn]) -> Statement {
    OrganizationReads.rows(columns, label: "organization_by_id")
  }

  /// Resolves a root field with all organizations of the user.
  func own(_ call: FieldCall) throws -> Resolution {
    try call.studio.requireViewer().requireUser()
    return try ofUser(call, { OrganizationReads.own($0, label: "own_organizations") }) { rows, _ in
      .list(rows)
    }
  }
}

/// Resolvers of `Membership`.
struct MembershipFields: MembershipResolvers, TableType {
  static let typeName = "Membership"
  static let noun = "membership"

  func source(of leaf: MembershipLeaf) -> LeafSource<MembershipColumn> {
    switch leaf {
    case .id: LeafSource(.id, Formats.id(.membership))
    case .role: LeafSource(.role, Formats.role)
    case .createdAt: LeafSource(.createdAt, .timestamptz)
    }
  }

  func keys(of field: String) -> [MembershipColumn] {
    field == "organization" ? [.organizationID] : [.userID]
  }

  var organization: FieldBinding { Loaders.organizations(by: MembershipColumn.organizationID) }
  var user: FieldBinding { Loaders.users(by: MembershipColumn.userID) }

  /// Resolves a field with all memberships of the user.
  func own(_ call: FieldCall) throws -> Resolution {
    try call.studio.requireViewer().requireUser()
    return try ofUser(call, { OrganizationReads.memberships($0, label: "memberships") }) { rows, _ in
      .list(rows)
    }
  }

  static func filter(_ filter: MemberFilter?) throws -> PageFilter<MembershipColumn> {
    var conditions = PageFilter<MembershipColumn>()
    if let role = filter?.role {
      let name = role.rawValue.lowercased()
      conditions.add(.equals(.role, .text)) { $0.text(name) }
    }
    return conditions
  }
}

extension TableType {
  /// Resolves a field with rows that a statement gives for the user who asks.
  fileprivate func ofUser(
    _ call: FieldCall, _ statement: ([Column]) -> Statement,
    _ column: @escaping @Sendable (Rows, Int) -> GraphQLEngine.Column,
    parameters fill: (inout Parameters) -> Void = { _ in }
  ) throws -> Resolution {
    let context = try call.studio
    let user = try context.requireViewer().userID
    let planned = call.memo {
      let plan = plan([call.selection], schema: call.schema)
      return PlannedRead(
        statement: statement(plan.columns), layout: plan.layout, keyColumn: plan.columns.count,
        isKeyAlone: false)
    }
    var parameters = Parameters { $0.uuid(user.uuid) }
    fill(&parameters)
    return read(planned.statement, parameters, in: context, noun: Self.noun) { table in
      column(.table(table, layout: planned.layout), table.rowCount)
    }
  }
}

/// Resolvers of `Invitation`. The token's hash is not among its columns.
struct InvitationFields: InvitationResolvers, TableType {
  static let typeName = "Invitation"
  static let noun = "invitation"

  func source(of leaf: InvitationLeaf) -> LeafSource<InvitationColumn> {
    switch leaf {
    case .id: LeafSource(.id, Formats.id(.invitation))
    case .email: LeafSource(.email, .text)
    case .role: LeafSource(.role, Formats.role)
    case .expiresAt: LeafSource(.expiresAt, .timestamptz)
    case .acceptedAt: LeafSource(.acceptedAt, .timestamptz)
    case .createdAt: LeafSource(.createdAt, .timestamptz)
    }
  }

  func keys(of field: String) -> [InvitationColumn] { [.userID] }

  var inviter: FieldBinding { Loaders.users(by: InvitationColumn.userID) }

  static func filter(_ filter: InvitationFilter?) throws -> PageFilter<InvitationColumn> {
    var conditions = PageFilter<InvitationColumn>()
    if let isOpen = filter?.isOpen {
      conditions.add(.isNull(.acceptedAt)) { $0.bool(isOpen) }
      if isOpen { conditions.add(.isAhead(.expiresAt)) { $0.bool(true) } }
    }
    return conditions
  }
}

/// The row of `InviteMemberPayload`.
struct IssuedInvitation: Sendable {
  var id: Identifier
  var token: String
}

/// Resolvers of `InviteMemberPayload`.
struct IssuedInvitationFields: InviteMemberPayloadResolvers {
  var invitation: FieldBinding {
    Loaders.binding(Loaders.invitations) { (row: IssuedInvitation) in row.id }
  }
  var token: FieldBinding { .leaf(Token.self) }

  private enum Token: LeafField {
    static func write(_ row: UnsafePointer<IssuedInvitation>, _ out: inout GraphQLEngine.JSONWriter) {
      out.write(row.pointee.token)
    }
  }
}

/// The row of `SwitchOrganizationPayload`.
struct SwitchedOrganization: Sendable {
  var accessToken: String
  var expiresIn: Int
  var viewer: Viewer
}

/// Resolvers of `SwitchOrganizationPayload`.
struct SwitchedOrganizationFields: SwitchOrganizationPayloadResolvers {
  var accessToken: FieldBinding { .leaf(AccessToken.self) }
  var expiresIn: FieldBinding { .leaf(ExpiresIn.self) }
  var viewer: FieldBinding {
    .batch { call in
      .ready(.objects(.swift(try call.parents.rows(of: SwitchedOrganization.self).map(\.viewer))))
    }
  }

  private enum AccessToken: LeafField {
    static func write(_ row: UnsafePointer<SwitchedOrganization>, _ out: inout GraphQLEngine.JSONWriter) {
      out.write(row.pointee.accessToken)
    }
  }

  private enum ExpiresIn: LeafField {
    static func write(_ row: UnsafePointer<SwitchedOrganization>, _ out: inout GraphQLEngine.JSONWriter) {
      out.write(row.pointee.expiresIn)
    }
  }
}
