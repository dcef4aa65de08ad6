import Testing

@testable import EngineFuzz

/// A fixed number of cases of each kind; `engine-fuzz` runs any number (docs/engine.md).
///
/// A trap ends the process: the case is then found with the same seed and `engine-fuzz`.
@Suite struct EngineFuzzTests {
  static let seed: UInt64 = 20_261_121

  @Test(arguments: [
    (FuzzTarget.parse, 6_000), (.validate, 3_000), (.schema, 500), (.execute, 1_500), (.json, 6_000),
  ])
  func `no mutated text breaks an oracle`(_ target: FuzzTarget, _ rounds: Int) async throws {
    var fuzzer = try Fuzzer(seed: Self.seed, isSmall: true)
    let report = await fuzzer.run(target, rounds: rounds)
    #expect(report.rounds == rounds)
    #expect(report.failures == [])
    // Texts that nothing accepts would prove nothing.
    #expect(report.accepted > rounds / 20, "\(report)")
  }

  @Test func `a round makes the same case whenever it is asked for`() throws {
    var first = try Fuzzer(seed: 7, isSmall: true)
    var second = try Fuzzer(seed: 7, isSmall: true)
    for target in FuzzTarget.allCases {
      _ = first.makeCase(target, 3)
      #expect(first.makeCase(target, 41).bytes == second.makeCase(target, 41).bytes)
      #expect(first.makeCase(target, 42).bytes != second.makeCase(target, 41).bytes)
    }
  }

  @Test func `an oracle that is not kept is told with the case and a smaller one`() async throws {
    var fuzzer = try Fuzzer(seed: 1, isSmall: true)
    fuzzer.oracles.complaint = { example in example.bytes.contains(0x40) ? "an at sign" : nil }
    let report = await fuzzer.run(.parse, rounds: 2_000)
    let failure = try #require(report.failures.first)
    #expect(failure.hasPrefix("parse, seed 1, round "))
    #expect(failure.hasSuffix("an at sign") == false && failure.contains(": an at sign\n"))
    #expect(failure.hasSuffix("\nsmaller: @"))
    #expect(report.failures.count == Fuzzer.failureLimit)
  }
}
