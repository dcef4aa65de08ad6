import Flows
import Testing

@testable import Connectors

/// Waits that headers ask for, and what comes next after a page.
@Suite struct AnswerTests {
  private let now = Exchange.now

  @Test(arguments: [
    ("30", RateLimits.ResetKind.seconds, 30_000), ("0.5", .seconds, 500), ("250", .milliseconds, 250),
    ("1767225660", .epoch, 60_000), ("1767225600500", .epochMilliseconds, 500),
    ("Thu, 01 Jan 2026 00:00:10 GMT", .httpDate, 10_000), ("2026-01-01T01:00:30+01:00", .dateTime, 30_000),
    ("2026-01-01T00:00:01Z", .dateTime, 1_000), ("1m30s", .duration, 90_000), ("120ms", .duration, 120),
    ("1", .epoch, 0), ("9999999999", .seconds, 86_400_000), ("99999999999999999999", .seconds, 86_400_000),
    ("-99999999999999999999", .seconds, 0), ("99999999999999999999", .epoch, 86_400_000),
  ])
  func `a header's wait is read`(_ text: String, _ kind: RateLimits.ResetKind, _ expected: Int64) {
    #expect(ResetTime.wait(text, kind, now) == expected)
  }

  @Test(arguments: ["", "soon", "1 2", "NaN", "5x"])
  func `what is no wait is none`(_ text: String) {
    for kind in RateLimits.ResetKind.allCases { #expect(ResetTime.wait(text, kind, now) == nil) }
  }

  // No number that a service sends ends the process.
  @Test(arguments: [
    "Sun, 06 Nov 9223372036854775807 08:49:37 GMT", "Sun, 9223372036854775807 Nov 2026 08:49:37 GMT",
    "Sun, 06 Nov 2026 9223372036854775807:49:37 GMT", "9223372036854775807-01-01T00:00:00Z",
    "2026-9223372036854775807-01T00:00:00Z", "2026-01-9223372036854775807T00:00:00Z",
    "2026-01-01T00:9223372036854775807:00Z", "2026-13-01T00:00:00Z", "9223372036854775807s9d9",
  ])
  func `a date with numbers that no date has is none`(_ text: String) throws {
    for kind in RateLimits.ResetKind.allCases {
      #expect(ResetTime.wait(text, kind, now) == nil && ResetTime.instant(text, kind) == nil)
    }
    #expect(!CursorOrder.isLess(.string(text), .string(text)))
  }

  @Test(arguments: [
    (#"{"list": "RateLimit"}"#, #""api";r=489;t=189, "search";r=0;t=12"#, [[489, 189_000], [0, 12_000]]),
    (#"{"list": "RateLimit"}"#, "nothing", []),
    (#"{"remaining": "RateLimit"}"#, "12.7", [[12, -1]]),
    // No number that a service sends ends the process.
    (#"{"remaining": "RateLimit"}"#, "-inf", [[0, -1]]),
    (#"{"remaining": "RateLimit"}"#, "-1e300", [[0, -1]]),
    (#"{"remaining": "RateLimit"}"#, "inf", []), (#"{"remaining": "RateLimit"}"#, "nan", []),
    (#"{"used": "RateLimit"}"#, "api-usage=18/5000", [[4982, -1]]),
    (
      #"{"used": "RateLimit"}"#, "api-usage=25/20; per-app-api-usage=17/250(appName=x)",
      [[0, -1], [233, -1]]
    ),
    (#"{"usage": "RateLimit"}"#, #"{"call_count":28,"total_time":40,"total_cputime":25}"#, [[60, -1]]),
    (
      #"{"usage": "RateLimit"}"#,
      #"{"1": [{"call_count": 9, "estimated_time_to_regain_access": 2}], "2": [{"call_count": 8}]}"#,
      [[0, 120_000]]
    ), (#"{"usage": "RateLimit"}"#, "[1]", []), (#"{"usage": "RateLimit"}"#, "{", []),
  ])
  func `a header that tells more than a number is read`(
    _ headers: String, _ text: String, _ expected: [[Int64]]
  ) throws {
    let base = try ConnectorFiles.manifest("hugging_face")
    var value =
      try JSONValue(parsing: try #require(ConnectorFiles.manifests.first { $0.name == base.type }).text)
      .object ?? JSONObject()
    value["rateLimits"] = ["headers": [try JSONValue(parsing: headers)]]
    let manifest = try Manifest(parsing: JSONValue.object(value).text(), fileName: base.type)
    let answer = ConnectorAnswer(status: 200, headers: [ConnectorHeader("RateLimit", text)], body: [])
    let found = RateReading.readings(answer, manifest.rateLimits, now)
    #expect(found.map { [Int64($0.remaining), $0.resetInMilliseconds ?? -1] } == expected)
  }

  @Test func `the next page of a Link header is found among others`() {
    let header =
      #"<https://a/?p=1>; rel="prev", <https://a/?p=3>; title="x"; rel="next", <https://a/?p=9>; rel=last"#
    #expect(PageWalk.next(in: header) == "https://a/?p=3")
    #expect(PageWalk.next(in: #"<https://a/?p=1>; rel="prev""#) == nil)
    #expect(PageWalk.next(in: "<https://a") == nil)
  }

  private func walk(_ paging: String, _ input: JSONValue) throws -> PageWalk {
    var list = ProblemList()
    let paging = Paging(try JSONValue(parsing: paging), "paging", &list)
    try #require(list.problems.isEmpty)
    return PageWalk(paging, input: input)
  }

  private func parameters(_ walk: PageWalk) -> [JSONValue]? { walk.page?.parameters.map(\.1) }

  @Test func `pages are counted with a size that keeps to the limit`() throws {
    let text =
      #"{"kind": "page", "parameter": "page", "items": "body", "size": {"parameter": "n", "maximum": 100}}"#
    var walk = try walk(text, ["limit": 150])
    #expect(parameters(walk) == [75, 1])
    walk.advance(past: Array(repeating: 1, count: 75), scope: ValueScope(), link: nil)
    #expect(parameters(walk) == [75, 2] && walk.publicCursor == "2/75")
    // Whoever goes on has another limit, but pages mean the same.
    var next = try self.walk(text, ["limit": 10, "cursor": "2/75"])
    #expect(parameters(next) == [75, 2])
    next.advance(past: [1], scope: ValueScope(), link: nil)
    #expect(next.page == nil && next.publicCursor == nil)
  }

  @Test func `offsets go on behind what came, until a page is not full`() throws {
    let text =
      #"{"kind": "offset", "parameter": "skip", "items": "body", "size": {"parameter": "n", "maximum": 2}}"#
    var walk = try walk(text, ["limit": 10])
    #expect(parameters(walk) == [2, 0])
    walk.advance(past: [1, 2], scope: ValueScope(), link: nil)
    #expect(parameters(walk) == [2, 2])
    walk.advance(past: [3], scope: ValueScope(), link: nil)
    #expect(walk.page == nil)
  }

  @Test(arguments: ["page", "offset"])
  func `a walk that an author lets begin at the last number ends with its page`(_ kind: String) throws {
    let text = #"{"kind": "\#(kind)", "parameter": "at", "items": "body"}"#
    for cursor in ["9223372036854775807", "99999999999999999999", "-9223372036854775808"] {
      var walk = try walk(text, ["cursor": .string(cursor)])
      walk.advance(past: [1, 2], scope: ValueScope(), link: nil)
      #expect((walk.page == nil) == (cursor == "9223372036854775807"))
    }
  }

  @Test func `a cursor of the last item counts while there is more, and a repeated one ends it`() throws {
    let text =
      #"{"kind": "cursor", "parameter": "after", "cursor": "lastItem.id", "items": "body", "more": "body.more"}"#
    var walk = try walk(text, [:])
    #expect(parameters(walk) == [])
    walk.advance(past: [["id": "a"], ["id": "b"]], scope: ValueScope(["body": ["more": true]]), link: nil)
    #expect(parameters(walk) == ["b"])
    var repeated = walk
    repeated.advance(past: [["id": "b"]], scope: ValueScope(["body": ["more": true]]), link: nil)
    #expect(repeated.page == nil)
    walk.advance(past: [["id": "c"]], scope: ValueScope(["body": ["more": false]]), link: nil)
    #expect(walk.page == nil)
  }

  @Test func `cursors that lead in a circle end the walk`() throws {
    var walk = try walk(
      #"{"kind": "cursor", "parameter": "at", "cursor": "body.next", "items": "body"}"#, [:])
    for (next, goesOn) in [("b", true), ("c", true), ("b", false)] {
      walk.advance(past: [1], scope: ValueScope(["body": ["next": .string(next)]]), link: nil)
      #expect((walk.page != nil) == goesOn)
    }
    #expect(walk.publicCursor == nil)
  }

  private struct EndlessPages: ConnectorTransport {
    func send(_ request: ConnectorRequest) async throws(TransportFailure) -> ConnectorAnswer {
      let link = ConnectorHeader("Link", "<\(request.url)1>; rel=\"next\"")
      let text = #"[{"id": 1}]"# + String(repeating: " ", count: 989)
      return ConnectorAnswer(status: 200, headers: [link], body: Array(text.utf8))
    }
  }

  @Test(arguments: [(1, 1), (2_001, 3), (1_000_000, 50)])
  func `a walk ends with its bytes or pages and says where to go on`(_ bytes: Int, _ pages: Int) async throws
  {
    let executor = OperationExecutor(
      try ConnectorFiles.manifest("github"), transport: EndlessPages(), maximumBytes: bytes,
      nowMilliseconds: { Exchange.now })
    let output = try await executor.perform(
      "list_repositories", input: ["limit": 1000], credentials: ["accessToken": "x"])
    #expect(output["items"]?.array?.count == pages)
    #expect(output["next"]?.string?.hasSuffix(String(repeating: "1", count: pages)) == true)
  }
}
