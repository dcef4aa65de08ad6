/// A subscription's source whose events have numbers that grow (`Column.identified`), and which can be read
/// anew behind each of them. By them a host finds out that one reader can stand for several equal
/// subscriptions.
public protocol ResumableEvents: AsyncSequence<Column, any Error>, Sendable {
  /// The number behind which it begins.
  var start: Int { get }

  /// What an event of that number would be called (`Column.identified`), where a client that has seen no
  /// event yet could not come back to the same place without it; nil elsewhere.
  var startID: String? { get }

  /// Whether nothing is known yet that lies behind a number, so that who reads on from there has to wait.
  /// Answered at once, without a read.
  func isCurrent(behind number: Int) -> Bool

  /// The same events, behind another number.
  func resumed(behind number: Int) -> FieldBinding.EventStream
}

extension ResumableEvents {
  /// Nil: clients know where they begin.
  public var startID: String? { nil }
}

extension ResponseStream {
  private var events: (any ResumableEvents)? {
    if case .values(let events) = source { events as? any ResumableEvents } else { nil }
  }

  /// The number of the event behind which it begins; nil when its events have no numbers.
  public var start: Int? { events?.start }

  /// What a client has to know to come back to that place before it has seen an event; nil when it knows.
  public var startID: String? { events?.startID }

  /// Whether nothing is known yet of events behind a number (`ResumableEvents`).
  public func isCurrent(behind number: Int) -> Bool { events?.isCurrent(behind: number) ?? false }

  /// The responses to the events behind a number, for one more iteration; nil when events have no numbers.
  ///
  /// - Parameter responses: takes the place of the request's `eventResponses`.
  public func resumed(behind number: Int, sharing responses: (any EventResponses)?) -> ResponseStream? {
    guard let events else { return nil }
    var request = request
    request.eventResponses = responses
    return ResponseStream(
      plan: plan, request: request, variables: variables, source: .values(events.resumed(behind: number)))
  }
}
