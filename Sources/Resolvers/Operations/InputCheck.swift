import GraphQLEngine

/// What is wrong with several fields of an input: an error for each.
struct InputProblems: ClientVisibleError {
  let errors: [ServiceError]

  var graphQLError: GraphQLError { errors[0].graphQLError }
  var furtherErrors: [GraphQLError] { errors.dropFirst().map(\.graphQLError) }
}

/// Checks of input that the schema's types cannot say; each error names the field.
enum InputCheck {
  /// Makes all the checks, so that who has filled in a form is told of every field at once.
  static func all(_ checks: (() throws -> Void)...) throws { try all(checks) }

  static func all(_ checks: [() throws -> Void]) throws {
    var wrong: [ServiceError] = []
    for check in checks {
      do {
        try check()
      } catch let error as ServiceError {
        wrong.append(error)
      } catch let several as InputProblems {
        wrong += several.errors
      }
    }
    if let first = wrong.first { throw wrong.count == 1 ? first : InputProblems(errors: wrong) }
  }

  /// Characters between two bounds, without control characters.
  static func text(_ text: String, _ range: ClosedRange<Int>, field: String) throws(ServiceError) {
    guard range.contains(text.count) else {
      throw ServiceError(
        .badUserInput, "\(field) must have \(range.lowerBound) to \(range.upperBound) characters.",
        field: field)
    }
    guard !text.unicodeScalars.contains("\0") else {
      throw ServiceError(.badUserInput, "\(field) must not contain the character NUL.", field: field)
    }
  }

  static func optionalText(_ value: String?, _ range: ClosedRange<Int>, field: String) throws {
    if let value { try text(value, range, field: field) }
  }

  /// A list of at most so many, each with characters between two bounds; the error names the entry.
  static func texts(_ texts: [String], atMost maximum: Int, _ range: ClosedRange<Int>, field: String) throws {
    try count(texts, 0...maximum, field: field)
    try all(
      texts.enumerated().map { place, text in
        { try self.text(text, range, field: "\(field).\(place)") }
      })
  }

  /// Of a connection; `path` is where it stands in the input, with a dot behind it.
  static func texts(label: String?, condition: String?, path: String = "") throws {
    try all(
      { try optionalText(label, 0...200, field: "\(path)label") },
      { try optionalText(condition, 0...4000, field: "\(path)condition") })
  }

  static func number(_ value: Int, _ range: ClosedRange<Int>, field: String) throws(ServiceError) {
    guard range.contains(value) else {
      throw ServiceError(
        .badUserInput, "\(field) must be \(range.lowerBound) to \(range.upperBound).", field: field)
    }
  }

  static func count(
    _ items: some Collection, _ range: ClosedRange<Int>, field: String
  ) throws(ServiceError) {
    guard range.contains(items.count) else {
      throw ServiceError(
        .badUserInput, "\(field) must have \(range.lowerBound) to \(range.upperBound) entries.", field: field)
    }
  }

  /// 8 to 72 bytes.
  static func password(_ password: String, field: String = "password") throws {
    guard (8...72).contains(password.utf8.count) else {
      throw ServiceError(.badUserInput, "\(field) must have 8 to 72 bytes.", field: field)
    }
  }
}
