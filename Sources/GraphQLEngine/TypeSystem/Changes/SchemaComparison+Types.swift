// Types (§ 3.3 to § 3.10): which come and go, and what changes in those that persist.

extension SchemaComparison {
  mutating func compareRootTypes() {
    compareApplied(old.appliedDirectives, new.appliedDirectives, to: nil)
    if old.description != new.description {
      add(.descriptionChanged, descriptionMessage("the schema", new.description))
    }
    let roots: [(String, TypeID?, TypeID?)] = [
      ("query", old.queryType, new.queryType), ("mutation", old.mutationType, new.mutationType),
      ("subscription", old.subscriptionType, new.subscriptionType),
    ]
    for root in roots {
      switch root {
      case (_, nil, nil): break
      case (let operation, let oldType?, let newType?):
        guard !areSame(oldType, newType) else { break }
        add(
          .rootTypeChanged,
          "The \(operation) root type changed from \(old.name(oldType)) to \(new.name(newType)).")
      case (let operation, let oldType?, nil):
        // Where the type is gone too, its removal says it.
        guard names.inNew(old[oldType].name).flatMap(new.symbols.type) != nil else { break }
        add(.rootTypeRemoved, "The \(operation) root type \(old.name(oldType)) was removed.")
      case (let operation, nil, let newType?):
        guard names.inOld(new[newType].name).flatMap(old.symbols.type) != nil else { break }
        add(.rootTypeAdded, "The \(operation) root type \(new.name(newType)) was added.")
      }
    }
  }

  mutating func compareTypes() {
    var pairs: [(TypeID, TypeID)] = []
    let isInNew = listed(new)
    let isInOld = listed(old)
    for oldType in old.typeOrder {
      let newType = names.inNew(old[oldType].name).flatMap(new.symbols.type)
      if let newType, isInNew[Int(newType.rawValue)] {
        pairs.append((oldType, newType))
      } else {
        addRemoved(oldType)
      }
    }
    for newType in new.typeOrder {
      let oldType = names.inOld(new[newType].name).flatMap(old.symbols.type)
      guard oldType.map({ isInOld[Int($0.rawValue)] }) != true else { continue }
      let name = new.name(newType)
      add(.typeAdded, Element(coordinate: .type(name), new: new[newType].syntax), "\(name) was added.")
    }
    for (oldType, newType) in pairs { compare(oldType, newType) }
  }

  /// Whether each type counts: a built-in scalar does only where something refers to it.
  private func listed(_ schema: Schema) -> [Bool] {
    var isListed = [Bool](repeating: false, count: schema.types.count)
    for type in schema.typeOrder { isListed[Int(type.rawValue)] = true }
    return isListed
  }

  private mutating func addRemoved(_ type: TypeID) {
    let name = old.name(type)
    let element = Element(coordinate: .type(name), old: old[type].syntax)
    let isStandardScalar = old[type].isBuiltIn && old[type].kind == .scalar
    add(
      .typeRemoved, element,
      isStandardScalar
        ? "Standard scalar \(name) was removed because it is not referenced anymore."
        : "\(name) was removed.")
  }

  private mutating func compare(_ oldType: TypeID, _ newType: TypeID) {
    guard !(old[oldType].isBuiltIn && new[newType].isBuiltIn) else { return }
    let name = old.name(oldType)
    let element = Element(coordinate: .type(name), old: old[oldType].syntax, new: new[newType].syntax)
    compareDescriptions(
      old.description(of: oldType), new.description(of: newType), of: name, element)
    compareApplied(
      old.appliedDirectives(of: oldType), new.appliedDirectives(of: newType), to: element)
    guard old[oldType].kind == new[newType].kind else {
      let kinds = "\(nameWithArticle(old[oldType].kind)) to \(nameWithArticle(new[newType].kind))"
      return add(.typeChangedKind, element, "\(name) changed from \(kinds).")
    }
    switch old[oldType].kind {
    case .enum: compareEnumValues(oldType, newType)
    case .union: compareMembers(oldType, newType, element)
    case .inputObject:
      compareInputFields(oldType, newType)
      compareOneOf(oldType, newType, element)
    case .object, .interface:
      compareFields(oldType, newType)
      compareInterfaces(oldType, newType, element)
    case .scalar: compareSpecifiedBy(oldType, newType, element)
    }
  }

  private func nameWithArticle(_ kind: TypeKind) -> String {
    switch kind {
    case .scalar: "a Scalar type"
    case .object: "an Object type"
    case .interface: "an Interface type"
    case .union: "a Union type"
    case .enum: "an Enum type"
    case .inputObject: "an Input type"
    }
  }

  // MARK: Unions, interfaces (§ 3.7, § 3.8)

