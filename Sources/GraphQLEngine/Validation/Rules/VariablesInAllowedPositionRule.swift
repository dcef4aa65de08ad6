/// § 5.8.5 All Variable Usages Are Allowed (graphql-js: VariablesInAllowedPositionRule).
///
/// A variable's type fits the place where it is used. A nullable variable fits a non-null place when one of
/// them has a default value, but never a field of a oneOf input object, which must not be null.
enum VariablesInAllowedPositionRule {
  static func check(
    _ usage: VariableUsage, of variable: VariableRecord, in context: inout ValidationContext
  ) {
    guard let expected = usage.type, let type = variable.type,
      context.rules.contains(.variablesInAllowedPosition)
    else { return }
    if !isAllowed(usage, of: variable, type: type, expected: expected, in: context.schema) {
      context.report(
        .variablesInAllowedPosition,
        "Variable \"$\(variable.name)\" of type \"\(context.schema.string(of: type))\" "
          + "used in position expecting type \"\(context.schema.string(of: expected))\".",
        at: variable.node.node, usage.node)
    }
    if let oneOf = usage.oneOf, !type.isNonNull {
      context.report(
        .variablesInAllowedPosition,
        "Variable \"$\(variable.name)\" is of type \"\(context.schema.string(of: type))\" but must be "
          + "non-nullable to be used for OneOf Input Object \"\(context.schema.name(oneOf.type))\".",
        at: variable.node.node, usage.node)
    }
  }

  /// § 5.8.5 IsVariableUsageAllowed.
  private static func isAllowed(
    _ usage: VariableUsage, of variable: VariableRecord, type: TypeReference, expected: TypeReference,
    in schema: Schema
  ) -> Bool {
    if type == expected { return true }
    guard expected.isNonNull, !type.isNonNull else { return areCompatible(type, expected) }
    let hasNonNullDefault = variable.node.defaultValue.map { $0.kind != .nullValue } ?? false
    guard hasNonNullDefault || usage.hasDefault else { return false }
    return areCompatible(type, expected.wrapped)
  }

  /// § 5.8.5 AreTypesCompatible: a non-null type fits a nullable place, at each level of lists.
  private static func areCompatible(_ type: TypeReference, _ expected: TypeReference) -> Bool {
    var type = type
    var expected = expected
    while type != expected {
      if expected.isNonNull {
        guard type.isNonNull else { return false }
        (type, expected) = (type.wrapped, expected.wrapped)
      } else if type.isNonNull {
        type = type.wrapped
      } else {
        guard type.isList, expected.isList else { return false }
        (type, expected) = (type.wrapped, expected.wrapped)
      }
    }
    return true
  }
}
