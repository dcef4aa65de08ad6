/// The cases of organizations, members and invitations.
extension RootFieldCase {
  static let organizations = [
    RootFieldCase(
      "Mutation.createOrganization",
      "mutation { createOrganization(input: { name: \"New\" }) { organization { name } } }", .own),
    RootFieldCase(
      "Mutation.renameOrganization",
      "mutation { renameOrganization(input: { name: \"Renamed\" }) { organization { name } } }", .own),
    RootFieldCase(
      "Mutation.setRetention",
      "mutation { setRetention(input: { runDays: 30 }) { organization { retention { runDays runCount } } } }",
      .own),
    RootFieldCase(
      "Mutation.setRunLimit",
      """
      mutation ($id: ID) { setRunLimit(input: { flowId: $id, maximumConcurrentRuns: 3 }) \
      { flow { maximumConcurrentRuns runPriority } organization { maximumConcurrentRuns } } }
      """, ["id": id(.flow)], .notFound),
    RootFieldCase(
      "Mutation.switchOrganization",
      """
      mutation ($id: ID!) { switchOrganization(input: { organizationId: $id }) \
      { expiresIn viewer { organization { name } } } }
      """, ["id": id(.organization, 2)], .notFound),
    RootFieldCase(
      "Mutation.inviteMember",
      "mutation { inviteMember(input: { email: \"new@delta.test\" }) { invitation { email } } }", .own),
    RootFieldCase(
      "Mutation.revokeInvitation",
      "mutation ($id: ID!) { revokeInvitation(input: { id: $id }) { revokedId } }", ["id": id(.invitation)],
      .notFound),
    RootFieldCase(
      "Mutation.acceptInvitation",
      "mutation { acceptInvitation(input: { token: \"studio_inv_x\" }) { organization { id } } }",
      .unknown("NOT_FOUND")),
    RootFieldCase(
      "Mutation.changeMemberRole",
      """
      mutation ($id: ID!) { changeMemberRole(input: { id: $id, role: VIEWER }) \
      { membership { role user { id } } } }
      """, ["id": id(.membership, 3)], .notFound),
    RootFieldCase(
      "Mutation.removeMember", "mutation ($id: ID!) { removeMember(input: { id: $id }) { removedId } }",
      ["id": id(.membership, 4)], .notFound),
    RootFieldCase(
      "Mutation.leaveOrganization",
      "mutation ($id: ID!) { leaveOrganization(input: { organizationId: $id }) { leftId } }",
      ["id": id(.organization, 2)], .notFound),
  ]
}
