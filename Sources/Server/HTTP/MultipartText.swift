/// The parts of `multipart/mixed` (RFC 2046 § 5.1) as GraphQL clients read them: one payload each.
///
/// The boundary that ends a part is sent with it: clients (Apollo's too) have read a part when they have read
/// that, and the next one may come an hour later.
enum MultipartText: Sendable {
  /// Incremental delivery over HTTP.
  case incremental
  /// Apollo's multipart subscription protocol.
  case subscription

  var boundary: String {
    switch self {
    case .incremental: "-"
    case .subscription: "graphql"
    }
  }

  /// What stands before the first part.
  var opening: [UInt8] { Array("--\(boundary)".utf8) }

  /// A part and the boundary behind it.
  func part(_ payload: [UInt8]) -> [UInt8] {
    Array("\r\nContent-Type: application/json; charset=utf-8\r\n\r\n".utf8) + payload
      + Array("\r\n--\(boundary)".utf8)
  }

  /// What makes the boundary before it the last.
  static let end = Array("--\r\n".utf8)

  /// What ends an incremental response whose time is up: errors, and that nothing else comes.
  static func last(_ errors: [UInt8]) -> [UInt8] {
    Array(#"{"errors":"#.utf8) + errors + Array(#","hasNext":false}"#.utf8)
  }
}
