/// A read of rows by their keys: a statement whose `$1` is an owner and whose `$2` a list of keys, and whose
/// rows tell which key they are of. One statement may then bring the rows of many callers, each of whom takes
/// his own.
struct KeyedRead: Sendable {
  let id: UInt64
  let statement: Statement
  let owner: UUIDValue
  let keys: [UUIDValue]
  let completion: Request.Completion

  /// Reads of one lane can be one statement.
  var lane: KeyedReads.Lane { KeyedReads.Lane(statement: statement, owner: owner) }
}

/// Which keyed reads share a statement. A value without sockets or clocks; `PoolCore` acts on it.
///
/// Two statements of a lane are under way at once, so who is nearly alone never waits; what comes meanwhile
/// goes together when one of them is answered. The more is asked of the database, the more is asked at once.
struct KeyedReads {
  struct Lane: Hashable {
    let statement: Statement
    let owner: UUIDValue
  }

  /// Statements of a lane that are under way at once.
  static let statementsUnderWay = 2
  /// Keys of a statement that is shared, unless a single read has more.
  static let maximumKeys = 200

  private struct Traffic {
    var underWay = 0
    var waiting = FIFO<KeyedRead>()
  }

  private var lanes: [Lane: Traffic] = [:]
  /// Reads that wait.
  private(set) var waitingCount = 0

  /// - Returns: what is to be sent now; empty when the read waits.
  mutating func submit(_ read: KeyedRead) -> [KeyedRead] {
    lanes[read.lane, default: Traffic()].waiting.append(read)
    waitingCount += 1
    return next(read.lane)
  }

  /// A statement of the lane was answered.
  /// - Returns: what is to be sent now.
  mutating func finished(_ lane: Lane) -> [KeyedRead] {
    lanes[lane]?.underWay -= 1
    let next = next(lane)
    if let traffic = lanes[lane], traffic.underWay == 0, traffic.waiting.isEmpty { lanes[lane] = nil }
    return next
  }

  /// Takes a waiting read out.
  mutating func withdraw(_ id: UInt64) -> KeyedRead? {
    for lane in lanes.keys {
      if let read = lanes[lane]?.waiting.removeAll(where: { $0.id == id }).first {
        waitingCount -= 1
        return read
      }
    }
    return nil
  }

  private mutating func next(_ lane: Lane) -> [KeyedRead] {
    guard var traffic = lanes[lane], traffic.underWay < KeyedReads.statementsUnderWay else { return [] }
    var reads: [KeyedRead] = []
    var count = 0
    while let read = traffic.waiting.first, reads.isEmpty || count + read.keys.count <= KeyedReads.maximumKeys
    {
      traffic.waiting.popFirst()
      count += read.keys.count
      reads.append(read)
    }
    waitingCount -= reads.count
    if !reads.isEmpty { traffic.underWay += 1 }
    lanes[lane] = traffic
    return reads
  }
}

/// Reads that went as one statement; on the loop's thread only.
///
/// `@unchecked Sendable`: the loop's thread is the only one that touches it.
final class SharedRead: @unchecked Sendable {
  /// Of the statement.
  let id: UInt64
  let lane: KeyedReads.Lane
  /// Those whose callers have not been answered.
  private(set) var reads: [KeyedRead]

  init(id: UInt64, _ reads: [KeyedRead], lane: KeyedReads.Lane) {
    self.id = id
    self.lane = lane
    self.reads = reads
  }

  var parameters: Parameters {
    var parameters = Parameters()
    parameters.uuid(lane.owner)
    parameters.uuids(reads.count == 1 ? reads[0].keys : reads.flatMap(\.keys))
    return parameters
  }

  func withdraw(_ id: UInt64) -> KeyedRead? {
    reads.firstIndex { $0.id == id }.map { reads.remove(at: $0) }
  }
}
