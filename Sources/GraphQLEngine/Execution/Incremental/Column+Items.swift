// Columns of lists, cut and joined: `@stream` delivers a list in pieces, an asynchronous sequence brings it in
// pieces.

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

  /// A column with one list for each piece. Errors of parents are left out.
  func slicing(_ pieces: [ColumnPiece]) -> Column {
    var counts: [Int] = []
    counts.reserveCapacity(pieces.count)
    var entries: [Int] = []
    for piece in pieces {
      counts.append(piece.items?.count ?? -1)
      let start = outermost.starts[piece.parent]
      if let items = piece.items { entries += (start + items.lowerBound)..<(start + items.upperBound) }
    }
    var levels = [ListOffsets(counts: counts)]
    for inner in lists.dropFirst() {
      levels.append(ListOffsets(counts: entries.map { inner.counts[$0] }))
      entries = entries.flatMap { list in
        let start = inner.starts[list]
        return start..<(start + max(inner.counts[list], 0))
      }
    }
    var result = selecting(entries)
    result.lists = levels
    return result
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
