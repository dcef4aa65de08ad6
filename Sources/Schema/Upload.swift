import GraphQLEngine

/// A value of the scalar `Upload`: names a file of the request. Only what the form of a multipart request has
/// put into its variables names one.
public struct Upload: InputDecodable {
  /// Begins every name, so that a text that a client wrote is refused by its form already.
  static let prefix = "\u{1}upload:"

  /// The name under which the request keeps the file.
  public let token: String

  public init(token: String) { self.token = token }

  public init(input: InputValue) throws(InputMismatch) {
    guard case .string(let text) = input, text.hasPrefix(Upload.prefix) else {
      throw InputMismatch(expected: "Upload")
    }
    token = String(text.dropFirst(Upload.prefix.count))
  }

  /// What stands in the variables.
  public var input: InputValue { .string(Upload.prefix + token) }
}
