import Synchronization

/// The places of the runs that a worker drives at once. A run that needs something besides being stored — an
/// effect, an expression, a moment to wait — takes one first; a run that ends at once needs none.
///
/// As long as runs end at once, the worker claims more than it has places, so that one claim and one commit
/// carry many of them; as soon as one needs a place, it claims no more than it has. A worker has one. Atomics
/// protect the counts.
final class RunPlaces: Sendable {
  private let maximum: Int
  private let taken = Atomic<Int>(0)
  private let asked = Atomic<Int>(0)

  init(_ maximum: Int) { self.maximum = maximum }

  /// How often a place was asked for.
  var askedCount: Int { asked.load(ordering: .relaxed) }

  /// False when all are taken: the run is for others, or for later. After true, `leave` must follow.
  func take() -> Bool {
    asked.add(1, ordering: .relaxed)
    if taken.add(1, ordering: .relaxed).newValue <= maximum { return true }
    leave()
    return false
  }

  func leave() { taken.subtract(1, ordering: .relaxed) }
}
