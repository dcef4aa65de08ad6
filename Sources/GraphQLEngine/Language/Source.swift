/// The UTF-8 text of a document, owned by the `Document` that was parsed from it.
///
/// The bytes are followed by `padding` zero bytes, so that the lexer may read whole words past the end.
public final class Source: @unchecked Sendable {
  // @unchecked: the bytes are written once, in init, and only read afterwards.

  /// Zero bytes behind the text.
  static let padding = 64

  /// The first byte of the text; valid while this object lives.
  public let bytes: UnsafePointer<UInt8>

  /// The number of bytes without the padding; at most `UInt32.max`.
  public let count: Int

  private let storage: UnsafeMutablePointer<UInt8>

  /// Copies the UTF-8 bytes of `text`.
  public init(_ text: String) {
    var text = text
    count = text.utf8.count
    storage = text.withUTF8 { Source.copy($0) }
    bytes = UnsafePointer(storage)
  }

  /// Copies `text`.
  public init(_ text: [UInt8]) {
    count = text.count
    storage = text.withUnsafeBufferPointer { Source.copy($0) }
    bytes = UnsafePointer(storage)
  }

  /// Copies `text`.
  public init(copying text: UnsafeBufferPointer<UInt8>) {
    count = text.count
    storage = Source.copy(text)
    bytes = UnsafePointer(storage)
  }

  deinit { storage.deallocate() }

  private static func copy(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
    let storage = UnsafeMutablePointer<UInt8>.allocate(capacity: text.count + padding)
    if let base = text.baseAddress {
      storage.initialize(from: base, count: text.count)
    }
    (storage + text.count).initialize(repeating: 0, count: padding)
    return storage
  }

  /// The line and column of a byte offset, both counted from 1.
  ///
  /// Lines end at LF, CR or CRLF (§ 2.1.2); columns count UTF-16 units, as graphql-js does.
  public func location(at offset: Int) -> SourceLocation {
    var line = 1
    var lineStart = 0
    var index = 0
    let end = min(offset, count)
    while index < end {
      let byte = bytes[index]
      index += 1
      if byte == 0x0A || (byte == 0x0D && bytes[index] != 0x0A) {
        line += 1
        lineStart = index
      }
    }
    var column = 1
    var position = lineStart
    while position < end {
      let byte = bytes[position]
      if byte & 0xC0 != 0x80 { column += byte >= 0xF0 ? 2 : 1 }
      position += 1
    }
    return SourceLocation(line: line, column: column)
  }
}

/// A line and a column, both counted from 1.
public struct SourceLocation: Hashable, Sendable {
  /// The line, counted from 1.
  public var line: Int
  /// The column in UTF-16 code units, counted from 1.
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}
