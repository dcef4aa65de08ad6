import Foundation
import Testing

@testable import Server

/// Pages that repeat what the program knows.
@Suite struct DocumentationTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test func `docs/configuration.md holds the table that the program prints`() throws {
    let page = try String(
      contentsOf: Self.root.appendingPathComponent("docs/configuration.md"), encoding: .utf8)
    #expect(page.contains("\n" + Settings.markdown() + "\n"))
  }
}
