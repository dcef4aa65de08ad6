/// § 5.6.1 Values of Correct Type, § 5.6.2 Input Object Field Names, § 5.6.4 Input Object Required Fields,
/// and the literals of § 3.10.1 OneOf Input Objects (graphql-js: ValuesOfCorrectTypeRule).
enum ValuesOfCorrectTypeRule {
  /// Checks a value that is not a variable, and neither a list nor an object that `type` takes apart.
  static func checkLeaf(_ value: ValueNode, type: TypeReference, in context: inout ValidationContext) {
    if value.kind == .nullValue {
      if type.isNonNull { reportUnexpected(value, type: type, in: &context) }
      return
    }
    let named = type.namedType
    switch context.schema[named].kind {
    case .scalar: checkScalar(value, type: named, in: &context)
    case .enum: checkEnum(value, type: named, in: &context)
    case .object, .interface, .union, .inputObject: reportUnexpected(value, type: type, in: &context)
    }
  }

  private static func checkScalar(
    _ value: ValueNode, type: TypeID, in context: inout ValidationContext
  ) {
    let wellKnown = context.schema.wellKnown
    let kind = value.kind
    let problem: String
    if type == wellKnown.string {
      if kind == .stringValue { return }
      problem = "String cannot represent a non string value: "
    } else if type == wellKnown.int {
      if kind == .intValue {
        checkRange(value, in: &context)
        return
      }
      problem = "Int cannot represent non-integer value: "
    } else if type == wellKnown.id {
      if kind == .stringValue || kind == .intValue { return }
      problem = "ID cannot represent a non-string and non-integer value: "
    } else if type == wellKnown.boolean {
      if kind == .booleanValue { return }
      problem = "Boolean cannot represent a non boolean value: "
    } else if type == wellKnown.float {
      if kind == .intValue || kind == .floatValue, isFinite(value.text) { return }
      problem = "Float cannot represent non numeric value: "
    } else {
      return
    }
    guard context.rules.contains(.valuesOfCorrectType) else { return }
    context.report(.valuesOfCorrectType, problem + value.literal, at: value.node)
  }

  /// § 3.5.1: an Int has 32 bits.
  private static func checkRange(_ value: ValueNode, in context: inout ValidationContext) {
    let text = value.text
    if text.length < 10 { return }
    guard Int32(text.description) == nil, context.rules.contains(.valuesOfCorrectType) else { return }
    context.report(
      .valuesOfCorrectType, "Int cannot represent non 32-bit signed integer value: \(value.literal)",
      at: value.node)
  }

  /// § 3.5.2: a number that no finite double stands for is refused.
  private static func isFinite(_ text: SyntaxName) -> Bool {
    let hasExponent = text.bytes.contains { $0 | 0x20 == UInt8(ascii: "e") }
    guard hasExponent || text.length > 300 else { return true }
    return Double(text.description)?.isFinite ?? false
  }

  private static func checkEnum(_ value: ValueNode, type: TypeID, in context: inout ValidationContext) {
    if value.kind == .enumValue {
      if let id = context.schema.enumValue(named: value.text, in: type) {
        NoDeprecatedCustomRule.check(value, id: id, of: type, in: &context)
        return
      }
    }
    guard context.rules.contains(.valuesOfCorrectType) else { return }
    let schema = context.schema
    let literal = value.literal
    let names = schema[type].enumValues.indices.lazy.map { schema.enumValues[$0].name }
    let suggestion = didYouMean(context.suggestions(for: literal, among: names), "the enum value")
    let problem =
      value.kind == .enumValue
      ? "Value \"\(literal)\" does not exist in \"\(schema.name(type))\" enum."
      : "Enum \"\(schema.name(type))\" cannot represent non-enum value: \(literal)."
    context.report(.valuesOfCorrectType, problem + suggestion, at: value.node)
  }

  @inline(never)
  private static func reportUnexpected(
    _ value: ValueNode, type: TypeReference, in context: inout ValidationContext
  ) {
    guard context.rules.contains(.valuesOfCorrectType) else { return }
    context.report(
      .valuesOfCorrectType,
      "Expected value of type \"\(context.schema.string(of: type))\", found \(value.literal).",
      at: value.node)
  }

  /// Reports a field that the input object type does not define.
  @inline(never)
  static func reportUnknown(
    _ field: ObjectFieldNode, in type: TypeID, in context: inout ValidationContext
  ) {
    guard context.rules.contains(.valuesOfCorrectType) else { return }
    let schema = context.schema
    let names = schema[type].inputFields.indices.lazy.map { schema.inputValues[$0].name }
    let suggestion = didYouMean(context.suggestions(for: field.name, among: names))
    context.report(
      .valuesOfCorrectType,
      "Field \"\(field.name)\" is not defined by type \"\(schema.name(type))\".\(suggestion)",
      at: field.node)
  }

  /// Checks that an object has all required fields; `given` has a bit for each of the first 64 defined ones.
  static func checkObject(
    _ object: ValueNode, type: TypeID, given: UInt64, in context: inout ValidationContext
  ) {
    guard context.rules.contains(.valuesOfCorrectType) else { return }
    let schema = context.schema
    let defined = schema[type].inputFields
    var others: Set<Symbol>?
    for index in defined.indices where schema.inputValues[index].isRequired {
      if context.errors.isFull { return }
      let offset = index - Int(defined.start)
      let field = schema.inputValues[index]
      let isGiven: Bool
      if offset < 64 {
        isGiven = given & (1 << UInt64(offset)) != 0
      } else {
        let names = others ?? Set(object.fields.compactMap { schema.symbols.symbol($0.name) })
        others = names
        isGiven = names.contains(field.name)
      }
      if isGiven { continue }
      context.report(
        .valuesOfCorrectType,
        "Field \"\(schema.name(type)).\(schema.name(field.name))\" of required type "
          + "\"\(schema.string(of: field.type))\" was not provided.",
        at: object.node)
    }
    if schema[type].isOneOf { checkOneOf(object, type: type, in: &context) }
  }

  /// § 3.10.1: exactly one field, and not null.
  private static func checkOneOf(
    _ object: ValueNode, type: TypeID, in context: inout ValidationContext
  ) {
    let name = context.schema.name(type)
    var fields = object.fields.makeIterator()
    guard let first = fields.next(), allSatisfy(&fields, named: first.name) else {
      context.report(
        .valuesOfCorrectType, "OneOf Input Object \"\(name)\" must specify exactly one key.", at: object.node)
      return
    }
    let last = object.fields.reduce(first) { $1 }
    guard last.value.kind == .nullValue else { return }
    context.report(.valuesOfCorrectType, "Field \"\(name).\(first.name)\" must be non-null.", at: object.node)
  }

  /// Whether all further fields repeat a name, which `UniqueInputFieldNamesRule` refuses.
  private static func allSatisfy(
    _ fields: inout SyntaxList<ObjectFieldNode>.Iterator, named name: SyntaxName
  ) -> Bool {
    while let field = fields.next() {
      if field.name != name { return false }
    }
    return true
  }
}
