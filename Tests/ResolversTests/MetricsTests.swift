import GraphQLEngine
import Testing

@testable import Resolvers

/// Figures of runs, and how they read.
@Suite struct MetricsTests {
  @Test(
    arguments: [
      (nil, "–"), (0.0, "0%"), (1.0, "100%"), (0.97, "97%"), (0.966, "97%"), (0.999, "99%"), (0.0001, "1%"),
      (0.5, "50%"), (0.995, "99%"), (0.004, "1%"),
    ] as [(Double?, String)])
  func `a rate reads as per cent`(rate: Double?, text: String) {
    #expect(MetricsFormat.rate(rate) == text)
  }

  @Test(
    arguments: [
      (nil, "–"), (0, "0ms"), (840, "840ms"), (999, "999ms"), (1000, "1s"), (1400, "1.4s"), (9_999, "9.9s"),
      (10_000, "10s"), (59_999, "59s"), (60_000, "1m"), (138_000, "2m 18s"), (138_999, "2m 18s"),
      (3_599_000, "59m 59s"), (3_600_000, "1h"), (11_100_000, "3h 5m"), (86_400_000, "1d"),
      (187_200_000, "2d 4h"),
    ] as [(Int?, String)])
  func `a duration reads in two units at most`(milliseconds: Int?, text: String) {
    #expect(MetricsFormat.duration(milliseconds: milliseconds) == text)
  }

  @Test(
    arguments: [
      (0, "0"), (0.01, "<0.1"), (0.05, "0.1"), (0.33, "0.3"), (1, "1"), (2.25, "2.3"), (9.94, "9.9"),
      (9.96, "10"), (140, "140"), (140.4, "140"), (999.6, "1,000"), (12_400, "12,400"),
      (1_234_567, "1,234,567"),
    ] as [(Double, String)])
  func `a volume reads with one decimal below ten`(perDay: Double, text: String) {
    #expect(MetricsFormat.volume(perDay) == text)
  }

  /// A hundred flows with runs of three days; the first of all days lies outside of a week.
  private static let runs = """
    CREATE FUNCTION run(day int, n int) RETURNS uuid IMMUTABLE LANGUAGE sql AS $$
      SELECT (lpad(to_hex((extract(epoch FROM timestamptz '2026-03-01Z') * 1000)::bigint
        + day * 86400000::bigint + n), 12, '0') || '70008000000000000000')::uuid $$;
    INSERT INTO automation_flows (organization_id, id, user_id, name, intention, created_at)
      SELECT id(2, 1), id(4, f), id(1, 1), 'Flow ' || f, 'Counting',
        CASE WHEN f % 2 = 0 THEN at(0) ELSE at(7 * 86400) END FROM generate_series(1, 100) f;
    INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, status, duration)
      SELECT id(2, 1), run(day, f * 100 + n), id(4, f), '', id(7, 1),
        CASE n % 5 WHEN 0 THEN 'failure' WHEN 1 THEN 'cancelled' ELSE 'success' END, n * 1000
      FROM generate_series(1, 100) f, generate_series(1, 10) n, unnest(ARRAY[0, 8, 9]) day;
    """
  private static let figures =
    "executionCount failureCount successRate successRateText avgRuntimeMs avgRuntime volumePerDay "
    + "volumePerDayText since until"

  @Test func `figures of a page of a hundred flows are one statement`() async throws {
    try await Studio.with([StudioData.accounts, Self.runs]) { studio in
      let (answer, statements) = try await studio.recorded(
        """
        { flows(first: 100) { nodes { name metrics(period: LAST_7_DAYS, until: "2026-03-11T08:00:00Z") {
          \(Self.figures) } } } }
        """, as: StudioData.vera)
      #expect(statements.map(\.label) == ["flow_page", "flow_metrics"])
      #expect(statements.last?.rows == 100)
      #expect(statements.last?.sql.contains("notes") == false)
      for (place, flow) in (answer["data.flows.nodes"]?.list ?? []).enumerated() {
        // Twice: 2 failures (5, 10), 2 cancelled (1, 6), 6 successes (2, 3, 4, 7, 8, 9); 48 of 8 seconds.
        let metrics = flow["metrics"]
        #expect(metrics?["executionCount"] == 20 && metrics?["failureCount"] == 4)
        #expect(metrics?["successRate"] == 0.75 && metrics?["successRateText"] == "75%")
        #expect(metrics?["avgRuntimeMs"] == 6000 && metrics?["avgRuntime"] == "6s")
        // Even numbers are as old as the week; odd ones were created on its fourth day. The newest is first.
        let isOld = (100 - place) % 2 == 0
        #expect(metrics?["volumePerDay"]?.double == (isOld ? 20.0 / 7 : 20.0 / 3), "\(metrics ?? .null)")
        #expect(metrics?["volumePerDayText"]?.string == (isOld ? "2.9" : "6.7"))
        #expect(metrics?["since"] == "2026-03-04T08:00:00.000Z")
      }
    }
  }

