/// An error in a document, with the rule that it breaks.
public struct ValidationFinding: Hashable, Sendable {
  /// Nil where a budget is exceeded or no further errors are looked for.
  public var rule: ValidationRule?

  /// What is wrong, and where.
  public var error: GraphQLError

  public init(rule: ValidationRule?, error: GraphQLError) {
    self.rule = rule
    self.error = error
  }
}

extension Schema {
  /// Checks an executable document against this schema (§ 5) and returns what it violates; empty when it is
  /// valid.
  ///
  /// Errors come in the order of their first location. Work and memory are bounded by `options.limits`; a
  /// document that exceeds a limit gets an error that names it. Pure: the same input gives the same errors.
  public func validate(
    _ document: Document, options: ValidationOptions = ValidationOptions()
  ) -> [GraphQLError] {
    findings(in: document, options: options).map(\.error)
  }

  /// The same errors, each with its rule, for linters.
  public func findings(
    in document: Document, options: ValidationOptions = ValidationOptions()
  ) -> [ValidationFinding] {
    var context = ValidationContext(schema: self, document: document, options: options)
    context.validateDocument()
    return withExtendedLifetime(document) { context.errors.located(in: document.source) }
  }
}

extension ValidationContext {
  /// The phases of a validation, in order. What a phase needs of the earlier ones lies in the context's
  /// tables.
  mutating func validateDocument() {
    indexDefinitions()
    UniqueOperationNamesRule.check(in: &self)
    UniqueFragmentNamesRule.check(in: &self)
    walkDefinitions()
    walkOwnDefinitions()
    guard !errors.isFull else { return }
    measureFragments()
    NoFragmentCyclesRule.check(in: &self)
    resolveVariables()
    NoUnusedFragmentsRule.check(in: &self)
    DeferStreamDirectiveOnValidOperationsRule.check(in: &self)
    DeferStreamDirectiveLabelRule.check(in: &self)
    MaxIntrospectionDepthRule.check(in: &self)
    guard !errors.isFull else { return }
    OverlappingFieldsCanBeMergedRule.check(in: &self)
  }
}
