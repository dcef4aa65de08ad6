import NIOCore

/// Where files lie for good: a folder, or a bucket. Any thread.
///
/// A file is there whole or not at all, and never changes: a new content has a new key.
public protocol FileStore: Sendable {
  /// Takes a received file over, under a key that is not used yet.
  func keep(_ file: ReceivedFile, as key: FileKey, type: String) async throws(FileError)
  /// A file's size and content; nil when there is none.
  func open(_ key: FileKey) async throws(FileError) -> StoredFile?
  /// Deletes a file; one that is not there is deleted already.
  func delete(_ key: FileKey) async throws(FileError)
  /// Ends what the store has open.
  func shutdown() async
}

/// A file that can be read once, from its beginning, piece by piece; by one caller.
public struct StoredFile: Sendable {
  public let size: Int
  /// The next piece; nil at the end.
  public let next: @Sendable () async throws -> ByteBuffer?

  public init(size: Int, next: @escaping @Sendable () async throws -> ByteBuffer?) {
    self.size = size
    self.next = next
  }
}

/// Why a file could not be stored or read. For the log; it names no secret.
public enum FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A call of the system failed.
  case system(call: String, errno: Int32)
  /// The bucket answered with a status that was not expected, and what it called the error.
  case status(Int, code: String?)
  /// The bucket's answer cannot be used, for what it does.
  case answer(String)
  /// The bucket could not be reached, or did not answer in time.
  case unreachable(String)
  /// The store's settings cannot be used.
  case configuration(String)

  public var description: String {
    switch self {
    case .system(let call, let errno): "\(call) failed with error \(errno)."
    case .status(let status, let code): "The bucket answered \(status)\(code.map { " (\($0))" } ?? "")."
    case .answer(let fault): "The bucket's answer \(fault)."
    case .unreachable(let reason): "The bucket cannot be reached: \(reason)."
    case .configuration(let reason): reason
    }
  }
}
