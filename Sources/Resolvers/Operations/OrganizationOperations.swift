import Flows
import Schema
import Secrets
import Storage

/// Organizations and their members.
struct OrganizationOperations {
  let context: StudioContext

  init(context: StudioContext) { self.context = context }

  private var services: Services { context.services }
  private var store: OrganizationStore { services.organizations }

  // MARK: Organizations

  func create(_ input: CreateOrganizationInput) async throws -> Change {
    let viewer = try context.requireViewer()
    try InputCheck.text(input.name, 1...200, field: "name")
    let organization = services.makeID()
    context.trail?.note(organization: organization)
    context.audit(new: .organization, organization)
    try await store.create(
      organization, named: input.name, membership: services.makeID(), owner: viewer.userID)
    return Change(organizationID: organization)
  }

  func rename(_ input: RenameOrganizationInput) async throws -> Change {
    let viewer = try context.requireViewer()
    try InputCheck.text(input.name, 1...200, field: "name")
    context.audit(.organization, viewer.organizationID)
    try await store.rename(viewer.organizationID, to: input.name)
    return Change(organizationID: viewer.organizationID)
  }

  func setRetention(_ input: SetRetentionInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let given = [
      ("runDays", input.runDays, RetentionPolicy.dayBounds),
      ("runCount", input.runCount, RetentionPolicy.countBounds),
      ("auditDays", input.auditDays, RetentionPolicy.dayBounds),
    ]
    try InputCheck.all(
      given.map { field, number, bounds in
        { if let number { try InputCheck.number(number, bounds, field: field) } }
      })
    context.audit(.organization, viewer.organizationID)
    let policy = RetentionPolicy(
      runDays: input.runDays, runCount: input.runCount, auditDays: input.auditDays)
    try await services.retention.set(policy, for: viewer.organizationID)
    return Change(organizationID: viewer.organizationID)
  }

  func setRunLimit(_ input: SetRunLimitInput) async throws -> Change {
    let organization = try context.requireViewer().organizationID
    let (scope, limit, field) = try limited(by: input)
    if let limit, !(1...RunLimits.maximum).contains(limit) {
      throw ServiceError(.badUserInput, "It must be 1 to \(RunLimits.maximum).", field: field)
    }
    var change = Change(organizationID: organization)
    switch scope {
    case .flow(let flow):
      context.audit(.flow, flow)
      change.flowID = flow
    case .integration(let integration):
      context.audit(.integration, integration)
      change.integrationID = integration
    case .organization: context.audit(.organization, organization)
    }
    try await RunLimits(services.database).set(limit, for: scope, in: organization)
    return change
  }

  /// What is limited, and by the number in which field.
  private func limited(
    by input: SetRunLimitInput
  ) throws -> (scope: RunLimits.Scope, limit: Int?, field: String) {
    if let integration = input.integrationId {
      for (field, isGiven) in [
        ("flowId", input.flowId != nil), ("maximumConcurrentRuns", input.maximumConcurrentRuns != nil),
      ] where isGiven {
        throw ServiceError(.badUserInput, "It does not go with integrationId.", field: field)
      }
      let id = try InputID.parse(integration, .integration, field: "integrationId")
      return (.integration(id), input.maximumConcurrentCalls, "maximumConcurrentCalls")
    }
    guard input.maximumConcurrentCalls == nil else {
      throw ServiceError(.badUserInput, "It needs an integrationId.", field: "maximumConcurrentCalls")
    }
    let flow = try input.flowId.map { try InputID.parse($0, .flow, field: "flowId") }
    return (flow.map { .flow($0) } ?? .organization, input.maximumConcurrentRuns, "maximumConcurrentRuns")
  }

  /// An access token for another organization of the user; the session's refresh token follows.
  func switchTo(_ input: SwitchOrganizationInput) async throws -> SwitchedOrganization {
    let viewer = try context.requireViewer()
    let (organization, role) = try await ownRole(in: input.organizationId, viewer)
    guard let session = viewer.sessionID else { throw OrganizationOperations.isSignedOut }
    context.audit(.session, session)
    do {
      try await store.moveSession(session, of: viewer.userID, to: organization)
    } catch StorageError.notFound {
      throw OrganizationOperations.isSignedOut
    }
    let (token, claims) = try await services.accessTokens.sign(
      user: viewer.userID.uuidv7, organization: organization.uuidv7, session: session.uuidv7)
    let switched = Viewer(
      userID: viewer.userID, organizationID: organization, role: role, sessionID: session)
    context.signIn(switched)
    return SwitchedOrganization(
      accessToken: token, expiresIn: Int(claims.expiresAt - claims.issuedAt), viewer: switched)
  }

  private func ownRole(
    in text: String, _ viewer: Viewer
  ) async throws -> (organization: Identifier, role: Role) {
    let organization = try InputID.parse(text, .organization, field: "organizationId")
    guard let membership = try await services.accounts.membership(of: viewer.userID, in: organization),
      let role = Role(rawValue: membership.role.uppercased())
    else { throw ServiceError.notFound("organization", field: "organizationId") }
    return (organization, role)
  }

  private static let isSignedOut = ServiceError(
    .unauthenticated, "The session has ended: sign in again, with the organization's id.")

  // MARK: Members

  func changeRole(_ input: ChangeMemberRoleInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .membership)
    context.audit(.membership, id)
    let member = try await member(id, viewer)
    try viewer.requireRank(input.role)
    try await store.changeRole(of: member, to: input.role.rawValue.lowercased(), in: viewer.organizationID)
    return Change(membershipID: id)
  }

  func remove(_ input: RemoveMemberInput) async throws -> RemoveMemberPayload {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .membership)
    context.audit(.membership, id)
    try await store.remove(try await member(id, viewer), from: viewer.organizationID)
    return RemoveMemberPayload(removedId: input.id)
  }

  func leave(_ input: LeaveOrganizationInput) async throws -> LeaveOrganizationPayload {
    let viewer = try context.requireViewer()
    let (organization, role) = try await ownRole(in: input.organizationId, viewer)
    context.trail?.note(organization: organization)
    context.audit(.organization, organization)
    let member = OrganizationStore.Member(userID: viewer.userID, role: role.rawValue.lowercased())
    try await store.remove(member, from: organization)
    return LeaveOrganizationPayload(leftId: input.organizationId)
  }

  /// The member with an id, who does not stand above the viewer.
  private func member(_ id: Identifier, _ viewer: Viewer) async throws -> OrganizationStore.Member {
    guard let member = try await store.member(id, in: viewer.organizationID),
      let role = Role(rawValue: member.role.uppercased())
    else { throw StorageError.notFound }
    try viewer.requireRank(role)
    return member
  }
}

extension Viewer {
  /// Nobody makes, changes or removes a member of a higher role than their own.
  func requireRank(_ role: Role) throws {
    guard role <= self.role else {
      throw ServiceError(
        .forbidden, "This needs the role \(role.rawValue); yours is \(self.role.rawValue).")
    }
  }
}
