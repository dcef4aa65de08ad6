/// The variables that an operation defines, by position (§ 2.11).
struct VariableTable: Sendable {
  struct Entry: Sendable {
    var name: SyntaxName
    var node: VariableDefinitionNode
    /// nil where the type is unknown or no input type.
    var type: TypeReference?
  }

  let entries: [Entry]
  private let positions: [SyntaxName: Int]

  /// The names point into the document, which the plan keeps alive.
  init(_ operation: OperationNode, schema: Schema) {
    var entries: [Entry] = []
    var positions: [SyntaxName: Int] = [:]
    for node in operation.variables {
      var type = schema.typeReference(from: node.type)
      if let known = type, !schema[known.namedType].kind.isInput { type = nil }
      positions[node.name] = entries.count
      entries.append(Entry(name: node.name, node: node, type: type))
    }
    self.entries = entries
    self.positions = positions
  }

  func index(of name: SyntaxName) -> Int? { positions[name] }
}

/// The coerced variables of one request, by position; nil is absent.
struct VariableValues: Sendable {
  var values: [InputValue?]

  subscript(index: Int) -> InputValue? { values[index] }
}

/// CoerceVariableValues (§ 6.1.2). All wrong values are reported, up to the limit on errors.
struct VariableCoercer {
  let executable: ExecutableSchema
  let document: Document
  var errors: [GraphQLError] = []
  let errorLimit: Int
  /// nil hides suggestions.
  private var suggestionCellsLeft: Int?
  private var path: [PathSegment] = []

  private var schema: Schema { executable.schema }

  /// Whether the limit of errors is exceeded, and said to be.
  private var isFull: Bool { errors.count > errorLimit }

  init(executable: ExecutableSchema, document: Document, limits: EngineLimits) {
    self.executable = executable
    self.document = document
    errorLimit = limits.errors
    suggestionCellsLeft = limits.hidesSuggestions ? nil : ValidationLimits().suggestionCells
  }

  /// The values by position; `errors` says whether they may be used.
  mutating func coerce(_ table: VariableTable, _ provided: InputObject) -> VariableValues {
    let given = Members(provided)
    var values = [InputValue?](repeating: nil, count: table.entries.count)
    for (index, entry) in table.entries.enumerated() where errors.count < errorLimit {
      values[index] = coerce(entry, given[entry.name.description])
    }
    return VariableValues(values: values)
  }

  private mutating func coerce(_ entry: VariableTable.Entry, _ provided: InputValue?) -> InputValue? {
    guard let type = entry.type else {
      let written = entry.node.type.print()
      report(
        "Variable \"$\(entry.name)\" expected value of type \"\(written)\" which cannot be used as an input type.",
        at: document.location(of: entry.node.type))
      return nil
    }
    guard let value = provided else {
      if let literal = entry.node.defaultValue { return coerceDefault(literal, to: type, entry) }
      if type.isNonNull {
        let written = entry.node.type.print()
        report(
          "Variable \"$\(entry.name)\" of required type \"\(written)\" was not provided.", at: entry.node)
      }
      return nil
    }
    if value.isNull && type.isNonNull {
      let written = entry.node.type.print()
      report("Variable \"$\(entry.name)\" of non-null type \"\(written)\" must not be null.", at: entry.node)
      return nil
    }
    path.removeAll()
    return coerce(value, to: type, entry)
  }

  /// Validation has accepted the literal, but what a custom scalar accepts is known only to its coercion.
  private mutating func coerceDefault(
    _ literal: ValueNode, to type: TypeReference, _ entry: VariableTable.Entry
  ) -> InputValue? {
    do {
      return try LiteralCoercer(executable: executable).coerce(literal, to: type)
    } catch {
      let reason = error.scalarMessage.map { " \($0)" } ?? ""
      report(
        "Variable \"$\(entry.name)\" has an invalid default value \(literal.print()).\(reason)", at: literal)
      return nil
    }
  }

