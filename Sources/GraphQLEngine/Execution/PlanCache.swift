import Synchronization

/// Prepared operations by document and operation name, bounded in bytes; the least recently used goes first.
///
/// A hit compares the bytes of the document, never only their hash: a document that collides with another
/// must not be answered with its plan. One cache belongs to one engine, so schema and limits need not be part
/// of the key.
final class PlanCache: Sendable {
  // @unchecked: what changes is read and written under the cache's lock.
  private final class Entry: @unchecked Sendable {
    let operationName: String?
    let operation: PreparedOperation
    var cost: Int
    var lastUse: Int

    init(operationName: String?, operation: PreparedOperation, cost: Int, lastUse: Int) {
      self.operationName = operationName
      self.operation = operation
      self.cost = cost
      self.lastUse = lastUse
    }
  }

  private struct State: Sendable {
    var buckets: [Int: [Entry]] = [:]
    var cost = 0
    var clock = 0
    var count = 0
  }

  private let state = Mutex(State())
  let byteLimit: Int

  init(byteLimit: Int) { self.byteLimit = byteLimit }

  /// The number of cached operations.
  var count: Int { state.withLock { $0.count } }

  func find(_ source: UnsafeBufferPointer<UInt8>, operationName: String?) -> PreparedOperation? {
    let key = PlanCache.key(source, operationName)
    return state.withLock { state in
      guard let bucket = state.buckets[key] else { return nil }
      for entry in bucket
      where entry.operationName == operationName && PlanCache.matches(entry.operation, source) {
        state.clock += 1
        entry.lastUse = state.clock
        return entry.operation
      }
      return nil
    }
  }

  func insert(_ operation: PreparedOperation, operationName: String?) {
    let source = operation.document.source
    let bytes = UnsafeBufferPointer(start: source.bytes, count: source.count)
    let key = PlanCache.key(bytes, operationName)
    let cost = PlanCache.cost(of: operation)
    guard cost <= byteLimit else { return }
    state.withLock { state in
      let isKnown = state.buckets[key]?.contains {
        $0.operationName == operationName && PlanCache.matches($0.operation, bytes)
      }
      if isKnown == true { return }
      state.clock += 1
      state.cost += cost
      state.count += 1
      let entry = Entry(
        operationName: operationName, operation: operation, cost: cost, lastUse: state.clock)
      state.buckets[key, default: []].append(entry)
      if state.cost > byteLimit { PlanCache.evict(&state, downTo: byteLimit / 4 * 3) }
    }
  }

  /// Counts an operation again whose plans have grown. One that is not cached, or no longer, costs nothing.
  func recount(_ operation: PreparedOperation) {
    let source = operation.document.source
    let bytes = UnsafeBufferPointer(start: source.bytes, count: source.count)
    let cost = PlanCache.cost(of: operation)
    // The request has named the operation, or it was the only one.
    let keys = [PlanCache.key(bytes, nil), PlanCache.key(bytes, operation.name)]
    state.withLock { state in
      for key in keys {
        guard let entry = state.buckets[key]?.first(where: { $0.operation === operation }) else { continue }
        state.cost += cost - entry.cost
        entry.cost = cost
      }
      if state.cost > byteLimit { PlanCache.evict(&state, downTo: byteLimit / 4 * 3) }
    }
  }

  /// The bytes that the cached operations keep.
  var byteCount: Int { state.withLock { $0.cost } }

  /// Drops the least recently used quarter at once, so that the sort is rare.
  private static func evict(_ state: inout State, downTo limit: Int) {
    let oldest = state.buckets.values.joined().map { ($0.lastUse, $0.cost) }.sorted { $0.0 < $1.0 }
    var cost = state.cost
    var threshold = 0
    for (lastUse, entryCost) in oldest where cost > limit {
      cost -= entryCost
      threshold = lastUse
    }
    for (key, bucket) in state.buckets {
      let kept = bucket.filter { $0.lastUse > threshold }
      state.count -= bucket.count - kept.count
      state.buckets[key] = kept.isEmpty ? nil : kept
    }
    state.cost = cost
  }

  /// The bytes that an operation, its plans and its place in the cache keep.
  private static func cost(of operation: PreparedOperation) -> Int {
    operation.countBytes() + HeapBytes.allocation(entryBytes)
      + HeapBytes.allocation(32 + MemoryLayout<Entry>.stride) + 32
  }

  /// An entry's header of two words, its name, its operation, its cost and its last use.
  private static let entryBytes = 16 + MemoryLayout<String?>.size + 8 + 8 + 8

  private static func key(_ source: UnsafeBufferPointer<UInt8>, _ operationName: String?) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(source))
    hasher.combine(operationName)
    return hasher.finalize()
  }

  private static func matches(_ operation: PreparedOperation, _ source: UnsafeBufferPointer<UInt8>) -> Bool {
    let known = operation.document.source
    guard known.count == source.count else { return false }
    let left = UnsafeRawBufferPointer(start: known.bytes, count: known.count)
    let right = UnsafeRawBufferPointer(source)
    // By words, for it happens once per request.
    var index = 0
    while index + 8 <= left.count {
      let word = left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      if word != right.loadUnaligned(fromByteOffset: index, as: UInt64.self) { return false }
      index += 8
    }
    return left[index...].elementsEqual(right[index...])
  }
}
