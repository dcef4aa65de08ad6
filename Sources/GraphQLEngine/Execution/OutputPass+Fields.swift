// The fields of an object: leaves in a tight loop, everything else pushed on the stack.

extension OutputPass {
  /// Writes fields of the object on top, and of objects in and around it, until a list is on top or all is
  /// written.
  mutating func writeFields() {
    repeat {
      let entry = stack + (depth &- 1)
      guard let steps = entry.pointee.steps, writeFields(of: entry, steps) else { continue }
      // The root's end moves on in a mutation; the caller closes it.
      if depth == 1 { return }
      if entry.pointee.object?._withUnsafeGuaranteedRef({ $0.hasParts }) == true { noteDeferred() }
      pop(0x7D)
    } while depth > 0 && stack[depth &- 1].kind == .object && out.count <= byteLimit
  }

  /// True when all fields are written; else another object or list is on top now.
  @inline(__always)
  private mutating func writeFields(
    of entry: UnsafeMutablePointer<Entry>, _ steps: UnsafeMutablePointer<FieldStep>
  ) -> Bool {
    let row = entry.pointee.row
    let end = entry.pointee.end
    var position = entry.pointee.next
    while position < end {
      let step = steps + position
      position &+= 1
      entry.pointee.next = position
      out.put(padded: step.pointee.key, Int(step.pointee.keyCount))
      if step.pointee.isGuarded && isRefused(step) { return false }
      switch step.pointee.kind {
      case .leaf:
        if !writeLeaf(step, row, entry) { return false }
      case .typename: break
      case .child:
        if !writeChild(step, row) { return false }
      default:
        if !writeComposite(step, row, entry) { return false }
      }
    }
    return true
  }

  /// Whether an access check forbids the field; then its error is written.
  @inline(never)
  private mutating func isRefused(_ step: UnsafeMutablePointer<FieldStep>) -> Bool {
    let field = step.pointee.field.takeUnretainedValue()
    do {
      try execution.checkAccess(field)
      return false
    } catch {
      fail(error, at: field, isNullable: step.pointee.isNullable)
      return true
    }
  }

  /// True when the object goes on behind the leaf.
  @inline(__always)
  private mutating func writeLeaf(
    _ step: UnsafeMutablePointer<FieldStep>, _ row: UnsafeRawPointer?, _ entry: UnsafeMutablePointer<Entry>
  ) -> Bool {
    let mark = out.count
    if let cells = entry.pointee.cells {
      let cell = cells + (entry.pointee.next &- 1)
      guard let column = cell.pointee.cells, let writer = cell.pointee.writer else {
        return completeCell(step, cell.pointee, entry.pointee.tableRow)
      }
      writer._withUnsafeGuaranteedRef { $0.write(column[entry.pointee.tableRow], &out) }
    } else if let leaf = step.pointee.leaf, let row {
      leaf.write(at: row, &out)
    } else {
      return failField(RowMismatch(expected: "rows of a table"), step)
    }
    if out.outcome != .value { return settle(step, mark) }
    return !step.pointee.isList || out.isList(from: mark) || settleNoList(step, mark)
  }

  @inline(never)
  private mutating func settleNoList(_ step: UnsafeMutablePointer<FieldStep>, _ mark: Int) -> Bool {
    out.truncate(to: mark)
    return failField(
      GraphQLError.notIterable(step.pointee.field.takeUnretainedValue(), execution.schema), step)
  }

  /// Whether the leaf is a null that may stand there.
  @inline(__always)
  private mutating func isSettled(_ step: UnsafeMutablePointer<FieldStep>) -> Bool {
    guard out.outcome == .null && step.pointee.isNullable else { return false }
    out.outcome = .value
    return true
  }

  @inline(never)
  private mutating func settle(_ step: UnsafeMutablePointer<FieldStep>, _ mark: Int) -> Bool {
    if isSettled(step) { return true }
    let before = depth
    let field = step.pointee.field.takeUnretainedValue()
    settleLeaf(mark, at: field, as: field.type)
    return depth == before
  }

  /// A cell of JSON that is completed by the field's type. True when the object goes on behind it at once.
  @inline(never)
  private mutating func completeCell(
    _ step: UnsafeMutablePointer<FieldStep>, _ cell: CellStep, _ row: Int
  ) -> Bool {
    guard let column = cell.cells, let reader = cell.reader else {
      return failField(ColumnMismatch(problem: "a selected field that the layout lacks"), step)
    }
    let before = depth
    let field = step.pointee.field.takeUnretainedValue()
    complete(reader.takeUnretainedValue(), column[row], field.type, field)
    return depth == before
  }

