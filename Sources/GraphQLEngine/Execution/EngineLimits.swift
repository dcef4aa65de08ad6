/// The bounds that the engine keeps by itself. All are on by default; a request that breaks one gets an error
/// that names it.
public struct EngineLimits: Sendable, Hashable {
  /// Lexical tokens of a request's document.
  public var tokens = 15_000
  /// Nesting of a document's selections and values, and of the plan behind its fragments.
  public var depth = 200
  /// Fields of a plan, after fragments are spread and fields are merged.
  public var fields = 10_000
  /// Errors in one response.
  public var errors = 100
  /// Bytes of one response.
  public var responseBytes = 64 << 20
  /// Deferred fragments and streams of one operation that are open at the same time.
  public var openDeliveries = 10_000
  /// Batches of deferred fragments and streams that are executed at the same time; further ones wait.
  public var concurrentDeliveries = 16
  /// Payloads of one incremental response behind the initial one.
  public var payloads = 10_000
  /// Items of one list that comes from an asynchronous sequence and is not streamed.
  public var sequenceItems = 10_000
  /// Bytes of all cached documents and plans.
  public var planCacheBytes = 64 << 20
  /// Leaves "Did you mean …" out of messages, which would tell names of the schema.
  public var hidesSuggestions = false
  /// Whether `{ }` is a selection set, as in the edition of September 2026 (§ 2.5); false makes it a syntax
  /// error, as in the editions before.
  public var allowsEmptySelectionSets = true
  /// What the validation of one document may cost.
  public var validation = ValidationLimits()

  public init() {}
}
