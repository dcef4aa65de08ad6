/// Collects what binds a schema to Swift: a binding for every field, coercions of custom scalars, resolvers
/// of abstract types. Generated code and hand-written servers fill it; `ExecutableSchema` checks it.
public struct Wiring: Sendable {
  /// A type and field by name.
  struct Coordinate: Hashable, Sendable {
    var type: String
    var field: String
  }

  var fields: [Coordinate: FieldBinding] = [:]
  var fieldsByID: [FieldID: FieldBinding] = [:]
  var scalars: [String: ScalarCoercion] = [:]
  var typeResolvers: [TypeResolver] = []
  var directives: [String: DirectiveCheck] = [:]

  /// Looks at one application of a directive at a field before the field is resolved or written, once per
  /// execution; what it throws is the field's error.
  public typealias DirectiveCheck = @Sendable (Arguments, any RequestContext) throws -> Void

  /// The `extensions` of the engine's own errors while it executes: that an argument or the condition of a
  /// directive has no value of its type, of which validation knows nothing.
  public var inputErrorExtensions: [ErrorExtension] = []

  /// The `extensions` of its errors about a response that is too large.
  public var sizeErrorExtensions: [ErrorExtension] = []

  /// The `extensions` of its errors about a null where none may be.
  public var nullErrorExtensions: [ErrorExtension] = []

  /// The binding of all fields that have none of their own; `.member` makes a schema dynamic.
  public var defaultBinding: FieldBinding?

  public init() {}

  /// Binds `type.field`. A later binding of the same field wins.
  public mutating func bind(_ type: String, _ field: String, _ binding: FieldBinding) {
    fields[Coordinate(type: type, field: field)] = binding
  }

  /// Binds a field by its id; the meta fields of introspection have no coordinate.
  public mutating func bind(_ field: FieldID, _ binding: FieldBinding) { fieldsByID[field] = binding }

  /// Says how a custom scalar is coerced. Without it the scalar takes and gives any value.
  public mutating func scalar(_ name: String, _ coercion: ScalarCoercion) { scalars[name] = coercion }

  /// Says what a directive of the schema checks wherever a client puts it at a field, however the field is
  /// bound; at `__typename` it is ignored. A directive that changes values is read by resolvers, through
  /// `FieldCall.directives`.
  public mutating func directive(_ name: String, _ check: @escaping DirectiveCheck) {
    directives[name] = check
  }

  /// Says which object type a Swift row of an interface or union has. Rows that carry their type need none.
  public mutating func resolveType<Row: Sendable>(
    _ abstractType: String, of row: Row.Type, _ resolve: @escaping @Sendable (UnsafePointer<Row>) -> String
  ) {
    typeResolvers.append(
      TypeResolver(abstractType: abstractType, rowType: ObjectIdentifier(row)) { pointer in
        resolve(pointer.assumingMemoryBound(to: Row.self))
      })
  }
}

/// The concrete type of rows of one Swift type.
struct TypeResolver: Sendable {
  let abstractType: String
  let rowType: ObjectIdentifier
  let resolve: @Sendable (UnsafeRawPointer) -> String
}

/// The coercion of a custom scalar (§ 3.5). What it throws is shown to the client with the value's place.
public struct ScalarCoercion: Sendable {
  /// A conversion of one value; it throws what the client is told.
  public typealias Function = @Sendable (InputValue) throws(ScalarError) -> InputValue

  /// Literals and variables to what resolvers get.
  public var input: Function

  /// Members of dynamic rows to what is written.
  public var output: Function

  public init(
    input: @escaping Function,
    output: @escaping Function = { (value: InputValue) throws(ScalarError) in value }
  ) {
    self.input = input
    self.output = output
  }
}

/// A value that a scalar does not accept.
public struct ScalarError: Error, Sendable, Hashable {
  /// What the client is told.
  public var message: String

  public init(_ message: String) { self.message = message }
}
