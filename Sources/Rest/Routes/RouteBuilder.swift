import GraphQLEngine

/// Makes the endpoint of an operation, or says what is wrong with it.
struct RouteBuilder {
  private let joined: RouteFiles.Joined
  private let schema: Schema

  init(joined: RouteFiles.Joined, schema: Schema) {
    self.joined = joined
    self.schema = schema
  }

  func route() throws(RestFault) -> Route {
    let document: Document
    do {
      document = try Document.parse(Source(joined.text), limits: .request)
    } catch {
      throw fault(error)
    }
    if let error = schema.validate(document).first { throw fault(error) }
    guard let first = document.definitions.first(where: { $0.kind == .operationDefinition }) else {
      throw RestFault("rest/\(joined.name): there is no operation.")
    }
    let operation = OperationNode(first.node)
    guard let directive = RouteDirective(operation), let node = directiveNode(operation) else {
      throw fault("the operation has no @rest.")
    }
    guard !operation.name.isEmpty else { throw fault("the operation needs a name.") }
    return try route(document, operation, directive, masking: Int(node.node.start))
  }

  private func directiveNode(_ operation: OperationNode) -> DirectiveNode? {
    operation.directives.first { $0.name == "rest" }
  }

  private func route(
    _ document: Document, _ operation: OperationNode, _ directive: RouteDirective, masking start: Int
  ) throws(RestFault) -> Route {
    try checkMethod(operation, directive)
    guard let path = PathPattern(directive.path), directive.path.hasPrefix("/api/") else {
      throw fault("\"\(directive.path)\" is no path such as /api/v1/flows/{id}.")
    }
    var places = VariablePlaces(schema: schema)
    places.visit(operation)
    let parameters = try parameters(operation, path, directive, places)
    let finder = ShapeFinder(schema: schema, fragments: ShapeFinder.fragments(of: document))
    let shape = try shape(of: operation, finder, directive)
    let location = try location(directive, path, operation, finder)
    return Route(
      name: operation.name.description, file: joined.name, method: directive.method, path: path,
      status: directive.status,
      document: String(decoding: RouteDirective.masked(joined.text, at: start), as: UTF8.self),
      isPublic: isPublic(operation), parameters: parameters, result: directive.result,
      isPage: shape?.isPage ?? false, location: location,
      revision: try revision(directive, operation, shape, finder), fields: places.fields,
      syntax: RouteSyntax(
        document: document, operation: operation, fragments: finder.fragments,
        body: shape.map { ($0.selection, $0.type) }, root: rootField(operation),
        example: try example(directive, parameters)))
  }

  // MARK: Checks

  private func fault(_ error: GraphQLError) -> RestFault {
    RestFault("\(joined.place(error.locations.first?.line ?? 1)): \(error.message)")
  }

  private func fault(_ message: String) -> RestFault { RestFault("rest/\(joined.name): \(message)") }

  private func checkMethod(_ operation: OperationNode, _ directive: RouteDirective) throws(RestFault) {
    let isQuery = operation.operation == .query
    guard isQuery == (directive.method == .get) else {
      throw fault("GET is for queries, and every other method for mutations.")
    }
    guard [200, 201, 202, 204].contains(directive.status) else {
      throw fault("the status must be 200, 201, 202 or 204.")
    }
    guard directive.result.isEmpty == (directive.status == 204) else {
      throw fault("an answer has a result, unless its status is 204.")
    }
    guard directive.status != 201 || directive.location != nil else {
      throw fault("an answer of the status 201 needs a location.")
    }
  }

  private func rootField(_ operation: OperationNode) -> FieldID? {
    let first = operation.selectionSet.selections.first { $0.kind == .field }
    guard let first, let root = schema.rootType(operation.operation) else { return nil }
    return schema.field(named: first.asField.name, in: root)
  }

  /// Whether all root fields are `@public`.
  private func isPublic(_ operation: OperationNode) -> Bool {
    guard let root = schema.rootType(operation.operation) else { return false }
    return operation.selectionSet.selections.allSatisfy { selection in
      guard selection.kind == .field, let field = schema.field(named: selection.asField.name, in: root) else {
        return false
      }
      return schema.appliedDirectives(of: field).contains { $0.name == "public" }
    }
  }

  private func parameters(
    _ operation: OperationNode, _ path: PathPattern, _ directive: RouteDirective, _ places: VariablePlaces
  ) throws(RestFault) -> [RouteParameter] {
    var parameters: [RouteParameter] = []
    for variable in operation.variables {
      let name = variable.name.description
      guard let type = schema.typeReference(from: variable.type) else { continue }
      let header = directive.headers.first { $0.value == name }?.key
      let place: RouteParameter.Place =
        path.names.contains(name)
        ? .path : header != nil ? .header : directive.method.hasBody ? .body : .query
      let parameter = RouteParameter(
        name: name, place: place, header: header, type: type, kind: kind(type.namedType),
        isRequired: type.isNonNull && variable.defaultValue == nil,
        defaultValue: variable.defaultValue.flatMap(LiteralJSON.value), definition: places.definitions[name])
      try check(parameter)
      parameters.append(parameter)
    }
    for name in path.names where !parameters.contains(where: { $0.name == name }) {
      throw fault("the path's {\(name)} is no variable of the operation.")
    }
    for (header, name) in directive.headers where !parameters.contains(where: { $0.header == header }) {
      throw fault("\(header) names \(name), which is no variable of the operation.")
    }
    return parameters
  }

