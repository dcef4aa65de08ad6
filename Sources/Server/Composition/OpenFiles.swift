import Glibc

/// The process's bound on open files, of which each connection is one.
enum OpenFiles {
  /// Kept for the database, files and children.
  static let reserved = 128

  /// Raises the bound as far as the system lets us, and says how many connections fit below it.
  static func connections(atMost wanted: Int) -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return wanted }
    let needed = rlim_t(wanted + reserved)
    if limit.rlim_cur < needed, limit.rlim_cur < limit.rlim_max {
      limit.rlim_cur = min(needed, limit.rlim_max)
      guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return wanted }
    }
    return max(16, min(wanted, Int(clamping: limit.rlim_cur) - reserved))
  }
}
