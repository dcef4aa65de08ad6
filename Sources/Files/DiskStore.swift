import Glibc
import NIOCore

/// Files in a folder of this machine. A file is written beside, made durable and then linked, so it is there
/// whole or not at all, also after a loss of power.
public struct DiskStore: FileStore {
  private let root: String

  /// - Parameter folder: an absolute path; made when it is not there.
  public init(folder: String) throws(FileError) {
    root = folder + "/kept"
    try DiskStore.makeFolders(root)
  }

  public func keep(_ file: ReceivedFile, as key: FileKey, type: String) async throws(FileError) {
    let path = path(key)
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
    let source = file.path
    try await DiskFile.blocking { () throws(FileError) in
      try DiskStore.makeFolders(folder)
      // The received file was synchronized when it was complete; it lies on the same file system. It stays
      // where it is until its request is over, which may name it at another place too; where the file system
      // has no links it can be kept once.
      if link(source, path) != 0 { try DiskFile.check("rename", rename(source, path)) }
      try DiskStore.synchronize(folder: folder)
    }
  }

  public func open(_ key: FileKey) async throws(FileError) -> StoredFile? {
    guard let (file, size) = try await DiskFile.open(path(key)) else { return nil }
    return StoredFile(size: size) { try await file.read() }
  }

  public func delete(_ key: FileKey) async throws(FileError) {
    let path = path(key)
    try await DiskFile.blocking { () throws(FileError) in
      if unlink(path) != 0, errno != ENOENT { throw FileError.system(call: "unlink", errno: errno) }
    }
  }

  public func shutdown() async {}

  private func path(_ key: FileKey) -> String { root + "/" + key.text }

  /// The folder and those above it, where they are missing.
  static func makeFolders(_ path: String) throws(FileError) {
    var made = ""
    for part in path.split(separator: "/") {
      made += "/" + part
      if mkdir(made, 0o700) != 0, errno != EEXIST, access(made, F_OK) != 0 {
        throw .system(call: "mkdir", errno: errno)
      }
    }
  }

  /// A name is durable when its folder is (fsync(2), NOTES).
  private static func synchronize(folder: String) throws(FileError) {
    let descriptor = try DiskFile.check("open", Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    defer { close(descriptor) }
    try DiskFile.check("fsync", fsync(descriptor))
  }
}
