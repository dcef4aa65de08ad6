import Flows
import GraphQLEngine
import HTTPTypes
import Hummingbird
import Integrations
import Logging
import NIOCore
import Resolvers
import Schema
import Storage

/// `/oauth/callback`: where services send users back to who sign in for an integration.
///
/// There are no cookies, so the server does not know whose browser it is: somebody could begin a sign-in and
/// have another one end it, whose account would then be his. So GET ends nothing. It shows who would get the
/// account, and the user's click, a POST from that page, ends the sign-in as `finishIntegrationOAuth` does.
struct SignInEndpoint: Sendable {
  static let path = "/oauth/callback"
  static let maximumBody = 64 * 1024
  /// Parameters of a callback.
  static let maximumFields = 50

  let service: GraphQLService
  let signIn: SignIn
  let accounts: AccountStore
  let logger: Logger

  /// GET: shows what is about to happen.
  func ask(_ request: Request) async -> Hummingbird.Response {
    await answer(request.uri.query ?? "") { arrival, viewer in
      let id = arrival.pending.reference.id.text(.integration)
      let found = await run(SignInEndpoint.question, [("id", .string(id))], viewer)
      guard let integration = found["data"]?["integration"], integration != .null else {
        throw SignInRefusal("The integration is gone.")
      }
      return SignInPage.question(
        SignInPage.Facts(integration, found["data"]?["viewer"] ?? [:]), arrival.fields,
        returnURL: arrival.pending.returnURL)
    }
  }

  /// POST: ends the sign-in.
  func finish(_ request: Request) async -> Hummingbird.Response {
    // Of a page of its own (Fetch Metadata Request Headers § 2.4); clients without it have no other's clicks.
    if let site = request.headers[SignInEndpoint.fetchSite], site != "same-origin" {
      return SignInPage.text(.forbidden, "This form was sent from another page.")
    }
    guard let body = try? await request.body.collect(upTo: SignInEndpoint.maximumBody) else {
      return SignInPage.text(.contentTooLarge, "The form is too large.")
    }
    return await answer(String(buffer: body)) { arrival, viewer in
      guard let code = arrival.value("code"), !code.isEmpty else {
        throw SignInRefusal("The service sent no code.")
      }
      var input = InputObject()
      input.append("state", .string(arrival.value("state") ?? ""))
      input.append("code", .string(code))
      input.append("parameters", .object(arrival.parameters))
      let found = await run(SignInEndpoint.ending, [("input", .object(input))], viewer)
      if let message = found["errors"]?.array?.first?["message"]?.string { throw SignInRefusal(message) }
      let id = arrival.pending.reference.id.text(.integration)
      guard let url = arrival.pending.returnURL else { return SignInPage.done() }
      return SignInPage.redirect(url, "integration", id)
    }
  }

  /// What came back, read; and who began, as a viewer of today.
  private func answer(
    _ query: String, _ body: (Arrival, Viewer) async throws -> Hummingbird.Response
  ) async -> Hummingbird.Response {
    var returnURL: String?
    do {
      let arrival = try Arrival(query, signIn)
      returnURL = arrival.pending.returnURL
      if let error = arrival.value("error") { throw SignInRefusal(service: error) }
      let (user, organization) = (arrival.pending.user, arrival.pending.reference.organizationID)
      guard let membership = try await accounts.membership(of: user, in: organization),
        let role = Role(rawValue: membership.role.uppercased())
      else { throw SignInRefusal("Who began is no longer a member of the organization.") }
      return try await body(arrival, Viewer(userID: user, organizationID: organization, role: role))
    } catch let refusal as SignInRefusal {
      if let returnURL { return SignInPage.redirect(returnURL, "error", refusal.code) }
      return SignInPage.text(.badRequest, refusal.message)
    } catch SignIn.Failure.impossible(let message, _) {
      return SignInPage.text(.badRequest, message)
    } catch {
      logger.error("A sign-in could not be ended", metadata: ["error": "\(error)"])
      return SignInPage.text(.serviceUnavailable, "The Studio is not available now.")
    }
  }

  private func run(
    _ document: String, _ variables: [(String, InputValue)], _ viewer: Viewer
  ) async -> JSONValue {
    let object = InputObject(variables.map { InputObject.Field(name: $0.0, value: $0.1) })
    let response = await service.executeOwn(
      GraphQLRequest(query: document, variables: object), viewer: viewer)
    return response.withUnsafeBytes { (try? JSONValue(parsing: Array($0))) ?? .null }
  }

  private static let question = """
    query SignIn($id: ID!) { integration(id: $id) { name type }
      viewer { user { name email } organization { name } } }
    """
  private static let ending = """
    mutation EndSignIn($input: FinishIntegrationOAuthInput!) {
      finishIntegrationOAuth(input: $input) { integration { id } }
    }
    """
  private static let fetchSite = HTTPField.Name("sec-fetch-site") ?? .origin
}

/// The parameters with which a user came back.
private struct Arrival {
  let fields: [(name: String, value: String)]
  let pending: SignIn.Pending

  init(_ query: String, _ signIn: SignIn) throws {
    let pairs = HookRequest.pairs(query)
    guard pairs.count <= SignInEndpoint.maximumFields else { throw SignInRefusal("Too many parameters.") }
    fields = pairs
    guard let state = pairs.first(where: { $0.name == "state" })?.value, !state.isEmpty else {
      throw SignInRefusal("The service sent no state: begin the sign-in again.")
    }
    pending = try signIn.pending(state)
  }

  func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }

  /// What `finishIntegrationOAuth` is told beside the code.
  var parameters: InputObject {
    var object = InputObject()
    for field in fields where !["code", "state"].contains(field.name) && object[field.name] == nil {
      object.append(field.name, .string(field.value))
    }
    return object
  }
}

/// Why a sign-in does not go on.
struct SignInRefusal: Error {
  let message: String
  /// For the client's own page.
  let code: String

  init(_ message: String) {
    self.message = message
    code = "failed"
  }

  /// What the service said (RFC 6749 § 4.1.2.1), as far as it is a code.
  init(service error: String) {
    let isCode =
      error.utf8.count <= 64
      && error.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) && byte < 0x80
          || byte == UInt8(ascii: "_")
      }
    code = isCode ? error : "failed"
    message = "The service did not connect the account: \(code)."
  }
}
