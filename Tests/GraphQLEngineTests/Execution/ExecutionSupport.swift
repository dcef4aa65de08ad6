import Testing

@testable import GraphQLEngine

/// A schema whose fields are members of JSON values, and what a test binds itself.
struct TestEngine {
  let schema: Schema
  let engine: Engine

  init(
    _ sdl: String, limits: EngineLimits = EngineLimits(), isDynamic: Bool = true,
    _ bind: (inout Wiring, Schema) -> Void = { _, _ in }
  ) throws {
    schema = try Schema.build(sdl)
    var wiring = Wiring()
    if isDynamic { wiring.defaultBinding = .member }
    bind(&wiring, schema)
    engine = Engine(try ExecutableSchema(schema, wiring), limits: limits)
  }

  func field(_ type: String, _ name: String) throws -> FieldID {
    let typeID = try #require(schema.type(named: type))
    return try #require(schema.field(named: name, in: typeID))
  }

  /// The response's text.
  func run(
    _ query: String, root: InputValue? = nil, variables: InputObject = InputObject(),
    operationName: String? = nil, context: any RequestContext = EmptyContext(), isValidated: Bool = false
  ) async -> String {
    await response(
      query, root: root, variables: variables, operationName: operationName, context: context,
      isValidated: isValidated
    ).text
  }

  func response(
    _ query: String, root: InputValue? = nil, variables: InputObject = InputObject(),
    operationName: String? = nil, context: any RequestContext = EmptyContext(), isValidated: Bool = false
  ) async -> Response {
    do {
      let prepared = try engine.prepare(query, operationName: operationName, isValidated: isValidated)
      let rows = root.map { Rows.dynamic([$0]) }
      return await engine.execute(
        prepared, ExecutionRequest(variables: variables, context: context, root: rows))
    } catch {
      return error.response
    }
  }
}

/// The members of a JSON object, for variables.
func object(_ json: String) throws -> InputObject {
  try #require(try JSONReader.read(json).object)
}

/// Prepares and executes on the calling thread; nothing in it may wait.
func runSynchronously(
  _ engine: Engine, _ query: String, root: InputValue? = nil, variables: InputObject = InputObject()
) -> String {
  do {
    let operation = try engine.prepare(query)
    let request = ExecutionRequest(root: root.map { .dynamic([$0]) })
    var coercer = VariableCoercer(
      executable: engine.executable, document: operation.document, limits: engine.limits)
    let values = coercer.coerce(operation.variables, variables)
    guard coercer.errors.isEmpty else { return RequestErrors(coercer.errors).response.text }
    let plan = try operation.plan(for: values, limits: engine.limits)
    let execution = Execution(plan: plan, request: request, variables: values, cancellation: Cancellation())
    let root = try execution.makeRoot()
    var pass = OutputPass(execution: execution)
    pass.begin(root)
    execution.start(root, fields: 0..<root.object.stepCount)
    guard case .done = execution.step() else { return "waiting" }
    _ = pass.writeRoot(upTo: root.object.stepCount)
    return pass.finish().text
  } catch {
    return (error as? RequestErrors)?.response.text ?? "\(error)"
  }
}
