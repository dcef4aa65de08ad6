/// The rules of validation, in the order of the specification's chapter 5. Each is in the file of its name.
public enum ValidationRule: UInt8, CaseIterable, Sendable {
  // § 5.1 Documents
  case executableDefinitions  // § 5.1.1

  // § 5.2 Operations
  case knownOperationTypes  // § 5.2.1.1
  case uniqueOperationNames  // § 5.2.2.1
  case loneAnonymousOperation  // § 5.2.3.1
  case singleFieldSubscriptions  // § 5.2.4.1

  // § 5.3 Fields
  case fieldsOnCorrectType  // § 5.3.1
  case overlappingFieldsCanBeMerged  // § 5.3.2
  case scalarLeafs  // § 5.3.3

  // § 5.4 Arguments
  case knownArgumentNames  // § 5.4.1
  case uniqueArgumentNames  // § 5.4.2
  case providedRequiredArguments  // § 5.4.3

  // § 5.5 Fragments
  case uniqueFragmentNames  // § 5.5.1.1
  case knownTypeNames  // § 5.5.1.2
  case fragmentsOnCompositeTypes  // § 5.5.1.3
  case noUnusedFragments  // § 5.5.1.4
  case knownFragmentNames  // § 5.5.2.1
  case noFragmentCycles  // § 5.5.2.2
  case possibleFragmentSpreads  // § 5.5.2.3

  // § 5.6 Values
  case valuesOfCorrectType  // § 5.6.1, § 5.6.2, § 5.6.4
  case uniqueInputFieldNames  // § 5.6.3

  // § 5.7 Directives
  case knownDirectives  // § 5.7.1, § 5.7.2
  case uniqueDirectivesPerLocation  // § 5.7.3

  // § 5.8 Variables
  case uniqueVariableNames  // § 5.8.1
  case variablesAreInputTypes  // § 5.8.2
  case noUndefinedVariables  // § 5.8.3
  case noUnusedVariables  // § 5.8.4
  case variablesInAllowedPosition  // § 5.8.5

  // Incremental delivery (proposal); they apply where the schema defines `@defer` and `@stream`.
  case deferStreamDirectiveOnRootField
  case deferStreamDirectiveOnValidOperations
  case deferStreamDirectiveLabel
  case streamDirectiveOnListField

  // Beyond the specification: recommended by graphql-js, and its custom rules.
  case maxIntrospectionDepth
  case noDeprecatedCustom
  case noSchemaIntrospectionCustom

  /// The name that graphql-js gives the rule, such as `ScalarLeafsRule`.
  public var name: String {
    let text = String(describing: self)
    return text.prefix(1).uppercased() + text.dropFirst() + "Rule"
  }

  /// The rule with graphql-js's name.
  public init?(named name: String) {
    guard let rule = ValidationRule.allCases.first(where: { $0.name == name }) else { return nil }
    self = rule
  }
}

/// A set of rules.
public struct ValidationRules: OptionSet, Sendable {
  public let rawValue: UInt64

  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The rules of a sequence.
  public init(_ rules: some Sequence<ValidationRule>) {
    self.init(rawValue: rules.reduce(0) { $0 | 1 << UInt64($1.rawValue) })
  }

  /// All rules but the two custom ones.
  public static let specified = ValidationRules(ValidationRule.allCases)
    .subtracting(ValidationRules([.noDeprecatedCustom, .noSchemaIntrospectionCustom]))

  /// Whether a rule is in the set.
  @inline(__always)
  public func contains(_ rule: ValidationRule) -> Bool { rawValue & (1 << UInt64(rule.rawValue)) != 0 }
}
