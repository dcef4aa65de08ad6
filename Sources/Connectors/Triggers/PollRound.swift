import Flows

/// One poll of a trigger: what to ask next, and what the answers come to. A state machine without I/O:
///
///     while let call = round.call {
///       let output = … perform call …
///       try round.take(output, known: … those of round.keys(of: output) that were found before …)
///     }
///     round.finding
///
/// A walk through the pages may take several polls; the cursor moves when it is over, or, where the oldest
/// come first, as far as it went. So nothing is left out, and what comes twice is known by its key.
public struct PollRound: Sendable {
  /// Calls that one poll makes.
  public static let maximumCalls = 5
  /// Items that a walk through the pages of a service sees that tells neither an order nor a cursor: it takes
  /// several polls. Fewer than a trigger remembers, so that none is taken for new again.
  public static let maximumWalk = 5_000
  /// Items that one call asks for.
  static let itemsPerCall: Int64 = 100
  /// A key's characters; a longer one is cut and told apart by a number.
  static let maximumKey = 200

  /// Something that was found for the first time.
  public struct Item: Sendable, Equatable {
    public let key: String
    public let value: JSONValue
  }

  /// What a poll has come to.
  public struct Finding: Sendable, Equatable {
    /// What starts runs, the oldest first.
    public var items: [Item] = []
    /// Keys of what was there before the trigger, to be remembered.
    public var remembered: [String] = []
    /// Keys of all that was shown.
    public var shown: [String] = []
    public var progress: PollProgress
    /// Whether there is more to be had at once.
    public var hasMore = false
    /// Whether other polls show the rest of what the service has.
    public var isPart = false
  }

  private struct Entry {
    var key: String
    var cursor: JSONValue?
    var value: JSONValue
    var isKnown: Bool
  }

  private let trigger: PollTrigger
  private let operation: Operation
  private let settings: JSONValue
  private let before: PollProgress
  private let maximumItems: Int
  private var entries: [Entry] = []
  private var seen: Set<String> = []
  private var calls = 0
  private var nextPage: String?
  /// Whether what is behind is older than the cursor, or known.
  private var hasReachedThePast = false

  /// - Parameters:
  ///   - settings: what the flow's author chose, with defaults.
  ///   - startsAtBeginning: whether what is there already starts runs.
  /// - Returns: nil when the connector has no such trigger, or one that does not ask.
  public init?(
    _ key: String, of manifest: Manifest, settings: JSONValue, progress: PollProgress, limits: PollLimits
  ) {
    guard let trigger = manifest.trigger(key), case .poll(let poll) = trigger.kind,
      let operation = manifest.operation(poll.operation)
    else { return nil }
    self.trigger = poll
    self.operation = operation
    self.settings = settings
    maximumItems = limits.items
    var progress = progress
    if !progress.isPrimed, limits.startsAtBeginning { progress.isPrimed = true }
    if !progress.isPrimed, let start = poll.start {
      progress.cursor = start.value(of: limits.now)
      progress.isPrimed = true
    }
    before = progress
    nextPage = progress.page
  }

  /// The next call; nil when enough was asked.
  public var call: ConnectorCall? {
    guard calls == 0 || calls < callLimit && nextPage != nil && !hasReachedThePast else { return nil }
    var scope = ValueScope(["settings": settings])
    scope["cursor"] = before.cursor
    var input = trigger.input.value(in: scope)?.object ?? JSONObject()
    if input["limit"] == nil { input["limit"] = .integer(PollRound.itemsPerCall) }
    if let nextPage { input["cursor"] = .string(nextPage) }
    return ConnectorCall(operation: trigger.operation, input: .object(input))
  }

  /// The first poll of a trigger with a cursor needs no more than the newest.
  private var callLimit: Int {
    !before.isPrimed && trigger.cursor != nil ? 1 : PollRound.maximumCalls
  }

  // MARK: What was found

  /// The keys of an output's items.
  public func keys(of output: JSONValue) throws(ConnectorFailure) -> [String] {
    var keys: [String] = []
    for item in output["items"]?.array ?? [] { keys.append(try key(of: item)) }
    return keys
  }

  /// Takes an output in.
  public mutating func take(_ output: JSONValue, known: Set<String>) throws(ConnectorFailure) {
    calls += 1
    nextPage = output["next"]?.string
    let items = output["items"]?.array ?? []
    var fresh = 0
    for item in items {
      let key = try key(of: item)
      let isKnown = known.contains(key)
      if !isKnown { fresh += 1 }
      guard seen.insert(key).inserted else { continue }
      let cursor = trigger.cursor.flatMap { ValueScope(["item": item]).value(at: $0) }
      entries.append(
        Entry(key: key, cursor: cursor == .null ? nil : cursor, value: item, isKnown: isKnown))
    }
    guard trigger.order == .descending else { return }
    if trigger.cursor == nil {
      hasReachedThePast = fresh == 0
    } else if let last = entries.last?.cursor, let cursor = before.cursor {
      hasReachedThePast = CursorOrder.isLess(last, cursor)
    }
  }

