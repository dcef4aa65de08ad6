import GraphQLEngine
import Resolvers

/// Who may ask for the plan and the statements of an operation: they tell how the data lies.
enum ExplainAccess: String, Sendable, CaseIterable {
  /// Owners and admins of the organization.
  case admins
  case everybody, nobody

  func allows(_ viewer: Viewer?) -> Bool {
    switch self {
    case .everybody: true
    case .nobody: false
    case .admins: viewer.map { $0.role >= .admin } ?? false
    }
  }
}

extension GraphQLRequest {
  /// The request's extension that asks for the plan: `{"explain": true}`.
  static let explainExtension = "explain"

  var isExplained: Bool { extensions[GraphQLRequest.explainExtension] == .bool(true) }
}

extension GraphQLService {
  /// Notes what an operation does, where the request asks for it; nil otherwise. A subscription has no plan
  /// that one answer could show.
  func trace(
    _ operation: PreparedOperation, _ request: GraphQLRequest, _ viewer: Viewer?
  ) throws(RequestErrors) -> ExecutionTrace? {
    guard request.isExplained, operation.operationType != .subscription else { return nil }
    guard explaining.allows(viewer) else {
      let error = ServiceError(
        .forbidden, "Only owners and admins of an organization may have operations explained.")
      throw RequestErrors([error.graphQLError])
    }
    return ExecutionTrace(
      plan: try engine.describe(operation, variables: request.variables), showsValues: false)
  }

  /// Executes a query for somebody and tells how, whatever documents clients may send.
  ///
  /// - Throws: the request's errors; a mutation is refused, for it would change something.
  func explain(
    _ request: GraphQLRequest, viewer: Viewer, showsValues: Bool
  ) async throws(RequestErrors) -> (response: GraphQLEngine.Response, report: ExplainReport) {
    let operation = try engine.prepare(request.query ?? "", operationName: request.operationName)
    guard operation.operationType == .query else {
      throw RequestErrors([GraphQLError("Only queries are explained: a mutation would change something.")])
    }
    let trace = ExecutionTrace(
      plan: try engine.describe(operation, variables: request.variables), showsValues: showsValues)
    let context = StudioContext(
      services: services, viewer: viewer, logger: logger, schema: engine.executable.schema,
      parts: RequestParts(trace: trace))
    var execution = try request.execution(context: context)
    execution.tracer = trace
    let response = await engine.execute(operation, execution)
    return (response, trace.report)
  }
}
