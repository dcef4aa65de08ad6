import Foundation

/// One event of a `text/event-stream`.
struct ServerEvent: Hashable, Sendable {
  var name = "message"
  var data = ""
  var id: String?
}

/// Takes the bytes of an event stream apart (WHATWG HTML § 9.2.6). A value; fed by one reader.
struct EventStreamParser {
  /// Bytes of one event.
  static let maximumEventBytes = 16 << 20

  private var line: [UInt8] = []
  private var event = ServerEvent()
  private var hasData = false
  private var lastWasReturn = false

  /// The events that `bytes` complete.
  ///
  /// - Throws: `GraphQLFailure.unreadable` for an event over the bound.
  mutating func append(_ bytes: Data) throws -> [ServerEvent] {
    var events: [ServerEvent] = []
    for byte in bytes {
      switch byte {
      case 0x0A where lastWasReturn: lastWasReturn = false
      case 0x0A, 0x0D:
        lastWasReturn = byte == 0x0D
        if let event = endLine() { events.append(event) }
      default:
        lastWasReturn = false
        line.append(byte)
        guard line.count + event.data.utf8.count <= Self.maximumEventBytes else {
          throw GraphQLFailure.unreadable("an event is larger than \(Self.maximumEventBytes) bytes")
        }
      }
    }
    return events
  }

  /// The event, when this line is the empty one that ends it; an id alone is one, too: where to come back.
  private mutating func endLine() -> ServerEvent? {
    defer { line.removeAll(keepingCapacity: true) }
    guard !line.isEmpty else {
      defer {
        event = ServerEvent()
        hasData = false
      }
      return hasData || event.name != "message" || event.id != nil ? event : nil
    }
    let text = String(decoding: line, as: UTF8.self)
    guard !text.hasPrefix(":") else { return nil }
    let colon = text.firstIndex(of: ":") ?? text.endIndex
    var value = colon == text.endIndex ? "" : text[text.index(after: colon)...]
    if value.hasPrefix(" ") { value = value.dropFirst() }
    switch text[..<colon] {
    case "event": event.name = String(value)
    case "id": event.id = String(value)
    case "data":
      if hasData { event.data += "\n" }
      event.data += value
      hasData = true
    default: break
    }
    return nil
  }
}
