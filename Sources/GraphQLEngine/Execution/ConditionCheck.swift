/// Finds conditions that are no booleans: `@skip` and `@include` whose `if` is null, missing, or of another
/// type (§ 3.13.1, § 3.13.2). Worded as in graphql-js.
///
/// A valid document can only have one through a variable with a default, for which a request gives null. It
/// is asked where there is such a condition at all, so that collecting fields need not care.
struct ConditionCheck {
  /// Why a variable is no condition.
  enum Fault: Hashable, Sendable {
    case null, missing
  }

  let context: PlanContext
  let type: TypeID

  /// The error of the first faulty condition that is met in collecting the fields of an object.
  func failure(in sets: [SelectionSetNode]) -> GraphQLError? {
    var visited: Set<SyntaxName> = []
    for set in sets {
      var stack = [set.selections.makeIterator()]
      while !stack.isEmpty {
        guard let selection = stack[stack.count - 1].next() else {
          stack.removeLast()
          continue
        }
        if let failure = failure(of: selection.directives) { return failure }
        guard context.includes(selection.directives) else { continue }
        switch selection.kind {
        case .field: break
        case .inlineFragment:
          let fragment = selection.asInlineFragment
          if applies(fragment.typeCondition) {
            stack.append(fragment.selectionSet.selections.makeIterator())
          }
        default:
          let name = selection.asFragmentSpread.name
          if visited.insert(name).inserted, let fragment = context.fragments[name],
            applies(fragment.typeCondition)
          {
            stack.append(fragment.selectionSet.selections.makeIterator())
          }
        }
      }
    }
    return nil
  }

  private func applies(_ condition: NamedTypeNode?) -> Bool {
    guard let condition else { return true }
    guard let wanted = context.schema.type(named: condition.name) else { return false }
    return wanted == type || context.schema.isPossibleType(type, of: wanted)
  }

  /// What `@include` says does not matter where `@skip` holds.
  private func failure(of directives: SyntaxList<DirectiveNode>) -> GraphQLError? {
    if let skip = directives.first(where: { $0.name == "skip" }) {
      if let failure = failure(of: skip) { return failure }
      if context.condition(of: skip) == true { return nil }
    }
    return directives.first { $0.name == "include" }.flatMap(failure)
  }

  private func failure(of directive: DirectiveNode) -> GraphQLError? {
    var failure = problem(of: directive)
    failure?.extensions = context.executable.inputErrorExtensions
    return failure
  }

  private func problem(of directive: DirectiveNode) -> GraphQLError? {
    let document = context.document
    let required = "Argument \"if\" of required type \"Boolean!\" was"
    guard let value = directive.arguments.first(where: { $0.name == "if" })?.value else {
      return GraphQLError("\(required) not provided.", locations: [document.location(of: directive)])
    }
    let locations = [document.location(of: value)]
    switch value.kind {
    case .booleanValue: return nil
    case .variable:
      let index = context.variables.index(of: value.text)
      switch index.map({ context.conditionFaults[$0] }) ?? .missing {
      case nil: return nil
      case .null: break
      case .missing:
        let name = "\"$\(value.text)\""
        return GraphQLError(
          "\(required) provided the variable \(name) which was not provided a runtime value.",
          locations: locations)
      }
    case .nullValue: break
    default:
      return GraphQLError("Argument \"if\" has invalid value \(value.print()).", locations: locations)
    }
    return GraphQLError(
      "Argument \"if\" of non-null type \"Boolean!\" must not be null.", locations: locations)
  }
}

extension PlanContext {
  /// Whether some condition of the operation may be none.
  var hasFaultyConditions: Bool { hasFaultyLiterals || !conditionFaults.isEmpty }

  /// The value of a directive's `if`; nil when it is no boolean.
  func condition(of directive: DirectiveNode) -> Bool? {
    guard let value = directive.arguments.first(where: { $0.name == "if" })?.value else { return nil }
    switch value.kind {
    case .variable: return variables.index(of: value.text).flatMap { conditions[$0] }
    case .booleanValue: return value.isTrue
    default: return nil
    }
  }
}

extension SelectionNode {
  /// The directives of any kind of selection.
  var directives: SyntaxList<DirectiveNode> {
    switch kind {
    case .field: asField.directives
    case .inlineFragment: asInlineFragment.directives
    default: asFragmentSpread.directives
    }
  }
}

/// What `@skip` and `@include` depend on in an operation and the fragments that it reaches.
struct ConditionFinder {
  /// The variables, by position.
  private(set) var found: Set<Int> = []
  /// Whether some `if` is neither a boolean nor a variable of the operation; only in unvalidated documents.
  private(set) var hasFaultyLiterals = false

  init(
    _ operation: OperationNode, _ fragments: [SyntaxName: FragmentDefinitionNode], _ variables: VariableTable
  ) {
    var visited: Set<SyntaxName> = []
    var sets = [operation.selectionSet]
    while let set = sets.popLast() {
      for selection in set.selections {
        switch selection.kind {
        case .field: selection.asField.selectionSet.map { sets.append($0) }
        case .inlineFragment: sets.append(selection.asInlineFragment.selectionSet)
        default:
          let name = selection.asFragmentSpread.name
          if visited.insert(name).inserted, let fragment = fragments[name] {
            sets.append(fragment.selectionSet)
          }
        }
        for directive in selection.directives where directive.name == "skip" || directive.name == "include" {
          note(directive.arguments.first { $0.name == "if" }?.value, variables)
        }
      }
    }
  }

  private mutating func note(_ value: ValueNode?, _ variables: VariableTable) {
    switch value?.kind {
    case .booleanValue: break
    case .variable:
      if let index = value.flatMap({ variables.index(of: $0.text) }) {
        found.insert(index)
      } else {
        hasFaultyLiterals = true
      }
    default: hasFaultyLiterals = true
    }
  }
}
