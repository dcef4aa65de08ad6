import Synchronization

/// An operation that is parsed, validated and chosen, with its plans: what the engine caches and executes.
///
/// Shared by all requests that send the same document. A plan is made for each combination of the variables
/// that `@skip` and `@include` depend on, so that a plan itself has no conditions.
public final class PreparedOperation: Sendable {
  let executable: ExecutableSchema
  /// The whole document.
  public let document: Document
  /// The operation of it that is executed.
  public let operation: OperationNode
  let variables: VariableTable
  let fragments: [SyntaxName: FragmentDefinitionNode]
  /// The variables that conditions depend on.
  let conditionVariables: [Int]
  /// Whether there are conditions that can be none; only in unvalidated documents.
  let hasFaultyLiterals: Bool
  private let plans = Mutex<[PlanEntry]>([])

  @usableFromInline let hostMemo = MemoSlot()
  /// What is asked for incrementally, found out when it is needed first.
  private let knownIncrementalUse = Mutex<IncrementalUse?>(nil)

  private struct PlanEntry: Sendable {
    var isIncremental: Bool
    var conditions: [Bool?]
    var faults: [Int: ConditionCheck.Fault]
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
    let conditions = ConditionFinder(operation, fragments, table)
    conditionVariables = conditions.found.sorted()
    hasFaultyLiterals = conditions.hasFaultyLiterals
  }

  /// A value that a host builds once per prepared operation, such as what it costs; the type is always the
  /// same. Two threads may build it at the same time; the first one stays.
  @inlinable
  public func memo<Value: Sendable>(_ build: (PreparedOperation) throws -> Value) rethrows -> Value {
    try hostMemo.value { try build(self) }
  }

  /// Query, mutation or subscription.
  public var operationType: OperationType { operation.operation }

  /// The operation's name; empty when it has none.
  public var name: String { operation.name.description }

  /// What the operation asks for incrementally.
  var incrementalUse: IncrementalUse {
    if let known = knownIncrementalUse.withLock({ $0 }) { return known }
    let made = IncrementalUse(self)
    knownIncrementalUse.withLock { $0 = made }
    return made
  }

  /// The plan for the values of the condition variables; incremental where `@defer` and `@stream` are heeded.
  func plan(
    for values: VariableValues, limits: EngineLimits, isIncremental: Bool = false
  ) throws(PlanError) -> OperationPlan {
    let incrementalVariables = isIncremental ? incrementalUse.variables : []
    let hasNone = conditionVariables.isEmpty && incrementalVariables.isEmpty
    var conditions = [Bool?](repeating: nil, count: hasNone ? 0 : variables.entries.count)
    for index in incrementalVariables { conditions[index] = values[index]?.bool }
    var faults: [Int: ConditionCheck.Fault] = [:]
    for index in conditionVariables {
      conditions[index] = values[index]?.bool
      if conditions[index] == nil {
        faults[index] = values[index].map { $0.isNull ? .null : nil } ?? .missing
      }
    }
    let known = plans.withLock { entries in
      entries.first {
        $0.conditions == conditions && $0.faults == faults && $0.isIncremental == isIncremental
      }?.plan
    }
    if let known { return known }
    let context = PlanContext(
      self, conditions: conditions, conditionFaults: faults, limits: limits, isIncremental: isIncremental)
    guard let rootType = executable.schema.rootType(operationType) else {
      throw PlanError(message: "Schema is not configured to execute \(operationType) operation.")
    }
    var builder = PlanBuilder(context: context)
    let plan = OperationPlan(context: context, root: try builder.build(root: rootType))
    plans.withLock { entries in
      if entries.count >= Self.planLimit { entries.removeFirst() }
      entries.append(
        PlanEntry(isIncremental: isIncremental, conditions: conditions, faults: faults, plan: plan))
    }
    return plan
  }

  /// What it keeps of the heap, for the cache's bound: its document, its tables and the plans so far, with
  /// what was planned while they were executed.
  func countBytes() -> Int {
    let tables = HeapBytes.dictionary(fragments) + HeapBytes.array(variables.entries)
    let planned = plans.withLock { entries in
      entries.reduce(HeapBytes.array(entries)) { sum, entry in
        sum + entry.plan.context.counted() + HeapBytes.object(32) + HeapBytes.object(192)
          + HeapBytes.array(entry.conditions)
      }
    }
    return document.byteCount + tables + planned + HeapBytes.object(192)
  }
}
