import Flows
import GraphQLEngine
import Integrations
import Schema
import Secrets
import Storage

/// Connecting accounts of services.
struct IntegrationOperations {
  let context: StudioContext

  init(context: StudioContext) { self.context = context }

  private var services: Services { context.services }

  func create(_ input: CreateIntegrationInput) async throws -> Change {
    let viewer = try context.requireViewer()
    try InputCheck.text(input.name, 1...200, field: "name")
    guard let connector = services.connectors.connector(type: input.type) else {
      throw ServiceError(
        .badUserInput, "There is no connector of the type \"\(input.type.prefix(64))\".", field: "type")
    }
    let id = services.makeID()
    context.audit(new: .integration, id)
    let credentials = try checked(input.credentials, connector.type)
    var integration = IntegrationStore.NewIntegration(
      id: id, userID: viewer.userID, name: input.name, category: connector.category.rawValue.lowercased(),
      type: connector.type, credentials: try sealed(credentials, id, viewer),
      capabilities: JSONValue.array(connector.capabilities.map { .string($0) }).text())
    integration.attention = try attention(credentials, connector.type)
    try await services.integrations.create(integration, in: viewer.organizationID)
    return Change(integrationID: id)
  }

  func update(_ input: UpdateIntegrationInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .integration)
    context.audit(.integration, id)
    try InputCheck.optionalText(input.name, 1...200, field: "name")
    var change = IntegrationStore.Change(
      name: input.name, credentials: nil, expectedRevision: input.expectedRevision)
    if let credentials = input.credentials {
      guard let type = try await services.integrations.type(of: id, in: viewer.organizationID) else {
        throw StorageError.notFound
      }
      let checked = try checked(credentials, type)
      change.credentials = try sealed(checked, id, viewer)
      change.attention = try attention(checked, type)
    }
    try await services.integrations.update(id, change, in: viewer.organizationID)
    return Change(integrationID: id)
  }

  func delete(_ input: DeleteIntegrationInput) async throws -> DeleteIntegrationPayload {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .integration)
    context.audit(.integration, id)
    try await services.integrations.delete(id, force: input.force, in: viewer.organizationID)
    return DeleteIntegrationPayload(deletedId: input.id)
  }

  func test(_ input: TestIntegrationInput) async throws -> IntegrationTest {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .integration)
    context.audit(.integration, id)
    guard let stored = try await services.integrations.credentials(of: id, in: viewer.organizationID) else {
      throw StorageError.notFound
    }
    let reference = AccountReference(id, in: viewer.organizationID)
    let opened = try services.secrets.open(stored.credentials, for: reference.secretContext)
    var filledIn = try JSONValue(parsing: opened).object ?? JSONObject()
    filledIn["oauth"] = nil
    if let problem = services.connectors.problem(with: .object(filledIn), for: stored.type) {
      try await services.integrations.note(isConnected: false, id, in: viewer.organizationID)
      return IntegrationTest(id: id, isAccepted: false, message: problem.message + ".")
    }
    guard let result = await services.serviceAccounts?.test(reference) else {
      return IntegrationTest(
        id: id, message: "There is nothing to ask this service; the credentials have the right form.")
    }
    let test = IntegrationTest(id, result)
    try await services.integrations.note(
      isConnected: test.isAccepted == true, id, in: viewer.organizationID)
    return test
  }

  func startOAuth(_ input: StartIntegrationOAuthInput) async throws -> StartIntegrationOAuthPayload {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .integration)
    context.audit(.integration, id)
    let redirectURL = try redirectURL(input)
    return try await signingIn { signIn in
      let beginning = try await signIn.begin(
        AccountReference(id, in: viewer.organizationID), user: viewer.userID, nonce: services.makeID(),
        redirectURL: redirectURL, returnURL: input.returnUrl)
      return StartIntegrationOAuthPayload(
        authorizationUrl: beginning.authorizationURL, state: beginning.state,
        expiresAt: DateTime(microseconds: beginning.expiresAt * 1000))
    }
  }

  /// The client's own address, or the Studio's, which may send the user on to where the settings say.
  private func redirectURL(_ input: StartIntegrationOAuthInput) throws -> String {
    if let url = input.redirectUrl {
      guard url.utf8.count <= 2000, url.hasPrefix("https://") || url.hasPrefix("http://") else {
        throw ServiceError(.badUserInput, "redirectUrl must be an http or https URL.", field: "redirectUrl")
      }
      guard input.returnUrl == nil else {
        throw ServiceError(
          .badUserInput, "returnUrl is for the Studio's own page: leave out redirectUrl.", field: "returnUrl")
      }
      return url
    }
    if let url = input.returnUrl {
      let place = url.prefix { $0 != "?" && $0 != "#" }
      let isAllowed = services.signInReturns.contains {
        $0 == place || $0.hasSuffix("/") && place.hasPrefix($0)
      }
      guard isAllowed, url.utf8.count <= 2000, url.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else {
        throw ServiceError(
          .badUserInput, "returnUrl must be one that the setting connectors.returnUrls allows.",
          field: "returnUrl")
      }
    }
    return services.signInURL
  }

  func finishOAuth(_ input: FinishIntegrationOAuthInput) async throws -> Change {
    let viewer = try context.requireViewer()
    try InputCheck.text(input.code, 1...4096, field: "code")
    let callback = try input.parameters.map { try JSONValue.checked($0, field: "parameters") } ?? [:]
    let id = try await signingIn { signIn in
      context.audit(.integration, try signIn.pending(input.state).reference.id)
      return try await signIn.finish(
        state: input.state, code: input.code, callback: callback, user: viewer.userID,
        organization: viewer.organizationID)
    }
    return Change(integrationID: id)
  }

  private func signingIn<Value>(_ body: (SignIn) async throws -> Value) async throws -> Value {
    guard let accounts = services.serviceAccounts else {
      throw ServiceError(.unavailable, "Services cannot be reached.")
    }
    do {
      return try await body(SignIn(accounts))
    } catch let failure as SignIn.Failure {
      switch failure {
      case .notFound: throw StorageError.notFound
      case .impossible(let message, let field): throw ServiceError(.badUserInput, message, field: field)
      case .refused(let message):
        throw ServiceError(.badUserInput, "The service did not accept the code: \(message).", field: "code")
      case .unavailable(let message):
        throw ServiceError(.unavailable, "The service cannot be asked now: \(message).")
      }
    }
  }

  private func checked(_ input: InputValue, _ type: String) throws -> JSONValue {
    let credentials = try JSONValue.checked(input, field: "credentials")
    if let problem = services.connectors.problem(with: credentials, for: type) {
      throw ServiceError(.badUserInput, problem.message + ".", field: problem.field)
    }
    return credentials
  }

  /// The credentials, encrypted for this row alone.
  private func sealed(_ credentials: JSONValue, _ id: Identifier, _ viewer: Viewer) throws -> [UInt8] {
    try services.secrets.seal(
      credentials.encoded(), for: AccountReference(id, in: viewer.organizationID).secretContext)
  }

  /// What must be done before calls can be made with these credentials; nil when nothing must.
  /// - Throws: when nothing can be done but filling in more.
  private func attention(_ credentials: JSONValue, _ type: String) throws -> String? {
    guard let manifest = services.connectors.manifests.first(where: { $0.type == type }),
      !manifest.isUsable(credentials)
    else { return nil }
    guard manifest.signIn != nil else {
      throw ServiceError(
        .badUserInput, "Nothing is filled in that \(manifest.name) accepts. \(manifest.wantedCredentials)",
        field: "credentials")
    }
    return String("Nobody has signed in yet. \(manifest.wantedCredentials)".prefix(500))
  }
}
