import Flows
import Postgres

/// Arrivals whose runs are driven before they are stored: with their first turn they are over, so one
/// statement stores each as what it became, without the queue ([decision 23]).
///
/// [decision 23]: ../../../docs/decisions/0023-stored-as-what-it-became.md
extension ReceivedStore {
  /// What a run that is driven before it is stored may add to a statement, in bytes.
  private static let maximumDrivenBytes = 64 << 10

  /// Drives the run of an arrival, if it is over with its first turn and this process has a worker with room;
  /// else leaves it as it is. Nothing is stored.
  public func drive(_ arrival: inout Arrival) async {
    guard let firstTurns, starts?.isOpen ?? false, let run = arrival.startable,
      let commit = await firstTurns.commit(of: run)
    else { return }
    let row = RunCommitRows.Row(commit)
    if row.size <= ReceivedStore.maximumDrivenBytes { arrival.ended = row }
  }

  /// Stores arrivals that have been driven, in one statement and one commit.
  func storingDriven(_ arrivals: [Arrival], isNoted: Bool) -> Storing {
    let ended = arrivals.compactMap(\.ended)
    var parameters = Parameters()
    ReceivedStore.write(arrivals, &parameters)
    RunCommitRows.write(ended[...], &parameters)
    let statement = ReceivedSQL.acceptDriven(isNoted: isNoted)
    return Storing(statement: statement, parameters: parameters) { [firstTurns] rows in
      var outcomes = [Outcome](repeating: .stale, count: arrivals.count)
      for row in 0..<rows.rowCount {
        guard let number = rows.int8(row, 0), arrivals.indices.contains(Int(number) - 1) else { continue }
        let place = Int(number) - 1
        if rows.bool(row, 1) ?? false {
          outcomes[place] = .stored(.ended(ended[place].commit.transition))
        } else if let run = rows.uuid(row, 2) {
          outcomes[place] = .duplicate(run: run.identifier)
        } else {
          outcomes[place] = .undecided
          // Where only so many runs may go on at once, each waits for its turn in the queue.
          if rows.bool(row, 3) ?? false { firstTurns?.needsMore(arrivals[place].version) }
        }
      }
      return outcomes
    }
  }
}

extension ReceivedSQL {
  /// The same as `accept` for runs that have been driven: they are stored as what they became, with their
  /// nodes and all their events, and have no place in the queue. What is limited in runs is left alone.
  ///
  /// Parameters: twelve arrays as those of `accept`, then those of `RunCommitSQL.commitManyFirst`. Result:
  /// place, whether it was stored, else the run of the delivery that came before; whether it is limited.
  static func acceptDriven(isNoted: Bool) -> Statement { isNoted ? drivenNoted : drivenOnly }

  private static let drivenNoted = acceptDriven(hints)
  private static let drivenOnly = acceptDriven("")

  private static func acceptDriven(_ hints: String) -> Statement {
    Statement(
      "accept_deliveries",
      """
      WITH asked AS (
        \(asked)
      ), valid AS (
        SELECT a.*, \(validColumns), EXISTS (SELECT 1 FROM run_limits l \
      WHERE l.organization_id = f.organization_id AND l.scope IN (f.id, f.organization_id)) AS is_limited \
      \(validRows)
      ), delivery AS (
        \(delivery(where: "NOT is_limited"))
      ), new AS (
        \(new)
      ), ended AS MATERIALIZED (
        \(RunCommitSQL.transitions(arrivalTypes.count + 1))
      ), run AS MATERIALIZED (
        SELECT i.*, n.flow_id, n.flow_name, n.version_id, n.node_id, n.input, i.events AS last_sequence, \
      NULL::timestamptz AS cancel_requested_at FROM new n JOIN ended i ON i.number = n.place
      ), log AS (
        INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, trigger_node_id, \
      status, input, last_sequence, step, start_time, end_time, duration, result, end_events) \
      SELECT organization_id, id, flow_id, flow_name, version_id, node_id, status, input, last_sequence, step, \
      start_time, end_time, duration, \(RunValues.value("result", of: "given", input: "input")), ending FROM run
      ), nodes AS (
        \(RunCommitSQL.nodes(arrivalTypes.count + RunCommitSQL.firstOfNodes))
      ), streamed AS (
        \(StreamSQL.outbox(of: "run", count: "events"))
      ), told AS (
        \(RunCommitSQL.told)
      ), raised AS (
        \(FlowEventSQL.raised)
      )\(hints)
      SELECT v.place, n.place IS NOT NULL, d.execution_id, v.is_limited FROM valid v \
      LEFT JOIN new n ON n.place = v.place \(duplicate)
      """,
      arrivalTypes + RunCommitSQL.types)
  }
}
