import GraphQLEngine

/// One line of input: an operation and its keys.
struct CheckRequest {
  let operation: String
  private let body: JSONValue

  init(_ body: JSONValue) throws(Refusal) {
    guard case .object = body else { throw .unusable("a request is a JSON object") }
    guard let operation = body["op"]?.text else { throw .unusable("\"op\" is missing") }
    self.operation = operation
    self.body = body
  }

  /// A request for another document, over the schema of `request`.
  init(document: String, of request: CheckRequest) {
    operation = request.operation
    body = .object([("document", JSONValue(document))])
  }

  /// A key's value; null counts as absent.
  subscript(key: String) -> JSONValue? {
    guard let value = body[key] else { return nil }
    if case .null = value { return nil }
    return value
  }

  /// The text of a key that the operation cannot do without.
  func bytes(_ key: String) throws(Refusal) -> [UInt8] {
    guard case .string(let bytes) = self[key] else { throw .unusable("\"\(key)\" is not a string") }
    return bytes
  }

  /// A list of names, or nil where the key is absent.
  func names(_ key: String) throws(Refusal) -> [String]? {
    guard let value = self[key] else { return nil }
    guard let names = value.array?.map(\.text), names.allSatisfy({ $0 != nil }) else {
      throw .unusable("\"\(key)\" is not a list of strings")
    }
    return names.compactMap { $0 }
  }

  func flag(_ key: String, default value: Bool) -> Bool { self[key]?.bool ?? value }
}

/// Why a request is not answered with success.
enum Refusal: Error {
  /// The request itself is not usable.
  case unusable(String)
  /// GraphQL errors were found.
  case errors([GraphQLError])

  var answer: CheckAnswer {
    switch self {
    case .unusable(let text): .unusable(text)
    case .errors(let errors): .refused(errors)
    }
  }
}

/// What a request is answered with; the keys beside `id`.
enum CheckAnswer {
  case succeeded([(name: String, value: JSONValue)])
  case refused([GraphQLError])
  case unusable(String)

  static var succeeded: CheckAnswer { .succeeded([]) }

  /// Success, unless there are errors.
  init(_ errors: [GraphQLError]) { self = errors.isEmpty ? .succeeded : .refused(errors) }

  /// The line of output, without its end.
  func line(id: JSONValue) -> [UInt8] {
    let members: [(name: String, value: JSONValue)] =
      switch self {
      case .succeeded(let members): [("ok", true)] + members
      case .refused(let errors): [("ok", false), ("errors", .array(errors.map(JSONValue.init(checked:))))]
      case .unusable(let text): [("error", JSONValue(text))]
      }
    var output: [UInt8] = []
    JSONValue.object([("id", id)] + members).write(to: &output)
    return output
  }
}

extension JSONValue {
  /// An error with its message and, where it has any, its locations.
  init(checked error: GraphQLError) {
    var members: [(name: String, value: JSONValue)] = [("message", JSONValue(error.message))]
    if !error.locations.isEmpty {
      let locations = error.locations.map { location in
        JSONValue.object([("line", JSONValue(location.line)), ("column", JSONValue(location.column))])
      }
      members.append(("locations", .array(locations)))
    }
    self = .object(members)
  }
}
