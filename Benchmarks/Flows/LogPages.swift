import Flows
import Postgres
import Storage

/// Pages of an organization with a million runs, filtered by status, flow, time and text in every
/// combination, by the statement that the API sends; each compared with a scan of the whole table.
///
/// Three runs in ten have failed. Of the texts one is in a tenth of all runs, spread over the whole time; one
/// in as many, which all lie in an outage long ago; one in ten runs; one in none; and two are in names of
/// flows: one that has half of the runs, one that has ten.
struct LogPages {
  /// What a combination of filters may ask for.
  struct Filter {
    var statuses: [String] = []
    var flow: Identifier?
    var days: Range<Int>?
    var text: String?
  }

  /// How long the pages of one filter took, and how many runs it matches.
  struct Result {
    var filter: String
    var matches: Int
    var isText: Bool
    var times: [Int64]
  }

  static let days = 60
  var bench: Bench
  let count: Int
  /// Of each filter.
  let repeats: Int
  /// Every how many-th filter is taken; a number without a common divisor with those of the values mixes all.
  let stride: Int
  /// When the first run was accepted.
  let start = Instant(microseconds: Bench.now().microseconds - Int64(days) * 86_400_000_000)

  // MARK: The runs

  private func flow(_ number: Int) -> Identifier { Identifier(high: 0xf10e_0000_7000, low: UInt64(number)) }

  /// Those of an earlier time are taken again.
  mutating func prepare() async throws {
    let rows = try await bench.database.query(
      Statement("filled", "SELECT organization_id FROM flow_names WHERE name = 'Nightly report' LIMIT 1"))
    guard rows.rowCount == 1, let organization = rows.uuid(0, 0)?.identifier else { return try await fill() }
    bench = Bench(
      database: bench.database, connectionInfo: bench.connectionInfo, organization: organization,
      user: bench.user)
  }

  /// Ten runs of flow 99, and then: half of flow 1, the others of 48 flows in turn.
  private func fill() async throws {
    try await bench.script(
      """
      INSERT INTO flow_names SELECT '\(bench.organization)', ('0000f10e-0000-7000-0000-' ||
        lpad(to_hex(n), 12, '0'))::uuid, CASE n WHEN 1 THEN 'Orders to the warehouse' WHEN 99 THEN 'Nightly report'
        ELSE 'Flow ' || n || ' of many' END FROM generate_series(1, 99) n;
      """)
    // The index of trigrams is made in seconds afterwards, and takes minutes row by row.
    let index = try await bench.database.query(
      Statement(
        "index",
        "SELECT replace(pg_get_indexdef('execution_logs_by_message'::regclass), 'ON ONLY', 'ON')"))
    try await bench.script("DROP INDEX execution_logs_by_message")
    for part in 0..<20 { try await fill(from: part * count / 20 + 1, to: (part + 1) * count / 20) }
    try await bench.script(index.string(0, 0) ?? "")
    _ = try await bench.database.query(
      Statement("vacuum", "VACUUM (ANALYZE) execution_logs"), deadline: .seconds(600))
  }

