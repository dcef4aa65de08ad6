/// What `@stream` leaves of the lists of a column for later: items that are there already, or sequences that
/// go on.
///
/// Owned by the column that shows the first items; immutable.
final class StreamedLists {
  /// The lists with all their items; nil where sequences bring them.
  let whole: Column?
  let initialCount: Int
  let sources: ItemSources?

  init(whole: Column?, initialCount: Int, sources: ItemSources?) {
    self.whole = whole
    self.initialCount = initialCount
    self.sources = sources
  }

  /// The later items of one parent's list; nil when there are none.
  func rest(_ parent: Int) -> StreamedList.Source? {
    if let source = sources?.sources[parent] { return .sequence(source) }
    guard let whole, whole.itemCount(parent) > initialCount else { return nil }
    return .lists(self, parent: parent)
  }
}

extension Execution {
  /// The number of items that a streamed field shows at once (§ 3.13.x, `@stream`).
  func initialCount(of stream: StreamUsage) throws(GraphQLError) -> Int {
    let count =
      switch stream.initialCount {
      case .constant(let number): number
      case .variable(let index, let otherwise): variables[index]?.int ?? otherwise
      }
    guard count >= 0 else {
      var error = StreamUsage.negativeCount
      error.extensions = plan.context.executable.inputErrorExtensions
      throw error
    }
    return count
  }

  /// Cuts a fitted column's lists after the initial items.
  func split(_ column: Column, _ field: PlanField) throws -> (now: Column, later: StreamedLists?) {
    guard let stream = field.stream else { return (column, nil) }
    if let sources = column.sources {
      return (column, StreamedLists(whole: nil, initialCount: 0, sources: sources))
    }
    // JSON values are cut by the output pass; a list that is written as one leaf is not streamed.
    guard !column.lists.isEmpty else { return (column, nil) }
    let parents = 0..<column.parentCount
    let count: Int
    do {
      count = try initialCount(of: stream)
    } catch {
      let refused = parents.filter { column.itemCount($0) >= 0 }
      return (column.failing(Dictionary(uniqueKeysWithValues: refused.map { ($0, error) })), nil)
    }
    guard parents.contains(where: { column.itemCount($0) > count }) else { return (column, nil) }
    let pieces = parents.map { parent in
      let length = column.itemCount(parent)
      return ColumnPiece(parent: parent, items: length < 0 ? nil : 0..<min(length, count))
    }
    let now = column.slicing(pieces).failing(column.errors)
    return (now, StreamedLists(whole: column, initialCount: count, sources: nil))
  }

  /// The first items of lists that sequences bring.
  func readItems(
    _ start: @escaping FieldBinding.ItemsFunction, _ call: FieldCall, _ field: PlanField
  ) throws -> Resolution {
    let reader = ItemsReader(
      call: call, initialCount: try field.stream.map { try initialCount(of: $0) },
      itemLimit: plan.context.limits.sequenceItems)
    return .async { try await reader.read(start) }
  }
}
