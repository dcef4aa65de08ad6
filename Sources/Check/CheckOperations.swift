import GraphQLEngine

/// Answers one request after the other. What a line asks for is looked up here; each operation has its
/// function.
struct CheckOperations {
  private var schemas = SchemaCache()

  /// The answer to one line of input.
  mutating func answer(line: [UInt8]) async -> [UInt8] {
    let body: JSONValue
    do throws(JSONParser.Failure) {
      body = try JSONParser.parse(line)
    } catch {
      return CheckAnswer.unusable("not JSON: \(error.message) at byte \(error.offset)").line(
        id: error.id ?? .null)
    }
    let id = body["id"] ?? .null
    do throws(Refusal) {
      return try await answer(CheckRequest(body)).line(id: id)
    } catch {
      return error.answer.line(id: id)
    }
  }

  private mutating func answer(_ request: CheckRequest) async throws(Refusal) -> CheckAnswer {
    switch request.operation {
    case "parse": try parse(request)
    case "print": try printDocument(request)
    case "schema": try checkSchema(request)
    case "print-schema": try printSchema(request)
    case "validate": try validate(request)
    case "execute": try await execute(request)
    case "subscribe": try await subscribe(request)
    case "introspect": try await introspect(request)
    default: throw .unusable("unknown op \"\(request.operation)\"")
    }
  }

  // MARK: Documents

  private func parse(_ request: CheckRequest) throws(Refusal) -> CheckAnswer {
    _ = try document(request.bytes("document"))
    return .succeeded
  }

  private func printDocument(_ request: CheckRequest) throws(Refusal) -> CheckAnswer {
    .succeeded([("text", JSONValue(try document(request.bytes("document")).print()))])
  }

  private func document(_ bytes: [UInt8]) throws(Refusal) -> Document {
    do throws(GraphQLError) {
      return try Document.parse(Source(bytes), limits: .check)
    } catch {
      throw .errors([error])
    }
  }

  // MARK: Schemas

  private mutating func checkSchema(_ request: CheckRequest) throws(Refusal) -> CheckAnswer {
    let names = try request.names("rules")
    // Rules alone look at definitions, so that what they extend need not be a whole schema.
    let checks: Schema.Checks = names == nil ? .complete : .definitions
    let base: Schema? =
      if request["extends"] == nil { nil } else { try schema(request.bytes("extends"), checks) }
    let sdl = try request.bytes("schema")
    if let names {
      let rules = try names.map { (name: String) throws(Refusal) in
        guard let rule = SDLRule(rawValue: name) else { throw .unusable("unknown rule \"\(name)\"") }
        return rule
      }
      return CheckAnswer(Schema.checkSDL(try document(sdl), extending: base, rules: rules))
    }
    guard let base else {
      _ = try schema(sdl, .complete)
      return .succeeded
    }
    let document = try document(sdl)
    try refusing { () throws(SchemaErrors) in
      _ = try base.extended(by: document, options: Schema.Options(checks: .complete))
    }
    return .succeeded
  }

  /// As `printSchema(buildSchema(sdl))`, which does not validate the type system.
  private mutating func printSchema(_ request: CheckRequest) throws(Refusal) -> CheckAnswer {
    .succeeded([("text", JSONValue(try schema(request.bytes("schema"), .definitions).sdl))])
  }

  private mutating func schema(
    _ sdl: [UInt8], _ checks: Schema.Checks = .compatible
  ) throws(Refusal) -> Schema {
    do throws(SchemaErrors) {
      return try schemas.schema(sdl, checks)
    } catch {
      throw .errors(error.errors)
    }
  }

  private func refusing(_ body: () throws(SchemaErrors) -> Void) throws(Refusal) {
    do throws(SchemaErrors) {
      try body()
    } catch {
      throw .errors(error.errors)
    }
  }

  // MARK: Validation

  private mutating func validate(_ request: CheckRequest) throws(Refusal) -> CheckAnswer {
    let schema = try schema(request.bytes("schema"))
    let document = try document(request.bytes("document"))
    return CheckAnswer(schema.validate(document, options: try validationOptions(request)))
  }

  private func validationOptions(_ request: CheckRequest) throws(Refusal) -> ValidationOptions {
    var options = ValidationOptions(hidesSuggestions: request.flag("hideSuggestions", default: false))
    guard let names = try request.names("rules") else { return options }
    options.rules = ValidationRules(
      try names.map { (name: String) throws(Refusal) in
        guard let rule = ValidationRule(named: name) else { throw .unusable("unknown rule \"\(name)\"") }
        return rule
      })
    return options
  }

  // MARK: Execution

  private mutating func execute(_ request: CheckRequest) async throws(Refusal) -> CheckAnswer {
    let root = request["root"].map(InputValue.init) ?? .object(InputObject())
    let response = try await execution(request).execute(root: root)
    return .succeeded([("response", JSONValue(response))])
  }

  private mutating func subscribe(_ request: CheckRequest) async throws(Refusal) -> CheckAnswer {
    guard let events = request["events"]?.array else { throw .unusable("\"events\" is not a list") }
    let responses = try await execution(request).subscribe(events: events.map(InputValue.init))
    return responses.hasStarted
      ? .succeeded([("responses", .array(responses.each.map(JSONValue.init)))])
      : .succeeded([("response", JSONValue(responses.refusal))])
  }

  private mutating func introspect(_ request: CheckRequest) async throws(Refusal) -> CheckAnswer {
    let introspection = CheckRequest(document: FullIntrospection.query, of: request)
    let execution = try CheckExecution(
      schema(request.bytes("schema")), introspection, validation: ValidationOptions())
    return .succeeded([("response", JSONValue(await execution.execute(root: .object(InputObject()))))])
  }

  private mutating func execution(_ request: CheckRequest) throws(Refusal) -> CheckExecution {
    let validates = request.flag("validate", default: true)
    return try CheckExecution(
      schema(request.bytes("schema")), request,
      validation: validates ? try validationOptions(request) : nil)
  }
}
