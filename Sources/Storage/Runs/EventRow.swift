import Flows

/// The events of one transition as a row of `execution_events`: one alone as it is, several as a list under
/// the kind `several`. The row's `sequence` is the number of the last of them, `count` how many they are.
/// Those of the transition that ends a run, which has no other behind it, are a list in the run's own row
/// ([decision 25]): a row and its place in an index less.
///
/// What an event says of a node's input and output stands in the node's row as well, and what it says of a
/// run's output in the run's. Of several events the large ones of these are not stored a second time:
/// `unfold` takes them from there. Only where the row keeps them: not inside of loops, where an attempt of
/// the loop writes the rows of the one before anew.
///
/// [decision 25]: ../../../docs/decisions/0025-the-end-is-told-by-the-run.md
struct EventRow {
  /// The kind of a row that holds a list of events.
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
    guard events.count > 1 || transition.state.isFinal else {
      kind = last.kind.name
      data = last.kind.payload().text()
      return
    }
    kind = EventRow.several
    var writer = JSONWriter()
    writer.beginList()
    let rows = Rows(transition)
    for event in events { EventRow.write(event, rows, to: &writer) }
    writer.endList()
    data = String(decoding: writer.bytes, as: UTF8.self)
  }

  private static func write(_ event: RunEvent, _ rows: Rows, to writer: inout JSONWriter) {
    let home = rows.home(of: event.kind)
    var isElsewhere = false
    writer.beginList()
    writer.element(.string(event.kind.name))
    writer.element(.integer(event.at.microseconds))
    writer.beginObject()
    event.kind.forEachMember { key, value in
      if let home, home.has(key, value) {
        isElsewhere = true
      } else {
        writer.member(key, value)
      }
    }
    writer.endObject()
    if let home, isElsewhere { writer.element(.string(home.name)) }
    writer.endList()
  }

  /// The row in which large members of an event stand as well.
  private struct Home {
    let name: String
    var input: JSONValue?
    var output: JSONValue?

    /// Whether the member is large and the same stands where it is read again.
    func has(_ key: String, _ value: JSONValue) -> Bool {
      let stored = key == "input" ? input : key == "output" ? output : nil
      guard let stored else { return false }
      return value.approximateBytes > EventRow.smallBytes && value.isWritten(like: stored)
    }
  }

  /// The rows of a transition that keep what they have.
  private struct Rows {
    private let transition: RunTransition
    /// Places of nodes outside of loops, where there are too many to look at each.
    private var places: [Identifier: Int]?

    private static let fewRows = 16

    init(_ transition: RunTransition) {
      self.transition = transition
      guard transition.nodeRuns.count > Rows.fewRows else { return }
      let outside = transition.nodeRuns.indices.lazy.filter { transition.nodeRuns[$0].iteration == .root }
      places = Dictionary(
        outside.map { (transition.nodeRuns[$0].nodeID, $0) }, uniquingKeysWith: { $1 })
    }

    func home(of kind: RunEvent.Kind) -> Home? {
      switch kind {
      case .nodeStarted(let started) where started.iteration == .root:
        return row(of: started.node).map { Home(name: $0.nodeID.description, input: $0.input) }
      case .nodeFinished(let finished) where finished.iteration == .root:
        guard let row = row(of: finished.node), row.state.isFinal else { return nil }
        return Home(name: row.nodeID.description, input: row.input, output: row.output)
      case .finished where transition.state.isFinal:
        return Home(name: EventRow.run, output: transition.output)
      default: return nil
      }
    }

    private func row(of node: Identifier) -> NodeRun? {
      guard let places else {
        return transition.nodeRuns.last { $0.nodeID == node && $0.iteration == .root }
      }
      return places[node].map { transition.nodeRuns[$0] }
    }
  }

  /// SQL that selects a run's rows of events, that of its end with them, of which the last events lie behind
  /// one number and not behind another. The arguments are SQL of this module.
  static func rows(of run: String, in organization: String, after first: String, until last: String? = nil)
    -> String
  {
    func range(_ sequence: String) -> String {
      "\(sequence) > \(first)" + (last.map { " AND \(sequence) <= \($0)" } ?? "")
    }
    return """
      SELECT organization_id, execution_id, sequence, count, kind, data, at FROM execution_events \
      WHERE organization_id = \(organization) AND execution_id = \(run) AND \(range("sequence")) UNION ALL \
      SELECT l.organization_id, l.id, l.last_sequence, jsonb_array_length(l.end_events::jsonb), '\(several)', \
      l.end_events::jsonb, l.end_time FROM execution_logs l WHERE l.organization_id = \(organization) \
      AND l.id = \(run) AND l.end_events IS NOT NULL AND \(range("l.last_sequence"))
      """
  }

  /// SQL that makes the events of a row of `execution_events` again, with number, kind, data and instant, as
  /// something to be joined laterally. The argument is SQL of this module: the row's name.
  static func unfold(_ row: String) -> String {
    """
    (SELECT \(row).sequence, \(row).kind, \(row).data, \(row).at WHERE \(row).kind <> '\(several)' UNION ALL \
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
    CASE \(row).kind WHEN '\(several)' THEN \(row).data ELSE '[]' END) WITH ORDINALITY AS i (item, place))
    """
  }
}
