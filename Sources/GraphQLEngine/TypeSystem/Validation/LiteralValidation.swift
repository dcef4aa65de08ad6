/// Checks a literal against an input type, for default values and the arguments of directives (§ 5.6.1, §
/// 3.6.1).
///
/// Words problems as graphql-js 17 does in `validateInputLiteral`, behind a subject such as
/// "Query.find(id:) has invalid default value". The parser bounds how deep literals nest, so this may
/// recurse.
struct LiteralValidation {
  let schema: Schema
  let document: UInt32
  let subject: String
  private var path = ""

  init(schema: Schema, document: UInt32, subject: String) {
    self.schema = schema
    self.document = document
    self.subject = subject
  }

  /// Whether a literal is surely accepted, found without wording what is wrong with it; `check` decides on
  /// what is not.
  static func accepts(_ value: ValueNode, type: TypeReference, in schema: Schema) -> Bool {
    if value.kind == .nullValue { return !type.isNonNull }
    let type = type.nullable
    if type.isList {
      guard value.kind == .listValue else { return accepts(value, type: type.wrapped, in: schema) }
      return value.items.allSatisfy { accepts($0, type: type.wrapped, in: schema) }
    }
    let named = type.namedType
    switch schema[named].kind {
    case .enum:
      return value.kind == .enumValue && schema.enumValue(named: value.text, in: named) != nil
    case .scalar:
      return value.kind != .variable && problem(of: value, type: named, in: schema) == nil
    case .inputObject:
      return value.kind == .objectValue && acceptsObject(value, type: named, in: schema)
    case .object, .interface, .union:
      return false
    }
  }

  private static func acceptsObject(_ value: ValueNode, type: TypeID, in schema: Schema) -> Bool {
    let defined = schema[type].inputFields
    guard !schema[type].isOneOf, defined.count <= 64 else { return false }
    var given: UInt64 = 0
    for field in value.fields {
      guard let id = schema.inputValue(named: field.name, in: defined),
        accepts(field.value, type: schema[id].type, in: schema)
      else { return false }
      given |= 1 << UInt64(Int(id.rawValue) - Int(defined.start))
    }
    return defined.indices.allSatisfy { index in
      !schema.inputValues[index].isRequired || given & 1 << UInt64(index - Int(defined.start)) != 0
    }
  }

  private func fail(_ message: String, at node: SyntaxNode, _ report: inout SchemaErrorReport) {
    let path = path.isEmpty ? "" : " at \(path)"
    report.add("\(subject)\(path): \(message)", [SDLPlace(document, node: node)])
  }

  private func below(_ step: String) -> LiteralValidation {
    var copy = self
    copy.path += step
    return copy
  }

  func check(_ value: ValueNode, type: TypeReference, report: inout SchemaErrorReport) {
    guard !report.isFull, value.kind != .variable else { return }
    if type.isNonNull {
      guard value.kind != .nullValue else {
        let name = schema.string(of: type)
        return fail("Expected value of non-null type \"\(name)\" not to be null.", at: value.node, &report)
      }
      return check(value, type: type.wrapped, report: &report)
    }
    guard value.kind != .nullValue else { return }
    if type.isList {
      guard value.kind == .listValue else { return check(value, type: type.wrapped, report: &report) }
      for (index, item) in value.items.enumerated() {
        below("[\(index)]").check(item, type: type.wrapped, report: &report)
      }
      return
    }
    switch schema[type.namedType].kind {
    case .inputObject: checkObject(value, type: type.namedType, report: &report)
    case .enum: checkEnum(value, type: type.namedType, report: &report)
    case .scalar: checkScalar(value, type: type.namedType, report: &report)
    case .object, .interface, .union: return  // Reported where the type of the argument is.
    }
  }

