import CJavaScriptCore
import Glibc

/// `studio-sandbox --check-confinement`: tries, inside the confinement and without a script, what must be
/// refused, tells what came of each on standard output, and ends. For tests, and for whoever wants to see
/// whether their kernel has the filter.
enum ConfinementCheck {
  static let argument = "--check-confinement"

  /// One line for each: its name and `refused`, or `allowed`.
  static func report() -> String {
    let attempts: [(String, () -> Int)] = [
      ("open a file", { Int(open("/etc/passwd", O_RDONLY)) }),
      ("create a file", { Int(open("/tmp/studio-sandbox-check", O_CREAT | O_WRONLY, 0o600)) }),
      ("open a socket", { Int(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)) }),
      ("start a process", { startProcess() }),
      ("run a program", { runProgram() }),
      ("signal the parent", { Int(kill(getppid(), 0)) }),
      ("make a namespace", { studio_syscall(__NR_unshare, 0x1000_0000) }),
      ("trace a process", { studio_syscall(__NR_ptrace, 0) }),
    ]
    return attempts.map { name, attempt in
      errno = 0
      let result = attempt()
      return "\(name): \(result < 0 && errno == EPERM ? "refused" : "allowed")\n"
    }.joined()
  }

  /// clone(2) with SIGCHLD, which is fork; a child that came to be ends at once.
  private static func startProcess() -> Int {
    let process = studio_syscall(__NR_clone, UInt(SIGCHLD))
    if process == 0 { _exit(0) }
    return process
  }

  private static func runProgram() -> Int {
    var arguments: [UnsafeMutablePointer<CChar>?] = [nil]
    return Int(execve("/bin/true", &arguments, nil))
  }
}