  private func fill(from first: Int, to last: Int) async throws {
    try await bench.script(
      """
      WITH run AS (
        SELECT n, to_timestamp(\(start.microseconds) / 1e6) + n * (interval '\(Self.days) days' / \(count)) AS at,
          CASE WHEN n % (\(count) / 10) = 7 THEN 99 WHEN n % 10 < 5 THEN 1 ELSE 2 + n % 48 END AS flow,
          CASE WHEN n % (\(count) / 10) = 3 THEN 'The quota of the tenant is used up'
            WHEN n % (\(count) / 10) = 7 THEN NULL
            WHEN n % 10 = 0 THEN 'The connection to host api-' || n % 977 || ' timed out, request ' || md5(n::text)
            WHEN n % 10 = 1 THEN 'The service answered 503, request ' || md5(n::text)
            WHEN n BETWEEN \(count) / 5 AND \(count) * 2 / 5 AND n % 10 > 4
              THEN 'The certificate of host api-' || n % 977 || ' has expired, request ' || md5(n::text) END AS message
        FROM generate_series(\(first), \(last)) n
      )
      INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, status, input, result,
        error, start_time, end_time, duration, created_at, step, last_sequence)
      SELECT f.organization_id, (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' ||
        substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid, f.flow_id, f.name, f.flow_id,
        CASE WHEN message IS NOT NULL THEN 'failure' WHEN n % (\(count) / 10) = 2 THEN 'waiting' ELSE 'success' END,
        jsonb_build_object('order', n, 'customer', md5(n::text)), jsonb_build_object('total', n % 1000),
        CASE WHEN message IS NOT NULL THEN jsonb_build_object('code', 'CALL_FAILED', 'message', message) END,
        at, at + interval '1 second', 1000, at, 1, 5
      FROM run JOIN flow_names f ON f.organization_id = '\(bench.organization)'
        AND f.flow_id = ('0000f10e-0000-7000-0000-' || lpad(to_hex(run.flow), 12, '0'))::uuid;
      """)
  }

  /// Every combination.
  var filters: [Filter] {
    let statuses = [[], ["failure"], ["success"], ["waiting", "cancelled"]]
    let flows: [Identifier?] = [nil, flow(1), flow(20), flow(1000)]
    let times: [Range<Int>?] = [nil, Self.days - 6..<Self.days, 15..<21, -9 ..< -3]
    let texts: [String?] = [
      nil, "timed out", "certificate", "quota of the tenant", "nothing like this", "orders", "nightly",
    ]
    return statuses.flatMap { statuses in
      flows.flatMap { flow in
        times.flatMap { days in
          texts.map { Filter(statuses: statuses, flow: flow, days: days, text: $0) }
        }
      }
    }
  }

  // MARK: Measuring

  func run() async throws {
    var results: [Result] = []
    var wrong = 0
    for filter in filters.enumerated().filter({ $0.offset.isMultiple(of: stride) }).map(\.element) {
      let query = LogQuery(filter, organization: bench.organization, start: start)
      let (count, expected) = try await query.scanned(bench.database)
      var times: [Int64] = []
      for number in 0...repeats {
        let before = SystemClock().monotonicMicroseconds()
        let ids = try await query.page(bench.database)
        // The first one is planned.
        if number > 0 { times.append(SystemClock().monotonicMicroseconds() - before) }
        if ids != expected {
          wrong += 1
          print("wrong: \(query.name): \(ids.count) of \(expected.count) runs")
          break
        }
      }
      results.append(Result(filter: query.name, matches: count, isText: filter.text != nil, times: times))
    }
    report(results)
    print("\(results.count) filters, \(wrong) with other runs than a sequential scan")
  }

  private func report(_ results: [Result]) {
    let classes: [(String, ClosedRange<Int>)] = [
      ("no match", 0...0), ("1 to 100", 1...100), ("101 to 49,999", 101...49_999),
      ("50,000 and more", 50_000 ... .max),
    ]
    for isText in [false, true] {
      for (name, range) in classes {
        let those = results.filter { $0.isText == isText && range.contains($0.matches) }
        guard !those.isEmpty else { continue }
        let figures = Figures(those.flatMap(\.times))
        print("\(isText ? "with a text" : "no text"), \(name) (\(those.count) filters): \(figures)")
      }
    }
    print("the slowest:")
    for result in results.sorted(by: { $0.slow > $1.slow }).prefix(12) {
      print("  \(result.filter), \(result.matches) matches: \(Figures(result.times))")
    }
  }
}

extension LogPages.Result {
  /// What half of the pages took at least.
  fileprivate var slow: Int64 { times.sorted()[safe: times.count / 2] ?? 0 }
}

extension Array {
  fileprivate subscript(safe place: Int) -> Element? { indices.contains(place) ? self[place] : nil }
}

