import Foundation
import Synchronization

/// A private Postgres for tests: its own temporary folder, a Unix socket only, gone with the test process.
///
/// `shared` is one server per process; every suite takes a database of its own from it. Tests of outages
/// start their own with `start`, because they stop it. Root runs it as the user `postgres`, anyone else as
/// themselves.
public final class TestPostgres: Sendable {
  /// The process's server; started by the first `freshDatabase`.
  public static let shared = SharedTestPostgres()

  /// Where the data and the socket lie.
  public let directory: String
  private let binaries: PostgresBinaries
  private let databases = Atomic<Int>(0)
  private let server = Mutex<pid_t?>(nil)
  /// The server dies with the thread that starts it, so each has one that never ends.
  private let thread: LongLivedThread

  /// What a failed start says; the text is for the person who runs the tests.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  private init(_ thread: LongLivedThread) throws {
    self.thread = thread
    binaries = try PostgresBinaries()
    directory = try TestPostgres.makeDirectory()
    try binaries.run(
      "initdb",
      ["-D", directory + "/data", "-U", "studio", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"])
  }

  /// Makes a server and starts it: one to two seconds.
  public static func start() async throws -> TestPostgres {
    let thread = LongLivedThread()
    return try await thread.run {
      let server = try TestPostgres(thread)
      try server.launch()
      CleanUp.register(server)
      return server
    }
  }

  /// Creates an empty database and gives its connection string.
  public func freshDatabase() async throws -> String {
    let number = databases.wrappingAdd(1, ordering: .relaxed).newValue
    let name = "test_\(number)"
    try await thread.run { [self] in
      try binaries.run("createdb", ["-h", directory, "-U", "studio", name])
    }
    return connectionInfo(database: name)
  }

  /// The connection string of a database of this server.
  public func connectionInfo(database: String) -> String {
    "host=\(directory) user=studio dbname=\(database)"
  }

  /// Stops the server as an administrator would (SIGINT: connections are closed, data is kept).
  public func stop() async throws {
    await thread.run { [self] in end(SIGINT) }
  }

  /// Ends the server without warning, all its processes with it; the data is recovered by the next start.
  public func kill() async throws {
    await thread.run { [self] in end(SIGQUIT) }
  }

  /// Starts the server again on the same folder; stops it first if it runs.
  public func restart() async throws {
    try await thread.run { [self] in
      end(SIGINT)
      try launch()
    }
  }

  /// Stops the server and removes its folder. Also done when the process ends.
  public func remove() async {
    await thread.run { [self] in cleanUp() }
  }

  func cleanUp() {
    end(SIGINT)
    try? FileManager.default.removeItem(atPath: directory)
  }

  // MARK: The server's process

  private func launch() throws {
    let arguments = [
      "-D", directory + "/data", "-c", "listen_addresses=", "-c", "unix_socket_directories=\(directory)",
      "-c", "unix_socket_permissions=0700", "-c", "fsync=off", "-c", "full_page_writes=off",
      // Tests run side by side, and each pool keeps its connections until its test ends.
      // Plans change when a table was vacuumed: not by themselves, in the middle of a test.
      "-c", "max_connections=1000", "-c", "autovacuum=off",
    ]
    // After a killed postmaster its children may need a moment before the data folder is free.
    let deadline = ContinuousClock.now + .seconds(10)
    while ContinuousClock.now < deadline {
      let process = try binaries.spawn("postgres", arguments, log: directory + "/log", diesWithParent: true)
      while ContinuousClock.now < deadline {
        if binaries.succeeds("pg_isready", ["-q", "-h", directory, "-U", "studio", "-d", "postgres"]) {
          server.withLock { $0 = process }
          return
        }
        var status: Int32 = 0
        if waitpid(process, &status, WNOHANG) == process { break }
        usleep(20_000)
      }
    }
    let log = (try? String(contentsOfFile: directory + "/log", encoding: .utf8)) ?? ""
    throw Failure(description: "the test Postgres does not start: \(log.suffix(2000))")
  }

  private func end(_ signal: Int32) {
    guard
      let process = server.withLock({ process in
        defer { process = nil }; return process
      })
    else { return }
    Glibc.kill(process, signal)
    var status: Int32 = 0
    waitpid(process, &status, 0)
  }

  private static func makeDirectory() throws -> String {
    // Not under a home folder that the user postgres cannot enter, and short: a socket's path has 107 bytes.
    var template = Array("/tmp/studio-pg-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure(description: "no temporary folder: errno \(errno)") }
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    if getuid() == 0, let user = getpwnam("postgres") {
      chown(path, user.pointee.pw_uid, user.pointee.pw_gid)
    }
    return path
  }
}

/// The server of this test process, started when it is first needed.
public actor SharedTestPostgres {
  private var starting: Task<TestPostgres, any Error>?

  /// The server itself.
  public func server() async throws -> TestPostgres {
    if let starting { return try await starting.value }
    let task = Task { try await TestPostgres.start() }
    starting = task
    return try await task.value
  }

  /// Creates an empty database and gives its connection string.
  public func freshDatabase() async throws -> String {
    try await server().freshDatabase()
  }
}

/// Stops what still runs when the process ends in the ordinary way; `--pdeathsig` does it in the others.
private enum CleanUp {
  private static let servers = Mutex<[TestPostgres]>([])

  static func register(_ server: TestPostgres) {
    let isFirst = servers.withLock { servers in
      servers.append(server)
      return servers.count == 1
    }
    guard isFirst else { return }
    atexit {
      let servers = CleanUp.servers.withLock { $0 }
      for server in servers { server.cleanUp() }
    }
  }
}
