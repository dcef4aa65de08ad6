/// How one field of one type gets its values.
///
/// Resident fields (`leaf`, `cell`, `object`, `list`, `derived`, `same`, `member`) are read from the parent's
/// row in the output pass. A `batch` is called once per level for all parents, a `loader` once per level for
/// the keys of all fields that use it, `items` once per level for lists whose items arrive one after the
/// other, and a `stream` is the source of a subscription.
public struct FieldBinding: Sendable {
  /// Checks the request's right to a field, once per field and execution; what it throws is the field's
  /// error.
  public typealias AccessCheck = @Sendable (any RequestContext) throws -> Void

  /// Resolves one field for all parents of a level.
  public typealias BatchFunction = @Sendable (FieldCall) throws -> Resolution

  /// Starts the source stream of a subscription (§ 6.2.3.1). Each event is a column with one value: that of
  /// the root field.
  public typealias StreamFunction = @Sendable (FieldCall) async throws -> EventStream

  /// The events of a subscription's source. Ending the iteration, or cancelling its task, ends the source.
  public typealias EventStream = any AsyncSequence<Column, any Error> & Sendable

  /// Starts a source stream of root values: each is the one row of the root object while its event is
  /// executed.
  public typealias RootsFunction = @Sendable (FieldCall) async throws -> RootStream

  /// The root values of a subscription's source; it ends as an `EventStream` does.
  public typealias RootStream = any AsyncSequence<Rows, any Error> & Sendable

  /// Starts the lists of all parents of a level, in their order; nil is a null list.
  public typealias ItemsFunction = @Sendable (FieldCall) async throws -> [ItemStream?]

  /// The items of one list: each element is a column of one or more items that arrived together. Ending the
  /// iteration, or cancelling its task, ends the source.
  public typealias ItemStream = any AsyncSequence<Column, any Error> & Sendable

  enum Kind: Sendable {
    case leaf(LeafWriter)
    case cell
    case child(ChildReader)
    case same
    case member
    case batch(BatchFunction)
    case loader(LoaderBinding)
    case stream(StreamFunction)
    case roots(RootsFunction, BatchFunction)
    case items(ItemsFunction)
  }

  let kind: Kind
  var accessCheck: AccessCheck?
  /// The object type of `same(as:)`.
  var sameType: String?

  init(_ kind: Kind) { self.kind = kind }

  /// Whether the value comes from a batch, a loader or a stream.
  var isFetched: Bool {
    switch kind {
    case .batch, .loader, .stream, .roots, .items: true
    default: false
    }
  }

  /// A leaf of a Swift row, written by a static function. In rows of a table the layout's column is taken
  /// instead.
  @inlinable
  public static func leaf<Field: LeafField>(_ field: Field.Type) -> FieldBinding {
    FieldBinding(leaf: LeafWriter(Field.self))
  }

  /// An object that lies at a stable address.
  @inlinable
  public static func object<Field: ObjectField>(_ field: Field.Type) -> FieldBinding {
    FieldBinding(child: .object(Field.self))
  }

  /// A list of objects that lies at a stable address.
  @inlinable
  public static func list<Field: ListField>(_ field: Field.Type) -> FieldBinding {
    FieldBinding(child: .list(Field.self))
  }

  /// An object or list of objects computed from the row and the arguments.
  @inlinable
  public static func derived<Field: DerivedField>(_ field: Field.Type) -> FieldBinding {
    FieldBinding(child: .derived(Field.self))
  }

  @usableFromInline
  init(leaf: LeafWriter) { self.init(.leaf(leaf)) }

  @usableFromInline
  init(child: ChildReader) { self.init(.child(child)) }

  /// A leaf of a table's row: column and format come from the rows' `TableLayout`.
  public static let cell = FieldBinding(.cell)

  /// An object that is the parent's own row seen as another type: an edge's node, a payload's subject.
  public static let same = FieldBinding(.same)

  /// The parent's own row seen as an object of this type, where the field's type is an interface or union
  /// and the rows do not tell, such as those of a table.
  public static func same(as type: String) -> FieldBinding {
    var binding = FieldBinding(.same)
    binding.sameType = type
    return binding
  }

  /// A member of a JSON object, the default resolver over dynamic rows: leaves, objects and lists alike.
  public static let member = FieldBinding(.member)

  /// A function that is called once per level for all parents.
  public static func batch(_ resolve: @escaping BatchFunction) -> FieldBinding {
    FieldBinding(.batch(resolve))
  }

  /// An async function that is called once per level for all parents, as one task.
  public static func asyncBatch(
    _ resolve: @escaping @Sendable (FieldCall) async throws -> Column
  ) -> FieldBinding {
    FieldBinding(.batch { call in .async(on: call.context.taskExecutor) { try await resolve(call) } })
  }

  /// An object, a leaf, or a list of them by key. The keys of a level's fields are loaded together, each key
  /// once per request.
  /// `keys` gives the key of each parent, nil for null.
  @inlinable
  public static func loader<Key: Hashable & Sendable>(
    _ loader: Loader<Key>, keys: @escaping @Sendable (FieldCall) throws -> [Key?]
  ) -> FieldBinding {
    binding(loader, known: nil) { call in DistinctKeys(try keys(call)) }
  }

  /// As above, where the objects may be known without loading them.
  ///
  /// `known` gives one row for each parent: the parents' own rows, where these tell all that is selected of
  /// the objects, their ids for instance. Nil where they must be loaded.
  @inlinable
  public static func loader<Key: Hashable & Sendable>(
    _ loader: Loader<Key>, known: @escaping @Sendable (FieldCall) throws -> Rows?,
    keys: @escaping @Sendable (FieldCall) throws -> [Key?]
  ) -> FieldBinding {
    binding(loader, known: known) { call in DistinctKeys(try keys(call)) }
  }

  @usableFromInline
  static func binding<Key: Hashable & Sendable>(
    _ loader: Loader<Key>, known: (@Sendable (FieldCall) throws -> Rows?)?,
    keys: @escaping @Sendable (FieldCall) throws -> DistinctKeys<Key>
  ) -> FieldBinding {
    FieldBinding(.loader(LoaderBindingOf(loader: loader, known: known, keys: keys)))
  }

  /// The source of a subscription's root field, whose resolver then has nothing to do: each event is its
  /// value.
  public static func stream(_ start: @escaping StreamFunction) -> FieldBinding {
    FieldBinding(.stream(start))
  }

  /// The source of a subscription's root field as a stream of root values (§ 6.2.3.2): for each of them
  /// `resolve` is called like a batch with the value as its only parent.
  public static func stream(
    ofRoots start: @escaping RootsFunction, resolve: @escaping BatchFunction
  ) -> FieldBinding {
    FieldBinding(.roots(start, resolve))
  }

  /// A list of objects or leaves that comes from an asynchronous sequence (§ 6.4.3), one sequence for each
  /// parent. Under `@stream` the items are delivered as they arrive; else they are collected, up to
  /// `EngineLimits.sequenceItems`.
  public static func items(_ start: @escaping ItemsFunction) -> FieldBinding {
    FieldBinding(.items(start))
  }

  /// The same binding behind an access check. Checks add up; the one added last runs first.
  public func access(_ check: @escaping AccessCheck) -> FieldBinding {
    var result = self
    if let inner = accessCheck {
      result.accessCheck = { context in
        try check(context)
        try inner(context)
      }
    } else {
      result.accessCheck = check
    }
    return result
  }
}
