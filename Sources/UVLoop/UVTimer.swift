import CUV

/// A timer of the loop (`uv_timer_t`). Lives on its loop's thread.
public final class UVTimer: UVHandleOwner {
  private let onFire: () -> Void
  private let timer: UnsafeMutablePointer<uv_timer_t>

  /// - Parameter onFire: called on the loop's thread.
  public init(_ loop: UVLoop, onFire: @escaping () -> Void) {
    timer = UVHandle.allocate(uv_timer_t.self)
    // libuv documents no failure of uv_timer_init.
    uv_timer_init(loop.loop, timer)
    self.onFire = onFire
    super.init(UnsafeMutableRawPointer(timer).assumingMemoryBound(to: uv_handle_t.self))
  }

  /// Fires after a while, then, with a period above 0, again and again. Replaces what was set before.
  public func schedule(afterMilliseconds delay: UInt64, everyMilliseconds period: UInt64 = 0) {
    guard !isClosed else { return }
    uv_timer_start(
      timer,
      { handle in
        guard let data = handle?.pointee.data else { return }
        let owner = Unmanaged<UVTimer>.fromOpaque(data).takeUnretainedValue()
        if !owner.isClosed { owner.onFire() }
      }, delay, period)
  }

  /// Does not fire until it is scheduled again.
  public func cancel() {
    if !isClosed { uv_timer_stop(timer) }
  }

  /// Whether it is going to fire.
  public var isScheduled: Bool { !isClosed && uv_is_active(handle) != 0 }
}
