/// How the arguments of one field are had: constants are coerced once per plan (§ 6.4.1,
/// CoerceArgumentValues).
struct ArgumentPlan: Sendable {
  enum Source: Sendable {
    case constant(InputValue?)
    case failed(GraphQLError)
    /// A literal with a variable in it, coerced for each execution.
    case literal(ValueNode)
  }

  /// One for each argument that is defined; empty where `constant` has them all.
  private let sources: [Source]
  let range: TableRange
  /// The arguments, where no variable is involved.
  let constant: Arguments?

  init(_ field: FieldNode, id: FieldID, context: PlanContext) {
    let schema = context.executable.schema
    range = schema[id].arguments
    var sources: [Source] = []
    sources.reserveCapacity(Int(range.count))
    for inputID in schema.argumentIDs(of: id) {
      let name = schema[inputID].name
      let given = field.arguments.first { schema.symbols.symbol($0.name) == name }
      sources.append(ArgumentPlan.source(given?.value, inputID, field, context))
    }
    var values: [InputValue?] = []
    values.reserveCapacity(sources.count)
    for case .constant(let value) in sources { values.append(value) }
    let isConstant = values.count == sources.count
    self.sources = isConstant ? [] : sources
    constant = isConstant ? Arguments(values: values, range: range, schema: schema) : nil
  }

  private static func source(
    _ literal: ValueNode?, _ id: InputValueID, _ field: FieldNode, _ context: PlanContext
  ) -> Source {
    if let literal, literal.hasVariable { return .literal(literal) }
    do {
      return .constant(try context.argument(id, literal, field, values: nil))
    } catch {
      return .failed(error)
    }
  }

  /// Whether none is defined.
  var isEmpty: Bool { range.isEmpty }

  /// What it keeps of the heap, the values' own memory apart.
  var byteCount: Int { HeapBytes.array(sources) + HeapBytes.array(constant?.values ?? []) }

  /// The arguments of one execution.
  func coerce(
    _ field: FieldNode, context: PlanContext, values: VariableValues
  ) throws(GraphQLError) -> Arguments {
    if let constant { return constant }
    var result: [InputValue?] = []
    result.reserveCapacity(sources.count)
    for (position, source) in sources.enumerated() {
      switch source {
      case .constant(let value): result.append(value)
      case .failed(let error): throw error
      case .literal(let literal):
        let id = InputValueID(rawValue: range.start + UInt32(position))
        result.append(try context.argument(id, literal, field, values: values))
      }
    }
    return Arguments(values: result, range: range, schema: context.executable.schema)
  }
}

extension PlanContext {
  /// One argument of a field or directive; nil when it is absent (§ 6.4.1).
  func argument(
    _ id: InputValueID, _ literal: ValueNode?, _ owner: some SyntaxView, values: VariableValues?
  ) throws(GraphQLError) -> InputValue? {
    do {
      return try coerced(id, literal, owner, values: values)
    } catch {
      var shown = error
      shown.extensions = executable.inputErrorExtensions
      throw shown
    }
  }

  private func coerced(
    _ id: InputValueID, _ literal: ValueNode?, _ owner: some SyntaxView, values: VariableValues?
  ) throws(GraphQLError) -> InputValue? {
    let schema = executable.schema
    let record = schema[id]
    var isMissingVariable = false
    if let literal, literal.kind == .variable {
      isMissingVariable = variables.index(of: literal.text).flatMap { values?[$0] } == nil
    }
    guard let literal, !isMissingVariable else {
      if let value = try defaultValue(of: id, owner) { return value }
      guard record.type.isNonNull else { return nil }
      throw missingArgument(record, literal, owner)
    }
    let name = schema.name(record.name)
    do {
      let coercer = LiteralCoercer(executable: executable, variables: variables, values: values)
      if let value = try coercer.coerce(literal, to: record.type) { return value }
      throw LiteralError(node: literal)
    } catch let error as LiteralError {
      if let message = error.scalarMessage {
        throw GraphQLError(
          "Argument \"\(name)\" has invalid value \(error.node.literal); \(message)",
          locations: [document.location(of: error.node)])
      }
      let isNull = literal.kind == .nullValue || (literal.kind == .variable && record.type.isNonNull)
      let problem =
        isNull
        ? "Argument \"\(name)\" of non-null type \"\(schema.string(of: record.type))\" must not be null."
        : "Argument \"\(name)\" has invalid value \(literal.literal)."
      throw GraphQLError(problem, locations: [document.location(of: literal)])
    } catch {
      throw GraphQLError("Argument \"\(name)\" has an invalid value.")
    }
  }

  /// The schema's default; an error at the field where a custom scalar refuses it by now.
  private func defaultValue(
    of id: InputValueID, _ owner: some SyntaxView
  ) throws(GraphQLError) -> InputValue? {
    do throws(LiteralError) {
      return try executable.defaultValue(of: id)
    } catch {
      let name = executable.schema.name(executable.schema[id].name)
      throw GraphQLError(
        "Argument \"\(name)\" has an invalid default value\(error.scalarMessage.map { "; \($0)" } ?? ".")",
        locations: [document.location(of: owner)])
    }
  }

  private func missingArgument(
    _ record: InputValueRecord, _ literal: ValueNode?, _ owner: some SyntaxView
  ) -> GraphQLError {
    let schema = executable.schema
    let start =
      "Argument \"\(schema.name(record.name))\" of required type \"\(schema.string(of: record.type))\""
    guard let literal else {
      return GraphQLError("\(start) was not provided.", locations: [document.location(of: owner)])
    }
    return GraphQLError(
      "\(start) was provided the variable \"$\(literal.text)\" which was not provided a runtime value.",
      locations: [document.location(of: literal)])
  }
}
