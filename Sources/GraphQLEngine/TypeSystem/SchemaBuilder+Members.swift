// The pass over the members of types and directives: fields, arguments, input fields, enum values,
// interfaces.

extension SchemaBuilder {
  /// Fills the tables of members, type by type in the order of their ids, then directive by directive.
  mutating func fillMembers() {
    noteSchemaDirectives()
    var declared = declaredBuiltIns[...]
    for index in builtInTypeCount..<tables.types.count {
      while let first = declared.first, first.next <= index {
        tables.typeOrder.append(first.type)
        declared.removeFirst()
      }
      tables.typeOrder.append(TypeID(rawValue: UInt32(index)))
      fillType(index)
    }
    tables.typeOrder.append(contentsOf: declared.map(\.type))
    noteBuiltInExtensions()
    for index in tables.directives.indices { noteDirectives(ofDirective: index) }
    for id in tables.directiveOrder { fillDirective(Int(id.rawValue)) }
    placeRemainingBuiltIns()
  }

  private mutating func fillType(_ index: Int) {
    let sites = tables.types[index].sites
    lastGroup += 1
    noteTypeDirectives(type: index, sites)
    tables.types[index].interfaces = appendNames(of: sites) { node in
      node.kind.definesFields ? TypeDefinitionNode(node).interfaces : nil
    }
    tables.types[index].possibleTypes = appendNames(of: sites) { node in
      node.kind == .unionTypeDefinition || node.kind == .unionTypeExtension
        ? TypeDefinitionNode(node).memberTypes : nil
    }
    let inputStart = UInt32(tables.inputValues.count)
    for site in sites.indices { appendInputFields(of: tables.sites[site]) }
    tables.types[index].inputFields = range(from: inputStart, to: tables.inputValues.count)
    let fieldStart = UInt32(tables.fields.count)
    let valueStart = UInt32(tables.enumValues.count)
    let type = TypeID(rawValue: UInt32(index))
    for site in sites.indices { appendOutputMembers(of: tables.sites[site], parent: type) }
    tables.types[index].fields = range(from: fieldStart, to: tables.fields.count)
    tables.types[index].enumValues = range(from: valueStart, to: tables.enumValues.count)
  }

  private mutating func noteTypeDirectives(type index: Int, _ sites: TableRange) {
    guard sites.count > 1 else {
      return noteTypeDirectives(tables.sites[Int(sites.start)], type: index)
    }
    for position in inOrderOfSource(tables.sites[sites.indices]) { noteTypeDirectives(position, type: index) }
  }

  /// An extension may precede the definition.
  private func inOrderOfSource(_ sites: ArraySlice<SyntaxPosition>) -> [SyntaxPosition] {
    sites.sorted { ($0.document, $0.index) < ($1.document, $1.index) }
  }

  private mutating func noteTypeDirectives(_ position: SyntaxPosition, type index: Int) {
    let node = TypeDefinitionNode(node(position))
    guard let location = node.kind.directiveLocation else { return }
    note(node.directives, at: location, in: Int(position.document))
    // § 3.10.2: not on an extension, which the type's validation reports.
    if node.kind == .inputObjectTypeDefinition, node.directives.contains(named: "oneOf") {
      tables.types[index].isOneOf = true
    }
  }

  /// Resolves the names in a list of every node of a type; the outcome is a range of `typeLists`.
  private mutating func appendNames(
    of sites: TableRange, _ list: (SyntaxNode) -> SyntaxList<NamedTypeNode>?
  ) -> TableRange {
    let start = UInt32(tables.typeLists.count)
    for site in sites.indices {
      let position = tables.sites[site]
      guard let names = list(node(position)) else { continue }
      for name in names { tables.typeLists.append(resolve(name.node, in: Int(position.document))) }
    }
    return range(from: start, to: tables.typeLists.count)
  }

  private mutating func appendInputFields(of position: SyntaxPosition) {
    let node = node(position)
    guard node.kind == .inputObjectTypeDefinition || node.kind == .inputObjectTypeExtension else { return }
    for field in TypeDefinitionNode(node).inputFields {
      append(field, at: .inputFieldDefinition, in: Int(position.document))
    }
  }