  private func kind(_ type: TypeID) -> RouteParameter.Kind {
    switch type {
    case schema.wellKnown.int: .integer
    case schema.wellKnown.float: .number
    case schema.wellKnown.boolean: .boolean
    default: .text
    }
  }

  private func check(_ parameter: RouteParameter) throws(RestFault) {
    let kind = schema[parameter.type.namedType].kind
    let bare = parameter.type.nullable
    switch parameter.place {
    case .path:
      guard parameter.isRequired, bare.isNamed, kind.isLeaf else {
        throw fault(
          "$\(parameter.name) stands in the path: its type must be a scalar or enum that is non-null.")
      }
    case .query:
      let item = bare.isList ? bare.wrapped.nullable : bare
      guard kind.isLeaf, item.isNamed else {
        throw fault(
          "$\(parameter.name) stands in the query: its type must be a scalar, an enum or a list of them.")
      }
    case .header:
      let isRevision = parameter.header == .ifMatch
      let wanted = isRevision ? schema.wellKnown.int : schema.wellKnown.string
      guard parameter.type == TypeReference(wanted) else {
        throw fault(
          "$\(parameter.name) comes from a header: its type must be \(isRevision ? "Int" : "String").")
      }
    case .body: break
    }
    guard let definition = parameter.definition, schema[definition].type.isNonNull, !parameter.type.isNonNull
    else { return }
    throw fault(
      "$\(parameter.name) may be null, but what it is given to may not: declare it non-null, with the default."
    )
  }

  private func shape(
    of operation: OperationNode, _ finder: ShapeFinder, _ directive: RouteDirective
  ) throws(RestFault) -> ResultShape? {
    guard !directive.result.isEmpty else { return nil }
    guard let shape = finder.shape(of: operation, at: directive.result) else {
      throw fault("the result \(directive.result.joined(separator: ".")) is not selected.")
    }
    return shape
  }

  private func location(
    _ directive: RouteDirective, _ path: PathPattern, _ operation: OperationNode, _ finder: ShapeFinder
  ) throws(RestFault) -> PathPattern? {
    guard let text = directive.location else { return nil }
    guard let location = PathPattern(text) else { throw fault("the location \"\(text)\" is no path.") }
    for name in location.names where !path.names.contains(name) {
      let keys = directive.result + name.split(separator: ".").map(String.init)
      if let field = finder.shape(of: operation, at: keys), field.selection == nil { continue }
      throw fault("the location's {\(name)} is neither selected in the result nor in the path.")
    }
    return location
  }

  private func revision(
    _ directive: RouteDirective, _ operation: OperationNode, _ shape: ResultShape?, _ finder: ShapeFinder
  ) throws(RestFault) -> [String]? {
    guard let keys = directive.revision else {
      return shape?.leaves.contains("revision") == true ? directive.result + ["revision"] : nil
    }
    guard finder.shape(of: operation, at: keys)?.type.namedType == schema.wellKnown.int else {
      throw fault("the revision \(keys.joined(separator: ".")) is not selected.")
    }
    return keys
  }

  private func example(
    _ directive: RouteDirective, _ parameters: [RouteParameter]
  ) throws(RestFault) -> InputValue? {
    guard let text = directive.example else { return nil }
    guard let value = try? JSONReader.read(text), let object = value.object else {
      throw fault("the example is no JSON object.")
    }
    let names = parameters.filter { $0.place == .body }.map(\.name)
    if let unknown = object.fields.first(where: { !names.contains($0.name) }) {
      throw fault("the example's \"\(unknown.name)\" is not in the body.")
    }
    return value
  }
}

/// A literal as JSON: defaults of variables. Enum values are strings.
enum LiteralJSON {
  static func value(_ literal: ValueNode) -> InputValue? {
    switch literal.kind {
    case .nullValue: return .null
    case .booleanValue: return .bool(literal.isTrue)
    case .intValue: return Int(literal.text.description).map(InputValue.int)
    case .floatValue: return Double(literal.text.description).map(InputValue.float)
    case .stringValue: return .string(literal.asString.value)
    case .enumValue: return .string(literal.text.description)
    case .listValue: return .list(literal.items.compactMap(value))
    case .objectValue:
      return .object(
        InputObject(
          literal.fields.compactMap { field in
            value(field.value).map { .init(name: field.name.description, value: $0) }
          }))
    default: return nil
    }
  }
}
