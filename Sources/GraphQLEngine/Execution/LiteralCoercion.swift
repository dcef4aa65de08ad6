/// Why a literal cannot be coerced: the place and, for custom scalars, the scalar's own words.
struct LiteralError: Error {
  var node: ValueNode
  var scalarMessage: String?
}

/// Coerces literals of a document to input types (§ 3.5 to § 3.12, "Input Coercion" of each type).
///
/// Recursion follows the nesting of the literal, which the parser bounds. Literals of requests were
/// validated, so failures are rare: unvalidated documents, custom scalars, variables inside.
struct LiteralCoercer {
  let executable: ExecutableSchema
  /// The operation's variables and their values; nil while planning, where a literal with variables waits.
  var variables: VariableTable?
  var values: VariableValues?

  private var schema: Schema { executable.schema }

  /// The coerced value. nil where the literal is a variable without a value.
  ///
  /// What recurses does little itself: without optimisation each temporary takes room of its own, and 200
  /// levels must fit on a stack of 512 KiB.
  func coerce(_ node: ValueNode, to type: TypeReference) throws(LiteralError) -> InputValue? {
    if node.kind == .variable { return try coerceVariable(node, to: type) }
    if node.kind == .nullValue {
      if type.isNonNull { throw LiteralError(node: node) }
      return .null
    }
    var bare = type.nullable
    // § 3.11: a single value stands for a list of one.
    var listCount = 0
    while bare.isList, node.kind != .listValue {
      bare = bare.wrapped.nullable
      listCount += 1
    }
    let value: InputValue
    if bare.isList {
      value = try coerceList(node, itemType: bare.wrapped)
    } else if isInputObject(bare) {
      value = try coerceObject(node, to: bare.namedType)
    } else {
      value = try coerceLeaf(node, to: bare.namedType)
    }
    return listCount == 0 ? value : value.wrapped(inLists: listCount)
  }

  private func isInputObject(_ type: TypeReference) -> Bool { schema[type.namedType].kind == .inputObject }

  private func coerceVariable(_ node: ValueNode, to type: TypeReference) throws(LiteralError) -> InputValue? {
    // § 6.1.2 has checked the value against the variable's type, and validation the type against the
    // position.
    guard let index = variables?.index(of: node.text), let value = values?[index] else { return nil }
    if value.isNull && type.isNonNull { throw LiteralError(node: node) }
    return value
  }

  private func coerceList(_ node: ValueNode, itemType: TypeReference) throws(LiteralError) -> InputValue {
    var items: [InputValue] = []
    for item in node.items {
      if let value = try coerce(item, to: itemType) {
        items.append(value)
      } else if itemType.isNonNull {
        throw LiteralError(node: item)
      } else {
        items.append(.null)
      }
    }
    return .list(items)
  }

  /// § 3.10: defaults fill in absent fields; `@oneOf` wants exactly one field, not null.
  private func coerceObject(_ node: ValueNode, to type: TypeID) throws(LiteralError) -> InputValue {
    guard node.kind == .objectValue else { throw LiteralError(node: node) }
    let given = givenFields(node, of: type)
    var object = InputObject()
    for id in schema.inputFieldIDs(of: type) { try coerceField(id, given[id], of: node, into: &object) }
    if breaksOneOf(object, type) { throw LiteralError(node: node) }
    return .object(object)
  }

  private func givenFields(_ node: ValueNode, of type: TypeID) -> [InputValueID: ValueNode] {
    var given: [InputValueID: ValueNode] = [:]
    for field in node.fields {
      if let id = schema.inputField(named: field.name, in: type) { given[id] = field.value }
    }
    return given
  }

  private func breaksOneOf(_ object: InputObject, _ type: TypeID) -> Bool {
    schema[type].isOneOf && (object.fields.count != 1 || object.fields[0].value.isNull)
  }

  private func coerceField(
    _ id: InputValueID, _ literal: ValueNode?, of node: ValueNode, into object: inout InputObject
  ) throws(LiteralError) {
    guard let literal, let value = try coerce(literal, to: schema[id].type) else {
      return try fillIn(id, of: node, into: &object)
    }
    append(id, value, to: &object)
  }

  private func fillIn(
    _ id: InputValueID, of node: ValueNode, into object: inout InputObject
  ) throws(LiteralError) {
    if let value = try executable.defaultValue(of: id) {
      append(id, value, to: &object)
    } else if schema[id].type.isNonNull {
      throw LiteralError(node: node)
    }
  }

  private func append(_ id: InputValueID, _ value: InputValue, to object: inout InputObject) {
    object.append(schema.name(schema[id].name), value)
  }

  private func coerceLeaf(_ node: ValueNode, to type: TypeID) throws(LiteralError) -> InputValue {
    let known = schema.wellKnown
    let isFitting: Bool
    switch type {
    case known.int: isFitting = node.kind == .intValue
    case known.float: isFitting = node.kind == .intValue || node.kind == .floatValue
    case known.string: isFitting = node.kind == .stringValue
    case known.boolean: isFitting = node.kind == .booleanValue
    case known.id: isFitting = node.kind == .stringValue || node.kind == .intValue
    default: isFitting = schema[type].kind != .enum || node.kind == .enumValue
    }
    guard isFitting else { throw LiteralError(node: node) }
    if type == known.id, node.kind == .intValue { return .string(node.text.description) }
    let value = untyped(node)
    do {
      return try executable.coerceLeaf(value, to: type)
    } catch {
      throw LiteralError(node: node, scalarMessage: executable.scalars[type] == nil ? nil : error.message)
    }
  }

  /// The JSON value of a literal for a custom scalar; an enum value is its name.
  private func untyped(_ node: ValueNode) -> InputValue {
    switch node.kind {
    case .intValue:
      let text = node.text.description
      return Int(text).map(InputValue.int) ?? .float(Double(text) ?? 0)
    case .floatValue: return .float(Double(node.text.description) ?? 0)
    case .stringValue: return .string(node.asString.value)
    case .booleanValue: return .bool(node.isTrue)
    case .enumValue: return .enumValue(node.text.description)
    case .listValue: return .list(node.items.map { untyped($0) })
    case .objectValue:
      return .object(
        InputObject(node.fields.map { .init(name: $0.name.description, value: untyped($0.value)) }))
    case .variable:
      return variables?.index(of: node.text).flatMap { values?[$0] } ?? .null
    default: return .null
    }
  }
}

extension ValueNode {
  /// Whether a variable stands in it. Recursion follows the literal's nesting, which the parser bounds.
  var hasVariable: Bool {
    switch kind {
    case .variable: true
    case .listValue: items.contains { $0.hasVariable }
    case .objectValue: fields.contains { $0.value.hasVariable }
    default: false
    }
  }
}

extension InputValue {
  /// The value as the only item of lists around each other.
  func wrapped(inLists count: Int) -> InputValue {
    var value = self
    for _ in 0..<count { value = .list([value]) }
    return value
  }
}