  private func key(of item: JSONValue) throws(ConnectorFailure) -> String {
    let scope = ValueScope(["item": item])
    let parts = trigger.id.map { scope.value(at: $0).flatMap(Place.plainText) }
    guard let first = parts[0], !first.isEmpty else {
      let path = trigger.id[0].segments.joined(separator: ".")
      throw ConnectorFailure(.failed, "The service gave something without \(path), by which it is known.")
    }
    return PollRound.bounded(parts.map { $0 ?? "" }.joined(separator: "/"))
  }

  /// FNV-1a tells long keys apart whose beginnings are alike.
  private static func bounded(_ key: String) -> String {
    let key = String(key.unicodeScalars.map { $0 == "\0" ? " " : Character($0) })
    guard key.unicodeScalars.count > maximumKey else { return key }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return String(key.unicodeScalars.prefix(maximumKey).map(Character.init)) + "#" + String(hash, radix: 16)
  }

  public var finding: Finding {
    var finding = Finding(progress: before)
    finding.shown = entries.map(\.key)
    if trigger.order == .none, trigger.cursor == nil {
      walk(&finding)
      return finding
    }
    guard before.isPrimed else {
      finding.remembered = entries.filter { !$0.isKnown }.map(\.key)
      finding.progress = PollProgress()
      finding.progress.cursor = greatest
      finding.progress.isPrimed = true
      return finding
    }
    let new = newEntries
    let taken = new.prefix(maximumItems)
    finding.items = taken.map { Item(key: $0.key, value: $0.value) }
    let isComplete = taken.count == new.count
    let isOver = nextPage == nil || hasReachedThePast
    finding.hasMore = !isComplete || !isOver
    if trigger.order == .ascending {
      advance(&finding.progress, past: taken.last?.cursor, isComplete)
    } else if isComplete {
      finding.progress.page = isOver ? nil : nextPage
      finding.progress.highest = isOver ? nil : greatest
      if isOver { finding.progress.cursor = greatest }
    }
    return finding
  }

  /// Nothing tells where what is new stands: all pages are looked at, by as many polls as that takes, and
  /// what was not found before is new. A first walk, to its end, only remembers.
  private func walk(_ finding: inout Finding) {
    let new = entries.filter { !$0.isKnown }
    if before.isPrimed {
      finding.items = new.prefix(maximumItems).map { Item(key: $0.key, value: $0.value) }
    } else {
      finding.remembered = new.map(\.key)
    }
    let isComplete = !before.isPrimed || new.count <= maximumItems
    let walked = before.walked + entries.count
    let isOver = nextPage == nil || walked >= PollRound.maximumWalk
    finding.hasMore = !isComplete || !isOver
    // The same pages are asked for again where not all could be taken.
    guard isComplete else { return }
    finding.progress.page = isOver ? nil : nextPage
    finding.progress.walked = isOver ? 0 : walked
    finding.progress.isPrimed = before.isPrimed || isOver
    finding.isPart = !isOver || before.page != nil
  }

  /// The oldest come first, so that a poll begins anew behind what it has had; only where so much has one
  /// cursor that it does not move, the next page is asked for.
  private func advance(_ progress: inout PollProgress, past last: JSONValue?, _ isComplete: Bool) {
    guard isComplete else {
      if let last { progress.cursor = last }
      if progress.cursor != before.cursor { progress.page = nil }
      return
    }
    progress.cursor = greatest
    progress.page = progress.cursor == before.cursor ? nextPage : nil
  }

  /// Of all cursors so far.
  private var greatest: JSONValue? {
    CursorOrder.greatest(entries.compactMap(\.cursor) + [before.cursor, before.highest].compactMap { $0 })
  }

  /// What was not found before and is not older than the cursor, the oldest first.
  private var newEntries: [Entry] {
    let new = entries.filter { entry in
      guard !entry.isKnown else { return false }
      guard let cursor = entry.cursor, let start = before.cursor else { return true }
      return !CursorOrder.isLess(cursor, start)
    }
    let ordered = trigger.order == .descending ? new.reversed() : new
    guard trigger.cursor != nil else { return ordered }
    // The order of what has one cursor stays.
    return ordered.enumerated().sorted { left, right in
      guard let one = left.element.cursor, let other = right.element.cursor else {
        return left.offset < right.offset
      }
      if CursorOrder.isLess(one, other) { return true }
      return CursorOrder.isLess(other, one) ? false : left.offset < right.offset
    }.map(\.element)
  }
}

/// What bounds a poll.
public struct PollLimits: Sendable {
  /// Runs that it starts.
  public var items: Int
  public var startsAtBeginning: Bool
  public var now: Instant

  public init(items: Int, startsAtBeginning: Bool, now: Instant) {
    self.items = items
    self.startsAtBeginning = startsAtBeginning
    self.now = now
  }
}

extension PollTrigger {
  /// The names of the operation's inputs that it gives.
  var inputNames: [String] {
    if case .object(let members) = input { members.map(\.key) } else { [] }
  }
}

extension PollTrigger.Start {
  func value(of now: Instant) -> JSONValue {
    switch self {
    case .dateTime: .string(String(now.description.prefix(19)) + "Z")
    case .epochSeconds: .integer(now.microseconds / 1_000_000)
    case .epochMilliseconds: .integer(now.microseconds / 1000)
    }
  }
}
