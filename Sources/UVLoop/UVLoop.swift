import CUV
import Glibc
import Synchronization

/// One libuv event loop on a thread of its own.
///
/// Other threads reach it by `execute` only. Polls and timers are made and used on its thread. Owned by
/// whoever starts it; `stop` ends the thread and frees every handle.
///
/// `@unchecked Sendable`: `inbox` is under its own lock; the handles and `delayed` belong to the loop's
/// thread, apart from `uv_async_send`, of which libuv's guide says "It's safe to call this function from any
/// thread."
public final class UVLoop: @unchecked Sendable {
  let loop: UnsafeMutablePointer<uv_loop_t>
  private let wakeUp: UnsafeMutablePointer<uv_async_t>
  private let inbox = Mutex(Inbox())
  private let threadID = Atomic<UInt>(0)
  /// Wake-ups that were decided on under `inbox`'s lock and are not sent yet. The loop's descriptors stay
  /// open for them: libuv ends the process (`abort`) when it cannot write to one.
  private let unsentWakeUps = Atomic<Int>(0)
  /// What waits for its time; of the loop's thread.
  private var delayed: UVDelayed?

  private struct Inbox {
    var work: [@Sendable () -> Void] = []
    var state = State.created
    var stopWaiters: [@Sendable () -> Void] = []
  }

  private enum State { case created, running, stopping, stopped }

  public init() {
    loop = .allocate(capacity: 1)
    wakeUp = .allocate(capacity: 1)
    // Both fail only where the system has no descriptors left; there is no way on from there.
    precondition(uv_loop_init(loop) == 0, "uv_loop_init failed: out of file descriptors")
    let status = uv_async_init(loop, wakeUp) { handle in
      guard let data = handle?.pointee.data else { return }
      Unmanaged<UVLoop>.fromOpaque(data).takeUnretainedValue().drainInbox()
    }
    precondition(status == 0, "uv_async_init failed: out of file descriptors")
  }

  deinit {
    // The thread keeps the loop alive, so it is either stopped (and closed there) or was never started.
    if inbox.withLock({ $0.state == .created }) {
      uv_close(UnsafeMutableRawPointer(wakeUp).assumingMemoryBound(to: uv_handle_t.self), nil)
      uv_run(loop, UV_RUN_DEFAULT)
      uv_loop_close(loop)
    }
    wakeUp.deallocate()
    loop.deallocate()
  }

  /// Starts the thread. A second call does nothing.
  public func start() {
    let isFirst = inbox.withLock { inbox in
      guard inbox.state == .created else { return false }
      inbox.state = .running
      return true
    }
    guard isFirst else { return }
    wakeUp.pointee.data = Unmanaged.passUnretained(self).toOpaque()
    NativeThread.start(stackBytes: 2 * 1024 * 1024) { self.run() }
  }

  /// Runs the work on the loop's thread, after what was handed over before it. Many calls share one wake-up:
  /// "libuv will coalesce calls to uv_async_send()". Before `start` the work waits.
  /// - Returns: false once the loop was told to stop: the work will not run.
  @discardableResult
  public func execute(_ work: @escaping @Sendable () -> Void) -> Bool {
    let (isAccepted, isFirst) = inbox.withLock { inbox in
      guard inbox.state == .running || inbox.state == .created else { return (false, false) }
      inbox.work.append(work)
      let isFirst = inbox.work.count == 1
      if isFirst { unsentWakeUps.add(1, ordering: .relaxed) }
      return (true, isFirst)
    }
    if isFirst { sendWakeUp() }
    return isAccepted
  }

  /// Runs the work on the loop's thread after so long at least, and hardly two milliseconds more. What still
  /// waits when the loop is stopped runs then.
  /// - Returns: false once the loop was told to stop: the work will not run.
  @discardableResult
  public func execute(afterMilliseconds delay: UInt64, _ work: @escaping @Sendable () -> Void) -> Bool {
    execute { [self] in
      let delayed = self.delayed ?? UVDelayed(self)
      self.delayed = delayed
      delayed.add(work, afterMilliseconds: delay)
    }
  }

  /// Whether the caller is on the loop's thread.
  public var isCurrent: Bool { threadID.load(ordering: .relaxed) == UVLoop.currentThreadID }

  /// Milliseconds of the loop's monotonic clock, as of the start of this turn. On the loop's thread only.
  public var nowMilliseconds: UInt64 { uv_now(loop) }

  /// Runs what was handed over, closes every handle, ends the thread. Returns when it has ended; safe to
  /// repeat.
  public func stop() async {
    await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
      let (isOver, isFirst) = inbox.withLock { inbox in
        switch inbox.state {
        case .created, .stopped: return (true, false)
        case .running, .stopping:
          let isFirst = inbox.state == .running
          if isFirst { unsentWakeUps.add(1, ordering: .relaxed) }
          inbox.state = .stopping
          inbox.stopWaiters.append { continuation.resume() }
          return (false, isFirst)
        }
      }
      if isOver { continuation.resume() }
      if isFirst { sendWakeUp() }
    }
  }

  /// Sends a wake-up that `unsentWakeUps` counts.
  private func sendWakeUp() {
    uv_async_send(wakeUp)
    unsentWakeUps.subtract(1, ordering: .releasing)
  }

  // MARK: On the loop's thread

  private func run() {
    threadID.store(UVLoop.currentThreadID, ordering: .relaxed)
    uv_async_send(wakeUp)
    uv_run(loop, UV_RUN_DEFAULT)
    // Every handle is closed: `uv_run` "returns when there are no active and referenced handles".
    uv_loop_close(loop)
    let waiters = inbox.withLock { inbox in
      inbox.state = .stopped
      defer { inbox.stopWaiters = [] }
      return inbox.stopWaiters
    }
    for resume in waiters { resume() }
  }

  private func drainInbox() {
    let (work, isStopping) = inbox.withLock { inbox in
      defer { inbox.work.removeAll() }
      return (inbox.work, inbox.state == .stopping)
    }
    for body in work { body() }
    guard isStopping else { return }
    delayed?.runAll()
    delayed = nil
    // None is decided on any more, and each is one system call from its end.
    while unsentWakeUps.load(ordering: .acquiring) != 0 { sched_yield() }
    closeHandles()
  }

  /// Polls and timers free themselves when closed; the wake-up's memory belongs to this object.
  private func closeHandles() {
    uv_walk(
      loop,
      { handle, _ in
        guard let handle, uv_is_closing(handle) == 0 else { return }
        if handle.pointee.type == UV_ASYNC {
          uv_close(handle, nil)
        } else {
          UVHandle.close(handle)
        }
      }, nil)
  }

  private static var currentThreadID: UInt {
    UInt(pthread_self())
  }
}
