import Foundation

/// A query, mutation or subscription: its text, its variables and the type of its answer.
///
/// Generated types conform; clients only make and send them.
public protocol GraphQLOperation: Encodable, Sendable {
  /// The `data` of an answer.
  associatedtype Data: Decodable & Sendable

  /// The operation's name in its text.
  static var operationName: String { get }
  /// The text that is sent, fragments included.
  static var document: String { get }
  /// `sha256:` and the hash of the text, for servers that only execute documents they trust.
  static var documentId: String { get }
}

/// An operation without side effects.
public protocol GraphQLQuery: GraphQLOperation {}

/// An operation that changes something.
public protocol GraphQLMutation: GraphQLOperation {}

/// An operation whose answers come one after the other.
public protocol GraphQLSubscription: GraphQLOperation {}

/// An answer that may be partial: fields that failed are null and named by an error.
public struct GraphQLResponse<Data: Decodable & Sendable>: Decodable, Sendable {
  public var data: Data?
  public var errors: [GraphQLError]?
}

/// One error of an answer.
public struct GraphQLError: Error, Decodable, Hashable, Sendable {
  /// For people.
  public var message: String
  /// Where in the answer, such as `viewer.user.name`.
  public var path: [PathElement]?
  public var extensions: Extensions?

  /// A field's name or an index in a list.
  public enum PathElement: Decodable, Hashable, Sendable {
    case field(String)
    case index(Int)

    public init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let index = try? container.decode(Int.self) {
        self = .index(index)
      } else {
        self = .field(try container.decode(String.self))
      }
    }
  }

  public struct Extensions: Decodable, Hashable, Sendable {
    /// From the server's closed list: `UNAUTHENTICATED`, `NOT_FOUND`, `CONFLICT`, …
    public var code: String?
    /// The path of the input that is wrong.
    public var field: String?
  }

  /// The error's code, where it has one.
  public var code: String? { extensions?.code }
}

/// Why an operation has no answer.
public enum GraphQLFailure: Error, Sendable {
  /// The server answered with errors; at least one.
  case errors([GraphQLError])
  /// Another status than a GraphQL answer has, with the beginning of the body.
  case status(Int, String)
  /// What arrived is not what the operation's types say.
  case unreadable(String)
  /// There are no tokens, or they work no more: the user signs in again.
  case signedOut

  /// The first error's code.
  public var code: String? {
    if case .errors(let errors) = self { errors.first?.code } else { nil }
  }
}
