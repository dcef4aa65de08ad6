import Foundation
import GraphQLEngine
import Testing

/// docs/engine.md says nothing that does not compile and hold.
@Suite("docs/engine.md") struct EngineGuideTests {
  private static let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: tests.appendingPathComponent(path), encoding: .utf8)
  }

  /// The blocks of the guide in one language, in their order.
  private static func blocks(_ language: String) throws -> [String] {
    try text("../docs/engine.md").components(separatedBy: "```\(language)\n").dropFirst()
      .compactMap { $0.components(separatedBy: "```").first }
  }

  @Test func `its program is the one that is compiled`() throws {
    #expect(try Self.blocks("swift").first == Self.text("EngineGuide/main.swift"))
  }

  @Test func `its pieces of code are compiled`() throws {
    let compiled = try Self.text("EngineGuideTests/GuideSnippets.swift")
    let pieces = try Self.blocks("swift").dropFirst()
    #expect(pieces.count == 2)
    for piece in pieces {
      let indented = piece.split(separator: "\n").map { "    \($0)\n" }.joined()
      #expect(compiled.contains(indented), "\(piece)")
    }
  }

  @Test func `its program prints what the guide shows`() throws {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("EngineGuide")
    let process = Process()
    let output = Pipe()
    process.executableURL = program
    process.standardOutput = output
    // A build that measures coverage would write a profile beside the repository's files.
    process.environment = ["LLVM_PROFILE_FILE": "/dev/null"]
    try process.run()
    let printed = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try String(decoding: printed, as: UTF8.self) == Self.blocks("json").first)
  }

  /// `send` gets everything, and the list that arrives in pieces is one of what it gets.
  @Test func `its pieces of code do what the guide says`() async throws {
    var options = Schema.Options()
    options.definesIncrementalDelivery = true
    var wiring = Wiring()
    GuideSnippets.bindLog(&wiring, ["one", "two"])
    let engine = Engine(
      try ExecutableSchema(
        try Schema.build("type Query { log: [String!]! }", options: options), wiring))
    var sent: [String] = []
    await GuideSnippets.deliver(
      engine, try engine.prepare("{ log @stream(initialCount: 1) }"), .init()
    ) {
      sent.append($0)
    }
    #expect(
      sent.first
        == #"{"data":{"log":["one"]},"pending":[{"id":"0","path":["log"]}],"hasNext":true}"#)
    #expect(sent.count > 1 && sent.joined().contains(#""items":["two"]"#))
    #expect(sent.last?.hasSuffix(#""hasNext":false}"#) == true)
  }

  /// The rows of the table as name and default: "`EngineLimits.tokens` | 15,000".
  private static func rows(of type: String) throws -> [String: String] {
    var rows: [String: String] = [:]
    for line in try text("../docs/engine.md").split(separator: "\n")
    where line.hasPrefix("| `\(type).") {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      rows[String(cells[1].dropFirst(type.count + 2).dropLast())] = cells[2]
    }
    return rows
  }

  /// A value as the table writes it.
  private static func written(_ value: Any) -> String {
    guard let number = value as? Int else { return value is ValidationLimits ? "" : "\(value)" }
    if number >= 1 << 20, number % (1 << 20) == 0 { return "\(number >> 20) MiB" }
    let digits = String(number)
    return digits.enumerated().map { index, digit in
      index > 0 && (digits.count - index) % 3 == 0 ? ",\(digit)" : "\(digit)"
    }.joined()
  }

  @Test func `its table names every limit with its default`() throws {
    for (type, limits) in [
      ("EngineLimits", Mirror(reflecting: EngineLimits())),
      ("ValidationLimits", Mirror(reflecting: ValidationLimits())),
    ] {
      let defaults = limits.children.map { ($0.label ?? "", Self.written($0.value)) }
      #expect(defaults.count > 8)
      #expect(try Self.rows(of: type) == Dictionary(uniqueKeysWithValues: defaults))
    }
  }
}
