import Glibc

/// Runs `body` on a thread with a stack of 512 KiB and returns its result.
func onSmallStack<Value>(_ body: @escaping () -> Value) -> Value? {
  var value: Value?
  let work = SmallStackWork { value = body() }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setstacksize(&attributes, 512 * 1024)
  var thread = pthread_t()
  let code = pthread_create(
    &thread, &attributes,
    { argument in
      guard let argument else { return nil }
      Unmanaged<SmallStackWork>.fromOpaque(argument).takeUnretainedValue().body()
      return nil
    }, Unmanaged.passUnretained(work).toOpaque())
  guard code == 0 else { return nil }
  pthread_join(thread, nil)
  return value
}

private final class SmallStackWork {
  let body: () -> Void
  init(_ body: @escaping () -> Void) { self.body = body }
}
