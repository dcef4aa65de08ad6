/// Finds cycles in a directed graph by removing what cannot be on one (Kahn's algorithm from both ends) and
/// walking through the rest.
struct CycleSearch {
  private let count: Int
  private var successors: [[Int]]
  private var predecessors: [[Int]]

  init(count: Int, edges: [(from: Int, to: Int)]) {
    self.count = count
    successors = Array(repeating: [], count: count)
    predecessors = Array(repeating: [], count: count)
    for edge in edges {
      successors[edge.from].append(edge.to)
      predecessors[edge.to].append(edge.from)
    }
  }

  /// Cycles without common nodes, each in the direction of its connections; at most `limit`. Empty when and
  /// only when the graph has no cycle.
  func cycles(limit: Int) -> [[Int]] {
    var isLeft = [Bool](repeating: true, count: count)
    var cycles: [[Int]] = []
    while cycles.count < limit {
      trim(&isLeft, from: successors, to: predecessors)
      trim(&isLeft, from: predecessors, to: successors)
      guard let start = isLeft.firstIndex(of: true) else { break }
      let cycle = cycle(from: start, isLeft)
      for node in cycle { isLeft[node] = false }
      cycles.append(cycle)
    }
    return cycles
  }

  /// Removes nodes that no remaining node leads to, until there are none.
  private func trim(_ isLeft: inout [Bool], from onward: [[Int]], to backward: [[Int]]) {
    var degrees = (0..<count).map { node in backward[node].reduce(0) { $0 + (isLeft[$1] ? 1 : 0) } }
    var work = (0..<count).filter { isLeft[$0] && degrees[$0] == 0 }
    while let node = work.popLast() {
      isLeft[node] = false
      for next in onward[node] where isLeft[next] {
        degrees[next] -= 1
        if degrees[next] == 0 { work.append(next) }
      }
    }
  }

  /// Every remaining node has a remaining successor, so a walk along them must come back to itself.
  private func cycle(from start: Int, _ isLeft: [Bool]) -> [Int] {
    var order: [Int] = []
    var visitedAt = [Int?](repeating: nil, count: count)
    var node = start
    while visitedAt[node] == nil {
      visitedAt[node] = order.count
      order.append(node)
      guard let next = successors[node].first(where: { isLeft[$0] }) else { return [node] }
      node = next
    }
    return Array(order[(visitedAt[node] ?? 0)...])
  }
}
