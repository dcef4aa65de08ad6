import Flows

/// Something that happens at the service and can start a flow.
public struct Trigger: Sendable {
  public enum Kind: Sendable {
    case webhook(WebhookTrigger)
    case poll(PollTrigger)
  }

  public let key: String
  public let name: String
  public let description: String
  public let documentation: String?
  public let kind: Kind
  /// The schema of what a flow's author chooses, such as the repository; in templates it is `settings`.
  public let settings: JSONSchema
  /// The schema of the event that a flow gets.
  public let output: JSONSchema
}

/// Events that the service sends.
public struct WebhookTrigger: Sendable {
  /// What people do at the service so that it sends them.
  public let setup: String
  public let signature: WebhookSignatureScheme
  /// Which event it is; a path over `headers`, `body` and `query`.
  public let event: ValuePath?
  /// The events that the service documents, with what each means; empty when any may come.
  public let events: [(name: String, description: String)]
  /// What is the same when the same event is sent again.
  public let deliveryID: ValuePath?
  /// A request that wants to be answered in a certain way before any event comes.
  public let challenge: WebhookChallenge?
}

/// A question by which a service makes sure that the receiver wants its events.
public struct WebhookChallenge: Sendable {
  /// When it has a value (that `equals`), the request is a challenge.
  public let path: ValuePath
  public let equals: JSONValue?
  /// The answer's body: a text is sent as it is, anything else as JSON.
  public let reply: ValueTemplate
}

/// How a request shows that it comes from the service.
public struct WebhookSignatureScheme: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    /// `X-Hub-Signature-256: sha256=<hex>` over the body.
    case github
    /// `Stripe-Signature: t=…,v1=<hex>` over `t.body`.
    case stripe
    /// `X-Slack-Signature: v0=<hex>` over `v0:timestamp:body`.
    case slack
    /// standardwebhooks.com
    case standard
    /// As `hmac` describes it.
    case hmac
    /// A header or a parameter that holds the secret itself.
    case token
    /// The service signs nothing.
    case none
  }

  /// The generic kind's description.
  public struct HMAC: Sendable {
    public enum Algorithm: String, Sendable, CaseIterable { case sha1, sha256, sha512 }
    public enum Encoding: String, Sendable, CaseIterable { case hex, base64, base64url }

    public let header: String
    public let algorithm: Algorithm
    public let encoding: Encoding
    /// Before the signature in the header.
    public let prefix: String
    /// What is signed: a text over `body` (raw), `headers`, `url` and `method`.
    public let signed: TextTemplate
    /// The header with seconds since 1970; too old ones are refused.
    public let timestampHeader: String?
    public let toleranceSeconds: Int
  }

  public let kind: Kind
  /// The name of the credential that holds the secret; nil when nothing is signed.
  public let secret: String?
  public let hmac: HMAC?
  /// Of `token`: where it stands, over `headers`, `query` and `body`.
  public let token: ValuePath?
}

/// Events that are found by asking.
public struct PollTrigger: Sendable {
  public let operation: String
  /// The operation's input, over `cursor` (missing at first) and `settings`.
  public let input: ValueTemplate
  /// What is the same when the same thing is found again; over `item`.
  public let id: ValuePath
  /// What the next poll begins at; the greatest of the found items counts; over `item`.
  public let cursor: ValuePath?
  public let intervalSeconds: Int
}
