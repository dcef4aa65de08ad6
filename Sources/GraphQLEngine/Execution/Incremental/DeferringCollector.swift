/// CollectFields and BuildExecutionPlan (§ 6.3.2, § 6.3.3 of the incremental delivery proposal) for one
/// concrete type: fields grouped by response key, and the groups by the `@defer`s that ask for them.
///
/// As `FieldCollector`, it uses a stack of its own. A fragment that is spread deferred may be spread again,
/// so what is visited is counted against a budget of the plan.
struct DeferringCollector {
  /// The nodes of one response key, with the `@defer` around each.
  struct Group {
    var nodes: [FieldNode]
    var usages: [DeferUsage?]
  }

  /// The groups that the same `@defer`s ask for.
  struct Part {
    var usages: [DeferUsage]
    var groups: [Group]
  }

  private struct Level {
    var selections: SyntaxList<SelectionNode>.Iterator
    var usage: DeferUsage?
    /// The fragment that is being spread.
    var fragment: SyntaxName?
  }

  let context: PlanContext
  let type: TypeID
  let pathLength: Int
  private(set) var groups: [Group] = []
  private var positions: [SyntaxName: Int] = [:]
  private var visitedFragments: Set<SyntaxName> = []
  /// Fragments whose spreading has begun; only unvalidated documents have cycles.
  private var openFragments: Set<SyntaxName> = []

  init(context: PlanContext, type: TypeID, pathLength: Int) {
    self.context = context
    self.type = type
    self.pathLength = pathLength
  }

  mutating func collect(_ set: SelectionSetNode, usage: DeferUsage?) throws(PlanError) {
    var stack = [Level(selections: set.selections.makeIterator(), usage: usage)]
    while !stack.isEmpty {
      let usage = stack[stack.count - 1].usage
      guard let selection = stack[stack.count - 1].selections.next() else {
        if let fragment = stack.removeLast().fragment { openFragments.remove(fragment) }
        continue
      }
      try context.countVisit()
      switch selection.kind {
      case .field: add(selection.asField, usage)
      case .inlineFragment:
        let fragment = selection.asInlineFragment
        guard context.includes(fragment.directives), applies(fragment.typeCondition) else { continue }
        let inner = try deferral(fragment.directives, in: usage) ?? usage
        stack.append(Level(selections: fragment.selectionSet.selections.makeIterator(), usage: inner))
      default:
        if let level = try spread(selection.asFragmentSpread, usage) { stack.append(level) }
      }
    }
  }

  private mutating func spread(
    _ spread: FragmentSpreadNode, _ usage: DeferUsage?
  ) throws(PlanError) -> Level? {
    guard context.includes(spread.directives), !visitedFragments.contains(spread.name),
      let fragment = context.fragments[spread.name], applies(fragment.typeCondition),
      openFragments.insert(spread.name).inserted
    else { return nil }
    let inner = try deferral(spread.directives, in: usage)
    if inner == nil { visitedFragments.insert(spread.name) }
    return Level(
      selections: fragment.selectionSet.selections.makeIterator(), usage: inner ?? usage,
      fragment: spread.name)
  }

  private mutating func add(_ field: FieldNode, _ usage: DeferUsage?) {
    guard context.includes(field.directives) else { return }
    let key = field.responseKey
    if let position = positions[key] {
      groups[position].nodes.append(field)
      groups[position].usages.append(usage)
    } else {
      positions[key] = groups.count
      groups.append(Group(nodes: [field], usages: [usage]))
    }
  }

  /// The usage of an active `@defer`.
  private func deferral(
    _ directives: SyntaxList<DirectiveNode>, in parent: DeferUsage?
  ) throws(PlanError) -> DeferUsage? {
    guard let directive = context.active("defer", directives) else { return nil }
    let usage = DeferUsage(
      number: context.nextUsageNumber(), label: directive.label, parent: parent, pathLength: pathLength)
    guard usage.depth < context.limits.depth else {
      throw PlanError(message: "The operation nests @defer deeper than \(context.limits.depth) levels.")
    }
    return usage
  }

