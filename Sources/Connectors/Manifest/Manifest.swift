import Flows

/// A connector as data: one file of `connectors/`, read and checked. `docs/connectors.md` describes every
/// field. A value; any thread.
public struct Manifest: Sendable {
  public let type: String
  public let name: String
  /// In lower case, as in the file.
  public let category: String
  public let description: String
  /// The service's own documentation.
  public let documentation: String?
  /// The first whose places all have values is used.
  public let authentication: [Authentication]
  /// The schema of what people fill in to connect an account.
  public let credentials: JSONSchema
  /// Without a final slash; nil for what has no operations.
  public let baseURL: TextTemplate?
  /// Sent with every request.
  public let headers: [FieldTemplate]
  /// Added to every request's query.
  public let query: [FieldTemplate]
  public let errors: ErrorMapping
  public let rateLimits: RateLimits
  /// The header that makes the service recognise a repeated write; nil when it honours none.
  public let idempotencyHeader: String?
  public let test: TestCall?
  /// What it can do: the operations' keys, or what the Studio does itself.
  public let capabilities: [String]
  /// In the file's order.
  public let operations: [Operation]
  public let triggers: [Trigger]

  public func operation(_ key: String) -> Operation? { operations.first { $0.key == key } }
  public func trigger(_ key: String) -> Trigger? { triggers.first { $0.key == key } }
}

/// A header or a parameter of a query. The name `...` stands for the members of its value.
public struct FieldTemplate: Sendable, Equatable {
  static let spread = "..."

  let name: String
  let value: ValueTemplate
}

/// How a request says who asks.
public enum Authentication: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case none, apiKey, bearer, basic, oauth2
  }

  public enum Carrier: String, Sendable, CaseIterable { case header, query }

  case none
  case apiKey(Carrier, name: TextTemplate, value: TextTemplate)
  case bearer(token: TextTemplate)
  case basic(username: TextTemplate, password: TextTemplate)
  case oauth2(OAuthSettings)

  public var kind: Kind {
    switch self {
    case .none: .none
    case .apiKey: .apiKey
    case .bearer: .bearer
    case .basic: .basic
    case .oauth2: .oauth2
    }
  }
}

/// How a body is written.
public enum BodyEncoding: String, Sendable, CaseIterable {
  case json, form, text, bytes
}

/// What is asked to find out whether credentials work.
public struct TestCall: Sendable {
  public enum Acceptance: String, Sendable, CaseIterable {
    /// The operation succeeds.
    case success
    /// Any answer but a fault, 401, 403 and 407.
    case answered
  }

  public let operation: String
  public let input: JSONValue
  public let acceptance: Acceptance
}
