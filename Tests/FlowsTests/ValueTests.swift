@testable import Flows
import Testing

@Suite struct IdentifierTests {
  @Test func `a TypeID is the example of its specification`() throws {
    // 01890a5d-ac96-774b-bcce-b302099a8057 is the specification's example.
    let id = Identifier(high: 0x0189_0A5D_AC96_774B, low: 0xBCCE_B302_099A_8057)
    #expect(id.text(.flow) == "flow_01h455vb4pex5vsknk084sn02q")
    #expect(id.description == "01890a5d-ac96-774b-bcce-b302099a8057")
    #expect(try TypeID.parse("flow_01h455vb4pex5vsknk084sn02q", as: .flow) == id)
    #expect(Identifier(bytes: id.bytes) == id)
  }

  @Test func `ids survive their text`() throws {
    var generator = SeededGenerator(state: 4)
    for prefix in IdentifierPrefix.allCases {
      for _ in 0..<50 {
        let id = Identifier(high: generator.next(), low: generator.next())
        #expect(try TypeID.parse(id.text(prefix), as: prefix) == id)
      }
    }
    let largest = Identifier(high: .max, low: .max)
    #expect(largest.text(.user) == "user_7zzzzzzzzzzzzzzzzzzzzzzzzz")
    #expect(try TypeID.parse(largest.text(.user), as: .user) == largest)
  }

  @Test(arguments: [
    "", "flow", "flow_", "_01h455vb4pex5vsknk084sn02q", "01h455vb4pex5vsknk084sn02q",
    "flow_01h455vb4pex5vsknk084sn02", "flow_01h455vb4pex5vsknk084sn02qq", "flow_01H455VB4PEX5VSKNK084SN02Q",
    "flow_01h455vb4pex5vsknk084sn0lq", "flow_81h455vb4pex5vsknk084sn02q", "thing_01h455vb4pex5vsknk084sn02q",
    "node_nonsense", "flow_01h455vb4pex5vsknk084sn02é",
  ])
  func `what is not an id is malformed`(text: String) {
    #expect(throws: TypeIDError.malformed) { try TypeID.parse(text, as: .flow) }
  }

  @Test func `an id of another noun is told apart`() {
    let id = Identifier(high: 1, low: 2).text(.node)
    #expect(throws: TypeIDError.wrongPrefix(expected: .flow, found: .node)) {
      try TypeID.parse(id, as: .flow)
    }
  }

  @Test func `new ids are UUIDv7 and ordered by time`() {
    let early = Identifier.make(at: Instant(microseconds: 1_700_000_000_000_000))
    let late = Identifier.make(at: Instant(microseconds: 1_700_000_000_001_000))
    #expect(early < late)
    #expect(early.high >> 12 & 0xF == 7)
    #expect(early.low >> 62 == 2)
    #expect(early.high >> 16 == 1_700_000_000_000)
    #expect(Identifier(bytes: [1, 2, 3]) == nil)
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (1_709_210_096_123_456, "2024-02-29T12:34:56.123Z"),
    (-1000, "1969-12-31T23:59:59.999Z"), (4_107_542_399_999_999, "2100-02-28T23:59:59.999Z"),
    (951_782_400_000_000, "2000-02-29T00:00:00.000Z"),
  ])
  func `an instant prints as RFC 3339`(microseconds: Int, text: String) {
    #expect(Instant(microseconds: Int64(microseconds)).description == text)
  }

  @Test func `instants stay within their bounds`() {
    let last = Instant(microseconds: .max)
    #expect(last.advanced(byMilliseconds: 1) == last)
    #expect(Instant(microseconds: 0).advanced(byMilliseconds: .max) == last)
    #expect(Instant(microseconds: 5).microseconds(since: Instant(microseconds: 9)) == 0)
    #expect(last.microseconds(since: Instant(microseconds: .min)) == .max)
  }
}

