/// What a run counted.
struct FuzzReport: Sendable {
  var rounds = 0
  var accepted = 0
  var parses = 0
  var validations = 0
  var executions = 0
  var slowest = Duration.zero
  var slowestRound: UInt64 = 0
  /// Texts for people, at most `Fuzzer.failureLimit`.
  var failures: [String] = []
}

/// Runs rounds: each makes its case out of seed and round alone, so that one of them can be run again.
struct Fuzzer {
  var mutator: Mutator
  let corpus: FuzzCorpus
  var oracles: FuzzOracles
  let seed: UInt64

  /// A run ends behind so many failures.
  static let failureLimit = 10

  init(seed: UInt64, isSmall: Bool = false) throws {
    var mutator = Mutator()
    corpus = try FuzzCorpus(into: &mutator, isSmall: isSmall)
    self.mutator = mutator
    oracles = FuzzOracles(corpus: corpus.schemas)
    self.seed = seed
  }

  /// Runs the rounds `first..<first + count`. `before` is told of each case before it runs.
  mutating func run(
    _ target: FuzzTarget, rounds count: Int, first: UInt64 = 0,
    before: (UInt64, FuzzCase) -> Void = { _, _ in }
  ) async -> FuzzReport {
    var report = FuzzReport()
    let clock = ContinuousClock()
    for round in first..<first + UInt64(count) {
      let example = makeCase(target, round)
      before(round, example)
      let start = clock.now
      let outcome = await oracles.check(example)
      let time = clock.now - start
      if time > report.slowest { (report.slowest, report.slowestRound) = (time, round) }
      report.rounds += 1
      report.accepted += outcome.isAccepted ? 1 : 0
      report.parses += outcome.parses
      report.validations += outcome.validations
      report.executions += outcome.executions
      if let complaint = outcome.complaint {
        report.failures.append(await describe(example, round, complaint))
        if report.failures.count == Fuzzer.failureLimit { break }
      }
    }
    return report
  }

  /// The case of a round.
  mutating func makeCase(_ target: FuzzTarget, _ round: UInt64) -> FuzzCase {
    var random = FuzzRandom(seed: seed, round: round)
    let index = random.below(corpus.schemas.count)
    let schema = corpus.schemas[index]
    let bytes: [UInt8] =
      switch target {
      case .parse:
        random.once(in: 12)
          ? mutator.noise(&random)
          : mutator.mutate(
            random.pick(corpus.documents), donor: random.pick(corpus.documents), names: [], &random)
      case .validate, .execute:
        schema.documents.isEmpty
          ? mutator.noise(&random)
          : mutator.mutate(
            random.pick(schema.documents), donor: random.pick(schema.documents), names: schema.names, &random)
      case .schema:
        mutator.mutate(
          smallSDL(schema, &random), donor: smallSDL(random.pick(corpus.schemas), &random),
          names: schema.names,
          &random)
      case .json: jsonText(&random)
      }
    return FuzzCase(target: target, bytes: bytes, schema: index, salt: random.next())
  }

  /// A schema's SDL; the largest take too long to be built in every round.
  private func smallSDL(_ schema: FuzzSchema, _ random: inout FuzzRandom) -> FuzzDocument {
    schema.sdl.lexemes.count < 12_000 ? schema.sdl : corpus.schemas[0].sdl
  }

  private mutating func jsonText(_ random: inout FuzzRandom) -> [UInt8] {
    if random.once(in: 12) { return mutator.noise(&random) }
    if random.once(in: 6) { return FuzzWords.number(&random) }
    var writer = FuzzJSON()
    writer.write(FuzzResolvers.anything(depth: 4, &random), &random)
    for _ in 0..<random.below(3) { Mutator.changeBytes(&writer.bytes, &random) }
    return writer.bytes
  }

  // MARK: Failures

  private func describe(_ example: FuzzCase, _ round: UInt64, _ complaint: String) async -> String {
    let small = await minimized(example)
    let sdl = example.target == .validate || example.target == .execute ? " of schema \(example.schema)" : ""
    return """
      \(example.target.rawValue), seed \(seed), round \(round)\(sdl): \(complaint.prefix(4_000))
      case: \(FuzzCase.escaped(example.bytes))
      smaller: \(FuzzCase.escaped(small))
      """
  }

  /// Leaves out ever smaller pieces as long as an oracle still complains.
  private func minimized(_ example: FuzzCase) async -> [UInt8] {
    var example = example
    var piece = example.bytes.count / 2
    var attempts = 0
    while piece > 0, attempts < 2_000 {
      var start = 0
      while start < example.bytes.count, attempts < 2_000 {
        var shorter = example
        shorter.bytes.removeSubrange(start..<min(start + piece, example.bytes.count))
        attempts += 1
        if await oracles.check(shorter).complaint != nil { example = shorter } else { start += piece }
      }
      piece /= 2
    }
    return example.bytes
  }
}

extension FuzzCase {
  /// Bytes as the content of a Swift or C string literal; what is not ASCII as `\xNN`.
  static func escaped(_ bytes: [UInt8]) -> String {
    var text = ""
    for byte in bytes.prefix(20_000) {
      if (0x20...0x7E).contains(byte), byte != 0x5C {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return text
  }
}
