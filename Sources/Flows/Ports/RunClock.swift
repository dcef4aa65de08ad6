/// The worker's time; injected, so that tests own it.
public protocol RunClock: Sendable {
  /// The wall clock.
  func now() -> Instant

  /// Microseconds of a clock that never goes back and that goes on while the machine sleeps; the worker
  /// fences itself by it.
  func monotonicMicroseconds() -> Int64

  /// Returns after so many microseconds; throws `CancellationError` when the task is cancelled.
  func sleep(microseconds: Int64) async throws
}
