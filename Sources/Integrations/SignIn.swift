import Base64Text
import Connectors
import Flows
import Secrets
import Storage

/// Connecting an account by signing in at the service: OAuth 2.0's authorization code grant with PKCE.
///
/// The state that goes to the service and comes back is sealed for its organization, holds who began and the
/// PKCE verifier, and is valid for some minutes. It is used once: the integration's row knows the nonce of
/// the sign-in that was begun last, and forgets it when it ends.
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

  /// A sign-in that was begun, as its state tells.
  public struct Pending: Sendable {
    public let reference: AccountReference
    /// Who began.
    public let user: Identifier
    /// Where the user goes when it is done; nil for the server's own page.
    public let returnURL: String?
    fileprivate let redirectURL: String
    fileprivate let verifier: String
    fileprivate let nonce: Identifier
  }

  let accounts: ServiceAccounts
  private var parts: ServiceAccountParts { accounts.parts }

  public init(_ accounts: ServiceAccounts) { self.accounts = accounts }

  /// - Parameters:
  ///   - nonce: fresh.
  ///   - redirectURL: where the service sends the user back to; registered there.
  ///   - returnURL: where the server sends the user then, when `redirectURL` is its own.
  public func begin(
    _ reference: AccountReference, user: Identifier, nonce: Identifier, redirectURL: String,
    returnURL: String? = nil
  ) async throws -> Beginning {
    let (exchange, _) = try await exchange(reference)
    let verifier = Base64URL.encode(RandomBytes.generate(32))
    let expiresAt = parts.clock.nowMilliseconds + SignIn.lifetimeMilliseconds
    var content: JSONObject = [
      "integration": .string(reference.id.text(.integration)), "user": .string(user.text(.user)),
      "redirect": .string(redirectURL), "verifier": .string(verifier), "expiresAt": .integer(expiresAt),
      "nonce": .string(nonce.text(.integration)),
    ]
    if let returnURL { content["return"] = .string(returnURL) }
    let organization = reference.organizationID
    let sealed = try parts.secrets.seal(
      JSONValue.object(content).encoded(), for: SignIn.context(organization))
    let state = organization.text(.organization) + "." + Base64URL.encode(sealed)
    // RFC 7636 § 4.2: BASE64URL-ENCODE(SHA256(ASCII(code_verifier)))
    let challenge = exchange.usesPKCE ? Base64URL.encode(ContentHash.sha256Bytes(of: verifier)) : nil
    let url: String
    do {
      url = try exchange.authorizationURL(state: state, redirectURL: redirectURL, challenge: challenge)
    } catch {
      throw Failure.impossible(error.message, field: "id")
    }
    try await parts.store.beginSignIn(reference.id, nonce: nonce, in: organization)
    return Beginning(authorizationURL: url, state: state, expiresAt: expiresAt)
  }

  /// What a state tells, if it is one of the Studio's and not too old.
  public func pending(_ state: String) throws(Failure) -> Pending {
    let halves = state.split(separator: ".", maxSplits: 1)
    guard halves.count == 2, let organization = try? TypeID.parse(String(halves[0]), as: .organization),
      let sealed = Base64URL.decode(String(halves[1])),
      let opened = try? parts.secrets.open(sealed, for: SignIn.context(organization)),
      let content = try? JSONValue(parsing: opened),
      let id = content["integration"]?.string.flatMap({ try? TypeID.parse($0, as: .integration) }),
      let user = content["user"]?.string.flatMap({ try? TypeID.parse($0, as: .user) }),
      let nonce = content["nonce"]?.string.flatMap({ try? TypeID.parse($0, as: .integration) }),
      let redirect = content["redirect"]?.string, let verifier = content["verifier"]?.string,
      let expiresAt = content["expiresAt"]?.integer
    else { throw Failure.impossible("The state is not one that you were given.", field: "state") }
    guard parts.clock.nowMilliseconds < expiresAt else {
      throw Failure.impossible("The state has expired: begin again.", field: "state")
    }
    return Pending(
      reference: AccountReference(id, in: organization), user: user,
      returnURL: content["return"]?.string, redirectURL: redirect, verifier: verifier, nonce: nonce)
  }

  /// Exchanges the code for tokens and stores them.
  /// - Parameters:
  ///   - user: must be the one who began.
  ///   - callback: all parameters with which the user came back.
  /// - Returns: the integration.
  public func finish(
    state: String, code: String, callback: JSONValue, user: Identifier, organization: Identifier
  ) async throws -> Identifier {
    let pending = try pending(state)
    let (reference, id) = (pending.reference, pending.reference.id)
    guard pending.user == user, reference.organizationID == organization else {
      throw Failure.impossible("The state is not one that you were given.", field: "state")
    }
    let (exchange, _) = try await exchange(reference)
    guard exchange.isFromIssuer(callback) else {
      throw Failure.impossible("The answer comes from another service than was asked.", field: "parameters")
    }
    guard try await parts.store.claimSignIn(id, nonce: pending.nonce, in: organization) else {
      throw Failure.impossible(
        "The state was used already, or signing in was begun again since.", field: "state")
    }
    let credentials: JSONValue
    do {
      credentials = try await tokens(exchange, pending, code: code, callback: callback)
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

  /// What a code gives, and what that is exchanged for where the service has it so.
  private func tokens(
    _ exchange: OAuthExchange, _ pending: Pending, code: String, callback: JSONValue
  ) async throws -> JSONValue {
    let request = try exchange.codeRequest(
      code: code, redirectURL: pending.redirectURL, verifier: exchange.usesPKCE ? pending.verifier : nil)
    var sentAt = parts.clock.nowMilliseconds
    let answer = try await parts.transport.send(request)
    let first = try exchange.credentials(after: answer, callback: callback, nowMilliseconds: sentAt)
    let second = exchange.with(first)
    guard let request = try second.longLivedRequest() else { return first }
    sentAt = parts.clock.nowMilliseconds
    return try second.credentials(after: try await parts.transport.send(request), nowMilliseconds: sentAt)
  }

  private func exchange(_ reference: AccountReference) async throws -> (OAuthExchange, Manifest) {
    guard let stored = try await parts.store.account(reference.id, in: reference.organizationID) else {
      throw Failure.notFound
    }
    guard let manifest = accounts.manifest(stored.type), manifest.signIn != nil else {
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
