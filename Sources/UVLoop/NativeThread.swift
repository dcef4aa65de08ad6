import Glibc

/// A detached operating-system thread for what may block: an event loop, libpq's cancel, a name look-up.
///
/// Never for work that scales with requests; each caller bounds how many it has at once.
public enum NativeThread {
  /// Runs the body on a new thread, or, where the system refuses one, on the caller's.
  /// - Parameter stackBytes: the stack's size; at least the system's minimum.
  public static func start(stackBytes: Int = 512 * 1024, _ body: @escaping @Sendable () -> Void) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, stackBytes)
    let box = Unmanaged.passRetained(ThreadBody(body))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, box.toOpaque())
    if status != 0 { box.takeRetainedValue().body() }
  }
}

private final class ThreadBody: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
