// Columns of lists, cut and joined: `@stream` delivers a list in pieces, an asynchronous sequence brings it
// in pieces.

/// Some consecutive items of the list of one parent.
struct ColumnPiece {
  var parent: Int
  /// Positions in the parent's list; nil is a null list.
  var items: Range<Int>?
}

extension Column {
  /// The outermost lists of a column.
  private var outermost: ListOffsets { lists.first ?? ListOffsets(counts: []) }

  /// The number of items in the list of a parent; -1 is null.
  func itemCount(_ parent: Int) -> Int { outermost.counts[parent] }

  /// A column with one list for each piece. Errors of parents are left out, those of places kept.
  func slicing(_ pieces: [ColumnPiece]) -> Column {
    var counts: [Int] = []
    counts.reserveCapacity(pieces.count)
    var entries: [Int] = []
    var errors: [ErrorPlace: any Error] = [:]
    for piece in pieces {
      counts.append(piece.items?.count ?? -1)
      let start = outermost.starts[piece.parent]
      if let items = piece.items { entries += (start + items.lowerBound)..<(start + items.upperBound) }
    }
    keepErrors(of: pieces.map(\.parent), level: 0, in: &errors)
    var levels = [ListOffsets(counts: counts)]
    for (level, inner) in lists.enumerated().dropFirst() {
      keepErrors(of: entries, level: level, in: &errors)
      levels.append(ListOffsets(counts: entries.map { inner.counts[$0] }))
      entries = entries.flatMap { list in
        let start = inner.starts[list]
        return start..<(start + max(inner.counts[list], 0))
      }
    }
    keepErrors(of: entries, level: lists.count, in: &errors)
    var result = selecting(entries)
    result.lists = levels
    result.placeErrors = errors
    return result
  }

  private func keepErrors(of chosen: [Int], level: Int, in errors: inout [ErrorPlace: any Error]) {
    guard !placeErrors.isEmpty else { return }
    for (index, old) in chosen.enumerated() {
      if let error = placeErrors[ErrorPlace(level: level, index: old)] {
        errors[ErrorPlace(level: level, index: index)] = error
      }
    }
  }

  /// Items as lists: what was the error of an item is the error of its place.
  func itemsAsLists(counts: [Int]) -> Column {
    if case .dynamic(let values) = content {
      let shown = (0..<values.count).map { index in
        errors[index].map { ["$error": .string(Column.message(of: $0))] } ?? values[index].pointee
      }
      return shown.withUnsafeBufferPointer { .dynamicLists($0, counts) }
    }
    guard !errors.isEmpty else { return lists(counts: counts) }
    var result = self
    if !lists.isEmpty {
      result = slicing(
        (0..<parentCount).map { item in
          let count = itemCount(item)
          return ColumnPiece(parent: item, items: errors[item] == nil && count >= 0 ? 0..<count : nil)
        })
    } else if case .objects(let groups, let positions) = content {
      result = .objects(
        groups,
        at: (0..<entryCount).map { entry in
          errors[entry] != nil ? .null : positions?[entry] ?? RowPosition(group: 0, row: entry)
        })
    } else if case .leaves(let writer) = content {
      let messages = errors.mapValues(Column.message)
      let failing = ColumnWriter { index, out in
        if let message = messages[index] { out.fail(message) } else { writer.write(index, &out) }
      }
      return Column(writer: failing, count: entryCount).lists(counts: counts)
    }
    for (item, error) in errors { result.placeErrors[ErrorPlace(level: 1, index: item)] = error }
    return result.lists(counts: counts)
  }

  private static func message(of error: any Error) -> String {
    switch error {
    case let error as GraphQLError: error.message
    case let error as any ClientVisibleError: error.graphQLError.message
    default: "Internal error"
    }
  }

  /// The entries below all lists at the given places.
  private func selecting(_ entries: [Int]) -> Column {
    switch content {
    case .leaves(let writer):
      let chosen = ColumnWriter { index, out in writer.write(entries[index], &out) }
      return Column(writer: chosen, count: entries.count)
    case .cells(let source, let place, let indexes):
      let chosen = entries.map { entry in indexes.map { $0[entry] } ?? entry }
      return Column(content: .cells(source, place, indexes: chosen), entryCount: entries.count)
    case .objects(let groups, let positions):
      let chosen = entries.map { entry in
        positions.map { $0[entry] } ?? RowPosition(group: 0, row: entry)
      }
      return .objects(groups, at: chosen)
    case .dynamic(let values):
      return .dynamic(entries.map { values[$0].pointee })
    }
  }

  /// The columns one behind the other, all of the same kind and with the same lists.
  static func joining(_ columns: [Column]) throws -> Column {
    guard let first = columns.first, columns.count > 1 else { return columns.first ?? .nulls(0) }
    guard columns.allSatisfy({ $0.lists.count == first.lists.count }) else {
      throw ColumnMismatch(problem: "pieces of a list with different lists inside")
    }
    var result = try joiningEntries(columns, like: first)
    for level in first.lists.indices {
      result.lists.append(ListOffsets(counts: columns.flatMap { $0.lists[level].counts }))
    }
    var offset = 0
    for column in columns {
      for (parent, error) in column.errors { result.errors[offset + parent] = error }
      offset += column.parentCount
    }
    return result
  }

  private static func joiningEntries(_ columns: [Column], like first: Column) throws -> Column {
    switch first.content {
    case .leaves: return try joiningLeaves(columns)
    case .objects: return try joiningObjects(columns)
    case .dynamic:
      var values: [InputValue] = []
      for column in columns {
        guard case .dynamic(let list) = column.content else { throw mixedPieces }
        values += UnsafeBufferPointer(start: list.base, count: list.count)
      }
      return .dynamic(values)
    case .cells(let source, let place, _):
      var rows: [Int] = []
      for column in columns {
        guard case .cells(let other, let otherPlace, let indexes) = column.content, other === source,
          otherPlace == place
        else { throw mixedPieces }
        rows += indexes ?? Array(0..<column.entryCount)
      }
      return Column(content: .cells(source, place, indexes: rows), entryCount: rows.count)
    }
  }

  private static func joiningLeaves(_ columns: [Column]) throws -> Column {
    var places: [(writer: ColumnWriter, index: Int)] = []
    for column in columns {
      guard case .leaves(let writer) = column.content else { throw mixedPieces }
      places += (0..<column.entryCount).map { (writer, $0) }
    }
    let joined = places
    let writer = ColumnWriter { index, out in joined[index].writer.write(joined[index].index, &out) }
    return Column(writer: writer, count: joined.count)
  }

  private static func joiningObjects(_ columns: [Column]) throws -> Column {
    var groups: [Rows] = []
    var positions: [RowPosition] = []
    for column in columns {
      guard case .objects(let rows, let places) = column.content else { throw mixedPieces }
      for entry in 0..<column.entryCount {
        var place = places?[entry] ?? RowPosition(group: 0, row: entry)
        place.group += groups.count
        positions.append(place)
      }
      groups += rows
    }
    return .objects(groups, at: positions)
  }

  private static var mixedPieces: ColumnMismatch { ColumnMismatch(problem: "pieces of different kinds") }
}
