import Flows
import GraphQLEngine
import Schema
import Security
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
    let integration = IntegrationStore.NewIntegration(
      id: id, userID: viewer.userID, name: input.name, category: connector.category.rawValue.lowercased(),
      type: connector.type, credentials: try sealed(input.credentials, connector.type, id, viewer),
      capabilities: JSONValue.array(connector.capabilities.map { .string($0) }).text())
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
      change.credentials = try sealed(credentials, type, id, viewer)
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
    let opened = try services.secrets.open(stored.credentials, for: purpose(id, viewer))
    let credentials = try JSONValue(parsing: opened)
    if let problem = services.connectors.problem(with: credentials, for: stored.type) {
      try await services.integrations.note(isConnected: false, id, in: viewer.organizationID)
      return IntegrationTest(id: id, isAccepted: false, message: problem.message + ".")
    }
    guard let check = services.connectors.check(of: stored.type), let request = check.request(credentials),
      let caller = services.caller
    else {
      return IntegrationTest(
        id: id, message: "There is nothing to ask this service; the credentials have the right form.")
    }
    var test = IntegrationTest(id: id, isAccepted: false)
    switch await caller.call(request) {
    case .failure(let reason): test.message = "The service cannot be asked: " + reason
    case .answer(let answer):
      test.isAccepted = check.accepts(answer)
      test.message = IntegrationTest.message(answer, isAccepted: check.accepts(answer))
    }
    try await services.integrations.note(
      isConnected: test.isAccepted == true, id, in: viewer.organizationID)
    return test
  }

  /// The credentials, checked and encrypted for this row alone.
  private func sealed(
    _ input: InputValue, _ type: String, _ id: Identifier, _ viewer: Viewer
  ) throws -> [UInt8] {
    let credentials = try JSONValue.checked(input, field: "credentials")
    if let problem = services.connectors.problem(with: credentials, for: type) {
      throw ServiceError(.badUserInput, problem.message + ".", field: problem.field)
    }
    return try services.secrets.seal(credentials.encoded(), for: purpose(id, viewer))
  }

  private func purpose(_ id: Identifier, _ viewer: Viewer) -> SecretContext {
    SecretContext(purpose: "integration", organization: viewer.organizationID.uuidv7, row: id.uuidv7)
  }
}
