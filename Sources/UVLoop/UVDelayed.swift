/// Work that waits for its time, with one timer for all of it. Lives on its loop's thread.
///
/// Meant for short waits of which few go on at once: each is found by a look at all.
final class UVDelayed {
  private let loop: UVLoop
  private var timer: UVTimer?
  private var waiting: [(due: UInt64, work: @Sendable () -> Void)] = []

  init(_ loop: UVLoop) {
    self.loop = loop
    timer = UVTimer(loop) { [unowned self] in fire() }
  }

  func add(_ work: @escaping @Sendable () -> Void, afterMilliseconds delay: UInt64) {
    // The loop's clock says when this turn began, in whole milliseconds: one more makes it long enough.
    waiting.append((loop.nowMilliseconds + delay + 1, work))
    schedule()
  }

  /// Runs what waits, whatever its time; nothing can be added any more.
  func runAll() {
    timer?.close()
    timer = nil
    run(waiting.map(\.work), without: { _ in false })
  }

  private func fire() {
    let now = loop.nowMilliseconds
    run(waiting.filter { $0.due <= now }.map(\.work), without: { $0 > now })
    schedule()
  }

  /// Keeps what is due later before anything runs: the work may add more.
  private func run(_ works: [@Sendable () -> Void], without isLater: (UInt64) -> Bool) {
    waiting.removeAll { !isLater($0.due) }
    for work in works { work() }
  }

  private func schedule() {
    guard let next = waiting.lazy.map(\.due).min() else { return }
    let now = loop.nowMilliseconds
    timer?.schedule(afterMilliseconds: next > now ? next - now : 0)
  }
}
