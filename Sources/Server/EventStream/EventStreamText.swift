/// Events as a browser's `EventSource` reads them (HTML standard § 9.2), named as the protocol GraphQL over
/// Server-Sent Events has them.
enum EventStreamText {
  /// A comment: it keeps the connection alive and makes proxies send the head.
  static let keepAlive = Array(":\n\n".utf8)

  /// A result. In a stream of many operations it is wrapped together with its operation's id.
  static func next(_ result: [UInt8], operation: String?, eventID: String?) -> [UInt8] {
    var text = Array("event: next\n".utf8)
    // § 9.2.6: an id with a NUL is ignored; ours are cursors, without line ends.
    if let eventID { text += Array("id: ".utf8) + Array(eventID.utf8) + [0x0A] }
    guard let operation else { return text + data(result) }
    let id = Array(#"{"id":"#.utf8) + JSONText.bytes(.string(operation))
    return text + data(id + Array(#","payload":"#.utf8) + result + Array("}".utf8))
  }

  /// An id without data: nothing is told of it, but it is what an `EventSource` comes back with.
  static func place(_ eventID: String) -> [UInt8] { Array("id: ".utf8) + Array(eventID.utf8) + [0x0A, 0x0A] }

  /// The end of an operation. Without data an `EventSource` would not tell of it.
  static func complete(operation: String?) -> [UInt8] {
    let text = Array("event: complete\n".utf8)
    guard let operation else { return text + Array("data: \n\n".utf8) }
    return text + data(Array(#"{"id":"#.utf8) + JSONText.bytes(.string(operation)) + Array("}".utf8))
  }

  /// JSON has line ends between its tokens only, where they mean nothing: a line of data for each line.
  private static func data(_ json: [UInt8]) -> [UInt8] {
    let name = Array("data: ".utf8)
    let lines = json.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D })
    return Array(lines.map { name + $0 }.joined(separator: [0x0A])) + [0x0A, 0x0A]
  }
}
