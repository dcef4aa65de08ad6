// Default values of arguments and input fields (§ 3.6.1, § 3.10, § 6.4.1).

extension ExecutableSchema {
  /// The coerced default value of an argument or input field; nil when it has none.
  ///
  /// `defaultValueProblems` has coerced each once, so this fails only where a custom scalar refuses today
  /// what it took when the program began.
  func defaultValue(of id: InputValueID) throws(LiteralError) -> InputValue? {
    guard let literal = schema.defaultValue(of: id) else { return nil }
    return try LiteralCoercer(executable: self).coerce(literal, to: schema[id].type)
  }

  /// The defaults that cannot be coerced, one sentence each. Building a schema checks them against the types;
  /// what a custom scalar accepts is known only here.
  func defaultValueProblems() -> [String] {
    var problems: [String] = []
    for index in schema.inputValues.indices where problems.count < Self.maximumProblems {
      do throws(LiteralError) {
        _ = try defaultValue(of: InputValueID(rawValue: UInt32(index)))
      } catch {
        let reason = error.scalarMessage.map { "; \($0)" } ?? "."
        problems.append(
          "The default value of \"\(coordinate(ofInputValue: index))\" has the invalid value "
            + "\(error.node.literal)\(reason)")
      }
    }
    return problems
  }

  /// After so many no further ones are looked for.
  private static let maximumProblems = 100

  /// `Type.field(argument:)`, `@directive(argument:)` or `Type.field`. Searches; it is for messages.
  private func coordinate(ofInputValue index: Int) -> String {
    let value = schema.inputValues[index]
    if let field = schema.fields.first(where: { $0.arguments.indices.contains(index) }) {
      return schema.coordinate(of: value, field)
    }
    if let directive = schema.directives.first(where: { $0.arguments.indices.contains(index) }) {
      return schema.coordinate(of: value, in: directive)
    }
    if let type = schema.types.first(where: { $0.inputFields.indices.contains(index) }) {
      return schema.coordinate(of: value, in: type)
    }
    return schema.name(value.name)
  }
}
