import GraphQLEngine

extension FuzzOracles {
  /// A valid document is executed over values that the salt chooses, right and wrong ones: the answer is JSON
  /// without a key that stands twice, its errors have places, and a second run gives the same bytes.
  func execute(_ example: FuzzCase) async -> FuzzOutcome {
    var outcome = FuzzOutcome()
    outcome.parses += 1
    outcome.validations += 1
    do {
      try await execute(example, &outcome)
    } catch {
      outcome.complaint = (error as? Complaint)?.text ?? "\(error)"
    }
    return outcome
  }

  private func execute(_ example: FuzzCase, _ outcome: inout FuzzOutcome) async throws {
    let engine = corpus[example.schema].engine
    guard let document = try? Document.parse(example.bytes),
      engine.executable.schema.validate(document).isEmpty
    else { return }
    let operation: PreparedOperation
    do {
      operation = try example.bytes.withUnsafeBufferPointer { buffer throws(RequestErrors) in
        try engine.prepare(buffer, operationName: firstOperation(of: document))
      }
    } catch {
      try demand(!error.errors.isEmpty, "refused without an error")
      return
    }
    var random = FuzzRandom(seed: example.salt, round: 1)
    var request = ExecutionRequest(
      variables: variables(operation, engine.executable.schema, &random),
      context: FuzzContext(salt: example.salt),
      root: .dynamic([rootValue(operation, engine.executable.schema, &random)]))
    if random.once(in: 3) { request.onError = random.pick([.propagate, .null, .halt]) }
    let response = await engine.execute(operation, request)
    outcome.executions += 1
    outcome.isAccepted = response.hasData
    try checkResponse(response, engine.limits)
    let again = await engine.execute(operation, request)
    outcome.executions += 1
    try demand(again.bytes == response.bytes, "two runs differ:\n\(response.text)\n\(again.text)")
    if example.bytes.contains(UInt8(ascii: "@")) {
      outcome.executions += 1
      try await deliver(operation, request, engine)
    }
  }

  /// Every payload of an incremental delivery is JSON, and only the last one says that it is.
  private func deliver(
    _ operation: PreparedOperation, _ request: ExecutionRequest, _ engine: Engine
  ) async throws {
    let response = await engine.executeIncrementally(operation, request)
    var texts = [response.initial.bytes]
    var hasNext = response.hasNext
    if let payloads = response.payloads {
      for await payload in payloads {
        try demand(hasNext, "a payload behind the last one")
        hasNext = payload.hasNext
        texts.append(payload.bytes)
      }
    }
    try demand(!hasNext, "the payloads end before they say so")
    for (index, text) in texts.enumerated() {
      do {
        let value = try JSONReader.read(text, depth: 1_000)
        try demand(texts.count == 1 || value["hasNext"]?.bool == (index < texts.count - 1), "wrong hasNext")
      } catch let error as JSONError {
        throw Complaint("a payload is no JSON: \(error)\n\(String(decoding: text, as: UTF8.self))")
      }
    }
  }

  private func firstOperation(of document: Document) -> String? {
    document.definitions.filter { $0.kind == .operationDefinition }.map { OperationNode($0.node) }
      .first { !$0.name.isEmpty }?.name.description
  }

  private func checkResponse(_ response: Response, _ limits: EngineLimits) throws {
    let value: InputValue
    do {
      value = try JSONReader.read(response.bytes, depth: 1_000)
    } catch {
      throw Complaint("the answer is no JSON: \(error)\n\(response.text)")
    }
    try demand(response.hasData == (value["data"] != nil), "`data` is not where it should be")
    try demand((value["errors"]?.list ?? []).count == response.errors.count, "errors are miscounted")
    try demand(response.errors.count <= limits.errors + 1, "\(response.errors.count) errors")
    guard response.hasData else { return }
    for error in response.errors {
      guard let path = error.path, let data = value["data"] else { continue }
      try demand(leadsToNull(path[...], data), "no null at the path of \(error)\n\(response.text)")
    }
  }

  /// § 7.1.2: the path leads to a null, its own or that of an ancestor.
  private func leadsToNull(_ path: ArraySlice<PathSegment>, _ value: InputValue) -> Bool {
    if value.isNull { return true }
    switch (path.first, value) {
    case (.key(let key), .object(let object)):
      return object[key].map { leadsToNull(path.dropFirst(), $0) } ?? false
    case (.index(let index), .list(let items)):
      return items.indices.contains(index) && leadsToNull(path.dropFirst(), items[index])
    default: return false
    }
  }

  /// Values for the operation's variables: fitting mostly, absent or of any shape now and then.
  private func variables(
    _ operation: PreparedOperation, _ schema: Schema, _ random: inout FuzzRandom
  ) -> InputObject {
    let values = FuzzResolvers(schema: schema)
    var object = InputObject()
    for variable in operation.operation.variables where random.below(10) > 0 {
      guard let type = schema.typeReference(from: variable.type) else { continue }
      object.append(variable.name.description, values.value(type, depth: 3, &random))
    }
    return object
  }

  private func rootValue(
    _ operation: PreparedOperation, _ schema: Schema, _ random: inout FuzzRandom
  ) -> InputValue {
    guard let root = schema.rootType(operation.operationType) else { return [:] }
    return FuzzResolvers(schema: schema).value(TypeReference(root), depth: 2, &random)
  }
}
