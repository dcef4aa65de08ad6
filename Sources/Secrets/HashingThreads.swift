import Glibc

/// A fixed number of threads of their own for work that burns processor time, with a bounded queue. They are
/// neither event loops nor Swift's cooperative pool, so slow hashes never hold up requests. Owned by
/// `PasswordHasher`.
///
/// `@unchecked Sendable`: `pending` and `isClosed` are guarded by `mutex`; the pointers never change.
final class HashingThreads: @unchecked Sendable {
  typealias Job = @Sendable () -> Void

  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private let maximumPending: Int
  private var pending: [Job] = []
  private var isClosed = false

  /// Starts `threads` threads. They end after `close`, when the queue is empty.
  init(threads: Int, maximumPending: Int) {
    self.maximumPending = maximumPending
    mutex = .allocate(capacity: 1)
    condition = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
    for _ in 0..<threads { start() }
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Queues `job`; false when the queue is full or closed.
  func submit(_ job: @escaping Job) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    guard !isClosed, pending.count < maximumPending else { return false }
    pending.append(job)
    pthread_cond_signal(condition)
    return true
  }

  /// Lets the threads finish what is queued, and end.
  func close() {
    pthread_mutex_lock(mutex)
    isClosed = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  private func start() {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self)
    let status = pthread_create(
      &thread, &attributes,
      { context in
        guard let context else { return nil }
        Unmanaged<HashingThreads>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    pthread_attr_destroy(&attributes)
    if status != 0 { context.release() }
  }

  private func run() {
    while let job = take() { job() }
  }

  private func take() -> Job? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while pending.isEmpty && !isClosed { pthread_cond_wait(condition, mutex) }
    return pending.isEmpty ? nil : pending.removeFirst()
  }
}