@Suite struct JSONTests {
  static let texts: [(String, JSONValue)] = [
    ("null", JSONValue.null), (" true ", true), ("-0", 0), ("9223372036854775807", 9_223_372_036_854_775_807),
    ("9223372036854775808", 9_223_372_036_854_775_808.0), ("1.5e3", 1500.0), ("[]", []), ("{}", .object([:])),
    (#"{"a":[1,{"b":null}]}"#, ["a": [1, ["b": nil]]]), (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{c}\n\r\t"),
    (#""\u00e4\ud83d\ude00""#, "ä😀"), (#""\ud83d""#, "\u{FFFD}"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
    (#""\ude00x""#, "\u{FFFD}x"), (#"{"a":1,"b":2,"a":3}"#, ["a": 3, "b": 2]),
  ]

  @Test(arguments: JSONTests.texts)
  func `a text is read`(text: String, value: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == value)
  }

  @Test(arguments: [
    "", " ", "nul", "truE", "01", "-", "1.", "1e", "1e999", "[1,]", "[1", "{\"a\"}", "{\"a\":1,}", "{a:1}",
    "{",
    "\"", "\"\\x\"", "\"\\u12g4\"", "\"\u{1}\"", "\"\\n\u{1}\"", "1 2", "]", "\"\\",
  ])
  func `what is not JSON is refused`(text: String) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
  }

  @Test func `depth is bounded, also on a small stack`() {
    let deepest = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
    let tooDeep = String(repeating: "{\"a\":", count: 100_000)
    let isKept = onSmallStack {
      guard let value = try? JSONValue(parsing: deepest), value == value, value.text() == deepest else {
        return false
      }
      return (try? JSONValue(parsing: tooDeep)) == nil && (try? JSONValue(parsing: "[\(deepest)]")) == nil
    }
    #expect(isKept == true)
    #expect(throws: JSONError(message: "Nested too deeply", offset: 128)) {
      try JSONValue(parsing: String(repeating: "[", count: 100_000))
    }
  }

  @Test func `a value is written without white space`() throws {
    let value: JSONValue = [
      "text": "a\"\\\u{8}\t\n\u{c}\r\u{1}\u{0}ä", "list": [1, -2.5, 1e300, true, nil], "empty": .object([:]),
    ]
    #expect(
      value.text()
        == #"{"text":"a\"\\\b\t\n\f\r\u0001"# + "\u{FFFD}ä"
        + #"","list":[1,-2.5,1e+300,true,null],"empty":{}}"#)
    #expect(try JSONValue(parsing: value.encoded())["list"] == value["list"])
    #expect(JSONValue.array([.number(.nan), .number(.infinity)]).text() == "[null,null]")
  }

  @Test func `objects are equal in any order`() {
    let left: JSONValue = ["a": 1, "b": 2]
    #expect(left == ["b": 2, "a": 1])
    #expect(left != ["b": 2, "a": 2])
    #expect(left != ["a": 1, "c": 2])
    #expect(left != ["a": 1])
  }

  /// RFC 8259 § 8.3: keys are compared by what they are written with.
  @Test(arguments: [0, 30])
  func `a key and its normal form are two keys`(others: Int) throws {
    let keys = (0..<others).map { "\"k\($0)\":0" } + ["\"\u{E9}\":1", "\"e\u{301}\":2"]
    let value = try JSONValue(parsing: "{\(keys.joined(separator: ","))}")
    let object = try #require(value.object)
    #expect(object.count == others + 2)
    #expect(object["\u{E9}"] == 1 && object["e\u{301}"] == 2)
    let reversed = JSONObject(object.members.reversed())
    #expect(reversed == object)
    var changed = object
    changed["e\u{301}"] = nil
    #expect(changed.count == others + 1 && changed["\u{E9}"] == 1)
    changed["other"] = 2
    #expect(changed != object)
  }

  @Test func `members can be set and removed`() {
    var object: JSONObject = ["a": 1]
    object["b"] = 2
    object["a"] = 3
    #expect(object == ["a": 3, "b": 2])
    object["a"] = nil
    object["none"] = nil
    #expect(object.members.map(\.key) == ["b"])
    #expect(!object.isEmpty)
  }

