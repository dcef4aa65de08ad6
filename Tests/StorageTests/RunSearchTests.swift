import Flows
import Postgres
import Testing

@testable import Storage

/// Pages of runs by status, flow, time and text are those of a scan, whichever way the statement goes.
@Suite struct RunSearchTests {
  /// Of an organization six thousand runs in sixty days, five hundred flows. A third has failed: half of
  /// these with a text that is everywhere, an outage of four days with one of its own, some with rare ones.
  private static func fill(_ organization: Identifier) -> String {
    """
    CREATE FUNCTION pg_temp.flow(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS
      $$ SELECT ('d0' || lpad(to_hex(n), 30, '0'))::uuid $$;
    INSERT INTO automation_flows (organization_id, id, name, intention)
      SELECT '\(organization)', pg_temp.flow(n), CASE n WHEN 7 THEN 'Nightly 100% report' ELSE 'Flow ' || n END, 'i'
      FROM generate_series(0, 499) n;
    UPDATE automation_flows SET name = 'Renamed' WHERE id = pg_temp.flow(8);
    INSERT INTO execution_logs
        (organization_id, id, flow_id, flow_name, version_id, status, error, created_at)
      SELECT '\(organization)', (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7000' ||
          substr(md5(n::text), 1, 16))::uuid, flow, f.name, flow,
        CASE WHEN n % 3 = 0 THEN 'failure' WHEN n % 101 = 1 THEN 'waiting' WHEN n % 97 = 1 THEN 'cancelled'
          ELSE 'success' END,
        CASE WHEN n % 3 = 0 THEN jsonb_build_object('message', CASE
            WHEN n % 1000 = 0 THEN 'The QUOTA is used up' WHEN n BETWEEN 1500 AND 1900 THEN 'Certificate expired'
            WHEN n % 2 = 0 THEN 'It timed out, ' || n ELSE 'It answered 503, ' || md5(n::text) END)
          WHEN n % 97 = 1 THEN '{"message": "The run was cancelled."}' END, at
      FROM (SELECT n, timestamptz '2026-09-01' + n * interval '864 s' AS at,
          pg_temp.flow(CASE WHEN n % 2 = 0 THEN 1 ELSE n % 500 END) AS flow FROM generate_series(1, 6000) n) r
        JOIN automation_flows f ON f.id = flow;
    INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, status)
      SELECT '\(organization)', ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, pg_temp.flow(8),
        'Flow 8', pg_temp.flow(8), 'success' FROM generate_series(1, 30) n;
    ANALYZE;
    """
  }

  private struct Filter {
    var conditions: [ListCondition<ExecutionColumn>] = []
    var append: [@Sendable (inout Parameters) -> Void] = []
    var name = ""

    mutating func add(
      _ condition: ListCondition<ExecutionColumn>, _ name: String,
      _ parameter: @escaping @Sendable (inout Parameters) -> Void
    ) {
      conditions.append(condition)
      append.append(parameter)
      self.name += " \(name)"
    }
  }

  private var filters: [Filter] {
    let statuses = [[], ["failure", "failure"], ["success", "waiting"], ["cancelled"]]
    let flows: [UInt64?] = [nil, 1, 8, 333]
    let days: [Range<Int64>?] = [nil, 50..<60, 14..<20]
    let texts: [String?] = [
      nil, "TIMED out", "certificate", "quota", "100%", "flow", "flow 8", "5", "nothing like it",
    ]
    return statuses.flatMap { statuses in
      flows.flatMap { flow in
        days.flatMap { days in texts.map { filter(statuses, flow, days, $0) } }
      }
    }
  }

  private func filter(_ statuses: [String], _ flow: UInt64?, _ days: Range<Int64>?, _ text: String?) -> Filter
  {
    var filter = Filter()
    if !statuses.isEmpty { filter.add(.isAny(.status, of: .textArray), "\(statuses)") { $0.texts(statuses) } }
    if let flow {
      filter.add(.equals(.flowID, .uuid), "flow \(flow)") {
        $0.uuid(UUIDValue(high: 0xd000_0000_0000_0000, low: flow))
      }
    }
    if let days {
      let start: Int64 = 1_788_220_800_000_000
      let (from, until) = (
        Instant(microseconds: start + days.lowerBound * 86_400_000_000),
        Instant(microseconds: start + days.upperBound * 86_400_000_000)
      )
      let (isFrom, isUntil) = (ListCondition.createdFrom, ListCondition.createdUntil)
      filter.add(isFrom.instant, "days \(days)") { $0.timestamptz(microseconds: from.microseconds) }
      filter.add(isFrom.id, "") { $0.uuid(MetricsReads.bound(from).uuid) }
      filter.add(isUntil.instant, "") { $0.timestamptz(microseconds: until.microseconds) }
      filter.add(isUntil.id, "") { $0.uuid(MetricsReads.bound(until).uuid) }
    }
    if let text {
      filter.add(.isFoundByText, "'\(text)'") { $0.text(likePattern(containing: text)) }
    }
    return filter
  }