  private mutating func appendOutputMembers(of position: SyntaxPosition, parent: TypeID) {
    let node = node(position)
    let document = Int(position.document)
    if node.kind.definesFields {
      for field in TypeDefinitionNode(node).fields { append(field, parent: parent, in: document) }
    } else if node.kind == .enumTypeDefinition || node.kind == .enumTypeExtension {
      for value in TypeDefinitionNode(node).enumValues { append(value, parent: parent, in: document) }
    }
  }

  private mutating func append(_ field: FieldDefinitionNode, parent: TypeID, in document: Int) {
    let name = tables.symbols.intern(field.name)
    let type = resolve(field.type, in: document)
    let directives = field.directives
    noteApart(directives, at: .fieldDefinition, in: document)
    let argumentStart = UInt32(tables.inputValues.count)
    for argument in field.arguments { append(argument, at: .argumentDefinition, in: document) }
    tables.fields.append(
      FieldRecord(
        name: name, parent: parent, type: type,
        arguments: range(from: argumentStart, to: tables.inputValues.count),
        isDeprecated: directives.contains(named: "deprecated"),
        requiresArguments: tables.inputValues[Int(argumentStart)...].contains { $0.isRequired },
        syntax: position(field.node, in: document)))
  }

  private mutating func append(
    _ value: InputValueDefinitionNode, at location: DirectiveLocation, in document: Int
  ) {
    let name = tables.symbols.intern(value.name)
    let type = resolve(value.type, in: document)
    let directives = value.directives
    noteApart(directives, at: location, in: document)
    tables.inputValues.append(
      InputValueRecord(
        name: name, type: type, defaultValue: value.defaultValue?.node.index ?? 0,
        isDeprecated: directives.contains(named: "deprecated"),
        syntax: position(value.node, in: document)))
  }

  private mutating func append(_ value: EnumValueDefinitionNode, parent: TypeID, in document: Int) {
    let directives = value.directives
    noteApart(directives, at: .enumValue, in: document)
    tables.enumValues.append(
      EnumValueRecord(
        name: tables.symbols.intern(value.name), parent: parent,
        isDeprecated: directives.contains(named: "deprecated"),
        syntax: position(value.node, in: document)))
  }

  private mutating func noteDirectives(ofDirective index: Int) {
    lastGroup += 1
    let sites = tables.sites[tables.directives[index].sites.indices]
    for position in sites.count > 1 ? inOrderOfSource(sites) : Array(sites) {
      let directives = DirectiveDefinitionNode(node(position)).directives
      note(directives, at: .directiveDefinition, in: Int(position.document))
      if directives.contains(named: "deprecated") { tables.directives[index].isDeprecated = true }
    }
  }

  /// Of several definitions, which are an error, the last one counts, as in graphql-js.
  private mutating func fillDirective(_ index: Int) {
    for site in tables.directives[index].sites.indices { fillDirective(index, from: tables.sites[site]) }
  }

  private mutating func fillDirective(_ index: Int, from position: SyntaxPosition) {
    let definition = DirectiveDefinitionNode(node(position))
    guard definition.node.kind == .directiveDefinition else { return }
    let start = UInt32(tables.inputValues.count)
    for argument in definition.arguments {
      append(argument, at: .argumentDefinition, in: Int(position.document))
    }
    tables.directives[index].arguments = range(from: start, to: tables.inputValues.count)
    tables.directives[index].isRepeatable = definition.isRepeatable
    tables.directives[index].locations = definition.locations.reduce(0) { bits, location in
      DirectiveLocation(name: location.name).map { bits | 1 << UInt32($0.rawValue) } ?? bits
    }
  }

  private func range(from start: UInt32, to end: Int) -> TableRange {
    TableRange(start: start, count: UInt32(end) - start)
  }
}

extension SchemaBuilder {
  /// Extensions and second definitions of built-in types have no effect (graphql-js: "Builtin types are not
  /// extended"), but are checked.
  private mutating func noteBuiltInExtensions() {
    for index in 0..<builtInTypeCount {
      lastGroup += 1
      let group = lastGroup
      for site in tables.types[index].sites.indices.dropFirst() { note(ignored: tables.sites[site], group) }
    }
  }

