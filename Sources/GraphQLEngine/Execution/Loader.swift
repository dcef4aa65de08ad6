/// Loads values by key for any number of fields: objects, leaves, or lists of them. Keys are collected over a
/// level, so that there is one call for each level and set of selected fields, and a key is loaded once per
/// request.
public final class Loader<Key: Hashable & Sendable>: Sendable {
  /// Gives one value for each key, in their order; with `Column.lists(counts:)` one list for each.
  public typealias LoadFunction = @Sendable (LoaderCall<Key>) throws -> Resolution

  let load: LoadFunction

  public init(_ load: @escaping LoadFunction) { self.load = load }
}

/// One call of a loader.
public struct LoaderCall<Key: Hashable & Sendable>: Sendable {
  /// The type system that is executed.
  public let schema: Schema
  /// Distinct keys that were not loaded before in this request.
  public let keys: [Key]
  /// What is selected of the objects.
  public let selection: FieldSelection
  /// The context of the request.
  public let context: any RequestContext
  /// As `FieldCall.extensions`.
  public let extensions: InputObject
  @usableFromInline let memoSlot: MemoSlot

  /// As `FieldCall.memo`.
  @inlinable
  public func memo<Value: Sendable>(_ build: () throws -> Value) rethrows -> Value {
    try memoSlot.value(build)
  }
}
