import GraphQLEngine
import Glibc

/// A file's text under the name that diagnostics give it. Read once, shared freely.
public struct TextFile: Sendable {
  /// The path as the caller wrote it, or what stands for it, such as `<stdin>`.
  public let name: String
  public let source: Source
  public let lines: LineIndex

  public init(name: String, source: Source) {
    self.name = name
    self.source = source
    lines = LineIndex(source)
  }

  public init(name: String, text: String) { self.init(name: name, source: Source(text)) }

  /// The text as a string.
  public var text: String {
    String(decoding: UnsafeBufferPointer(start: source.bytes, count: source.count), as: UTF8.self)
  }

  /// Reads a file, or standard input for `-`; at most `limit` bytes.
  public static func read(_ path: String, limit: Int) throws(LintFailure) -> TextFile {
    if path == "-" {
      return TextFile(name: "<stdin>", source: Source(try bytes(of: 0, named: "<stdin>", limit: limit)))
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw LintFailure("\(path): \(systemError())") }
    defer { close(descriptor) }
    return TextFile(name: path, source: Source(try bytes(of: descriptor, named: path, limit: limit)))
  }

  private static func bytes(
    of descriptor: Int32, named name: String, limit: Int
  ) throws(LintFailure) -> [UInt8] {
    var text: [UInt8] = []
    while true {
      var fault: Int32 = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: 65_536) { target, count in
        var result = Glibc.read(descriptor, target.baseAddress, target.count)
        while result < 0, errno == EINTR { result = Glibc.read(descriptor, target.baseAddress, target.count) }
        if result < 0 { fault = errno }
        count = max(0, result)
      }
      if fault != 0 { throw LintFailure("\(name): \(systemError(fault))") }
      if chunk.isEmpty { return withoutByteOrderMark(text) }
      text += chunk
      if text.count > limit { throw LintFailure("\(name): larger than \(limit) bytes") }
    }
  }

  /// A mark at the start is not part of the text (§ 2.1.6): no editor counts it as a column.
  private static func withoutByteOrderMark(_ text: [UInt8]) -> [UInt8] {
    text.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(text.dropFirst(3)) : text
  }

  /// The bytes of a part of the text.
  func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: source.bytes + range.lowerBound, count: range.count)
  }
}

/// Why there was nothing to check: a file that cannot be read, a pattern that matches nothing, an unknown
/// rule. Commands end with 2 then.
public struct LintFailure: Error, Hashable, Sendable {
  public let message: String

  public init(_ message: String) { self.message = message }
}

/// What the system says about the last failed call.
func systemError(_ number: Int32 = errno) -> String { String(cString: strerror(number)) }

/// Bounds of what is read; a file or pattern beyond them is refused with a message that names the bound.
public struct LintLimits: Sendable {
  /// Bytes of one file of operations.
  public var documentBytes = 4 << 20
  /// Bytes of one file of a schema.
  public var schemaBytes = 64 << 20
  /// Bytes of all files of a command.
  public var totalBytes = 256 << 20
  /// Files of a command.
  public var files = 10_000
  /// Folders and files that patterns look at.
  public var visitedEntries = 500_000

  public init() {}
}
