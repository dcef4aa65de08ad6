import Flows
import Schema
import Secrets
import Storage

/// Inviting people, and accepting.
struct InvitationOperations {
  /// Seven days.
  static let lifetimeSeconds = 604_800

  let context: StudioContext

  init(context: StudioContext) { self.context = context }

  private var services: Services { context.services }

  func invite(_ input: InviteMemberInput) async throws -> IssuedInvitation {
    let viewer = try context.requireViewer()
    try viewer.requireRank(input.role)
    let id = services.makeID()
    context.audit(new: .invitation, id)
    let token = OpaqueToken(kind: .invitation, owner: viewer.organizationID.uuidv7, id: id.uuidv7)
    let invitation = InvitationStore.NewInvitation(
      id: id, userID: viewer.userID, email: input.email, role: input.role.rawValue.lowercased(),
      tokenHash: token.hash, lifetimeSeconds: InvitationOperations.lifetimeSeconds)
    do {
      try await services.invitations.invite(invitation, to: viewer.organizationID)
    } catch StorageError.taken {
      throw ServiceError(.conflict, "This address belongs to a member already.", field: "email")
    }
    return IssuedInvitation(id: id, token: token.text)
  }

  func revoke(_ input: RevokeInvitationInput) async throws -> RevokeInvitationPayload {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .invitation)
    context.audit(.invitation, id)
    try await services.invitations.revoke(id, in: viewer.organizationID)
    return RevokeInvitationPayload(revokedId: input.id)
  }

  /// What is wrong with a token is not told: it is unknown, used, too old, or for another address.
  func accept(_ input: AcceptInvitationInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let unknown = ServiceError(
      .notFound, "There is no invitation with this token for your address.", field: "token")
    guard let token = OpaqueToken(input.token, kind: .invitation) else { throw unknown }
    let organization = Identifier(token.owner)
    let acceptance = InvitationStore.Acceptance(
      invitation: Identifier(token.id), tokenHash: token.hash, userID: viewer.userID,
      membershipID: services.makeID())
    context.trail?.note(organization: organization)
    context.audit(new: .membership, acceptance.membershipID)
    do {
      try await services.invitations.accept(acceptance, in: organization)
    } catch StorageError.notFound {
      throw unknown
    } catch StorageError.taken {
      throw ServiceError(.conflict, "You are a member of this organization already.")
    }
    return Change(organizationID: organization)
  }
}
