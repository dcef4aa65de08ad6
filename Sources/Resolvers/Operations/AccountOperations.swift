import Flows
import Schema
import Secrets
import Storage

/// Registering, signing in and out.
struct AccountOperations {
  let context: StudioContext

  init(context: StudioContext) { self.context = context }

  private var services: Services { context.services }

  func register(_ input: RegisterInput) async throws -> Authentication {
    try InputCheck.all(
      { try InputCheck.password(input.password) },
      { try InputCheck.text(input.name, 1...200, field: "name") })
    let hash = try await services.hasher.hash(input.password)
    let account = AccountStore.NewAccount(
      userID: services.makeID(), organizationID: services.makeID(), email: input.email, name: input.name,
      passwordHash: hash)
    let session = AccountStore.Session(
      userID: account.userID, id: services.makeID(), organizationID: account.organizationID)
    let token = OpaqueToken(kind: .refresh, owner: session.userID.uuidv7, id: services.identifiers.next())
    note(session)
    try await services.accounts.register(account, session: session, token: stored(token))
    return try await authentication(session, role: .owner, token)
  }

  /// A wrong address costs as much time as a wrong password, and both say the same.
  func login(_ input: LoginInput) async throws -> Authentication {
    let credentials = try await services.accounts.credentials(email: input.email)
    let isRight: Bool
    if let hash = credentials?.passwordHash {
      isRight = try await services.hasher.verify(input.password, against: hash)
    } else {
      isRight = try await services.hasher.verifyUnknownUser(input.password)
    }
    guard isRight, let user = credentials?.userID else {
      try await noteFailure(input, credentials?.userID)
      throw ServiceError(.unauthenticated, "The e-mail address or the password is wrong.")
    }
    let organization = try input.organizationId.map {
      try InputID.parse($0, .organization, field: "organizationId")
    }
    let (membership, role) = try await membership(of: user, in: organization)
    let session = AccountStore.Session(userID: user, id: services.makeID(), organizationID: membership)
    let token = OpaqueToken(kind: .refresh, owner: user.uuidv7, id: services.identifiers.next())
    note(session)
    try await services.accounts.open(session, token: stored(token))
    return try await authentication(session, role: role, token)
  }

  func refresh(_ input: RefreshTokenInput) async throws -> Authentication {
    guard let presented = OpaqueToken(input.refreshToken, kind: .refresh) else { throw refused }
    let successor = OpaqueToken(kind: .refresh, owner: presented.owner, id: services.identifiers.next())
    let rotation = try await services.accounts.rotate(
      user: Identifier(presented.owner), token: Identifier(presented.id), hash: presented.hash,
      successor: stored(successor))
    switch rotation {
    case .rotated(let session):
      note(session)
      let (_, role) = try await membership(of: session.userID, in: session.organizationID)
      return try await authentication(session, role: role, successor)
    case .reused:
      context.trail?.note(organization: nil, user: Identifier(presented.owner))
      context.logger.warning(
        "A refresh token was used twice; its session is revoked", metadata: ["user": "\(presented.owner)"])
      throw refused
    case .refused: throw refused
    }
  }

  func logout(_ input: LogoutInput) async throws -> LogoutPayload {
    guard let token = OpaqueToken(input.refreshToken, kind: .refresh) else {
      return LogoutPayload(wasSignedIn: false)
    }
    let session = try await services.accounts.revokeSession(
      user: Identifier(token.owner), token: Identifier(token.id), hash: token.hash)
    if let session { note(session) }
    return LogoutPayload(wasSignedIn: session != nil)
  }

  /// Says in the audit log of the session's organization who signs in.
  private func note(_ session: AccountStore.Session) {
    context.trail?.note(organization: session.organizationID, user: session.userID)
    context.audit(new: .session, session.id)
  }

  /// The address that somebody tried; when it is a user's, in the log of the user's organization.
  private func noteFailure(_ input: LoginInput, _ user: Identifier?) async throws {
    let address = JSONObject([.init(key: "email", value: .string(input.email))])
    context.trail?.note(detail: JSONValue.object(address).text())
    guard let user else { return }
    let membership = try await services.accounts.membership(of: user, in: nil)
    context.trail?.note(organization: membership?.organizationID, user: user)
  }

  private var refused: ServiceError {
    ServiceError(.unauthenticated, "The refresh token is not valid any more. Sign in again.")
  }

  private func membership(
    of user: Identifier, in organization: Identifier?
  ) async throws -> (organization: Identifier, role: Role) {
    guard let membership = try await services.accounts.membership(of: user, in: organization),
      let role = Role(rawValue: membership.role.uppercased())
    else { throw ServiceError.notFound("organization", field: "organizationId") }
    return (membership.organizationID, role)
  }

  private func stored(_ token: OpaqueToken) -> AccountStore.NewToken {
    AccountStore.NewToken(
      id: Identifier(token.id), hash: token.hash, lifetimeSeconds: services.refreshTokenSeconds)
  }

  private func authentication(
    _ session: AccountStore.Session, role: Role, _ token: OpaqueToken
  ) async throws -> Authentication {
    let viewer = Viewer(
      userID: session.userID, organizationID: session.organizationID, role: role, sessionID: session.id)
    let (accessToken, claims) = try await services.accessTokens.sign(
      user: session.userID.uuidv7, organization: session.organizationID.uuidv7, session: session.id.uuidv7)
    context.signIn(viewer)
    return Authentication(
      accessToken: accessToken, expiresIn: Int(claims.expiresAt - claims.issuedAt), refreshToken: token.text,
      viewer: viewer)
  }
}
