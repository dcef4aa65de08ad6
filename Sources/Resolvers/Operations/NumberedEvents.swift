import GraphQLEngine

/// The events of a subscription behind a number, which can be opened behind any other number too.
struct NumberedEvents<Events: AsyncSequence<Column, any Error>>: ResumableEvents {
  typealias Element = Column
  typealias Failure = any Error

  let start: Int
  var startID: String? = nil
  let isCurrent: @Sendable (Int) -> Bool
  let open: @Sendable (Int) -> Events

  func isCurrent(behind number: Int) -> Bool { isCurrent(number) }

  func resumed(behind number: Int) -> FieldBinding.EventStream {
    NumberedEvents(start: number, isCurrent: isCurrent, open: open)
  }

  func makeAsyncIterator() -> Events.AsyncIterator { open(start).makeAsyncIterator() }
}