  static let truths: [(JSONValue, Bool)] = [
    (JSONValue.null, false), (false, false), (0, false), (0.0, false), ("", false), (true, true), (-1, true),
    (0.5, true), ("0", true), ([], true), (.object([:]), true), (.number(.nan), false),
  ]

  @Test(arguments: JSONTests.truths)
  func `truth is JavaScript's`(value: JSONValue, isTruthy: Bool) {
    #expect(value.isTruthy == isTruthy)
  }
}

@Suite struct CodecTests {
  @Test func `a version survives its document`() throws {
    var builder = flow(
      [node("t", .trigger), http("a"), node("b", .delay, ["seconds": 1])], ["t -> a : input.n", "a -> b"])
    builder.nodes[1].integrationID = FlowBuilder.id(88)
    builder.nodes[1].detail = "Calls ä"
    builder.connections[0].label = "yes"
    builder.nodes[2].wanted.integration = WantedNames.Integration(type: "slack", name: "Team chat")
    builder.nodes[2].wanted.flow = "Bill"
    let text = builder.version.encoded().text()
    #expect(try FlowVersion(decoding: JSONValue(parsing: text)) == builder.version)
  }

  static let spoiled: [(String, JSONValue, String)] = [
    ("format", JSONValue.integer(9), "version.format is not 1"),
    ("id", "x", "version.id is not an id that begins with 'fver_'"),
    ("id", nil, "version.id is not an id"), ("number", "x", "version.number is not an integer"),
    ("flow", 1, "version.flow is not an object"), ("nodes", nil, "version.nodes is not a list"),
    ("nodes", [["kind": "x"]], "version.nodes[0].kind is unknown"),
    ("nodes", [["kind": 1]], "version.nodes[0].kind is not a string"),
  ]

  @Test(arguments: CodecTests.spoiled)
  func `a document that is not a version says why`(key: String, value: JSONValue, message: String) throws {
    var document = try #require(flow([node("t", .trigger)], []).version.encoded().object)
    document[key] = value
    #expect(throws: FlowVersionError(message: message)) { try FlowVersion(decoding: .object(document)) }
  }

  @Test func `events survive their payload`() throws {
    let error = RunError(code: .requestFailed, message: "reset", nodeID: FlowBuilder.id(4))
    let at = Instant(microseconds: 77)
    var row = NodeRun(
      id: FlowBuilder.id(1), node: FlowBuilder.id(2), key: "k", title: "K", kind: .action, state: .failure)
    row.attempt = 2
    row.input = ["a": 1]
    row.output = [1]
    row.error = error
    row.skipReason = .notReached
    row.startedAt = at
    row.finishedAt = at.advanced(byMilliseconds: 3)
    let kinds: [RunEvent.Kind] = [
      .queued, .started, .waiting(until: at), .nodeFinished(RunEvent.NodeFinished(row)),
      .nodeStarted(RunEvent.NodeStarted(node: row.nodeID, key: "k", attempt: 1, input: ["a": 1])),
      .nodeRetrying(RunEvent.NodeRetrying(row, retryAt: at, error: error)),
      .logLine(RunEvent.LogLine(node: nil, level: .debug, message: "m")),
      .logLine(RunEvent.LogLine(node: row.nodeID, key: row.key, level: .error, message: "m")),
      .finished(RunEvent.RunFinished(state: .failure, output: ["x": 1], error: error)),
      .finished(RunEvent.RunFinished(state: .success, output: nil, error: nil)),
    ]
    for kind in kinds {
      let payload = try JSONValue(parsing: kind.payload().text())
      #expect(RunEvent.Kind(name: kind.name, payload: payload) == kind)
    }
  }

  @Test(arguments: [
    "waiting", "log_line", "finished", "node_started", "node_retrying", "node_finished", "other",
  ])
  func `a payload that is not an event's is refused`(name: String) {
    #expect(RunEvent.Kind(name: name, payload: .object([:])) == nil)
    let node: JSONValue = ["node": .string(FlowBuilder.id(1).text(.node)), "key": "k", "attempt": 1]
    #expect((RunEvent.Kind(name: name, payload: node) == nil) == (name != "node_started"))
    #expect(RunError(decoding: 1) == nil)
  }
}
