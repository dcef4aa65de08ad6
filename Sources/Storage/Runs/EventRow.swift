import Flows

/// The events of one transition as a row of `execution_events`: one alone as it is, several as a list under
/// the kind `several`. The row's `sequence` is the number of the last of them, `count` how many they are.
struct EventRow {
  /// The kind of a row that holds more than one event.
  static let several = "several"

  let kind: String
  /// JSON: the event's payload, or a list with kind, microseconds since 1970 and payload of each.
  let data: String
  /// When the last of them happened.
  let at: Instant

  /// Nil when nothing happened.
  init?(_ events: [RunEvent]) {
    guard let last = events.last else { return nil }
    at = last.at
    guard events.count > 1 else {
      kind = last.kind.name
      data = last.kind.payload().text()
      return
    }
    kind = EventRow.several
    data = JSONValue.array(
      events.map { .array([.string($0.kind.name), .integer($0.at.microseconds), $0.kind.payload()]) }
    ).text()
  }

  /// SQL that makes the events of a row of `execution_events` again, with number, kind, data and instant, as
  /// something to be joined laterally. The argument is SQL of this module: the row's name.
  static func unfold(_ row: String) -> String {
    """
    (SELECT \(row).sequence, \(row).kind, \(row).data, \(row).at WHERE \(row).count = 1 UNION ALL \
    SELECT \(row).sequence - \(row).count + i.place::integer, i.item ->> 0, i.item -> 2, \
    timestamptz 'epoch' + (i.item ->> 1)::bigint * interval '1 microsecond' FROM jsonb_array_elements(\
    CASE WHEN \(row).count > 1 THEN \(row).data ELSE '[]' END) WITH ORDINALITY AS i (item, place))
    """
  }
}
