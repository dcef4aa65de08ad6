import GraphQLEngine

/// `@rest` on an operation: all that HTTP needs to know about it.
struct RouteDirective: Sendable {
  /// Added to the schema when files are checked; the engine that executes operations does not know it.
  static let definition = """
    "Serves an operation as an endpoint of the REST API."
    directive @rest(
      method: RestMethod!
      "Begins with /api/; {names} are variables."
      path: String!
      "Of the answer when all went well."
      status: Int! = 200
      "The part of `data` that is the answer's body: response keys joined by points. Without it there is none."
      result: String
      "Where `Location` leads: {names} are fields of the body, or variables of the path."
      location: String
      "The variable that `If-Match` gives: the revision that the client knows."
      ifMatch: String
      "The variable that `Idempotency-Key` gives."
      idempotencyKey: String
      "Where the revision stands in `data`, for the `ETag`; by default the body's `revision`."
      revision: String
      "A body of a request, as JSON."
      example: String
    ) on QUERY | MUTATION

    enum RestMethod { GET POST PUT DELETE }
    """

  static let name = "rest"

  var method: Route.Method
  var path: String
  var status = 200
  var result: [String] = []
  var location: String?
  /// Variables by the headers that give them.
  var headers: [RouteParameter.Header: String] = [:]
  var revision: [String]?
  var example: String?

  /// The first `@rest` of an operation that was validated, or nil.
  init?(_ operation: OperationNode) {
    guard let directive = operation.directives.first(where: { $0.name == "rest" }) else { return nil }
    func text(_ name: String) -> String? {
      let value = directive.arguments.first { $0.name.description == name }?.value
      guard let value else { return nil }
      return value.kind == .stringValue ? value.asString.value : value.text.description
    }
    func keys(_ name: String) -> [String]? { text(name).map { $0.split(separator: ".").map(String.init) } }
    guard let method = text("method").flatMap(Route.Method.init), let path = text("path") else { return nil }
    self.method = method
    self.path = path
    status = text("status").flatMap { Int($0) } ?? 200
    result = keys("result") ?? []
    location = text("location")
    headers[.ifMatch] = text("ifMatch")
    headers[.idempotencyKey] = text("idempotencyKey")
    revision = keys("revision")
    example = text("example")
  }

  /// The text of a document without its `@rest`, which is replaced by blanks so that positions stay.
  static func masked(_ text: [UInt8], at start: Int) -> [UInt8] {
    var text = text
    for index in start..<end(in: text, from: start) where text[index] != UInt8(ascii: "\n") {
      text[index] = UInt8(ascii: " ")
    }
    return text
  }

  /// Behind the directive: its closing parenthesis, outside of strings and comments. The text has been parsed
  /// before, so each of them ends.
  private static func end(in text: [UInt8], from start: Int) -> Int {
    let quotes = [UInt8](repeating: UInt8(ascii: "\""), count: 3)
    var index = start
    var isBlock = false
    var isString = false
    while index < text.count {
      let byte = text[index]
      if isBlock || isString {
        if byte == UInt8(ascii: "\\") {
          // § 2.9.4: a block string knows only `\"""`.
          index += isBlock && text[(index + 1)...].starts(with: quotes) ? 3 : isBlock ? 0 : 1
        } else if isBlock, text[index...].starts(with: quotes) {
          isBlock = false
          index += 2
        } else if isString, byte == UInt8(ascii: "\"") {
          isString = false
        }
      } else if text[index...].starts(with: quotes) {
        isBlock = true
        index += 2
      } else if byte == UInt8(ascii: "\"") {
        isString = true
      } else if byte == UInt8(ascii: "#") {
        while index + 1 < text.count, text[index + 1] != UInt8(ascii: "\n") { index += 1 }
      } else if byte == UInt8(ascii: ")") {
        return index + 1
      }
      index += 1
    }
    return text.count
  }
}
