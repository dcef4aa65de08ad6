import Flows
import Postgres
import Synchronization

/// How far a process has looked for runs that nobody would move. The mutex protects it.
final class OrphanSearch: Sendable {
  /// From where the next look goes on: an organization, and of it the runs behind one.
  struct Cursor: Equatable {
    var organization: Identifier
    var run: Identifier

    static let beginning = Cursor(
      organization: Identifier(high: 0, low: 0), run: Identifier(high: 0, low: 0))
  }

  /// Between two looks.
  static let pause: Duration = .seconds(10)

  private struct State {
    var cursor = Cursor.beginning
    var lookedAt: ContinuousClock.Instant?
  }

  private let state = Mutex(State())

  /// Where to look now; nil while the last look is not long ago.
  func begin() -> Cursor? {
    state.withLock { state in
      let now = ContinuousClock.now
      if let lookedAt = state.lookedAt, lookedAt.duration(to: now) < OrphanSearch.pause { return nil }
      state.lookedAt = now
      return state.cursor
    }
  }

  func goOn(from cursor: Cursor) { state.withLock { $0.cursor = cursor } }
}

// The deadline of every state that is not final: what should have a place in the queue, or be told of an end,
// and does not. Nothing is known to lead there: each is made in one transaction with what moves it. Runs are
// looked at in pages, all of them in turn, so that a look costs the same however many there are.
extension PostgresRunStore {
  /// Looks at the next page of runs that are not over: one without a place in the queue gets one, and one
  /// that waits for a run which is over, or gone, is told so.
  func adoptOrphans() async throws {
    guard let cursor = search.begin() else { return }
    search.goOn(from: try await adoptOrphans(from: cursor))
  }

  /// - Returns: from where to go on.
  func adoptOrphans(from cursor: OrphanSearch.Cursor) async throws -> OrphanSearch.Cursor {
    let key = Parameters {
      $0.uuid(cursor.organization.uuid)
      $0.uuid(cursor.run.uuid)
    }
    let rows = try await database.execute(OrphanSQL.adopt, key)
    var next = OrphanSearch.Cursor.beginning
    for row in 0..<rows.rowCount {
      guard let organization = rows.uuid(row, 0)?.identifier else { continue }
      for run in rows.uuidArray(row, 3) ?? [] {
        notifier?.queued(RunReference(organizationID: organization, runID: run.identifier))
      }
      // Where a page ended within an organization, the next one begins there.
      if rows.int(row, 1) == OrphanSQL.maximumRuns, let last = rows.uuid(row, 2)?.identifier {
        next = OrphanSearch.Cursor(organization: organization, run: last)
        break
      }
      if row == OrphanSQL.maximumOrganizations - 1 {
        next = OrphanSearch.Cursor(organization: organization, run: Identifier(high: .max, low: .max))
      }
    }
    try await tellOfEnds(try await database.query(OrphanSQL.followers, key))
    return next
  }

  /// Tells nodes that wait for runs which are over; who has been told already is told nothing new.
  private func tellOfEnds(_ rows: RowBatch) async throws {
    for row in 0..<rows.rowCount {
      guard let organization = rows.uuid(row, 0)?.identifier, let parent = rows.uuid(row, 1)?.identifier,
        let node = rows.uuid(row, 2)?.identifier, let iteration = rows.int8(row, 3),
        let name = rows.string(row, 4), let child = try? TypeID.parse(name, as: .execution)
      else { continue }
      let run = RunReference(organizationID: organization, runID: parent)
      let ended = RunReference(organizationID: organization, runID: child)
      if try await ExecutionStore(database).exists(ended) {
        try await database.execute(SignalSQL.tellParent, SignalSQL.key(ended))
      } else {
        let address = NodeAddress(node, IterationPath(rawValue: iteration))
        let signal = NodeSignal.childGone(child, address)
        try await database.execute(SignalSQL.insert, SignalSQL.parameters(signal, for: run))
      }
    }
  }
}

/// The statements that look for what nobody would move. `$1` and `$2` are the cursor.
enum OrphanSQL {
  static let maximumOrganizations = 50
  /// Runs of one organization that are looked at at once.
  static let maximumRuns = 1000
  /// Nodes that wait for other runs, of one look.
  private static let maximumFollowers = 500

  /// Each status is asked for as the range that it is, in the order of status and run, which only the index
  /// of both has: by "equal" Postgres may walk all runs of the organization for one that waits.
  private static let page = """
    page AS MATERIALIZED (
      SELECT id FROM organizations WHERE id >= $1 ORDER BY id LIMIT \(maximumOrganizations)
    ), scanned AS MATERIALIZED (
      SELECT p.id AS organization_id, r.* FROM page p CROSS JOIN LATERAL (\
    SELECT e.id, e.status, e.epoch FROM (VALUES ('pending'), ('running'), ('waiting')) AS s (status) \
    CROSS JOIN LATERAL (SELECT l.id, l.status, l.epoch FROM execution_logs l WHERE l.organization_id = p.id \
    AND (l.status, l.id) > (s.status, \
    CASE WHEN p.id = $1 THEN $2 ELSE '00000000-0000-0000-0000-000000000000' END) AND l.status <= s.status \
    ORDER BY l.status, l.id LIMIT \(maximumRuns)) e ORDER BY e.id LIMIT \(maximumRuns)) r
    )
    """

  /// Gives a place to each run that has none. One statement sees both tables at one instant, and a run and
  /// its place come and go together: what it finds is no run that just begins or ends. Places are counted,
  /// because Postgres would read the whole queue to look for some.
  static let adopt = Statement(
    "adopt_runs",
    """
    WITH \(page), adopted AS (
      INSERT INTO execution_queue (organization_id, execution_id, epoch) \
    SELECT s.organization_id, s.id, s.epoch FROM scanned s WHERE (SELECT count(*) FROM execution_queue q \
    WHERE q.organization_id = s.organization_id AND q.execution_id = s.id) = 0 \
    ON CONFLICT DO NOTHING RETURNING organization_id, execution_id
    )
    SELECT p.id, (SELECT count(*) FROM scanned s WHERE s.organization_id = p.id), \
    (SELECT s.id FROM scanned s WHERE s.organization_id = p.id ORDER BY s.id DESC LIMIT 1), \
    (SELECT array_agg(a.execution_id) FROM adopted a WHERE a.organization_id = p.id) FROM page p ORDER BY p.id
    """,
    [.uuid, .uuid])

  /// Nodes that wait for a run, to which no signal has come, of runs that nobody holds.
  static let followers = Statement(
    "waiting_followers",
    """
    WITH \(page)
    SELECT n.organization_id, n.execution_id, n.node_id, n.iteration, n.memo ->> 'child' FROM scanned s \
    JOIN execution_queue q ON q.organization_id = s.organization_id AND q.execution_id = s.id \
    AND q.owner IS NULL \
    JOIN node_execution_logs n ON n.organization_id = s.organization_id AND n.execution_id = s.id \
    AND n.status = 'waiting' AND n.memo ? 'child' \
    WHERE s.status = 'waiting' AND NOT EXISTS (SELECT 1 FROM execution_signals g \
    WHERE g.organization_id = n.organization_id AND g.execution_id = n.execution_id \
    AND g.node_id = n.node_id AND g.iteration = n.iteration) LIMIT \(maximumFollowers)
    """,
    [.uuid, .uuid])
}