  private func checkObject(_ value: ValueNode, type: TypeID, report: inout SchemaErrorReport) {
    let name = schema.name(type)
    guard value.kind == .objectValue else {
      return fail(
        "Expected value of type \"\(name)\" to be an object, found: \(value.print()).", at: value.node,
        &report)
    }
    var given: Set<InputValueID> = []
    for field in value.fields {
      if let id = schema.inputField(named: field.name, in: type) {
        given.insert(id)
        below(".\(field.name)").check(field.value, type: schema[id].type, report: &report)
      } else {
        failUnknown(field, of: type, in: value, &report)
      }
    }
    for id in schema.inputFieldIDs(of: type) where schema[id].isRequired && !given.contains(id) {
      let field = schema.name(schema[id].name)
      fail(
        "Expected value of type \"\(name)\" to include required field \"\(field)\", found: \(value.print()).",
        at: value.node, &report)
    }
    if schema[type].isOneOf { checkOneOf(value, type: name, report: &report) }
  }

  private func failUnknown(
    _ field: ObjectFieldNode, of type: TypeID, in value: ValueNode, _ report: inout SchemaErrorReport
  ) {
    let names = schema.inputFieldIDs(of: type).map { schema[$0].name }
    let suggestion = report.didYouMean(field.name.description, among: names, in: schema)
    let found = suggestion.isEmpty ? ", found" : ".\(suggestion) Found"
    fail(
      "Expected value of type \"\(schema.name(type))\" not to include unknown field "
        + "\"\(field.name)\"\(found): \(value.print()).", at: field.node, &report)
  }

  private func checkOneOf(_ value: ValueNode, type: String, report: inout SchemaErrorReport) {
    let fields = Array(value.fields.prefix(2))
    guard let only = fields.first, fields.count == 1 else {
      return fail(
        "OneOf Input Object \"\(type)\" must specify exactly one key.", at: value.node, &report)
    }
    guard only.value.kind == .nullValue else { return }
    below(".\(only.name)").fail(
      "Field \"\(type).\(only.name)\" used for OneOf Input Object must be non-null.", at: value.node, &report)
  }

  private func checkEnum(_ value: ValueNode, type: TypeID, report: inout SchemaErrorReport) {
    if value.kind == .enumValue, schema.enumValue(named: value.text, in: type) != nil { return }
    let literal = value.print()
    let names = schema.enumValueIDs(of: type).map { schema[$0].name }
    let suggestion = report.didYouMean(literal, among: names, in: schema, kind: "the enum value")
    let problem =
      value.kind == .enumValue
      ? "Value \"\(literal)\" does not exist in \"\(schema.name(type))\" enum."
      : "Enum \"\(schema.name(type))\" cannot represent non-enum value: \(literal)."
    fail(problem + suggestion, at: value.node, &report)
  }

  private func checkScalar(_ value: ValueNode, type: TypeID, report: inout SchemaErrorReport) {
    guard let problem = LiteralValidation.problem(of: value, type: type, in: schema) else { return }
    fail(problem + value.print(), at: value.node, &report)
  }

  /// § 3.5: what the built-in scalars accept; other scalars accept any literal.
  private static func problem(of value: ValueNode, type: TypeID, in schema: Schema) -> String? {
    let wellKnown = schema.wellKnown
    let kind = value.kind
    switch type {
    case wellKnown.string:
      return kind == .stringValue ? nil : "String cannot represent a non string value: "
    case wellKnown.boolean:
      return kind == .booleanValue ? nil : "Boolean cannot represent a non boolean value: "
    case wellKnown.id:
      let isAccepted = kind == .stringValue || kind == .intValue
      return isAccepted ? nil : "ID cannot represent a non-string and non-integer value: "
    case wellKnown.float:
      let isNumber = kind == .floatValue || kind == .intValue
      let isFinite = isNumber && Double(value.text.description)?.isFinite == true
      return isFinite ? nil : "Float cannot represent non numeric value: "
    case wellKnown.int:
      guard kind == .intValue else { return "Int cannot represent non-integer value: " }
      let fits = Int32(value.text.description) != nil
      return fits ? nil : "Int cannot represent non 32-bit signed integer value: "
    default:
      return nil
    }
  }
}
