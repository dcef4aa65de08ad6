import GraphQLEngine

/// The plan of an operation with what each step did: as text, or as JSON for `extensions.explain`.
public struct ExplainReport: Sendable {
  /// A step of the plan with its calls.
  struct Step: Sendable {
    var planned: PlanDescription.Step
    var calls: [ExecutionTrace.Call]
    /// The step whose calls served this one, too: a loader's keys are loaded together.
    var sharedWith: String?
  }

  let levelCount: Int
  let steps: [Step]
  /// What was sent outside of a step.
  let others: [ExecutionTrace.SentStatement]
  let duration: Duration

  init(plan: PlanDescription, calls: [ExecutionTrace.Call], duration: Duration) {
    levelCount = plan.levelCount
    self.duration = duration
    others = calls.filter(\.fields.isEmpty).flatMap(\.statements)
    var paths: [Int: String] = [:]
    for step in plan.steps { paths[step.number] = step.path }
    steps = plan.steps.map { step in
      let own = calls.filter { $0.fields.first == step.number }
      let shared = calls.first { $0.fields.dropFirst().contains(step.number) }
      return Step(
        planned: step, calls: own, sharedWith: own.isEmpty ? shared.flatMap { paths[$0.fields[0]] } : nil)
    }
  }

  private var statements: [ExecutionTrace.SentStatement] {
    steps.flatMap { $0.calls.flatMap(\.statements) } + others
  }

  public var statementCount: Int { statements.count }
  private var rowCount: Int { statements.reduce(0) { $0 + $1.rows } }

  // MARK: Text

  /// Without times and the statements' texts, so that two executions can be compared.
  public var plan: String { text(isWhole: false) }

  /// Everything, for a terminal.
  public var text: String { text(isWhole: true) }

  private func text(isWhole: Bool) -> String {
    var lines: [String] = []
    for step in steps {
      let indent = String(repeating: "  ", count: step.planned.level - 1)
      let planned = step.planned
      lines.append("\(indent)\(planned.level) \(planned.kind) \(planned.path): \(planned.type)")
      let below = indent + "    "
      if !planned.leaves.isEmpty { lines.append("\(below)leaves: \(planned.leaves.joined(separator: " "))") }
      if let shared = step.sharedWith { lines.append("\(below)loaded with \(shared)") }
      for call in step.calls {
        lines.append("\(below)for \(call.count) \(planned.kind == .loader ? "keys" : "parents")")
        lines += call.statements.flatMap { line(of: $0, below, isWhole) }
      }
    }
    if !others.isEmpty { lines += ["beside the plan"] + others.flatMap { line(of: $0, "    ", isWhole) } }
    let time = isWhole ? ", \(milliseconds(duration)) ms" : ""
    lines.append("\(levelCount) levels, \(statementCount) statements, \(rowCount) rows\(time)")
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(
    of statement: ExecutionTrace.SentStatement, _ indent: String, _ isWhole: Bool
  ) -> [String] {
    let time = isWhole ? statement.duration.map { ", \(milliseconds($0)) ms" } ?? ", no answer" : ""
    let failure = statement.hasFailed ? ", failed" : ""
    let parameters = statement.parameters.enumerated().map { "$\($0 + 1) \($1)" }.joined(separator: ", ")
    return [
      "\(indent)\(statement.label): \(statement.rows) rows\(time)\(failure)"
    ] + (isWhole ? ["\(indent)  \(statement.sql)"] : [])
      + (parameters.isEmpty ? [] : ["\(indent)  \(parameters)"])
  }

  /// With two decimals.
  private func milliseconds(_ duration: Duration) -> String {
    let hundredths = Int(duration / .microseconds(10))
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  // MARK: JSON

  /// `{"levels", "statements", "rows", "milliseconds", "steps": […], "others": […]}`.
  public var json: InputValue {
    var object = InputObject()
    object.append("levels", .int(levelCount))
    object.append("statements", .int(statementCount))
    object.append("rows", .int(rowCount))
    object.append("milliseconds", .float(number(duration)))
    object.append("steps", .list(steps.map(json)))
    if !others.isEmpty { object.append("others", .list(others.map(json))) }
    return .object(object)
  }

  private func json(of step: Step) -> InputValue {
    var object = InputObject()
    object.append("level", .int(step.planned.level))
    object.append("kind", .string(step.planned.kind.rawValue))
    object.append("path", .string(step.planned.path))
    object.append("field", .string(step.planned.coordinate))
    object.append("type", .string(step.planned.type))
    object.append("leaves", .list(step.planned.leaves.map { .string($0) }))
    if let shared = step.sharedWith { object.append("loadedWith", .string(shared)) }
    let calls = step.calls.map { call -> InputValue in
      var object = InputObject()
      object.append("count", .int(call.count))
      object.append("statements", .list(call.statements.map(json)))
      return .object(object)
    }
    object.append("calls", .list(calls))
    return .object(object)
  }

  private func json(of statement: ExecutionTrace.SentStatement) -> InputValue {
    var object = InputObject()
    object.append("name", .string(statement.label))
    object.append("sql", .string(statement.sql))
    object.append("parameters", .list(statement.parameters.map { .string($0) }))
    object.append("rows", .int(statement.rows))
    object.append("milliseconds", statement.duration.map { .float(number($0)) } ?? .null)
    if statement.hasFailed { object.append("failed", .bool(true)) }
    return .object(object)
  }

  private func number(_ duration: Duration) -> Double {
    Double(Int(duration / .microseconds(1))) / 1000
  }
}