  /// Recursion follows the nesting of the value, which the JSON reader bounds. Ends early where the errors
  /// are full: a value may hold thousands of faults, and each error shows the value.
  ///
  /// What recurses does little itself: without optimisation each temporary takes room of its own, and the
  /// deepest value must fit on a stack of 512 KiB.
  private mutating func coerce(
    _ value: InputValue, to type: TypeReference, _ entry: VariableTable.Entry
  ) -> InputValue {
    if isFull { return .null }
    if value.isNull { return coerceNull(to: type, entry) }
    var bare = type.nullable
    // § 3.11: a single value stands for a list of one.
    var listCount = 0
    while bare.isList, value.list == nil {
      bare = bare.wrapped.nullable
      listCount += 1
    }
    let coerced = coerceBare(value, to: bare, entry)
    return listCount == 0 ? coerced : coerced.wrapped(inLists: listCount)
  }

  /// A value that is neither null nor a single one for a list.
  private mutating func coerceBare(
    _ value: InputValue, to type: TypeReference, _ entry: VariableTable.Entry
  ) -> InputValue {
    if type.isList { return coerceList(value, itemType: type.wrapped, entry) }
    return isInputObject(type)
      ? coerceObject(value, to: type.namedType, entry) : coerceLeaf(value, to: type.namedType, entry)
  }

  private func isInputObject(_ type: TypeReference) -> Bool { schema[type.namedType].kind == .inputObject }

  private mutating func coerceNull(to type: TypeReference, _ entry: VariableTable.Entry) -> InputValue {
    if type.isNonNull {
      report("Expected non-nullable type \"\(schema.string(of: type))\" not to be null.", .null, entry)
    }
    return .null
  }

  private mutating func coerceList(
    _ value: InputValue, itemType: TypeReference, _ entry: VariableTable.Entry
  ) -> InputValue {
    let items = value.list ?? []
    var result: [InputValue] = []
    result.reserveCapacity(items.count)
    for index in items.indices {
      path.append(.index(index))
      result.append(coerce(items[index], to: itemType, entry))
      path.removeLast()
    }
    return .list(result)
  }

  private mutating func coerceLeaf(
    _ value: InputValue, to type: TypeID, _ entry: VariableTable.Entry
  ) -> InputValue {
    do {
      return try executable.coerceLeaf(value, to: type)
    } catch {
      let isCustom = executable.scalars[type] != nil
      let prefix = isCustom ? "Expected type \"\(schema.name(type))\". " : ""
      report(prefix + error.message + enumSuggestion(value, type), value, entry)
      return .null
    }
  }

  private mutating func enumSuggestion(_ value: InputValue, _ type: TypeID) -> String {
    guard schema[type].kind == .enum else { return "" }
    let text = value.string ?? value.inspected
    let names = schema.enumValueIDs(of: type).map { schema[$0].name }
    return didYouMean(suggestions(for: text, among: names), "the enum value")
  }

  private mutating func suggestions(for text: String, among symbols: some Sequence<Symbol>) -> [String] {
    guard var cells = suggestionCellsLeft else { return [] }
    let found = schema.suggestions(for: text, among: symbols, cellsLeft: &cells)
    suggestionCellsLeft = cells
    return found
  }

  private mutating func coerceObject(
    _ value: InputValue, to type: TypeID, _ entry: VariableTable.Entry
  ) -> InputValue {
    guard let object = value.object else { return refuseObject(value, type, entry) }
    let given = Members(object)
    var result = InputObject()
    result.fields.reserveCapacity(object.fields.count)
    var known = 0
    for id in schema.inputFieldIDs(of: type) {
      known += coerceField(id, given, of: value, into: &result, entry)
    }
    checkMembers(of: object, known, value, type, entry)
    return .object(result)
  }

  /// The entries of an object, by name: of several with one name the last.
  private struct Members {
    private let fields: [InputObject.Field]
    /// Empty where there are so few that they are looked through sooner than hashed.
    private var byName: [String: InputValue] = [:]

    init(_ object: InputObject) {
      fields = object.fields
      guard fields.count > 8 else { return }
      for field in fields { byName[field.name] = field.value }
    }

    subscript(name: String) -> InputValue? {
      guard byName.isEmpty else { return byName[name] }
      return fields.last { $0.name == name }?.value
    }
  }

