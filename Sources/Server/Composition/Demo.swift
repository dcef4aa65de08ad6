import Flows
import GraphQLEngine
import Postgres
import Resolvers
import Schema
import Storage

/// Fills an organization with things to look at: through the API's own mutations, past runs apart.
struct Demo {
  let studio: Studio

  /// Makes the account with everything in it; returns what to tell the user. Does nothing the second time.
  func create() async throws -> String {
    if try await AccountStore(studio.database).credentials(email: DemoFlows.email) != nil {
      return "The demo account is there already.\n" + howToSignIn
    }
    let viewer = try await register()
    var integrations: [String] = []
    for integration in DemoFlows.integrations {
      integrations.append(try await createIntegration(integration, viewer))
    }
    for (index, text) in DemoFlows.flows.enumerated() {
      let id = try await createFlow(DemoFlows.naming(integrations, in: text), viewer)
      try await DemoHistory(studio: studio, viewer: viewer).insert(flow: id, index: index)
    }
    return
      "The demo account has \(DemoFlows.integrations.count) integrations, \(DemoFlows.flows.count) flows and "
      + "\(DemoFlows.flows.count * DemoHistory.runsPerFlow) past runs.\n" + howToSignIn
  }

  private var howToSignIn: String {
    "Sign in as \(DemoFlows.email) with the password \(DemoFlows.password)."
  }

  private func register() async throws -> Viewer {
    let input = """
      {"email": "\(DemoFlows.email)", "password": "\(DemoFlows.password)", "name": "Demo"}
      """
    let data = try await run(
      "mutation($input: RegisterInput!) { register(input: $input) { user { id } organization { id } } }",
      input, nil)
    guard let user = data["register"]?["user"]?["id"]?.string,
      let organization = data["register"]?["organization"]?["id"]?.string
    else { throw SettingError(description: "The demo account was not created.") }
    return Viewer(
      userID: try TypeID.parse(user, as: .user),
      organizationID: try TypeID.parse(organization, as: .organization), role: .owner)
  }

  private func createIntegration(_ input: String, _ viewer: Viewer) async throws -> String {
    let data = try await run(
      "mutation($input: CreateIntegrationInput!) { createIntegration(input: $input) { integration { id } } }",
      input,
      viewer)
    guard let id = data["createIntegration"]?["integration"]?["id"]?.string else {
      throw SettingError(description: "A demo integration was not created.")
    }
    return id
  }

  private func createFlow(_ input: String, _ viewer: Viewer) async throws -> Identifier {
    let data = try await run(
      "mutation($input: CreateFlowInput!) { createFlow(input: $input) { flow { id } } }", input, viewer)
    guard let id = data["createFlow"]?["flow"]?["id"]?.string else {
      throw SettingError(description: "A demo flow was not created.")
    }
    return try TypeID.parse(id, as: .flow)
  }

  /// Runs a mutation with its input as JSON and gives its data.
  @discardableResult
  private func run(_ query: String, _ input: String, _ viewer: Viewer?) async throws -> InputValue {
    let request = try GraphQLRequest([
      "query": .string(query), "variables": ["input": try JSONReader.read(input)],
    ])
    let response = await studio.service.executeOwn(request, viewer: viewer)
    if let error = response.errors.first { throw SettingError(description: error.message) }
    return try JSONReader.read(response.bytes)["data"] ?? .null
  }
}
