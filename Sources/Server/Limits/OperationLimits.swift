import GraphQLEngine

/// What an operation may be: a request that is more is refused with `TOO_EXPENSIVE` before anything is read.
struct OperationLimits: Sendable {
  var depth: Int
  var breadth: Int
  var aliases: Int
  var fieldCost: Int
  var typeCost: Int

  /// - Throws: the one error that names the limit.
  func check(_ facts: OperationFacts, _ variables: InputObject) throws(RequestErrors) {
    try check(Double(facts.depth), depth) { "The operation is nested \($0) levels deep" }
    try check(Double(facts.breadth), breadth) { "The operation has \($0) fields in one selection set" }
    try check(Double(facts.aliases), aliases) { "The operation has \($0) aliases" }
    let cost = facts.cost(variables)
    try check(cost.fields, fieldCost) { "The operation's fields cost \($0)" }
    try check(cost.types, typeCost) { "The operation's objects cost \($0)" }
  }

  private func check(
    _ value: Double, _ limit: Int, _ sentence: (String) -> String
  ) throws(RequestErrors) {
    guard value > Double(limit) else { return }
    throw RequestErrors([
      GraphQLError(
        "\(sentence(OperationCost.text(value))); \(limit) is the most.",
        extensions: [ErrorExtension(key: "code", json: "\"TOO_EXPENSIVE\"")])
    ])
  }
}
