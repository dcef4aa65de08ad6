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
  /// Events that never start a run, such as a service's `ping`.
  public let ignored: [String]
  /// What is the same when the same event is sent again: the first of these of which every place has a value
  /// counts, all its places together.
  public let deliveryID: [[ValuePath]]
  /// Where the events are in a request that may hold several, from the outside in: lists over `body`, in each
  /// of their elements lists over `item`, and so on. Of a level every list counts; an element without one is
  /// an event itself. Empty when a request is one event.
  public let each: [[ValuePath]]
  /// A request that wants to be answered in a certain way before any event comes.
  public let challenge: WebhookChallenge?
}

/// A question by which a service makes sure that the receiver wants its events.
public struct WebhookChallenge: Sendable {
  /// A code that the answer must hold: of a text over the request's parts, keyed with the trigger's secret.
  public struct Code: Sendable {
    public let of: TextTemplate
    public let algorithm: WebhookSignatureScheme.Algorithm
    public let encoding: WebhookSignatureScheme.Encoding
  }

  /// When it has a value (that `equals`), the request is a challenge.
  public let path: ValuePath
  public let equals: JSONValue?
  /// Whether it is signed as events are.
  public let isSigned: Bool
  public let status: Int
  /// The answer's body: a text is sent as `text/plain`, anything else as JSON; without a value it is empty.
  public let reply: ValueTemplate?
  /// The answer's headers.
  public let headers: [FieldTemplate]
  /// In templates it is `code`.
  public let code: Code?
  /// Where the secret stands with which the service will sign: it is kept, once.
  public let keptSecret: ValuePath?
  /// Whether people have to enter that secret at the service.
  public let isSecretShown: Bool
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
    /// As `keyed` describes it.
    case hmac
    /// A public key (RFC 8032), as `keyed` describes the rest.
    case ed25519
    /// A header or a parameter that holds the secret itself.
    case token
    /// The service signs nothing.
    case none
  }

  public enum Algorithm: String, Sendable, CaseIterable { case sha1, sha256, sha512 }
  public enum Encoding: String, Sendable, CaseIterable { case hex, base64, base64url }

  /// The description of `hmac` and `ed25519`.
  public struct Keyed: Sendable {
    public let header: String
    public let algorithm: Algorithm
    public let encoding: Encoding
    /// Before the signature in the header.
    public let prefix: String
    /// What is signed: a text over `body` (raw), `form` (a form's parameters in the order of their names,
    /// each name with its value behind it), `headers`, `url` and `method`.
    public let signed: TextTemplate
    /// Where a signed time stands, over `headers` and `body`; too old ones are refused.
    public let timestamp: ValuePath?
    public let timestampKind: RateLimits.ResetKind
    public let toleranceSeconds: Int
  }

  public let kind: Kind
  /// The name of the credential that holds the secret; nil when nothing is signed, or when the service tells
  /// the secret in its challenge.
  public let secret: String?
  public let keyed: Keyed?
  /// Of `token`: where it stands, over `headers`, `query` and `body`.
  public let token: ValuePath?
}

/// Events that are found by asking.
public struct PollTrigger: Sendable {
  /// In which order the service tells, asked with a cursor.
  public enum Order: String, Sendable, CaseIterable {
    /// The oldest first: a poll may begin anew behind what it has had.
    case ascending
    /// The newest first: what is older than the cursor ends a poll.
    case descending
    /// None: a poll is over when the last page is.
    case none
  }

  /// What stands for "now" as the first cursor.
  public enum Start: String, Sendable, CaseIterable {
    /// RFC 3339 in UTC, whole seconds.
    case dateTime
    case epochSeconds, epochMilliseconds
  }

  public let operation: String
  /// The operation's input, over `cursor` (missing at first) and `settings`.
  public let input: ValueTemplate
  /// What is the same, all of it, when the same thing is found again; over `item`.
  public let id: [ValuePath]
  /// What the next poll begins at; the greatest of the found items counts; over `item`.
  public let cursor: ValuePath?
  public let order: Order
  /// The first cursor; nil when the first poll finds it.
  public let start: Start?
  public let intervalSeconds: Int
}
