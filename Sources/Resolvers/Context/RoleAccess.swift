import GraphQLEngine
import Schema

/// Checks the access that the schema declares against the request's viewer; mutations that it refuses to
/// somebody are in the audit log.
public struct RoleAccess: AccessPolicy {
  public init() {}

  public func check(_ access: FieldAccess, of field: String) -> FieldBinding.AccessCheck {
    let check = check(access)
    guard field.hasPrefix(RoleAccess.mutations) else { return check }
    let action = String(field.dropFirst(RoleAccess.mutations.count))
    return { context in
      do {
        try check(context)
      } catch let error as ServiceError where error.code == .forbidden {
        (context as? StudioContext)?.auditRefusal(of: action)
        throw error
      }
    }
  }

  private static let mutations = "Mutation."

  private func check(_ access: FieldAccess) -> FieldBinding.AccessCheck {
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
