/// Turns JSON values into objects with frames, where something below them is fetched. Values that do not fit
/// become errors of their places, worded as the output pass words them.
struct DynamicObjects {
  let field: PlanField
  let schema: Schema
  /// What keeps the values alive.
  let owner: RowOwner?

  /// The values, one for each parent; a missing one is null.
  func column(_ values: [UnsafeRawPointer?]) -> Column {
    var level = values
    var lists: [[Int]] = []
    var errors: [ErrorPlace: any Error] = [:]
    var type = field.type.nullable
    while type.isList {
      var counts: [Int] = []
      var items: [UnsafeRawPointer?] = []
      for (index, value) in level.enumerated() {
        guard let value, case .list(let list) = value.assumingMemoryBound(to: InputValue.self).pointee else {
          if let error = problem(of: value) { errors[ErrorPlace(level: lists.count, index: index)] = error }
          counts.append(-1)
          continue
        }
        counts.append(list.count)
        list.withUnsafeBufferPointer { buffer in
          for item in 0..<buffer.count {
            items.append(buffer.baseAddress.map { UnsafeRawPointer($0 + item) })
          }
        }
      }
      lists.append(counts)
      level = items
      type = type.wrapped.nullable
    }
    return objects(level, lists: lists, errors: errors)
  }

  /// Why a value is no list; nil for null.
  private func problem(of value: UnsafeRawPointer?) -> GraphQLError? {
    guard let value, !value.assumingMemoryBound(to: InputValue.self).pointee.isNull else { return nil }
    return InputValue.thrown(at: value) ?? .notIterable(field, schema)
  }

  private func objects(
    _ level: [UnsafeRawPointer?], lists: [[Int]], errors: [ErrorPlace: any Error]
  ) -> Column {
    var errors = errors
    var pointers: [UnsafeRawPointer] = []
    let positions = level.enumerated().map { index, value -> RowPosition in
      guard let value, !value.assumingMemoryBound(to: InputValue.self).pointee.isNull else { return .null }
      if let error = InputValue.thrown(at: value) {
        errors[ErrorPlace(level: lists.count, index: index)] = error
        return .null
      }
      pointers.append(value)
      return RowPosition(group: 0, row: pointers.count - 1)
    }
    let rows = Rows(
      count: pointers.count,
      storage: .scattered(RowPointers(pointers), rowType: ObjectIdentifier(InputValue.self)),
      types: .declared, owner: owner)
    var column = Column.objects([rows], at: positions)
    for counts in lists.reversed() { column = column.lists(counts: counts) }
    column.placeErrors = errors
    return column
  }
}

extension GraphQLError {
  /// What is no list where the field's type is one.
  static func notIterable(_ field: PlanField, _ schema: Schema) -> GraphQLError {
    let place = "\(schema.name(field.parentType)).\(schema.name(schema[field.id].name))"
    return GraphQLError("Expected Iterable, but did not find one for field \"\(place)\".")
  }
}

extension InputValue {
  /// The address of a member of the object at `pointer`; nil when it is none, or has no such member.
  ///
  /// The address lies in the buffer of the object's array, which nobody changes while the row lives.
  static func member(_ name: String, of pointer: UnsafeRawPointer) -> UnsafeRawPointer? {
    guard case .object(let object) = pointer.assumingMemoryBound(to: InputValue.self).pointee else {
      return nil
    }
    return object.fields.withUnsafeBufferPointer { fields in
      for index in 0..<fields.count where fields[index].name == name {
        guard let base = fields.baseAddress, let offset = MemoryLayout<InputObject.Field>.offset(of: \.value)
        else {
          return nil
        }
        return UnsafeRawPointer(base + index) + offset
      }
      return nil
    }
  }

  /// What a member `{"$error": …}` throws: a text, or an object with `message` and `extensions`.
  static func thrown(at pointer: UnsafeRawPointer) -> GraphQLError? {
    guard case .object(let object) = pointer.assumingMemoryBound(to: InputValue.self).pointee,
      object.fields.count == 1, let error = object["$error"]
    else { return nil }
    if let message = error.string { return GraphQLError(message) }
    var result = GraphQLError(error["message"]?.string ?? "")
    for field in error["extensions"]?.object?.fields ?? [] {
      var writer = JSONWriter(capacity: 64)
      writer.write(json: field.value)
      result.extensions.append(ErrorExtension(key: field.name, json: writer.text))
    }
    return result
  }
}
