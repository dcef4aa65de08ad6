// The way from SDL to a schema: parse, fill the tables, check the SDL rules, validate the type system (§ 3).

/// Why a schema could not be made: syntax errors, else broken SDL rules, else errors of the type system.
public struct SchemaErrors: Error, Hashable, Sendable {
  /// What is wrong, at most as many as `Schema.Options.maximumErrors` allows, each with its rule.
  public let findings: [SchemaFinding]

  /// The same without the rules.
  public var errors: [GraphQLError] { findings.map(\.error) }

  public init(_ findings: [SchemaFinding]) { self.findings = findings }

  /// Errors that are no rule's, those of syntax above all.
  public init(_ errors: [GraphQLError]) {
    findings = errors.map { SchemaFinding(rule: nil, error: $0) }
  }
}

/// An error in SDL, with the rule that it breaks.
public struct SchemaFinding: Hashable, Sendable {
  /// Nil for errors of syntax and of the type system, for which graphql-js has no rules.
  public var rule: SDLRule?

  /// What is wrong, and where.
  public var error: GraphQLError

  public init(rule: SDLRule?, error: GraphQLError) {
    self.rule = rule
    self.error = error
  }
}

extension Schema {
  /// How much is checked, each level with all of those before it.
  public enum Checks: Int, Sendable, Comparable {
    /// Nothing, for SDL that was checked before.
    case none
    /// The SDL rules: names are known and unique, extensions and directives fit (graphql-js: `buildSchema`).
    case definitions
    /// The type system too (graphql-js: `validateSchema`), but for rules that graphql-js does not have and
    /// deployed schemas such as GitHub's break: a field is deprecated only where its interface's is (§ 3.6),
    /// directive definitions form no cycles through the types of their arguments (§ 3.13), no type has the
    /// name of a built-in one (§ 3.3), which some tools print, and `@specifiedBy` stands on no built-in
    /// scalar (§ 3.13.4).
    case compatible
    /// All that the edition of September 2026 demands.
    case complete

    public static func < (left: Checks, right: Checks) -> Bool { left.rawValue < right.rawValue }
  }

  /// How a schema is built.
  public struct Options: Sendable {
    /// Whether `@defer` and `@stream` are among the built-in directives.
    public var definesIncrementalDelivery: Bool

    /// What is checked before a schema is handed out.
    public var checks: Checks

    /// After so many errors no further ones are looked for.
    public var maximumErrors: Int

    public init(
      definesIncrementalDelivery: Bool = false, checks: Checks = .compatible, maximumErrors: Int = 100
    ) {
      self.definesIncrementalDelivery = definesIncrementalDelivery
      self.checks = checks
      self.maximumErrors = maximumErrors
    }
  }

  /// Builds a schema from SDL. What the SDL defines wins over what is built in.
  public static func build(_ sdl: String, options: Options = Options()) throws(SchemaErrors) -> Schema {
    try build(parse(sdl), options: options)
  }

  /// Builds a schema from a parsed type system document.
  public static func build(
    _ document: Document, options: Options = Options()
  ) throws(SchemaErrors) -> Schema {
    try build(documents: [document], options: options)
  }

  /// Builds a schema from several documents, as if they were one; errors are located in the document they
  /// belong to.
  public static func build(
    documents: [Document], options: Options = Options()
  ) throws(SchemaErrors) -> Schema {
    let definitions = SchemaBuilder.build(documents: documents, existing: nil, options: options)
    return try checked(definitions, options: options)
  }

  /// This schema with the definitions and extensions of `document` added (graphql-js: `extendSchema`).
  public func extended(
    by document: Document, options: Options = Options()
  ) throws(SchemaErrors) -> Schema {
    let definitions = SchemaBuilder.build(documents: [document], existing: self, options: options)
    return try Schema.checked(definitions, options: options)
  }

  /// The errors of the named SDL rules in `document`, which may extend a schema; nothing else is checked.
  public static func checkSDL(
    _ document: Document, extending schema: Schema? = nil, rules: [SDLRule] = SDLRule.allCases,
    options: Options = Options()
  ) -> [GraphQLError] {
    findings(inSDL: document, extending: schema, rules: rules, options: options).map(\.error)
  }

  /// The same errors, each with its rule, for linters.
  public static func findings(
    inSDL document: Document, extending schema: Schema? = nil, rules: [SDLRule] = SDLRule.allCases,
    options: Options = Options()
  ) -> [SchemaFinding] {
    let definitions = SchemaBuilder.build(documents: [document], existing: schema, options: options)
    return SDLRule.check(rules, definitions, maximumErrors: options.maximumErrors)
  }

  private static func checked(
    _ definitions: SchemaDefinitions, options: Options
  ) throws(SchemaErrors) -> Schema {
    guard definitions.schema.types.count <= TypeReference.maximumTypes else {
      throw SchemaErrors([GraphQLError("A schema has at most \(TypeReference.maximumTypes) types.")])
    }
    if options.checks == .none, !definitions.hasUnresolvedNames { return definitions.schema }
    var findings = SDLRule.check(SDLRule.common, definitions, maximumErrors: options.maximumErrors)
    if findings.isEmpty, options.checks >= .compatible {
      findings = TypeSystemValidation.validate(definitions.schema, options)
    }
    if findings.isEmpty {
      let further: [SDLRule] =
        options.checks == .complete
        ? [.valuesOfCorrectType, .noDirectiveDefinitionCycles] : [.valuesOfCorrectType]
      findings = SDLRule.check(further, definitions, maximumErrors: options.maximumErrors)
    }
    guard findings.isEmpty else { throw SchemaErrors(findings) }
    return definitions.schema
  }

  private static func parse(_ sdl: String) throws(SchemaErrors) -> Document {
    do {
      return try Document.parse(sdl, limits: .schema)
    } catch {
      throw SchemaErrors([error])
    }
  }
}
