/// How a trigger takes requests from outside: who must have signed them, how one that comes twice is known,
/// and when it is answered. A value; stored as JSON with its trigger.
public struct WebhookTrigger: Sendable, Equatable {
  /// Whose way of signing is checked.
  public enum Signature: String, CaseIterable, Sendable {
    /// Who knows the URL may send.
    case none
    /// standardwebhooks.com: `webhook-id`, `webhook-timestamp`, `webhook-signature`.
    case standard
    /// `X-Hub-Signature-256`.
    case github
    /// `Stripe-Signature`.
    case stripe
    /// `X-Slack-Signature`.
    case slack
  }

  /// When the sender is answered.
  public enum Answer: String, CaseIterable, Sendable {
    /// With the run's id, as soon as the run is stored.
    case accepted
    /// With the run's result, when it is over.
    case result
    /// With a node's output, when the node has ended.
    case node
  }

  /// Milliseconds that a sender may be made to wait.
  public static let answerTimeouts = 100...60_000
  /// Seconds that a signed time may lie before or behind now.
  public static let tolerances = 1...3600

  public var signature = Signature.none
  /// Of signatures that have a time.
  public var toleranceSeconds = 300
  /// The header that tells two deliveries apart; nil leaves it to the way of signing.
  public var deliveryHeader: String?
  public var answer = Answer.accepted
  /// The node whose output is the answer.
  public var answerNodeKey: String?
  /// After that the run goes on and the sender is told its id.
  public var answerTimeoutMilliseconds = 10_000

  public init() {}

  /// What is stored; nil for a way of signing or answering that this version does not know, which must not
  /// pass for none.
  public init?(_ json: JSONValue) {
    guard let signature = json["signature"]?.string.flatMap(Signature.init(rawValue:)),
      let answer = json["answer"]?.string.flatMap(Answer.init(rawValue:))
    else { return nil }
    self.signature = signature
    self.answer = answer
    toleranceSeconds = json["toleranceSeconds"]?.integer.map { Int(clamping: $0) } ?? toleranceSeconds
    deliveryHeader = json["deliveryHeader"]?.string
    answerNodeKey = json["answerNodeKey"]?.string
    answerTimeoutMilliseconds =
      json["answerTimeoutMilliseconds"]?.integer.map { Int(clamping: $0) } ?? answerTimeoutMilliseconds
  }

  public var json: JSONValue {
    [
      "signature": .string(signature.rawValue), "toleranceSeconds": .integer(Int64(toleranceSeconds)),
      "deliveryHeader": JSONValue(deliveryHeader), "answer": .string(answer.rawValue),
      "answerNodeKey": JSONValue(answerNodeKey),
      "answerTimeoutMilliseconds": .integer(Int64(answerTimeoutMilliseconds)),
    ]
  }
}
