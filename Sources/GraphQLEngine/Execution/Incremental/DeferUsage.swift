/// One `@defer` at one response position of a plan (§ 6.3.2: a Defer Usage Record).
///
/// Abstract: below lists it stands for many deferred fragments, one for each path.
final class DeferUsage: Sendable {
  /// Its number in the plan.
  let number: Int
  let label: String?
  /// The `@defer` around it.
  let parent: DeferUsage?
  /// The steps of the response path where its fragment is spread; the same at run time, as types say how
  /// many lists there are.
  let pathLength: Int
  /// How many `@defer`s are around it.
  let depth: Int

  init(number: Int, label: String?, parent: DeferUsage?, pathLength: Int) {
    self.number = number
    self.label = label
    self.parent = parent
    self.pathLength = pathLength
    depth = (parent?.depth ?? -1) + 1
  }
}

/// The fields of an object that are delivered together, because the same `@defer`s ask for them: one of the
/// new collected fields maps of an execution plan (§ 6.3.3).
struct DeferredPart: Sendable {
  let usages: [DeferUsage]
  let object: PlanObject
}

/// A `@stream` on a field of a plan.
final class StreamUsage: Sendable {
  let label: String?
  let initialCount: StreamCount
  /// The field as it is planned for the items that come later: what a `@defer` outside of the list asks for
  /// is delivered with them. nil where that is no other one.
  let itemField: PlanField?

  init(label: String?, initialCount: StreamCount, itemField: PlanField?) {
    self.label = label
    self.initialCount = initialCount
    self.itemField = itemField
  }

  /// What graphql-js says to a negative `initialCount`.
  static let negativeCount = GraphQLError("initialCount must be a positive integer")
}

/// Where the number of items in the initial result comes from.
enum StreamCount: Sendable {
  case constant(Int)
  /// By position of the variable; the number where the variable is absent.
  case variable(Int, otherwise: Int)
}

/// What a selection knows of the `@defer`s around it, in a plan for incremental delivery.
struct DeferScope: Sendable {
  /// By field node of the selection: the `@defer` that encloses it.
  let usages: [DeferUsage?]
  /// Those that the selection's object itself is delivered with.
  let delivered: [DeferUsage]
  /// The steps of the response path of the objects.
  let pathLength: Int

  /// The operation's root.
  static let root = DeferScope(usages: [nil], delivered: [], pathLength: 0)
}

extension TypeReference {
  /// The number of lists that a value of the type is wrapped in.
  var listDepth: Int {
    var depth = 0
    var type = nullable
    while type.isList {
      depth += 1
      type = type.wrapped.nullable
    }
    return depth
  }
}

extension PlanField {
  /// The field that plans the items which `@stream` delivers later.
  var streamedItems: PlanField { stream?.itemField ?? self }
}

extension PlanObject {
  /// All fields that are selected of the objects, now or later.
  var allFields: [PlanField] { parts.isEmpty ? fields : fields + parts.flatMap(\.object.fields) }
}

/// Finds what an operation asks for incrementally: whether it does at all, and on which variables it depends.
final class IncrementalUse: Sendable {
  /// Whether an active `@defer` or `@stream` is reached.
  let isUsed: Bool
  /// The variables that their `if` arguments name.
  let variables: [Int]

  init(_ operation: PreparedOperation) {
    let schema = operation.executable.schema
    let isDeferDefined = schema.directive(named: "defer") != nil
    let isStreamDefined = schema.directive(named: "stream") != nil
    var isUsed = false
    var found: Set<Int> = []
    var visited: Set<SyntaxName> = []
    var sets = isDeferDefined || isStreamDefined ? [operation.operation.selectionSet] : []
    while let set = sets.popLast() {
      for selection in set.selections {
        let directives: SyntaxList<DirectiveNode>
        var isField = false
        switch selection.kind {
        case .field:
          isField = true
          directives = selection.asField.directives
          if let below = selection.asField.selectionSet { sets.append(below) }
        case .inlineFragment:
          directives = selection.asInlineFragment.directives
          sets.append(selection.asInlineFragment.selectionSet)
        default:
          let spread = selection.asFragmentSpread
          directives = spread.directives
          if visited.insert(spread.name).inserted, let fragment = operation.fragments[spread.name] {
            sets.append(fragment.selectionSet)
          }
        }
        let isDefined = isField ? isStreamDefined : isDeferDefined
        for directive in directives where isDefined && directive.name == (isField ? "stream" : "defer") {
          isUsed = true
          for argument in directive.arguments where argument.value.kind == .variable {
            if argument.name == "if", let index = operation.variables.index(of: argument.value.text) {
              found.insert(index)
            }
          }
        }
      }
    }
    self.isUsed = isUsed
    variables = found.sorted()
  }
}
