import GraphQLEngine

/// A value of the scalar `Upload`: names a file of the request. Only what the form of a multipart request has
/// put into its variables names one.
public struct Upload: InputDecodable {
  /// Begins every name, which is none that a document could have.
  static let prefix = "\u{1}upload:"

  /// The name under which the request keeps the file.
  public let token: String

  public init(token: String) { self.token = token }

  public init(input: InputValue) throws(InputMismatch) {
    guard case .enumValue(let text) = input, text.hasPrefix(Upload.prefix) else {
      throw InputMismatch(expected: "Upload")
    }
    token = String(text.dropFirst(Upload.prefix.count))
  }

  /// What stands in the variables: no text, so that no other scalar takes a file for one.
  public var input: InputValue { .enumValue(Upload.prefix + token) }
}
