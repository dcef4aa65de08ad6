/// For how many a commit waits a moment. Those who were answered together often come back together, and one
/// commit for all of them costs little more than one for the first; whoever sends alone waits for nobody.
///
/// A value without a clock. Its owner keeps it beside those who wait, under one lock, and tells it who comes
/// and when a pause is over.
public struct Company: Sendable {
  /// One wait, told from those before it.
  public struct Wait: Equatable, Sendable {
    fileprivate let number: Int
  }

  /// So long a commit waits at most.
  public static let pauseMilliseconds: UInt64 = 1

  /// How many are waited for; nil while nobody is.
  public private(set) var expected: Int?
  private let limit: Int
  private var number = 0

  /// - Parameter limit: more than so many are never waited for. About half of those who are expected to send
  ///   at once: while one half is stored, the other half is answered and comes back.
  public init(limit: Int) { self.limit = limit }

  /// A commit was answered: the next one waits for as many as went with it or came meanwhile.
  /// - Returns: the wait that begins; nil when the next commit has to wait for nobody.
  public mutating func expect(_ count: Int, waiting: Int) -> Wait? {
    let count = min(count, limit)
    guard expected == nil, count > 1, waiting < count else { return nil }
    expected = count
    number += 1
    return Wait(number: number)
  }

  /// Somebody came.
  /// - Returns: whether all are there now, which is told once: the commit goes.
  public mutating func isMet(by waiting: Int) -> Bool {
    guard let expected, waiting >= expected else { return false }
    self.expected = nil
    return true
  }

  /// The pause of a wait is over.
  /// - Returns: whether the wait lasted until then: the commit goes.
  public mutating func end(_ wait: Wait) -> Bool {
    guard expected != nil, wait.number == number else { return false }
    expected = nil
    return true
  }
}
