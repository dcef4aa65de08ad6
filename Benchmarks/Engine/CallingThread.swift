import Synchronization

/// Runs asynchronous work on the thread that asks for it, so that a measurement has neither threads nor hops
/// in it. What it runs must not wait for another thread.
final class CallingThread: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
  }

  /// Returns when `work` has ended, with what it threw.
  func run(_ work: @escaping @Sendable () async throws -> Void) throws {
    let outcome = Outcome()
    Task(executorPreference: self) {
      do {
        try await work()
        outcome.result.withLock { $0 = .success(()) }
      } catch {
        outcome.result.withLock { $0 = .failure(error) }
      }
    }
    while let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
    guard let result = outcome.result.withLock({ $0 }) else { throw Failure.waitsForAnotherThread }
    try result.get()
  }

  private final class Outcome: Sendable {
    let result = Mutex<Result<Void, any Error>?>(nil)
  }

  private enum Failure: Error { case waitsForAnotherThread }
}
