import GraphQLEngine

/// One endpoint: an operation, and how a request becomes its variables and its answer a body.
///
/// Made from a file at the start, shared by all requests.
public struct Route: Sendable {
  /// The methods that an operation can be served under; HEAD comes with GET.
  public enum Method: String, Sendable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"

    /// Whether variables that are not in the path stand in the body; in the query otherwise.
    var hasBody: Bool { self == .post || self == .put }
  }

  /// The operation's name.
  public let name: String
  /// Its file below `rest/`: `flows/list.graphql`.
  public let file: String
  public let method: Method
  public let path: PathPattern
  /// Of the answer when all went well.
  public let status: Int
  /// The document that is executed.
  public let document: String
  /// Whether nobody needs to be signed in (`@public`).
  public let isPublic: Bool
  public let parameters: [RouteParameter]

  /// Response keys below `data` of the part that is the body; empty when there is none.
  let result: [String]
  /// Whether the body is a list's page, with `pageInfo`.
  let isPage: Bool
  let location: PathPattern?
  /// Response keys below `data`.
  let revision: [String]?
  /// Which variable an input path of the schema comes from: `node.key` is `key`.
  let fields: InputFieldNames
  /// What the documentation is made of.
  let syntax: RouteSyntax

  /// Whether a request may have a body.
  public var takesBody: Bool { parameters.contains { $0.place == .body } }
  /// Whether a request must have one.
  public var needsBody: Bool { parameters.contains { $0.place == .body && $0.isRequired } }
  /// Whether `If-Match` is understood.
  public var takesIfMatch: Bool { parameter(.ifMatch) != nil }

  func parameter(_ header: RouteParameter.Header) -> RouteParameter? {
    parameters.first { $0.header == header }
  }

  func parameter(_ name: String) -> RouteParameter? { parameters.first { $0.name == name } }
}

/// A variable of an operation, and where requests give it.
public struct RouteParameter: Sendable {
  /// Where a value stands in a request.
  public enum Place: String, Sendable {
    case path, query, body
    case header
  }

  /// A header that gives a variable.
  public enum Header: String, Sendable, CaseIterable {
    /// The revision that the client knows (RFC 9110 § 13.1.1).
    case ifMatch = "If-Match"
    /// draft-ietf-httpapi-idempotency-key-header-07.
    case idempotencyKey = "Idempotency-Key"
  }

  /// What a text stands for.
  enum Kind: Sendable {
    case integer, number, boolean, text
  }

  public let name: String
  public let place: Place
  /// Nil for other places.
  let header: Header?
  let type: TypeReference
  /// How the text of a path or query is read.
  let kind: Kind
  /// Whether a request must give it: non-null without a default.
  public let isRequired: Bool
  /// As JSON; nil without one.
  let defaultValue: InputValue?
  /// Where the variable is used first: the schema's words about it.
  let definition: InputValueID?
}

/// The parsed document of a route. Nodes point into the document, which it keeps alive.
struct RouteSyntax: Sendable {
  let document: Document
  let operation: OperationNode
  let fragments: [String: FragmentDefinitionNode]
  /// The selection and the type of the part that is the body; nil when there is none.
  let body: (selection: SelectionSetNode?, type: TypeReference)?
  /// The first root field.
  let root: FieldID?
  let example: InputValue?
}

/// Input paths of the schema's errors, by the variables that they come from.
struct InputFieldNames: Sendable {
  private var names: [String: String] = [:]

  /// The first one with a path keeps it. The last part alone is a path too, as far as nothing else is called
  /// so.
  mutating func add(_ path: [String], _ variable: String) {
    guard let last = path.last else { return }
    for key in [path.joined(separator: "."), last] where names[key] == nil { names[key] = variable }
  }

  /// The variable of an input path, and the steps below it.
  func find(_ path: String) -> (variable: String, rest: [String])? {
    let steps = path.split(separator: ".").map(String.init)
    for count in stride(from: steps.count, to: 0, by: -1) {
      if let name = names[steps.prefix(count).joined(separator: ".")] {
        return (name, Array(steps.dropFirst(count)))
      }
    }
    return nil
  }
}