  @Test func `each combination of filters gives the runs of a scan, from both ends and behind a cursor`()
    async throws
  {
    try await withStorage { bench in
      try await bench.script(Self.fill(bench.organization))
      for filter in filters {
        let all = try await scan(filter, bench)
        #expect(try await count(filter, bench) == all.count, "\(filter.name)")
        for isDescending in [true, false] {
          let list = isDescending ? Array(all.reversed()) : all
          #expect(try await page(filter, isDescending, nil, bench) == Array(list.prefix(7)), "\(filter.name)")
          guard let cursor = list.dropFirst(list.count / 2).first else { continue }
          let rest = Array(list.drop { $0 != cursor }.dropFirst().prefix(7))
          #expect(try await page(filter, isDescending, cursor, bench) == rest, "\(filter.name)")
        }
      }
    }
  }

  @Test func `pages of many flows are each filtered`() async throws {
    try await withStorage { bench in
      try await bench.script(Self.fill(bench.organization))
      let flows = [1, 8, 333].map { Identifier(high: 0xd000_0000_0000_0000, low: $0) }
      for (statuses, text) in [(["failure"], nil), ([], "TIMED"), (["failure"], "certificate")] {
        let filter = filter(statuses, nil, nil, text)
        let shape = PageShape<ExecutionColumn>(conditions: filter.conditions)
        let rows = try await bench.database.query(
          TableReads.pages(of: .flowID, [.id], shape, label: "runs_of_flows"),
          Parameters {
            $0.uuid(bench.organization.uuid)
            $0.uuids(flows.map(\.uuid))
            $0.int4(5)
            shape.fill(&$0, after: nil, before: nil, head: "")
            for parameter in filter.append { parameter(&$0) }
          })
        var expected: [Identifier] = []
        for flow in flows {
          let own = try await scan(self.filter(statuses, flow.low, nil, text), bench)
          expected += own.reversed().prefix(5)
        }
        #expect((0..<rows.rowCount).map { rows.uuid($0, 0)?.identifier } == expected, "\(filter.name)")
      }
    }
  }

  private func scan(_ filter: Filter, _ bench: StorageBench) async throws -> [Identifier] {
    let conditions = filter.conditions.enumerated().map { " AND \($0.element.sql($0.offset + 2))" }
    let sql =
      "SELECT t.id FROM execution_logs t WHERE t.organization_id = $1\(conditions.joined()) ORDER BY t.id"
    let rows = try await bench.database.query(
      Statement("scan", sql, [.uuid] + filter.conditions.map(\.type)),
      Parameters {
        $0.uuid(bench.organization.uuid)
        for parameter in filter.append { parameter(&$0) }
      })
    return (0..<rows.rowCount).compactMap { rows.uuid($0, 0)?.identifier }
  }

  private func count(_ filter: Filter, _ bench: StorageBench) async throws -> Int? {
    let rows = try await bench.database.query(
      TableReads<ExecutionColumn>.count(where: filter.conditions, label: "count"),
      Parameters {
        $0.uuid(bench.organization.uuid)
        for parameter in filter.append { parameter(&$0) }
      })
    return rows.int(0, 0)
  }

  private func page(
    _ filter: Filter, _ isDescending: Bool, _ cursor: Identifier?, _ bench: StorageBench
  ) async throws -> [Identifier] {
    let shape = PageShape<ExecutionColumn>(
      order: .created(isDescending: isDescending), hasAfter: cursor != nil, conditions: filter.conditions)
    let rows = try await bench.database.query(
      TableReads.page([.id, .status], shape, label: "page"),
      Parameters {
        $0.uuid(bench.organization.uuid)
        $0.int4(7)
        shape.fill(&$0, after: cursor.map { ListPosition(id: $0) }, before: nil, head: "")
        for parameter in filter.append { parameter(&$0) }
      })
    return (0..<rows.rowCount).compactMap { rows.uuid($0, 0)?.identifier }
  }
}
