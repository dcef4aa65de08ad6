/// The pipeline of one executable schema: parse, validate, plan, coerce variables, execute, write.
///
/// Made once at the start of a program and shared by all threads. Each step is a function in a file of its
/// own.
public final class Engine: Sendable {
  /// The schema and its resolvers.
  public let executable: ExecutableSchema
  /// The budgets of all requests.
  public let limits: EngineLimits
  /// What becomes of the execution errors of a request that does not say `onError`.
  public let defaultErrorBehavior: ErrorBehavior
  /// The rules that documents are checked by (§ 5).
  public let rules: ValidationRules
  let cache: PlanCache

  /// The message of the one error that answers a cancelled execution.
  public static let cancelledMessage = "The execution was cancelled."

  /// An engine with an empty cache of plans.
  public init(
    _ executable: ExecutableSchema, limits: EngineLimits = EngineLimits(),
    defaultErrorBehavior: ErrorBehavior = .propagate, rules: ValidationRules = .specified
  ) {
    self.executable = executable
    self.limits = limits
    self.defaultErrorBehavior = defaultErrorBehavior
    self.rules = rules
    cache = PlanCache(byteLimit: limits.planCacheBytes)
  }

  /// Parses and validates a document and chooses its operation, or finds all that done in the cache (§ 6.1).
  ///
  /// Throws the errors of the request, for a response without `data`.
  public func prepare(
    _ source: UnsafeBufferPointer<UInt8>, operationName: String? = nil, isValidated: Bool = true
  ) throws(RequestErrors) -> PreparedOperation {
    if isValidated, let known = cache.find(source, operationName: operationName) { return known }
    let document = try parse(Source(copying: source))
    if isValidated { try validate(document) }
    let operation = try chooseOperation(document, named: operationName)
    let prepared = PreparedOperation(executable: executable, document: document, operation: operation)
    if isValidated { cache.insert(prepared, operationName: operationName) }
    return prepared
  }

  /// As above, for a text.
  public func prepare(
    _ source: String, operationName: String? = nil, isValidated: Bool = true
  ) throws(RequestErrors) -> PreparedOperation {
    let bytes = [UInt8](source.utf8)
    let result: Result<PreparedOperation, RequestErrors> = bytes.withUnsafeBufferPointer { buffer in
      do throws(RequestErrors) {
        return .success(try prepare(buffer, operationName: operationName, isValidated: isValidated))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Executes a query or mutation (§ 6.2.1, § 6.2.2).
  public func execute(_ operation: PreparedOperation, _ request: ExecutionRequest = .init()) async -> Response
  {
    if operation.operationType == .subscription {
      return Response(requestErrors: [GraphQLError("A subscription must be started, not executed.")])
    }
    do {
      let executor = try plan(operation, request)
      // What is selected of abstract types is planned while they are met.
      defer { countGrowth(of: executor.plan, operation) }
      return await executor.run()
    } catch {
      return error.response
    }
  }

  /// Starts a subscription (§ 6.2.3). Throws the errors for which it cannot start.
  public func subscribe(
    _ operation: PreparedOperation, _ request: ExecutionRequest = .init()
  ) async throws(RequestErrors) -> ResponseStream {
    guard operation.operationType == .subscription else {
      throw RequestErrors("Only a subscription can be started.")
    }
    let executor = try plan(operation, request)
    let source = try await executor.openSource()
    return ResponseStream(
      plan: executor.plan, request: executor.request, variables: executor.variables, source: source)
  }

  /// Coerces the variables (§ 6.1.2) and finds the plan for them.
  func plan(
    _ operation: PreparedOperation, _ request: ExecutionRequest, isIncremental: Bool = false
  ) throws(RequestErrors) -> Executor {
    var coercer = VariableCoercer(
      executable: executable, document: operation.document, limits: limits)
    let variables = coercer.coerce(operation.variables, request.variables)
    guard coercer.errors.isEmpty else { throw RequestErrors(coercer.errors) }
    do {
      let plan = try operation.plan(for: variables, limits: limits, isIncremental: isIncremental)
      countGrowth(of: plan, operation)
      var request = request
      if request.onError == nil { request.onError = defaultErrorBehavior }
      return Executor(plan: plan, request: request, variables: variables)
    } catch {
      guard let failure = error.execution else { throw RequestErrors(error.message) }
      var errors = RequestErrors([failure])
      errors.hasBegun = operation.operationType != .subscription
      throw errors
    }
  }

  /// Tells the cache when a plan was made or has grown.
  private func countGrowth(of plan: OperationPlan, _ operation: PreparedOperation) {
    if plan.context.hasGrown { cache.recount(operation) }
  }

  private func parse(_ source: Source) throws(RequestErrors) -> Document {
    do {
      let parseLimits = ParseLimits(
        tokens: limits.tokens, nestingDepth: limits.depth,
        allowsEmptySelectionSets: limits.allowsEmptySelectionSets)
      return try Document.parse(source, limits: parseLimits)
    } catch {
      throw RequestErrors([error])
    }
  }

  private func validate(_ document: Document) throws(RequestErrors) {
    let options = ValidationOptions(
      rules: rules, hidesSuggestions: limits.hidesSuggestions, limits: limits.validation)
    let errors = executable.schema.validate(document, options: options)
    if !errors.isEmpty { throw RequestErrors(errors) }
  }

  /// GetOperation (§ 6.1).
  private func chooseOperation(
    _ document: Document, named name: String?
  ) throws(RequestErrors) -> OperationNode {
    var chosen: OperationNode?
    for definition in document.definitions where definition.kind == .operationDefinition {
      let operation = OperationNode(definition.node)
      if let name {
        // An anonymous operation has no name, not an empty one.
        if !name.isEmpty, operation.name.description == name { chosen = chosen ?? operation }
      } else if chosen != nil {
        throw RequestErrors("Must provide operation name if query contains multiple operations.")
      } else {
        chosen = operation
      }
    }
    if let chosen { return chosen }
    throw RequestErrors(name.map { "Unknown operation named \"\($0)\"." } ?? "Must provide an operation.")
  }
}

/// The errors of a request that was not executed (§ 7.1.3).
public struct RequestErrors: Error, Hashable, Sendable {
  /// The errors, in the order in which they are answered.
  public var errors: [GraphQLError]
  /// Whether the execution had begun, so that `data` is null instead of missing.
  var hasBegun = false

  public init(_ errors: [GraphQLError]) { self.errors = errors }

  init(_ message: String) { errors = [GraphQLError(message)] }

  /// The response to it.
  public var response: Response {
    hasBegun ? Response(rootErrors: errors) : Response(requestErrors: errors)
  }
}
