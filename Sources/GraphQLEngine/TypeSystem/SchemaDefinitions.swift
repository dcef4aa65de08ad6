/// The outcome of filling the tables: a schema whose validity is not known yet, and what the SDL rules look
/// at.
///
/// With broken SDL the tables hold more than a valid schema may: types that are only extended, members that
/// are defined twice, references that lead nowhere. Such a schema never leaves `Schema.build`.
struct SchemaDefinitions: Sendable {
  let schema: Schema

  /// The schema that is being extended.
  let existing: Schema?

  /// The rules report on `schema.documents` from here on; those before were checked before.
  let firstDocument: Int

  /// Types from here on are extended, but defined nowhere.
  let definedTypeCount: Int

  /// The same for directives.
  let definedDirectiveCount: Int

  /// Names of types in the documents that are defined nowhere.
  let unknownTypes: [SyntaxPosition]

  /// Types wrapped more deeply than a `TypeReference` can hold.
  let overwrappedTypes: [SyntaxPosition]

  /// Everything that directives are applied to, those of one type or schema one after the other.
  let directiveSites: [DirectiveSite]

  /// Those of the schema that is extended, on types, directives and the schema itself: what extensions may
  /// add to. The groups are those of `directiveSites`.
  let earlierDirectiveSites: [DirectiveSite]

  /// What stands in operations and fragments.
  let stray: StrayFacts

  /// Whether the tables have holes, so that the schema must not be used.
  var hasUnresolvedNames: Bool {
    !unknownTypes.isEmpty || !overwrappedTypes.isEmpty || definedTypeCount < schema.types.count
      || definedDirectiveCount < schema.directives.count
  }
}

/// A definition or extension with directives on it.
struct DirectiveSite: Sendable {
  /// The first of the directives.
  var first: SyntaxPosition
  var location: DirectiveLocation
  /// The same number for the definition of a type, directive or schema and all its extensions (§ 3.13: a
  /// directive that is not repeatable may stand once on all of them together).
  var group: UInt32
}

/// What the rules look at in executable definitions of a type system document (see `StrayDefinitions`).
struct StrayFacts: Sendable {
  /// Names of types that neither the documents nor the schema that they extend define. Built-in types are
  /// no exception there, because graphql-js knows them only where SDL refers to them.
  var unknownTypes: [SyntaxPosition] = []
  /// The first of the arguments of each field.
  var arguments: [SyntaxPosition] = []
  /// The default values of variables.
  var values: [SyntaxPosition] = []
}
