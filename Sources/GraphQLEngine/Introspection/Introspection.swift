/// The bindings of the introspection types and meta fields (§ 4): introspection runs through the same
/// resolver API as every other field, over rows that are ids of the schema.
enum Introspection {
  /// Binds every field of the introspection types, and `__schema` and `__type` of the query root type.
  static func bind(_ schema: Schema, _ wiring: inout Wiring) {
    wiring.bind(schema.wellKnown.schemaField, schemaField)
    wiring.bind(schema.wellKnown.typeField, typeField)
    for (type, fields) in bindings {
      for (field, binding) in fields { wiring.bind(type, field, binding) }
    }
  }

  /// `__schema: __Schema!`; one row for all parents, although the query root has but one.
  private static let schemaField = FieldBinding.batch { call in
    let rows = Rows.swift([SchemaRow(call.schema.introspection.tables(of: call.schema), WholeSchema())])
    return .ready(.objects(rows, at: [Int](repeating: 0, count: call.parents.count)))
  }

  /// `__type(name: String!): __Type`; null for a name that the schema does not have.
  private static let typeField = FieldBinding.batch { call in
    let schema = call.schema
    let type = call.arguments.string("name").flatMap { schema.type(named: $0) }
    guard let type else { return .ready(.nulls(call.parents.count)) }
    let rows = Rows.swift([TypeRow(schema.introspection.tables(of: schema), TypeReference(type))])
    return .ready(.objects(rows, at: [Int](repeating: 0, count: call.parents.count)))
  }

  private static let bindings: [(String, [(String, FieldBinding)])] = [
    ("__Schema", schemaBindings), ("__Type", typeBindings), ("__Field", fieldBindings),
    ("__InputValue", inputValueBindings), ("__EnumValue", enumValueBindings),
    ("__Directive", directiveBindings),
  ]

  private static let schemaBindings: [(String, FieldBinding)] = [
    ("description", .leaf(SchemaDescription.self)), ("types", .derived(SchemaTypes.self)),
    ("queryType", .derived(SchemaQueryType.self)), ("mutationType", .derived(SchemaMutationType.self)),
    ("subscriptionType", .derived(SchemaSubscriptionType.self)),
    ("directives", .derived(SchemaDirectives.self)),
  ]

  private static let typeBindings: [(String, FieldBinding)] = [
    ("kind", .leaf(TypeKindName.self)), ("name", .leaf(TypeName.self)),
    ("description", .leaf(TypeDescription.self)), ("specifiedByURL", .leaf(TypeSpecifiedByURL.self)),
    ("fields", .derived(TypeFields.self)), ("interfaces", .derived(TypeInterfaces.self)),
    ("possibleTypes", .derived(TypePossibleTypes.self)), ("enumValues", .derived(TypeEnumValues.self)),
    ("inputFields", .derived(TypeInputFields.self)), ("ofType", .derived(TypeOfType.self)),
    ("isOneOf", .leaf(TypeIsOneOf.self)),
  ]

  private static let fieldBindings: [(String, FieldBinding)] = [
    ("name", .leaf(FieldName.self)), ("description", .leaf(FieldDescription.self)),
    ("args", .derived(FieldArguments.self)), ("type", .derived(FieldType.self)),
    ("isDeprecated", .leaf(FieldIsDeprecated.self)),
    ("deprecationReason", .leaf(FieldDeprecationReason.self)),
  ]

  private static let inputValueBindings: [(String, FieldBinding)] = [
    ("name", .leaf(InputValueName.self)), ("description", .leaf(InputValueDescription.self)),
    ("type", .derived(InputValueType.self)), ("defaultValue", .leaf(InputValueDefaultValue.self)),
    ("isDeprecated", .leaf(InputValueIsDeprecated.self)),
    ("deprecationReason", .leaf(InputValueDeprecationReason.self)),
  ]

  private static let enumValueBindings: [(String, FieldBinding)] = [
    ("name", .leaf(EnumValueName.self)), ("description", .leaf(EnumValueDescription.self)),
    ("isDeprecated", .leaf(EnumValueIsDeprecated.self)),
    ("deprecationReason", .leaf(EnumValueDeprecationReason.self)),
  ]

  private static let directiveBindings: [(String, FieldBinding)] = [
    ("name", .leaf(DirectiveName.self)), ("description", .leaf(DirectiveDescription.self)),
    ("isRepeatable", .leaf(DirectiveIsRepeatable.self)), ("locations", .leaf(DirectiveLocations.self)),
    ("args", .derived(DirectiveArguments.self)), ("isDeprecated", .leaf(DirectiveIsDeprecated.self)),
    ("deprecationReason", .leaf(DirectiveDeprecationReason.self)),
  ]
}
