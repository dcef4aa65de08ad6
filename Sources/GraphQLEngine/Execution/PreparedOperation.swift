import Synchronization

/// An operation that is parsed, validated and chosen, with its plans: what the engine caches and executes.
///
/// Shared by all requests that send the same document. A plan is made for each combination of the variables
/// that `@skip` and `@include` depend on, so that a plan itself has no conditions.
public final class PreparedOperation: Sendable {
  let executable: ExecutableSchema
  public let document: Document
  public let operation: OperationNode
  let variables: VariableTable
  let fragments: [SyntaxName: FragmentDefinitionNode]
  /// The variables that conditions depend on.
  let conditionVariables: [Int]
  private let plans = Mutex<[PlanEntry]>([])

  private struct PlanEntry: Sendable {
    var conditions: [Bool?]
    var plan: OperationPlan
  }

  /// Plans that are kept for one operation; the oldest goes first.
  static let planLimit = 16

  init(executable: ExecutableSchema, document: Document, operation: OperationNode) {
    self.executable = executable
    self.document = document
    self.operation = operation
    let table = VariableTable(operation, schema: executable.schema)
    variables = table
    var fragments: [SyntaxName: FragmentDefinitionNode] = [:]
    for definition in document.definitions where definition.kind == .fragmentDefinition {
      let fragment = FragmentDefinitionNode(definition.node)
      if fragments[fragment.name] == nil { fragments[fragment.name] = fragment }
    }
    self.fragments = fragments
    conditionVariables = ConditionFinder.find(operation, fragments, table)
  }

  /// Query, mutation or subscription.
  public var operationType: OperationType { operation.operation }

  /// The operation's name; empty when it has none.
  public var name: String { operation.name.description }

  /// The plan for the values of the condition variables.
  func plan(for values: VariableValues, limits: EngineLimits) throws(PlanError) -> OperationPlan {
    var conditions = [Bool?](repeating: nil, count: conditionVariables.isEmpty ? 0 : variables.entries.count)
    for index in conditionVariables { conditions[index] = values[index]?.bool }
    let known = plans.withLock { entries in entries.first { $0.conditions == conditions }?.plan }
    if let known { return known }
    let context = PlanContext(self, conditions: conditions, limits: limits)
    guard let rootType = executable.schema.rootType(operationType) else {
      throw PlanError(message: "Schema is not configured to execute \(operationType) operation.")
    }
    var builder = PlanBuilder(context: context)
    let plan = OperationPlan(context: context, root: try builder.build(root: rootType))
    plans.withLock { entries in
      if entries.count >= Self.planLimit { entries.removeFirst() }
      entries.append(PlanEntry(conditions: conditions, plan: plan))
    }
    return plan
  }

  /// A guess at the bytes that the document and a plan take, for the cache's bound.
  var byteCost: Int { document.source.count * 24 + document.wordCount * 4 + 4096 }
}

/// Finds the variables that `@skip` and `@include` depend on, in an operation and the fragments that it
/// reaches.
private enum ConditionFinder {
  static func find(
    _ operation: OperationNode, _ fragments: [SyntaxName: FragmentDefinitionNode], _ variables: VariableTable
  ) -> [Int] {
    guard !variables.entries.isEmpty else { return [] }
    var found: Set<Int> = []
    var visited: Set<SyntaxName> = []
    var sets = [operation.selectionSet]
    while let set = sets.popLast() {
      for selection in set.selections {
        let directives: SyntaxList<DirectiveNode>
        switch selection.kind {
        case .field:
          directives = selection.asField.directives
          if let below = selection.asField.selectionSet { sets.append(below) }
        case .inlineFragment:
          directives = selection.asInlineFragment.directives
          sets.append(selection.asInlineFragment.selectionSet)
        default:
          let spread = selection.asFragmentSpread
          directives = spread.directives
          if visited.insert(spread.name).inserted, let fragment = fragments[spread.name] {
            sets.append(fragment.selectionSet)
          }
        }
        for directive in directives where directive.name == "skip" || directive.name == "include" {
          for argument in directive.arguments where argument.value.kind == .variable {
            if let index = variables.index(of: argument.value.text) { found.insert(index) }
          }
        }
      }
    }
    return found.sorted()
  }
}
