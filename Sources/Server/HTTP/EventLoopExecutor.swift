import NIOCore

/// Runs the tasks of a connection on its event loop's own thread, so that a request that has arrived is
/// answered, and an event handed out, without handing it to another thread and back. What it calls must not
/// block.
final class EventLoopExecutor: TaskExecutor {
  private let eventLoop: any EventLoop

  init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
