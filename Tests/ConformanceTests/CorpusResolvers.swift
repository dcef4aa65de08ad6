import GraphQLEngine

/// The resolvers that every engine uses for the corpus: values that depend on the field's type alone.
///
/// Int 2, Float 3.14, String "str", Boolean true, ID "id", any other scalar "str", an enum its first value, a
/// list two items, a union its first member by name, an interface its last implementor by name, an object an
/// empty object.
struct CorpusResolvers {
  let schema: Schema

  /// A binding for every field of every object type that the SDL defines.
  func wiring() -> Wiring {
    var wiring = Wiring()
    for type in schema.types where type.kind == .object && !type.isBuiltIn {
      for index in type.fields.indices {
        let field = schema.fields[index]
        wiring.bind(schema.name(type.name), schema.name(field.name), binding(of: field.type))
      }
    }
    return wiring
  }

  private func binding(of type: TypeReference) -> FieldBinding {
    let named = type.namedType
    let depth = listDepth(of: type)
    let values = schema[named].kind.isLeaf ? leaves(of: named) : objects(of: concreteType(of: named))
    return .batch { call in
      let parents = call.parents.count
      var column = values(parents << depth)
      for level in (0..<depth).reversed() {
        column = column.lists(counts: [Int](repeating: 2, count: parents << level))
      }
      return .ready(column)
    }
  }

  private func listDepth(of type: TypeReference) -> Int {
    var depth = 0
    var type = type
    while !type.isNamed {
      if type.isList { depth += 1 }
      type = type.wrapped
    }
    return depth
  }

  private func leaves(of type: TypeID) -> @Sendable (Int) -> Column {
    func repeated<Value: LeafValue>(_ value: Value) -> @Sendable (Int) -> Column {
      { .leaves([Value](repeating: value, count: $0)) }
    }
    let wellKnown = schema.wellKnown
    switch type {
    case wellKnown.int: return repeated(2)
    case wellKnown.float: return repeated(3.14)
    case wellKnown.boolean: return repeated(true)
    case wellKnown.id: return repeated("id")
    default:
      let values = schema[type].enumValues
      return repeated(values.isEmpty ? "str" : schema.name(schema.enumValues[Int(values.start)].name))
    }
  }

  private func objects(of type: TypeID) -> @Sendable (Int) -> Column {
    { .objects(Rows.dynamic([InputValue](repeating: .object(InputObject()), count: $0)).typed(type)) }
  }

  private func concreteType(of type: TypeID) -> TypeID {
    let candidates = schema.possibleTypes(of: type).sorted { schema.name($0) < schema.name($1) }
    switch schema[type].kind {
    case .union: return candidates.first ?? type
    case .interface: return candidates.last ?? type
    default: return type
    }
  }
}
