import Flows

/// The events of one transition as a row of `execution_events`: one alone as it is, several as a list under
/// the kind `several`. The row's `sequence` is the number of the last of them, `count` how many they are.
///
/// What an event says of a node's input and output stands in the node's row as well, and what it says of a
/// run's output in the run's. Of several events the large ones of these are not stored a second time:
/// `unfold` takes them from there. Only where the row keeps them: not inside of loops, where an attempt of
/// the loop writes the rows of the one before anew.
struct EventRow {
  /// The kind of a row that holds more than one event.
  static let several = "several"
  /// Where an event's value stands in the run's row.
  private static let run = "run"
  /// Smaller values stay with their events: the place of another one takes as much.
  static let smallBytes = 64

  let kind: String
  /// JSON: the event's payload, or a list with kind, microseconds since 1970 and payload of each, and where
  /// it has members elsewhere the id of the node that has them, or `run`.
  let data: String
  /// When the last of them happened.
  let at: Instant

  /// Nil when nothing happened.
  init?(_ transition: RunTransition) {
    let events = transition.events
    guard let last = events.last else { return nil }
    at = last.at
    guard events.count > 1 else {
      kind = last.kind.name
      data = last.kind.payload().text()
      return
    }
    kind = EventRow.several
    let rows = Dictionary(
      transition.nodeRuns.lazy.filter { $0.iteration == .root }.map { ($0.nodeID, $0) },
      uniquingKeysWith: { $1 })
    data = JSONValue.array(events.map { EventRow.item($0, transition, rows) }).text()
  }

  private static func item(
    _ event: RunEvent, _ transition: RunTransition, _ rows: [Identifier: NodeRun]
  ) -> JSONValue {
    var payload = event.kind.payload()
    var place: JSONValue?
    switch event.kind {
    case .nodeStarted(let started) where started.iteration == .root:
      guard let row = rows[started.node] else { break }
      if payload.leave("input", started.input, to: row.input) { place = .string(row.nodeID.description) }
    case .nodeFinished(let finished) where finished.iteration == .root:
      guard let row = rows[finished.node], row.state.isFinal else { break }
      let isInputThere = payload.leave("input", finished.input, to: row.input)
      let isOutputThere = payload.leave("output", finished.output, to: row.output)
      if isInputThere || isOutputThere { place = .string(row.nodeID.description) }
    case .finished(let finished) where transition.state.isFinal:
      if payload.leave("output", finished.output, to: transition.output) { place = .string(run) }
    default: break
    }
    let item: [JSONValue] = [.string(event.kind.name), .integer(event.at.microseconds), payload]
    return .array(item + [place].compactMap { $0 })
  }

  /// SQL that makes the events of a row of `execution_events` again, with number, kind, data and instant, as
  /// something to be joined laterally. The argument is SQL of this module: the row's name.
  static func unfold(_ row: String) -> String {
    """
    (SELECT \(row).sequence, \(row).kind, \(row).data, \(row).at WHERE \(row).count = 1 UNION ALL \
    SELECT \(row).sequence - \(row).count + i.place::integer, i.item ->> 0, \
    CASE WHEN i.item -> 3 IS NULL THEN i.item -> 2 \
    WHEN i.item ->> 3 = '\(run)' THEN coalesce((SELECT jsonb_build_object('output', l.result) \
    FROM execution_logs l WHERE l.organization_id = \(row).organization_id AND l.id = \(row).execution_id), \
    '{}') || (i.item -> 2) \
    ELSE coalesce((SELECT CASE i.item ->> 0 WHEN 'node_started' THEN jsonb_build_object('input', n.input) \
    ELSE jsonb_build_object('input', n.input, 'output', n.output) END FROM node_execution_logs n \
    WHERE n.organization_id = \(row).organization_id AND n.execution_id = \(row).execution_id \
    AND n.node_id = (i.item ->> 3)::uuid AND n.iteration = 0), '{}') || (i.item -> 2) END, \
    timestamptz 'epoch' + (i.item ->> 1)::bigint * interval '1 microsecond' FROM jsonb_array_elements(\
    CASE WHEN \(row).count > 1 THEN \(row).data ELSE '[]' END) WITH ORDINALITY AS i (item, place))
    """
  }
}

extension JSONValue {
  /// Takes a member away when its value is large and the same stands where it is read again.
  fileprivate mutating func leave(_ name: String, _ value: JSONValue?, to stored: JSONValue?) -> Bool {
    guard let value, let stored, case .object(var members) = self,
      value.approximateBytes > EventRow.smallBytes, value.isWritten(like: stored)
    else { return false }
    self = .null
    members[name] = nil
    self = .object(members)
    return true
  }
}