  private mutating func note(ignored position: SyntaxPosition, _ group: UInt32) {
    guard Int(position.document) >= firstDocument else { return }
    var definition = StrayDefinitions()
    definition.add(node(position))
    for name in definition.typeNames { _ = resolve(name, in: Int(position.document)) }
    for site in definition.sites {
      noteApart(site.directives, at: site.location, in: Int(position.document))
      if site.owner != nil { directiveSites[directiveSites.count - 1].group = group }
    }
  }

  /// Operations and fragments have no effect in SDL, but the rules look at them as graphql-js's do.
  mutating func noteExecutableDefinitions(existing: Schema?) {
    for position in executableDefinitions {
      var definition = StrayDefinitions()
      definition.add(node(position))
      let document = position.document
      for name in definition.typeNames where !isKnown(name.name(0), existing: existing) {
        stray.unknownTypes.append(SyntaxPosition(document: document, index: name.index))
      }
      for arguments in definition.arguments {
        stray.arguments.append(SyntaxPosition(document: document, index: arguments.first))
      }
      for value in definition.values {
        stray.values.append(SyntaxPosition(document: document, index: value.node.index))
      }
      for site in definition.sites { noteApart(site.directives, at: site.location, in: Int(document)) }
    }
  }

  private func isKnown(_ name: SyntaxName, existing: Schema?) -> Bool {
    guard let type = tables.symbols.symbol(name).flatMap(tables.symbols.type),
      Int(type.rawValue) < definedTypeCount
    else { return false }
    return Int(type.rawValue) >= builtInTypeCount || existing?.type(named: name) != nil
      || declaredBuiltIns.contains { $0.type == type }
  }

  private mutating func noteSchemaDirectives() {
    lastGroup += 1
    for position in tables.schemaSites {
      note(SchemaDefinitionNode(node(position)).directives, at: .schema, in: Int(position.document))
    }
  }

  /// Remembers directives that share a group with others.
  private mutating func note(
    _ directives: SyntaxList<DirectiveNode>, at location: DirectiveLocation, in document: Int
  ) {
    guard !directives.isEmpty else { return }
    let first = SyntaxPosition(document: UInt32(document), index: directives.first)
    let site = DirectiveSite(first: first, location: location, group: lastGroup)
    if document >= firstDocument {
      directiveSites.append(site)
    } else if document > 0 {
      earlierDirectiveSites.append(site)
    }
  }

  /// Remembers directives of a member, which are a group of their own.
  @inline(__always)
  private mutating func noteApart(
    _ directives: SyntaxList<DirectiveNode>, at location: DirectiveLocation, in document: Int
  ) {
    guard !directives.isEmpty, document >= firstDocument else { return }
    lastGroup += 1
    note(directives, at: location, in: document)
  }
}

extension SyntaxKind {
  /// Whether it defines or extends an object or interface type.
  var definesFields: Bool {
    self == .objectTypeDefinition || self == .interfaceTypeDefinition || self == .objectTypeExtension
      || self == .interfaceTypeExtension
  }

  /// Where directives on a type system definition stand (§ 3.13); nil for other nodes.
  var directiveLocation: DirectiveLocation? {
    switch self {
    case .schemaDefinition, .schemaExtension: .schema
    case .scalarTypeDefinition, .scalarTypeExtension: .scalar
    case .objectTypeDefinition, .objectTypeExtension: .object
    case .interfaceTypeDefinition, .interfaceTypeExtension: .interface
    case .unionTypeDefinition, .unionTypeExtension: .union
    case .enumTypeDefinition, .enumTypeExtension: .enum
    case .inputObjectTypeDefinition, .inputObjectTypeExtension: .inputObject
    case .directiveDefinition, .directiveExtension: .directiveDefinition
    case .fieldDefinition: .fieldDefinition
    case .enumValueDefinition: .enumValue
    default: nil
    }
  }
}

extension SyntaxList where Element == DirectiveNode {
  /// Whether a directive of that name is applied.
  func contains(named name: StaticString) -> Bool {
    contains { $0.name == name }
  }
}
