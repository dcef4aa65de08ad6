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
    let object =
      context.isIncremental
      ? try makeDeferringObject(type: root, sets: sets, depth: 1, scope: .root)
      : try makeObject(type: root, sets: sets, depth: 1)
    return try finish(object)
  }

  /// What merged fields select of one concrete type.
  mutating func build(type: TypeID, of selection: PlanSelection) throws(PlanError) -> PlanObject {
    try finish(makeObject(type: type, of: selection))
  }

  /// Plans what lies below, then numbers columns from the bottom up.
  private mutating func finish(_ object: PlanObject) throws(PlanError) -> PlanObject {
    while let selection = queue.popLast() {
      // Its objects have the error then, each that is met.
      if selection.failure(for: selection.type) != nil { continue }
      selection.setConcrete(try makeObject(type: selection.type, of: selection))
    }
    for object in made.reversed() { object.finish() }
    return object
  }

  private mutating func makeObject(
    type: TypeID, of selection: PlanSelection
  ) throws(PlanError) -> PlanObject {
    guard let scope = selection.scope else {
      return try makeObject(
        type: type, sets: selection.nodes.compactMap(\.selectionSet), depth: selection.depth)
    }
    var sets: [SelectionSetNode] = []
    var usages: [DeferUsage?] = []
    for (node, usage) in zip(selection.nodes, scope.usages) {
      guard let set = node.selectionSet else { continue }
      sets.append(set)
      usages.append(usage)
    }
    let kept = DeferScope(usages: usages, delivered: scope.delivered, pathLength: scope.pathLength)
    return try makeDeferringObject(type: type, sets: sets, depth: selection.depth, scope: kept)
  }

  private func checkDepth(_ depth: Int) throws(PlanError) {
    guard depth <= context.limits.depth else {
      throw PlanError(message: "The operation is nested deeper than \(context.limits.depth) levels.")
    }
  }

  private mutating func makeObject(
    type: TypeID, sets: [SelectionSetNode], depth: Int
  ) throws(PlanError) -> PlanObject {
    try checkDepth(depth)
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

// MARK: - Incremental delivery

extension PlanBuilder {
  /// An object of a plan for incremental delivery: the fields that come with it, and its deferred parts.
  private mutating func makeDeferringObject(
    type: TypeID, sets: [SelectionSetNode], depth: Int, scope: DeferScope
  ) throws(PlanError) -> PlanObject {
    try checkDepth(depth)
    var collector = DeferringCollector(context: context, type: type, pathLength: scope.pathLength)
    for (set, usage) in zip(sets, scope.usages) { try collector.collect(set, usage: usage) }
    let (now, later) = collector.partition(delivered: scope.delivered)
    let place = DeferringPlace(
      header: PlanObjectHeader(context: context, type: type), depth: depth, pathLength: scope.pathLength)
    let object = PlanObject(header: place.header, fields: try fields(now, scope.delivered, place))
    var parts: [DeferredPart] = []
    for part in later {
      let below = PlanObject(header: place.header, fields: try fields(part.groups, part.usages, place))
      made.append(below)
      parts.append(DeferredPart(usages: part.usages, object: below))
    }
    object.setParts(parts)
    made.append(object)
    return object
  }

  /// Where the fields of one deferring object are planned.
  private struct DeferringPlace {
    let header: PlanObjectHeader
    let depth: Int
    let pathLength: Int
  }

  private mutating func fields(
    _ groups: [DeferringCollector.Group], _ delivered: [DeferUsage], _ place: DeferringPlace
  ) throws(PlanError) -> [PlanField] {
    var fields: [PlanField] = []
    fields.reserveCapacity(groups.count)
    for group in groups {
      guard let id = context.schema.field(named: group.nodes[0].name, in: place.header.type) else { continue }
      let field = try field(id, group, delivered, place)
      var itemField: PlanField?
      let isDeferred = !delivered.isEmpty || group.usages.contains { $0 != nil }
      if isDeferred, field.child != nil, StreamUsage(field, itemField: nil, context: context) != nil {
        let plain = DeferringCollector.Group(
          nodes: group.nodes, usages: [DeferUsage?](repeating: nil, count: group.nodes.count))
        itemField = try self.field(id, plain, [], place)
      }
      field.stream = StreamUsage(field, itemField: itemField, context: context)
      fields.append(field)
    }
    return fields
  }

  private mutating func field(
    _ id: FieldID, _ group: DeferringCollector.Group, _ delivered: [DeferUsage], _ place: DeferringPlace
  ) throws(PlanError) -> PlanField {
    let schema = context.schema
    let type = schema[id].type
    let named = type.namedType
    var child: PlanSelection?
    if schema[named].kind.isComposite {
      let scope = DeferScope(
        usages: group.usages, delivered: delivered, pathLength: place.pathLength + 1 + type.listDepth)
      let selection = PlanSelection(
        context: context, type: named, nodes: group.nodes, depth: place.depth + 1, scope: scope)
      if schema[named].kind == .object { queue.append(selection) }
      child = selection
    }
    let number = try context.nextFieldNumber()
    return PlanField(number: number, id: id, nodes: group.nodes, parent: place.header, child: child)
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
