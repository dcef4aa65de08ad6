import NIOCore

/// Takes `multipart/form-data` apart as it arrives (RFC 7578, RFC 2046 § 5.1). A value without I/O: bytes in,
/// events out; holds no more than a part's header and the length of a boundary.
public struct FormParser: Sendable {
  public enum Event: Sendable, Equatable {
    /// A part begins. Its name, the name of its file when it has one, and its `Content-Type` when it has one.
    case part(name: String, fileName: String?, type: String? = nil)
    /// The next piece of its content.
    case content(ByteBuffer)
    /// Its content is complete.
    case partEnd
    /// The closing boundary; what follows is ignored.
    case end
  }

  /// What is wrong with the body; the message is for the client.
  public struct Malformed: Error, Equatable, Sendable {
    public let message: String
  }

  static let maximumHeaderBytes = 8 << 10

  private enum State { case preamble, boundaryEnd, header, content, over }

  private let delimiter: [UInt8]
  private var state = State.preamble
  /// A line break stands before the body, as it does before every other boundary.
  private var buffer = ByteBuffer(string: "\r\n")

  /// Nil when it is no such media type or has no boundary of 1 to 70 characters.
  public init?(contentType: String?) {
    guard let contentType else { return nil }
    let parts = contentType.split(separator: ";", maxSplits: 1)
    guard parts.count == 2, parts[0].filter({ $0 != " " }).lowercased() == "multipart/form-data",
      let boundary = FormParser.parameters(parts[1])["boundary"], (1...70).contains(boundary.utf8.count),
      boundary.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F })
    else { return nil }
    delimiter = Array("\r\n--\(boundary)".utf8)
  }

  public mutating func feed(_ bytes: ByteBuffer) throws(Malformed) -> [Event] {
    var bytes = bytes
    buffer.writeBuffer(&bytes)
    buffer.discardReadBytes()
    var events: [Event] = []
    while let event = try next() {
      if case .content(let piece) = event, piece.readableBytes == 0 { continue }
      events.append(event)
    }
    return events
  }

  /// The body is over.
  public func finish() throws(Malformed) {
    guard state == .over else { throw Malformed(message: "The form ends in the middle.") }
  }

  /// The next event; nil when more bytes are needed. Each step takes bytes or changes the state.
  private mutating func next() throws(Malformed) -> Event? {
    while true {
      switch state {
      case .over:
        buffer.clear()
        return nil
      case .preamble:
        guard skip(to: delimiter) else { return nil }
        state = .boundaryEnd
      case .boundaryEnd:
        guard let ending = try boundaryEnding() else { return nil }
        state = ending
        if ending == .over { return .end }
      case .header:
        guard let event = try header() else { return nil }
        state = .content
        return event
      case .content:
        if let piece = takeContent() { return .content(piece) }
        guard find(delimiter) == 0 else { return nil }
        buffer.moveReaderIndex(forwardBy: delimiter.count)
        state = .boundaryEnd
        return .partEnd
      }
    }
  }

  /// What follows a boundary: a line break and a part, or two hyphens and nothing.
  private mutating func boundaryEnding() throws(Malformed) -> State? {
    while buffer.readableBytes > 0, let byte: UInt8 = buffer.getInteger(at: buffer.readerIndex),
      byte == 0x20 || byte == 0x09
    {
      buffer.moveReaderIndex(forwardBy: 1)
    }
    guard let pair = buffer.readBytes(length: 2) else { return nil }
    switch pair {
    case [0x2D, 0x2D]: return .over
    case [0x0D, 0x0A]: return .header
    default: throw Malformed(message: "A boundary of the form is not followed by a line break.")
    }
  }

  private mutating func header() throws(Malformed) -> Event? {
    guard let end = find(Array("\r\n\r\n".utf8)) else {
      if buffer.readableBytes > FormParser.maximumHeaderBytes { throw FormParser.longHeader }
      return nil
    }
    guard end <= FormParser.maximumHeaderBytes else { throw FormParser.longHeader }
    let text = buffer.readString(length: end) ?? ""
    buffer.moveReaderIndex(forwardBy: 4)
    var disposition: [String: String] = [:]
    var type: String?
    for line in text.split(separator: "\r\n") {
      let field = line.split(separator: ":", maxSplits: 1)
      guard field.count == 2 else { continue }
      switch field[0].lowercased() {
      case "content-disposition": disposition = FormParser.parameters(field[1])
      case "content-type": type = field[1].trimmingPrefix(while: \.isWhitespace).lowercased()
      default: continue
      }
    }
    guard let name = disposition["name"] else { throw Malformed(message: "A part of the form has no name.") }
    return .part(name: name, fileName: disposition["filename"], type: type)
  }

  /// What surely is no beginning of a boundary.
  private mutating func takeContent() -> ByteBuffer? {
    let length = find(delimiter) ?? max(0, buffer.readableBytes - delimiter.count + 1)
    guard length > 0 else { return nil }
    return buffer.readSlice(length: length)
  }

  private mutating func skip(to pattern: [UInt8]) -> Bool {
    guard let place = find(pattern) else {
      buffer.moveReaderIndex(forwardBy: max(0, buffer.readableBytes - pattern.count + 1))
      return false
    }
    buffer.moveReaderIndex(forwardBy: place + pattern.count)
    return true
  }

  /// Where the pattern begins, from the reader's index.
  private func find(_ pattern: [UInt8]) -> Int? {
    buffer.withUnsafeReadableBytes { bytes in
      guard bytes.count >= pattern.count, let first = pattern.first else { return nil }
      var start = 0
      while start <= bytes.count - pattern.count {
        guard let candidate = bytes[start...(bytes.count - pattern.count)].firstIndex(of: first) else {
          return nil
        }
        if bytes[candidate..<(candidate + pattern.count)].elementsEqual(pattern) { return candidate }
        start = candidate + 1
      }
      return nil
    }
  }

  /// `name=value` and `name="value"`, separated by semicolons; names in lower case.
  private static func parameters(_ text: Substring) -> [String: String] {
    var parameters: [String: String] = [:]
    var rest = text
    while !rest.isEmpty {
      rest = rest.drop { $0 == ";" || $0 == " " || $0 == "\t" }
      let name = rest.prefix { $0 != "=" && $0 != ";" }
      rest = rest.dropFirst(name.count)
      var value = ""
      if rest.first == "=" {
        rest = rest.dropFirst()
        value = rest.first == "\"" ? quoted(&rest) : String(rest.prefix { $0 != ";" && $0 != " " })
        rest = rest.drop { $0 != ";" }
      }
      let key = name.lowercased().filter { $0 != " " }
      if !key.isEmpty, parameters[key] == nil { parameters[key] = value }
    }
    return parameters
  }

  private static func quoted(_ rest: inout Substring) -> String {
    var value = ""
    rest = rest.dropFirst()
    while let character = rest.popFirst(), character != "\"" {
      if character == "\\", let escaped = rest.first, escaped == "\"" || escaped == "\\" {
        value.append(escaped)
        rest = rest.dropFirst()
      } else {
        value.append(character)
      }
    }
    return value
  }

  private static let longHeader = Malformed(message: "A part of the form has a header that is too long.")
}
