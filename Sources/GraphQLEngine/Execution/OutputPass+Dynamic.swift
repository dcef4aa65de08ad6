// JSON values, completed by the field's type (§ 6.4.3), with graphql-js's wording.

extension OutputPass {
  /// Completes one value; a missing one is null.
  mutating func complete(_ value: UnsafeRawPointer?, _ type: TypeReference, _ field: PlanField) {
    let isNullable = !type.isNonNull
    guard let value, !value.assumingMemoryBound(to: InputValue.self).pointee.isNull else {
      return writeNullValue(at: field, isNullable: isNullable)
    }
    if let error = InputValue.thrown(at: value) { return fail(error, at: field, isNullable: isNullable) }
    let bare = type.nullable
    if bare.isList { return pushDynamicList(value, bare.wrapped, field, isNullable) }
    if let selection = field.child {
      if let concrete = selection.concrete {
        return pushObject(
          .passUnretained(concrete), row: value, frame: nil, index: 0, isNullable: isNullable)
      }
      return resolve(value, rowType: ObjectIdentifier(InputValue.self), field, isNullable)
    }
    let mark = out.count
    writeLeaf(value.assumingMemoryBound(to: InputValue.self).pointee, type)
    if out.outcome != .value { settleLeaf(mark, at: field, as: type) }
  }

  /// Completes a cell's JSON by a type that is no custom scalar.
  mutating func complete(_ reader: CellWriter, _ cell: Cell, _ type: TypeReference, _ field: PlanField) {
    guard let value = reader.value(cell) else {
      return fail(GraphQLError(CellWriter.unreadable), at: field, isNullable: !type.isNonNull)
    }
    complete(execution.keep(value), type, field)
  }

  private mutating func pushDynamicList(
    _ value: UnsafeRawPointer, _ itemType: TypeReference, _ field: PlanField, _ isNullable: Bool
  ) {
    guard case .list(let items) = value.assumingMemoryBound(to: InputValue.self).pointee else {
      return fail(GraphQLError.notIterable(field, execution.schema), at: field, isNullable: isNullable)
    }
    let isStreamed = field.stream != nil && field.type.nullable.wrapped == itemType
    if isStreamed && refusesStream(field, isNullable) { return }
    let entry = open(.dynamic, end: items.count, isNullable: isNullable)
    // The items lie in the buffer of the row's array, which nobody changes while the row lives.
    entry.pointee.row = items.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) }
    entry.pointee.field = .passUnretained(field)
    entry.pointee.itemType = itemType
    out.put(0x5B)
    if isStreamed { cutStream(items, field) }
  }

  mutating func writeDynamicItem(_ entry: UnsafeMutablePointer<Entry>) {
    let position = entry.pointee.next
    guard position < entry.pointee.end, let base = entry.pointee.row, let field = entry.pointee.field else {
      return pop(0x5D)
    }
    if position > 0 { out.put(0x2C) }
    entry.pointee.next = position + 1
    let item = base + position * MemoryLayout<InputValue>.stride
    complete(item, entry.pointee.itemType, field.takeUnretainedValue())
  }

  /// Result coercion of leaves (§ 3.5, § 3.9).
  private mutating func writeLeaf(_ value: InputValue, _ reference: TypeReference) {
    let schema = execution.schema
    let type = reference.namedType
    if schema[type].kind == .enum { return writeEnum(value, type) }
    let known = schema.wellKnown
    switch type {
    case known.int: writeInt(value)
    case known.float: writeFloat(value)
    case known.string:
      guard let text = OutputPass.scalarText(value) else {
        return out.fail("String cannot represent value: \(value.inspected)")
      }
      out.write(text)
    case known.boolean:
      switch value {
      case .bool(let flag): out.write(flag)
      case .int(let number): out.write(number != 0)
      case .float(let number) where number.isFinite: out.write(number != 0)
      default: out.fail("Boolean cannot represent a non boolean value: \(value.inspected)")
      }
    case known.id:
      switch value {
      case .string(let text), .enumValue(let text): out.write(text)
      case .int(let number): out.write(id: number)
      case .float(let number) where number == number.rounded() && number.magnitude < 1e15:
        out.write(id: Int(number))
      default: out.fail("ID cannot represent value: \(value.inspected)")
      }
    default: writeCustom(value, type, isNullable: !reference.isNonNull)
    }
  }

  /// CoerceResult: what is no null must not become one, even where null may stand.
  private mutating func writeCustom(_ value: InputValue, _ type: TypeID, isNullable: Bool) {
    guard let coercion = execution.plan.context.executable.scalars[type] else {
      return out.write(json: value)
    }
    do {
      let result = try coercion.output(value)
      if result.isNull && isNullable {
        let name = execution.schema.name(type)
        return out.fail("Expected a value of type \"\(name)\" for \(value.inspected), but it became null.")
      }
      out.write(json: result)
    } catch {
      out.fail(error.message)
    }
  }

  private mutating func writeEnum(_ value: InputValue, _ type: TypeID) {
    let schema = execution.schema
    guard let name = value.string, schema.enumValue(named: name, in: type) != nil else {
      return out.fail("Enum \"\(schema.name(type))\" cannot represent value: \(value.inspected)")
    }
    out.write(name)
  }

  private mutating func writeInt(_ value: InputValue) {
    switch value {
    case .bool(let flag): out.write(flag ? 1 : 0)
    case .int(let number): out.write(number)
    case .float(let number): writeInt(number, of: value)
    case .string(let text): writeInt(Double(text) ?? .nan, of: value)
    default: out.fail("Int cannot represent non-integer value: \(value.inspected)")
    }
  }

  private mutating func writeInt(_ number: Double, of value: InputValue) {
    if let integer = Int32(exactly: number) {
      out.write(Int(integer))
    } else if number.isFinite, number == number.rounded() {
      out.fail("Int cannot represent non 32-bit signed integer value: \(value.inspected)")
    } else {
      out.fail("Int cannot represent non-integer value: \(value.inspected)")
    }
  }

  private mutating func writeFloat(_ value: InputValue) {
    switch value {
    case .bool(let flag): out.write(flag ? 1 : 0)
    case .int(let number): out.write(Double(number))
    case .float(let number) where number.isFinite: out.write(number)
    case .string(let text):
      guard let number = Double(text), number.isFinite else { fallthrough }
      out.write(number)
    default: out.fail("Float cannot represent non numeric value: \(value.inspected)")
    }
  }

  private static func scalarText(_ value: InputValue) -> String? {
    switch value {
    case .string(let text), .enumValue(let text): text
    case .bool(let flag): flag ? "true" : "false"
    case .int, .float: value.inspected
    default: nil
    }
  }
}

extension Schema {
  /// Whether JSON text that is the value of a type is completed by it. Only custom scalars are copied.
  func completesJSON(_ type: TypeReference) -> Bool {
    let named = self[type.namedType]
    return type.nullable.isList || named.kind != .scalar || named.isBuiltIn
  }
}
