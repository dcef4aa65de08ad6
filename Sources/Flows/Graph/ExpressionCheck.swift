/// Collects every expression of a graph, conditions and templates included, and has their syntax checked in
/// batches.
struct ExpressionCheck {
  /// Expressions in one batch.
  static let batchSize = 500

  private struct Place {
    let text: String
    /// How a message begins.
    let subject: String
    let nodeID: Identifier?
    let connectionID: Identifier?
    let field: String
  }

  private var places: [Place] = []

  /// - Parameter configs: those of the graph's nodes, in their order.
  init(_ graph: FlowGraph, _ configs: [NodeConfig?]) {
    for (node, config) in zip(graph.nodes, configs) {
      guard let config else { continue }
      for expression in config.expressions {
        places.append(
          Place(
            text: expression.text,
            subject: "The expression in \(expression.field) of \(GraphCheck.quoted(node.name))",
            nodeID: node.id, connectionID: nil, field: expression.field))
      }
    }
    guard !graph.connections.isEmpty else { return }
    let names = Dictionary(
      graph.nodes.map { ($0.id, GraphCheck.quoted($0.name)) }, uniquingKeysWith: { first, _ in first })
    for connection in graph.connections {
      guard let condition = connection.effectiveCondition else { continue }
      let arrow = "from \(names[connection.from] ?? "?") to \(names[connection.to] ?? "?")"
      places.append(
        Place(
          text: condition, subject: "The condition of the connection \(arrow)", nodeID: connection.from,
          connectionID: connection.id, field: "condition"))
    }
  }

  nonisolated(nonsending) func problems(
    checking checker: some ExpressionChecker
  ) async throws(ExpressionsUnavailable) -> [FlowProblem] {
    var problems: [FlowProblem] = []
    var batch: [Place] = []
    for place in places where problems.count < FlowGraph.maximumProblems {
      guard place.text.utf8.count <= NodeConfig.maximumExpressionBytes else {
        problems.append(problem(place, "is longer than \(NodeConfig.maximumExpressionBytes) bytes."))
        continue
      }
      batch.append(place)
      if batch.count == ExpressionCheck.batchSize {
        problems += try await check(batch, with: checker)
        batch.removeAll()
      }
    }
    return problems + (try await check(batch, with: checker))
  }

  private nonisolated(nonsending) func check(
    _ batch: [Place], with checker: some ExpressionChecker
  ) async throws(ExpressionsUnavailable) -> [FlowProblem] {
    guard !batch.isEmpty else { return [] }
    let failures = try await checker.check(batch.map(\.text))
    var problems: [FlowProblem] = []
    for (place, failure) in zip(batch, failures) {
      guard let failure else { continue }
      problems.append(problem(place, "does not parse: \(failure.described)."))
    }
    return problems
  }

  private func problem(_ place: Place, _ predicate: String) -> FlowProblem {
    FlowProblem(
      .invalidExpression, "\(place.subject) \(predicate)", node: place.nodeID, connection: place.connectionID,
      field: place.field)
  }
}

extension ExpressionFailure {
  /// The message with its place, `Unexpected token ')' (line 1, column 7)`.
  var described: String {
    guard let line else { return String(message.prefix(500)) }
    return "\(message.prefix(500)) (line \(line)" + (column.map { ", column \($0))" } ?? ")")
  }
}
