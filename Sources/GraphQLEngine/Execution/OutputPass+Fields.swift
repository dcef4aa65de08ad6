// The fields of an object: leaves in a tight loop, everything else pushed on the stack.

extension OutputPass {
  /// Writes fields of the object on top until one opens a list or object of its own, or all are written.
  mutating func writeFields(_ entry: UnsafeMutablePointer<Entry>) {
    guard let object = entry.pointee.object else { return }
    let steps = object._withUnsafeGuaranteedRef { $0.steps }
    let row = entry.pointee.row
    while entry.pointee.next < entry.pointee.end {
      let position = entry.pointee.next
      let step = steps + position
      entry.pointee.next = position &+ 1
      out.put(key: step.pointee.key, Int(step.pointee.keyCount), isFirst: position == 0)
      if step.pointee.isGuarded && isRefused(step) { return }
      switch step.pointee.kind {
      case .leaf:
        if writeLeaf(step, row, entry) { continue }
        return
      case .typename:
        object._withUnsafeGuaranteedRef { $0.typenameBytes.withUnsafeBufferPointer { out.put($0) } }
      default:
        if writeComposite(step, row, entry) { continue }
        return
      }
    }
    // The root's end moves on in a mutation; the caller closes it.
    if depth > 1 {
      if object._withUnsafeGuaranteedRef({ $0.hasParts }) { noteDeferred() }
      pop(0x7D)
    }
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
    if entry.pointee.isTable {
      guard writeCell(entry) else {
        return failField(ColumnMismatch(problem: "a selected field that the layout lacks"), step)
      }
    } else if let leaf = step.pointee.leaf, let row {
      leaf.write(at: row, &out)
    } else {
      return failField(RowMismatch(expected: "rows of a table"), step)
    }
    return out.outcome == .value || settle(step, mark)
  }

  @inline(never)
  private mutating func settle(_ step: UnsafeMutablePointer<FieldStep>, _ mark: Int) -> Bool {
    if out.outcome == .null && step.pointee.isNullable {
      out.outcome = .value
      return true
    }
    let before = depth
    settleLeaf(mark, at: step.pointee.field.takeUnretainedValue(), isNullable: step.pointee.isNullable)
    return depth == before
  }

  @inline(never)
  private mutating func failField(_ error: any Error, _ step: UnsafeMutablePointer<FieldStep>) -> Bool {
    let before = depth
    fail(error, at: step.pointee.field.takeUnretainedValue(), isNullable: step.pointee.isNullable)
    return depth == before
  }

  /// Writes the cell of the present step; false when the layout does not have it.
  @inline(never)
  private mutating func writeCell(_ entry: UnsafeMutablePointer<Entry>) -> Bool {
    guard let frame = entry.pointee.frame else { return false }
    let index = entry.pointee.index
    let position = entry.pointee.next - 1
    let store = execution.cells
    return frame._withUnsafeGuaranteedRef { frame in
      let step = frame.prepareCells(store)[position]
      guard let cells = step.cells, let writer = step.writer else { return false }
      let cell = cells[frame.tableRow(index)]
      writer._withUnsafeGuaranteedRef { $0.write(cell, &out) }
      return true
    }
  }

