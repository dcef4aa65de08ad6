import Glibc

/// Finds `studio-sandbox`.
enum SandboxBinary {
  static let name = "studio-sandbox"

  /// The path beside the running executable (in a build folder the target's own name is used too).
  static func besideExecutable() -> String {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.bindMemory(to: CChar.self).baseAddress.map { readlink("/proc/self/exe", $0, bytes.count) } ?? 0
    }
    let path = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? "."
    return folder + "/" + name
  }
}

/// A running child: its process and the socket that is both its standard input and output. Owned by one
/// supervisor's thread, which must call `end` exactly once.
struct ChildProcess {
  /// Why a child did not start.
  struct StartFailure: Error {
    let reason: String
    /// Whether trying again at once may help.
    var mayPass = false
  }

  let processID: pid_t
  /// Non-blocking.
  let socket: Int32
  private let statistics: Int32
  private let schedule: Int32
  private let clock: clockid_t

  /// Starts `binary`. The calling thread must outlive the child, which asks the kernel to die with that
  /// thread.
  init(binary: String, memoryLimitBytes: Int) throws(StartFailure) {
    var pair: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0
    else {
      throw StartFailure(reason: "no socket pair (errno \(errno))")
    }
    defer { close(pair[1]) }
    let (status, processID) = Self.spawn(binary: binary, socket: pair[1], arguments: ["\(memoryLimitBytes)"])
    guard status == 0 else {
      close(pair[0])
      let reason = String(cString: strerror(status))
      throw StartFailure(
        reason: "\(binary): \(reason). Build the product \(SandboxBinary.name), or give its path.")
    }
    _ = fcntl(pair[0], F_SETFL, O_NONBLOCK)
    var clock = clockid_t()
    _ = clock_getcpuclockid(processID, &clock)
    self.processID = processID
    self.socket = pair[0]
    self.clock = clock
    statistics = open("/proc/\(processID)/statm", O_RDONLY | O_CLOEXEC)
    schedule = open("/proc/\(processID)/task/\(processID)/schedstat", O_RDONLY | O_CLOEXEC)
  }

  /// Processor time of all its threads; zero when it is gone.
  var processorTime: Duration {
    var time = timespec()
    guard clock_gettime(clock, &time) == 0 else { return .zero }
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  /// Processor time of the thread that runs the scripts, without those that collect garbage; nil where the
  /// kernel does not tell. The first number of `schedstat`, in nanoseconds (kernel,
  /// Documentation/scheduler/sched-stats.rst); of another process's thread there is no clock.
  var scriptTime: Duration? { number(0, of: schedule).map { .nanoseconds($0) } }

  /// Resident memory; 0 when it is gone. proc(5): the second number of `statm`, in pages.
  var residentBytes: Int { (number(1, of: statistics) ?? 0) * Int(getpagesize()) }

  /// A number of a file of the kernel's, by its place.
  private func number(_ place: Int, of file: Int32) -> Int? {
    var text = [UInt8](repeating: 0, count: 128)
    let count = text.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, 0) }
    guard count > 0 else { return nil }
    let fields = text[0..<count].split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
    return fields.count > place ? Int(String(decoding: fields[place], as: UTF8.self)) : nil
  }

  /// Kills the process, reaps it and closes the descriptors. SIGKILL cannot be ignored, so the wait is short.
  func end() {
    kill(processID, SIGKILL)
    var status: Int32 = 0
    while waitpid(processID, &status, 0) < 0 && errno == EINTR {}
    close(socket)
    for file in [statistics, schedule] where file >= 0 { close(file) }
  }

  /// posix_spawn with the socket as standard input and output, nothing else open, an environment of its own,
  /// and a process group of its own (a Ctrl-C at the terminal is the studio's to handle, not the child's).
  private static func spawn(binary: String, socket: Int32, arguments: [String]) -> (Int32, pid_t) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, socket, 0)
    posix_spawn_file_actions_adddup2(&actions, socket, 1)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var environment = ["JSC_useJIT=0", "TZ=UTC", "LC_ALL=C.UTF-8", "SWIFT_BACKTRACE=enable=no"]
    if let path = getenv("LD_LIBRARY_PATH") { environment.append("LD_LIBRARY_PATH=" + String(cString: path)) }
    var processID = pid_t()
    let status = withCStrings([binary] + arguments) { arguments in
      withCStrings(environment) { environment in
        posix_spawn(&processID, binary, &actions, &attributes, arguments, environment)
      }
    }
    return (status, processID)
  }

  /// A NULL-terminated array of C strings for the time of `body`.
  private static func withCStrings<Value>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
  ) -> Value {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}
