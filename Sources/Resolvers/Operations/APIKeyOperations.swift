import Flows
import Schema
import Secrets
import Storage

/// Making, rotating and revoking API keys.
struct APIKeyOperations {
  /// Seven days.
  static let maximumGraceSeconds = 604_800

  let context: StudioContext

  init(context: StudioContext) { self.context = context }

  private var services: Services { context.services }

  func create(_ input: CreateApiKeyInput) async throws -> IssuedKey {
    let viewer = try context.requireViewer()
    try InputCheck.text(input.name, 1...200, field: "name")
    guard input.role <= viewer.role else {
      throw ServiceError(
        .badUserInput, "role may be \(viewer.role.rawValue) at most, your own.", field: "role")
    }
    let scopes = Set(input.scopes ?? ApiKeyScope.allCases)
    guard !scopes.isEmpty else {
      throw ServiceError(.badUserInput, "scopes must have 1 entry at least.", field: "scopes")
    }
    // In the order of the schema, each once.
    let list = ApiKeyScope.allCases.filter(scopes.contains).map { JSONValue.string($0.rawValue) }
    let key = APIKeyStore.NewKey(
      id: services.makeID(), userID: viewer.userID, name: input.name, role: input.role.rawValue.lowercased(),
      scopes: JSONValue.array(list).text(), expiresAt: input.expiresAt?.microseconds)
    context.audit(new: .apiKey, key.id)
    let token = token(of: key.id, viewer)
    try await services.apiKeys.create(key, secret(token), in: viewer.organizationID)
    return IssuedKey(id: key.id, secret: token.text)
  }

  func rotate(_ input: RotateApiKeyInput) async throws -> IssuedKey {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .apiKey)
    context.audit(.apiKey, id)
    guard (0...APIKeyOperations.maximumGraceSeconds).contains(input.graceSeconds) else {
      throw ServiceError(
        .badUserInput, "graceSeconds must be 0 to \(APIKeyOperations.maximumGraceSeconds).",
        field: "graceSeconds")
    }
    let token = token(of: id, viewer)
    try await services.apiKeys.rotate(
      id, to: secret(token), graceSeconds: input.graceSeconds, in: viewer.organizationID)
    return IssuedKey(id: id, secret: token.text)
  }

  func revoke(_ input: RevokeApiKeyInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .apiKey)
    context.audit(.apiKey, id)
    try await services.apiKeys.revoke(id, in: viewer.organizationID)
    return Change(apiKeyID: id)
  }

  private func token(of id: Identifier, _ viewer: Viewer) -> OpaqueToken {
    OpaqueToken(kind: .apiKey, owner: viewer.organizationID.uuidv7, id: id.uuidv7)
  }

  private func secret(_ token: OpaqueToken) -> APIKeyStore.Secret {
    APIKeyStore.Secret(hash: token.hash, hint: token.hint)
  }
}
