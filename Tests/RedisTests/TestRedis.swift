import Foundation
import Synchronization

/// A Redis server of a test's own, on a free port, without persistence. Ends with the object.
final class TestRedis: Sendable {
  let port: Int
  private let process: Mutex<Process?>
  private let arguments: [String]

  /// Nil where Redis is not installed.
  ///
  /// - Parameter certificates: with them it speaks TLS alone.
  init?(password: String? = nil, certificates: TestCertificates? = nil) throws {
    let program = "/usr/bin/redis-server"
    guard FileManager.default.isExecutableFile(atPath: program) else { return nil }
    port = Int.random(in: 20_000..<60_000)
    var arguments = [
      certificates == nil ? "--port" : "--tls-port", "\(port)", "--bind", "127.0.0.1", "--save", "",
      "--appendonly", "no", "--daemonize", "no",
    ]
    if let certificates {
      arguments += [
        "--port", "0", "--tls-cert-file", certificates.path("server.pem"), "--tls-key-file",
        certificates.path("server.key"), "--tls-ca-cert-file", certificates.authority,
        "--tls-auth-clients", "no",
      ]
    }
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

/// An authority of a test's own and a server's certificate for `localhost`, in a folder that goes with it.
final class TestCertificates: Sendable {
  private let folder: String

  /// The authority's certificate.
  var authority: String { path("authority.pem") }

  init() throws {
    folder = FileManager.default.temporaryDirectory.path() + "/studio-redis-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    try openssl(
      [
        "req", "-x509", "-days", "2", "-subj", "/CN=Authority \(UUID().uuidString.prefix(8))",
        "-out", "authority.pem",
        "-keyout", "ca.key",
      ] + key)
    try openssl(
      ["req", "-subj", "/CN=server", "-out", "server.csr", "-keyout", "server.key"] + key)
    try "subjectAltName=DNS:localhost".write(
      toFile: path("names"), atomically: true, encoding: .utf8)
    try openssl([
      "x509", "-req", "-in", "server.csr", "-CA", "authority.pem", "-CAkey", "ca.key",
      "-CAcreateserial", "-days", "2",
      "-extfile", "names", "-out", "server.pem",
    ])
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { folder + "/" + name }

  private func openssl(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
  }
}
