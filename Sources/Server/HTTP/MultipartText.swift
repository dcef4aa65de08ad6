/// The parts of `multipart/mixed` (RFC 2046 § 5.1) as GraphQL clients read them: one payload each, with a
/// boundary of one hyphen.
enum MultipartText {
  static let boundary = "-"

  /// A part. What stands behind it is the line break that belongs to the next boundary, so that a client has
  /// the whole part at once.
  static func part(_ payload: [UInt8], isFirst: Bool) -> [UInt8] {
    Array((isFirst ? "---\r\n" : "\r\n---\r\n").utf8)
      + Array("Content-Type: application/json; charset=utf-8\r\n\r\n".utf8) + payload
  }

  static let end = Array("\r\n-----\r\n".utf8)

  /// What ends a response whose time is up: errors, and that nothing else comes.
  static func last(_ errors: [UInt8]) -> [UInt8] {
    Array(#"{"errors":"#.utf8) + errors + Array(#","hasNext":false}"#.utf8)
  }
}
