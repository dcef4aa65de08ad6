import Flows
import Testing

@Suite struct RetryTests {
  private static func calling(_ retry: JSONValue, _ more: JSONObject = [:]) -> FlowBuilder {
    var config: JSONObject = ["retry": retry]
    for member in more.members { config[member.key] = member.value }
    return flow(
      [node("t", .trigger), http("call", config), transform("after", "1")], ["t -> call", "call -> after"])
  }

  private static func answer(_ status: Int, retryAfter: String? = nil) -> ActionOutcome {
    var headers = JSONObject()
    if let retryAfter { headers["retry-after"] = .string(retryAfter) }
    return .answered(HTTPAnswer(status: status, headers: headers, body: "no"))
  }

  /// The pauses between the attempts, in milliseconds.
  private func pauses(_ harness: MachineHarness) -> [Int64] {
    harness.events.compactMap { event in
      if case .nodeRetrying(let retry) = event.kind {
        retry.retryAt.microseconds(since: event.at) / 1000
      } else {
        nil
      }
    }
  }

  @Test func `a call that fails is made again after a pause, with a key of its own`() {
    let flow = RetryTests.calling(["maxAttempts": 3, "backoff": "fixed", "delayMilliseconds": 500])
    var harness = MachineHarness(flow) { $0.attempt < 3 ? RetryTests.answer(503) : .ok }
    harness.begin()
    _ = harness.step()
    #expect(harness.snapshot.state == .waiting)
    #expect(harness.row("call")?.state == .waiting)
    #expect(harness.row("call")?.error?.code == .unexpectedStatus)
    #expect(harness.row("call")?.wakeAt == harness.now.advanced(byMilliseconds: 500))
    harness.runToEnd()
    #expect(harness.states == "after:success call:success t:success")
    #expect(harness.performed.map(\.attempt) == [1, 2, 3])
    #expect(Set(harness.performed.map(\.idempotencyKey)).count == 3)
    #expect(harness.row("call")?.attempt == 3)
    #expect(harness.row("call")?.error == nil)
    #expect(pauses(harness) == [500, 500])
    let lines = harness.events.map { $0.line([:]) }
    #expect(
      lines.filter { $0.contains("call") } == [
        "start call", "retry call", "start call", "retry call", "start call", "success call",
      ])
  }

  @Test(arguments: [
    (ActionOutcome.failed(RunError(code: .requestTimeout, message: "late")), true),
    (.failed(RunError(code: .requestFailed, message: "broken")), true),
    (.failed(RunError(code: .unknownOutcome, message: "lost")), true),
    (answer(503), false), (answer(429), false),
  ])
  func `what had no answer is tried again with the same key, whoever goes on`(
    outcome: ActionOutcome, isSame: Bool
  ) {
    let flow = RetryTests.calling([
      "maxAttempts": 4, "delayMilliseconds": 5000,
      "on": ["timeout", "network", "unknown", "server", "rateLimited"],
    ])
    var harness = MachineHarness(flow) { _ in outcome }
    harness.begin()
    _ = harness.step()
    var resumed = MachineHarness(flow, from: harness.snapshot) { $0.attempt < 4 ? outcome : .ok }
    resumed.now = harness.now
    // Between the beginning of the third attempt and its call the owner changes once more.
    for _ in 0..<3 { _ = resumed.step() }
    var third = MachineHarness(flow, from: resumed.snapshot) { $0.attempt < 4 ? outcome : .ok }
    third.now = resumed.now
    third.runToEnd()
    let made = harness.performed + resumed.performed + third.performed
    #expect(made.map(\.attempt) == [1, 2, 3, 4])
    #expect(Set(made.map(\.idempotencyKey)).count == (isSame ? 1 : 4))
    #expect(third.snapshot.state == .success && third.row("call")?.memo == nil)
  }

  @Test func `an answer in between ends what a key stands for`() {
    let flow = RetryTests.calling(["maxAttempts": 4, "delayMilliseconds": 1])
    let late = ActionOutcome.failed(RunError(code: .requestTimeout, message: "late"))
    var harness = MachineHarness(flow) { $0.attempt == 2 ? RetryTests.answer(500) : late }
    harness.runToEnd()
    #expect(harness.performed.map { $0.idempotencyKey.last } == ["1", "1", "3", "3"])
    #expect(harness.performed.allSatisfy { !$0.mayHaveHappened })
  }

  @Test func `what was cut off is told to have perhaps happened, unless the node has decided`() {
    for decided in [JSONObject(), ["onUnknownOutcome": "retry"]] {
      var more: JSONObject = ["timeoutMilliseconds": 2000, "type": "connector", "operation": "charge"]
      for member in decided.members { more[member.key] = member.value }
      more["retry"] = ["maxAttempts": 2, "delayMilliseconds": 10, "backoff": "fixed"]
      let flow = flow([node("t", .trigger), node("call", .action, .object(more))], ["t -> call"])
      var harness = MachineHarness(flow)
      harness.begin()
      let key = harness.effects.first?.idempotencyKey
      harness.feed(.woke(at: harness.now.advanced(byMilliseconds: 2000)))
      harness.now = harness.now.advanced(byMilliseconds: 2000)
      _ = harness.step()
      #expect(harness.effects.map(\.mayHaveHappened) == [decided.members.isEmpty])
      #expect(harness.effects.map(\.idempotencyKey) == [key])
    }
  }

  @Test func `what would be the same again is not tried again`() {
    for code in [RunError.Code.expressionTimeout, .addressRefused, .configInvalid, .payloadTooLarge] {
      #expect(!ErrorClass.passing.contains(ErrorClass(code)))
    }
  }

  @Test func `the last attempt that fails fails the node`() {
    let flow = RetryTests.calling(["maxAttempts": 2, "delayMilliseconds": 0])
    var harness = MachineHarness(flow) { _ in RetryTests.answer(500) }
    harness.runToEnd()
    #expect(harness.snapshot.state == .failure)
    #expect(harness.performed.count == 2)
    #expect(harness.snapshot.error?.code == .unexpectedStatus)
    #expect(harness.row("call")?.output?["status"] == 500)
  }

  @Test func `exponential pauses double up to the bound, shortened by a chance that can be foretold`() {
    let retry: JSONValue = [
      "maxAttempts": 6, "delayMilliseconds": 1000, "maximumDelayMilliseconds": 5000, "jitter": 0,
    ]
    var plain = MachineHarness(RetryTests.calling(retry)) { _ in RetryTests.answer(500) }
    plain.runToEnd()
    #expect(pauses(plain) == [1000, 2000, 4000, 5000, 5000])
    let jittered: JSONValue = ["maxAttempts": 6, "delayMilliseconds": 1000, "jitter": true]
    var first = MachineHarness(RetryTests.calling(jittered)) { _ in RetryTests.answer(500) }
    first.runToEnd()
    var second = MachineHarness(RetryTests.calling(jittered)) { _ in RetryTests.answer(500) }
    second.runToEnd()
    #expect(pauses(first) == pauses(second))
    #expect(zip(pauses(first), [1000, 2000, 4000, 8000, 16000]).allSatisfy { $0 > $1 / 2 && $0 <= $1 })
    #expect(Set(zip(pauses(first), [1, 2, 4, 8, 16]).map { $0 / $1 }).count > 2)
  }

  @Test(arguments: [
    ("7", Int64(7000)), ("99999", 60_000), ("0", 1000), ("Wed, 15 Nov 2023 00:00:00 GMT", 60_000),
    ("Tue, 14 Nov 2023 22:13:50 GMT", 29_998), ("soon", 1000), ("-5", 1000),
    ("99999999999999999999", 60_000), ("+5", 1000), ("Thu, 01 Jan 1970 00:00:00 GMT", 1000),
    ("Sun, 06 Nov 9223372036854775807 08:49:37 GMT", 1000),
  ])
  func `an answer's Retry-After is respected within the bound`(header: String, expected: Int64) {
    let retry: JSONValue = [
      "maxAttempts": 2, "backoff": "fixed", "delayMilliseconds": 1000, "maximumDelayMilliseconds": 60_000,
    ]
    var harness = MachineHarness(RetryTests.calling(retry)) { _ in
      RetryTests.answer(429, retryAfter: header)
    }
    harness.runToEnd()
    // The harness begins at 22:13:20 and has ticked twice when the answer comes.
    #expect(pauses(harness) == [expected])
  }

  @Test func `only errors of the classes are tried again, each class within its limit`() {
    let retry: JSONValue = [
      "maxAttempts": 9, "delayMilliseconds": 1, "on": ["server", "rateLimited"], "limits": ["server": 2],
    ]
    var client = MachineHarness(RetryTests.calling(retry)) { _ in RetryTests.answer(404) }
    client.runToEnd()
    #expect(client.performed.count == 1)
    var mixed = MachineHarness(RetryTests.calling(retry)) {
      RetryTests.answer($0.attempt % 2 == 0 ? 429 : 500)
    }
    mixed.runToEnd()
    // Server errors at 1 and 3 are tried again, that at 5 is not.
    #expect(mixed.performed.count == 5)
    var any = MachineHarness(RetryTests.calling(["maxAttempts": 4, "on": "any", "delayMilliseconds": 1])) {
      _ in .rejected(RunError(code: .requestFailed, message: "no"), .other, retryAfterMilliseconds: 50)
    }
    any.runToEnd()
    #expect(any.performed.count == 4)
    #expect(pauses(any) == [50, 50, 50])
  }

  @Test func `a pause ends when the run is cancelled or fails elsewhere`() {
    let flow = RetryTests.calling(["maxAttempts": 3, "delayMilliseconds": 5000])
    var harness = MachineHarness(flow) { _ in RetryTests.answer(500) }
    harness.begin()
    _ = harness.step()
    harness.feed(.cancelRequested(at: harness.now))
    #expect(harness.states == "after:skipped call:cancelled t:success")
    #expect(harness.snapshot.state == .cancelled)
  }

  @Test func `a pause outlives its worker`() {
    let flow = RetryTests.calling(["maxAttempts": 3, "delayMilliseconds": 5000, "limits": ["server": 1]])
    var harness = MachineHarness(flow) { _ in RetryTests.answer(500) }
    harness.begin()
    _ = harness.step()
    var resumed = MachineHarness(flow, from: harness.snapshot) { _ in RetryTests.answer(500) }
    resumed.now = harness.now
    resumed.runToEnd()
    #expect(resumed.performed.map(\.attempt) == [2])
    #expect(resumed.snapshot.state == .failure)
  }

  @Test func `a call that takes too long is cut off and tried again`() {
    let flow = RetryTests.calling(
      ["maxAttempts": 2, "delayMilliseconds": 10, "backoff": "fixed"], ["timeoutMilliseconds": 2000])
    var harness = MachineHarness(flow)
    harness.begin()
    #expect(harness.machine.nextWakeAt == harness.now.advanced(byMilliseconds: 7000))
    harness.feed(.woke(at: harness.now.advanced(byMilliseconds: 7000)))
    #expect(harness.cutOff == [NodeAddress(flow["call"])])
    #expect(harness.row("call")?.error?.code == .nodeTimeout)
    // What the first attempt says later is of no interest.
    harness.feed(.performed(NodeAddress(flow["call"]), attempt: 1, .ok, at: harness.now))
    #expect(harness.row("call")?.state == .waiting)
    harness.runToEnd()
    #expect(harness.snapshot.state == .success)
    #expect(harness.performed.map(\.attempt) == [2])
  }

  @Test func `a delay is no longer than the node's time`() {
    let flow = flow(
      [node("t", .trigger), node("nap", .delay, ["seconds": 60, "timeoutMilliseconds": 1000])], ["t -> nap"])
    var harness = MachineHarness(flow)
    harness.runToEnd()
    #expect(harness.snapshot.error?.code == .nodeTimeout)
    #expect(harness.row("nap")?.durationMicroseconds == 1_000_000)
  }

  @Test func `the time of a delay's second attempt is its own, whoever goes on with it`() throws {
    let flow = flow(
      [
        node("t", .trigger),
        node(
          "nap", .delay,
          [
            "seconds": 60, "timeoutMilliseconds": 30_000,
            "retry": ["maxAttempts": 2, "backoff": "fixed", "delayMilliseconds": 50_000],
          ]),
      ], ["t -> nap"])
    var harness = MachineHarness(flow)
    harness.begin()
    // The first attempt is cut off, and the second begins.
    for _ in 0..<2 { _ = harness.step() }
    let nap = try #require(harness.row("nap"))
    #expect(nap.state == .waiting && nap.attempt == 2)
    let end = harness.now.advanced(byMilliseconds: 30_000)
    #expect(harness.machine.nextWakeAt == end)
    var resumed = MachineHarness(flow, from: harness.snapshot)
    resumed.now = harness.now
    resumed.begin()
    #expect(resumed.machine.nextWakeAt == end)
    #expect(resumed.row("nap")?.state == .waiting)
    resumed.runToEnd()
    harness.runToEnd()
    #expect(resumed.outcome == harness.outcome)
    #expect(resumed.row("nap")?.error?.code == .nodeTimeout)
  }

  @Test(arguments: [("retry", 1), ("fail", 0)])
  func `an effect whose outcome was lost is made again, or fails, as its node says`(word: String, calls: Int)
  {
    let flow = flow(
      [node("t", .trigger), http("call", ["onUnknownOutcome": .string(word)])], ["t -> call"])
    var harness = MachineHarness(flow)
    harness.begin()
    var resumed = MachineHarness(flow, from: harness.snapshot)
    resumed.runToEnd()
    #expect(resumed.performed.count == calls)
    #expect(resumed.snapshot.error?.code == (word == "fail" ? .unknownOutcome : nil))
    // Its node has decided.
    #expect(resumed.performed.allSatisfy { !$0.mayHaveHappened })
  }

  @Test func `where a node says nothing, who is called is told that it may have happened`() {
    let flow = flow([node("t", .trigger), http("call")], ["t -> call"])
    var harness = MachineHarness(flow)
    harness.begin()
    #expect(harness.performed.allSatisfy { !$0.mayHaveHappened })
    var resumed = MachineHarness(flow, from: harness.snapshot)
    resumed.runToEnd()
    #expect(resumed.performed.map(\.mayHaveHappened) == [true])
  }

  @Test func `a call whose expressions were still being evaluated has not been made`() {
    let flow = flow(
      [
        node("t", .trigger),
        http("call", url: "https://a.test/{{ input.n }}", ["onUnknownOutcome": "fail"]),
      ], ["t -> call"])
    var harness = MachineHarness(flow)
    let actions = harness.machine.handle(.resumed(at: harness.now, isCancelRequested: false))
    #expect(actions.count == 1)
    harness.store()
    #expect(harness.row("call")?.state == .running)
    // Its worker gives it back, or dies, before the expressions have values.
    var resumed = MachineHarness(flow, from: harness.snapshot)
    resumed.begin()
    #expect(resumed.effects.map(\.mayHaveHappened) == [false])
    #expect(resumed.events.isEmpty)
    let begun = resumed.snapshot
    resumed.runToEnd()
    #expect(resumed.snapshot.state == .success && resumed.row("call")?.memo == nil)
    // From here on it may have been made.
    var lost = MachineHarness(flow, from: begun)
    lost.runToEnd()
    #expect(lost.snapshot.error?.code == .unknownOutcome && lost.performed.isEmpty)
    var cancelled = MachineHarness(flow, from: harness.snapshot)
    cancelled.begin(isCancelRequested: true)
    #expect(cancelled.snapshot.state == .cancelled && cancelled.row("call")?.error == nil)
  }

  static let policies: [(JSONValue, String)] = [
    ([], "config.retry"), (["maxAttempts": 0], "config.retry.maxAttempts"),
    (["maxAttempts": 21], "config.retry.maxAttempts"), (["backoff": "never"], "config.retry.backoff"),
    (["delayMilliseconds": -1], "config.retry.delayMilliseconds"), (["jitter": 2], "config.retry.jitter"),
    (["on": ["rain"]], "config.retry.on"), (["on": []], "config.retry.on"),
    (["limits": ["rain": 1]], "config.retry.limits.rain"),
    (["limits": ["server": "x"]], "config.retry.limits.server"),
    (["limits": 1], "config.retry.limits"),
  ]

  @Test(arguments: RetryTests.policies)
  func `a retry policy that cannot be read is a problem`(retry: JSONValue, field: String) {
    let problems = RetryTests.calling(retry).graph.problems()
    #expect(problems.map(\.code) == [.invalidConfig])
    #expect(problems.first?.field == field)
  }

  @Test func `the other parts of a policy are checked too`() {
    func fields(_ more: JSONObject, _ kind: NodeKind = .transform) -> [String?] {
      var config: JSONObject = ["expression": "1"]
      for member in more.members { config[member.key] = member.value }
      return flow([node("t", .trigger), node("x", kind, .object(config))], ["t -> x"]).graph.problems().map(
        \.field)
    }
    #expect(fields(["onError": "continue", "timeoutMilliseconds": 5, "retry": ["maxAttempts": 2]]) == [])
    #expect(fields(["onError": "shrug"]) == ["config.onError"])
    #expect(fields(["onUnknownOutcome": 1]) == ["config.onUnknownOutcome"])
    #expect(fields(["timeoutMilliseconds": 0]) == ["config.timeoutMilliseconds"])
    #expect(fields(["retry": ["maxAttempts": 2]], .trigger).first == "config.retry")
  }
}
