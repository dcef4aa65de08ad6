import Foundation
import GraphQLEngine
import Logging
import Postgres
import ServiceLifecycle
import Storage
import TestPostgres

@testable import Server

/// A whole server on a free port and a database of its own, in this process.
struct TestStudio: Sendable {
  let studio: Studio
  let port: Int
  private let group: ServiceGroup
  private let serving: Task<Void, any Error>

  /// One for all tests that leave no trace; it ends with the process.
  static let shared = Task { try await TestStudio.start() }

  static let masterKey = String(repeating: "0123456789abcdef", count: 4)

  /// The folder that holds `playground/` and `connectors/`: the checkout.
  static let resources = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// A fresh database with all tables.
  static func migratedDatabase(_ server: TestPostgres? = nil) async throws -> String {
    let info: String
    if let server {
      info = try await server.freshDatabase()
    } else {
      info = try await TestPostgres.shared.freshDatabase()
    }
    let database = try Database(try PostgresConfiguration(connectionInfo: info), logger: quiet)
    database.start()
    _ = try await Migrator(database, migrations: migrations).run { _, _ in }
    await database.shutdown()
    return info
  }

  static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// The settings of tests: cheap passwords, a few connections, private addresses allowed.
  static func configuration(database: String) async throws -> StudioConfiguration {
    let reader = try await SettingsReader(
      overrides: [
        "port": "0", "database.url": database, "studio.masterKey": masterKey, "studio.resources": resources,
        "passwords.cost": "4", "database.poolSize": "4", "outbound.allowedPrivateNetworks": "127.0.0.1/32",
        "rateLimits.enabled": "false",
      ], environment: [:], file: nil)
    return try StudioConfiguration(reader)
  }

  static func start(
    database: String? = nil, logger: Logger = quiet,
    _ change: @Sendable (inout StudioConfiguration) -> Void = { _ in }
  ) async throws -> TestStudio {
    var info = database
    if info == nil { info = try await migratedDatabase() }
    var configuration = try await configuration(database: info ?? "")
    change(&configuration)
    let studio = try await Studio.open(configuration, logger: logger)
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    var server = StudioServer(studio: studio)
    server.onListening = { port in listening.yield(port) }
    let group = ServiceGroup(services: [Running(server: server)], logger: quiet)
    let serving = Task {
      defer { listening.finish() }
      try await group.run()
    }
    guard let port = await ports.first(where: { _ in true }) else {
      try await serving.value
      throw TestFailure("the server ended before it listened")
    }
    return TestStudio(studio: studio, port: port, group: group, serving: serving)
  }

  /// Stops as a signal would, and returns when all is over.
  func stop() async throws {
    await group.triggerGracefulShutdown()
    try await serving.value
    await studio.close()
  }

  /// Asks to stop, and returns at once.
  func beginStopping() async { await group.triggerGracefulShutdown() }

  /// Posts an operation as JSON on a connection of its own.
  func post(_ json: String, token: String? = nil) async throws -> HTTPReply {
    let connection = try await RawConnection.open(port: port)
    defer { connection.close() }
    connection.send(HTTPText.post(json, token: token))
    return try await connection.reply()
  }

  /// Registers an account and gives its access token.
  func register(_ email: String) async throws -> String {
    let reply = try await post(
      #"{"query":"mutation { register(input: {email: \"\#(email)\", password: \"correct horse\", name: \"T\"}) { accessToken } }"}"#
    )
    guard let token = try reply.json().at("data", "register", "accessToken").string else {
      throw TestFailure("registering failed: \(reply.body)")
    }
    return token
  }

  private struct Running: Service {
    let server: StudioServer
    func run() async throws { try await server.run() }
  }
}

struct TestFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Requests as they stand on the wire.
enum HTTPText {
  static func post(_ json: String, token: String? = nil, headers: String = "") -> String {
    let authorization = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
    return
      "POST /graphql HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n\(authorization)\(headers)"
      + "Content-Length: \(json.utf8.count)\r\n\r\n\(json)"
  }

  static func request(_ method: String, _ target: String, headers: String = "") -> String {
    "\(method) \(target) HTTP/1.1\r\nHost: test\r\n\(headers)\r\n"
  }
}

extension InputValue {
  /// The value at a path of names and positions; null where there is none.
  func at(_ path: String...) -> InputValue {
    path.reduce(self) { value, step in
      switch value {
      case .object(let object): object[step] ?? .null
      case .list(let items): Int(step).map { items.indices.contains($0) ? items[$0] : .null } ?? .null
      default: .null
      }
    }
  }

  /// The text of a JSON value.
  static func json(_ text: String) throws -> InputValue { try JSONReader.read(text) }
}

/// The bytes of a text.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// The text of bytes.
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
