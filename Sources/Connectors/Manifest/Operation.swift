import Flows

/// One thing that a connector can do.
public struct Operation: Sendable {
  public let key: String
  public let name: String
  public let description: String
  public let documentation: String?
  /// The schema of the input; of a paged operation with `limit` and `cursor`.
  public let input: JSONSchema
  /// The schema of the output; of a paged operation with `items` and `next`.
  public let output: JSONSchema
  public let request: RequestTemplate
  public let response: ResponseMapping
  public let paging: Paging?
  /// Whether sending the same request twice does no harm: after a failure without an answer it is retried.
  public let isRepeatable: Bool
  public let idempotencyHeader: String?
}

/// A request with places for input and credentials.
public struct RequestTemplate: Sendable {
  public let method: String
  /// Another base than the manifest's.
  public let baseURL: TextTemplate?
  public let path: TextTemplate
  public let query: [FieldTemplate]
  public let headers: [FieldTemplate]
  public let body: ValueTemplate?
  /// Of a body of `multipart/form-data`; empty for all others.
  public let parts: [PartTemplate]
  public let encoding: BodyEncoding
  /// Of bodies that are `text` or `bytes`.
  public let contentType: TextTemplate?
  public let arrays: ArrayStyle
}

/// How a list is written in a query or a form.
public enum ArrayStyle: String, Sendable, CaseIterable {
  /// `a=1&a=2`
  case `repeat`
  /// `a[]=1&a[]=2`
  case brackets
  /// `a[0]=1&a[1]=2`
  case indexed
  /// `a=1,2`
  case comma
}

/// How an answer becomes an output.
public struct ResponseMapping: Sendable {
  public enum Body: String, Sendable, CaseIterable {
    case json, text, base64
    /// JSON when it is JSON, else text.
    case auto
  }

  /// How the answer's bytes become `body`.
  public let body: Body
  /// Over `body`, `headers`, `status` and `input`; of paged operations for each element, which is `item`.
  public let output: ValueTemplate
}

/// How an operation goes on to the next page.
public struct Paging: Sendable {
  public enum Kind: Sendable, Equatable {
    /// A number that is counted up, from `start`.
    case page(parameter: PageParameter, start: Int)
    /// How many items lie before the page, counted from `start`.
    case offset(parameter: PageParameter, start: Int)
    /// A text from the answer, sent in the next request.
    case cursor(parameter: PageParameter, cursor: ValuePath)
    /// `Link: <…>; rel="next"` (RFC 8288).
    case link
    /// An address from the answer, absolute or from the root.
    case nextURL(ValuePath)
  }

  /// How many items a page has.
  public struct Size: Sendable, Equatable {
    public let parameter: PageParameter
    public let maximum: Int
  }

  public let kind: Kind
  public let items: ValuePath
  /// What says that there is a next page; without it an empty cursor or a page that is not full is the last.
  public let more: ValuePath?
  public let size: Size?
  /// The request for all pages but the first, where that is another one; it gets the cursor and no size.
  public let continuation: RequestTemplate?
}

/// Where a page's number, cursor or size is put into a request.
public enum PageParameter: Sendable, Equatable {
  case query(String)
  /// A path of keys in the body, before it is encoded: `variables.after`.
  case body([String])
  /// A value that the request's templates name: `{page.start}`.
  case place(String)
}

extension Operation {
  /// The first thing that is wrong with an input whose texts may be templates, of which nothing is known yet.
  public func inputProblem(ofTemplate value: JSONValue) -> ValueProblem? {
    guard let given = value.object else { return input.problem(with: value) }
    // What a template will give is not known: its property is there, and may be anything.
    let unknown = Set(given.members.filter { $0.value.holdsTemplate }.map(\.key))
    let known = input.completed(.object(JSONObject(given.members.filter { !unknown.contains($0.key) })))
    var schema = input.value.object ?? JSONObject()
    schema["required"] = .array(input.required.filter { !unknown.contains($0) }.map { .string($0) })
    if let problem = JSONSchema(.object(schema)).problem(with: known) { return problem }
    guard input.value["additionalProperties"] == false else { return nil }
    let names = Set(input.properties.map(\.key))
    return unknown.subtracting(names).sorted().first.map { ValueProblem(path: $0, message: "is unknown") }
  }
}
