import Foundation
import GraphQLEngine
import Logging
import Synchronization
import Testing

@testable import Server

@Suite("Settings")
struct SettingsTests {
  private func reader(
    overrides: [String: String] = [:], environment: [String: String] = [:], json: String? = nil
  ) async throws -> SettingsReader {
    guard let json else {
      return try await SettingsReader(overrides: overrides, environment: environment, file: nil)
    }
    let file = NSTemporaryDirectory() + "settings-\(UUID().uuidString).json"
    try json.write(toFile: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: file) }
    return try await SettingsReader(overrides: overrides, environment: environment, file: file)
  }

  @Test func `the command line wins over the environment, that over the file, that over the default`()
    async throws
  {
    let file = #"{"port": 3, "database": {"poolSize": 5}}"#
    let none = try await reader()
    #expect(try none.integer(Settings.port) == 3000)
    #expect(try await reader(json: file).integer(Settings.port) == 3)
    #expect(try await reader(json: file).integer(Settings.databasePoolSize) == 5)
    #expect(try await reader(environment: ["PORT": "2"], json: file).integer(Settings.port) == 2)
    let all = try await reader(overrides: ["port": "1"], environment: ["PORT": "2"], json: file)
    #expect(try all.integer(Settings.port) == 1)
  }

  @Test func `texts, booleans and lists come from everywhere`() async throws {
    let file = try await reader(
      json:
        #"{"host": "a", "worker": {"enabled": false}, "outbound": {"allowedPrivateNetworks": ["10.0.0.0/8", "b"]}}"#
    )
    #expect(try file.string(Settings.host) == "a")
    #expect(try file.boolean(Settings.workerEnabled) == false)
    #expect(try file.list(Settings.outboundAllowed) == ["10.0.0.0/8", "b"])
    let environment = try await reader(environment: [
      "HOST": "b", "WORKER_ENABLED": "false", "OUTBOUND_ALLOWED_PRIVATE_NETWORKS": " a , b,,c ",
    ])
    #expect(try environment.string(Settings.host) == "b")
    #expect(try environment.boolean(Settings.workerEnabled) == false)
    #expect(try environment.list(Settings.outboundAllowed) == ["a", "b", "c"])
    #expect(try await reader().list(Settings.outboundAllowed).isEmpty)
  }

  @Test func `a number outside its range is refused with the range`() async throws {
    let reader = try await reader(environment: ["PORT": "65536", "DATABASE_POOL_SIZE": "x"])
    let error = #expect(throws: SettingError.self) { try reader.integer(Settings.port) }
    #expect(error?.description == "PORT is 65536, but must be 0 to 65535.")
    let word = #expect(throws: SettingError.self) { try reader.integer(Settings.databasePoolSize) }
    #expect(word?.description == "DATABASE_POOL_SIZE is not an integer.")
  }

  @Test func `what is neither true nor false is refused`() async throws {
    let reader = try await reader(environment: ["WORKER_ENABLED": "perhaps"])
    #expect(throws: SettingError.self) { try reader.boolean(Settings.workerEnabled) }
  }

  @Test func `a required setting that is missing names every way to set it`() async throws {
    let reader = try await reader()
    let error = #expect(throws: SettingError.self) { try reader.string(Settings.databaseURL) }
    let text = error?.description ?? ""
    for way in ["DATABASE_URL is not set", "\"database.url\"", "--set database.url="] {
      #expect(text.contains(way))
    }
  }

  @Test func `an unknown key on the command line is refused`() async {
    let error = await #expect(throws: SettingError.self) { try await reader(overrides: ["prot": "1"]) }
    #expect(error?.description == "There is no setting \"prot\". `studio settings` lists them.")
  }

  @Test func `a file that cannot be read is refused by name`() async {
    let missing = await #expect(throws: SettingError.self) {
      try await SettingsReader(overrides: [:], environment: [:], file: "/nowhere/x.json")
    }
    #expect(missing?.description.contains("/nowhere/x.json") == true)
    await #expect(throws: SettingError.self) { try await reader(json: "{") }
  }

  @Test func `names in the environment follow from keys`() {
    #expect(Settings.databasePoolSize.environmentName == "DATABASE_POOL_SIZE")
    #expect(Settings.publicURL.environmentName == "PUBLIC_URL")
    #expect(Settings.databaseURL.environmentName == "DATABASE_URL")
    #expect(Settings.masterKey.environmentName == "STUDIO_MASTER_KEY")
  }

  @Test func `the table lists every setting once and gives no secret a default`() {
    let lines = Settings.markdown().split(separator: "\n")
    #expect(lines[0] == "| setting | environment | default | meaning |")
    #expect(lines.count == Settings.all.count + 2)
    #expect(Set(Settings.all.map(\.key)).count == Settings.all.count)
    #expect(Set(Settings.all.map(\.environmentName)).count == Settings.all.count)
    #expect(lines.contains { $0.hasPrefix("| `port` | `PORT` | `3000` | ") })
    #expect(lines.contains { $0.hasPrefix("| `database.url` | `DATABASE_URL` | required | ") })
    for setting in Settings.all where setting.isSecret { #expect(setting.standard ?? "" == "") }
  }

  @Test func `every default lies in its range`() {
    for setting in Settings.all {
      guard let range = setting.range, let number = setting.standard.flatMap(Int.init) else { continue }
      #expect(range.contains(number), "\(setting.key)")
    }
  }

  @Test(
    arguments: [
      ("studio.masterKey", "abc", "STUDIO_MASTER_KEY"),
      ("outbound.allowedPrivateNetworks", "10.0.0.0/40", "OUTBOUND_ALLOWED_PRIVATE_NETWORKS"),
      ("database.url", "no = such = thing", "DATABASE_URL"),
    ])
  func `a configuration with a value that cannot be used names its setting`(
    key: String, value: String, name: String
  ) async throws {
    var overrides = [
      "database.url": "host=/tmp", "studio.masterKey": TestStudio.masterKey,
      "studio.resources": TestStudio.resources,
    ]
    overrides[key] = value
    let reader = try await reader(overrides: overrides)
    let error = #expect(throws: SettingError.self) { try StudioConfiguration(reader) }
    #expect(error?.description.contains(name) == true)
    #expect(error?.description.contains("\n") == false)
  }
}

@Suite("Logs as JSON")
struct JSONLogHandlerTests {
  @Test func `a line is one JSON object with its metadata`() throws {
    let lines = Mutex<[String]>([])
    var logger = Logger(label: "studio") { label in
      JSONLogHandler(label: label) { line in lines.withLock { $0.append(line) } }
    }
    logger[metadataKey: "host"] = "a"
    logger.info("He said \"no\"\n\u{1}\\é", metadata: ["run": "1", "list": ["x", "y"]])
    logger.debug("Too fine to be told")
    let written = lines.withLock { $0 }
    #expect(written.count == 1)
    let line = try #require(written.first)
    #expect(line.hasSuffix("}\n"))
    #expect(line.dropLast().contains("\n") == false)
    let value = try InputValue.json(line)
    #expect(value.at("level").string == "info")
    #expect(value.at("logger").string == "studio")
    #expect(value.at("message").string == "He said \"no\"\n\u{1}\\é")
    #expect(value.at("run").string == "1")
    #expect(value.at("host").string == "a")
    #expect(value.at("time").string?.hasSuffix("Z") == true)
  }
}
