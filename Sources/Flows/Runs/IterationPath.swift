/// Which iterations of the loops around a node are meant: the positions in their lists, the outermost loop
/// first; empty outside of every loop.
///
/// Packed into an integer whose order is the order of execution in a sequential loop: 16 bits for each
/// loop, the position plus one.
public struct IterationPath: Hashable, Comparable, Sendable {
  /// Loops around a node, at most.
  public static let maximumDepth = 3
  /// The last position in a list that a path can name.
  public static let maximumIndex = 9_999
  /// Outside of every loop.
  public static let root = IterationPath(rawValue: 0)

  /// As it is stored.
  public let rawValue: Int64

  public init(rawValue: Int64) { self.rawValue = rawValue }

  /// Nil for more than three positions, or one that is out of bounds.
  public init?(_ indices: [Int]) {
    guard indices.count <= IterationPath.maximumDepth else { return nil }
    var path = IterationPath.root
    for index in indices {
      guard (0...IterationPath.maximumIndex).contains(index) else { return nil }
      path = path.appending(index)
    }
    self = path
  }

  /// The positions, the outermost loop's first.
  public var indices: [Int] {
    let words = [rawValue >> 32, rawValue >> 16, rawValue].map { Int($0 & 0xFFFF) }
    return words.prefix { $0 > 0 }.map { $0 - 1 }
  }

  /// The path of an iteration of a loop that is itself in this path's iteration.
  func appending(_ index: Int) -> IterationPath {
    let shift = Int64(32 - 16 * indices.count)
    return IterationPath(rawValue: rawValue | Int64(index + 1) << shift)
  }

  /// `3.0.12`; empty outside of every loop.
  public var text: String { indices.map(String.init).joined(separator: ".") }

  public static func < (left: IterationPath, right: IterationPath) -> Bool { left.rawValue < right.rawValue }
}

/// A node in one iteration of the loops around it: what a row of the node log is about.
public struct NodeAddress: Hashable, Sendable {
  public let node: Identifier
  public let iteration: IterationPath

  public init(_ node: Identifier, _ iteration: IterationPath = .root) {
    self.node = node
    self.iteration = iteration
  }
}
