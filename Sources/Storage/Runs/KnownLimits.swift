import Flows
import Synchronization

/// Which flows, integrations and organizations have a limit, as far as this process has read: claims read it
/// for their organizations, heartbeats for those of the runs that are held. So calls of what has no limit ask
/// nobody. The mutex protects it.
final class KnownLimits: Sendable {
  /// Organizations that are remembered; all are forgotten beyond, and read again with the next claims.
  private static let maximumOrganizations = 10_000

  private let scopes = Mutex<[Identifier: Set<Identifier>]>([:])

  func learn(_ limited: Set<Identifier>, of organization: Identifier) {
    scopes.withLock { scopes in
      guard !limited.isEmpty else { return scopes[organization] = nil }
      if scopes.count >= KnownLimits.maximumOrganizations { scopes = [:] }
      scopes[organization] = limited
    }
  }

  func isLimited(_ scope: Identifier, in organization: Identifier) -> Bool {
    scopes.withLock { $0[organization]?.contains(scope) ?? false }
  }
}
