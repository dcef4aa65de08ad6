/// Which statements one connection has prepared, and under which names; the least recently used one goes when
/// the bound is reached. A value inside the connection's state machine.
///
/// A name on the server is used once (`s1`, `s2`, …), so a statement that could not be removed there never
/// stands in the way of its successor.
struct StatementCache {
  private struct Entry {
    let serverName: String
    var lastUse: UInt64
  }

  /// What has to be sent before the execution.
  enum Use: Equatable {
    /// Nothing: the statement is there, or on its way.
    case prepared(String)
    /// A Parse under this name.
    case unprepared(String)
  }

  private let limit: Int
  private var entries: [Statement: Entry] = [:]
  private var uses: UInt64 = 0
  private var names: UInt64 = 0
  /// Names to be removed on the server when it suits.
  private(set) var discardedNames: [String] = []

  init(limit: Int) { self.limit = max(1, limit) }

  /// Notes a use; makes room for a statement that is new here.
  mutating func use(_ statement: Statement) -> Use {
    uses += 1
    if let index = entries.index(forKey: statement) {
      entries.values[index].lastUse = uses
      return .prepared(entries.values[index].serverName)
    }
    if entries.count >= limit, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
      entries[oldest.key] = nil
      discardedNames.append(oldest.value.serverName)
    }
    names += 1
    let name = "s\(names)"
    entries[statement] = Entry(serverName: name, lastUse: uses)
    return .unprepared(name)
  }

  /// Forgets a statement, unless it has been prepared under another name since.
  /// - Parameter isOnServer: whether its name still has to be removed there.
  mutating func forget(_ statement: Statement, named name: String, isOnServer: Bool) {
    guard entries[statement]?.serverName == name else { return }
    entries[statement] = nil
    if isOnServer { discardedNames.append(name) }
  }

  /// Takes the names that are to be removed on the server.
  mutating func takeDiscardedNames() -> [String] {
    defer { discardedNames = [] }
    return discardedNames
  }
}
