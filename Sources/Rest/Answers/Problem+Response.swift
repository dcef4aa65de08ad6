import GraphQLEngine

extension Problem {
  /// The problem that a GraphQL response tells of, in the terms of the endpoint.
  ///
  /// - Parameter isConditional: whether the request had `If-Match`: then an old revision is 412.
  init(_ errors: [GraphQLError], of route: Route, isConditional: Bool) {
    let first = errors.first
    let code = first?.code ?? "INTERNAL"
    // What the engine says itself has no code: something vanished while it was read.
    let known = first.map { $0.code == nil && $0.path != nil } == true ? "UNAVAILABLE" : code
    let entries = errors.filter { ($0.code ?? code) == code }.map { Problem.entry($0, route) }
    self.init(
      Problem.status(of: known), code: known, entries.first?.detail ?? "Internal error.",
      entries.filter { $0.place != nil })
    if entries.count > 1 { detail = "\(entries.count) things are wrong with the request." }
    if isConditional, known == "CONFLICT", entries.first?.place == .header("If-Match") { status = 412 }
    members = (first?.extensions ?? []).filter { $0.key != "code" && $0.key != "field" }
  }

  private static func entry(_ error: GraphQLError, _ route: Route) -> Entry {
    if let fault = VariableFault(error.message) {
      return Entry(fault.detail, at: place(fault.variable, fault.steps, route))
    }
    guard let field = error.field else { return Entry(error.message) }
    guard let (variable, steps) = route.fields.find(field) else { return Entry(error.message) }
    return Entry(error.message, at: place(variable, steps, route))
  }

  static func place(_ variable: String, _ steps: [String], _ route: Route) -> Place? {
    let parameter = route.parameter(variable)
    return switch parameter?.place {
    case .body: .body([variable] + steps)
    case .header: .header(parameter?.header?.rawValue ?? variable)
    case .path, .query: .parameter(variable)
    case nil: nil
    }
  }
}

extension GraphQLError {
  fileprivate var code: String? { text("code") }
  fileprivate var field: String? { text("field") }

  private func text(_ key: String) -> String? {
    extensions.first { $0.key == key }.flatMap { try? JSONReader.read($0.json) }?.string
  }
}

/// What the engine says about a variable's value, taken apart, because who uses REST knows no variables:
/// `Variable "$node" got invalid value 1 at "node.order"; Int cannot …`.
struct VariableFault: Equatable {
  var variable: String
  var steps: [String] = []
  var detail: String

  init?(_ message: String) {
    guard let match = message.prefixMatch(of: /Variable "\$(\w+)" (?:got invalid value |(.*))/) else {
      return nil
    }
    variable = String(match.1)
    if let reason = match.2 {
      detail = VariableFault.plain(reason)
      return
    }
    var rest = VariableFault.behindValue(message[match.range.upperBound...])
    if let place = rest.prefixMatch(of: /\ at "([^"]*)"/) {
      let text = String(place.1).replacing("[", with: ".").replacing("]", with: "")
      steps = text.split(separator: ".").dropFirst().map(String.init)
      rest = rest[place.range.upperBound...]
    }
    guard rest.hasPrefix("; ") else {
      detail = "This value is not valid."
      return
    }
    detail = String(rest.dropFirst(2))
  }

  private static func plain(_ reason: Substring) -> String {
    if reason.hasSuffix("was not provided.") { return "This is required." }
    if reason.hasSuffix("must not be null.") { return "This must not be null." }
    return String(reason)
  }

  /// Skips a printed value, in which anything may stand between quotation marks.
  private static func behindValue(_ text: Substring) -> Substring {
    var depth = 0
    var isString = false
    var isEscaped = false
    for index in text.indices {
      let character = text[index]
      if isEscaped {
        isEscaped = false
      } else if isString {
        if character == "\\" { isEscaped = true } else if character == "\"" { isString = false }
      } else if depth == 0, text[index...].hasPrefix("; ") || text[index...].hasPrefix(" at \"") {
        return text[index...]
      } else if character == "\"" {
        isString = true
      } else if character == "[" || character == "{" {
        depth += 1
      } else if character == "]" || character == "}" {
        depth -= 1
      }
    }
    return text[text.endIndex...]
  }
}
