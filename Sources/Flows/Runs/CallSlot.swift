/// The right of one call to go on: one of the slots that its integration has, where that has a limit.
///
/// A node has at most one call under way in each iteration, so that its address names the call.
public struct CallSlot: Sendable, Hashable {
  public let address: NodeAddress
  public let integrationID: Identifier

  public init(_ address: NodeAddress, of integrationID: Identifier) {
    self.address = address
    self.integrationID = integrationID
  }
}
