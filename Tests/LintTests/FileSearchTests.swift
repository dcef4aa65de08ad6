import Foundation
import Testing

@testable import Lint

/// A folder of real files that goes away with its owner.
final class TemporaryFolder: Sendable {
  let path: String

  /// Names with a slash at their end are folders; other files hold their own name in a comment.
  init(_ names: [String] = []) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("lint-tests-\(UUID().uuidString)")
    path = folder.path
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for name in names { try write(name, "# \(name)\n") }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    let url = URL(fileURLWithPath: path).appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    return url.path
  }
}

@Suite struct FileSearchTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder([
      "q/a.graphql", "q/b.gql", "q/notes.md", "q/deep/er/c.graphql", "q/deep/d.graphql",
      "q/.hidden/x.graphql",
      "q/.y.graphql", "q/node_modules/z.graphql", "schema.graphql", "q/[id].graphql",
    ])
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/q/loop", withDestinationPath: folder.path + "/q")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/q/link.graphql", withDestinationPath: folder.path + "/q/a.graphql")
  }

  private func search(
    _ arguments: String..., excluding excluded: [String] = [], limits: LintLimits = LintLimits()
  ) throws -> [String] {
    let root = folder.path + "/"
    return try FileSearch.paths(
      of: arguments.map { $0 == "-" ? $0 : root + $0 }, suffixes: [".graphql", ".gql"],
      excluding: excluded.map { root + $0 }, limits: limits
    ).map { $0.hasPrefix(root) ? String($0.dropFirst(root.count)) : $0 }
  }

  @Test func `two stars go through all folders but hidden ones, packages and links to folders`() throws {
    #expect(
      try search("q/**/*.graphql") == [
        "q/[id].graphql", "q/a.graphql", "q/deep/d.graphql", "q/deep/er/c.graphql",
      ])
    #expect(try search("**/c.graphql") == ["q/deep/er/c.graphql"])
    #expect(try search("q/**/er/**/c.*") == ["q/deep/er/c.graphql"])
    #expect(try search("q/deep/**") == ["q/deep/d.graphql", "q/deep/er/c.graphql"])
  }

  @Test func `a folder means the GraphQL files below it`() throws {
    #expect(
      try search("q") == [
        "q/[id].graphql", "q/a.graphql", "q/b.gql", "q/deep/d.graphql", "q/deep/er/c.graphql",
      ])
  }

  @Test func `a name that exists is that file, whatever its characters mean`() throws {
    #expect(try search("q/[id].graphql") == ["q/[id].graphql"])
    #expect(try search("q/notes.md") == ["q/notes.md"])
    #expect(try search("q/.y.graphql") == ["q/.y.graphql"])
  }

  @Test func `a file is found once however many arguments mean it`() throws {
    #expect(
      try search("q/deep/d.graphql", "q/./a.graphql", "q/*.{graphql,gql}", "q/link.graphql") == [
        "q/deep/d.graphql", "q/./a.graphql", "q/[id].graphql", "q/b.gql",
      ])
  }

  @Test func `files of the schema are passed over unless an argument names them`() throws {
    let all = try search("**/*.graphql", excluding: ["schema.graphql"])
    #expect(!all.contains("schema.graphql") && all.count == 4)
    #expect(try search("schema.graphql", excluding: ["schema.graphql"]) == ["schema.graphql"])
  }

  @Test func `standard input stays as it is`() throws {
    #expect(try search("-", "q/a.graphql", "-") == ["-", "q/a.graphql"])
  }

  @Test func `what means nothing is refused`() throws {
    #expect(throws: LintFailure("\(folder.path)/q/none.graphql: no such file or folder")) {
      try search("q/none.graphql")
    }
    #expect(throws: LintFailure("\(folder.path)/q/*.graphqls: no file matches")) {
      try search("q/*.graphqls")
    }
  }

  @Test func `the number of files and of entries is bounded`() throws {
    var limits = LintLimits()
    limits.files = 2
    #expect(throws: LintFailure("more than 2 files")) { try search("q", limits: limits) }
    limits = LintLimits()
    limits.visitedEntries = 5
    let failure = try #require(throws: LintFailure.self) { try search("q", limits: limits) }
    #expect(failure.message.hasSuffix(": more than 5 entries to look at"))
  }

  @Test func `the size of a file and of all files is bounded`() throws {
    let path = try folder.write("big.graphql", String(repeating: "#", count: 2_000))
    #expect(throws: LintFailure("\(path): larger than 1999 bytes")) {
      try TextFile.read(path, limit: 1_999)
    }
    #expect(try TextFile.read(path, limit: 2_000).source.count == 2_000)
    var limits = LintLimits()
    limits.totalBytes = 2_010
    #expect(throws: LintFailure("all files together are larger than 2010 bytes")) {
      try OperationLinter.read([path, folder.path + "/q/a.graphql"], limits: limits)
    }
    #expect(throws: LintFailure("\(folder.path)/q: Is a directory")) {
      try TextFile.read(folder.path + "/q", limit: 10)
    }
  }

  @Test func `a byte order mark is no column`() throws {
    let path = try folder.write("bom.graphql", "\u{FEFF}{ a }")
    #expect(try TextFile.read(path, limit: 100).source.count == 5)
  }
}
