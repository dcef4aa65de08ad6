/// An immutable type system with dense ids, built once from SDL and shared by all threads (§ 3).
///
/// Types, fields, arguments, enum values and directives lie in tables in the order of the source; built-in
/// scalars, directives and the introspection types (§ 4) stand in the same tables. Made by `Schema.build`
/// (SchemaBuilder.swift).
public final class Schema: Sendable {
  /// The documents that the schema was built from: the built-in definitions, then the caller's. Records'
  /// `syntax` positions point into them.
  public let documents: [Document]

  public let types: [TypeRecord]
  public let fields: [FieldRecord]
  public let inputValues: [InputValueRecord]
  public let enumValues: [EnumValueRecord]
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

  public let queryType: TypeID?
  public let mutationType: TypeID?
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
  public var int: TypeID
  public var float: TypeID
  public var string: TypeID
  public var boolean: TypeID
  public var id: TypeID
  /// `__typename: String!`, a field of every composite type; stands in `fields` once.
  public var typenameField: FieldID
  /// `__schema: __Schema!` of the query root type.
  public var schemaField: FieldID
  /// `__type(name: String!): __Type` of the query root type.
  public var typeField: FieldID
  public var skip: DirectiveID
  public var include: DirectiveID
  public var deprecated: DirectiveID
  public var specifiedBy: DirectiveID
  public var oneOf: DirectiveID
}

/// A run of consecutive entries in one of the schema's tables.
public struct TableRange: Hashable, Sendable {
  public var start: UInt32
  public var count: UInt32

  @inlinable
  public init(start: UInt32, count: UInt32) {
    self.start = start
    self.count = count
  }

  public static let empty = TableRange(start: 0, count: 0)

  @inlinable public var isEmpty: Bool { count == 0 }
  @inlinable public var indices: Range<Int> { Int(start)..<Int(start) + Int(count) }
}

/// Where a definition stands: which of `Schema.documents`, and the index of its record there.
public struct SyntaxPosition: Hashable, Sendable {
  public var document: UInt32
  public var index: UInt32

  @inlinable
  public init(document: UInt32, index: UInt32) {
    self.document = document
    self.index = index
  }
}

/// A named type.
public struct TypeRecord: Sendable {
  public var name: Symbol
  public var kind: TypeKind
  /// Whether it is a built-in scalar or an introspection type.
  public var isBuiltIn: Bool
  /// `@oneOf` on an input object (§ 3.10.1).
  public var isOneOf: Bool
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
  public var name: Symbol
  /// The type that the field belongs to.
  public var parent: TypeID
  public var type: TypeReference
  /// `Schema.inputValues`.
  public var arguments: TableRange
  public var isDeprecated: Bool
  /// Whether an argument must be given: one is non-null without a default.
  var requiresArguments = false
  public var syntax: SyntaxPosition
}

/// An argument or an input field.
public struct InputValueRecord: Sendable {
  public var name: Symbol
  public var type: TypeReference
  /// The default value's literal in the document of `syntax`; 0 when there is none.
  public var defaultValue: UInt32
  public var isDeprecated: Bool
  public var syntax: SyntaxPosition

  /// Whether a caller must give it: non-null without a default (§ 5.4.2.1).
  @inlinable public var isRequired: Bool { type.isNonNull && defaultValue == 0 }
}

/// A value of an enum type.
public struct EnumValueRecord: Sendable {
  public var name: Symbol
  public var parent: TypeID
  public var isDeprecated: Bool
  public var syntax: SyntaxPosition
}

/// A directive definition.
public struct DirectiveRecord: Sendable {
  public var name: Symbol
  /// `Schema.inputValues`.
  public var arguments: TableRange
  /// One bit a `DirectiveLocation`.
  public var locations: UInt32
  public var isRepeatable: Bool
  public var isDeprecated: Bool
  public var isBuiltIn: Bool
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
