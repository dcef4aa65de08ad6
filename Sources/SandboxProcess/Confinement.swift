import CJavaScriptCore
import Glibc

/// What the process gives up before it sees an expression. The JavaScript machine offers no host objects;
/// this is for the day on which the machine itself has a hole.
enum Confinement {
  /// Before the machine starts: everything that does not hinder it.
  static func enterBeforeInterpreter() {
    // prctl(2) PR_SET_PDEATHSIG: the kernel kills this process when the thread that started it ends.
    _ = studio_prctl(PR_SET_PDEATHSIG, UInt(SIGKILL))
    _ = studio_prctl(PR_SET_NO_NEW_PRIVS, 1)
    // prctl(2) PR_SET_DUMPABLE: no core dump, and no other process of this user may attach.
    _ = studio_prctl(PR_SET_DUMPABLE, 0)
    limit(RLIMIT_CORE, to: 0)
    limit(RLIMIT_FSIZE, to: 0)
    preferAsVictim()
    _ = close_range(3, UInt32.max, 0)
  }

  /// After the machine has loaded what it needs: no more files, no network, no programs.
  static func enterAfterInterpreter() {
    limit(RLIMIT_NOFILE, to: 16)
    _ = SystemCallFilter.install()  // a kernel without seccomp still has the rest
  }

  private static func limit(_ resource: __rlimit_resource, to value: rlim_t) {
    var limits = rlimit(rlim_cur: value, rlim_max: value)
    _ = setrlimit(Int32(resource.rawValue), &limits)
  }

  /// When the machine runs out of memory, the kernel should take this process and not the studio or Postgres.
  private static func preferAsVictim() {
    let file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    _ = write(file, "1000", 4)
    close(file)
  }
}
