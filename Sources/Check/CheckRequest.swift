import GraphQLEngine

/// One line of input: an operation and its keys.
struct CheckRequest {
  let operation: String
  private let body: JSONValue

  init(_ body: JSONValue) throws(UnusableRequest) {
    guard case .object = body else { throw UnusableRequest("a request is a JSON object") }
    guard let operation = body["op"]?.text else { throw UnusableRequest("\"op\" is missing") }
    self.operation = operation
    self.body = body
  }

  subscript(key: String) -> JSONValue? {
    guard let value = body[key] else { return nil }
    if case .null = value { return nil }
    return value
  }

  /// The text of a key that the operation cannot do without, as the bytes of a source.
  func source(_ key: String) throws(UnusableRequest) -> Source {
    guard case .string(let bytes) = self[key] else { throw UnusableRequest("\"\(key)\" is not a string") }
    return Source(bytes)
  }

  func flag(_ key: String, default value: Bool) -> Bool { self[key]?.bool ?? value }
}

/// Why a request cannot be answered at all.
struct UnusableRequest: Error {
  let message: String

  init(_ message: String) { self.message = message }
}

/// What a request is answered with; the keys beside `id`.
enum CheckAnswer {
  case succeeded([(name: String, value: JSONValue)])
  case refused([GraphQLError])
  case unusable(String)

  static var succeeded: CheckAnswer { .succeeded([]) }

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