  private mutating func refuseObject(
    _ value: InputValue, _ type: TypeID, _ entry: VariableTable.Entry
  ) -> InputValue {
    report("Expected type \"\(schema.name(type))\" to be an object.", value, entry)
    return .null
  }

  /// - Returns: the number of entries that were given for the field.
  private mutating func coerceField(
    _ id: InputValueID, _ given: Members, of value: InputValue, into result: inout InputObject,
    _ entry: VariableTable.Entry
  ) -> Int {
    let name = schema.name(schema[id].name)
    guard let member = given[name] else {
      fillIn(id, of: value, into: &result, entry)
      return 0
    }
    path.append(.key(name))
    let coerced = coerce(member, to: schema[id].type, entry)
    path.removeLast()
    result.append(name, coerced)
    return 1
  }

  /// A field that is left out: its default, or an error where it must be given.
  private mutating func fillIn(
    _ id: InputValueID, of value: InputValue, into result: inout InputObject, _ entry: VariableTable.Entry
  ) {
    let record = schema[id]
    do throws(LiteralError) {
      if let value = try executable.defaultValue(of: id) {
        return result.append(schema.name(record.name), value)
      }
    } catch {
      let name = schema.name(record.name)
      return report(error.scalarMessage ?? "Field \"\(name)\" has an invalid default value.", value, entry)
    }
    if record.type.isNonNull {
      let name = schema.name(record.name)
      let written = schema.string(of: record.type)
      report("Field \"\(name)\" of required type \"\(written)\" was not provided.", value, entry)
    }
  }

  /// Refuses members that the type does not define, and the wrong number of them for a oneOf input object.
  ///
  /// - Parameter known: the fields of the type that have a member; where these are all, there is no other.
  private mutating func checkMembers(
    of object: InputObject, _ known: Int, _ value: InputValue, _ type: TypeID, _ entry: VariableTable.Entry
  ) {
    guard known < object.fields.count || schema[type].isOneOf else { return }
    let typeName = schema.name(type)
    for field in object.fields where schema.inputValue(named: field.name, in: schema[type].inputFields) == nil
    {
      if isFull { break }
      let names = schema.inputFieldIDs(of: type).map { schema[$0].name }
      let suggestion = didYouMean(suggestions(for: field.name, among: names))
      let unknown = field.name.cut(toBytes: 1_000)
      report("Field \"\(unknown)\" is not defined by type \"\(typeName)\".\(suggestion)", value, entry)
    }
    if schema[type].isOneOf { checkOneOf(object, typeName, value, entry) }
  }

  /// § 3.10.1: exactly one field, and its value is not null.
  private mutating func checkOneOf(
    _ object: InputObject, _ typeName: String, _ value: InputValue, _ entry: VariableTable.Entry
  ) {
    if object.fields.count != 1 {
      report("Exactly one key must be specified for OneOf type \"\(typeName)\".", value, entry)
    } else if object.fields[0].value.isNull {
      path.append(.key(object.fields[0].name))
      report("Field \"\(object.fields[0].name)\" must be non-null.", object.fields[0].value, entry)
      path.removeLast()
    }
  }

  private mutating func report(_ message: String, _ value: InputValue, _ entry: VariableTable.Entry) {
    var text = "Variable \"$\(entry.name)\" got invalid value \(value.inspected)"
    if !path.isEmpty { text += " at \"\(entry.name)\(printedPath)\"" }
    report("\(text); \(message)", at: entry.node)
  }

  private var printedPath: String {
    path.map { segment in
      switch segment {
      case .key(let key): ".\(key)"
      case .index(let index): "[\(index)]"
      }
    }.joined()
  }

  private mutating func report(_ message: String, at node: some SyntaxView) {
    report(message, at: document.location(of: node))
  }

  private mutating func report(_ message: String, at location: SourceLocation) {
    if errors.count < errorLimit {
      errors.append(GraphQLError(message.cut(toBytes: 20_000), locations: [location]))
    } else if errors.count == errorLimit {
      errors.append(
        GraphQLError("Too many errors processing variables, error limit reached. Execution aborted."))
    }
  }
}