/// A filter as the API makes a page of it, and as a scan of the table.
private struct LogQuery {
  let name: String
  private let organization: Identifier
  private var conditions: [ListCondition<ExecutionColumn>] = []
  private var append: [@Sendable (inout Parameters) -> Void] = []

  private static var limit: Int32 { 21 }

  init(_ filter: LogPages.Filter, organization: Identifier, start: Instant) {
    self.organization = organization
    name = [
      filter.statuses.joined(separator: " or "), filter.flow.map { "flow \($0.low)" } ?? "",
      filter.days.map { "days \($0)" } ?? "", filter.text.map { "\"\($0)\"" } ?? "",
    ].filter { !$0.isEmpty }.joined(separator: ", ")
    if let flow = filter.flow { add(.equals(.flowID, .uuid)) { $0.uuid(flow.uuid) } }
    if !filter.statuses.isEmpty {
      add(.isAny(.status, of: .textArray)) { $0.texts(filter.statuses) }
    }
    if let days = filter.days {
      let day: Int64 = 86_400_000_000
      let (from, until) = (
        Instant(microseconds: start.microseconds + Int64(days.lowerBound) * day),
        Instant(microseconds: start.microseconds + Int64(days.upperBound) * day)
      )
      add(ListCondition.createdFrom.instant) { $0.timestamptz(microseconds: from.microseconds) }
      add(ListCondition.createdUntil.instant) { $0.timestamptz(microseconds: until.microseconds) }
      let skew: Int64 = 3_600_000_000
      let first = MetricsReads.bound(Instant(microseconds: from.microseconds - skew))
      let end = MetricsReads.bound(Instant(microseconds: until.microseconds + skew))
      add(ListCondition.createdFrom.id) { $0.uuid(first.uuid) }
      add(ListCondition.createdUntil.id) { $0.uuid(end.uuid) }
    }
    if let text = filter.text {
      let pattern = likePattern(containing: text)
      add(.isFoundByText) { $0.text(pattern) }
    }
  }

  private mutating func add(
    _ condition: ListCondition<ExecutionColumn>, _ parameter: @escaping @Sendable (inout Parameters) -> Void
  ) {
    conditions.append(condition)
    append.append(parameter)
  }

  /// The page's ids.
  func page(_ database: Database) async throws -> [Identifier] {
    let shape = PageShape<ExecutionColumn>(conditions: conditions)
    let statement = TableReads.page(
      [.id, .flowName, .status, .input, .result, .error, .createdAt], shape, label: "log_page")
    let rows = try await database.query(
      statement,
      Parameters {
        $0.uuid(organization.uuid)
        $0.int4(Self.limit)
        shape.fill(&$0, after: nil, before: nil, head: "")
        for parameter in append { parameter(&$0) }
      }, deadline: .seconds(60))
    return (0..<rows.rowCount).compactMap { rows.uuid($0, 0)?.identifier }
  }

  /// All that match, and the page's ids, by a scan of the whole table.
  func scanned(_ database: Database) async throws -> (Int, [Identifier]) {
    // The count's conditions are those of the page, without any way to go.
    let count = TableReads<ExecutionColumn>.count(where: conditions, label: "scanned")
    let statement = Statement(
      "scanned",
      """
      WITH found AS MATERIALIZED (\(count.sql.replacing("SELECT count(*)", with: "SELECT t.id"))) \
      SELECT count(*), NULL::uuid FROM found UNION ALL \
      (SELECT 0, id FROM found ORDER BY id DESC LIMIT \(Self.limit))
      """, count.types)
    return try await database.transaction { transaction in
      try await transaction.script(
        """
        SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off;
        SET LOCAL enable_bitmapscan = off
        """)
      let parameters = Parameters {
        $0.uuid(organization.uuid)
        for parameter in append { parameter(&$0) }
      }
      let rows = try await transaction.query(statement, parameters, deadline: .seconds(60))
      return (rows.int(0, 0) ?? 0, (1..<rows.rowCount).compactMap { rows.uuid($0, 1)?.identifier })
    }
  }
}
