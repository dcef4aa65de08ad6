import GraphQLEngine
import NIOCore
import NIOPosix

/// Runs the tasks of an event loop's connections on its own thread, so that a request that has arrived is
/// answered, and an event handed out, without handing it to another thread and back. What it calls must not
/// block.
///
/// Its tasks begin at once and are kept for the next: a new one asks for the memory of its frames anew, piece
/// by piece, and most of these are larger than what `malloc` keeps at hand.
final class EventLoopExecutor: ImmediateTaskExecutor {
  private let eventLoop: any EventLoop
  private let state: NIOLoopBoundBox<State>

  private struct State {
    /// Tasks whose work is over and that wait for more; the last one's memory is the warmest.
    var idle: [Seat] = []
    /// Whether a task is being called that begins at once.
    var isCalling = false
  }

  /// What a task does next; lives on the event loop.
  private final class Seat {
    var task: Task<Void, Never>?
    var work: (@Sendable () async -> Void)?
    var call: UnsafeContinuation<Void, Never>?
  }

  /// Tasks that wait for work. Each keeps the largest stack that its work has had, 15 to 40 KB.
  static let maximumIdle = 64

  private static let current = ThreadSpecificVariable<EventLoopExecutor>()

  /// The one of an event loop. Called on it.
  static func of(_ eventLoop: any EventLoop) -> EventLoopExecutor {
    if let known = current.currentValue, known.eventLoop === eventLoop { return known }
    let executor = EventLoopExecutor(eventLoop)
    current.currentValue = executor
    return executor
  }

  /// Called on the event loop.
  init(_ eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
    state = NIOLoopBoundBox(State(), eventLoop: eventLoop)
  }

  /// How many tasks wait for work. Asked on the event loop.
  var idleCount: Int { state.value.idle.count }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if eventLoop.inEventLoop, state.value.isCalling {
      state.value.isCalling = false
      return job.runSynchronously(on: asUnownedTaskExecutor())
    }
    eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }

  @discardableResult
  func begin(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
    guard eventLoop.inEventLoop else { return Task(executorPreference: self, operation: work) }
    guard let seat = state.value.idle.popLast(), let task = seat.task, let call = seat.call.take() else {
      let seat = NIOLoopBound(Seat(), eventLoop: eventLoop)
      let task = Task.immediate(executorPreference: self) {
        await work()
        await self.goOn(seat)
      }
      seat.value.task = task
      return task
    }
    seat.work = work
    state.value.isCalling = true
    call.resume()
    return task
  }

  /// Waits for work and does it, as long as there is room for one more that waits. A task that was cancelled
  /// ends: it would cancel whatever it does.
  private func goOn(_ place: NIOLoopBound<Seat>) async {
    let seat = place.value
    while !Task.isCancelled, state.value.idle.count < EventLoopExecutor.maximumIdle {
      await withUnsafeContinuation { call in
        seat.call = call
        state.value.idle.append(seat)
      }
      await seat.work.take()?()
    }
    seat.task = nil
  }
}
