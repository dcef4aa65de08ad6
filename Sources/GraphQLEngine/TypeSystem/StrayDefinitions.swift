/// What the rules look at in definitions that their document is not made for: operations and fragments among
/// type definitions, type definitions in a request. Neither has an effect, but graphql-js checks the names,
/// directives and literals in them, and so do we.
///
/// Collected only when a document has such definitions.
struct StrayDefinitions {
  /// What directives stand on; those of one owner are one place (§ 5.7.3).
  enum Owner: Hashable {
    case schema
    case type(SyntaxName)
    case directive(SyntaxName)
  }

  /// Directives at a place.
  struct Site {
    var directives: SyntaxList<DirectiveNode>
    var location: DirectiveLocation
    /// Nil where the place is one of its own.
    var owner: Owner?
  }

  /// The nodes that name types.
  private(set) var typeNames: [SyntaxNode] = []
  private(set) var sites: [Site] = []
  /// The arguments of fields.
  private(set) var arguments: [SyntaxList<ArgumentNode>] = []
  /// Default values.
  private(set) var values: [ValueNode] = []

  /// Adds everything in a definition. No recursion; work is linear in its size.
  mutating func add(_ definition: SyntaxNode) {
    switch definition.kind {
    case .operationDefinition: add(OperationNode(definition))
    case .fragmentDefinition: add(FragmentDefinitionNode(definition))
    case .schemaDefinition, .schemaExtension: add(SchemaDefinitionNode(definition))
    case .directiveDefinition, .directiveExtension: add(DirectiveDefinitionNode(definition))
    default: add(TypeDefinitionNode(definition))
    }
  }

  private mutating func add(
    _ directives: SyntaxList<DirectiveNode>, at location: DirectiveLocation, of owner: Owner? = nil
  ) {
    guard !directives.isEmpty else { return }
    sites.append(Site(directives: directives, location: location, owner: owner))
  }

  private mutating func add(_ type: TypeNode) {
    var named = type
    while named.kind != .namedType { named = named.wrapped }
    typeNames.append(named.node)
  }
}

// Executable definitions.
extension StrayDefinitions {
  private mutating func add(_ operation: OperationNode) {
    add(operation.directives, at: operation.operation.directiveLocation)
    for variable in operation.variables {
      add(variable.type)
      if let value = variable.defaultValue { values.append(value) }
      add(variable.directives, at: .variableDefinition)
    }
    add(operation.selectionSet)
  }

  private mutating func add(_ fragment: FragmentDefinitionNode) {
    typeNames.append(fragment.typeCondition.node)
    add(fragment.directives, at: .fragmentDefinition)
    add(fragment.selectionSet)
  }

  private mutating func add(_ set: SelectionSetNode) {
    var pending = [set]
    while let set = pending.popLast() {
      for selection in set.selections {
        switch selection.kind {
        case .field:
          let field = selection.asField
          if !field.arguments.isEmpty { arguments.append(field.arguments) }
          add(field.directives, at: .field)
          if let inner = field.selectionSet { pending.append(inner) }
        case .inlineFragment:
          let fragment = selection.asInlineFragment
          if let condition = fragment.typeCondition { typeNames.append(condition.node) }
          add(fragment.directives, at: .inlineFragment)
          pending.append(fragment.selectionSet)
        default:
          add(selection.asFragmentSpread.directives, at: .fragmentSpread)
        }
      }
    }
  }
}

// Type system definitions and extensions.
extension StrayDefinitions {
  private mutating func add(_ schema: SchemaDefinitionNode) {
    add(schema.directives, at: .schema, of: .schema)
    for operation in schema.operationTypes { typeNames.append(operation.type.node) }
  }

  private mutating func add(_ directive: DirectiveDefinitionNode) {
    add(directive.directives, at: .directiveDefinition, of: .directive(directive.name))
    guard directive.node.kind == .directiveDefinition else { return }
    for argument in directive.arguments { add(argument, at: .argumentDefinition) }
  }

  private mutating func add(_ type: TypeDefinitionNode) {
    guard let location = type.kind.directiveLocation else { return }
    add(type.directives, at: location, of: .type(type.name))
    switch location {
    case .object, .interface:
      for interface in type.interfaces { typeNames.append(interface.node) }
      for field in type.fields { add(field) }
    case .union:
      for member in type.memberTypes { typeNames.append(member.node) }
    case .enum:
      for value in type.enumValues { add(value.directives, at: .enumValue) }
    case .inputObject:
      for field in type.inputFields { add(field, at: .inputFieldDefinition) }
    default: break
    }
  }

  private mutating func add(_ field: FieldDefinitionNode) {
    add(field.type)
    add(field.directives, at: .fieldDefinition)
    for argument in field.arguments { add(argument, at: .argumentDefinition) }
  }

  private mutating func add(_ value: InputValueDefinitionNode, at location: DirectiveLocation) {
    add(value.type)
    if let literal = value.defaultValue { values.append(literal) }
    add(value.directives, at: location)
  }
}
