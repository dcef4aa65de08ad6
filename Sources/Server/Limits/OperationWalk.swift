import GraphQLEngine

/// Walks an operation's merged fields and notes its facts.
///
/// The recursion is bounded: validation has refused operations that nest deeper than `depthAfterFragments` or
/// have more than `fieldsAfterFragments` fields.
struct OperationWalk {
  private(set) var facts = OperationFacts()
  private let operation: PreparedOperation
  private let schema: Schema
  private let directives: CostDirectives
  private var fragments: [SyntaxName: FragmentDefinitionNode] = [:]
  private var defaults: [SyntaxName: ValueNode] = [:]

  /// Fields that are executed as one.
  private struct Group {
    var field: FieldID
    var nodes: [FieldNode]
    /// One of the fields that tell of the schema.
    var isIntrospection: Bool
  }

  /// By what fields are merged: their name in the response, and whose they are.
  private struct GroupKey: Hashable {
    var name: SyntaxName
    var field: FieldID
  }

  /// What a field says about the lists of the object that it gives.
  private struct Sized {
    var names: [String] = []
    var size = OperationFacts.ListSize.constant(1)
  }

  init(_ operation: PreparedOperation, _ schema: Schema) {
    self.operation = operation
    self.schema = schema
    directives = CostDirectives(schema: schema)
    for definition in operation.document.definitions where definition.kind == .fragmentDefinition {
      let fragment = FragmentDefinitionNode(definition.node)
      fragments[fragment.name] = fragment
    }
    for variable in operation.operation.variables { defaults[variable.name] = variable.defaultValue }
  }

  mutating func run() {
    guard let root = schema.rootType(operation.operationType) else { return }
    visit([operation.operation.selectionSet], of: root, depth: 1, sized: Sized())
  }

  private mutating func visit(_ sets: [SelectionSetNode], of type: TypeID, depth: Int, sized: Sized) {
    var groups: [Group] = []
    var positions: [GroupKey: Int] = [:]
    for set in sets { collect(set, type, &groups, &positions) }
    facts.depth = max(facts.depth, depth)
    facts.breadth = max(facts.breadth, groups.count { !$0.isIntrospection })
    for group in groups {
      if group.isIntrospection { visitIntrospection(group) } else { visit(group, depth: depth, sized: sized) }
    }
  }

  /// Introspection reads nothing and has a rule of its own, so it costs nothing and its levels do not count;
  /// but by aliases it could answer the whole schema many times over.
  private mutating func visitIntrospection(_ group: Group) {
    let type = schema[group.field].type.namedType
    var groups: [Group] = []
    var positions: [GroupKey: Int] = [:]
    for set in group.nodes.compactMap(\.selectionSet) { collect(set, type, &groups, &positions) }
    for group in groups { visitIntrospection(group) }
  }

  /// Fields with their fragments replaced.
  private mutating func collect(
    _ set: SelectionSetNode, _ type: TypeID, _ groups: inout [Group], _ positions: inout [GroupKey: Int]
  ) {
    for selection in set.selections {
      switch selection.kind {
      case .field:
        let node = selection.asField
        guard let field = schema.field(named: node.name, in: type) else { continue }
        let isIntrospection = node.name.bytes.starts(with: [0x5F, 0x5F])
        if isIntrospection, node.selectionSet != nil { facts.caching.restrict(0) }
        let key = GroupKey(name: node.responseKey, field: field)
        if let position = positions[key] {
          groups[position].nodes.append(node)
        } else {
          positions[key] = groups.count
          groups.append(Group(field: field, nodes: [node], isIntrospection: isIntrospection))
          if node.responseKey != node.name { facts.aliases += 1 }
        }
      case .inlineFragment:
        let fragment = selection.asInlineFragment
        let condition = fragment.typeCondition.flatMap { schema.type(named: $0.name) }
        collect(fragment.selectionSet, condition ?? type, &groups, &positions)
      default:
        guard let fragment = fragments[selection.asFragmentSpread.name] else { continue }
        let condition = schema.type(named: fragment.typeCondition.name)
        collect(fragment.selectionSet, condition ?? type, &groups, &positions)
      }
    }
  }

  private mutating func visit(_ group: Group, depth: Int, sized: Sized) {
    let record = schema[group.field]
    let target = record.type.namedType
    let isComposite = schema[target].kind.isComposite
    let list = directives.listSize(of: group.field)
    var inner = Sized()
    var size = OperationFacts.ListSize.constant(1)
    if sized.names.contains(schema.name(record.name)) {
      size = sized.size
    } else if let list, list.sizedFields.isEmpty {
      size = self.size(list, group)
    } else if let list {
      inner = Sized(names: list.sizedFields, size: self.size(list, group))
    } else if record.type.nullable.isList, isComposite {
      size = .constant(CostDirectives.assumedSize)
    }
    let position = facts.fields.count
    let arguments = group.nodes.first.map { Array($0.arguments) } ?? []
    let weights = arguments.compactMap { schema.argument(named: $0.name, of: group.field) }
      .map { directives.weight(of: $0) ?? 0 }
    facts.fields.append(
      OperationFacts.FieldCost(
        weight: (directives.weight(of: group.field) ?? (isComposite ? 1 : 0)) + weights.reduce(0, +),
        typeWeight: directives.weight(of: target) ?? (isComposite ? 1 : 0), size: size))
    directives.restrict(&facts.caching, group.field, target, isRoot: depth == 1, isComposite: isComposite)
    if isComposite {
      visit(group.nodes.compactMap(\.selectionSet), of: target, depth: depth + 1, sized: inner)
    }
    facts.fields[position].end = facts.fields.count
  }

  /// The first slicing argument that is given decides, else one that has a default, else the assumed size.
  private func size(_ list: CostDirectives.ListSize, _ group: Group) -> OperationFacts.ListSize {
    let defaults = list.slicingArguments.lazy.compactMap { name in
      schema.inputValue(named: name, in: schema[group.field].arguments)
        .flatMap { schema.defaultValue(of: $0) }.flatMap(CostDirectives.length)
    }
    var size = OperationFacts.ListSize.constant(
      defaults.first ?? list.assumedSize ?? CostDirectives.assumedSize)
    let arguments = group.nodes.first.map { Array($0.arguments) } ?? []
    for name in list.slicingArguments.reversed() {
      guard let value = arguments.first(where: { $0.name.description == name })?.value else { continue }
      if value.kind == .variable {
        size = .variable(
          value.text.description, standard: self.defaults[value.text].flatMap(CostDirectives.length),
          otherwise: size)
      } else if let number = CostDirectives.length(value) {
        size = .constant(number)
      }
    }
    return size
  }
}
