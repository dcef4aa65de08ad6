import GraphQLEngine

// What client code is written from: operations, fragments and the input types and enums that they reach.
// Plain values, so that each language's writer only prints.

/// A client's operations and what they use.
public struct ClientModel: Sendable {
  var operations: [ClientOperation]
  var fragments: [ClientFragment]
  var enums: [ClientEnum]
  var inputs: [ClientInput]
  /// Custom scalars that are used, by name, with their descriptions.
  var scalars: [ClientScalar]
  /// Whether the schema knows the mutation by which the runtimes renew tokens.
  var canRenewTokens: Bool

  /// What clients will send, for servers that execute only documents they know: the operations, and what the
  /// runtimes send of their own.
  public var documents: [(name: String, kind: String, text: String)] {
    let own = canRenewTokens ? [("RefreshTokens", "mutation", ClientModel.renewingText)] : []
    return operations.map { ($0.name, $0.kind.word, $0.text) } + own
  }

  /// The mutation that renews tokens, letter for letter as both runtimes have it.
  static let renewingText =
    "mutation RefreshTokens($refreshToken: String!) {"
    + " refreshToken(input: {refreshToken: $refreshToken}) { accessToken refreshToken expiresIn } }"
}

struct ClientOperation: Sendable {
  var name: String
  var kind: OperationType
  var description: String?
  var variables: [ClientField]
  var result: Shape
  /// What is sent: the operation and its fragments, printed, with `__typename` where variants need it.
  var text: String
}

struct ClientFragment: Sendable {
  var name: String
  var description: String?
  var shape: Shape
}

/// An enum of the schema.
struct ClientEnum: Sendable {
  var name: String
  var description: String?
  var values: [(name: String, description: String?, deprecation: String?)]
}

/// An input object of the schema.
struct ClientInput: Sendable {
  var name: String
  var description: String?
  var isOneOf: Bool
  var fields: [ClientField]
}

struct ClientScalar: Sendable {
  var name: String
  var description: String?
}

/// A variable or an input field.
struct ClientField: Sendable {
  var name: String
  var description: String?
  var type: ClientType
  /// Whether it must be given: non-null and without a default.
  var isRequired: Bool
}

/// A type reference by name.
indirect enum ClientType: Sendable, Equatable {
  case named(String)
  case list(ClientType)
  case nonNull(ClientType)

  var isNonNull: Bool { if case .nonNull = self { true } else { false } }

  /// Without the outer non-null.
  var nullable: ClientType { if case .nonNull(let inner) = self { inner } else { self } }

  /// The name in the middle.
  var name: String {
    switch self {
    case .named(let name): name
    case .list(let inner), .nonNull(let inner): inner.name
    }
  }
}

/// What an object of the answer looks like, as a selection set asks for it.
struct Shape: Sendable {
  /// The type of the schema, an object's or an abstract one.
  var typeName: String
  /// The fragment whose shape this is, where the selection is one spread and nothing else.
  var fragment: String?
  /// The fields that every object has.
  var fields: [ShapeField]
  /// For abstract types with conditions: the object types that have more than `fields`, each with all of its.
  var variants: [ShapeVariant]
}

struct ShapeVariant: Sendable {
  var typeName: String
  var fields: [ShapeField]
}

struct ShapeField: Sendable {
  var key: String
  var description: String?
  var deprecation: String?
  var type: ClientType
  /// Whether `@skip`, `@include` or `@defer` may leave it out.
  var isConditional: Bool
  /// Nil for leaves.
  var shape: Shape?
}

extension OperationType {
  /// As documents spell it.
  var word: String {
    switch self {
    case .query: "query"
    case .mutation: "mutation"
    case .subscription: "subscription"
    }
  }
}
