import GraphQLEngine

/// The description of all endpoints for programs (OpenAPI 3.1), made from their operations and the schema.
public struct OpenAPIDocument {
  private let table: RouteTable
  private let version: String

  public init(table: RouteTable, version: String) {
    self.table = table
    self.version = version
  }

  /// JSON; the same for the same files.
  public var bytes: [UInt8] {
    var writer = JSONWriter(capacity: 1 << 17)
    writer.write(json: value)
    return writer.bytes
  }

  var value: InputValue {
    var schemas = OpenAPISchemas(schema: table.schema)
    let paths = paths(&schemas)
    var components = InputObject()
    components.append(
      "schemas", .object(InputObject(schemas.components.fields + OpenAPIAnswers.schemas.fields)))
    components.append("responses", .object(OpenAPIAnswers.components))
    components.append("headers", .object(OpenAPIAnswers.headers))
    components.append(
      "securitySchemes", ["bearer": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"]])
    return [
      "openapi": "3.1.0", "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
      "info": [
        "title": "The Studio", "version": .string(version),
        "description": .string(OpenAPIDocument.introduction),
      ],
      "servers": [["url": "/"]], "security": [["bearer": []]], "tags": .list(tags), "paths": .object(paths),
      "components": .object(components),
    ]
  }

  private static let introduction = """
    The Studio's REST API: a thin layer over its GraphQL API. Each endpoint is one GraphQL operation; ids, times, \
    pages and error codes are the same. Sign in with POST /api/v1/auth/login and send the access token as a bearer \
    token. Lists are pages: follow the Link header. What has a revision is changed safely with If-Match. A live \
    view of runs is the GraphQL subscription executionUpdated.
    """

  private var tags: [InputValue] {
    var names: [String] = []
    for route in table.routes where !names.contains(route.group) { names.append(route.group) }
    return names.map { ["name": .string($0)] }
  }

  /// Operations by path, paths in the order of the files.
  private func paths(_ schemas: inout OpenAPISchemas) -> InputObject {
    var paths: [(path: String, operations: InputObject)] = []
    for route in table.routes {
      let path = route.path.description
      let place = paths.firstIndex { $0.path == path } ?? paths.count
      if place == paths.count { paths.append((path, InputObject())) }
      paths[place].operations.append(route.method.rawValue.lowercased(), operation(route, &schemas))
    }
    return InputObject(paths.map { .init(name: $0.path, value: .object($0.operations)) })
  }

  private func operation(_ route: Route, _ schemas: inout OpenAPISchemas) -> InputValue {
    var operation = InputObject()
    operation.append("operationId", .string(route.name.prefix(1).lowercased() + route.name.dropFirst()))
    operation.append("tags", [.string(route.group)])
    if let summary = route.syntax.operation.descriptionNode?.value {
      operation.append("summary", .string(summary))
    }
    if let description = route.syntax.root.flatMap(table.schema.description(of:)) {
      operation.append("description", .string(description))
    }
    if route.isPublic { operation.append("security", []) }
    let parameters = route.parameters.filter { $0.place == .path || $0.place == .query }
      .map { parameter($0, of: route, &schemas) }
    let conditions = OpenAPIAnswers.conditions(route)
    if !(parameters + conditions).isEmpty { operation.append("parameters", .list(parameters + conditions)) }
    if route.takesBody { operation.append("requestBody", body(of: route, &schemas)) }
    operation.append("responses", .object(OpenAPIAnswers.responses(of: route, &schemas)))
    return .object(operation)
  }

  private func parameter(
    _ parameter: RouteParameter, of route: Route, _ schemas: inout OpenAPISchemas
  ) -> InputValue {
    var object = InputObject()
    object.append("name", .string(parameter.name))
    object.append("in", .string(parameter.place.rawValue))
    if parameter.isRequired { object.append("required", true) }
    if let words = description(of: parameter, route) { object.append("description", .string(words)) }
    var schema = schemas.input(parameter, description: description(of: parameter, route))
    if let value = parameter.defaultValue { schema.append("default", value) }
    let isID = parameter.type.namedType == table.schema.wellKnown.id
    if isID, parameter.place == .path, let id = OpenAPIExamples.id(parameter.name, route.path) {
      object.append("example", .string(id))
    }
    object.append("schema", .object(schema))
    return .object(object)
  }

  private func body(of route: Route, _ schemas: inout OpenAPISchemas) -> InputValue {
    var properties = InputObject()
    var required: [InputValue] = []
    for parameter in route.parameters where parameter.place == .body {
      let words = description(of: parameter, route)
      var schema = schemas.input(parameter, description: words)
      if let words { schema.append("description", .string(words)) }
      if let value = parameter.defaultValue { schema.append("default", value) }
      properties.append(parameter.name, .object(schema))
      if parameter.isRequired { required.append(.string(parameter.name)) }
    }
    var schema = InputObject()
    schema.append("type", "object")
    schema.append("properties", .object(properties))
    if !required.isEmpty { schema.append("required", .list(required)) }
    schema.append("additionalProperties", false)
    var media = InputObject()
    media.append("schema", .object(schema))
    if let example = route.syntax.example { media.append("example", example) }
    return [
      "required": .bool(route.needsBody), "content": ["application/json": .object(media)],
    ]
  }

  /// The operation's own words about its variable, else the schema's about what it is given to, else about
  /// the field of that name in the answer: a `name` that is given is the `name` that comes back.
  private func description(of parameter: RouteParameter, _ route: Route) -> String? {
    let variable = route.syntax.operation.variables.first { $0.name.description == parameter.name }
    if let words = variable?.descriptionNode?.value { return words }
    if let words = parameter.definition.flatMap(table.schema.description(of:)) { return words }
    guard parameter.place == .body, let type = route.syntax.body?.type.namedType else { return nil }
    return table.schema.field(named: parameter.name, in: type).flatMap(table.schema.description(of:))
  }
}

extension Route {
  /// The folder of its file.
  public var group: String { file.split(separator: "/").first.map(String.init) ?? "" }
}
