// The first passes: ids for names, and which nodes define and extend what.

extension SchemaBuilder {
  /// An extension whose definition may stand behind it.
  struct PendingExtension {
    var position: SyntaxPosition
    var name: Symbol
    var isDirective: Bool
  }

  /// A further node of a type or directive that has one already.
  struct LateSite {
    var owner: UInt32
    var position: SyntaxPosition
  }

  /// Gives ids to all types and directives that are defined, in the order of the source; returns the
  /// extensions.
  mutating func registerDefinitions(from first: Int) -> [PendingExtension] {
    var extensions: [PendingExtension] = []
    for document in first..<documents.count {
      for definition in documents[document].definitions {
        register(definition.node, at: position(definition.node, in: document), &extensions)
      }
    }
    definedTypeCount = tables.types.count
    return extensions
  }

  private mutating func register(
    _ node: SyntaxNode, at position: SyntaxPosition, _ extensions: inout [PendingExtension]
  ) {
    switch node.kind {
    case .schemaDefinition, .schemaExtension:
      tables.schemaSites.append(position)
    case .directiveDefinition:
      registerDirective(DirectiveDefinitionNode(node), at: position, &extensions)
    case .scalarTypeExtension, .objectTypeExtension, .interfaceTypeExtension, .unionTypeExtension,
      .enumTypeExtension, .inputObjectTypeExtension, .directiveExtension:
      let name = tables.symbols.intern(node.name(0))
      let isDirective = node.kind == .directiveExtension
      extensions.append(PendingExtension(position: position, name: name, isDirective: isDirective))
    default:
      guard let kind = TypeKind(definedBy: node.kind) else {
        if Int(position.document) >= firstDocument { executableDefinitions.append(position) }
        return
      }
      let name = tables.symbols.intern(node.name(0))
      if let known = tables.symbols.type(name) {
        // A second definition, or one of a built-in type, which graphql-js leaves out as well.
        declareBuiltIn(known)
        extensions.append(PendingExtension(position: position, name: name, isDirective: false))
      } else {
        addType(name, kind: kind, at: position)
      }
    }
  }

  private mutating func declareBuiltIn(_ type: TypeID) {
    guard Int(type.rawValue) < builtInTypeCount, !isPlaced[Int(type.rawValue)] else { return }
    isPlaced[Int(type.rawValue)] = true
    declaredBuiltIns.append((type: type, next: tables.types.count))
  }

  private mutating func addType(_ name: Symbol, kind: TypeKind, at position: SyntaxPosition) {
    tables.symbols.setType(TypeID(rawValue: UInt32(tables.types.count)), for: name)
    tables.types.append(
      TypeRecord(
        name: name, kind: kind, isBuiltIn: false, isOneOf: false, syntax: position, fields: .empty,
        inputFields: .empty, enumValues: .empty, interfaces: .empty, possibleTypes: .empty,
        sortedPossibleTypes: .empty, sites: TableRange(start: 0, count: 1)))
  }

  private mutating func registerDirective(
    _ node: DirectiveDefinitionNode, at position: SyntaxPosition, _ extensions: inout [PendingExtension]
  ) {
    let name = tables.symbols.intern(node.name)
    guard let known = tables.symbols.directive(name) else {
      return addDirective(name, at: position)
    }
    let isReplaced = tables.directives[Int(known.rawValue)].syntax.document == 0
    if isReplaced, firstDocument == 1 || Int(position.document) < firstDocument {
      // The SDL's own definition of a built-in directive wins, under the id that the engine knows.
      tables.directives[Int(known.rawValue)].syntax = position
      tables.directiveOrder.append(known)
    } else {
      extensions.append(PendingExtension(position: position, name: name, isDirective: true))
    }
  }

  private mutating func addDirective(_ name: Symbol, at position: SyntaxPosition) {
    let id = DirectiveID(rawValue: UInt32(tables.directives.count))
    tables.symbols.setDirective(id, for: name)
    tables.directiveOrder.append(id)
    tables.directives.append(
      DirectiveRecord(
        name: name, arguments: .empty, locations: 0, isRepeatable: false, isDeprecated: false,
        isBuiltIn: false, syntax: position, sites: TableRange(start: 0, count: 1)))
  }

