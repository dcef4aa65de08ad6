import GraphQLEngine
import Schema

/// Checks the access that the schema declares against the request's viewer.
public struct RoleAccess: AccessPolicy {
  public init() {}

  public func check(_ access: FieldAccess) -> FieldBinding.AccessCheck {
    switch access {
    case .public: { _ in }
    case .authenticated: { context in try RoleAccess.viewer(context).requireUser() }
    case .requires(let role, let scope):
      { context in
        let viewer = try RoleAccess.viewer(context)
        try viewer.requireScope(scope)
        guard viewer.role >= role else {
          throw ServiceError(
            .forbidden, "This needs the role \(role.rawValue); yours is \(viewer.role.rawValue).")
        }
      }
    }
  }

  private static func viewer(_ context: any RequestContext) throws -> Viewer {
    guard let context = context as? StudioContext else {
      throw WiringFault(description: "The context is not the Studio's.")
    }
    return try context.requireViewer()
  }
}
