import Synchronization

/// The items of one list that are still to come.
///
/// Read by one task at a time: each piece is asked for when the one before it has been taken in.
final class ItemSource: @unchecked Sendable {
  // @unchecked: `iterator` and `kept` are used inside of `next` alone, and `isReading` lets one call in.

  private let isReading = Mutex(false)
  private var iterator: SourceIterator<Column>
  /// What was read beyond the initial items.
  private var kept: Column?

  init(_ items: FieldBinding.ItemStream) { iterator = SourceIterator(items) }

  /// The next items; nil at the end.
  func next() async throws -> Column? {
    let isFirst = isReading.withLock { isReading in
      defer { isReading = true }
      return !isReading
    }
    guard isFirst else { throw ColumnMismatch(problem: "a list that is read twice at once") }
    defer { isReading.withLock { $0 = false } }
    if let column = kept {
      kept = nil
      return column
    }
    while let column = try await iterator.next() {
      if column.parentCount > 0 { return column }
    }
    return nil
  }

  /// The first items, at least `count` of them where there are as many, and whether the list has ended. What
  /// arrived with them and is not wanted yet is kept.
  func first(_ count: Int) async throws -> (items: [Column], isAtEnd: Bool) {
    var columns: [Column] = []
    var missing = count
    while missing > 0 {
      guard let column = try await next() else { return (columns, true) }
      if column.parentCount > missing {
        columns.append(column.items(0..<missing))
        kept = column.items(missing..<column.parentCount)
        missing = 0
      } else {
        columns.append(column)
        missing -= column.parentCount
      }
    }
    return (columns, false)
  }
}

extension Column {
  /// Some of its items, with their errors.
  fileprivate func items(_ range: Range<Int>) -> Column {
    var result = lists(counts: [parentCount]).slicing([ColumnPiece(parent: 0, items: range)])
    result.lists.removeFirst()
    for (item, error) in errors where range.contains(item) {
      result.errors[item - range.lowerBound] = error
    }
    return result
  }
}

/// The open lists of a column, by parent.
final class ItemSources: Sendable {
  let sources: [ItemSource?]

  init(_ sources: [ItemSource?]) { self.sources = sources }
}

/// Reads the lists of all parents of a level as far as the response needs them at once.
struct ItemsReader: Sendable {
  let call: FieldCall
  /// The items that are wanted at once; nil wants them all.
  let initialCount: Int?
  let itemLimit: Int

  /// One list.
  private struct Piece: Sendable {
    var parent: Int
    var result: Result<Column, any Error>
    var source: ItemSource?
  }

  func read(_ start: FieldBinding.ItemsFunction) async throws -> Column {
    let streams = try await start(call)
    guard streams.count == call.parents.count else {
      throw ColumnMismatch(problem: "\(streams.count) lists for \(call.parents.count) parents")
    }
    var pieces = [Piece?](repeating: nil, count: streams.count)
    await withTaskGroup(of: Piece.self) { group in
      for (parent, stream) in streams.enumerated() {
        guard let stream else { continue }
        let source = ItemSource(stream)
        group.addTask { await read(source, parent) }
      }
      for await piece in group { pieces[piece.parent] = piece }
    }
    return try assemble(pieces)
  }

  private func read(_ source: ItemSource, _ parent: Int) async -> Piece {
    do {
      if let initialCount {
        let (items, isAtEnd) = try await source.first(initialCount)
        let column = try Column.joining(items)
        return Piece(parent: parent, result: .success(column), source: isAtEnd ? nil : source)
      }
      var items: [Column] = []
      var count = 0
      while let column = try await source.next() {
        count += column.parentCount
        guard count <= itemLimit else { throw GraphQLError("The list has more than \(itemLimit) items.") }
        items.append(column)
      }
      return Piece(parent: parent, result: .success(try Column.joining(items)), source: nil)
    } catch {
      return Piece(parent: parent, result: .failure(error), source: nil)
    }
  }

  private func assemble(_ pieces: [Piece?]) throws -> Column {
    var counts: [Int] = []
    var items: [Column] = []
    var errors: [Int: any Error] = [:]
    for (parent, piece) in pieces.enumerated() {
      switch piece?.result {
      case .success(let column):
        counts.append(column.parentCount)
        if column.parentCount > 0 { items.append(column) }
      case .failure(let error):
        counts.append(-1)
        errors[parent] = error
      case nil: counts.append(-1)
      }
    }
    // Without any item the kind of the items is not known, and does not matter.
    var column = try (items.isEmpty ? Column.none(call) : Column.joining(items)).itemsAsLists(counts: counts)
    if initialCount != nil { column.sources = ItemSources(pieces.map { $0?.source }) }
    return column.failing(errors)
  }
}

extension Column {
  /// No item, of a field's type.
  fileprivate static func none(_ call: FieldCall) -> Column {
    let type = call.schema[call.field].type
    let isComposite = call.schema[type.namedType].kind.isComposite
    var column = isComposite ? Column.objects(.dynamic([]), at: []) : .nulls(0)
    for _ in 1..<max(type.listDepth, 1) { column = column.lists(counts: []) }
    return column
  }

  /// JSON values as lists: a list is a JSON value too.
  static func dynamicLists(_ values: UnsafeBufferPointer<InputValue>, _ counts: [Int]) -> Column {
    var start = 0
    return .dynamic(
      counts.map { count in
        guard count >= 0 else { return .null }
        defer { start += count }
        return .list(Array(values[start..<(start + count)]))
      })
  }
}