  private mutating func compareMembers(_ oldType: TypeID, _ newType: TypeID, _ element: Element) {
    let union = old.name(oldType)
    let oldMembers = symbols(old.possibleTypes(of: oldType), in: old)
    let newMembers = symbols(new.possibleTypes(of: newType), in: new)
    for member in newMembers where !contains(oldMembers, names.inOld(member)) {
      add(.typeAddedToUnion, element, "\(new.name(member)) was added to union type \(union).")
    }
    for member in oldMembers where !contains(newMembers, names.inNew(member)) {
      add(.typeRemovedFromUnion, element, "\(old.name(member)) was removed from union type \(union).")
    }
  }

  private mutating func compareInterfaces(_ oldType: TypeID, _ newType: TypeID, _ element: Element) {
    let name = old.name(oldType)
    let oldInterfaces = symbols(old.interfaces(of: oldType), in: old)
    let newInterfaces = symbols(new.interfaces(of: newType), in: new)
    for interface in newInterfaces where !contains(oldInterfaces, names.inOld(interface)) {
      add(
        .implementedInterfaceAdded, element,
        "\(new.name(interface)) added to interfaces implemented by \(name).")
    }
    for interface in oldInterfaces where !contains(newInterfaces, names.inNew(interface)) {
      add(
        .implementedInterfaceRemoved, element,
        "\(name) no longer implements interface \(old.name(interface)).")
    }
  }

  private func symbols(_ types: ArraySlice<TypeID>, in schema: Schema) -> OrderedSymbols {
    OrderedSymbols(types.map { schema[$0].name })
  }

  private func contains(_ symbols: OrderedSymbols, _ symbol: Symbol?) -> Bool {
    symbol.map(symbols.set.contains) ?? false
  }

  // MARK: Enums (§ 3.9)

  private mutating func compareEnumValues(_ oldType: TypeID, _ newType: TypeID) {
    let type = old.name(oldType)
    var pairs: [(EnumValueID, EnumValueID)] = []
    for value in new.enumValueIDs(of: newType) {
      let name = new.name(new[value].name)
      guard old.enumValue(named: name, in: oldType) == nil else { continue }
      add(
        .valueAddedToEnum, Element(coordinate: .member(type: type, name: name), new: new[value].syntax),
        "\(name) was added to enum type \(type).")
    }
    for value in old.enumValueIDs(of: oldType) {
      let name = old.name(old[value].name)
      if let newValue = new.enumValue(named: name, in: newType) {
        pairs.append((value, newValue))
      } else {
        add(
          .valueRemovedFromEnum, Element(coordinate: .member(type: type, name: name), old: old[value].syntax),
          "\(name) was removed from enum type \(type).")
      }
    }
    for (oldValue, newValue) in pairs {
      let coordinate = SchemaCoordinate.member(type: type, name: old.name(old[oldValue].name))
      let element = Element(coordinate: coordinate, old: old[oldValue].syntax, new: new[newValue].syntax)
      compareDescriptions(
        old.description(of: oldValue), new.description(of: newValue), of: "enum value \(coordinate)", element)
      compareDeprecations(
        old.deprecationReason(of: oldValue), new.deprecationReason(of: newValue), of: element)
      compareApplied(
        old.appliedDirectives(of: oldValue), new.appliedDirectives(of: newValue), to: element)
    }
  }

  // MARK: Scalars, input objects

  private mutating func compareSpecifiedBy(_ oldType: TypeID, _ newType: TypeID, _ element: Element) {
    let name = old.name(oldType)
    switch (old.specifiedByURL(of: oldType), new.specifiedByURL(of: newType)) {
    case (nil, nil): break
    case (nil, let url?): add(.specifiedByAdded, element, "\(name) is specified by \"\(url)\" now.")
    case (let url?, nil): add(.specifiedByRemoved, element, "\(name) is no longer specified by \"\(url)\".")
    case (let oldURL?, let newURL?):
      guard oldURL != newURL else { break }
      add(
        .specifiedByChanged, element,
        "\(name) changed what it is specified by from \"\(oldURL)\" to \"\(newURL)\".")
    }
  }

  /// § 3.10.1. A value that `@oneOf` accepts is accepted without it, but not the other way round.
  private mutating func compareOneOf(_ oldType: TypeID, _ newType: TypeID, _ element: Element) {
    let name = old.name(oldType)
    guard old[oldType].isOneOf != new[newType].isOneOf else { return }
    if new[newType].isOneOf {
      add(.oneOfAdded, element, "\(name) became a oneOf input type: exactly one field must be given.")
    } else {
      add(.oneOfRemoved, element, "\(name) is no longer a oneOf input type.")
    }
  }
}

/// Names in the order of the source, and the same to look them up.
private struct OrderedSymbols: Sequence {
  let list: [Symbol]
  let set: Set<Symbol>

  init(_ symbols: [Symbol]) {
    list = symbols
    set = Set(symbols)
  }

  func makeIterator() -> IndexingIterator<[Symbol]> { list.makeIterator() }
}
