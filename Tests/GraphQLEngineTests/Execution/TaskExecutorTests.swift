import Synchronization
import Testing

@testable import GraphQLEngine

/// Keeps the jobs of its tasks until the test runs them.
private final class JobQueue: ImmediateTaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])

  var count: Int { jobs.withLock { $0.count } }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
  }

  func run() {
    while let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}

private final class QueuedContext: RequestContext {
  let queue = JobQueue()
  let notes = Mutex<[String]>([])
  let waiting = Mutex<UnsafeContinuation<Void, Never>?>(nil)

  var taskExecutor: (any ImmediateTaskExecutor)? { queue }
  var isOnQueue: Bool {
    withUnsafeCurrentTask { $0?.unownedTaskExecutor == queue.asUnownedTaskExecutor() }
  }
  func note(_ text: String) { notes.withLock { $0.append(text) } }
}

@Suite struct TaskExecutorTests {
  @Test func `with an executor a batch begins where it is called, and goes on there`() {
    let context = QueuedContext()
    let resolution = Resolution.async(on: context.queue) {
      context.note("began")
      await withUnsafeContinuation { waiting in context.waiting.withLock { $0 = waiting } }
      context.note("went on")
      return .leaves([1])
    }
    #expect(context.notes.withLock { $0 } == ["began"])
    #expect(context.queue.count == 0)
    context.waiting.withLock { $0.take() }?.resume()
    #expect(context.notes.withLock { $0 } == ["began"])
    context.queue.run()
    #expect(context.notes.withLock { $0 } == ["began", "went on"])
    guard case .pending = resolution else {
      Issue.record("a batch is a promise")
      return
    }
  }

  @Test func `an async batch takes the executor of the request's context`() async throws {
    let engine = try TestEngine("type Query { c: Int }", isDynamic: false) { wiring, _ in
      wiring.bind(
        "Query", "c",
        .asyncBatch { call in .leaves([try call.context(as: QueuedContext.self).isOnQueue ? 1 : 0]) })
    }
    #expect(try await engine.run("{ c }", context: QueuedContext()) == #"{"data":{"c":1}}"#)
  }

  @Test func `a task is cancelled as long as it works for the batch, and never afterwards`() async {
    func endless() -> Task<Void, Never> {
      Task { while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) } }
    }
    let (early, late, over, never) = (endless(), endless(), endless(), endless())
    let before = TaskSlot()
    before.cancel()
    before.set(early)
    let during = TaskSlot()
    during.set(late)
    during.cancel()
    await early.value
    await late.value

    let after = TaskSlot()
    after.set(over)
    after.finish()
    after.cancel()
    let already = TaskSlot()
    already.finish()
    already.cancel()
    already.set(never)
    #expect(!over.isCancelled && !never.isCancelled)
    over.cancel()
    never.cancel()
  }
}
