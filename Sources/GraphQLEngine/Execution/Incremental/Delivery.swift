/// A batch of deferred groups, or of streamed items, that is executed together: one call of each batch
/// resolver for all of them.
///
/// Owned by the run of one incremental response.
final class Delivery {
  enum Work {
    /// Groups of the same fields: a frame for each kind of rows, with one group for each row.
    case groups([(frame: Frame, groups: [DeferredGroup])])
    /// The lists of a column, one for each stream.
    case items(AttachedColumn, [StreamedList])
  }

  let execution: Execution
  let work: Work
  /// What it waits for.
  var gate: LevelGate?

  init(execution: Execution, work: Work) {
    self.execution = execution
    self.work = work
  }
}

// MARK: - Groups

extension Delivery {
  /// Groups of one part, as frames over their rows. Throws when rows are not what the fields read.
  convenience init(_ groups: [DeferredGroup], _ object: PlanObject, _ execution: Execution) throws {
    var kinds: [RowKind: [DeferredGroup]] = [:]
    var order: [RowKind] = []
    for group in groups {
      let kind = RowKind(group.place)
      if kinds[kind] == nil { order.append(kind) }
      kinds[kind, default: []].append(group)
    }
    var frames: [(frame: Frame, groups: [DeferredGroup])] = []
    for kind in order {
      guard let groups = kinds[kind] else { continue }
      frames.append((frame: try kind.frame(groups, object), groups: groups))
    }
    execution.start(frames.map(\.frame))
    self.init(execution: execution, work: .groups(frames))
  }
}

/// Groups whose rows can stand in one frame.
private struct RowKind: Hashable {
  /// The frame, of rows of a table; else the type of Swift rows.
  let identity: ObjectIdentifier
  let isTable: Bool

  init(_ place: ObjectPlace) {
    if let frame = place.frame, frame.isTable {
      identity = ObjectIdentifier(frame)
      isTable = true
    } else {
      // Only JSON objects have no frame.
      identity = place.frame?.rowType ?? ObjectIdentifier(InputValue.self)
      isTable = false
    }
  }

  func frame(_ groups: [DeferredGroup], _ object: PlanObject) throws -> Frame {
    var owners: [RowOwner] = []
    for group in groups where owners.last !== group.owner { owners.append(group.owner) }
    if isTable, let frame = groups.first?.place.frame,
      case .table(let source, let layout, _) = frame.rows
    {
      let rows = groups.map { frame.tableRow($0.place.index) }
      return Frame(
        object: object, rows: .table(source, layout, indexes: rows), rowType: nil, count: rows.count,
        owners: owners)
    }
    if let wanted = object.rowType, wanted != identity {
      throw RowMismatch(expected: "the rows of its fields")
    }
    let pointers = groups.compactMap { $0.place.row }
    guard pointers.count == groups.count else { throw RowMismatch(expected: "Swift rows") }
    return Frame(
      object: object, rows: .scattered(RowPointers(pointers)), rowType: identity, count: pointers.count,
      owners: owners)
  }
}

// MARK: - Items

extension Delivery {
  /// The later items of streams of one field. Throws when the column does not fit.
  convenience init(_ lists: [StreamedList], _ column: Column, _ execution: Execution) throws {
    var owners: [RowOwner] = []
    for list in lists where owners.last !== list.owner { owners.append(list.owner) }
    let field = lists[0].field
    let fitted = try execution.fitted(column, to: field, count: lists.count)
    let attached = try execution.attached(fitted, field, owners: owners)
    self.init(execution: execution, work: .items(attached, lists))
  }
}
