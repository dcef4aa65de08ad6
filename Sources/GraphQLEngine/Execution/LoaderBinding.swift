/// A loader without its key type.
class LoaderBinding: @unchecked Sendable {
  // @unchecked: immutable.

  /// The loader's identity: fields with the same one share their keys.
  let identity: ObjectIdentifier

  init(identity: ObjectIdentifier) { self.identity = identity }

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
  let keys: @Sendable (FieldCall) throws -> [Key?]

  init(loader: Loader<Key>, keys: @escaping @Sendable (FieldCall) throws -> [Key?]) {
    self.loader = loader
    self.keys = keys
    super.init(identity: ObjectIdentifier(loader))
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
  /// The entry of each key; entries are numbered in the order of their first appearance.
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
    guard keys.count == call.parents.count else {
      throw ColumnMismatch(problem: "\(keys.count) keys for \(call.parents.count) parents")
    }
    let wanted = keys.map { key in key.map(entry) }
    waiters.append(Waiter(frame: frame, field: field, entries: wanted))
  }

  private func entry(of key: Key) -> Int {
    if let known = entries[key] { return known }
    let made = entries.count
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
