import SandboxWire
import Testing

@testable import SandboxProcess

/// The machine inside the test's own process, where its lines are counted; what it may not do there (run
/// away) is tested through the pool.
@Suite(.serialized) struct InterpreterTests {
  func evaluate(_ texts: [String], scope: [SandboxSlot: String] = [:], maximum: UInt32 = 1000)
    -> [SandboxOutcome]
  {
    guard let interpreter = Interpreter() else { return [] }
    interpreter.warmUp()
    let request = SandboxRequest(
      id: 1, work: .evaluate(timeLimitMicroseconds: 100_000, maximumResultBytes: maximum),
      expressions: texts.map { [UInt8]($0.utf8) }, scope: scope.mapValues { [UInt8]($0.utf8) })
    let outcomes = interpreter.perform(request)
    interpreter.collectGarbage()
    return outcomes
  }

  func value(_ text: String) -> SandboxOutcome { .value([UInt8](text.utf8)) }

  @Test func `values, errors and bounds`() {
    let outcomes = evaluate(
      [
        "input.a + 1", "'ü'", "undefined", "1 +", "x", "(() => 1)", "Promise.resolve()", "'x'.repeat(999)",
        "10n",
      ],
      scope: [.input: #"{"a":1}"#])
    #expect(outcomes[0] == value("2") && outcomes[1] == value("\"ü\"") && outcomes[2] == value("null"))
    #expect(
      outcomes[3]
        == .syntaxError(message: "SyntaxError: Unexpected end of the expression", line: 1, column: 4))
    guard case .thrown(let message, 1, _) = outcomes[4], message.hasPrefix("ReferenceError") else {
      Issue.record("\(outcomes[4])")
      return
    }
    for outcome in [outcomes[5], outcomes[6], outcomes[8]] {
      guard case .notSerializable = outcome else {
        Issue.record("\(outcome)")
        return
      }
    }
    #expect(outcomes[7] == .resultTooLarge)
    #expect(evaluate(["input"], scope: [.input: "{"]) == [.invalidScope(name: "input")])
  }

  @Test func `a loop ends with its time, and the machine goes on`() {
    guard let interpreter = Interpreter() else { return }
    let outcomes = ["(() => { for (;;) {} })()", "1", "(() => { try { for (;;) {} } catch { } })()", "2"].map
    {
      interpreter.perform(
        SandboxRequest(
          id: 1, work: .evaluate(timeLimitMicroseconds: 100_000, maximumResultBytes: 100),
          expressions: [[UInt8]($0.utf8)]))
    }
    #expect(outcomes == [[.timedOut], [value("1")], [.timedOut], [value("2")]])
  }

  @Test func `a check answers for each expression`() {
    guard let interpreter = Interpreter() else { return }
    let texts = ["1", "", "1) ; (2", "a b a b", "'x' 'x'"].map { [UInt8]($0.utf8) }
    let outcomes = interpreter.perform(SandboxRequest(id: 1, work: .check, expressions: texts))
    #expect(outcomes[0] == .value([]))
    let places = outcomes.dropFirst().map { outcome -> UInt32 in
      if case .syntaxError(_, 1, let column) = outcome { column } else { 0 }
    }
    #expect(places == [1, 2, 3, 5])
    #expect(interpreter.perform(SandboxRequest(id: 1, work: .check, expressions: texts)) == outcomes)
  }

  @Test func `the memory limit on the command line sets the high water mark`() {
    #expect(Limits(arguments: ["x", "\(256 << 20)"]).highWaterBytes == 192 << 20)
    #expect(Limits(arguments: ["x", "nonsense"]).highWaterBytes == 48 << 20)
    #expect(Limits(arguments: ["x"]).highWaterBytes == 48 << 20)
    #expect(ResidentMemory().bytes > 1 << 20)
  }
}
