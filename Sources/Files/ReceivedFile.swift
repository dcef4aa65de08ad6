import Crypto
import Glibc
import NIOCore

/// The folder in which uploads lie while their request is answered.
public struct Reception: Sendable {
  private let folder: String

  /// - Parameter folder: the store's, an absolute path.
  public init(folder: String) throws(FileError) {
    self.folder = folder + "/incoming"
    try DiskStore.makeFolders(self.folder)
    Reception.sweep(self.folder)
  }

  /// Deletes what a process that died has left there, when it is an hour old: other processes may share the
  /// folder.
  public func sweep() async {
    _ = try? await DiskFile.blocking { [folder] in Reception.sweep(folder) }
  }

  /// A place for a new file.
  public func receive() async throws(FileError) -> IncomingFile {
    var generator = SystemRandomNumberGenerator()
    let name = String(generator.next(), radix: 36) + String(generator.next(), radix: 36)
    return IncomingFile(path: "\(folder)/\(name)", file: try await DiskFile.create("\(folder)/\(name)"))
  }

  private static func sweep(_ folder: String) {
    guard let handle = opendir(folder) else { return }
    defer { closedir(handle) }
    let limit = time(nil) - 3600
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      var status = stat()
      guard stat("\(folder)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
      if status.st_mtim.tv_sec < limit { unlink("\(folder)/\(name)") }
    }
  }
}

/// A file that is being received, piece by piece; one caller.
public struct IncomingFile {
  /// Bytes at the beginning that are remembered, to tell what it is.
  public static let headBytes = 32

  private let path: String
  private let file: DiskFile
  private let trash: Trash
  private var size = 0
  private var head: [UInt8] = []
  private var hash = SHA256()

  init(path: String, file: DiskFile) {
    self.path = path
    self.file = file
    trash = Trash(path)
  }

  public mutating func write(_ piece: ByteBuffer) async throws(FileError) {
    size += piece.readableBytes
    if head.count < IncomingFile.headBytes {
      head += piece.readableBytesView.prefix(IncomingFile.headBytes - head.count)
    }
    piece.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
    try await file.write(piece)
  }

  /// The file, complete and on the disk.
  public func finish() async throws(FileError) -> ReceivedFile {
    try await file.synchronize()
    return ReceivedFile(
      path: path, size: size, head: head, sha256: hash.finalize().map { $0 }, trash: trash)
  }
}

/// A file that came with a request. It is deleted with the last copy of this value, unless a store has taken
/// it.
public struct ReceivedFile: Sendable {
  let path: String
  public let size: Int
  /// Its beginning, at most 32 bytes.
  public let head: [UInt8]
  /// Of the content.
  public let sha256: [UInt8]
  private let trash: Trash

  fileprivate init(path: String, size: Int, head: [UInt8], sha256: [UInt8], trash: Trash) {
    self.path = path
    self.size = size
    self.head = head
    self.sha256 = sha256
    self.trash = trash
  }

  /// All of it, in memory: for what is small, or bounded by whoever asks.
  public func content() async throws(FileError) -> [UInt8] {
    guard let (file, _) = try await DiskFile.open(path) else { throw .system(call: "open", errno: ENOENT) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    while let piece = try await file.read() { bytes += piece.readableBytesView }
    return bytes
  }
}

/// Deletes a file at the end of its own life.
private final class Trash: Sendable {
  private let path: String

  init(_ path: String) { self.path = path }

  deinit { unlink(path) }
}
