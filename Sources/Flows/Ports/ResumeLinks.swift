/// Makes the addresses at which a waiting node is resumed from outside: unguessable, and the same whenever it
/// is asked.
public protocol ResumeLinks: Sendable {
  func url(for address: NodeAddress, of run: RunReference) -> String
}

/// Of a worker to which nothing comes from outside.
public struct NoResumeLinks: ResumeLinks {
  public init() {}
  public func url(for address: NodeAddress, of run: RunReference) -> String { "" }
}
