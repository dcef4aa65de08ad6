import Synchronization

/// One call of a batch resolver: a field, once per level, for all its parents.
public struct FieldCall: Sendable {
  /// The type system that is executed.
  public let schema: Schema
  /// The field that is resolved.
  public let field: FieldID
  /// The coerced arguments, the same for all parents.
  public let arguments: Arguments
  /// The objects of the level, in order.
  public let parents: Parents
  /// What is selected below the field.
  public let selection: FieldSelection
  /// The context of the request.
  public let context: any RequestContext
  /// The request's `extensions` (§ 6.1); empty when it has none.
  public let extensions: InputObject
  /// The directives that the client put at the field and at the operation.
  public let directives: AppliedDirectives
  @usableFromInline let memoSlot: MemoSlot

  /// The request's context with its own type. Throws when it has another one, a fault of the composition.
  public func context<Context: RequestContext>(as type: Context.Type) throws -> Context {
    guard let typed = context as? Context else {
      throw ContextMismatch(expected: String(describing: type))
    }
    return typed
  }

  /// A value that is built once per field of a cached plan, such as the statement's text and layout.
  ///
  /// It may depend on `schema`, `field`, `selection` and constant facts, never on arguments, parents or
  /// context. Two threads may build it at the same time; the first one stays.
  @inlinable
  public func memo<Value: Sendable>(_ build: () throws -> Value) rethrows -> Value {
    try memoSlot.value(build)
  }
}

/// The context is not of the type that a resolver asks for.
public struct ContextMismatch: Error, Sendable {
  /// The name of the Swift type that was asked for.
  public var expected: String
}

/// The place of a memoised value on a plan's field. Inlinable, so that the box's type is known where it is
/// asked for and not looked up for each call.
@usableFromInline
final class MemoSlot: Sendable {
  @usableFromInline let box = Mutex<MemoBox?>(nil)

  init() {}

  @inlinable
  func value<Value: Sendable>(_ build: () throws -> Value) rethrows -> Value {
    if let known = box.withLock({ $0 }) as? MemoBoxOf<Value> { return known.value }
    let made = MemoBoxOf(try build())
    let kept = box.withLock { current -> MemoBox? in
      if current is MemoBoxOf<Value> { return current }
      current = made
      return nil
    }
    return (kept as? MemoBoxOf<Value>)?.value ?? made.value
  }
}

@usableFromInline
class MemoBox: @unchecked Sendable {
  // @unchecked: immutable.
  @usableFromInline init() {}
}

@usableFromInline
final class MemoBoxOf<Value: Sendable>: MemoBox, @unchecked Sendable {
  // @unchecked: immutable.
  @usableFromInline let value: Value

  @usableFromInline
  init(_ value: Value) {
    self.value = value
    super.init()
  }
}