  /// Joins extensions (and second definitions, which a rule reports) to what they extend, and lays out
  /// `sites`.
  mutating func registerExtensions(_ extensions: [PendingExtension]) {
    var typeSites: [LateSite] = []
    var directiveSites: [LateSite] = []
    for pending in extensions {
      if pending.isDirective {
        let owner = directiveToExtend(pending)
        directiveSites.append(LateSite(owner: owner, position: pending.position))
      } else {
        let owner = typeToExtend(pending)
        typeSites.append(LateSite(owner: owner, position: pending.position))
      }
    }
    layOutTypeSites(typeSites)
    layOutDirectiveSites(directiveSites)
  }

  private mutating func typeToExtend(_ pending: PendingExtension) -> UInt32 {
    if tables.symbols.type(pending.name) == nil {
      // Extended, but defined nowhere: PossibleTypeExtensions reports it.
      addType(pending.name, kind: .scalar, at: pending.position)
      tables.types[tables.types.count - 1].sites.count = 0
    }
    return tables.symbols.type(pending.name)?.rawValue ?? 0
  }

  private mutating func directiveToExtend(_ pending: PendingExtension) -> UInt32 {
    if tables.symbols.directive(pending.name) == nil {
      addDirective(pending.name, at: pending.position)
      tables.directives[tables.directives.count - 1].sites.count = 0
    }
    return tables.symbols.directive(pending.name)?.rawValue ?? 0
  }

  /// Counting sort: each type's definition, then its extensions in the order of the source.
  private mutating func layOutTypeSites(_ late: [LateSite]) {
    var counts = tables.types.map(\.sites.count)
    for site in late { counts[Int(site.owner)] += 1 }
    var next = UInt32(tables.sites.count)
    for index in tables.types.indices {
      let hasDefinition = tables.types[index].sites.count == 1
      tables.types[index].sites = TableRange(start: next, count: hasDefinition ? 1 : 0)
      for _ in 0..<counts[index] { tables.sites.append(tables.types[index].syntax) }
      next += counts[index]
    }
    for site in late {
      let range = tables.types[Int(site.owner)].sites
      tables.sites[Int(range.start + range.count)] = site.position
      tables.types[Int(site.owner)].sites.count += 1
    }
  }

  private mutating func layOutDirectiveSites(_ late: [LateSite]) {
    var counts = tables.directives.map(\.sites.count)
    for site in late { counts[Int(site.owner)] += 1 }
    var next = UInt32(tables.sites.count)
    for index in tables.directives.indices {
      let hasDefinition = tables.directives[index].sites.count == 1
      tables.directives[index].sites = TableRange(start: next, count: hasDefinition ? 1 : 0)
      for _ in 0..<counts[index] { tables.sites.append(tables.directives[index].syntax) }
      next += counts[index]
    }
    for site in late {
      let range = tables.directives[Int(site.owner)].sites
      tables.sites[Int(range.start + range.count)] = site.position
      tables.directives[Int(site.owner)].sites.count += 1
    }
  }
}

extension TypeKind {
  /// The kind of a type definition; nil for other nodes.
  init?(definedBy kind: SyntaxKind) {
    switch kind {
    case .scalarTypeDefinition: self = .scalar
    case .objectTypeDefinition: self = .object
    case .interfaceTypeDefinition: self = .interface
    case .unionTypeDefinition: self = .union
    case .enumTypeDefinition: self = .enum
    case .inputObjectTypeDefinition: self = .inputObject
    default: return nil
    }
  }

  /// The kind that a type extension extends; nil for other nodes.
  init?(extendedBy kind: SyntaxKind) {
    switch kind {
    case .scalarTypeExtension: self = .scalar
    case .objectTypeExtension: self = .object
    case .interfaceTypeExtension: self = .interface
    case .unionTypeExtension: self = .union
    case .enumTypeExtension: self = .enum
    case .inputObjectTypeExtension: self = .inputObject
    default: return nil
    }
  }
}