  /// A field that is no leaf of the row. True when the object goes on behind it at once.
  @inline(never)
  private mutating func writeComposite(
    _ step: UnsafeMutablePointer<FieldStep>, _ row: UnsafeRawPointer?, _ entry: UnsafeMutablePointer<Entry>
  ) -> Bool {
    let before = depth
    switch step.pointee.kind {
    case .child: writeChild(step, row)
    case .same:
      if hasColumn(step, entry) {
        writeColumnField(step, entry)
      } else if let row, let child = step.pointee.child {
        pushObject(
          child.takeUnretainedValue(), row: row, frame: nil, index: 0, isNullable: step.pointee.isNullable)
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
  /// Resident children: one object, or a list of rows at equal strides.
  private mutating func writeChild(_ step: UnsafeMutablePointer<FieldStep>, _ row: UnsafeRawPointer?) {
    guard let row, let reader = step.pointee.reader else {
      _ = failField(RowMismatch(expected: "Swift rows"), step)
      return
    }
    let mark = arena.mark
    let segment: ChildSegment
    let isConstant = step.pointee.field._withUnsafeGuaranteedRef { $0.constantArguments != nil }
    if isConstant {
      segment = step.pointee.field._withUnsafeGuaranteedRef { field in
        children(reader, row, field.constantArguments)
      }
    } else {
      do {
        let arguments = try execution.arguments(of: step.pointee.field.takeUnretainedValue())
        segment = children(reader, row, arguments)
      } catch {
        _ = failField(error, step)
        return
      }
    }
    let field = step.pointee.field
    guard segment.count >= 0, let base = segment.base, step.pointee.isList || segment.count > 0 else {
      return writeNullValue(at: field.takeUnretainedValue(), isNullable: step.pointee.isNullable)
    }
    if step.pointee.isList {
      let type = field._withUnsafeGuaranteedRef { $0.type.nullable.wrapped }
      pushSegment(
        base, stride: reader._withUnsafeGuaranteedRef { $0.stride }, count: segment.count,
        object: step.pointee.child, field: field, itemType: type, isNullable: step.pointee.isNullable)
      stack[depth - 1].arenaMark = mark
    } else {
      pushResident(base, object: step.pointee.child, reader, field, isNullable: step.pointee.isNullable)
      if depth > 0 { stack[depth - 1].arenaMark = mark }
    }
  }

  private mutating func children(
    _ reader: Unmanaged<ChildReader>, _ row: UnsafeRawPointer, _ arguments: ArgumentsBox?
  ) -> ChildSegment {
    withUnsafeMutablePointer(to: &arena) { arena in
      reader._withUnsafeGuaranteedRef { reader in
        guard let arguments else { return .null }
        return reader.children(row, arguments.value, arena)
      }
    }
  }

  /// One resident object; of an abstract type its concrete type is found first.
  private mutating func pushResident(
    _ row: UnsafeRawPointer, object: Unmanaged<PlanObject>?, _ reader: Unmanaged<ChildReader>,
    _ field: Unmanaged<PlanField>, isNullable: Bool
  ) {
    if let object {
      return pushObject(
        object.takeUnretainedValue(), row: row, frame: nil, index: 0, isNullable: isNullable)
    }
    resolve(row, rowType: reader.takeUnretainedValue().childType, field.takeUnretainedValue(), isNullable)
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
      pushObject(object, row: row, frame: nil, index: 0, isNullable: isNullable)
    } catch {
      fail(error, at: field, isNullable: isNullable)
    }
  }

  mutating func pushSegment(
    _ base: UnsafeRawPointer, stride: Int, count: Int, object: Unmanaged<PlanObject>?,
    field: Unmanaged<PlanField>, itemType: TypeReference, isNullable: Bool
  ) {
    var entry = Entry(kind: .segment, isNullable: isNullable, mark: out.count, end: count)
    entry.row = base
    entry.stride = stride
    entry.object = object
    entry.field = field
    entry.itemType = itemType
    entry.arenaMark = arena.mark
    out.put(0x5B)
    push(entry)
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
    pushObject(object.takeUnretainedValue(), row: row, frame: nil, index: 0, isNullable: isItemNullable)
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
    while entry.pointee.next < entry.pointee.end {
      let row = nextItem(entry, base)
      let itemMark = out.count
      out.put(0x7B)
      for position in 0..<stepCount {
        let step = steps + position
        out.put(key: step.pointee.key, Int(step.pointee.keyCount), isFirst: position == 0)
        guard let leaf = step.pointee.leaf else {
          object._withUnsafeGuaranteedRef { $0.typenameBytes.withUnsafeBufferPointer { out.put($0) } }
          continue
        }
        let mark = out.count
        leaf.write(at: row, &out)
        if out.outcome == .value { continue }
        if out.outcome == .null && step.pointee.isNullable {
          out.outcome = .value
          continue
        }
        reopen(object, row, itemMark, next: position + 1, isNullable: isItemNullable)
        settleLeaf(mark, at: step.pointee.field.takeUnretainedValue(), isNullable: step.pointee.isNullable)
        return false
      }
      out.put(0x7D)
      if out.count > byteLimit { return false }
    }
    return true
  }

  @inline(never)
  private mutating func reopen(
    _ object: Unmanaged<PlanObject>, _ row: UnsafeRawPointer, _ mark: Int, next: Int, isNullable: Bool
  ) {
    var entry = Entry(
      kind: .object, isNullable: isNullable, mark: mark, end: object._withUnsafeGuaranteedRef { $0.stepCount }
    )
    entry.next = next
    entry.object = object
    entry.row = row
    entry.arenaMark = arena.mark
    push(entry)
  }
}
