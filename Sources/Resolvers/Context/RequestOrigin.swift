/// Where a request comes from, for the audit log and the answers' `X-Request-Id`.
public struct RequestOrigin: Sendable, Equatable {
  /// Of the request that the current task works on.
  @TaskLocal public static var current = RequestOrigin()

  /// The client's address.
  public var address: String?
  public var userAgent: String?
  public var requestID: String?

  public init(address: String? = nil, userAgent: String? = nil, requestID: String? = nil) {
    self.address = address
    self.userAgent = userAgent
    self.requestID = requestID
  }
}
