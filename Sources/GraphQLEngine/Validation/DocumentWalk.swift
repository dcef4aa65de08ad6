// The one walk over a document with type information: it calls the rules at each node and fills the context's
// tables. Selection sets and values are followed with explicit stacks, so nesting costs memory, not stack.

/// Where the walk stands in a selection set.
struct SelectionFrame {
  /// The next selection's record; 0 at the end.
  var next: UInt32
  /// The composite type that the set selects from, when it is known.
  let type: TypeID?
  /// The nesting of response fields, counted from 1.
  let depth: Int
}

extension ValidationContext {
  /// Lists the executable definitions and the fragments' names; refuses the other definitions.
  mutating func indexDefinitions() {
    var others: [SyntaxNode] = []
    for definition in document.definitions {
      switch definition.kind {
      case .operationDefinition:
        definitions.append(DefinitionRecord(node: definition.node, fragment: nil))
        operationCount += 1
      case .fragmentDefinition:
        let node = FragmentDefinitionNode(definition.node)
        fragments.append(
          FragmentRecord(
            node: node, name: node.name, type: compositeType(named: node.typeCondition.name),
            definition: definitions.count))
        definitions.append(DefinitionRecord(node: definition.node, fragment: fragments.count - 1))
      default:
        ExecutableDefinitionsRule.check(definition, in: &self)
        others.append(definition.node)
      }
    }
    if !others.isEmpty { own = OwnDefinitions(others) }
    guard fragments.count > 8 else { return }
    fragmentNames.removeAll()
    for index in fragments.indices {
      fragmentNames.set(fragments[index].name, value: UInt32(index))
    }
  }

  mutating func walkDefinitions() {
    for index in definitions.indices {
      fieldCount = 0
      depth = 1
      let starts = (spreads.count, variables.count, usages.count)
      if let fragment = definitions[index].fragment {
        walkFragment(fragments[fragment], definition: index)
      } else {
        walkOperation(definitions[index].operation, definition: index)
      }
      definitions[index].spreads = ScratchRange(lowerBound: starts.0, upperBound: spreads.count)
      definitions[index].variables = ScratchRange(lowerBound: starts.1, upperBound: variables.count)
      definitions[index].usages = ScratchRange(lowerBound: starts.2, upperBound: usages.count)
      definitions[index].fieldCount = fieldCount
      definitions[index].depth = depth
      if errors.isFull { return }
    }
  }

  private mutating func walkOperation(_ operation: OperationNode, definition: Int) {
    LoneAnonymousOperationRule.check(operation, in: &self)
    KnownOperationTypesRule.check(operation, in: &self)
    SingleFieldSubscriptionsRule.check(operation, in: &self)
    walkVariableDefinitions(of: operation, definition: definition)
    let place = DirectivePlace(
      location: operation.operation.directiveLocation, definition: definition, parentType: nil, field: nil)
    walkDirectives(operation.directives, at: place)
    walkSelections(
      of: operation.selectionSet, type: schema.rootType(operation.operation), definition: definition)
  }

  private mutating func walkFragment(_ fragment: FragmentRecord, definition: Int) {
    let condition = fragment.node.typeCondition
    KnownTypeNamesRule.check(condition, in: &self)
    FragmentsOnCompositeTypesRule.check(fragment, in: &self)
    let place = DirectivePlace(
      location: .fragmentDefinition, definition: definition, parentType: nil, field: nil)
    walkDirectives(fragment.node.directives, at: place)
    walkSelections(of: fragment.node.selectionSet, type: fragment.type, definition: definition)
  }

  private mutating func walkVariableDefinitions(of operation: OperationNode, definition: Int) {
    guard !operation.variables.isEmpty else { return }
    UniqueVariableNamesRule.check(operation, in: &self)
    for variable in operation.variables {
      let type = schema.typeReference(from: variable.type)
      if type == nil { checkUnresolved(variable.type) }
      VariablesAreInputTypesRule.check(variable, type: type, in: &self)
      variables.append(VariableRecord(node: variable, name: variable.name, type: type))
      if let value = variable.defaultValue {
        let isInput = type.map { schema[$0.namedType].kind.isInput } ?? false
        walkValue(ExpectedValue(value.node, type: isInput ? type : nil))
      }
      let place = DirectivePlace(
        location: .variableDefinition, definition: definition, parentType: nil, field: nil)
      walkDirectives(variable.directives, at: place)
    }
  }

  /// Reports why a variable's type is none of the schema.
  private mutating func checkUnresolved(_ type: TypeNode) {
    var named = type
    while named.kind != .namedType { named = named.wrapped }
    if schema.type(named: named.name) == nil {
      KnownTypeNamesRule.check(NamedTypeNode(named.node), in: &self)
    } else {
      reportExceeded(.typeWrappers, limit: TypeReference.maximumWrappers, at: type.node)
    }
  }

