/// An immutable type system with dense ids, built once from SDL and shared by all threads (§ 3).
///
/// Types, fields, arguments, enum values and directives lie in tables in the order of the source; built-in
/// scalars, directives and the introspection types (§ 4) stand in the same tables. Made by `Schema.build`
/// (SchemaBuilder.swift).
public final class Schema: Sendable {
  /// The documents that the schema was built from: the built-in definitions, then the caller's. Records'
  /// `syntax` positions point into them.
  public let documents: [Document]

  /// By `TypeID`; the built-in types come first.
  public let types: [TypeRecord]
  /// By `FieldID`; those of one type are neighbours.
  public let fields: [FieldRecord]
  /// By `InputValueID`: arguments and input fields.
  public let inputValues: [InputValueRecord]
  /// By `EnumValueID`; those of one type are neighbours.
  public let enumValues: [EnumValueRecord]
  /// By `DirectiveID`; the built-in ones come first.
  public let directives: [DirectiveRecord]

  /// Interfaces of each object and interface type, possible types of each abstract type and members of each
  /// union; the records hold ranges of this table.
  public let typeLists: [TypeID]

  /// All types in graphql-js's order: as defined, built-in types behind the first type that refers to them.
  public let typeOrder: [TypeID]

  /// All directives: the caller's as defined, then those built in that the caller does not define.
  public let directiveOrder: [DirectiveID]

  /// Where types and directives are defined and extended; records hold ranges of this table, definitions
  /// first.
  public let sites: [SyntaxPosition]

  /// The definition of the schema and its extensions, in the order of the source.
  public let schemaSites: [SyntaxPosition]

  /// The root type of queries; nil only in a schema that was not validated.
  public let queryType: TypeID?
  /// The root type of mutations, if there is one.
  public let mutationType: TypeID?
  /// The root type of subscriptions, if there is one.
  public let subscriptionType: TypeID?

  /// The description of the schema itself.
  public let description: String?

  /// Ids of what the engine itself must recognise.
  public let wellKnown: WellKnown

  /// `@defer` and `@stream`, where the schema has them.
  let deferDirective: DirectiveID?
  let streamDirective: DirectiveID?

  /// The names, by symbol.
  public let symbols: SymbolTable

  /// Finds members of large types by name; small ones are searched.
  let memberIndex: MemberIndex

  /// What introspection reads; made when it is used first.
  let introspection = IntrospectionCache()

  /// The number of types that every schema has; the first user type's position.
  let builtInTypeCount: Int

  init(_ tables: consuming SchemaTables) {
    memberIndex = MemberIndex(tables)
    builtInTypeCount = tables.builtInTypeCount
    typeOrder = tables.typeOrder
    directiveOrder = tables.directiveOrder
    sites = tables.sites
    schemaSites = tables.schemaSites
    documents = tables.documents
    types = tables.types
    fields = tables.fields
    inputValues = tables.inputValues
    enumValues = tables.enumValues
    directives = tables.directives
    typeLists = tables.typeLists
    queryType = tables.queryType
    mutationType = tables.mutationType
    subscriptionType = tables.subscriptionType
    description = tables.description
    wellKnown = tables.wellKnown
    symbols = tables.symbols
    deferDirective = symbols.symbol("defer").flatMap(symbols.directive)
    streamDirective = symbols.symbol("stream").flatMap(symbols.directive)
  }
}

/// What the builder hands to `Schema.init`; the fields are described there.
struct SchemaTables: Sendable {
  var documents: [Document] = []
  var types: [TypeRecord] = []
  var fields: [FieldRecord] = []
  var inputValues: [InputValueRecord] = []
  var enumValues: [EnumValueRecord] = []
  var directives: [DirectiveRecord] = []
  var typeLists: [TypeID] = []
  var typeOrder: [TypeID] = []
  var directiveOrder: [DirectiveID] = []
  var sites: [SyntaxPosition] = []
  var schemaSites: [SyntaxPosition] = []
  var builtInTypeCount = 0
  var queryType: TypeID?
  var mutationType: TypeID?
  var subscriptionType: TypeID?
  var description: String?
  var wellKnown: WellKnown
  var symbols: SymbolTable
}

/// Ids of the built-in scalars, meta fields and directives (§ 3.5, § 3.13, § 4.1, § 4.2).
public struct WellKnown: Sendable {
  /// `Int` (§ 3.5.1).
  public var int: TypeID
  /// `Float` (§ 3.5.2).
  public var float: TypeID
  /// `String` (§ 3.5.3).
  public var string: TypeID
  /// `Boolean` (§ 3.5.4).
  public var boolean: TypeID
  /// `ID` (§ 3.5.5).
  public var id: TypeID
  /// `__typename: String!`, a field of every composite type; stands in `fields` once.
  public var typenameField: FieldID
  /// `__schema: __Schema!` of the query root type.
  public var schemaField: FieldID
  /// `__type(name: String!): __Type` of the query root type.
  public var typeField: FieldID
  /// `@skip` (§ 3.13.1).
  public var skip: DirectiveID
  /// `@include` (§ 3.13.2).
  public var include: DirectiveID
  /// `@deprecated` (§ 3.13.3).
  public var deprecated: DirectiveID
  /// `@specifiedBy` (§ 3.13.4).
  public var specifiedBy: DirectiveID
  /// `@oneOf` (§ 3.13.5).
  public var oneOf: DirectiveID
}