  @inline(never)
  private mutating func failField(_ error: any Error, _ step: UnsafeMutablePointer<FieldStep>) -> Bool {
    let before = depth
    fail(error, at: step.pointee.field.takeUnretainedValue(), isNullable: step.pointee.isNullable)
    return depth == before
  }

  /// A field that is no leaf of the row. True when the object goes on behind it at once.
  @inline(never)
  private mutating func writeComposite(
    _ step: UnsafeMutablePointer<FieldStep>, _ row: UnsafeRawPointer?, _ entry: UnsafeMutablePointer<Entry>
  ) -> Bool {
    let before = depth
    switch step.pointee.kind {
    case .same:
      if hasColumn(step, entry) {
        writeColumnField(step, entry)
      } else if let row, let child = step.pointee.child {
        pushObject(child, row: row, frame: nil, index: 0, isNullable: step.pointee.isNullable)
      } else if execution.isHalted {
        out.put("null")
      } else {
        return failField(RowMismatch(expected: "a row that can be seen as another type"), step)
      }
    case .column: writeColumnField(step, entry)
    case .member:
      let field = step.pointee.field.takeUnretainedValue()
      complete(row.flatMap { InputValue.member(field.name, of: $0) }, field.type, field)
    default: return failField(RowMismatch(expected: "the rows that the wiring names"), step)
    }
    return depth == before
  }

  private func hasColumn(_ step: UnsafeMutablePointer<FieldStep>, _ entry: UnsafeMutablePointer<Entry>)
    -> Bool
  {
    entry.pointee.frame?._withUnsafeGuaranteedRef { $0.column(step.pointee.slot) != nil } ?? false
  }

  private mutating func writeColumnField(
    _ step: UnsafeMutablePointer<FieldStep>, _ entry: UnsafeMutablePointer<Entry>
  ) {
    let field = step.pointee.field.takeUnretainedValue()
    guard let column = entry.pointee.frame?._withUnsafeGuaranteedRef({ $0.column(step.pointee.slot) }) else {
      // It was not called any more; the error that halted the execution stands elsewhere.
      if execution.isHalted { return out.put("null") }
      return fail(
        ColumnMismatch(problem: "a field that was not called"), at: field, isNullable: step.pointee.isNullable
      )
    }
    writeColumn(column, entry.pointee.index, field)
  }
}

// MARK: - Resident objects

extension OutputPass {
  /// Resident children: one object, or a list of rows at equal strides. True when the object goes on at
  /// once, as behind null or an empty list.
  @inline(__always)
  private mutating func writeChild(_ step: UnsafeMutablePointer<FieldStep>, _ row: UnsafeRawPointer?) -> Bool
  {
    guard let row, let reader = step.pointee.reader else {
      return failField(RowMismatch(expected: "Swift rows"), step)
    }
    let mark = arena.mark
    let segment: ChildSegment
    if let arguments = step.pointee.constantArguments {
      segment = arguments._withUnsafeGuaranteedRef { box in
        withUnsafeMutablePointer(to: &arena) { reader.children(row, box.value, $0) }
      }
    } else {
      do {
        let arguments = try execution.arguments(of: step.pointee.field.takeUnretainedValue())
        segment = withUnsafeMutablePointer(to: &arena) { reader.children(row, arguments.value, $0) }
      } catch {
        return failField(error, step)
      }
    }
    guard segment.count >= 0, let base = segment.base, step.pointee.isList || segment.count > 0 else {
      return writeNullChild(step)
    }
    if step.pointee.isList {
      if segment.count == 0 {
        out.put("[]")
        return true
      }
      pushSegment(
        base, stride: reader.stride, count: segment.count, object: step.pointee.child,
        field: step.pointee.field, itemType: step.pointee.itemType, isNullable: step.pointee.isNullable)
    } else if let child = step.pointee.child {
      pushObject(child, row: base, frame: nil, index: 0, isNullable: step.pointee.isNullable)
    } else {
      resolve(
        base, rowType: reader.childType, step.pointee.field.takeUnretainedValue(), step.pointee.isNullable)
      if depth == 0 { return false }
    }
    // The children's rows go with them.
    stack[depth &- 1].arenaMark = mark
    return false
  }

  @inline(__always)
  private mutating func writeNullChild(_ step: UnsafeMutablePointer<FieldStep>) -> Bool {
    if step.pointee.isNullable {
      out.putNull()
      return true
    }
    let before = depth
    writeNullValue(at: step.pointee.field.takeUnretainedValue(), isNullable: false)
    return depth == before
  }