  private mutating func walkSelections(of set: SelectionSetNode, type: TypeID?, definition: Int) {
    var frame = enter(set, type: type, depth: 1)
    selectionSets[selectionSets.count - 1].fragment = definitions[definition].fragment
    frames.removeAll()
    while true {
      guard frame.next != 0, !errors.isFull else {
        guard let outer = frames.popLast() else { return }
        frame = outer
        continue
      }
      let selection = SelectionNode(node(frame.next))
      frame.next = selection.node.next
      let inner: SelectionFrame?
      switch selection.kind {
      case .field:
        inner = walkField(selection.asField, in: frame, definition: definition)
      case .inlineFragment:
        inner = walkInlineFragment(selection.asInlineFragment, in: frame, definition: definition)
      default:
        walkSpread(selection.asFragmentSpread, in: frame, definition: definition)
        inner = nil
      }
      guard let inner else { continue }
      frames.append(frame)
      frame = inner
    }
  }

  private mutating func enter(_ set: SelectionSetNode, type: TypeID?, depth: Int) -> SelectionFrame {
    selectionSets.append(TypedSelectionSet(node: set.node.index, type: type))
    return SelectionFrame(next: set.selections.first, type: type, depth: depth)
  }

  /// Checks a field and returns the frame of its selection set.
  @inline(__always)
  private mutating func walkField(
    _ field: FieldNode, in frame: SelectionFrame, definition: Int
  ) -> SelectionFrame? {
    fieldCount &+= 1
    let id = frame.type.flatMap { schema.field(named: field.name, in: $0) }
    var innerType: TypeID?
    if let id, let parent = frame.type {
      let record = schema[id]
      let type = record.type
      innerType = type.namedType
      ScalarLeafsRule.check(field, of: type, in: &self)
      NoDeprecatedCustomRule.check(field, id: id, parent: parent, in: &self)
      NoSchemaIntrospectionCustomRule.check(field, of: type, in: &self)
      if !field.arguments.isEmpty || record.requiresArguments {
        walkArguments(field.arguments, of: .field(id, parent: parent), in: field.node)
      }
      if id == schema.wellKnown.schemaField || id == schema.wellKnown.typeField {
        introspectionFields.append(field)
      }
    } else {
      if let parent = frame.type { FieldsOnCorrectTypeRule.report(field, on: parent, in: &self) }
      walkArguments(field.arguments, of: .unknown, in: field.node)
    }
    if !field.directives.isEmpty {
      let place = DirectivePlace(
        location: .field, definition: definition, parentType: frame.type, field: id)
      walkDirectives(field.directives, at: place)
    }
    guard let set = field.selectionSet else { return nil }
    let composite = innerType.flatMap { schema[$0].kind.isComposite ? $0 : nil }
    depth = max(depth, frame.depth + 1)
    return enter(set, type: composite, depth: frame.depth + 1)
  }

  private mutating func walkInlineFragment(
    _ fragment: InlineFragmentNode, in frame: SelectionFrame, definition: Int
  ) -> SelectionFrame {
    var type = frame.type
    if let condition = fragment.typeCondition {
      let named = schema.type(named: condition.name)
      type = named.flatMap { schema[$0].kind.isComposite ? $0 : nil }
      KnownTypeNamesRule.check(condition, in: &self)
      FragmentsOnCompositeTypesRule.check(condition, type: named, in: &self)
      PossibleFragmentSpreadsRule.check(fragment, type: type, parent: frame.type, in: &self)
    }
    if !fragment.directives.isEmpty {
      let place = DirectivePlace(
        location: .inlineFragment, definition: definition, parentType: frame.type, field: nil)
      walkDirectives(fragment.directives, at: place)
    }
    let inner = enter(fragment.selectionSet, type: type, depth: frame.depth)
    selectionSets[selectionSets.count - 1].isInlineFragment = true
    return inner
  }

  private mutating func walkSpread(
    _ spread: FragmentSpreadNode, in frame: SelectionFrame, definition: Int
  ) {
    let fragment = fragment(named: spread.name)
    spreads.append(SpreadRecord(node: spread, fragment: fragment, depth: frame.depth))
    if let fragment {
      PossibleFragmentSpreadsRule.check(
        spread, type: fragments[fragment].type, parent: frame.type, in: &self)
    } else {
      KnownFragmentNamesRule.report(spread, in: &self)
    }
    guard !spread.directives.isEmpty else { return }
    let place = DirectivePlace(
      location: .fragmentSpread, definition: definition, parentType: frame.type, field: nil)
    walkDirectives(spread.directives, at: place)
  }
}
