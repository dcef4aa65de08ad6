import Foundation
import Synchronization

/// A Redis server of a test's own, on a free port, without persistence. Ends with the object.
final class TestRedis: Sendable {
  let port: Int
  private let process: Mutex<Process?>
  private let arguments: [String]

  /// Nil where Redis is not installed.
  init?(password: String? = nil) throws {
    let program = "/usr/bin/redis-server"
    guard FileManager.default.isExecutableFile(atPath: program) else { return nil }
    port = Int.random(in: 20_000..<60_000)
    var arguments = [
      "--port", "\(port)", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no",
    ]
    if let password { arguments += ["--requirepass", password] }
    self.arguments = arguments
    process = Mutex(nil)
    try start()
  }

  deinit { stop() }

  /// Starts it again after `stop`.
  func start() throws {
    let made = Process()
    made.executableURL = URL(fileURLWithPath: "/usr/bin/redis-server")
    made.arguments = arguments
    made.standardOutput = FileHandle.nullDevice
    made.standardError = FileHandle.nullDevice
    try made.run()
    process.withLock { $0 = made }
  }

  /// Kills it.
  func stop() {
    process.withLock { process in
      if let process {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
      process = nil
    }
  }

  /// Stops it from answering, without closing anything.
  func freeze() { signal(SIGSTOP) }
  func thaw() { signal(SIGCONT) }

  private func signal(_ number: Int32) {
    process.withLock { if let process = $0 { kill(process.processIdentifier, number) } }
  }
}
