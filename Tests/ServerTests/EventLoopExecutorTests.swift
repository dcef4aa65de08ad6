import NIOPosix
import Synchronization
import Testing

@testable import Server

/// Tasks of an event loop.
@Suite(.timeLimit(.minutes(1))) struct EventLoopExecutorTests {
  private let loop = MultiThreadedEventLoopGroup.singleton.next()

  /// What is noted of the tasks that work.
  private final class Notes: Sendable {
    private let state = Mutex<[Int]>([])
    var tasks: [Int] { state.withLock { $0 } }
    func noteTask() {
      let task = withUnsafeCurrentTask { $0.hashValue }
      state.withLock { $0.append(task) }
    }
  }

  /// Runs the body on the event loop, with an executor that no other test uses.
  private func onLoop<Value: Sendable>(
    _ body: @escaping @Sendable (EventLoopExecutor) throws -> Value
  ) async throws -> Value {
    let loop = loop
    return try await loop.submit { try body(EventLoopExecutor(loop)) }.get()
  }

  @Test func `work begins at once, in the task that has ended the work before`() async throws {
    let notes = Notes()
    try await onLoop { executor in
      for count in 1...3 {
        _ = executor.begin { notes.noteTask() }
        #expect(notes.tasks.count == count)
      }
    }
    #expect(Set(notes.tasks).count == 1)
  }

  @Test func `work that waits has a task to itself, and goes on there on the loop`() async throws {
    let (first, second) = (Notes(), Notes())
    let call = Mutex<UnsafeContinuation<Void, Never>?>(nil)
    let loop = loop
    let executor = try await onLoop { executor in
      let task = executor.begin {
        first.noteTask()
        await withUnsafeContinuation { continuation in call.withLock { $0 = continuation } }
        #expect(loop.inEventLoop)
        first.noteTask()
      }
      #expect(executor.begin { second.noteTask() } != task)
      return executor
    }
    call.withLock { $0.take() }?.resume()
    while first.tasks.count < 2 { await Task.yield() }
    #expect(Set(first.tasks).count == 1 && Set(first.tasks).isDisjoint(with: second.tasks))
    // Both wait for work now.
    try await loop.submit { for _ in 0..<2 { _ = executor.begin { second.noteTask() } } }.get()
    #expect(second.tasks.count == 3)
  }

  @Test func `a task that was cancelled does nothing else`() async throws {
    let (cancelled, after) = (Notes(), Notes())
    let states = Mutex<[Bool]>([])
    let loop = loop
    let (executor, task) = try await onLoop { executor in
      let task = executor.begin {
        cancelled.noteTask()
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
      }
      task.cancel()
      return (executor, task)
    }
    // Its end is a later job of the loop.
    while true {
      try await loop.submit {
        _ = executor.begin {
          after.noteTask()
          states.withLock { $0.append(Task.isCancelled) }
        }
      }.get()
      if after.tasks.count == 20 { break }
    }
    // It is kept until here, so that no other has its address.
    withExtendedLifetime(task) { #expect(Set(after.tasks).isDisjoint(with: cancelled.tasks)) }
    #expect(states.withLock { $0.allSatisfy { !$0 } })
  }

  @Test func `work from another thread begins with the loop's next turn`() async throws {
    let notes = Notes()
    let executor = try await onLoop { $0 }
    await executor.begin { notes.noteTask() }.value
    #expect(notes.tasks.count == 1)
  }

  @Test func `no more tasks wait for work than may`() async throws {
    let calls = Mutex<[UnsafeContinuation<Void, Never>]>([])
    let notes = Notes()
    let loop = loop
    let executor = try await onLoop { executor in
      for _ in 0..<(EventLoopExecutor.maximumIdle + 10) {
        _ = executor.begin {
          await withUnsafeContinuation { call in calls.withLock { $0.append(call) } }
          notes.noteTask()
        }
      }
      return executor
    }
    for call in calls.withLock({ $0 }) { call.resume() }
    while notes.tasks.count < EventLoopExecutor.maximumIdle + 10 { await Task.yield() }
    #expect(try await loop.submit { executor.idleCount }.get() == EventLoopExecutor.maximumIdle)
  }
}
