import Foundation

/// Runs a task on the thread that waits for it, and on no other: so the fuzzer stays on the smallest stack
/// that the engine promises to manage with, and callgrind sees one thread.
final class CallingThreadExecutor: TaskExecutor, @unchecked Sendable {
  // @unchecked: `jobs` is guarded by `condition`.
  private let condition = NSCondition()
  private var jobs: [UnownedJob] = []

  /// Runs `body` to its end.
  static func run<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) -> Result {
    let executor = CallingThreadExecutor()
    let box = ResultBox<Result>()
    Task(executorPreference: executor) {
      let result = await body()
      executor.condition.withLock {
        box.result = result
        executor.condition.signal()
      }
    }
    while true {
      var job: UnownedJob?
      let result = executor.condition.withLock {
        while executor.jobs.isEmpty && box.result == nil { executor.condition.wait() }
        if !executor.jobs.isEmpty { job = executor.jobs.removeFirst() }
        return box.result
      }
      if let job { job.runSynchronously(on: executor.asUnownedTaskExecutor()) }
      if let result { return result }
    }
  }

  /// The same on a thread of its own with a stack of so many bytes; the caller waits for it.
  static func run<Result: Sendable>(
    stackBytes: Int, _ body: @escaping @Sendable () async -> Result
  ) -> Result {
    let box = ResultBox<Result>()
    let condition = NSCondition()
    let thread = Thread {
      let result = run(body)
      condition.withLock {
        box.result = result
        condition.signal()
      }
    }
    thread.stackSize = stackBytes
    thread.start()
    return condition.withLock {
      while true {
        if let result = box.result { return result }
        condition.wait()
      }
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    condition.withLock {
      jobs.append(job)
      condition.signal()
    }
  }

  /// The size of the calling thread's stack, for the report.
  static var currentStackBytes: Int { Thread.current.stackSize }
}

/// Where a thread leaves what another one waits for.
private final class ResultBox<Result: Sendable>: @unchecked Sendable {
  // @unchecked: guarded by the condition of those who share it.
  var result: Result?
}
