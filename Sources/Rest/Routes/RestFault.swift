/// Why the files of `rest/` cannot be served: which file, where, and what is wrong. The server does not start
/// then.
public struct RestFault: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
