/// What an execution will do, for people: each field that is fetched, in the order of the plan, with the
/// level in which it is called.
///
/// A field of level n is called when all of level n - 1 have come back; resident fields cost no call and are
/// listed with the step whose objects have them.
public struct PlanDescription: Sendable, Hashable {
  /// One fetched field of the plan.
  public struct Step: Sendable, Hashable {
    /// How its values are had.
    public enum Kind: String, Sendable, Hashable {
      /// One call for all parents of the level.
      case batch
      /// One call for the keys of all fields of the level that share the loader.
      case loader
      /// Lists whose items arrive one after the other.
      case items
      /// The source of a subscription.
      case stream
    }

    /// The number of the field in its plan; what an `ExecutionTracer` is told.
    public var number: Int
    /// From 1: the root fields.
    public var level: Int
    /// How its values are had.
    public var kind: Kind
    /// The response keys from the root, `viewer.user.flows`.
    public var path: String
    /// The field's schema coordinate, `User.flows`.
    public var coordinate: String
    /// The field's type as in SDL.
    public var type: String
    /// The leaves that are selected of its objects, and of those that lie in them.
    public var leaves: [String]
  }

  /// In the order of the plan.
  public var steps: [Step] = []

  /// The number of levels.
  public var levelCount: Int { steps.map(\.level).max() ?? 0 }

  /// A line for each step, indented by level.
  public var text: String {
    steps.map { step in
      let leaves = step.leaves.isEmpty ? "" : " { \(step.leaves.joined(separator: " ")) }"
      return String(repeating: "  ", count: step.level - 1)
        + "\(step.level) \(step.kind) \(step.path) (\(step.coordinate): \(step.type))\(leaves)\n"
    }.joined()
  }
}

extension Engine {
  /// The plan of an operation for these variables, without executing anything.
  ///
  /// Throws the errors of variables that cannot be coerced, and of a plan that breaks a limit.
  public func describe(
    _ operation: PreparedOperation, variables: InputObject = InputObject()
  ) throws(RequestErrors) -> PlanDescription {
    let executor = try plan(operation, ExecutionRequest(variables: variables))
    var describer = PlanDescriber(schema: executable.schema)
    describer.visit(executor.plan.root, level: 1, path: "", step: nil)
    return PlanDescription(steps: describer.steps)
  }
}

/// Walks a plan's fields. What is selected of abstract types is planned for each possible type. The depth of
/// documents is bounded (`EngineLimits.depth`).
private struct PlanDescriber {
  let schema: Schema
  var steps: [PlanDescription.Step] = []

  init(schema: Schema) { self.schema = schema }

  /// - Parameter step: the step whose objects these are, if any.
  mutating func visit(_ object: PlanObject, level: Int, path: String, step: Int?, prefix: String = "") {
    for field in object.fields {
      let place = path.isEmpty ? field.responseKey : "\(path).\(field.responseKey)"
      if let kind = field.binding?.stepKind {
        let number = steps.count
        steps.append(
          PlanDescription.Step(
            number: field.number, level: level, kind: kind, path: place,
            coordinate: "\(schema.name(object.type)).\(field.name)", type: schema.string(of: field.type),
            leaves: []))
        visit(field.child, level: level + 1, path: place, step: number)
      } else if field.child != nil {
        visit(field.child, level: level, path: place, step: step, prefix: prefix + field.responseKey + ".")
      } else if let step {
        let leaf = prefix + field.responseKey
        if !steps[step].leaves.contains(leaf) { steps[step].leaves.append(leaf) }
      }
    }
  }

  private mutating func visit(
    _ selection: PlanSelection?, level: Int, path: String, step: Int?, prefix: String = ""
  ) {
    guard let selection else { return }
    let types = Array(schema.possibleTypes(of: selection.type))
    for type in types {
      guard let object = selection.object(for: type) else { continue }
      // Of an abstract type only what is said beside its common fields tells something.
      visit(object, level: level, path: path, step: step, prefix: prefix)
    }
  }
}

extension FieldBinding {
  fileprivate var stepKind: PlanDescription.Step.Kind? {
    switch kind {
    case .batch: .batch
    case .loader: .loader
    case .items: .items
    case .stream: .stream
    default: nil
    }
  }
}

/// Told of the calls of one execution, as they happen: for `explain`. The engine has no clock; a tracer may.
///
/// Called by the execution's own thread, one call after the other.
public protocol ExecutionTracer: AnyObject, Sendable {
  /// A batch or loader is about to be called.
  func willCall(_ call: TracedCall)
  /// The call has returned: its rows are there, or on their way.
  func didCall()
}

/// One call of a batch or loader.
public struct TracedCall: Sendable, Hashable {
  /// The fields that it serves: one, or all that gave a loader its keys (`PlanDescription.Step.number`).
  public var fields: [Int]
  /// The parents of a batch, the new keys of a loader.
  public var count: Int
}
