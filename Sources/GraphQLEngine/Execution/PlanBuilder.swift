/// Builds the plan of one operation, or of one concrete type that an execution meets (§ 6.3.2).
///
/// Works through a queue, so that the stack does not grow with the depth of the operation.
struct PlanBuilder {
  let context: PlanContext
  /// In the order of making: parents before children.
  private var made: [PlanObject] = []
  private var queue: [PlanSelection] = []

  init(context: PlanContext) { self.context = context }

  /// The root fields of the operation.
  mutating func build(root: TypeID) throws(PlanError) -> PlanObject {
    let sets = [context.operation.selectionSet]
    if context.hasFaultyConditions,
      let failure = ConditionCheck(context: context, type: root).failure(in: sets)
    {
      throw PlanError(message: failure.message, execution: failure)
    }
    return try build(type: root, sets: sets, depth: 1)
  }

  /// What merged fields select of one concrete type.
  mutating func build(type: TypeID, nodes: [FieldNode], depth: Int) throws(PlanError) -> PlanObject {
    try build(type: type, sets: nodes.compactMap(\.selectionSet), depth: depth)
  }

  private mutating func build(
    type: TypeID, sets: [SelectionSetNode], depth: Int
  ) throws(PlanError) -> PlanObject {
    let object = try makeObject(type: type, sets: sets, depth: depth)
    while let selection = queue.popLast() {
      // Its objects have the error then, each that is met.
      if selection.failure(for: selection.type) != nil { continue }
      let below = try makeObject(
        type: selection.type, sets: selection.nodes.compactMap(\.selectionSet), depth: selection.depth)
      selection.setConcrete(below)
    }
    for object in made.reversed() { object.finish() }
    return object
  }

  private mutating func makeObject(
    type: TypeID, sets: [SelectionSetNode], depth: Int
  ) throws(PlanError) -> PlanObject {
    guard depth <= context.limits.depth else {
      throw PlanError(message: "The operation is nested deeper than \(context.limits.depth) levels.")
    }
    let schema = context.schema
    let header = PlanObjectHeader(context: context, type: type)
    var collector = FieldCollector(context: context, type: type)
    for set in sets { collector.collect(set) }
    var fields: [PlanField] = []
    fields.reserveCapacity(collector.groups.count)
    for nodes in collector.groups {
      // § 6.3.3: a field that the type does not have is left out; only unvalidated documents have one.
      guard let id = schema.field(named: nodes[0].name, in: type) else { continue }
      let named = schema[id].type.namedType
      var child: PlanSelection?
      if schema[named].kind.isComposite {
        let selection = PlanSelection(context: context, type: named, nodes: nodes, depth: depth + 1)
        if schema[named].kind == .object { queue.append(selection) }
        child = selection
      }
      let number = try context.nextFieldNumber()
      fields.append(PlanField(number: number, id: id, nodes: nodes, parent: header, child: child))
    }
    let object = PlanObject(header: header, fields: fields)
    made.append(object)
    return object
  }
}

/// CollectFields (§ 6.3.2) for one concrete type: fields grouped by response key, in the order of the query.
///
/// Uses a stack of its own: fragments may spread each other in chains as long as the document.
struct FieldCollector {
  let context: PlanContext
  let type: TypeID
  private(set) var groups: [[FieldNode]] = []
  private var positions: [SyntaxName: Int] = [:]
  private var visitedFragments: Set<SyntaxName> = []

  init(context: PlanContext, type: TypeID) {
    self.context = context
    self.type = type
  }

  mutating func collect(_ set: SelectionSetNode) {
    var stack = [set.selections.makeIterator()]
    while !stack.isEmpty {
      guard let selection = stack[stack.count - 1].next() else {
        stack.removeLast()
        continue
      }
      switch selection.kind {
      case .field: add(selection.asField)
      case .inlineFragment:
        let fragment = selection.asInlineFragment
        guard context.includes(fragment.directives), applies(fragment.typeCondition) else { continue }
        stack.append(fragment.selectionSet.selections.makeIterator())
      default:
        let spread = selection.asFragmentSpread
        guard context.includes(spread.directives), visitedFragments.insert(spread.name).inserted,
          let fragment = context.fragments[spread.name], applies(fragment.typeCondition)
        else { continue }
        stack.append(fragment.selectionSet.selections.makeIterator())
      }
    }
  }

  private mutating func add(_ field: FieldNode) {
    guard context.includes(field.directives) else { return }
    let key = field.responseKey
    if let position = positions[key] {
      groups[position].append(field)
    } else {
      positions[key] = groups.count
      groups.append([field])
    }
  }

  /// DoesFragmentTypeApply (§ 6.3.2).
  private func applies(_ condition: NamedTypeNode?) -> Bool {
    guard let condition else { return true }
    guard let wanted = context.schema.type(named: condition.name) else { return false }
    return wanted == type || context.schema.isPossibleType(type, of: wanted)
  }
}

extension PlanContext {
  /// Whether `@skip` and `@include` let a selection stand (§ 3.13.1, § 3.13.2).
  func includes(_ directives: SyntaxList<DirectiveNode>) -> Bool {
    for directive in directives {
      let isSkip = directive.name == "skip"
      guard isSkip || directive.name == "include" else { continue }
      if condition(of: directive) == isSkip { return false }
    }
    return true
  }
}