  /// Pushes an object of an abstract type.
  mutating func resolve(
    _ row: UnsafeRawPointer, rowType: ObjectIdentifier, _ field: PlanField, _ isNullable: Bool
  ) {
    guard let selection = field.child else { return }
    do {
      let object = try RowTypeResolver(field: field, selection: selection).object(at: row, rowType: rowType)
      if let wanted = object.rowType, wanted != rowType {
        throw RowMismatch(expected: "the rows of its fields")
      }
      pushObject(.passUnretained(object), row: row, frame: nil, index: 0, isNullable: isNullable)
    } catch {
      fail(error, at: field, isNullable: isNullable)
    }
  }

  mutating func pushSegment(
    _ base: UnsafeRawPointer, stride: Int, count: Int, object: Unmanaged<PlanObject>?,
    field: Unmanaged<PlanField>, itemType: TypeReference, isNullable: Bool
  ) {
    let entry = open(.segment, end: count, isNullable: isNullable)
    entry.pointee.row = base
    entry.pointee.stride = stride
    entry.pointee.object = object
    entry.pointee.field = field
    entry.pointee.itemType = itemType
    out.put(0x5B)
  }

  /// Items of a list of resident rows; rows that only have leaves are written here in one loop.
  mutating func writeSegment(_ entry: UnsafeMutablePointer<Entry>) {
    guard entry.pointee.next < entry.pointee.end, let base = entry.pointee.row else { return pop(0x5D) }
    let isItemNullable = !entry.pointee.itemType.isNonNull
    guard let object = entry.pointee.object else {
      let row = nextItem(entry, base)
      let field = entry.pointee.field?.takeUnretainedValue()
      guard let field, case .child(let reader) = field.binding?.kind else { return pop(0x5D) }
      return resolve(row, rowType: reader.childType, field, isItemNullable)
    }
    if object._withUnsafeGuaranteedRef({ $0.isFlat }) {
      if writeFlatItems(entry, object, base, isItemNullable) { pop(0x5D) }
      return
    }
    let row = nextItem(entry, base)
    pushObject(object, row: row, frame: nil, index: 0, isNullable: isItemNullable)
  }

  @inline(__always)
  private mutating func nextItem(
    _ entry: UnsafeMutablePointer<Entry>, _ base: UnsafeRawPointer
  ) -> UnsafeRawPointer {
    let position = entry.pointee.next
    if position > 0 { out.put(0x2C) }
    entry.pointee.next = position &+ 1
    return base + position &* entry.pointee.stride
  }

  /// True when all items are written. Where a leaf is no ordinary value, its object is put on the stack with
  /// the leaf as the present step, and the general way goes on with it.
  private mutating func writeFlatItems(
    _ entry: UnsafeMutablePointer<Entry>, _ object: Unmanaged<PlanObject>, _ base: UnsafeRawPointer,
    _ isItemNullable: Bool
  ) -> Bool {
    let (steps, stepCount) = object._withUnsafeGuaranteedRef { ($0.steps, $0.stepCount) }
    let stepsEnd = steps + stepCount
    while entry.pointee.next < entry.pointee.end {
      let row = nextItem(entry, base)
      let itemMark = out.count
      if stepCount == 0 { out.put(0x7B) }
      var step = steps
      while step < stepsEnd {
        out.put(padded: step.pointee.key, Int(step.pointee.keyCount))
        if let leaf = step.pointee.leaf {
          let mark = out.count
          leaf.write(at: row, &out)
          if out.outcome != .value, !isSettled(step) {
            reopen(object, row, itemMark, behind: step, isNullable: isItemNullable)
            let field = step.pointee.field.takeUnretainedValue()
            settleLeaf(mark, at: field, as: field.type)
            return false
          }
        }
        step += 1
      }
      out.put(0x7D)
      if out.count > byteLimit { return false }
    }
    return true
  }

  @inline(never)
  private mutating func reopen(
    _ object: Unmanaged<PlanObject>, _ row: UnsafeRawPointer, _ mark: Int,
    behind step: UnsafeMutablePointer<FieldStep>, isNullable: Bool
  ) {
    pushObject(object, row: row, frame: nil, index: 0, isNullable: isNullable)
    stack[depth - 1].mark = mark
    stack[depth - 1].next = object._withUnsafeGuaranteedRef { step - $0.steps } + 1
  }
}
