import Connectors
import Flows
import Security
import Storage

/// Connecting an account by signing in at the service: OAuth 2.0's authorization code grant with PKCE.
///
/// Nothing is stored in between: the state that goes to the service and comes back is sealed for its
/// organization, holds who began and the PKCE verifier, and is valid for some minutes.
public struct SignIn: Sendable {
  /// How long a user may take.
  public static let lifetimeMilliseconds: Int64 = 600_000

  /// Why it cannot be begun or ended, with a sentence for people.
  public enum Failure: Error, Sendable, Equatable {
    case notFound
    /// Of the connector, the server's settings or the input.
    case impossible(String, field: String)
    /// The service did not give tokens.
    case refused(String)
    case unavailable(String)
  }

  /// Where to send the user.
  public struct Beginning: Sendable {
    public let authorizationURL: String
    public let state: String
    /// Milliseconds since 1970.
    public let expiresAt: Int64
  }

  let accounts: ServiceAccounts
  private var parts: ServiceAccountParts { accounts.parts }

  public init(_ accounts: ServiceAccounts) { self.accounts = accounts }

  /// - Parameter redirectURL: where the service sends the user back to; registered there.
  public func begin(
    _ reference: AccountReference, user: Identifier, redirectURL: String
  ) async throws -> Beginning {
    let (exchange, _) = try await exchange(reference)
    let verifier = Base64URL.encode(RandomBytes.generate(32))
    let expiresAt = parts.clock.nowMilliseconds + SignIn.lifetimeMilliseconds
    let content: JSONValue = [
      "integration": .string(reference.id.text(.integration)), "user": .string(user.text(.user)),
      "redirect": .string(redirectURL), "verifier": .string(verifier), "expiresAt": .integer(expiresAt),
    ]
    let sealed = try parts.secrets.seal(content.encoded(), for: SignIn.context(reference.organizationID))
    let state = Base64URL.encode(sealed)
    // RFC 7636 § 4.2: BASE64URL-ENCODE(SHA256(ASCII(code_verifier)))
    let challenge = exchange.usesPKCE ? Base64URL.encode(ContentHash.sha256Bytes(of: verifier)) : nil
    do {
      let url = try exchange.authorizationURL(state: state, redirectURL: redirectURL, challenge: challenge)
      return Beginning(authorizationURL: url, state: state, expiresAt: expiresAt)
    } catch {
      throw Failure.impossible(error.message, field: "id")
    }
  }

  /// Exchanges the code for tokens and stores them.
  /// - Parameters:
  ///   - user: must be the one who began.
  ///   - callback: all parameters with which the user came back.
  /// - Returns: the integration.
  public func finish(
    state: String, code: String, callback: JSONValue, user: Identifier, organization: Identifier
  ) async throws -> Identifier {
    guard let sealed = Base64URL.decode(state),
      let opened = try? parts.secrets.open(sealed, for: SignIn.context(organization)),
      let content = try? JSONValue(parsing: opened),
      let id = content["integration"]?.string.flatMap({ try? TypeID.parse($0, as: .integration) }),
      content["user"]?.string == user.text(.user), let redirect = content["redirect"]?.string,
      let verifier = content["verifier"]?.string, let expiresAt = content["expiresAt"]?.integer
    else { throw Failure.impossible("The state is not one that you were given.", field: "state") }
    guard parts.clock.nowMilliseconds < expiresAt else {
      throw Failure.impossible("The state has expired: begin again.", field: "state")
    }
    let reference = AccountReference(id, in: organization)
    let (exchange, _) = try await exchange(reference)
    let credentials: JSONValue
    do {
      let request = try exchange.codeRequest(
        code: code, redirectURL: redirect, verifier: exchange.usesPKCE ? verifier : nil)
      let sentAt = parts.clock.nowMilliseconds
      let answer = try await parts.transport.send(request)
      credentials = try exchange.credentials(after: answer, callback: callback, nowMilliseconds: sentAt)
    } catch OAuthExchange.Refusal.refused(let message) {
      throw Failure.refused(message)
    } catch OAuthExchange.Refusal.unavailable(let message) {
      throw Failure.unavailable(message)
    } catch {
      throw Failure.unavailable("it gave no answer")
    }
    let blob = try parts.secrets.seal(credentials.encoded(), for: reference.secretContext)
    try await parts.store.connect(id, credentials: blob, in: organization)
    return id
  }

  private func exchange(_ reference: AccountReference) async throws -> (OAuthExchange, Manifest) {
    guard let stored = try await parts.store.account(reference.id, in: reference.organizationID) else {
      throw Failure.notFound
    }
    guard let manifest = accounts.manifest(stored.type), manifest.oauth != nil else {
      throw Failure.impossible("This connector's accounts are not connected by signing in.", field: "id")
    }
    guard let client = parts.clients[stored.type] else {
      throw Failure.impossible(
        "This server has no OAuth client for \(manifest.name): see the setting connectors.oauthClients.",
        field: "id")
    }
    // An account that needs attention is connected anew, so that this is no reason to refuse it.
    guard let opened = try? parts.secrets.open(stored.credentials, for: reference.secretContext),
      let credentials = try? JSONValue(parsing: opened),
      let exchange = OAuthExchange(manifest, client: client, credentials: credentials)
    else { throw Failure.impossible("The integration's credentials cannot be opened.", field: "id") }
    return (exchange, manifest)
  }

  private static func context(_ organization: Identifier) -> SecretContext {
    SecretContext(
      purpose: "oauth.state", organization: UUIDv7(high: organization.high, low: organization.low))
  }
}
