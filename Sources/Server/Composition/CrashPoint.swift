import Flows
import Glibc
import Postgres
import Synchronization

/// Where a test wants this process to die, as if the machine had lost its power: before or after the answer
/// to the n-th statement of a name that may change something. Builds for release have none.
///
/// `STUDIO_CRASH_POINT=after:commit_runs:3`; `STUDIO_CRASH_RECORD` names a file to which each name that
/// occurs is written once, so that a test finds all points. `STUDIO_CRASH_INPUT=poison` ends it as soon as
/// it drives a run whose input has such a member.
enum CrashPoint {
  static func observer() -> Database.WriteObserver? {
    #if DEBUG
      if let file = variable("STUDIO_CRASH_RECORD") { return record(file) }
      return variable("STUDIO_CRASH_POINT").flatMap(crash)
    #else
      return nil
    #endif
  }

  static func driveObserver() -> DriveObserver? {
    #if DEBUG
      guard let name = variable("STUDIO_CRASH_INPUT") else { return nil }
      return { run in
        if run.input[name] != nil { kill(getpid(), SIGKILL) }
      }
    #else
      return nil
    #endif
  }

  #if DEBUG
    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    private static func crash(_ text: String) -> Database.WriteObserver? {
      let parts = text.split(separator: ":")
      guard parts.count == 3, let moment = Database.WriteMoment(rawValue: String(parts[0])),
        let number = Int(parts[2])
      else { return nil }
      let label = String(parts[1])
      let rest = Atomic<Int>(number)
      return { seen, statement in
        guard seen == moment, statement.label == label else { return }
        if rest.subtract(1, ordering: .relaxed).newValue == 0 { kill(getpid(), SIGKILL) }
      }
    }

    private static func record(_ file: String) -> Database.WriteObserver {
      let known = Mutex<Set<String>>([])
      return { _, statement in
        guard known.withLock({ $0.insert(statement.label).inserted }) else { return }
        let descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        defer { close(descriptor) }
        let line = Array((statement.label + "\n").utf8)
        _ = write(descriptor, line, line.count)
      }
    }
  #endif
}
