import Glibc
import NIOCore
import NIOPosix

/// An open file of the system. Calls block, so they are made on the thread pool; one caller at a time.
///
/// `@unchecked`: its owner awaits each call before it makes the next one.
final class DiskFile: @unchecked Sendable {
  static let pieceBytes = 64 << 10
  /// Disk calls must block neither an event loop nor Swift's pool.
  static let threads = NIOThreadPool.singleton

  private let descriptor: CInt

  private init(_ descriptor: CInt) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Creates a file that is not there yet, readable by this user alone.
  static func create(_ path: String) async throws(FileError) -> DiskFile {
    try await blocking { () throws(FileError) in
      DiskFile(try check("open", Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)))
    }
  }

  /// Nil when there is no such file.
  static func open(_ path: String) async throws(FileError) -> (file: DiskFile, size: Int)? {
    try await blocking { () throws(FileError) in
      let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
      if descriptor < 0, errno == ENOENT { return nil }
      let file = DiskFile(try check("open", descriptor))
      var status = stat()
      try check("fstat", fstat(file.descriptor, &status))
      return (file, Int(status.st_size))
    }
  }

  func write(_ buffer: ByteBuffer) async throws(FileError) {
    try await DiskFile.blocking { [self] () throws(FileError) in
      var rest = buffer.readableBytesView
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        if count < 0 { throw FileError.system(call: "write", errno: errno) }
        rest = rest.dropFirst(count)
      }
    }
  }

  /// The next piece; nil at the end.
  func read() async throws(FileError) -> ByteBuffer? {
    try await DiskFile.blocking { [self] () throws(FileError) in
      var buffer = ByteBufferAllocator().buffer(capacity: DiskFile.pieceBytes)
      while true {
        var count = 0
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: DiskFile.pieceBytes) { space in
          count = Glibc.read(descriptor, space.baseAddress, DiskFile.pieceBytes)
          return max(0, count)
        }
        if count >= 0 { return count == 0 ? nil : buffer }
        if errno != EINTR { throw FileError.system(call: "read", errno: errno) }
      }
    }
  }

  /// On the disk for good (fsync(2)).
  func synchronize() async throws(FileError) {
    try await DiskFile.blocking { [self] () throws(FileError) in
      try DiskFile.check("fsync", fsync(descriptor))
    }
  }

  @discardableResult
  static func check(_ call: String, _ result: CInt) throws(FileError) -> CInt {
    guard result >= 0 else { throw .system(call: call, errno: errno) }
    return result
  }

  /// Runs a blocking body on the thread pool.
  @discardableResult
  static func blocking<Value: Sendable>(
    _ body: @escaping @Sendable () throws(FileError) -> Value
  ) async throws(FileError) -> Value {
    do {
      return try await threads.runIfActive { try body() }
    } catch let error as FileError {
      throw error
    } catch {
      throw .system(call: "thread pool", errno: ECANCELED)
    }
  }
}
