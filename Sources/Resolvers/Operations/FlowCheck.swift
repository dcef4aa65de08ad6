import Flows
import GraphQLEngine
import Schema
import Storage

/// Checks graphs before they are saved, run, or only asked about.
struct FlowCheck {
  /// What a graph is checked for: how complete it must be.
  enum Purpose {
    /// A whole graph was given: it must be able to run, unless it has no node yet.
    case saving
    /// One step of drawing: it need not be complete yet.
    case drawing
    /// It is about to run.
    case running
  }

  let services: Services
  let organization: Identifier

  init(_ context: StudioContext) throws {
    services = context.services
    organization = try context.requireViewer().organizationID
  }

  /// - Throws: `BAD_USER_INPUT` with all problems in `extensions.problems`; `UNAVAILABLE`.
  ///
  /// - Parameter paths: where in the input the nodes and connections are that came with it, by id; nil when
  ///   the input has the whole graph.
  nonisolated(nonsending) func require(
    _ graph: FlowGraph, for purpose: Purpose, paths: [Identifier: String]? = nil
  ) async throws {
    // A stored graph's expressions and operations were checked when it was saved. Integrations may have been
    // lacking then, or be gone.
    let all =
      if purpose == .running {
        graph.problems() + ConnectorNodeCheck(catalogue: services.connectors, types: [:]).problems(of: graph)
      } else {
        try await problems(of: graph)
      }
    let problems = all.filter { blocks($0, graph, purpose) }
    if let first = problems.first {
      throw FlowProblems(first: first, problems: problems, graph: graph, paths: paths)
    }
  }

  /// Everything that is wrong with a graph, as the schema shows it.
  func report(_ graph: FlowGraph) async throws -> [FlowProblemObject] {
    try await problems(of: graph).map { FlowProblemObject($0, in: graph) }
  }

  private nonisolated(nonsending) func problems(of graph: FlowGraph) async throws -> [Flows.FlowProblem] {
    do {
      let found = try await graph.problems(checking: AnyExpressionChecker(checker: services.expressions))
      return found + (try await connectorProblems(of: graph))
    } catch is ExpressionsUnavailable {
      throw ServiceError(.unavailable, "Expressions cannot be checked now. Try again in a moment.")
    }
  }

  private nonisolated(nonsending) func connectorProblems(
    of graph: FlowGraph
  ) async throws -> [Flows.FlowProblem] {
    let nodes = graph.nodes.filter { $0.connectorCall != nil }
    guard !nodes.isEmpty else { return [] }
    let names = try await services.integrations.names(
      of: Set(nodes.compactMap(\.integrationID)), in: organization)
    return ConnectorNodeCheck(catalogue: services.connectors, types: names.mapValues(\.type))
      .problems(of: graph)
  }

  private func blocks(_ problem: Flows.FlowProblem, _ graph: FlowGraph, _ purpose: Purpose) -> Bool {
    guard problem.severity == .error else { return false }
    switch purpose {
    case .running: return true
    case .saving: return !(problem.code == .noTrigger && graph.nodes.isEmpty)
    case .drawing:
      let isIncomplete = [.noTrigger, .noBranch, .emptyLoop, .noErrorBranch].contains(problem.code)
      return !isIncomplete && !ConnectorNodeCheck.isLackOfIntegration(problem, in: graph)
    }
  }
}

/// Opens the existential for the domain's generic parameter.
private struct AnyExpressionChecker: ExpressionChecker {
  let checker: any ExpressionChecker

  func check(_ expressions: [String]) async throws(ExpressionsUnavailable) -> [ExpressionFailure?] {
    try await checker.check(expressions)
  }
}

/// A graph that cannot be saved or run.
struct FlowProblems: ClientVisibleError {
  let first: Flows.FlowProblem
  let problems: [Flows.FlowProblem]
  let graph: FlowGraph
  let paths: [Identifier: String]?

  var graphQLError: GraphQLError {
    let list = JSONValue.array(
      problems.map { problem in
        let shown = FlowProblemObject(problem, in: graph, paths: paths)
        return [
          "code": .string(shown.code), "message": .string(shown.message),
          "nodeKey": shown.nodeKey.map { .string($0) } ?? .null,
          "field": shown.field.map { .string($0) } ?? .null,
        ]
      })
    let field = FlowProblemObject(first, in: graph, paths: paths).field
    var error = ServiceError(.badUserInput, first.message, field: field).graphQLError
    error.extensions.append(ErrorExtension(key: "problems", json: list.text()))
    return error
  }
}

extension FlowProblems {
  /// A stored flow that cannot run: what is wrong is nowhere in the input.
  init(_ error: UnrunnableFlow) {
    first = error.problems[0]
    problems = error.problems
    graph = error.graph
    paths = [:]
  }
}

extension FlowProblemObject {
  /// - Parameter paths: as `FlowCheck.require` has them.
  init(_ problem: Flows.FlowProblem, in graph: FlowGraph, paths: [Identifier: String]? = nil) {
    let node = graph.nodes.firstIndex { $0.id == problem.nodeID }
    let connection = graph.connections.firstIndex { $0.id == problem.connectionID }
    var path: String?
    if let paths {
      path = (problem.connectionID ?? problem.nodeID).flatMap { paths[$0] }
    } else if let connection {
      path = "connections.\(connection)"
    } else if let node {
      path = "nodes.\(node)"
    }
    // Nodes that stand in an input or a document name their loop by its key; one that is changed, by its id.
    let member = problem.field == "parentId" && path?.isEmpty == false ? "parent" : problem.field
    let field = path.map { [$0, member ?? ""].filter { !$0.isEmpty }.joined(separator: ".") }
    self.init(
      code: problem.code.rawValue, severity: problem.severity == .error ? .error : .warning,
      message: problem.message, nodeKey: node.map { graph.nodes[$0].key },
      field: field.flatMap { $0.isEmpty ? nil : $0 })
  }
}
