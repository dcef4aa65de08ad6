// The way from SDL to a schema: parse, fill the tables, check the SDL rules, validate the type system (§ 3).

/// Why a schema could not be made: syntax errors, else broken SDL rules, else errors of the type system.
public struct SchemaErrors: Error, Hashable, Sendable {
  public let errors: [GraphQLError]

  public init(_ errors: [GraphQLError]) { self.errors = errors }
}

extension Schema {
  /// How a schema is built.
  public struct Options: Sendable {
    /// Whether `@defer` and `@stream` are among the built-in directives.
    public var definesIncrementalDelivery: Bool

    /// Leaves out the SDL rules and the validation of the type system, for SDL that was checked before.
    public var assumesValid: Bool

    /// After so many errors no further ones are looked for.
    public var maximumErrors: Int

    public init(
      definesIncrementalDelivery: Bool = false, assumesValid: Bool = false, maximumErrors: Int = 100
    ) {
      self.definesIncrementalDelivery = definesIncrementalDelivery
      self.assumesValid = assumesValid
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

  /// Builds a schema from several documents, as if they were one; errors are located in the document they belong to.
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
    let definitions = SchemaBuilder.build(documents: [document], existing: schema, options: options)
    return SDLRule.check(rules, definitions, maximumErrors: options.maximumErrors)
  }

  private static func checked(
    _ definitions: SchemaDefinitions, options: Options
  ) throws(SchemaErrors) -> Schema {
    guard !options.assumesValid || definitions.hasUnresolvedNames else { return definitions.schema }
    var errors = SDLRule.check(SDLRule.allCases, definitions, maximumErrors: options.maximumErrors)
    if errors.isEmpty {
      errors = TypeSystemValidation.validate(definitions.schema, maximumErrors: options.maximumErrors)
    }
    guard errors.isEmpty else { throw SchemaErrors(errors) }
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