  @Test func `an organization sees its own figures alone`() async throws {
    try await Studio.with([StudioData.accounts, Self.runs]) { studio in
      let document = """
        { viewer { memberships { organization { name metrics(period: LAST_24_HOURS,
          until: "2026-03-10T01:00:00Z") { \(Self.figures) } } } } }
        """
      let (answer, statements) = try await studio.recorded(document, as: StudioData.ada)
      let own = answer["data.viewer.memberships.0.organization.metrics"]
      #expect(own?["executionCount"] == 1000 && own?["failureCount"] == 200)
      #expect(own?["successRateText"] == "75%" && own?["volumePerDayText"] == "1,000")
      #expect(answer["data.viewer.memberships.1.organization.metrics"] == .null)
      #expect(statements.map(\.label).filter { $0 == "organization_metrics" }.count == 1)
      let foreign = try await studio.run(document, as: StudioData.bob)
      #expect(foreign["data.viewer.memberships.0.organization.metrics.executionCount"] == 0)
      #expect(foreign["data.viewer.memberships.0.organization.metrics.successRateText"] == "–")
    }
  }

  @Test func `without an end the time ends now`() async throws {
    try await Studio.with([StudioData.accounts, Self.runs]) { studio in
      try await studio.script(
        """
        INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, status, duration)
          SELECT id(2, 1), (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - 1000), 12, '0')
            || '70008000000000000000')::uuid, id(4, 1), '', id(7, 1), 'success', 138000;
        """)
      let answer = try await studio.run(
        "query ($id: ID!) { flow(id: $id) { metrics { executionCount avgRuntime } } }",
        ["id": .string(StudioData.text(.flow, 1))], as: StudioData.vera)
      #expect(answer["data.flow.metrics"] == ["executionCount": 1, "avgRuntime": "2m 18s"])
      let wrong = try await studio.run(
        "{ flows { nodes { metrics(until: \"2199-01-01T00:00:00Z\") { notes } } } }", as: StudioData.vera)
      #expect(wrong.code == "BAD_USER_INPUT" && wrong.field == "until")
    }
  }

  @Test func `notes are changed with the flow, and need no figures`() async throws {
    try await Studio.with([StudioData.accounts, Self.runs]) { studio in
      let flow = InputValue.string(StudioData.text(.flow, 1))
      let update =
        "mutation ($input: UpdateFlowInput!) { updateFlow(input: $input) { flow { name metrics { notes } } } }"
      let (answer, statements) = try await studio.recorded(
        update, ["input": ["id": flow, "notes": "Slow on Mondays"]], as: StudioData.eve)
      #expect(answer["data.updateFlow.flow"] == ["name": "Flow 1", "metrics": ["notes": "Slow on Mondays"]])
      // The others hear of the change whenever its statement is done.
      let read = statements.last { $0.label != "notify" }
      #expect(read?.label == "flow_metrics")
      #expect(read?.sql.contains("execution_logs") == false)
      let kept = try await studio.run(update, ["input": ["id": flow, "name": "New"]], as: StudioData.eve)
      #expect(kept["data.updateFlow.flow"] == ["name": "New", "metrics": ["notes": "Slow on Mondays"]])
      let long = InputValue.string(String(repeating: "x", count: 2001))
      let refused = try await studio.run(update, ["input": ["id": flow, "notes": long]], as: StudioData.eve)
      #expect(refused.code == "BAD_USER_INPUT" && refused.field == "notes")
    }
  }
}
