import GraphQLEngine

/// What a request gives an endpoint.
public struct RouteInput: Sendable {
  /// The values of the path's names.
  public var path: [String: String]
  /// Without the question mark.
  public var query: String?
  /// Nil without one.
  public var body: InputValue?
  /// Those that were sent.
  public var headers: [RouteParameter.Header: String]

  public init(
    path: [String: String], query: String?, body: InputValue?, headers: [RouteParameter.Header: String]
  ) {
    self.path = path
    self.query = query
    self.body = body
    self.headers = headers
  }
}

extension Route {
  /// The operation's variables. Their types are left to the engine. With several revisions in `If-Match`
  /// there are several to try, one after the other, until one is not answered with 412: an operation whose
  /// revision is another one changes nothing.
  ///
  /// - Throws: the problem with one entry for each wrong name, or 412 when nothing can match `If-Match`.
  public func variables(_ input: RouteInput) throws(Problem) -> [InputObject] {
    var reading = VariableReading(route: self)
    for (name, value) in input.path.sorted(by: { $0.key < $1.key }) { reading.give(name, value) }
    reading.readQuery(input.query)
    if takesBody { reading.readBody(input.body) }
    reading.requireAll()
    guard reading.faults.isEmpty else { throw Problem(reading.faults) }
    if let name = parameter(.idempotencyKey)?.name, let key = input.headers[.idempotencyKey] {
      // The draft has a string of structured fields, between quotation marks; most clients send it bare.
      let isQuoted = key.count > 1 && key.hasPrefix("\"") && key.hasSuffix("\"")
      reading.variables.append(name, .string(isQuoted ? String(key.dropFirst().dropLast()) : key))
    }
    if let name = parameter(.ifMatch)?.name {
      switch EntityTag.condition(input.headers[.ifMatch]) {
      case .none: break
      case .revisions(let revisions):
        return revisions.map { revision in
          var variables = reading.variables
          variables.append(name, .int(revision))
          return variables
        }
      case .unmatchable:
        throw Problem(
          412, code: "CONFLICT", "If-Match names no revision of the Studio.",
          [.init("If-Match must name a tag that the Studio gave.", at: .header("If-Match"))])
      }
    }
    return [reading.variables]
  }
}

/// Collects variables from the parts of a request, and what is wrong with their names.
private struct VariableReading {
  let route: Route
  var variables = InputObject()
  var faults: [Problem.Entry] = []

  /// Further names of a query are not read.
  static let maximumPairs = 200

  init(route: Route) { self.route = route }

  mutating func give(_ name: String, _ text: String) {
    guard let parameter = route.parameter(name) else { return }
    variables.append(name, VariableReading.value(text, parameter))
  }

  mutating func readQuery(_ query: String?) {
    var given: [(name: String, values: [String])] = []
    for pair in (query ?? "").split(separator: "&").prefix(VariableReading.maximumPairs) {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentCoding.decode(parts[0], isForm: true),
        let value = PercentCoding.decode(parts.count > 1 ? parts[1] : "", isForm: true)
      else {
        faults.append(.init("The query is not percent-encoded UTF-8."))
        return
      }
      if let index = given.firstIndex(where: { $0.name == name }) {
        given[index].values.append(value)
      } else {
        given.append((name, [value]))
      }
    }
    for (name, values) in given { take(name, values) }
  }

  private mutating func take(_ name: String, _ values: [String]) {
    guard let parameter = route.parameter(name), parameter.place == .query else {
      faults.append(.init("There is no such parameter.", at: .parameter(String(name.prefix(100)))))
      return
    }
    let converted = values.map { VariableReading.value($0, parameter) }
    if parameter.type.nullable.isList {
      variables.append(name, .list(converted))
    } else if converted.count == 1 {
      variables.append(name, converted[0])
    } else {
      faults.append(.init("This may be given once.", at: .parameter(name)))
    }
  }

  /// Text as the type has it in JSON; what is none of it stays text, and the engine says what is wrong.
  private static func value(_ text: String, _ parameter: RouteParameter) -> InputValue {
    switch parameter.kind {
    case .integer:
      let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
      let isPlain = !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
      return isPlain ? Int(text).map(InputValue.int) ?? .string(text) : .string(text)
    case .number: return Double(text).map(InputValue.float) ?? .string(text)
    case .boolean: return text == "true" ? true : text == "false" ? false : .string(text)
    case .text: return .string(text)
    }
  }

  mutating func readBody(_ body: InputValue?) {
    guard let body else {
      if route.needsBody { faults.append(.init("A body is required: a JSON object.")) }
      return
    }
    guard let object = body.object else {
      faults.append(.init("The body must be a JSON object.", at: .body([])))
      return
    }
    for field in object.fields {
      guard let parameter = route.parameter(field.name), parameter.place == .body else {
        faults.append(.init("There is no such member.", at: .body([String(field.name.prefix(100))])))
        continue
      }
      // GraphQL takes one value for a list of it; here what is documented counts.
      if parameter.type.nullable.isList, field.value.list == nil, !field.value.isNull {
        faults.append(.init("This must be a list.", at: .body([field.name])))
      }
      variables.append(field.name, field.value)
    }
  }

  /// Reports what must be given and is not.
  mutating func requireAll() {
    for parameter in route.parameters where parameter.isRequired && variables[parameter.name] == nil {
      if parameter.place == .body, faults.contains(where: { $0.place == nil || $0.place == .body([]) }) {
        continue
      }
      faults.append(.init("This is required.", at: Problem.place(parameter.name, [], route)))
    }
  }
}
