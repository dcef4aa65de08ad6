import Foundation
import Synchronization

/// A thread that never ends, for starting a server: it dies with the thread that started it.
/// The queue is protected by the condition.
final class LongLivedThread: @unchecked Sendable {
  private let condition = NSCondition()
  private var work: [@Sendable () -> Void] = []

  init() {
    let thread = Thread { [self] in serve() }
    thread.start()
  }

  /// Runs the body there, after what was asked before, and gives its result.
  func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Value, any Error>) in
      enqueue { continuation.resume(with: Result { try body() }) }
    }
  }

  /// Runs a body that cannot fail.
  func run(_ body: @escaping @Sendable () -> Void) async {
    await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
      enqueue {
        body()
        continuation.resume()
      }
    }
  }

  private func enqueue(_ job: @escaping @Sendable () -> Void) {
    condition.lock()
    work.append(job)
    condition.signal()
    condition.unlock()
  }

  private func serve() {
    while true {
      condition.lock()
      while work.isEmpty { condition.wait() }
      let job = work.removeFirst()
      condition.unlock()
      job()
    }
  }
}
