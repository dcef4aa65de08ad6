import Foundation
import Testing

/// Documentation that a machine can check.
@Suite struct DocumentationTests {
  @Test func `all that the engine makes public has a doc comment`() throws {
    let files = try Repository.files(["Sources/GraphQLEngine"], withExtension: "swift")
    try #require(files.count > 50)
    let found = files.flatMap { file in
      DocumentationRules.undocumented(SourceText(file.text)).map { "\(file.path):\($0)" }
    }
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }

  @Test func `COMPAT names files and suites that exist`() throws {
    let compat = try String(contentsOf: Repository.root.appendingPathComponent("COMPAT.md"), encoding: .utf8)
    let names = DocumentationRules.namedInTables(compat)
    try #require(names.count > 60)
    let folders = ["Sources", "Tests", "docs", "scripts", "Benchmarks"]
    let files = try ["swift", "py", "md", "sh"].flatMap { try Repository.files(folders, withExtension: $0) }
    let suites = files.filter { $0.path.hasPrefix("Tests/") }.flatMap { file in
      file.text.matches(of: /struct (\w+Tests)\b/).map { String($0.1) } + [file.name]
    }
    let missing = DocumentationRules.missing(names, among: files.map(\.path), suites: Set(suites))
    #expect(missing.isEmpty, "\(missing.joined(separator: "\n"))")
  }

  @Test func `what is missing is found`() {
    let source = SourceText(
      """
      /// Documented.
      public struct A {
        public let b: Int

        /// Documented.
        @inlinable
        public func c() {}

        public init(b: Int) {
          self.b = b
        }

        public init(d: Int) {
          b = max(d, 0)
        }

        public func hash(into hasher: inout Hasher) {}
      }
      """)
    #expect(DocumentationRules.undocumented(source) == ["3: let b: Int", "13: init(d: Int) {"])
    let names = DocumentationRules.namedInTables(
      "| `x.swift` | `A/B.swift`, `C*.swift` | `OneTests`, `TwoTests` | done in `other.swift` |")
    #expect(names == ["A/B.swift", "C*.swift", "OneTests", "TwoTests"])
    let missing = DocumentationRules.missing(
      names, among: ["Sources/A/B.swift", "Sources/D.swift"], suites: ["OneTests"])
    #expect(missing == ["C*.swift", "TwoTests"])
  }
}
