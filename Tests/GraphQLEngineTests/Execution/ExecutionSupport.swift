import GraphQLEngine
import Testing

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
