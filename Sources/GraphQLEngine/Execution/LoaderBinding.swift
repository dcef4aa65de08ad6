/// A loader without its key type.
class LoaderBinding: @unchecked Sendable {
  // @unchecked: immutable.

  /// Gives the objects, one for each parent, where they are known and nothing must be loaded.
  typealias KnownRows = @Sendable (FieldCall) throws -> Rows?

  /// The loader's identity: fields with the same one share their keys.
  let identity: ObjectIdentifier
  let known: KnownRows?

  init(identity: ObjectIdentifier, known: KnownRows?) {
    self.identity = identity
    self.known = known
  }

  /// The loader's state in one execution. The call's selection and memo slot serve all its loads.
  func makeState(_ call: FieldCall) -> LoaderState { LoaderState() }
}

/// What a loader has loaded in one execution, and who waits for it. Owned by the execution.
class LoaderState {
  var isWaiting: Bool { false }
  var hasNewKeys: Bool { false }
  var isLoading: Bool { false }
  /// The fields that wait, and how many keys will be loaded: for a tracer.
  var waitingFields: [PlanField] { [] }
  var newKeyCount: Int { 0 }

  /// Notes the keys of a field's parents.
  func collect(_ call: FieldCall, _ binding: LoaderBinding, _ frame: Frame, _ field: PlanField) throws {}

  /// Loads the new keys.
  func load() throws -> Resolution { .ready(.nulls(0)) }

  /// Takes in what the last load brought.
  func accept(_ result: Result<Column, any Error>) {}

  /// The columns of those who waited.
  func takeColumns() -> [(Frame, PlanField, Column)] { [] }
}

final class LoaderBindingOf<Key: Hashable & Sendable>: LoaderBinding, @unchecked Sendable {
  // @unchecked: see LoaderBinding.
  let loader: Loader<Key>
  let keys: @Sendable (FieldCall) throws -> DistinctKeys<Key>

  init(
    loader: Loader<Key>, known: KnownRows?,
    keys: @escaping @Sendable (FieldCall) throws -> DistinctKeys<Key>
  ) {
    self.loader = loader
    self.keys = keys
    super.init(identity: ObjectIdentifier(loader), known: known)
  }

  override func makeState(_ call: FieldCall) -> LoaderState { LoaderStateOf(loader: loader, call: call) }
}

private final class LoaderStateOf<Key: Hashable & Sendable>: LoaderState {
  private struct Waiter {
    var frame: Frame
    var field: PlanField
    /// By parent; nil is null.
    var entries: [Int?]
  }

  private let loader: Loader<Key>
  private let call: FieldCall
  /// The keys in the order of their first appearance: that is an entry's number.
  private var known: [Key] = []
  /// The entry of each key; empty until a second field asks.
  private var entries: [Key: Int] = [:]
  private var newKeys: [Key] = []
  private var loadingCount: Int?
  private var loaded = LoadedValues()
  private var waiters: [Waiter] = []

  init(loader: Loader<Key>, call: FieldCall) {
    self.loader = loader
    self.call = call
  }

  override var isWaiting: Bool { !waiters.isEmpty }
  override var hasNewKeys: Bool { !newKeys.isEmpty }
  override var isLoading: Bool { loadingCount != nil }
  override var waitingFields: [PlanField] { waiters.map(\.field) }
  override var newKeyCount: Int { newKeys.count }

  override func collect(
    _ call: FieldCall, _ binding: LoaderBinding, _ frame: Frame, _ field: PlanField
  ) throws {
    guard let binding = binding as? LoaderBindingOf<Key> else { return }
    let keys = try binding.keys(call)
    guard keys.places.count == call.parents.count else {
      throw ColumnMismatch(problem: "\(keys.places.count) keys for \(call.parents.count) parents")
    }
    let numbers = numbers(of: keys.distinct)
    let wanted: [Int?] = keys.places.map { place in
      if place < 0 { return nil }
      return if let numbers { numbers[place] } else { place }
    }
    waiters.append(Waiter(frame: frame, field: field, entries: wanted))
  }

  /// The entries of some keys; nil where they are the first, so that their places are their entries.
  private func numbers(of keys: [Key]) -> [Int]? {
    if known.isEmpty {
      known = keys
      newKeys = keys
      return nil
    }
    if entries.isEmpty {
      for (number, key) in known.enumerated() { entries[key] = number }
    }
    return keys.map(entry)
  }

  private func entry(of key: Key) -> Int {
    if let known = entries[key] { return known }
    let made = known.count
    known.append(key)
    entries[key] = made
    newKeys.append(key)
    return made
  }

  override func load() throws -> Resolution {
    let keys = newKeys
    newKeys = []
    loadingCount = keys.count
    return try loader.load(
      LoaderCall(
        schema: call.schema, keys: keys, selection: call.selection, context: call.context,
        extensions: call.extensions, memoSlot: call.memoSlot))
  }

  override func accept(_ result: Result<Column, any Error>) {
    let count = loadingCount ?? 0
    loadingCount = nil
    do {
      try loaded.append(try result.get(), count: count)
    } catch {
      loaded.append(failure: error, count: count)
    }
  }

  override func takeColumns() -> [(Frame, PlanField, Column)] {
    let taken = waiters
    waiters = []
    return taken.map { ($0.frame, $0.field, loaded.column(of: $0.entries)) }
  }
}

/// The keys of a field's parents, each once. Made where the keys' type is known, since looking them up
/// through a generic type would cost several times as much.
@usableFromInline
struct DistinctKeys<Key: Hashable & Sendable>: Sendable {
  @usableFromInline var distinct: [Key] = []
  /// By parent: which of the keys; -1 for none.
  @usableFromInline var places: [Int] = []

  @inlinable
  init(_ keys: [Key?]) {
    var known: [Key: Int] = [:]
    places.reserveCapacity(keys.count)
    for key in keys {
      guard let key else {
        places.append(-1)
        continue
      }
      if let place = known[key] {
        places.append(place)
      } else {
        known[key] = distinct.count
        places.append(distinct.count)
        distinct.append(key)
      }
    }
  }
}