/// A run of consecutive entries in one of the schema's tables.
public struct TableRange: Hashable, Sendable {
  /// The position of the first entry.
  public var start: UInt32
  /// The number of entries.
  public var count: UInt32

  @inlinable
  public init(start: UInt32, count: UInt32) {
    self.start = start
    self.count = count
  }

  /// No entries.
  public static let empty = TableRange(start: 0, count: 0)

  /// Whether there are no entries.
  /// The positions of the entries.
  @inlinable public var isEmpty: Bool { count == 0 }
  @inlinable public var indices: Range<Int> { Int(start)..<Int(start) + Int(count) }
}

/// Where a definition stands: which of `Schema.documents`, and the index of its record there.
public struct SyntaxPosition: Hashable, Sendable {
  /// The position in `Schema.documents`.
  public var document: UInt32
  /// The index of the record in the document's slab.
  public var index: UInt32

  @inlinable
  public init(document: UInt32, index: UInt32) {
    self.document = document
    self.index = index
  }
}

/// A named type.
public struct TypeRecord: Sendable {
  /// The name, as a symbol of the schema.
  public var name: Symbol
  /// Which of the six kinds it is.
  public var kind: TypeKind
  /// Whether it is a built-in scalar or an introspection type.
  public var isBuiltIn: Bool
  /// `@oneOf` on an input object (§ 3.10.1).
  public var isOneOf: Bool
  /// Where it is defined.
  public var syntax: SyntaxPosition
  /// `Schema.fields` of an object or interface type.
  public var fields: TableRange
  /// `Schema.inputValues` of an input object type.
  public var inputFields: TableRange
  /// `Schema.enumValues` of an enum type.
  public var enumValues: TableRange
  /// `Schema.typeLists`: the interfaces that an object or interface type declares.
  public var interfaces: TableRange
  /// `Schema.typeLists`: members of a union, object types that implement an interface, or the object type
  /// itself.
  public var possibleTypes: TableRange
  /// `Schema.typeLists`: the same types, ascending.
  var sortedPossibleTypes: TableRange
  /// `Schema.sites`: the definition and its extensions.
  public var sites: TableRange
}

/// A field of an object or interface type.
public struct FieldRecord: Sendable {
  /// The name, as a symbol of the schema.
  public var name: Symbol
  /// The type that the field belongs to.
  public var parent: TypeID
  /// Its type, with wrappers.
  public var type: TypeReference
  /// `Schema.inputValues`.
  public var arguments: TableRange
  /// Whether `@deprecated` is applied to it.
  public var isDeprecated: Bool
  /// Whether an argument must be given: one is non-null without a default.
  var requiresArguments = false
  /// Where it is defined.
  public var syntax: SyntaxPosition
}

/// An argument or an input field.
public struct InputValueRecord: Sendable {
  /// The name, as a symbol of the schema.
  public var name: Symbol
  /// Its type, with wrappers.
  public var type: TypeReference
  /// The default value's literal in the document of `syntax`; 0 when there is none.
  public var defaultValue: UInt32
  /// Whether `@deprecated` is applied to it.
  public var isDeprecated: Bool
  /// Where it is defined.
  public var syntax: SyntaxPosition

  /// Whether a caller must give it: non-null without a default (§ 5.4.3).
  @inlinable public var isRequired: Bool { type.isNonNull && defaultValue == 0 }
}

/// A value of an enum type.
public struct EnumValueRecord: Sendable {
  /// The name, as a symbol of the schema.
  public var name: Symbol
  /// The type that it belongs to.
  public var parent: TypeID
  /// Whether `@deprecated` is applied to it.
  public var isDeprecated: Bool
  /// Where it is defined.
  public var syntax: SyntaxPosition
}

/// A directive definition.
public struct DirectiveRecord: Sendable {
  /// The name, as a symbol of the schema.
  public var name: Symbol
  /// `Schema.inputValues`.
  public var arguments: TableRange
  /// One bit a `DirectiveLocation`.
  public var locations: UInt32
  /// Whether it may be applied several times at one place.
  public var isRepeatable: Bool
  /// Whether `@deprecated` is applied to it.
  public var isDeprecated: Bool
  /// Whether the engine knows it, even where the SDL defines it anew.
  public var isBuiltIn: Bool
  /// Where it is defined.
  public var syntax: SyntaxPosition
  /// `Schema.sites`: the definition and its extensions.
  public var sites: TableRange
}

/// Where a directive may stand; the raw value is the bit in `DirectiveRecord.locations` (§ 3.13).
public enum DirectiveLocation: UInt8, CaseIterable, Sendable {
  case query, mutation, subscription, field, fragmentDefinition, fragmentSpread, inlineFragment,
    variableDefinition
  case schema, scalar, object, fieldDefinition, argumentDefinition, interface, union, `enum`, enumValue
  case inputObject, inputFieldDefinition, directiveDefinition

  /// Whether it is a place in operations and fragments (§ 3.13: ExecutableDirectiveLocation).
  public var isExecutable: Bool { rawValue <= DirectiveLocation.variableDefinition.rawValue }
}
