// The walk over values.

/// A value and what its place expects.
struct ExpectedValue {
  let node: SyntaxNode
  /// The input type, when it is known.
  let type: TypeReference?
  /// Whether the argument or input field has a default value.
  var hasDefault = false
  /// The oneOf input object whose field it is.
  var oneOf: OneOfPlace?
  /// Whether an enclosing value was refused or is free in form, so that only variables matter here.
  var isInsideCheckedValue = false

  init(
    _ node: SyntaxNode, type: TypeReference?, hasDefault: Bool = false, oneOf: OneOfPlace? = nil,
    isInsideCheckedValue: Bool = false
  ) {
    self.node = node
    self.type = type
    self.hasDefault = hasDefault
    self.oneOf = oneOf
    self.isInsideCheckedValue = isInsideCheckedValue
  }
}

extension ValidationContext {
  /// Checks a value and all values in it.
  mutating func walkValue(_ value: ExpectedValue) {
    var value = value
    values.removeAll()
    while true {
      visit(value)
      guard !errors.isFull, let next = values.popLast() else { return }
      value = next
    }
  }

  private mutating func visit(_ value: ExpectedValue) {
    switch value.node.kind {
    case .variable:
      usages.append(
        VariableUsage(
          node: value.node, type: value.type, hasDefault: value.hasDefault, oneOf: value.oneOf))
    case .listValue:
      visitList(value)
    case .objectValue:
      visitObject(value)
    default:
      guard let type = value.type, !value.isInsideCheckedValue else { return }
      ValuesOfCorrectTypeRule.checkLeaf(ValueNode(value.node), type: type, in: &self)
    }
  }

  /// A list value; a list where none is expected is a value of its own (§ 3.12).
  private mutating func visitList(_ value: ExpectedValue) {
    let nullable = value.type?.nullable
    var itemType = nullable
    var isInsideCheckedValue = value.isInsideCheckedValue
    if let nullable {
      if nullable.isList {
        itemType = nullable.wrapped
      } else {
        if !isInsideCheckedValue {
          ValuesOfCorrectTypeRule.checkLeaf(ValueNode(value.node), type: nullable, in: &self)
        }
        isInsideCheckedValue = true
        if schema.isFreeForm(nullable) { itemType = nil }
      }
    }
    for item in ValueNode(value.node).items {
      values.append(
        ExpectedValue(item.node, type: itemType, isInsideCheckedValue: isInsideCheckedValue))
    }
  }

  private mutating func visitObject(_ value: ExpectedValue) {
    let fields = ValueNode(value.node).fields
    UniqueInputFieldNamesRule.check(fields, in: &self)
    guard let type = value.type?.namedType, schema[type].kind == .inputObject else {
      if let expected = value.type, !value.isInsideCheckedValue {
        ValuesOfCorrectTypeRule.checkLeaf(ValueNode(value.node), type: expected, in: &self)
      }
      for field in fields {
        values.append(ExpectedValue(field.value.node, type: nil, isInsideCheckedValue: true))
      }
      return
    }
    let defined = schema[type].inputFields
    let oneOf = schema[type].isOneOf ? OneOfPlace(type: type, object: value.node.index) : nil
    var given: UInt64 = 0
    for field in fields {
      guard let id = schema.inputField(named: field.name, in: type) else {
        if !value.isInsideCheckedValue {
          ValuesOfCorrectTypeRule.reportUnknown(field, in: type, in: &self)
        }
        values.append(ExpectedValue(field.value.node, type: nil))
        continue
      }
      let offset = UInt64(id.rawValue) - UInt64(defined.start)
      if offset < 64 { given |= 1 << offset }
      NoDeprecatedCustomRule.check(field, id: id, in: type, in: &self)
      let record = schema[id]
      values.append(
        ExpectedValue(
          field.value.node, type: record.type, hasDefault: record.defaultValue != 0, oneOf: oneOf,
          isInsideCheckedValue: value.isInsideCheckedValue))
    }
    guard !value.isInsideCheckedValue else { return }
    ValuesOfCorrectTypeRule.checkObject(ValueNode(value.node), type: type, given: given, in: &self)
  }
}

extension Schema {
  /// Whether a type is a custom scalar, whose literals may have any form (§ 3.5).
  func isFreeForm(_ type: TypeReference) -> Bool {
    let named = type.namedType
    return self[named].kind == .scalar && !isBuiltInScalar(named)
  }

  /// Whether a type is one of the five scalars that the specification defines (§ 3.5).
  func isBuiltInScalar(_ type: TypeID) -> Bool {
    type == wellKnown.string || type == wellKnown.id || type == wellKnown.int
      || type == wellKnown.boolean || type == wellKnown.float
  }
}
