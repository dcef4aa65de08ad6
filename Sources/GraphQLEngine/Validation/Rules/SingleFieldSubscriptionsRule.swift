/// § 5.2.4.1 Single Root Field (graphql-js: SingleFieldSubscriptionsRule).
///
/// A subscription selects exactly one field at its root, not an introspection field, and without `@skip` or
/// `@include` on the way to it, because which event stream is opened must not depend on variables.
enum SingleFieldSubscriptionsRule {
  static func check(_ operation: OperationNode, in context: inout ValidationContext) {
    guard operation.operation == .subscription, context.rules.contains(.singleFieldSubscriptions),
      let type = context.schema.subscriptionType
    else { return }
    let subject =
      operation.name.isEmpty ? "Anonymous Subscription" : "Subscription \"\(operation.name)\""
    var collector = SubscriptionFieldCollector(type: type)
    guard collector.collect(operation.selectionSet, in: &context) else {
      if !context.exceedsFragmentLimits {
        context.exceedsFragmentLimits = true
        context.reportExceeded(.fragmentVisits, limit: context.limits.fragmentVisits, at: operation.node)
      }
      return
    }
    guard collector.conditions.isEmpty else {
      context.report(
        .singleFieldSubscriptions,
        "\(subject) must not use `@skip` or `@include` directives in the top level selection.",
        atOffsets: collector.conditions)
      return
    }
    // § 5.2.4.1: "exactly one entry". Where fragments are left out, other rules say why.
    let isEmpty = collector.groups.isEmpty && !collector.leavesFragmentsOut
    if collector.groups.count > 1 || isEmpty {
      let further = collector.groups.dropFirst().flatMap { $0.fields.map(\.node.start) }
      context.report(
        .singleFieldSubscriptions, "\(subject) must select only one top level field.",
        atOffsets: isEmpty ? [operation.node.start] : further)
    }
    for group in collector.groups where group.fields[0].name.hasIntrospectionPrefix {
      context.report(
        .singleFieldSubscriptions, "\(subject) must not select an introspection top level field.",
        atOffsets: group.fields.map(\.node.start))
    }
  }
}

/// § 5.2.4.1 CollectSubscriptionFields: the root fields of a subscription by response key.
private struct SubscriptionFieldCollector {
  struct Group {
    var fields: [FieldNode]
  }

  let type: TypeID
  private(set) var groups: [Group] = []
  /// Where `@skip` and `@include` stand.
  private(set) var conditions: [UInt32] = []
  /// Whether there are fragments that do not exist, do not apply or stand there again, in a cycle maybe.
  private(set) var leavesFragmentsOut = false
  private var pending: [UInt32] = []

  init(type: TypeID) { self.type = type }

  /// False when the budget of fragments to follow is spent: thousands of subscriptions may spread the same.
  mutating func collect(_ set: SelectionSetNode, in context: inout ValidationContext) -> Bool {
    context.names.removeAll()
    context.visit += 1
    pending = [set.selections.first]
    while let index = pending.popLast() {
      guard index != 0 else { continue }
      let selection = SelectionNode(context.node(index))
      pending.append(selection.node.next)
      switch selection.kind {
      case .field: add(selection.asField, in: &context)
      case .inlineFragment: enter(selection.asInlineFragment, in: context)
      default:
        context.subscriptionVisitsLeft -= 1
        guard context.subscriptionVisitsLeft >= 0 else { return false }
        enter(selection.asFragmentSpread, in: &context)
      }
    }
    return true
  }

  private mutating func add(_ field: FieldNode, in context: inout ValidationContext) {
    guard !isConditional(field.directives, in: context) else { return }
    let group = context.names.insert(field.responseKey, value: UInt32(groups.count))
    if let group {
      groups[Int(group)].fields.append(field)
    } else {
      groups.append(Group(fields: [field]))
    }
  }

  private mutating func enter(_ fragment: InlineFragmentNode, in context: ValidationContext) {
    guard !isConditional(fragment.directives, in: context) else { return }
    if let condition = fragment.typeCondition {
      let named = context.schema.type(named: condition.name)
      guard applies(named, in: context) else { return leavesFragmentsOut = true }
    }
    pending.append(fragment.selectionSet.selections.first)
  }

  private mutating func enter(_ spread: FragmentSpreadNode, in context: inout ValidationContext) {
    // Asked first: § 5.2.4.1 forbids a condition on each spread, also of a fragment that was visited.
    guard !isConditional(spread.directives, in: context) else { return }
    guard let fragment = context.fragment(named: spread.name) else { return leavesFragmentsOut = true }
    guard context.fragments[fragment].visit != context.visit else { return leavesFragmentsOut = true }
    context.fragments[fragment].visit = context.visit
    guard applies(context.fragments[fragment].type, in: context) else { return leavesFragmentsOut = true }
    pending.append(context.fragments[fragment].node.selectionSet.selections.first)
  }

  private func applies(_ condition: TypeID?, in context: ValidationContext) -> Bool {
    guard let condition, context.schema[condition].kind.isComposite else { return false }
    return condition == type || context.schema.doTypesOverlap(condition, type)
  }

  /// Notes the first `@skip`, or else `@include`, among directives.
  private mutating func isConditional(
    _ directives: SyntaxList<DirectiveNode>, in context: ValidationContext
  ) -> Bool {
    let condition =
      directives.first { $0.name == "skip" } ?? directives.first { $0.name == "include" }
    guard let condition else { return false }
    conditions.append(condition.node.start)
    return true
  }
}

extension SyntaxName {
  /// Whether the name is one of the introspection system's (§ 4).
  var hasIntrospectionPrefix: Bool {
    length >= 2 && bytes[0] == UInt8(ascii: "_") && bytes[1] == UInt8(ascii: "_")
  }
}
