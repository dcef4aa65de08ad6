import Flows
import Postgres

/// Where the feed of a run reads.
struct RunSource: FeedSource {
  static let canEnd = true

  let run: RunReference
  let database: Database

  /// The run's last number, and whether it is over; nil when there is no such run.
  func end() async throws -> (last: Int, isOver: Bool)? {
    let rows = try await database.query(
      EventReads.end, keyParameters(run.organizationID, [run.runID]))
    guard rows.rowCount == 1, let last = rows.int(0, 0) else { return nil }
    return (last, rows.bool(0, 1) ?? false)
  }

  /// The next stretch. An event of a kind that this program does not know is left out.
  func stretch(behind last: Int, limit: Int) async throws -> FeedStretch<NumberedEvent> {
    let rows = try await database.query(
      EventReads.after, EventReads.parameters(run, after: last, limit: limit))
    var stretch = FeedStretch<NumberedEvent>(tail: last)
    stretch.rowCount = rows.rowCount
    for row in 0..<rows.rowCount {
      guard let sequence = rows.int(row, 0) else { continue }
      stretch.tail = sequence
      guard let name = rows.string(row, 1), let data = rows.jsonBytes(row, 2),
        let at = rows.microseconds(row, 3),
        let kind = RunEvent.Kind(name: name, payload: try JSONValue(parsing: data))
      else {
        stretch.hasUnknown = true
        continue
      }
      stretch.sizes.append(data.count)
      stretch.events.append(
        NumberedEvent(sequence: sequence, event: RunEvent(at: Instant(microseconds: at), kind)))
    }
    if case .finished = stretch.events.last?.event.kind { stretch.isLast = true }
    return stretch
  }
}
