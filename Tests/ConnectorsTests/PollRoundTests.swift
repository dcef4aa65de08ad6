import Flows
import Testing

@testable import Connectors

/// How a poll goes from page to page, and what it makes of what it finds.
@Suite struct PollRoundTests {
  private static func manifest(_ trigger: String) throws -> Manifest {
    try Manifest(
      parsing: """
        {"format": 1, "type": "feed", "name": "Feed", "category": "data", "description": "A feed.",
         "authentication": [{"kind": "none"}],
         "credentials": {"type": "object", "properties": {}, "additionalProperties": false},
         "baseUrl": "https://feed.test", "test": {"operation": "list"},
         "operations": {"list": {"name": "List", "description": "Lists.", "output": {},
           "input": {"type": "object", "properties": {"since": {"description": "Since."}}, "additionalProperties": false},
           "request": {"method": "GET", "path": "/items", "query": {"since": "{input.since}"}},
           "paging": {"kind": "cursor", "parameter": "after", "cursor": "body.next", "items": "body.items"}}},
         "triggers": {"new": {"name": "New", "description": "New.", "kind": "poll", "operation": "list",
           "output": {}, "input": {"since": "{cursor}"}, \(trigger)}}}
        """, fileName: "feed")
  }

  private static func round(
    _ trigger: String, _ progress: PollProgress, items: Int = 100, fromBeginning: Bool = false
  ) throws -> PollRound {
    let limits = PollLimits(
      items: items, startsAtBeginning: fromBeginning, now: Instant(microseconds: 1_767_225_600_000_000))
    return try #require(
      PollRound("new", of: manifest(trigger), settings: [:], progress: progress, limits: limits))
  }

  /// Items named by their id and cursor: `[1, 2]` is `{"id": 1, "at": 2}`.
  private static func page(_ items: [(Int, Int)], next: String? = nil) -> JSONValue {
    let items = items.map {
      JSONValue.object(
        JSONObject([
          .init(key: "id", value: .integer(Int64($0.0))), .init(key: "at", value: .integer(Int64($0.1))),
        ]))
    }
    return ["items": .array(items), "next": next.map { .string($0) } ?? .null]
  }

  private static func primed(_ cursor: JSONValue?, page: String? = nil) -> PollProgress {
    var progress = PollProgress()
    (progress.cursor, progress.isPrimed, progress.page) = (cursor, true, page)
    return progress
  }

  private static let both = #""id": "item.id", "cursor": "item.at""#
  private static let ascending = both + #", "order": "ascending""#
  private static let descending = both + #", "order": "descending""#

  @Test func `the first poll remembers what is there and sets the cursor`() throws {
    var round = try Self.round(Self.descending, PollProgress())
    #expect(round.call?.input["since"] == nil && round.call?.input["limit"] == 100)
    try round.take(Self.page([(3, 30), (2, 20)], next: "2"), known: [])
    #expect(round.call == nil, "the newest tells enough")
    #expect(round.finding.items.isEmpty && round.finding.remembered == ["3", "2"])
    #expect(round.finding.progress == Self.primed(30))
  }

  @Test func `what is there starts runs where that is asked for`() throws {
    var round = try Self.round(Self.descending, PollProgress(), fromBeginning: true)
    try round.take(Self.page([(2, 20), (1, 10)]), known: [])
    #expect(round.finding.items.map(\.key) == ["1", "2"] && round.finding.progress == Self.primed(20))
  }

  @Test func `a first cursor may be now`() throws {
    for (start, expected) in [
      ("dateTime", JSONValue.string("2026-01-01T00:00:00Z")), ("epochSeconds", 1_767_225_600),
      ("epochMilliseconds", 1_767_225_600_000),
    ] {
      let round = try Self.round(Self.ascending + #", "start": "\#(start)""#, PollProgress())
      #expect(round.call?.input["since"] == expected && round.finding.progress.isPrimed)
    }
  }

  @Test func `ascending goes on behind what it has had, known or not`() throws {
    var round = try Self.round(Self.ascending, Self.primed(10))
    #expect(round.call?.input["since"] == 10)
    try round.take(Self.page([(1, 10), (2, 11)], next: "2"), known: ["1"])
    #expect(round.call?.input["cursor"] == "2")
    try round.take(Self.page([(3, 12)]), known: [])
    #expect(round.call == nil && round.finding.items.map(\.key) == ["2", "3"])
    #expect(round.finding.progress == Self.primed(12) && !round.finding.hasMore)
  }

  @Test func `ascending takes no more than it may and begins the next time with the rest`() throws {
    var round = try Self.round(Self.ascending, Self.primed(10), items: 2)
    try round.take(Self.page([(2, 11), (3, 12), (4, 12)]), known: [])
    #expect(round.finding.items.map(\.key) == ["2", "3"] && round.finding.hasMore)
    #expect(round.finding.progress == Self.primed(12))
    var next = try Self.round(Self.ascending, round.finding.progress, items: 2)
    try next.take(Self.page([(3, 12), (4, 12)]), known: ["3"])
    #expect(next.finding.items.map(\.key) == ["4"] && !next.finding.hasMore)
  }

  @Test func `where all have one cursor the next page is asked for`() throws {
    var round = try Self.round(Self.ascending, Self.primed(10))
    for number in 1...PollRound.maximumCalls {
      try round.take(Self.page([(number, 10)], next: "p\(number)"), known: [])
    }
    #expect(round.call == nil && round.finding.hasMore)
    #expect(round.finding.progress == Self.primed(10, page: "p\(PollRound.maximumCalls)"))
  }

  @Test func `descending ends at what is older than the cursor, and starts nothing of it`() throws {
    var round = try Self.round(Self.descending, Self.primed(10))
    try round.take(Self.page([(5, 12), (4, 11)], next: "2"), known: [])
    try round.take(Self.page([(3, 10), (2, 9)], next: "4"), known: ["3"])
    #expect(round.call == nil && round.finding.items.map(\.key) == ["4", "5"])
    #expect(round.finding.progress == Self.primed(12))
  }

  @Test func `descending moves its cursor only when its walk is over`() throws {
    var round = try Self.round(Self.descending, Self.primed(10))
    for number in 1...PollRound.maximumCalls {
      try round.take(Self.page([(100 - number, 100 - number)], next: "p\(number)"), known: [])
    }
    let finding = round.finding
    #expect(finding.items.count == PollRound.maximumCalls && finding.hasMore)
    #expect(finding.progress.cursor == 10 && finding.progress.highest == 99)
    var next = try Self.round(Self.descending, PollProgress(finding.progress.json))
    #expect(next.call?.input["cursor"] == "p5" && next.call?.input["since"] == 10)
    try next.take(Self.page([(90, 90)]), known: [])
    #expect(next.finding.items.map(\.key) == ["90"] && next.finding.progress == Self.primed(99))
  }

  @Test func `descending that may not take all asks for the same pages again`() throws {
    var round = try Self.round(Self.descending, Self.primed(10), items: 1)
    try round.take(Self.page([(5, 12), (4, 11)]), known: [])
    #expect(round.finding.items.map(\.key) == ["4"] && round.finding.hasMore)
    #expect(round.finding.progress == Self.primed(10))
  }

  @Test func `without a cursor a page of what is known is the end`() throws {
    let trigger = #""id": "item.id""#
    var first = try Self.round(trigger, PollProgress())
    try first.take(Self.page([(2, 0)], next: "2"), known: [])
    #expect(first.call != nil, "as much as can be remembered is")
    try first.take(Self.page([(1, 0)]), known: [])
    #expect(first.finding.remembered == ["2", "1"])
    var round = try Self.round(trigger, first.finding.progress)
    try round.take(Self.page([(4, 0), (3, 0)], next: "2"), known: [])
    try round.take(Self.page([(2, 0), (1, 0)], next: "4"), known: ["1", "2"])
    #expect(round.call == nil && round.finding.items.map(\.key) == ["3", "4"] && !round.finding.hasMore)
  }

  private static let unordered = #""id": "item.id", "order": "none""#

  /// A page of as many items as are given, from a number on.
  private static func items(_ range: Range<Int>, next: String?) -> JSONValue {
    page(range.map { ($0, 0) }, next: next)
  }

  @Test func `without an order and a cursor all pages are walked through, by several polls`() throws {
    var first = try Self.round(Self.unordered, PollProgress())
    for number in 0..<PollRound.maximumCalls {
      try first.take(Self.items(number..<number + 1, next: "p\(number + 1)"), known: [])
    }
    #expect(first.call == nil && first.finding.remembered.count == PollRound.maximumCalls)
    #expect(first.finding.hasMore && first.finding.isPart && !first.finding.progress.isPrimed)
    // What the first walk has not reached yet was there before the trigger too.
    var second = try Self.round(Self.unordered, PollProgress(first.finding.progress.json))
    #expect(second.call?.input["cursor"] == "p5")
    try second.take(Self.items(5..<7, next: nil), known: [])
    #expect(second.finding.items.isEmpty && second.finding.remembered == ["5", "6"])
    #expect(second.finding.progress == Self.primed(nil) && !second.finding.hasMore && second.finding.isPart)
    // The next walk begins at the first page, and finds what is new wherever it stands.
    var third = try Self.round(Self.unordered, second.finding.progress)
    for number in 0..<PollRound.maximumCalls {
      try third.take(Self.items(number..<number + 1, next: "p\(number + 1)"), known: ["\(number)"])
    }
    #expect(third.finding.items.isEmpty && third.finding.progress.page == "p5")
    var fourth = try Self.round(Self.unordered, third.finding.progress)
    try fourth.take(Self.items(5..<8, next: nil), known: ["5", "6"])
    #expect(fourth.finding.items.map(\.key) == ["7"] && fourth.finding.progress == Self.primed(nil))
  }

  @Test func `a walk that may not take all asks for the same pages again`() throws {
    var round = try Self.round(Self.unordered, Self.primed(nil, page: "p5"), items: 2)
    try round.take(Self.items(0..<3, next: "p6"), known: [])
    #expect(round.finding.items.map(\.key) == ["0", "1"] && round.finding.hasMore)
    #expect(round.finding.progress == Self.primed(nil, page: "p5"))
    var next = try Self.round(Self.unordered, round.finding.progress, items: 2)
    try next.take(Self.items(0..<3, next: "p6"), known: ["0", "1"])
    #expect(next.finding.items.map(\.key) == ["2"] && next.finding.progress.page == "p6")
  }

  @Test func `a walk ends, however much there is`() throws {
    var progress = Self.primed(nil)
    var polls = 0
    repeat {
      var round = try Self.round(Self.unordered, progress)
      try round.take(
        Self.items(polls * 500..<polls * 500 + 500, next: "p\(polls + 1)"),
        known: Set((0..<10_000).map(String.init)))
      progress = round.finding.progress
      polls += 1
    } while progress.page != nil && polls < 100
    #expect(polls * 500 == PollRound.maximumWalk && progress == Self.primed(nil))
  }

  @Test func `a key may be of several parts, and long ones stay apart`() throws {
    let trigger = #""id": ["item.id", "item.at"], "cursor": "item.at", "order": "ascending""#
    let round = try Self.round(trigger, Self.primed(1))
    #expect(try round.keys(of: Self.page([(1, 2)])) == ["1/2"])
    let long = String(repeating: "x", count: 300)
    let items: JSONValue = ["items": [["id": .string(long + "a")], ["id": .string(long + "b")]]]
    let keys = try round.keys(of: items)
    #expect(Set(keys).count == 2 && keys.allSatisfy { $0.count <= 255 })
    #expect(throws: ConnectorFailure.self) { try round.keys(of: ["items": [["at": 1]]]) }
  }

  @Test func `cursors are compared as what they are`() {
    let ordered: [(JSONValue, JSONValue)] = [
      (9, 10), ("9", "10"), ("99999999999999999998", "99999999999999999999"), (1.5, 2), ("a", "b"),
      ("2026-01-01T01:00:00+02:00", "2026-01-01T00:00:00Z"),
      ("2026-01-01T00:00:00+0000", "2026-01-01T00:00:00.5Z"),
      ("2026-01-01T00:00:00.000001Z", "2026-01-01T00:00:00.000002Z"),
    ]
    for (less, more) in ordered {
      #expect(CursorOrder.isLess(less, more) && !CursorOrder.isLess(more, less), "\(less) \(more)")
    }
  }

  @Test(arguments: [
    (#""id": "item.id", "cursor": "item.at""#, "triggers.new.order"),
    (#""id": "item.id", "cursor": "item.at", "order": "none""#, "triggers.new.start"),
    (#""id": "item.id", "start": "dateTime""#, "triggers.new.start"),
    (#""id": "item.id", "order": "ascending""#, "triggers.new.order"),
    (#""id": []"#, "triggers.new.id"), (#""id": "body.id""#, "triggers.new"),
  ]) func `what cannot be executed is refused`(_ trigger: String, _ path: String) {
    let error = #expect(throws: ManifestProblems.self) { try Self.manifest(trigger) }
    #expect(error?.problems.contains { $0.path == path } == true, "\(String(describing: error))")
  }
}
