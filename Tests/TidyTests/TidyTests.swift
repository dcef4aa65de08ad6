import Foundation
import Testing

/// The house rules over every file of the repository.
@Suite struct TidyTests {
  private struct Source {
    let file: Repository.File
    let text: SourceText
    var isOfTests: Bool { file.path.hasPrefix("Tests/") }
  }

  private static let all = Result {
    try Repository.files(["Sources", "Tests"], withExtension: "swift").map {
      Source(file: $0, text: SourceText($0.text))
    }
  }

  /// The findings of a rule in files that people write, each behind its path.
  private func findings(
    _ rule: (SourceText) -> [String], where isMeant: (Source) -> Bool = { _ in true }
  ) throws -> [String] {
    let sources = try Self.all.get().filter { !$0.file.isGenerated && isMeant($0) }
    try #require(sources.count > 20, "the walk must find the repository's files")
    return sources.flatMap { source in rule(source.text).map { "\(source.file.path):\($0)" } }
  }

  private func expectNone(_ findings: [String], at location: SourceLocation = #_sourceLocation) {
    #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))", sourceLocation: location)
  }

  @Test func `sources crash on nothing by intent and hold no notes to oneself`() throws {
    expectNone(try findings(TidyRules.forbiddenWords) { !$0.isOfTests })
  }

  @Test func `no file is too long`() throws {
    expectNone(try findings(TidyRules.longFile))
  }

  @Test func `no function is too long`() throws {
    expectNone(try findings(TidyRules.longFunctions))
  }

  @Test func `no line is too long`() throws {
    expectNone(try findings(TidyRules.longLines))
  }

  @Test func `SQL stands in Storage and Postgres only`() throws {
    let found = try findings(TidyRules.statements) {
      !$0.isOfTests && !["Storage", "Postgres"].contains($0.file.module)
    }
    expectNone(found)
  }

  @Test func `every unchecked Sendable says why`() throws {
    expectNone(try findings(TidyRules.unexplainedSendable))
  }

  @Test func `modules import what the architecture allows`() throws {
    var found: [String] = []
    for source in try Self.all.get() where !source.isOfTests {
      guard let allowed = ImportTable.allowed[source.file.module] else {
        found.append("\(source.file.path): the module is not in the import table")
        continue
      }
      let refused = TidyRules.imports(source.text).subtracting(allowed)
      found += refused.sorted().map { "\(source.file.path): may not import \($0)" }
    }
    expectNone(found)
  }

  @Test func `relative links in Markdown lead somewhere`() throws {
    let files = try Repository.files(withExtension: "md")
    try #require(!files.isEmpty)
    var broken: [String] = []
    for file in files {
      let folder = Repository.root.appendingPathComponent(file.path).deletingLastPathComponent()
      for link in TidyRules.relativeLinks(file.text) {
        let path = folder.appendingPathComponent(link.removingPercentEncoding ?? link).path
        if !FileManager.default.fileExists(atPath: path) { broken.append("\(file.path): \(link)") }
      }
    }
    expectNone(broken)
  }
}

/// ARCHITECTURE.md's table: what a module may import. The system's library and `Synchronization` are free
/// where a module talks to the system; `GraphQLEngine` and `Flows` know neither the system nor Foundation.
enum ImportTable {
  static let allowed: [String: Set<String>] = [
    "GraphQLEngine": ["Synchronization"],
    "Flows": ["Dates", "Synchronization"],
    "Base64Text": [],
    "Dates": [],
    "Compression": ["CZlib"],
    "Mail": ["Base64Text", "CCurl", "Dates", "NIOPosix", "Synchronization"],
    "Files": ["AsyncHTTPClient", "Crypto", "Dates", "NIOCore", "NIOPosix", "NIOHTTP1", "Outbound", "Glibc"],
    "UVLoop": ["CUV", "Glibc", "Synchronization"],
    "Postgres": ["CPostgres", "UVLoop", "Logging", "Glibc", "Synchronization"],
    "Storage": ["Dates", "Postgres", "Flows", "Logging", "Synchronization"],
    "Connectors": ["Base64Text", "Dates", "Flows"],
    "Integrations": ["Base64Text", "Connectors", "Flows", "Secrets", "Storage", "Synchronization"],
    "Schema": ["Dates", "GraphQLEngine"],
    "Lint": ["GraphQLEngine", "Glibc"],
    "Rest": ["GraphQLEngine"],
    "ClientCode": ["GraphQLEngine"],
    "Redis": ["CHiredis", "COpenSSL", "UVLoop", "Logging", "Glibc", "Synchronization"],
    "Schedules": ["Dates", "Foundation"],
    "Secrets": ["Base64Text", "CCrypt", "Crypto", "CryptoExtras", "JWTKit", "Glibc", "Synchronization"],
    "SandboxWire": [],
    "Sandbox": ["SandboxWire", "Logging", "Glibc", "Synchronization"],
    "SandboxProcess": ["CJavaScriptCore", "SandboxWire", "Glibc"],
    "Outbound": [
      "AsyncHTTPClient", "NIOCore", "NIOPosix", "NIOHTTP1", "NIOSSL", "Logging", "Glibc", "Synchronization",
    ],
    "Resolvers": [
      "Base64Text", "GraphQLEngine", "Schema", "Connectors", "Files", "Flows", "Integrations", "Schedules",
      "Storage",
      "Postgres", "Secrets", "Logging", "Synchronization",
    ],
    "Codegen": ["GraphQLEngine", "ArgumentParser", "Foundation"],
    "Check": ["GraphQLEngine", "Glibc"],
    "Server": server,
  ]

  /// The composition root: every module of ours but the commands and the C libraries.
  private static let server: Set<String> = [
    "Base64Text", "GraphQLEngine", "Lint", "Rest", "Schema", "Resolvers", "Storage", "Flows", "Postgres",
    "Secrets",
    "Sandbox", "Outbound", "Compression", "Files", "ClientCode", "Redis", "Mail", "Connectors",
    "Integrations", "Schedules",
    "ArgumentParser", "Configuration", "Foundation", "Glibc", "HTTPTypes", "Hummingbird", "HummingbirdCore",
    "Logging",
    "NIOCore", "NIOPosix", "NIOHTTP1", "NIOHTTPTypes", "NIOHTTPTypesHTTP1", "NIOWebSocket",
    "ServiceLifecycle",
    "Synchronization", "SystemPackage", "UnixSignals",
  ]
}
