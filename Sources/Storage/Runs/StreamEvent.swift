import Flows
import Postgres

/// Something that happened in an organization, with its number in the organization's stream.
public struct StreamEvent: Sequenced {
  public enum Kind: Sendable {
    /// An event of a run of a flow.
    case run(RunReference, flow: Identifier, NumberedEvent)
    case flow(Identifier, Happening, revision: Int)
    case integration(Identifier, Happening, isConnected: Bool)
  }

  public enum Happening: String, Sendable {
    case created = "CREATED"
    case updated = "UPDATED"
    case deleted = "DELETED"
  }

  /// From 1, without a gap.
  public let sequence: Int
  public let at: Instant
  public let kind: Kind
}

/// Where the feed of an organization reads, or that of the runs of one of its flows: the same numbers, of
/// which the flow's own are read.
struct StreamSource: FeedSource {
  static let canEnd = false

  let organization: Identifier
  let flow: Identifier?
  let database: Database

  func end() async throws -> (last: Int, isOver: Bool)? {
    let rows = try await database.query(StreamReads.end, Parameters { $0.uuid(organization.uuid) })
    guard rows.rowCount == 1, let last = rows.int8(0, 0) else { return (0, false) }
    return (Int(last), false)
  }

  func stretch(behind last: Int, limit: Int) async throws -> FeedStretch<StreamEvent> {
    if let flow { return try await stretch(of: flow, behind: last, limit: limit) }
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.int8(Int64(last))
      $0.int4(Int32(clamping: limit))
    }
    let rows = try await database.query(StreamSQL.after, parameters)
    var stretch = FeedStretch<StreamEvent>(tail: last)
    stretch.rowCount = rows.rowCount
    for row in 0..<rows.rowCount {
      guard let number = rows.int8(row, 0).map({ Int($0) }), let kind = rows.string(row, 1) else { continue }
      let isStored = kind != "run" || rows.int(row, 4) != nil
      if number != stretch.tail + 1 || !isStored {
        stretch.floor = isStored ? number - 1 : number
        stretch.events = []
        stretch.sizes = []
      }
      stretch.tail = number
      guard isStored else { continue }
      try take(rows, row, number, kind, &stretch)
    }
    return stretch
  }

  private func stretch(
    of flow: Identifier, behind last: Int, limit: Int
  ) async throws -> FeedStretch<StreamEvent> {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.int8(Int64(last))
      $0.int4(Int32(clamping: limit))
      $0.uuid(flow.uuid)
    }
    let rows = try await database.query(StreamSQL.afterOfFlow, parameters)
    var stretch = FeedStretch<StreamEvent>(tail: last)
    guard rows.rowCount > 0, let first = rows.int8(0, 8).map({ Int($0) }),
      let end = rows.int8(0, 9).map({ Int($0) })
    else { return stretch }
    // Between two of the flow's events lie those of others: only the stream's beginning tells what is gone.
    if last < first { stretch.floor = first }
    for row in 0..<rows.rowCount {
      guard let number = rows.int8(row, 0).map({ Int($0) }), let kind = rows.string(row, 1) else { continue }
      stretch.rowCount += 1
      stretch.tail = number
      if rows.int(row, 4) == nil {
        stretch.floor = number
        stretch.events = []
        stretch.sizes = []
      } else {
        try take(rows, row, number, kind, &stretch)
      }
    }
    if stretch.rowCount < limit {
      stretch.tail = max(stretch.tail, end)
      // There may be more of the flow's events behind what was looked at.
      if rows.bool(0, 10) ?? false { stretch.rowCount = limit }
    }
    return stretch
  }

  private func take(
    _ rows: RowBatch, _ row: Int, _ number: Int, _ kind: String, _ stretch: inout FeedStretch<StreamEvent>
  ) throws {
    guard let event = try event(rows, row, number, kind) else {
      stretch.hasUnknown = true
      return
    }
    stretch.events.append(event)
    stretch.sizes.append(rows.jsonBytes(row, 6)?.count ?? 0)
  }

  /// Nil for what a newer program has written.
  private func event(_ rows: RowBatch, _ row: Int, _ number: Int, _ kind: String) throws -> StreamEvent? {
    guard let subject = rows.uuid(row, 2)?.identifier, let name = rows.string(row, 5),
      let data = rows.jsonBytes(row, 6), let instant = rows.instant(row, 7)
    else { return nil }
    let payload = try JSONValue(parsing: data)
    guard let kind = self.kind(kind, subject, name, payload, rows, row) else { return nil }
    return StreamEvent(sequence: number, at: instant, kind: kind)
  }

  private func kind(
    _ kind: String, _ subject: Identifier, _ name: String, _ payload: JSONValue, _ rows: RowBatch, _ row: Int
  ) -> StreamEvent.Kind? {
    if kind == "run" {
      guard let flow = rows.uuid(row, 3)?.identifier, let own = rows.int(row, 4),
        let at = rows.instant(row, 7), let event = RunEvent.Kind(name: name, payload: payload)
      else { return nil }
      let run = RunReference(organizationID: organization, runID: subject)
      return .run(run, flow: flow, NumberedEvent(sequence: own, event: RunEvent(at: at, event)))
    }
    guard let happening = StreamEvent.Happening(rawValue: name) else { return nil }
    switch kind {
    case "flow": return .flow(subject, happening, revision: Int(payload["revision"]?.integer ?? 0))
    case "integration":
      return .integration(subject, happening, isConnected: payload["isConnected"] == .bool(true))
    default: return nil
    }
  }
}
