/// The rules for type system documents, in graphql-js's order. Each is in the file of its name.
///
/// graphql-js checks them while it walks the document; here they read the tables that the builder has
/// filled, which hold every definition, duplicates included, so that none of them interns or hashes a name
/// again.
public enum SDLRule: String, CaseIterable, Sendable {
  case loneSchemaDefinition = "LoneSchemaDefinitionRule"
  case uniqueOperationTypes = "UniqueOperationTypesRule"
  case uniqueTypeNames = "UniqueTypeNamesRule"
  case uniqueEnumValueNames = "UniqueEnumValueNamesRule"
  case uniqueFieldDefinitionNames = "UniqueFieldDefinitionNamesRule"
  case uniqueArgumentDefinitionNames = "UniqueArgumentDefinitionNamesRule"
  case uniqueDirectiveNames = "UniqueDirectiveNamesRule"
  case knownTypeNames = "KnownTypeNamesRule"
  case knownDirectives = "KnownDirectivesRule"
  case uniqueDirectivesPerLocation = "UniqueDirectivesPerLocationRule"
  case possibleTypeExtensions = "PossibleTypeExtensionsRule"
  case knownArgumentNamesOnDirectives = "KnownArgumentNamesOnDirectivesRule"
  case uniqueArgumentNames = "UniqueArgumentNamesRule"
  case uniqueInputFieldNames = "UniqueInputFieldNamesRule"
  case providedRequiredArgumentsOnDirectives = "ProvidedRequiredArgumentsOnDirectivesRule"
  case noDirectiveDefinitionCycles = "NoDirectiveDefinitionCyclesRule"
  /// Arguments of directives only; defaults are checked with the type system.
  case valuesOfCorrectType = "ValuesOfCorrectTypeRule"

  /// The errors of some rules, at most `maximumErrors` and one that says so.
  static func check(
    _ rules: [SDLRule], _ definitions: SchemaDefinitions, maximumErrors: Int
  ) -> [SchemaFinding] {
    var validation = SDLValidation(definitions, maximumErrors: maximumErrors)
    for rule in rules where !validation.report.isFull {
      validation.report.rule = rule
      rule.check(&validation)
    }
    validation.report.rule = nil
    for position in definitions.overwrappedTypes {
      validation.report.add(
        "Types may be wrapped at most \(TypeReference.maximumWrappers) times.",
        [validation.place(of: position)])
    }
    return validation.report.located(in: definitions.schema.documents)
  }

  /// The rules that graphql-js has too. What the others find is told only where all else is well, so that the
  /// errors of a broken schema are graphql-js's.
  static let common = allCases.filter { $0 != .noDirectiveDefinitionCycles && $0 != .valuesOfCorrectType }

  private func check(_ validation: inout SDLValidation) {
    switch self {
    case .loneSchemaDefinition: validation.checkLoneSchemaDefinition()
    case .uniqueOperationTypes: validation.checkUniqueOperationTypes()
    case .uniqueTypeNames: validation.checkUniqueTypeNames()
    case .uniqueEnumValueNames: validation.checkUniqueEnumValueNames()
    case .uniqueFieldDefinitionNames: validation.checkUniqueFieldDefinitionNames()
    case .uniqueArgumentDefinitionNames: validation.checkUniqueArgumentDefinitionNames()
    case .uniqueDirectiveNames: validation.checkUniqueDirectiveNames()
    case .knownTypeNames: validation.checkKnownTypeNames()
    case .knownDirectives: validation.checkKnownDirectives()
    case .uniqueDirectivesPerLocation: validation.checkUniqueDirectivesPerLocation()
    case .possibleTypeExtensions: validation.checkPossibleTypeExtensions()
    case .knownArgumentNamesOnDirectives: validation.checkKnownArgumentNamesOnDirectives()
    case .uniqueArgumentNames: validation.checkUniqueArgumentNames()
    case .uniqueInputFieldNames: validation.checkUniqueInputFieldNames()
    case .providedRequiredArgumentsOnDirectives: validation.checkProvidedRequiredArgumentsOnDirectives()
    case .noDirectiveDefinitionCycles: validation.checkNoDirectiveDefinitionCycles()
    case .valuesOfCorrectType: validation.checkValuesOfCorrectType()
    }
  }
}
