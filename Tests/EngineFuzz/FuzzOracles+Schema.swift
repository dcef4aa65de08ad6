import GraphQLEngine

extension FuzzOracles {
  /// A schema that builds prints, builds again from its print to the same print, and is introspected.
  func buildSchema(_ example: FuzzCase) async -> FuzzOutcome {
    var outcome = FuzzOutcome()
    outcome.parses += 1
    guard let document = try? Document.parse(example.bytes, limits: .schema) else { return outcome }
    let options = Schema.Options(checks: example.salt & 1 == 0 ? .compatible : .complete)
    do {
      let schema = try Schema.build(document, options: options)
      outcome.isAccepted = true
      try checkPrint(schema, options, &outcome)
      if example.salt & 24 == 0 { try compare(schema, example) }
      if example.salt & 6 == 0 { try await introspect(schema, &outcome) }
    } catch let error as SchemaErrors {
      if outcome.isAccepted || error.errors.isEmpty { outcome.complaint = "\(error)" }
    } catch {
      outcome.complaint = (error as? Complaint)?.text ?? "\(error)"
    }
    if !outcome.isAccepted, outcome.complaint == nil { return extend(document, example, outcome) }
    return outcome
  }

  private func checkPrint(
    _ schema: Schema, _ options: Schema.Options, _ outcome: inout FuzzOutcome
  ) throws(Complaint) {
    let sdl = schema.sdl
    outcome.parses += 1
    do {
      let again = try Schema.build(sdl, options: options)
      try demand(again.sdl == sdl, "the print of the rebuilt schema differs:\n\(sdl)\n----\n\(again.sdl)")
      // What is built in is not printed, though the SDL may have defined it anew.
      let counts = [schema, again].map { $0.types.count { !$0.isBuiltIn } }
      try demand(counts[0] == counts[1], "the rebuilt schema has other types:\n\(sdl)")
      // The print leaves out directives that are applied; nothing else may change, and nothing may break.
      let keepsBuiltIns = schema.directives.allSatisfy { !$0.isBuiltIn || $0.syntax.document == 0 }
      guard keepsBuiltIns else { return }
      let breaking = schema.changes(to: again).filter { $0.severity != .safe }
      try demand(breaking.isEmpty, "the rebuilt schema changes: \(breaking.map(\.message))\n\(sdl)")
    } catch let error as SchemaErrors {
      throw Complaint("the printed schema does not build: \(error.errors.map(\.message))\n\(sdl)")
    } catch {
      throw error as? Complaint ?? Complaint("\(error)")
    }
  }

  /// Types alone may be no schema; as an extension of one of the corpus they may be.
  private func extend(_ document: Document, _ example: FuzzCase, _ before: FuzzOutcome) -> FuzzOutcome {
    var outcome = before
    let base = corpus[example.schema].schema
    guard example.salt & 8 == 0, base.types.count < 500, let schema = try? base.extended(by: document) else {
      return outcome
    }
    do {
      try checkPrint(schema, Schema.Options(), &outcome)
    } catch {
      outcome.complaint = "extended: " + error.text
    }
    return outcome
  }

  /// The changes from a schema of the corpus: any two schemas are compared without a trap, and what one way
  /// adds the other way removes.
  private func compare(_ schema: Schema, _ example: FuzzCase) throws(Complaint) {
    let base = corpus[example.schema].schema
    guard base.types.count < 500 else { return }
    let there = base.changes(to: schema).count { $0.kind == .typeAdded }
    let back = schema.changes(to: base).count { $0.kind == .typeRemoved }
    try demand(there == back, "\(there) types are added, and \(back) removed the other way")
  }

  private func introspect(_ schema: Schema, _ outcome: inout FuzzOutcome) async throws {
    let engine = Engine(try ExecutableSchema(schema, FuzzResolvers(schema: schema).wiring()))
    let operation = try engine.prepare(FuzzOracles.introspection)
    outcome.parses += 1
    outcome.validations += 1
    outcome.executions += 1
    let response = await engine.execute(operation)
    try demand(!response.hasErrors, "introspection has errors: \(response.errors)")
    do {
      _ = try JSONReader.read(response.bytes)
    } catch {
      throw Complaint("introspection is no JSON: \(error)\n\(response.text)")
    }
  }

  private static let introspection = """
    { __schema { description queryType { name } mutationType { name } subscriptionType { name }
      types { ...Full } directives { name description isRepeatable locations args { ...Input } } } }
    fragment Full on __Type { kind name description specifiedByURL isOneOf
      fields(includeDeprecated: true) {
        name description args(includeDeprecated: true) { ...Input } type { ...Ref }
        isDeprecated deprecationReason
      }
      inputFields(includeDeprecated: true) { ...Input } interfaces { ...Ref } possibleTypes { ...Ref }
      enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } }
    fragment Input on __InputValue {
      name description type { ...Ref } defaultValue isDeprecated deprecationReason
    }
    fragment Ref on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }
    """
}
