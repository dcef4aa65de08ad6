import Testing

@testable import GraphQLEngine

/// A small generator with a fixed start, so that a failure can be repeated (SplitMix64).
struct FixedGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

@Suite struct ParserFuzzTests {
  static let seeds: [[UInt8]] =
    (PrinterTests.executable + PrinterTests.typeSystem).map { Array($0.0.utf8) }
    + StringValueTests.blocks.map { Array("{a(b:\"\"\"\($0.0)\"\"\")}".utf8) }

  static let fragments: [[UInt8]] =
    [
      "{", "}", "(", ")", "[", "]", "...", "!", "$", "@", "|", "&", ":", "=", "\"", "\"\"\"", "\\\"\"\"",
      "\\u{1F600}",
      "\\uD83D\\uDE00", "\\uDEAD", "\\u{", "\\n", "\n", "\r\n", "\r", ",", "#", "\u{FEFF}", "on", "query",
      "fragment",
      "type", "extend", "schema", "directive", "repeatable", "union", "implements", "true", "null", "-1",
      "01", "1.5e3",
      "é", "😀", "\0", "$v", "@d", "FIELD",
    ].map { Array($0.utf8) } + [
      [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xEF, 0xBB],
    ]

  /// Parses; a document must print and parse again, an error must lie inside the source.
  private func probe(_ bytes: [UInt8]) {
    do {
      let document = try Document.parse(bytes, limits: .schema)
      let printed = document.print()
      let again = try Document.parse(printed, limits: .schema)
      #expect(syntaxRecords(of: again) == syntaxRecords(of: document), "\(bytes)")
    } catch {
      let lineCount = bytes.count { $0 == 0x0A || $0 == 0x0D } + 1
      let isInside =
        error.locations.count == 1
        && error.locations.allSatisfy {
          (1...lineCount).contains($0.line) && (1...bytes.count + 1).contains($0.column)
        }
      #expect(isInside && error.message.hasPrefix("Syntax Error: "), "\(error) \(bytes)")
    }
  }

  @Test func `no bytes at all trap the parser`() {
    var random = FixedGenerator(state: 1)
    for _ in 0..<5_000 {
      let count = Int.random(in: 0..<64, using: &random)
      probe((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
    }
  }

  @Test func `no arrangement of tokens traps the parser`() {
    var random = FixedGenerator(state: 2)
    for _ in 0..<10_000 {
      let count = Int.random(in: 0..<16, using: &random)
      probe((0..<count).flatMap { _ in Self.fragments.randomElement(using: &random) ?? [] })
    }
  }

  @Test func `no change of a real document traps the parser`() {
    var random = FixedGenerator(state: 3)
    for _ in 0..<20_000 {
      guard var bytes = Self.seeds.randomElement(using: &random) else { return }
      for _ in 0..<Int.random(in: 1...3, using: &random) { mutate(&bytes, &random) }
      probe(bytes)
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout FixedGenerator) {
    let position = Int.random(in: 0...bytes.count, using: &random)
    let end = min(bytes.count, position + Int.random(in: 0..<8, using: &random))
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes.removeSubrange(position..<end)
    case 1: bytes.removeSubrange(position...)
    case 2: bytes.insert(contentsOf: Self.fragments.randomElement(using: &random) ?? [], at: position)
    case 3: bytes.insert(contentsOf: Array(bytes[position..<end]), at: position)
    default:
      if position < bytes.count { bytes[position] = UInt8.random(in: 0...255, using: &random) }
    }
  }
}
