// The values of columns: what a batch or loader fetched, and resident children that have frames.

extension OutputPass {
  /// The value of one parent.
  mutating func writeColumn(_ column: Unmanaged<AttachedColumn>, _ parent: Int, _ field: PlanField) {
    let attached = column.takeUnretainedValue()
    let isNullable = !field.type.isNonNull
    if attached.hasErrors, let error = attached.failure ?? attached.parentErrors[parent] {
      return fail(error, at: field, isNullable: isNullable)
    }
    let before = depth
    if attached.isList {
      writeList(column, parent, level: 0, field.type, field)
    } else {
      writeEntry(attached, parent, field.type, field)
    }
    if attached.streamed != nil && depth > before { noteStream(attached, parent, field) }
  }

  /// One list of a column.
  mutating func writeList(
    _ column: Unmanaged<AttachedColumn>, _ list: Int, level: Int, _ type: TypeReference, _ field: PlanField
  ) {
    let attached = column.takeUnretainedValue()
    let offsets = attached.column.lists[level]
    let count = offsets.counts[list]
    let isNullable = !type.isNonNull
    guard count >= 0 else {
      if let error = attached.column.placeErrors[ErrorPlace(level: level, index: list)] {
        return fail(error, at: field, isNullable: isNullable)
      }
      return writeNullValue(at: field, isNullable: isNullable)
    }
    let start = offsets.starts[list]
    let itemType = type.nullable.wrapped
    let isInnermost = level + 1 == attached.column.lists.count
    if isInnermost, let segment = segment(attached, start) {
      return pushSegment(
        segment.base, stride: segment.stride, count: count, object: segment.object,
        field: .passUnretained(field), itemType: itemType, isNullable: isNullable)
    }
    let entry = open(.column, end: count, isNullable: isNullable)
    entry.pointee.column = column
    entry.pointee.start = start
    entry.pointee.level = level + 1
    entry.pointee.field = .passUnretained(field)
    entry.pointee.itemType = itemType
    out.put(0x5B)
  }

  private struct RowSegment {
    var base: UnsafeRawPointer
    var stride: Int
    var object: Unmanaged<PlanObject>
  }

  /// Rows that need no frame and lie at equal strides are written like resident ones.
  private func segment(_ column: AttachedColumn, _ start: Int) -> RowSegment? {
    guard column.kind == .objects, column.positions == nil, column.frames.count == 1 else { return nil }
    let frame = column.frames[0]
    guard case .contiguous(let base, let stride) = frame.rows, !frame.object.needsFrame,
      !frame.object.hasParts
    else { return nil }
    return RowSegment(
      base: base + start * stride, stride: stride, object: .passUnretained(frame.object))
  }

  mutating func writeColumnItem(_ entry: UnsafeMutablePointer<Entry>) {
    let position = entry.pointee.next
    guard position < entry.pointee.end, let column = entry.pointee.column, let field = entry.pointee.field
    else {
      return pop(0x5D)
    }
    if position > 0 { out.put(0x2C) }
    entry.pointee.next = position + 1
    let item = entry.pointee.start + position
    let type = entry.pointee.itemType
    let level = entry.pointee.level
    let attached = column.takeUnretainedValue()
    if level < attached.column.lists.count {
      writeList(column, item, level: level, type, field.takeUnretainedValue())
    } else {
      writeEntry(attached, item, type, field.takeUnretainedValue())
    }
  }

  /// One entry below all lists.
  mutating func writeEntry(
    _ column: AttachedColumn, _ entry: Int, _ type: TypeReference, _ field: PlanField
  ) {
    let isNullable = !type.isNonNull
    let mark = out.count
    switch column.kind {
    case .leaves:
      column.writer?._withUnsafeGuaranteedRef { $0.write(entry, &out) }
      if field.child != nil && (out.outcome == .value || out.outcome == .items) {
        out.truncate(to: mark)
        out.outcome = .value
        _ = out.takeUnusualItems()
        fail(ColumnMismatch(problem: "leaves for objects"), at: field, isNullable: isNullable)
      } else if out.outcome != .value {
        settleLeaf(mark, at: field, as: type)
      } else if type.nullable.isList && !out.isList(from: mark) {
        out.truncate(to: mark)
        fail(GraphQLError.notIterable(field, execution.schema), at: field, isNullable: isNullable)
      }
    case .cells:
      guard let cells = column.cells, let writer = column.cellWriter else { return }
      let cell = cells[column.cellIndexes.map { $0[entry] } ?? entry]
      if writer.isJSON && execution.schema.completesJSON(type) { return complete(writer, cell, type, field) }
      writer.write(cell, &out)
      if out.outcome != .value {
        settleLeaf(mark, at: field, as: type)
      } else if type.nullable.isList {
        // Only JSON text can be a list.
        out.truncate(to: mark)
        fail(GraphQLError.notIterable(field, execution.schema), at: field, isNullable: isNullable)
      }
    case .objects: writeObject(column, entry, field, isNullable)
    case .dynamic:
      guard case .dynamic(let values) = column.column.content else { return }
      complete(UnsafeRawPointer(values[entry]), type, field)
    case .failed: break
    }
  }

  private mutating func writeObject(
    _ column: AttachedColumn, _ entry: Int, _ field: PlanField, _ isNullable: Bool
  ) {
    let position = column.positions.map { $0[entry] } ?? FramePosition(frame: 0, row: Int32(entry))
    guard position.frame >= 0 else {
      let place = ErrorPlace(level: column.column.lists.count, index: entry)
      if let error = column.entryErrors[entry] ?? column.column.placeErrors[place] {
        return fail(error, at: field, isNullable: isNullable)
      }
      return writeNullValue(at: field, isNullable: isNullable)
    }
    let frame = column.frames[Int(position.frame)]
    let row = Int(position.row)
    pushObject(
      .passUnretained(frame.object), row: frame.pointer(row), frame: .passUnretained(frame), index: row,
      isNullable: isNullable)
  }
}
