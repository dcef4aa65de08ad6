import Foundation

/// Finds Debian's Postgres programs and runs them as a user who may (the server refuses root).
struct PostgresBinaries: Sendable {
  private let folder: String

  init() throws {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
    let newestFirst = versions.sorted { $0.compare($1, options: .numeric) == .orderedDescending }
    let candidates =
      path.split(separator: ":").map(String.init) + newestFirst.map { "/usr/lib/postgresql/\($0)/bin" }
    // A folder on PATH may hold links to some of them only.
    let found = candidates.first { folder in
      ["initdb", "postgres", "createdb", "pg_isready"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: folder + "/" + $0)
      }
    }
    guard let found else {
      throw TestPostgres.Failure(
        description: "no Postgres programs on PATH or in /usr/lib/postgresql: install the package postgresql")
    }
    folder = found
  }

  /// Runs a program to its end; its output goes into the error if it fails.
  func run(_ program: String, _ arguments: [String]) throws {
    let log = "/tmp/studio-pg-\(program)-\(UUID().uuidString).log"
    defer { unlink(log) }
    let process = try spawn(program, arguments, log: log)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    guard status == 0 else {
      let output = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
      throw TestPostgres.Failure(description: "\(program) failed: \(output.suffix(2000))")
    }
  }

  /// Whether a program ends with status 0.
  func succeeds(_ program: String, _ arguments: [String]) -> Bool {
    guard let process = try? spawn(program, arguments, log: "/dev/null") else { return false }
    var status: Int32 = 0
    waitpid(process, &status, 0)
    return status == 0
  }

  /// Starts a program. With `diesWithParent` the kernel interrupts it when the calling thread ends
  /// (prctl(2), PR_SET_PDEATHSIG: "the parent" is the thread), so that thread must last as long as the
  /// process.
  func spawn(
    _ program: String, _ arguments: [String], log: String, diesWithParent: Bool = false
  ) throws -> pid_t {
    var words: [String] = []
    if diesWithParent { words.append("--pdeathsig=INT") }
    if getuid() == 0 { words += ["--reuid=postgres", "--regid=postgres", "--clear-groups"] }
    if !words.isEmpty { words.insert("setpriv", at: 0) }
    words.append(folder + "/" + program)
    words += arguments

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)

    var cArguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    cArguments.append(nil)
    defer { for argument in cArguments { free(argument) } }
    var process: pid_t = 0
    let status = posix_spawnp(&process, words[0], &actions, nil, cArguments, environ)
    guard status == 0 else {
      throw TestPostgres.Failure(description: "cannot start \(words[0]): errno \(status)")
    }
    return process
  }
}
