import GraphQLEngine

/// Who may use a root field, as the schema's directives declare it.
public enum FieldAccess: Hashable, Sendable {
  /// `@public`
  case `public`
  /// `@authenticated`
  case authenticated
  /// `@requires(role:scope:)`; without a scope no API key is enough.
  case requires(Role, scope: ApiKeyScope?)
}

/// Turns declared access into checks of a request's context.
public protocol AccessPolicy: Sendable {
  /// - Parameter field: the field's schema coordinate, `Mutation.createFlow`.
  func check(_ access: FieldAccess, of field: String) -> FieldBinding.AccessCheck
}

/// Binds every field of the schema; `SchemaResolvers` is the only one.
public protocol SchemaWiring: Sendable {
  /// Everything bound, each root field behind the access check that the schema declares.
  func wiring(_ policy: some AccessPolicy) -> Wiring
}

extension Role: Comparable {
  /// The greater role may do more: `viewer < operator < editor < admin < owner`.
  public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .viewer: 0
    case .operator: 1
    case .editor: 2
    case .admin: 3
    case .owner: 4
    }
  }
}
