import Dispatch
import GraphQLEngine
import Synchronization

/// Runs tasks on the program's first thread: the figures have no hand-over between threads of a pool in them,
/// and callgrind is spared how libdispatch parks that thread under an asynchronous `main`, which kills it.
final class MainThread: ImmediateTaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])
  private let outcome = Mutex<Result<Void, any Error>?>(nil)
  private let arrival = DispatchSemaphore(value: 0)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    arrival.signal()
  }

  /// Returns when `work` has ended, with what it threw. Called once.
  func run(_ work: @escaping @Sendable (MainThread) async throws -> Void) throws {
    Task(executorPreference: self) {
      do {
        try await work(self)
        self.end(.success(()))
      } catch {
        self.end(.failure(error))
      }
    }
    while true {
      arrival.wait()
      if let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
        job.runSynchronously(on: asUnownedTaskExecutor())
      }
      if let result = outcome.withLock({ $0 }) { return try result.get() }
    }
  }

  private func end(_ result: Result<Void, any Error>) { outcome.withLock { $0 = result } }
}
