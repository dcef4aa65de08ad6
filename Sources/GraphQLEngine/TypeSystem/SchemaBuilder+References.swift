// Names of types to ids, and what follows from them: the order of types, possible types, root types.

extension SchemaBuilder {
  /// The id of the type that a `namedType` node names; an unknown one is remembered and stands for the
  /// first type.
  @inline(__always)
  mutating func resolve(_ node: SyntaxNode, in document: Int) -> TypeID {
    guard let symbol = tables.symbols.symbol(node.name(0)), let type = tables.symbols.type(symbol),
      Int(type.rawValue) < definedTypeCount
    else {
      unknownTypes.append(position(node, in: document))
      return TypeID(rawValue: 0)
    }
    if Int(type.rawValue) < builtInTypeCount { placeBuiltIn(type) }
    return type
  }

  /// Packs a type with its wrappers, the outermost lowest (see `TypeReference`).
  mutating func resolve(_ type: TypeNode, in document: Int) -> TypeReference {
    var node = type
    var wrappers: UInt64 = 0
    var depth: UInt64 = 0
    while node.kind != .namedType {
      if depth < TypeReference.maximumWrappers {
        wrappers |= (node.kind == .nonNullType ? 1 : 2) << (depth * 2)
      } else if depth == TypeReference.maximumWrappers {
        overwrappedTypes.append(position(type.node, in: document))
      }
      depth += 1
      node = node.wrapped
    }
    let named = resolve(node.node, in: document)
    return TypeReference(rawValue: UInt64(named.rawValue) << 40 | wrappers)
  }

  /// Puts a built-in type behind the type that refers to it first, with everything that it refers to itself.
  private mutating func placeBuiltIn(_ type: TypeID) {
    guard Int(type.rawValue) < builtInTypeCount, !isPlaced[Int(type.rawValue)] else { return }
    isPlaced[Int(type.rawValue)] = true
    tables.typeOrder.append(type)
    for field in tables.types[Int(type.rawValue)].fields.indices {
      placeBuiltIn(tables.fields[field].type.namedType)
      for argument in tables.fields[field].arguments.indices {
        placeBuiltIn(tables.inputValues[argument].type.namedType)
      }
    }
  }

  /// Behind the caller's types and directives: what directives refer to, then the introspection types.
  mutating func placeRemainingBuiltIns() {
    guard builtInTypeCount > 0 else { return }
    for index in 0..<builtInDirectiveCount {
      let id = DirectiveID(rawValue: UInt32(index))
      guard tables.directives[index].syntax.document == 0 else { continue }
      tables.directiveOrder.append(id)
      for argument in tables.directives[index].arguments.indices {
        placeBuiltIn(tables.inputValues[argument].type.namedType)
      }
    }
    for index in 0..<builtInTypeCount where tables.types[index].kind != .scalar {
      placeBuiltIn(TypeID(rawValue: UInt32(index)))
    }
  }

  /// § 3.5: "If a built-in scalar type is not referenced anywhere in a schema … then it must not be
  /// included." Its id remains, but no name leads to it.
  mutating func removeUnusedScalars() {
    for index in 0..<builtInTypeCount where !isPlaced[index] && tables.types[index].kind == .scalar {
      tables.symbols.removeType(tables.types[index].name)
    }
  }

  /// Counting sort of object types by the interfaces that they declare; objects are their own possible type.
  mutating func linkPossibleTypes() {
    var counts = [UInt32](repeating: 0, count: tables.types.count)
    for type in tables.types where type.kind == .object {
      for slot in type.interfaces.indices { counts[Int(tables.typeLists[slot].rawValue)] += 1 }
    }
    var next = UInt32(tables.typeLists.count)
    for index in tables.types.indices where tables.types[index].kind == .interface {
      tables.types[index].possibleTypes = TableRange(start: next, count: 0)
      next += counts[index]
    }
    let missing = Int(next) - tables.typeLists.count
    tables.typeLists.append(contentsOf: repeatElement(TypeID(rawValue: 0), count: missing))
    for index in tables.types.indices where tables.types[index].kind == .object {
      linkObject(index)
    }
    for index in tables.types.indices {
      tables.types[index].sortedPossibleTypes = sorted(tables.types[index])
    }
  }

  private mutating func linkObject(_ index: Int) {
    let object = TypeID(rawValue: UInt32(index))
    for slot in tables.types[index].interfaces.indices {
      let interface = Int(tables.typeLists[slot].rawValue)
      guard tables.types[interface].kind == .interface else { continue }
      let range = tables.types[interface].possibleTypes
      tables.typeLists[Int(range.start + range.count)] = object
      tables.types[interface].possibleTypes.count += 1
    }
    tables.types[index].possibleTypes = TableRange(start: UInt32(tables.typeLists.count), count: 1)
    tables.typeLists.append(object)
  }

  private mutating func sorted(_ type: TypeRecord) -> TableRange {
    guard type.kind == .union else { return type.possibleTypes }
    let members = tables.typeLists[type.possibleTypes.indices].sorted { $0.rawValue < $1.rawValue }
    let start = UInt32(tables.typeLists.count)
    tables.typeLists.append(contentsOf: members)
    return TableRange(start: start, count: type.possibleTypes.count)
  }

  /// § 3.3.1: the schema definition names the root types, or they have the default names.
  mutating func chooseRootTypes(existing: Schema?) {
    var isDefined = false
    for position in tables.schemaSites {
      let schema = SchemaDefinitionNode(node(position))
      if schema.node.kind == .schemaDefinition {
        isDefined = true
        tables.description = schema.descriptionNode?.value
      }
      for operation in schema.operationTypes {
        let type = resolve(operation.type.node, in: Int(position.document))
        setRoot(operation.operation, type)
      }
    }
    if !isDefined { chooseDefaultRootTypes(existing: existing) }
    if let query = tables.queryType {
      tables.fields[Int(tables.wellKnown.schemaField.rawValue)].parent = query
      tables.fields[Int(tables.wellKnown.typeField.rawValue)].parent = query
    }
  }

  /// A schema that is extended keeps its root types: a type named `Mutation` that it had not does not become
  /// one, as in graphql-js's `extendSchema`.
  private mutating func chooseDefaultRootTypes(existing: Schema?) {
    let defaults: [(OperationType, String)] = [
      (.query, "Query"), (.mutation, "Mutation"), (.subscription, "Subscription"),
    ]
    for (operation, name) in defaults where existing == nil || existing?.rootType(operation) != nil {
      if let type = typeDefined(name) { setRoot(operation, type) }
    }
  }

  private func typeDefined(_ name: String) -> TypeID? {
    guard let type = tables.symbols.symbol(name).flatMap(tables.symbols.type) else { return nil }
    return Int(type.rawValue) < definedTypeCount ? type : nil
  }

  private mutating func setRoot(_ operation: OperationType, _ type: TypeID) {
    switch operation {
    case .query: tables.queryType = type
    case .mutation: tables.mutationType = type
    case .subscription: tables.subscriptionType = type
    }
  }
}
