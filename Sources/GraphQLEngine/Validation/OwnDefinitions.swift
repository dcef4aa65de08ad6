// Type system definitions in a request: they are refused (§ 5.1.1) and have no effect, but what they define
// counts as known, and what is in them is checked, as in graphql-js.

/// What a request's document defines itself. Made only for documents that have such definitions.
struct OwnDefinitions {
  let stray: StrayDefinitions
  let types: Set<SyntaxName>
  /// The last definition of a name wins.
  let directives: [SyntaxName: DirectiveDefinitionNode]

  init(_ nodes: [SyntaxNode]) {
    var stray = StrayDefinitions()
    var types: Set<SyntaxName> = []
    var directives: [SyntaxName: DirectiveDefinitionNode] = [:]
    for node in nodes {
      stray.add(node)
      if TypeKind(definedBy: node.kind) != nil { types.insert(TypeDefinitionNode(node).name) }
      guard node.kind == .directiveDefinition else { continue }
      directives[DirectiveDefinitionNode(node).name] = DirectiveDefinitionNode(node)
    }
    self.stray = stray
    self.types = types
    self.directives = directives
  }
}

extension ValidationContext {
  /// Checks what stands in the type system definitions of the document.
  mutating func walkOwnDefinitions() {
    guard let own else { return }
    for name in own.stray.typeNames where !errors.isFull {
      KnownTypeNamesRule.checkReference(NamedTypeNode(name), in: &self)
    }
    for value in own.stray.values where !errors.isFull { walkValue(ExpectedValue(value.node, type: nil)) }
    var seen: [StrayDefinitions.Owner: [SyntaxName: UInt32]] = [:]
    for site in own.stray.sites where !errors.isFull { walkDirectives(of: site, &seen) }
  }

  private mutating func walkDirectives(
    of site: StrayDefinitions.Site, _ seen: inout [StrayDefinitions.Owner: [SyntaxName: UInt32]]
  ) {
    if let owner = site.owner {
      UniqueDirectivesPerLocationRule.check(
        site.directives, after: &seen[owner, default: [:]], in: &self)
    } else {
      UniqueDirectivesPerLocationRule.check(site.directives, in: &self)
    }
    for directive in site.directives.prefix(limits.directivesPerLocation) {
      _ = walkDirective(directive, at: site.location)
    }
  }

  /// Checks a directive and its arguments; returns the schema's definition of it.
  mutating func walkDirective(_ directive: DirectiveNode, at location: DirectiveLocation) -> DirectiveID? {
    let id = schema.directive(named: directive.name)
    if let definition = own?.directives[directive.name] {
      walkDirective(directive, definedBy: definition, id: id, at: location)
    } else if let id {
      KnownDirectivesRule.check(directive, id: id, at: location, in: &self)
      walkArguments(directive.arguments, of: .directive(id), in: directive.node)
    } else {
      KnownDirectivesRule.report(directive, in: &self)
      walkArguments(directive.arguments, of: .unknown, in: directive.node)
    }
    return id
  }

  /// Checks a directive that the document itself defines. The types of its arguments are those of the
  /// schema's directive of that name, if there is one.
  private mutating func walkDirective(
    _ directive: DirectiveNode, definedBy definition: DirectiveDefinitionNode, id: DirectiveID?,
    at location: DirectiveLocation
  ) {
    if !definition.locations.contains(where: { $0.name == location.name }) {
      KnownDirectivesRule.reportLocation(of: directive, location, in: &self)
    }
    let defined = Dictionary(definition.arguments.map { ($0.name, $0) }) { $1 }
    UniqueArgumentNamesRule.check(directive.arguments, in: &self)
    var given: Set<SyntaxName> = []
    for argument in directive.arguments {
      given.insert(argument.name)
      if defined[argument.name] == nil {
        KnownArgumentNamesRule.report(
          argument, of: directive.name, definedNames: defined.keys.map(\.description), in: &self)
      }
      let known = id.flatMap { schema.argument(named: argument.name, of: $0) }.map { schema[$0] }
      walkValue(
        ExpectedValue(
          argument.value.node, type: known?.type, hasDefault: known.map { $0.defaultValue != 0 } ?? false))
    }
    for argument in definition.arguments where !given.contains(argument.name) {
      guard argument.type.kind == .nonNullType, argument.defaultValue == nil else { continue }
      ProvidedRequiredArgumentsRule.report(argument, of: directive, in: &self)
    }
  }

  /// Whether a directive may stand several times at a place; nil for one that nobody defines.
  func isRepeatable(_ name: SyntaxName) -> Bool? {
    if let definition = own?.directives[name] { return definition.isRepeatable }
    return schema.directive(named: name).map { schema[$0].isRepeatable }
  }
}
