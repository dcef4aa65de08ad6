// The variables of each operation, with the usages in all fragments that it reaches (§ 5.8.3 to § 5.8.5).

extension ValidationContext {
  /// Follows each operation's fragments once and hands every variable usage to the rules.
  mutating func resolveVariables() {
    var visitsLeft = limits.fragmentVisits
    for index in definitions.indices where definitions[index].fragment == nil {
      guard !errors.isFull else { return }
      guard followFragments(of: index, visitsLeft: &visitsLeft) else {
        exceedsFragmentLimits = true
        reportExceeded(.fragmentVisits, limit: limits.fragmentVisits, at: definitions[index].node)
        return
      }
      NoUnusedVariablesRule.check(definitions[index], in: &self)
    }
  }

  /// Resolves the usages of an operation and of the fragments it reaches; false when the budget is spent.
  private mutating func followFragments(of operation: Int, visitsLeft: inout Int) -> Bool {
    let isSubscription = definitions[operation].operation.operation == .subscription
    indexVariables(of: definitions[operation])
    visit += 1
    var pending = ScratchList<Int>(in: arena)
    pending.append(operation)
    while let index = pending.popLast() {
      // Looking up a usage is much cheaper than following a spread, but not free.
      visitsLeft -= definitions[index].usages.count / 8
      resolveUsages(of: definitions[index], in: definitions[operation])
      for spread in definitions[index].spreads.indices {
        visitsLeft -= 1
        guard visitsLeft >= 0 else { return false }
        guard let target = spreads[spread].fragment, fragments[target].visit != visit else { continue }
        fragments[target].visit = visit
        fragments[target].isUsed = true
        if isSubscription { fragments[target].isUsedBySubscription = true }
        pending.append(fragments[target].definition)
      }
    }
    return true
  }

  private mutating func indexVariables(of operation: DefinitionRecord) {
    guard operation.variables.count > 8 else { return }
    names.removeAll()
    for index in operation.variables.indices { names.set(variables[index].name, value: UInt32(index)) }
  }

  /// The number of an operation's variable with a name; of two definitions, the last.
  func variable(named name: SyntaxName, in operation: DefinitionRecord) -> Int? {
    guard operation.variables.count <= 8 else { return names.value(of: name).map(Int.init) }
    return operation.variables.indices.last { variables[$0].name.equals(name) }
  }

  private mutating func resolveUsages(of definition: DefinitionRecord, in operation: DefinitionRecord) {
    for index in definition.usages.indices {
      let usage = usages[index]
      guard let variable = variable(named: ValueNode(usage.node).text, in: operation) else {
        NoUndefinedVariablesRule.report(usage, in: operation.operation, in: &self)
        continue
      }
      variables[variable].isUsed = true
      VariablesInAllowedPositionRule.check(usage, of: variables[variable], in: &self)
    }
  }
}