  /// DoesFragmentTypeApply (§ 6.3.2).
  private func applies(_ condition: NamedTypeNode?) -> Bool {
    guard let condition else { return true }
    guard let wanted = context.schema.type(named: condition.name) else { return false }
    return wanted == type || context.schema.isPossibleType(type, of: wanted)
  }
}

extension DeferringCollector {
  /// BuildExecutionPlan: the groups that come with the object itself, and those that come later.
  func partition(delivered: [DeferUsage]) -> (now: [Group], later: [Part]) {
    let deliveredKey = DeferringCollector.key(delivered)
    var now: [Group] = []
    var later: [Part] = []
    var indexes: [[Int]: Int] = [:]
    for group in groups {
      let usages = DeferringCollector.filtered(group.usages)
      let key = DeferringCollector.key(usages)
      if key == deliveredKey {
        now.append(group)
      } else if let index = indexes[key] {
        later[index].groups.append(group)
      } else {
        indexes[key] = later.count
        later.append(Part(usages: usages, groups: [group]))
      }
    }
    return (now, later)
  }

  /// GetFilteredDeferUsageSet: none where any node is not deferred, and none that lies in another of the set.
  private static func filtered(_ usages: [DeferUsage?]) -> [DeferUsage] {
    var numbers: Set<Int> = []
    var unique: [DeferUsage] = []
    for usage in usages {
      guard let usage else { return [] }
      if numbers.insert(usage.number).inserted { unique.append(usage) }
    }
    return unique.filter { usage in
      var outer = usage.parent
      while let known = outer {
        if numbers.contains(known.number) { return false }
        outer = known.parent
      }
      return true
    }
  }

  private static func key(_ usages: [DeferUsage]) -> [Int] { usages.map(\.number).sorted() }
}

extension PlanContext {
  /// The directive, where the schema defines it and its `if` does not forbid it. Null and an absent variable
  /// count as true.
  func active(_ name: StaticString, _ directives: SyntaxList<DirectiveNode>) -> DirectiveNode? {
    guard isIncremental, let directive = directives.first(where: { $0.name == name }),
      let definition = schema.directive(named: directive.name)
    else { return nil }
    guard directive.arguments.contains(where: { $0.name == "if" }) else {
      return defaultValue(of: "if", definition)?.bool == false ? nil : directive
    }
    return condition(of: directive) == false ? nil : directive
  }

  /// What the schema's definition of a directive says where an argument is not given.
  func defaultValue(of argument: String, _ directive: DirectiveID) -> InputValue? {
    schema.inputValue(named: argument, in: schema[directive].arguments)
      // `if`, `label` and `initialCount` have built-in types, whose defaults were checked with the schema.
      .flatMap { try? executable.defaultValue(of: $0) }
  }
}

extension DirectiveNode {
  /// The `label` argument; a rule of validation lets only string literals pass.
  fileprivate var label: String? {
    guard let value = arguments.first(where: { $0.name == "label" })?.value, value.kind == .stringValue else {
      return nil
    }
    return value.asString.value
  }
}

extension StreamUsage {
  /// The `@stream` of a field, where it is active and the value is a list.
  convenience init?(_ field: PlanField, itemField: PlanField?, context: PlanContext) {
    guard field.type.nullable.isList, let directive = context.active("stream", field.node.directives) else {
      return nil
    }
    let defaultCount =
      context.schema.directive(named: directive.name)
      .flatMap { context.defaultValue(of: "initialCount", $0)?.int } ?? 0
    var count = StreamCount.constant(defaultCount)
    if let value = directive.arguments.first(where: { $0.name == "initialCount" })?.value {
      if value.kind == .variable, let index = context.variables.index(of: value.text) {
        count = .variable(index, otherwise: defaultCount)
      } else if let number = Int(value.text.description) {
        count = .constant(number)
      }
    }
    self.init(label: directive.label, initialCount: count, itemField: itemField)
  }
}
