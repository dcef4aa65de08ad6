import CUV
import Glibc

/// Watches a file descriptor that another library owns (`uv_poll_t`). Lives on its loop's thread.
///
/// libuv: "The user should not close a file descriptor while it is being polled by an active poll handle", so
/// the owner closes the poll first.
public final class UVPoll: UVHandleOwner {
  /// What may be done without blocking.
  public struct Events: OptionSet, Sendable {
    public let rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }
    public static let readable = Events(rawValue: Int32(UV_READABLE.rawValue))
    public static let writable = Events(rawValue: Int32(UV_WRITABLE.rawValue))
  }

  private let onEvents: (Events) -> Void
  private var watched: Events = []
  private let poll: UnsafeMutablePointer<uv_poll_t>

  /// - Parameter onEvents: called on the loop's thread; an error of the descriptor is reported as both
  ///   events, so that the owner's next read or write finds it.
  public init(_ loop: UVLoop, fileDescriptor: Int32, onEvents: @escaping (Events) -> Void) throws(UVError) {
    poll = UVHandle.allocate(uv_poll_t.self)
    let status = uv_poll_init(loop.loop, poll, fileDescriptor)
    guard status == 0 else {
      free(poll)
      throw UVError(status: status)
    }
    self.onEvents = onEvents
    super.init(UnsafeMutableRawPointer(poll).assumingMemoryBound(to: uv_handle_t.self))
  }

  /// Says what to wait for; nothing stops the watch. Costs nothing when it is what was watched already.
  public func watch(_ events: Events) {
    guard !isClosed, events != watched else { return }
    watched = events
    guard !events.isEmpty else {
      uv_poll_stop(poll)
      return
    }
    // "Calling uv_poll_start() on a handle that is already active is fine. Doing so will update the events
    // mask".
    uv_poll_start(poll, events.rawValue) { handle, status, events in
      guard let data = handle?.pointee.data else { return }
      let owner = Unmanaged<UVPoll>.fromOpaque(data).takeUnretainedValue()
      guard !owner.isClosed else { return }
      guard status < 0 else { return owner.onEvents(Events(rawValue: events)) }
      // libuv has stopped the watch. There may be something left to read before the error, the last words of
      // a server that was killed for instance, so the owner's next `watch` has to start it again.
      owner.watched = []
      owner.onEvents([.readable, .writable])
    }
  }
}
