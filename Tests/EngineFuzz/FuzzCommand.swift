import Foundation

/// `engine-fuzz`: any number of rounds by hand. Exits with 1 when an oracle complained, with 2 when the call
/// is wrong; a trap ends it as traps do, behind the case.
@main struct FuzzCommand {
  var rounds = 100_000
  var seed: UInt64 = 1
  var first: UInt64 = 0
  var targets = FuzzTarget.allCases
  var stackKiB = 512
  var isShown = false
  /// Which part of the growth cases to run, of how many; nil to fuzz.
  var growth: (part: Int, of: Int)?

  static let usage = """
    engine-fuzz [--rounds N] [--seed S] [--what parse|validate|schema|execute|json|all] [--stack KIB]
                [--round R]   only this round of the seed, its case printed first
    engine-fuzz --growth K/N  runs part K of N of the cases whose instructions scripts/growth counts
    """

  static func main() {
    guard let command = FuzzCommand(Array(CommandLine.arguments.dropFirst())) else {
      FileHandle.standardError.write(Data((usage + "\n").utf8))
      exit(2)
    }
    if let growth = command.growth {
      CallingThreadExecutor.run { await GrowthRun.run(part: growth.part, of: growth.of) }
      exit(0)
    }
    let isFine = CallingThreadExecutor.run(stackBytes: command.stackKiB << 10) { await command.run() }
    exit(isFine ? 0 : 1)
  }

  init?(_ arguments: [String]) {
    var rest = arguments[...]
    while let flag = rest.popFirst() {
      guard let value = rest.popFirst() else { return nil }
      switch (flag, UInt64(value), FuzzTarget(rawValue: value)) {
      case ("--rounds", let number?, _): rounds = Int(clamping: number)
      case ("--seed", let number?, _): seed = number
      case ("--stack", let number?, _): stackKiB = Int(clamping: max(64, number))
      case ("--round", let number?, _):
        first = number
        rounds = 1
        isShown = true
      case ("--growth", _, _):
        let numbers = value.split(separator: "/").compactMap { Int($0) }
        guard numbers.count == 2, (1...max(1, numbers[1])).contains(numbers[0]) else { return nil }
        growth = (part: numbers[0], of: numbers[1])
      case ("--what", _, let target?): targets = [target]
      case ("--what", _, _) where value == "all": targets = FuzzTarget.allCases
      default: return nil
      }
    }
  }

  /// Whether no oracle complained.
  private func run() async -> Bool {
    CrashReport.install()
    var isFine = true
    do {
      var fuzzer = try Fuzzer(seed: seed)
      let stack = CallingThreadExecutor.currentStackBytes >> 10
      print("seed \(seed), \(rounds) rounds each, stack \(stack) KiB, \(fuzzer.corpus.origin)")
      for target in targets {
        if isShown { print("case: \(FuzzCase.escaped(fuzzer.makeCase(target, first).bytes))") }
        let seed = seed
        let start = ContinuousClock.now
        let report = await fuzzer.run(target, rounds: rounds, first: first) { round, example in
          CrashReport.note(example, round, seed: seed)
          if round % 64 == 0 { alarm(CrashReport.patience) }
        }
        alarm(0)
        show(report, target, ContinuousClock.now - start)
        isFine = isFine && report.failures.isEmpty
      }
    } catch {
      print("the corpus cannot be read: \(error)")
      return false
    }
    return isFine
  }

  private func show(_ report: FuzzReport, _ target: FuzzTarget, _ time: Duration) {
    print("\(target.rawValue): \(report.rounds) rounds, \(report.accepted) accepted,", terminator: " ")
    print("\(report.parses) parses, \(report.validations) validations,", terminator: " ")
    print("\(report.executions) executions, \(report.failures.count) failures,", terminator: " ")
    print("\(time.components.seconds) s, slowest \(report.slowest) (round \(report.slowestRound))")
    for failure in report.failures { print(failure) }
  }
}
