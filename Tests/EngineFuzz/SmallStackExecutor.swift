import Foundation
import Synchronization

/// Runs a task on one thread with a stack of a chosen size: the fuzzer itself runs on the smallest stack that
/// the engine promises to manage with.
final class SmallStackExecutor: TaskExecutor, @unchecked Sendable {
  // @unchecked: `jobs` is guarded by `condition`.
  private let condition = NSCondition()
  private var jobs: [UnownedJob] = []

  init(stackBytes: Int) {
    let thread = Thread { [self] in
      while true { next().runSynchronously(on: asUnownedTaskExecutor()) }
    }
    thread.stackSize = stackBytes
    thread.start()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    condition.withLock {
      jobs.append(job)
      condition.signal()
    }
  }

  private func next() -> UnownedJob {
    condition.withLock {
      while jobs.isEmpty { condition.wait() }
      return jobs.removeFirst()
    }
  }

  /// The size of the calling thread's stack, for the report.
  static var currentStackBytes: Int { Thread.current.stackSize }
}
