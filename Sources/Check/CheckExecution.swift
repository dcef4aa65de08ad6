import GraphQLEngine

/// Runs operations over JSON values: a field's value is the member of its parent with the field's name.
///
/// Made for one request. What a resolver would throw is a member `{"$error": …}`.
struct CheckExecution {
  private let engine: Engine
  private let source: [UInt8]
  private let operationName: String?
  private let variables: InputObject
  private let onError: InputValue?
  private let validation: ValidationOptions?

  /// Without validation options the document is executed as it is.
  init(_ schema: Schema, _ request: CheckRequest, validation: ValidationOptions?) throws(Refusal) {
    self.validation = validation
    source = try request.bytes("document")
    operationName = request["operationName"]?.text
    onError = request["onError"].map(InputValue.init)
    guard case .object(let variables) = request["variables"].map(InputValue.init) ?? .object(InputObject())
    else { throw .unusable("\"variables\" is not an object") }
    self.variables = variables
    do throws(WiringError) {
      engine = Engine(try ExecutableSchema(schema, CheckExecution.wiring(of: schema)))
    } catch {
      throw .unusable(error.description)
    }
  }

  /// Members everywhere, and the request's events as the source of every subscription.
  private static func wiring(of schema: Schema) -> Wiring {
    var wiring = Wiring()
    wiring.defaultBinding = .member
    guard let type = schema.subscriptionType else { return wiring }
    for index in schema[type].fields.indices {
      let name = schema.name(schema.fields[index].name)
      wiring.bind(
        schema.name(type), name,
        .stream { call in
          let events = try call.context(as: CheckEvents.self).events
          return AsyncThrowingStream<Column, any Error> { continuation in
            for event in events { continuation.yield(.dynamic([event[name] ?? .null])) }
            continuation.finish()
          }
        })
    }
    return wiring
  }

  /// The response to a query or mutation over `root`. A subscription is answered as if `root` were its one
  /// event.
  func execute(root: InputValue) async -> Response {
    let operation: PreparedOperation
    let execution: ExecutionRequest
    switch prepare() {
    case .success(let prepared): (operation, execution) = prepared
    case .failure(let errors): return errors.response
    }
    if operation.operationType == .subscription {
      let responses = await subscribe(events: [root])
      return responses.each.first ?? responses.refusal
    }
    var rooted = execution
    rooted.root = Rows.dynamic([root])
    return await engine.execute(operation, rooted)
  }

  /// The responses to all events, or the one that says why the subscription cannot start.
  func subscribe(events: [InputValue]) async -> CheckResponses {
    switch prepare() {
    case .failure(let errors): return CheckResponses(refusal: errors.response)
    case .success((let operation, var execution)):
      execution.context = CheckEvents(events)
      do throws(RequestErrors) {
        let stream = try await engine.subscribe(operation, execution)
        var responses: [Response] = []
        for await response in stream { responses.append(response) }
        return CheckResponses(each: responses)
      } catch {
        return CheckResponses(refusal: error.response)
      }
    }
  }

  private func prepare() -> Result<(PreparedOperation, ExecutionRequest), RequestErrors> {
    do throws(RequestErrors) {
      try validate()
      let operation = try source.withUnsafeBufferPointer { (bytes) throws(RequestErrors) in
        try engine.prepare(bytes, operationName: operationName, isValidated: false)
      }
      var execution = ExecutionRequest(variables: variables)
      execution.onError = try ErrorBehavior.parse(onError)
      return .success((operation, execution))
    } catch {
      return .failure(error)
    }
  }

  private func validate() throws(RequestErrors) {
    guard let validation else { return }
    let document: Document
    do throws(GraphQLError) {
      document = try Document.parse(source)
    } catch {
      throw RequestErrors([error])
    }
    let errors = engine.executable.schema.validate(document, options: validation)
    guard errors.isEmpty else { throw RequestErrors(errors) }
  }
}

/// What a subscription gave: a response for each event, or why there are none.
struct CheckResponses {
  var each: [Response] = []
  var refusal = Response(requestErrors: [])
  let hasStarted: Bool

  init(each: [Response]) {
    self.each = each
    hasStarted = true
  }

  init(refusal: Response) {
    self.refusal = refusal
    hasStarted = false
  }
}

/// Hands the events of a request to the source of its subscription.
final class CheckEvents: RequestContext {
  let events: [InputValue]

  init(_ events: [InputValue]) { self.events = events }
}

extension InputValue {
  /// Numbers become integers where they are whole, as in JavaScript, whose `1.0` is `1`.
  init(_ value: JSONValue) {
    switch value {
    case .null, .raw: self = .null
    case .bool(let value): self = .bool(value)
    case .number(let text): self = InputValue(number: text)
    case .string(let bytes): self = .string(String(decoding: bytes, as: UTF8.self))
    case .array(let items): self = .list(items.map(InputValue.init))
    case .object(let members):
      self = .object(
        InputObject(members.map { InputObject.Field(name: $0.name, value: InputValue($0.value)) }))
    }
  }

  private init(number text: String) {
    if let integer = Int(text) {
      self = .int(integer)
      return
    }
    let number = Double(text) ?? 0
    self = number == number.rounded() && number.magnitude < 0x1p53 ? .int(Int(number)) : .float(number)
  }
}
